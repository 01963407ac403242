//! Tests small machines with one frame, slot or table too few: cases that other systems' bug reports, course
//! labs and textbooks showed to be easy to get wrong. Each ends with the right value under every
//! runtime, policy and kind of eviction.

use faultline::scenario::{FailureCode, Report};
use serde_json::{Value, json};

use crate::support::reference_policies::POLICIES;
use crate::support::{hold, holds, runtimes, scenario};

fn write(process: &str, page: u32, value: u64) -> Value {
    json!({"op": "write", "process": process, "page": page, "value": value})
}

fn read(process: &str, page: u32, value: u64) -> Value {
    json!({"op": "read", "process": process, "page": page, "expect": value})
}

fn fork(process: &str, child: &str) -> Value {
    json!({"op": "fork", "process": process, "as": child})
}

fn spawn(name: &str, pages: u32) -> Value {
    json!({"op": "spawn", "as": name, "pages": pages})
}

fn evict(process: &str, page: u32) -> Value {
    json!({"op": "evict", "process": process, "page": page})
}

fn fails(mut op: Value, code: FailureCode) -> Value {
    op["fails"] = code.name().into();
    op
}

/// Runs a script on a machine under every runtime, both kinds of eviction and every policy.
fn holds_everywhere(machine: &Value, script: &[Value]) -> Vec<Report> {
    let mut reports = Vec::new();
    for runtime in runtimes() {
        for (index, policy) in POLICIES.iter().enumerate() {
            for eviction in ["pipelined", "synchronous"] {
                // Every policy on one seed, and on the others in turn.
                if runtime["seed"] != 0
                    && index % 7 != runtime["seed"].as_u64().unwrap_or(6) as usize
                {
                    continue;
                }
                let mut machine = machine.clone();
                machine["policy"] = (*policy).into();
                machine["eviction"] = eviction.into();
                let script = Value::Array(script.to_vec());
                reports.push(hold(&scenario(machine, runtime.clone(), script)));
            }
        }
    }
    reports
}

/// The smallest machine with two children: one frame is left for pages.
fn two_forks() -> Vec<Value> {
    vec![spawn("init", 1), write("init", 0, 1), fork("init", "a"), fork("init", "b")]
}

/// A write to a shared page, with one frame to be had, read the page in, looked for a second frame and
/// evicted the page it had just read, for ever.
#[test]
fn p19_a_copy_with_one_frame_for_pages_ends() {
    let mut script = two_forks();
    script.push(write("b", 0, 2));
    script.extend([read("b", 0, 2), read("init", 0, 1), read("a", 0, 1)]);
    holds_everywhere(&json!({"frames": 8}), &script);
}

#[test]
fn p19_a_copy_with_one_frame_and_no_swap_is_out_of_memory() {
    let mut script = two_forks();
    script.push(fails(write("b", 0, 2), FailureCode::OutOfMemory));
    script.extend([read("init", 0, 1), read("b", 0, 1), json!({"op": "audit"})]);
    holds_everywhere(&json!({"frames": 8, "slots": 0}), &script);
}

#[test]
fn p19_a_store_to_a_shared_page_on_swap_needs_one_frame() {
    let script = [
        spawn("ballast", 1),
        spawn("p", 2),
        write("p", 0, 1),
        fork("p", "c"),
        evict("p", 0),
        json!({"op": "expect", "process": "c", "page": 0, "pte": "swapped"}),
        write("c", 0, 2),
        read("c", 0, 2),
        read("p", 0, 1),
        json!({"op": "audit"}),
    ];
    holds_everywhere(&json!({"frames": 8, "slots": 8, "cpus": 1, "zeroer": false}), &script);
}

/// Another program has filled memory and swap; one frame is free.
#[test]
fn p19_a_store_to_a_shared_page_on_swap_ends_when_memory_and_swap_are_full() {
    let mut script =
        vec![spawn("p", 1), write("p", 0, 7), fork("p", "c"), evict("p", 0), spawn("hog", 128)];
    script.extend((0..64).map(|page| write("hog", page, page.into())));
    script.push(json!({"op": "unmap", "process": "hog", "page": 63, "pages": 1}));
    script.push(write("c", 0, 8));
    script.extend([read("c", 0, 8), json!({"op": "audit"})]);
    holds_everywhere(&json!({"frames": 64, "slots": 8, "cpus": 1, "zeroer": false}), &script);
}

