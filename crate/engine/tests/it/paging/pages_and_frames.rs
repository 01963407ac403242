//! Tests pages and frames (P14 to P19), and the points where the two documents of requirements meet ("Reconciled" 1
//! to 5).

use faultline::memory::{FrameState, Pfn, PteFormat};
use faultline::observe::{Counter, EventKind};
use serde_json::{Value, json};

use crate::support::rig::Rig;
use crate::support::{hold, scenario, threads, virtual_cpus};

fn runtimes() -> Vec<Value> {
    let mut runtimes: Vec<_> = (0..6).map(virtual_cpus).collect();
    runtimes.push(threads());
    runtimes
}

fn write(process: &str, page: u32, value: u64) -> Value {
    json!({"op": "write", "process": process, "page": page, "value": value})
}

fn read(process: &str, page: u32, expect: u64) -> Value {
    json!({"op": "read", "process": process, "page": page, "expect": expect})
}

fn evict(process: &str, page: u32) -> Value {
    json!({"op": "evict", "process": process, "page": page})
}

/// Counts the frames in use, and those that never can be evicted.
fn in_use(rig: &Rig) -> u32 {
    let pfns = &rig.machine().pfns;
    let used = |frame: &u32| {
        !matches!(pfns.peek(Pfn(*frame)).state(), FrameState::Free | FrameState::Zeroed)
    };
    (0..pfns.count()).filter(used).count() as u32
}

#[test]
fn p14_a_page_never_written_is_the_zero_page() {
    for runtime in runtimes() {
        let mut rig =
            Rig::after(json!({}), runtime, &json!([{"op": "spawn", "as": "a", "pages": 600}]));
        let used = in_use(&rig);
        for page in [0, 5, 511, 512, 599] {
            rig.apply(read("a", page, 0));
            rig.apply(evict("a", page));
            rig.apply(json!({"op": "expect", "process": "a", "page": page, "pte": "zero",
                "shared": 0}));
        }
        assert_eq!(in_use(&rig), used);
        assert_eq!(rig.counter(Counter::Faults), 0);
        rig.close();
    }
}

#[test]
fn p14_the_zero_page_is_never_modified_listed_or_evicted() {
    for seed in 0..6 {
        let script = json!([
            {"op": "spawn", "as": "a", "pages": 60},
            {"op": "run", "process": "a", "cpus": 2, "pattern": "uniform", "accesses": 600,
             "writes": 0.5},
            {"op": "fork", "process": "a", "as": "b"},
            {"op": "run", "process": "b", "pattern": "uniform", "accesses": 300, "writes": 0.5},
            {"op": "kill", "process": "a"}, {"op": "settle"}
        ]);
        let rig = Rig::after(json!({"frames": 20}), virtual_cpus(seed), &script);
        let machine = rig.machine();
        let zero = machine.zero_page;
        assert!(machine.frames.snapshot(zero.0).all(|word| word == 0));
        assert_eq!(machine.pfns.peek(zero).state(), FrameState::Protected);
        for list in machine.lists.all() {
            assert!(!machine.lists.validate(list).unwrap().contains(&zero));
        }
        let touched = |kind, number| kind == EventKind::Pfn && number == zero.0;
        assert!(!rig.events().iter().any(|(_, event)| touched(event.kind, event.number)));
        rig.close();
    }
}

#[test]
fn p15_the_first_write_takes_exactly_one_frame() {
    for eviction in ["pipelined", "synchronous"] {
        for runtime in runtimes() {
            let options = json!({"frames": 64, "eviction": eviction});
            let mut rig =
                Rig::after(options, runtime, &json!([{"op": "spawn", "as": "a", "pages": 40}]));
            for page in 0..40 {
                let before = in_use(&rig);
                rig.apply(write("a", page, 1));
                assert_eq!(in_use(&rig), before + 1);
                rig.apply(write("a", page, 2));
                assert_eq!(in_use(&rig), before + 1);
            }
            assert_eq!(rig.counter(Counter::DemandZero), 40);
            assert_eq!(rig.counter(Counter::Faults), 40);
            rig.close();
        }
    }
}

#[test]
fn p16_frames_in_use_never_exceed_the_ram() {
    for seed in 0..6 {
        let script = json!([
            {"op": "spawn", "as": "a", "pages": 100},
            {"op": "run", "process": "a", "cpus": 4, "pattern": "uniform", "accesses": 900,
             "writes": 0.7},
            {"op": "fork", "process": "a", "as": "b"},
            {"op": "run", "process": "b", "cpus": 4, "pattern": "uniform", "accesses": 900,
             "writes": 0.7}
        ]);
        let options = json!({"frames": 16, "cpus": 4});
        let rig = Rig::after(options, virtual_cpus(seed), &script);
        assert_eq!(rig.machine().frames.count(), 16);
        for (_, event) in rig.events() {
            match event.kind {
                EventKind::Pfn => assert!(event.number < 16),
                EventKind::Pte => {
                    let pte = faultline::memory::Pte(event.b);
                    let mapped = matches!(pte.format(), PteFormat::Valid | PteFormat::Transition);
                    assert!(!mapped || pte.frame().0 < 16);
                }
                _ => {}
            }
        }
        rig.close();
    }
}

/// One process's pages leave memory for another's.
#[test]
fn p17_evicted_frames_serve_whoever_runs() {
    for eviction in ["pipelined", "synchronous"] {
        let run = |process: &str, writes: f64| {
            json!({"op": "run", "process": process, "pattern": "sequential", "accesses": 60,
                "writes": writes, "seed": 1})
        };
        let script = json!([
            {"op": "spawn", "as": "a", "pages": 30}, {"op": "spawn", "as": "b", "pages": 30},
            write("a", 3, 9), run("a", 1.0), {"op": "sleep", "process": "a"},
            run("b", 1.0), run("b", 0.0), {"op": "kill", "process": "b"},
            {"op": "wake", "process": "a"}, run("a", 0.0), read("a", 3, 9)
        ]);
        for runtime in runtimes() {
            let options = json!({"frames": 16, "eviction": eviction});
            let report = hold(&scenario(options, runtime, script.clone()));
            assert!(report.counters.evictions > 30, "{:?}", report.counters);
        }
    }
}

#[test]
fn p18_a_dirty_victim_is_written_and_a_clean_one_dropped() {
    for runtime in runtimes() {
        let mut rig =
            Rig::after(json!({}), runtime, &json!([{"op": "spawn", "as": "a", "pages": 4}]));
        // Evictions, writes and drops so far.
        let mut expect = |op: Value, evictions: u64, writes: u64, drops: u64| {
            rig.apply(op.clone());
            let counters = [Counter::Evictions, Counter::SwapWrites, Counter::CleanDrops]
                .map(|counter| rig.counter(counter));
            assert_eq!(counters, [evictions, writes, drops], "{op}");
        };
        expect(write("a", 1, 5), 0, 0, 0);
        expect(evict("a", 1), 1, 1, 0);
        expect(read("a", 1, 5), 1, 1, 0);
        expect(evict("a", 1), 2, 1, 1);
        expect(read("a", 1, 5), 2, 1, 1);
        expect(evict("a", 1), 3, 1, 2);
        expect(read("a", 1, 5), 3, 1, 2);
        expect(write("a", 1, 6), 3, 1, 2);
        expect(evict("a", 1), 4, 2, 2);
        expect(read("a", 1, 6), 4, 2, 2);
        rig.close();
    }
}

/// What was only read needs no slot: 60 pages go through a few frames without one, in a family too.
#[test]
fn p18_pages_that_were_only_read_are_dropped_without_a_write() {
    for eviction in ["pipelined", "synchronous"] {
        for runtime in runtimes() {
            let run = |process: &str, cpus: u32| {
                json!({"op": "run", "process": process, "cpus": cpus, "pattern": "uniform",
                    "accesses": 300})
            };
            let script = json!([
                {"op": "spawn", "as": "a", "pages": 60}, run("a", 1),
                {"op": "fork", "process": "a", "as": "b"},
                {"op": "together", "scripts": [[run("a", 1)], [run("b", 1)]]},
                {"op": "expect", "counter": "swap_writes", "equals": 0},
                {"op": "expect", "counter": "hard", "equals": 0}
            ]);
            let options =
                json!({"frames": 16, "slots": 0, "eviction": eviction, "reads": "allocate"});
            let counters = hold(&scenario(options, runtime, script)).counters;
            assert!(counters.clean_drops > 60, "{counters:?}");
            assert_eq!(counters.clean_drops, counters.evictions, "{counters:?}");
        }
    }
}

/// A store finds the page wherever its eviction is, and then it is written.
#[test]
fn p18_a_page_that_was_read_and_then_stored_to_is_written() {
    for runtime in runtimes() {
        let mut rig = Rig::after(
            json!({"reads": "allocate"}),
            runtime,
            &json!([{"op": "spawn", "as": "a", "pages": 4}, read("a", 1, 0),
                {"op": "fork", "process": "a", "as": "b"}]),
        );
        rig.all(&json!([write("b", 1, 7), evict("b", 1), evict("a", 1),
            {"op": "expect", "process": "a", "page": 1, "pte": "zero"},
            {"op": "expect", "process": "b", "page": 1, "pte": "swapped"},
            {"op": "expect", "counter": "swap_writes", "equals": 1}, {"op": "audit"},
            write("a", 1, 8), evict("a", 1), read("a", 1, 8), read("b", 1, 7)]));
        rig.close();
    }
}