/// The disk is read once for all: what was read stays on standby for the sharers that come later.
#[test]
fn p12_eight_sharers_that_write_a_page_on_swap_read_it_once() {
    let mut script = vec![spawn("p", 1), write("p", 0, 7)];
    let children: Vec<_> = (0..7).map(|child| format!("c{child}")).collect();
    script.extend(children.iter().map(|child| fork("p", child)));
    script.push(evict("p", 0));
    script.extend((0..).zip(&children).map(|(value, child)| write(child, 0, value)));
    script.push(write("p", 0, 99));
    script.extend((0..).zip(&children).map(|(value, child)| read(child, 0, value)));
    script.extend([read("p", 0, 99), json!({"op": "audit"})]);
    for report in holds_everywhere(&json!({"frames": 64, "slots": 8, "cpus": 1}), &script) {
        assert_eq!((report.counters.swap_reads, report.counters.copies), (1, 7));
    }
}

/// The frame that keeps a page for sharers on swap is free again once none of them is left.
#[test]
fn p3_what_was_read_for_others_goes_with_the_last_of_them() {
    for end in [
        json!({"op": "kill", "process": "q"}),
        json!({"op": "unmap", "process": "q", "page": 0, "pages": 1}),
    ] {
        let script = [
            spawn("p", 1),
            write("p", 0, 7),
            fork("p", "q"),
            evict("p", 0),
            write("p", 0, 8),
            json!({"op": "expect", "process": "q", "page": 0, "pte": "swapped"}),
            end,
            json!({"op": "settle"}),
            spawn("r", 2),
            write("r", 0, 1),
            evict("r", 0),
            read("p", 0, 8),
            json!({"op": "audit"}),
        ];
        // One slot: it has to be free again.
        holds_everywhere(&json!({"frames": 24, "slots": 1, "cpus": 1}), &script);
    }
}

/// Frames for six pages are left when a process of eight pages has its tables.
#[test]
fn p19_a_map_that_fails_gives_its_frames_back() {
    let machine = json!({"frames": 11, "slots": 0, "cpus": 1, "zeroer": false});
    let mut script = vec![spawn("p", 8)];
    script.extend((0..3).map(|page| write("p", page, page.into())));
    let map = json!({"op": "map", "process": "p", "pages": 4096});
    script.push(fails(map, FailureCode::OutOfMemory));
    script.extend((3..8).map(|page| write("p", page, page.into())));
    script.extend((0..8).map(|page| read("p", page, page.into())));
    script.push(fails(read("p", 8, 0), FailureCode::OutOfRange));
    script.push(json!({"op": "audit"}));
    holds_everywhere(&machine, &script);
}

#[test]
fn p19_tables_without_a_page_come_back() {
    let mut script = vec![spawn("p", 1)];
    for _ in 0..6 {
        script.push(json!({"op": "map", "process": "p", "pages": 512}));
        script.push(write("p", 512, 9));
        script.push(json!({"op": "unmap", "process": "p", "page": 1, "pages": 512}));
    }
    holds_everywhere(&json!({"frames": 8, "slots": 8, "cpus": 1}), &script);
}

/// More pages in a lifetime than a process can have at one time.
#[test]
fn r5_page_numbers_are_used_again() {
    let mut script = vec![spawn("p", 1)];
    for _ in 0..4 {
        script.push(json!({"op": "map", "process": "p", "pages": 100_000}));
        script.push(write("p", 100_000, 3));
        script.push(json!({"op": "unmap", "process": "p", "page": 1, "pages": 100_000}));
        script.push(fails(read("p", 1, 0), FailureCode::OutOfRange));
    }
    script.push(json!({"op": "audit"}));
    let machine = json!({"frames": 1024, "slots": 64, "cpus": 1});
    holds(&machine, &Value::Array(script));
}