#[test]
fn p19_when_nothing_can_be_evicted_the_write_fails_and_the_machine_goes_on() {
    for eviction in ["pipelined", "synchronous"] {
        for runtime in runtimes() {
            let options = json!({"frames": 8, "slots": 0, "eviction": eviction});
            // Zero page, two directories and two tables leave three frames.
            let mut rig = Rig::after(
                options,
                runtime,
                &json!([
                    {"op": "spawn", "as": "a", "pages": 8}, {"op": "spawn", "as": "b", "pages": 8},
                    write("a", 0, 1), write("b", 0, 2), write("b", 1, 3)
                ]),
            );
            for (page, process) in [(1, "a"), (2, "b"), (7, "a")] {
                let mut op = write(process, page, 9);
                op["fails"] = "out-of-memory".into();
                rig.apply(op);
                rig.apply(read(process, page, 0));
                assert_eq!(rig.pte(process, page).format(), PteFormat::Zero);
            }
            for (op, name) in [("fork", "c"), ("spawn", "d")] {
                let mut op = json!({"op": op, "as": name, "fails": "out-of-memory"});
                match name {
                    "c" => op["process"] = "a".into(),
                    _ => op["pages"] = 1.into(),
                }
                rig.apply(op);
            }
            rig.all(&json!([
                {"op": "audit"}, read("a", 0, 1), read("b", 0, 2), read("b", 1, 3),
                {"op": "kill", "process": "b"},
                write("a", 1, 4), write("a", 2, 5), read("a", 0, 1), {"op": "audit"}
            ]));
            rig.close();
        }
    }
}

#[test]
fn p19_when_swap_is_full_the_op_fails_and_the_machine_goes_on() {
    for eviction in ["pipelined", "synchronous"] {
        for runtime in runtimes() {
            let options = json!({"frames": 8, "slots": 2, "eviction": eviction});
            let mut rig =
                Rig::after(options, runtime, &json!([{"op": "spawn", "as": "a", "pages": 12}]));
            // Three frames and two slots hold five pages.
            rig.apply(json!({"op": "spawn", "as": "b", "pages": 12}));
            rig.apply(write("b", 0, 10));
            for page in 0..4 {
                rig.apply(write("a", page, 20 + u64::from(page)));
            }
            for process in ["a", "b"] {
                let mut op = write(process, 7, 1);
                op["fails"] = "out-of-swap".into();
                rig.apply(op);
                rig.all(&json!([read(process, 7, 0), {"op": "audit"}]));
            }
            // A page on swap needs a frame, and each frame's page a slot: it has to wait for room.
            let swapped = (0..4).find(|page| rig.pte("a", *page).format() == PteFormat::Swapped);
            let mut op = json!({"op": "read", "process": "a", "page": swapped.unwrap()});
            op["fails"] = "out-of-swap".into();
            rig.apply(op);
            rig.apply(json!({"op": "kill", "process": "b"}));
            for page in 0..4 {
                rig.apply(read("a", page, 20 + u64::from(page)));
            }
            rig.all(&json!([write("a", 7, 1), read("a", 7, 1), {"op": "audit"}]));
            rig.close();
        }
    }
}

#[test]
fn p19_tables_and_the_zero_page_are_never_evicted() {
    for seed in 0..6 {
        let script = json!([
            {"op": "spawn", "as": "a", "pages": 1100},
            {"op": "run", "process": "a", "cpus": 2, "pattern": "uniform", "accesses": 500,
             "writes": 0.6}
        ]);
        let rig = Rig::after(
            json!({"frames": 16, "slots": 800, "policy": "random"}),
            virtual_cpus(seed),
            &script,
        );
        let machine = rig.machine();
        let process = machine.processes.get(rig.process("a"));
        let tables = (0..3).map(|index| machine.table(process, index).unwrap());
        for frame in tables.chain([process.directory(), machine.zero_page]) {
            assert_eq!(machine.pfns.peek(frame).state(), FrameState::Protected);
        }
        assert_eq!(machine.protected_frames(), 5);
        rig.close();
    }
}

#[test]
fn reconciled_1_what_the_first_read_of_a_page_does() {
    for (reads, faults, pte) in
        [("hardware", 0, "zero"), ("peek", 0, "zero"), ("allocate", 1, "valid")]
    {
        for runtime in runtimes() {
            let script = json!([
                {"op": "spawn", "as": "a", "pages": 4}, read("a", 1, 0), read("a", 1, 0),
                {"op": "expect", "process": "a", "page": 1, "pte": pte},
                {"op": "expect", "counter": "faults", "equals": faults},
                write("a", 1, 5), evict("a", 1), read("a", 1, 5),
                {"op": "expect", "process": "a", "page": 1,
                 "pte": if reads == "peek" { "swapped" } else { "valid" }}
            ]);
            hold(&scenario(json!({"reads": reads}), runtime, script));
        }
    }
}

#[test]
fn reconciled_2_both_ways_to_evict_give_the_same_bytes() {
    let script = json!([
        {"op": "spawn", "as": "a", "pages": 60},
        {"op": "run", "process": "a", "cpus": 2, "pattern": "uniform", "accesses": 900,
         "writes": 0.5},
        {"op": "fork", "process": "a", "as": "b"},
        {"op": "run", "process": "b", "pattern": {"zipf": 0.9}, "accesses": 900, "writes": 0.5},
        {"op": "run", "process": "a", "pattern": "sequential", "accesses": 120, "writes": 0.2}
    ]);
    let hash = |eviction: &str, runtime: Value| {
        let machine = json!({"frames": 16, "eviction": eviction});
        hold(&scenario(machine, runtime, script.clone())).state_hash
    };
    let expected = hash("pipelined", threads());
    for runtime in runtimes() {
        assert_eq!(hash("pipelined", runtime.clone()), expected);
        assert_eq!(hash("synchronous", runtime), expected);
    }
}

/// A clean frame without a slot is not "already on disk": it is all zero, so its page is zero again.
#[test]
fn reconciled_3_a_clean_frame_without_a_slot_goes_back_to_the_zero_page() {
    for runtime in runtimes() {
        let script = json!([
            {"op": "spawn", "as": "a", "pages": 4}, read("a", 1, 0), evict("a", 1),
            {"op": "expect", "process": "a", "page": 1, "pte": "zero"},
            {"op": "expect", "counter": "evictions", "equals": 1},
            {"op": "expect", "counter": "swap_writes", "equals": 0},
            {"op": "expect", "counter": "clean_drops", "equals": 1}, read("a", 1, 0)
        ]);
        hold(&scenario(json!({"reads": "allocate", "slots": 0}), runtime, script));
    }
}

#[test]
fn reconciled_3_unmapping_folds_the_dirty_bit_into_the_frame() {
    for runtime in runtimes() {
        // Read back, so clean with a copy on swap; then stored to, so the copy is stale.
        let script = json!([
            {"op": "spawn", "as": "a", "pages": 4}, write("a", 1, 5), evict("a", 1),
            read("a", 1, 5), write("a", 1, 6), evict("a", 1), read("a", 1, 6)
        ]);
        hold(&scenario(json!({}), runtime, script));
    }
}

#[test]
fn reconciled_4_a_shared_frame_is_evicted_with_all_its_sharers() {
    for runtime in runtimes() {
        let mut rig = Rig::after(
            json!({}),
            runtime,
            &json!([
                {"op": "spawn", "as": "a", "pages": 4}, write("a", 1, 5),
                {"op": "fork", "process": "a", "as": "b"}, {"op": "fork", "process": "b", "as": "c"},
                {"op": "fork", "process": "a", "as": "d"}, {"op": "sleep", "process": "d"},
                evict("b", 1)
            ]),
        );
        let slot = rig.pte("a", 1).slot();
        for name in ["a", "b", "c", "d"] {
            assert_eq!(rig.pte(name, 1).slot(), slot);
        }
        assert_eq!(rig.machine().swap.count(slot), 4);
        rig.all(&json!([read("c", 1, 5), {"op": "kill", "process": "a"}, read("b", 1, 5),
            {"op": "expect", "process": "b", "page": 1, "shared": 2},
            {"op": "wake", "process": "d"}, read("d", 1, 5), {"op": "audit"}]));
        rig.close();
    }
}

#[test]
fn reconciled_5_the_slot_is_kept_until_the_page_is_written() {
    for runtime in runtimes() {
        let mut rig = Rig::after(
            json!({}),
            runtime,
            &json!([{"op": "spawn", "as": "a", "pages": 4}, write("a", 1, 5), evict("a", 1)]),
        );
        let slot = rig.pte("a", 1).slot();
        let keeps = |rig: &Rig| rig.machine().pfns.peek(rig.pte("a", 1).frame()).slot();
        rig.apply(read("a", 1, 5));
        assert_eq!(keeps(&rig), Some(slot));
        assert_eq!(rig.machine().swap.count(slot), 1);
        rig.apply(write("a", 1, 6));
        assert_eq!(keeps(&rig), None);
        assert!(rig.machine().swap.is_free(slot));
        rig.close();
    }
}