#[test]
fn r5_map_takes_the_lowest_gap_that_is_large_enough_or_what_it_is_told() {
    let map = |pages: u32| json!({"op": "map", "process": "p", "pages": pages});
    let map_at =
        |pages: u32, at: u32| json!({"op": "map", "process": "p", "pages": pages, "at": at});
    let unmap = |page: u32, pages: u32| json!({"op": "unmap", "process": "p", "page": page, "pages": pages});
    let script = json!([
        spawn("p", 10),
        unmap(2, 2),
        unmap(6, 3),
        map(3),
        read("p", 8, 0),
        fails(read("p", 2, 0), FailureCode::OutOfRange),
        map(1),
        read("p", 2, 0),
        map(2),
        read("p", 11, 0),
        fails(read("p", 3, 0), FailureCode::OutOfRange),
        map_at(1, 3),
        write("p", 3, 5),
        fails(map_at(2, 3), FailureCode::OutOfRange),
        map_at(5, 2000),
        write("p", 2004, 6),
        fails(read("p", 1999, 0), FailureCode::OutOfRange),
        fails(map_at(1, 2002), FailureCode::OutOfRange),
        fails(map_at(2, 262_143), FailureCode::OutOfRange),
        map_at(1, 262_143),
        read("p", 262_143, 0),
        fork("p", "q"),
        read("q", 2004, 6),
        fails(read("q", 1999, 0), FailureCode::OutOfRange),
        {"op": "audit"},
        unmap(262_143, 1),
        fails(map(262_144), FailureCode::OutOfRange),
        {"op": "kill", "process": "q"},
        {"op": "audit"},
    ]);
    for locks in [json!("machine"), json!("table"), json!("entry"), json!({"region": 8})] {
        holds(&json!({"frames": 40, "cpus": 2, "pte_locks": locks}), &script);
    }
}

/// Tables come and go while other CPUs fault in them and the trimmer walks them.
#[test]
fn p19_tables_come_and_go_under_other_cpus() {
    let churn: Vec<_> = (0..40)
        .flat_map(|_| {
            [
                json!({"op": "map", "process": "p", "pages": 512, "at": 512}),
                write("p", 700, 1),
                write("p", 1023, 2),
                json!({"op": "unmap", "process": "p", "page": 512, "pages": 512}),
            ]
        })
        .collect();
    let run = |seed: u32| {
        json!({"op": "run", "process": "p", "pattern": "uniform", "pages": [0, 60],
            "accesses": 4000, "writes": 0.5, "seed": seed})
    };
    let script = json!([
        spawn("p", 64),
        fork("p", "q"),
        {"op": "together", "scripts": [churn, [run(1)], [run(2)]]},
        {"op": "audit"},
    ]);
    for locks in [json!("machine"), json!("table"), json!("entry"), json!({"region": 8})] {
        holds(&json!({"frames": 40, "cpus": 3, "pte_locks": locks}), &script);
    }
}

#[test]
fn r5_an_eviction_without_a_slot_changes_nothing() {
    let script = [
        spawn("p", 4),
        write("p", 0, 1),
        json!({"op": "expect", "process": "p", "page": 0, "pte": "valid"}),
        fails(evict("p", 0), FailureCode::OutOfSwap),
        fails(evict("p", 0), FailureCode::OutOfSwap),
        json!({"op": "expect", "process": "p", "page": 0, "pte": "valid"}),
        read("p", 0, 1),
        json!({"op": "expect", "counter": "faults", "equals": 1}),
        json!({"op": "audit"}),
    ];
    holds_everywhere(&json!({"frames": 16, "slots": 0, "cpus": 1, "zeroer": false}), &script);
}

#[test]
fn p1_a_page_of_a_sleeping_process_can_be_evicted() {
    let script = [
        spawn("p", 8),
        write("p", 1, 1),
        json!({"op": "sleep", "process": "p"}),
        evict("p", 1),
        json!({"op": "expect", "process": "p", "page": 1, "pte": "swapped"}),
        fails(evict("p", 8), FailureCode::OutOfRange),
        json!({"op": "wake", "process": "p"}),
        read("p", 1, 1),
        json!({"op": "kill", "process": "p"}),
        fails(evict("p", 1), FailureCode::NotRunning),
        json!({"op": "audit"}),
    ];
    holds_everywhere(&json!({"frames": 16, "slots": 16, "cpus": 1}), &script);
}

/// With manual dispatch too, where a sleeper holds no CPU.
#[test]
fn p1_a_sleeper_without_a_cpu_can_be_evicted() {
    let script = json!([
        spawn("p", 4),
        write("p", 1, 1),
        fork("p", "q"),
        evict("q", 1),
        {"op": "expect", "process": "p", "page": 1, "pte": "swapped"},
        read("p", 1, 1),
    ]);
    holds(&json!({"frames": 16, "cpus": 1, "dispatch": "manual"}), &script);
}
