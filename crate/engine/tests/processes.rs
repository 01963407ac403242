//! Processes (P1 to P13): who runs, who shares, who pays.

mod support;

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;

use faultline::memory::{
    FrameState, PAGE_SIZE, PAGE_WORDS, Pfn, ProcessId, ProcessState, Pte, PteFormat, Slot, Vpn,
};
use faultline::observe::{Counter, EventKind};
use serde_json::{Value, json};
use support::machine::Machine;
use support::{hold, scenario, threads, virtual_cpus};

/// Threads, and virtual CPUs under a few seeds.
fn runtimes() -> Vec<Value> {
    let mut runtimes: Vec<_> = (0..6).map(virtual_cpus).collect();
    runtimes.push(threads());
    runtimes
}

/// Runs a script on a machine under every runtime.
fn holds(machine: &Value, script: &Value) {
    for runtime in runtimes() {
        hold(&scenario(machine.clone(), runtime, script.clone()));
    }
}

/// One op of each kind that needs a running process.
fn needs_running(process: &str) -> [Value; 7] {
    let mut ops = [
        json!({"op": "read", "page": 0}),
        json!({"op": "write", "page": 0, "value": 1}),
        json!({"op": "evict", "page": 0}),
        json!({"op": "fork", "as": "never"}),
        json!({"op": "sleep"}),
        json!({"op": "run", "pattern": "uniform", "accesses": 9, "writes": 1.0}),
        json!({"op": "unmap", "page": 0, "pages": 1}),
    ];
    for op in &mut ops {
        op["process"] = process.into();
        op["fails"] = "not-running".into();
    }
    ops
}

#[test]
fn p1_an_op_on_a_process_that_does_not_run_changes_nothing() {
    for runtime in runtimes() {
        let script = json!([
            {"op": "spawn", "as": "sleeper", "pages": 4},
            {"op": "write", "process": "sleeper", "page": 0, "value": 7},
            {"op": "spawn", "as": "dead", "pages": 4},
            {"op": "sleep", "process": "sleeper"}, {"op": "kill", "process": "dead"},
            {"op": "settle"}
        ]);
        let mut machine = Machine::after(json!({}), runtime, &script);
        let before = machine.state();
        for op in needs_running("sleeper").into_iter().chain(needs_running("dead")) {
            machine.apply(op);
        }
        for op in ["wake", "kill"] {
            machine.apply(json!({"op": op, "process": "dead", "fails": "not-running"}));
        }
        let missing = json!({"op": "kill", "process": "nobody", "fails": "no-such-process"});
        machine.apply(missing);
        assert_eq!(machine.state(), before);
        machine.all(&json!([
            {"op": "wake", "process": "sleeper"},
            {"op": "read", "process": "sleeper", "page": 0, "expect": 7}
        ]));
        machine.close();
    }
}

fn state_of(machine: &Machine, name: &str) -> ProcessState {
    machine.memory().processes.get(machine.process(name)).state()
}

fn on_cpu(machine: &Machine, cpu: usize) -> Option<ProcessId> {
    machine.memory().cpus[cpu].current()
}

#[test]
fn p2_a_switch_puts_the_old_process_to_sleep_and_wakes_the_new() {
    for runtime in runtimes() {
        let mut machine = Machine::after(
            json!({"cpus": 1, "dispatch": "manual"}),
            runtime,
            &json!([
                {"op": "spawn", "as": "a", "pages": 4},
                {"op": "fork", "process": "a", "as": "b"},
                {"op": "write", "process": "b", "page": 0, "value": 1, "fails": "not-running"},
                {"op": "switch", "cpu": 0, "process": "b"}
            ]),
        );
        assert_eq!(state_of(&machine, "a"), ProcessState::Sleeping);
        assert_eq!(state_of(&machine, "b"), ProcessState::Running);
        assert_eq!(on_cpu(&machine, 0), Some(machine.process("b")));
        machine.all(&json!([
            {"op": "write", "process": "a", "page": 0, "value": 1, "fails": "not-running"},
            {"op": "write", "process": "b", "page": 0, "value": 2},
            {"op": "spawn", "as": "c", "pages": 4},
            {"op": "read", "process": "c", "page": 0, "fails": "not-running"},
            {"op": "switch", "cpu": 1, "process": "a", "fails": "out-of-range"},
            {"op": "switch", "cpu": 0, "process": "a"},
            {"op": "read", "process": "a", "page": 0, "expect": 0},
            {"op": "sleep", "process": "a"}
        ]));
        assert_eq!(on_cpu(&machine, 0), None);
        machine.close();
    }
}

#[test]
fn p2_with_several_cpus_a_process_moves_and_each_cpu_has_at_most_one() {
    for runtime in runtimes() {
        let mut machine = Machine::after(
            json!({"cpus": 2, "dispatch": "manual"}),
            runtime,
            &json!([
                {"op": "spawn", "as": "a", "pages": 4}, {"op": "spawn", "as": "b", "pages": 4},
                {"op": "switch", "cpu": 1, "process": "a"}
            ]),
        );
        assert_eq!(on_cpu(&machine, 1), Some(machine.process("a")));
        assert_eq!(on_cpu(&machine, 0), None, "it holds one CPU: it has moved");
        assert_eq!(state_of(&machine, "b"), ProcessState::Sleeping);
        machine.apply(json!({"op": "switch", "cpu": 0, "process": "b"}));
        machine.apply(json!({"op": "write", "process": "a", "page": 0, "value": 1}));
        machine.apply(json!({"op": "write", "process": "b", "page": 0, "value": 2}));
        machine.close();
    }
}

#[test]
fn p2_several_cpus_share_an_address_space() {
    let script = json!([
        {"op": "spawn", "as": "a", "pages": 40},
        {"op": "run", "process": "a", "cpus": 4, "pattern": "uniform", "accesses": 4000,
         "writes": 0.5}
    ]);
    for dispatch in ["auto", "manual"] {
        holds(&json!({"cpus": 4, "frames": 24, "dispatch": dispatch}), &script);
    }
}

/// A workload on several CPUs borrows those that nobody holds, and gives them back.
#[test]
fn p2_a_process_holds_one_cpu_after_a_workload_on_several() {
    for runtime in runtimes() {
        let mut machine = Machine::after(
            json!({"cpus": 3, "dispatch": "manual"}),
            runtime,
            &json!([
                {"op": "spawn", "as": "a", "pages": 8}, {"op": "switch", "cpu": 1, "process": "a"},
                {"op": "run", "process": "a", "cpus": 3, "pattern": "uniform", "accesses": 300},
                {"op": "fork", "process": "a", "as": "b"}
            ]),
        );
        let a = Some(machine.process("a"));
        assert_eq!([0, 1, 2].map(|cpu| on_cpu(&machine, cpu)), [None, a, None]);
        machine.all(&json!([
            {"op": "switch", "cpu": 0, "process": "b"},
            {"op": "read", "process": "a", "page": 0}, {"op": "read", "process": "b", "page": 0}
        ]));
        machine.close();
    }
}

#[test]
fn p3_a_kill_gives_back_every_frame_and_slot() {
    for runtime in runtimes() {
        let run = |process: &str| {
            json!({"op": "run", "process": process, "pattern": "sequential",
                "accesses": 90, "writes": 1.0})
        };
        let mut machine = Machine::after(
            json!({"frames": 40, "slots": 300}),
            runtime,
            &json!([
                {"op": "spawn", "as": "a", "pages": 90}, run("a"),
                {"op": "fork", "process": "a", "as": "b"}, run("b"),
                {"op": "fork", "process": "b", "as": "c"},
                {"op": "kill", "process": "a"}, {"op": "kill", "process": "c"},
                {"op": "kill", "process": "b"}
            ]),
        );
        assert_eq!(machine.audit(), [""; 0]);
        let memory = machine.memory();
        assert_eq!(memory.protected_frames(), 1);
        assert_eq!(memory.swap.free(), 300);
        let unowned = |frame: &u32| {
            let state = memory.pfns.peek(Pfn(*frame)).state();
            matches!(state, FrameState::Free | FrameState::Zeroed)
        };
        assert_eq!((0..40).filter(unowned).count(), 39);
        machine.close();
    }
}

/// A grandfather, father and son on one CPU, and a stranger, all asleep but the son.
fn line(cpus: u32) -> Machine {
    let script = json!([
        {"op": "spawn", "as": "stranger", "pages": 2},
        {"op": "sleep", "process": "stranger"},
        {"op": "spawn", "as": "grandfather", "pages": 2},
        {"op": "fork", "process": "grandfather", "as": "father"},
        {"op": "switch", "cpu": 0, "process": "father"},
        {"op": "fork", "process": "father", "as": "son"},
        {"op": "switch", "cpu": 0, "process": "son"}
    ]);
    Machine::after(json!({"cpus": cpus, "dispatch": "manual"}), virtual_cpus(1), &script)
}

#[test]
fn p3_the_nearest_living_ancestor_resumes() {
    let mut machine = line(1);
    machine.apply(json!({"op": "kill", "process": "son"}));
    assert_eq!(on_cpu(&machine, 0), Some(machine.process("father")));
    assert_eq!(state_of(&machine, "father"), ProcessState::Running);
    machine.close();

    let mut machine = line(1);
    machine.apply(json!({"op": "kill", "process": "father"}));
    assert_eq!(on_cpu(&machine, 0), Some(machine.process("son")), "it was not its CPU");
    machine.apply(json!({"op": "kill", "process": "son"}));
    assert_eq!(on_cpu(&machine, 0), Some(machine.process("grandfather")));
    machine.apply(json!({"op": "kill", "process": "grandfather"}));
    assert_eq!(on_cpu(&machine, 0), Some(machine.process("stranger")), "any sleeper");
    machine.apply(json!({"op": "kill", "process": "stranger"}));
    assert_eq!(on_cpu(&machine, 0), None);
    machine.close();
}

/// A process that holds no CPU leaves none behind.
/// The CPU that a killed process held is the one it was put on, not one that it was lent.
#[test]
fn p3_an_ancestor_resumes_also_when_the_process_is_at_work_on_two_cpus() {
    for runtime in (0..40).map(virtual_cpus).chain((0..10).map(|_| threads())) {
        let mut machine = Machine::after(
            json!({"cpus": 3, "dispatch": "manual"}),
            runtime,
            &json!([
                {"op": "spawn", "as": "father", "pages": 16},
                {"op": "fork", "process": "father", "as": "son"},
                {"op": "switch", "cpu": 0, "process": "son"}]),
        );
        machine.apply(json!({"op": "together", "scripts": [
            [{"op": "run", "process": "son", "cpus": 2, "pattern": "uniform", "accesses": 30000000, "fails": "not-running"}],
            [{"op": "kill", "process": "son"}]]}));
        let father = Some(machine.process("father"));
        let resumed = (0..3).filter(|cpu| on_cpu(&machine, *cpu) == father).count();
        assert_eq!(resumed, 1);
        assert_eq!(state_of(&machine, "father"), ProcessState::Running);
        machine.close();
    }
}

#[test]
fn p3_nobody_resumes_when_a_sleeper_is_killed() {
    let mut machine = line(2);
    assert_eq!(on_cpu(&machine, 1), None);
    machine.apply(json!({"op": "kill", "process": "stranger"}));
    assert_eq!(on_cpu(&machine, 1), None);
    for name in ["grandfather", "father"] {
        assert_eq!(state_of(&machine, name), ProcessState::Sleeping);
    }
    machine.close();
}

#[test]
fn p4_a_fault_begins_and_ends_in_its_process_on_its_cpu() {
    for seed in 0..6 {
        let script = json!([
            {"op": "spawn", "as": "a", "pages": 30}, {"op": "spawn", "as": "b", "pages": 30},
            {"op": "together", "scripts": [
                [{"op": "run", "process": "a", "cpus": 2, "pattern": "uniform", "accesses": 150,
                  "writes": 0.5}],
                [{"op": "run", "process": "b", "pattern": "uniform", "accesses": 150,
                  "writes": 0.5}]
            ]}
        ]);
        let options = json!({"frames": 20, "cpus": 3});
        let machine = Machine::after(options, virtual_cpus(seed), &script);
        let mut open = BTreeMap::new();
        let mut ended = 0;
        for (cpu, event) in machine.events() {
            match event.kind {
                EventKind::FaultBegin => {
                    let before = open.insert(cpu, (event.process, event.number));
                    assert_eq!(before, None, "a fault within a fault");
                }
                EventKind::FaultEnd => {
                    assert_eq!(open.remove(&cpu), Some((event.process, event.number)));
                    ended += 1;
                }
                _ => {}
            }
        }
        assert!(open.is_empty());
        assert_eq!(ended, machine.counter(Counter::Faults));
        machine.close();
    }
}

/// The machine as two relatives see it, in the order in which they are named: their PTEs with frames
/// and slots numbered as they come, and what those frames are. Who touched a shared page before the
/// fork shows in its accessed and dirty bits and is left out.
fn seen_by(machine: &Machine, names: [&str; 2], pages: u32) -> Vec<(PteFormat, bool, u32, u64)> {
    const TOUCHED: u64 = 0b1_1000;
    let memory = machine.memory();
    let (mut frames, mut slots) = (Vec::<Pfn>::new(), Vec::<Slot>::new());
    let mut seen = Vec::new();
    for name in names {
        for page in 0..pages {
            let pte = Pte(machine.pte(name, page).0 & !TOUCHED);
            let (number, entry) = match pte.format() {
                PteFormat::Zero => (0, 0),
                PteFormat::Valid | PteFormat::Transition => {
                    let entry = memory.pfns.peek(pte.frame());
                    let facts = u64::from(entry.share()) << 2
                        | u64::from(entry.is_dirty()) << 1
                        | u64::from(entry.slot().is_some());
                    (place(&mut frames, pte.frame()), facts)
                }
                PteFormat::Swapped => {
                    (place(&mut slots, pte.slot()), memory.swap.count(pte.slot()).into())
                }
            };
            seen.push((pte.format(), pte.is_writable(), number, entry));
        }
    }
    seen
}

fn place<T: PartialEq>(known: &mut Vec<T>, what: T) -> u32 {
    if let Some(place) = known.iter().position(|other| *other == what) {
        return place as u32;
    }
    known.push(what);
    known.len() as u32 - 1
}

#[test]
fn p5_parent_and_child_can_be_exchanged() {
    const PAGES: u32 = 6;
    for seed in 0..40 {
        let mut random = faultline::runtime::Random::new(seed);
        let mut ops = Vec::new();
        for value in 0..24 {
            let who = random.below(2) as usize;
            let page = random.below(PAGES.into());
            let op = match random.below(4) {
                0 | 1 => json!({"op": "write", "page": page, "value": value}),
                2 => json!({"op": "read", "page": page}),
                _ => json!({"op": "evict", "page": page}),
            };
            ops.push((who, op));
        }
        let outcome = |names: [&str; 2]| {
            let mut machine = Machine::new(json!({"frames": 64}), virtual_cpus(seed));
            machine.apply(json!({"op": "spawn", "as": "parent", "pages": PAGES}));
            for page in 0..PAGES - 1 {
                machine
                    .apply(json!({"op": "write", "process": "parent", "page": page, "value": 99}));
            }
            machine.apply(json!({"op": "fork", "process": "parent", "as": "child"}));
            let mut values = Vec::new();
            for (who, op) in &ops {
                let mut op = op.clone();
                op["process"] = names[*who].into();
                values.push(machine.apply(op));
            }
            machine.apply(json!({"op": "settle"}));
            let seen = seen_by(&machine, names, PAGES);
            let counters = [
                Counter::Faults,
                Counter::Copies,
                Counter::Reuses,
                Counter::WriteProtect,
                Counter::SwapReads,
                Counter::SwapWrites,
            ];
            (values, seen, counters.map(|counter| machine.counter(counter)))
        };
        assert_eq!(outcome(["parent", "child"]), outcome(["child", "parent"]), "seed {seed}");
    }
}

fn orders(names: &[&'static str]) -> Vec<Vec<&'static str>> {
    if names.is_empty() {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for first in names {
        let rest: Vec<_> = names.iter().copied().filter(|name| name != first).collect();
        for mut order in orders(&rest) {
            order.insert(0, first);
            all.push(order);
        }
    }
    all
}

#[test]
fn p6_sharers_can_be_killed_in_any_order() {
    const FAMILY: [&str; 4] = ["a", "b", "c", "d"];
    for (number, order) in orders(&FAMILY).into_iter().enumerate() {
        let mut script = vec![
            json!({"op": "spawn", "as": "a", "pages": 8}),
            json!({"op": "run", "process": "a", "pattern": "sequential", "writes": 1.0}),
        ];
        // Page 0 is everybody's on swap, 1 everybody's in a frame, 2 everybody's own.
        for page in 0..2 {
            script.push(json!({"op": "write", "process": "a", "page": page, "value": 50 + page}));
        }
        for (parent, child) in [("a", "b"), ("b", "c"), ("a", "d")] {
            script.push(json!({"op": "fork", "process": parent, "as": child}));
        }
        for (value, name) in FAMILY.iter().enumerate() {
            script.push(json!({"op": "write", "process": name, "page": 2, "value": value}));
        }
        script.push(json!({"op": "evict", "process": "c", "page": 0}));
        for (killed, name) in order.iter().enumerate() {
            script.push(json!({"op": "kill", "process": name}));
            for survivor in &order[killed + 1..] {
                let own = FAMILY.iter().position(|name| name == survivor);
                for (page, value) in [(0, Some(50)), (1, Some(51)), (2, own)] {
                    script.push(json!({"op": "read", "process": survivor, "page": page,
                        "expect": value}));
                }
            }
            script.push(json!({"op": "audit"}));
        }
        let script = Value::Array(script);
        for runtime in [threads(), virtual_cpus(number as u64), virtual_cpus(number as u64 + 100)] {
            let mut machine = Machine::after(json!({"slots": 30}), runtime, &script);
            assert_eq!(machine.audit(), [""; 0]);
            assert_eq!(machine.memory().protected_frames(), 1);
            assert_eq!(machine.memory().swap.free(), 30);
            machine.close();
        }
    }
}

#[test]
fn p7_the_simulated_memory_is_real_bytes_at_one_place() {
    let script = json!([
        {"op": "spawn", "as": "a", "pages": 4},
        {"op": "write", "process": "a", "page": 2, "offset": 24, "value": 42}
    ]);
    let mut machine = Machine::after(json!({}), threads(), &script);
    let (memory, layout) = (machine.memory(), machine.session.layout());
    for frame in 0..memory.pfns.count() {
        let address = layout.addresses.frame_bytes + frame as usize * PAGE_SIZE;
        assert_eq!(memory.frames.words(frame).as_ptr().addr(), address);
    }
    let frame = machine.pte("a", 2).frame();
    assert_eq!(memory.frames.word(frame.0, 3).load(Ordering::Relaxed), 42);
    machine.apply(json!({"op": "evict", "process": "a", "page": 2}));
    let slot = machine.pte("a", 2).slot();
    assert_eq!(machine.memory().swap.page(slot).unwrap()[3], 42);
    machine.close();
}

#[test]
fn p8_a_peek_never_faults_and_changes_nothing() {
    let mut formats = Vec::new();
    for runtime in runtimes() {
        let mut machine = Machine::after(
            json!({"frames": 24, "reads": "peek", "cpus": 1}),
            runtime,
            &json!([
                {"op": "spawn", "as": "a", "pages": 40},
                {"op": "run", "process": "a", "pattern": "sequential", "pages": [0, 30],
                 "writes": 1.0},
                {"op": "write", "process": "a", "page": 30, "value": 5},
                {"op": "write", "process": "a", "page": 31, "value": 6},
                {"op": "evict", "process": "a", "page": 30},
                {"op": "settle"}
            ]),
        );
        formats.extend((0..40).map(|page| machine.pte("a", page).format()));
        let (before, faults) = (machine.state(), machine.counter(Counter::Faults));
        for page in 0..40 {
            let value = machine.apply(json!({"op": "read", "process": "a", "page": page}));
            let expected = match page {
                30 => 5,
                31 => 6,
                _ => 0,
            };
            assert_eq!(value, Some(expected));
        }
        assert_eq!(machine.state(), before);
        assert_eq!(machine.counter(Counter::Faults), faults);
        machine.close();
    }
    use PteFormat::{Swapped, Transition, Valid, Zero};
    for format in [Zero, Valid, Transition, Swapped] {
        assert!(formats.contains(&format), "{format:?}");
    }
}

#[test]
fn p9_a_write_is_stored_or_returns_an_error() {
    for runtime in runtimes() {
        let mut machine = Machine::new(json!({"frames": 8, "slots": 0}), runtime);
        machine.apply(json!({"op": "spawn", "as": "a", "pages": 12}));
        let mut stored = Vec::new();
        for page in 0..14 {
            let op = json!({"op": "write", "process": "a", "page": page, "value": page + 1});
            if machine.attempt(&op).code.is_none() {
                stored.push(page);
            }
        }
        assert_eq!(stored, [0, 1, 2, 3, 4]);
        for page in 0..12 {
            let expected = if stored.contains(&page) { page + 1 } else { 0 };
            let op = json!({"op": "read", "process": "a", "page": page, "expect": expected});
            machine.apply(op);
        }
    }
}

#[test]
fn p10_fork_copies_no_data_and_charges_the_tables() {
    for runtime in runtimes() {
        let mut machine = Machine::after(
            json!({"frames": 96, "pte_locks": {"region": 8}}),
            runtime,
            &json!([
                {"op": "spawn", "as": "a", "pages": 600},
                {"op": "run", "process": "a", "pattern": "sequential", "pages": [500, 530],
                 "writes": 1.0},
                {"op": "evict", "process": "a", "page": 505}
            ]),
        );
        let protected = machine.memory().protected_frames();
        machine.apply(json!({"op": "fork", "process": "a", "as": "b"}));
        assert_eq!(machine.memory().protected_frames(), protected + 3);
        assert_eq!(machine.counter(Counter::Copies), 0);
        for page in 500..530 {
            let (parent, child) = (machine.pte("a", page), machine.pte("b", page));
            assert!(!parent.is_writable() && !child.is_writable());
            assert_eq!(parent.format(), child.format());
            if page == 505 {
                assert_eq!(machine.memory().swap.count(parent.slot()), 2);
                assert_eq!(parent.slot(), child.slot());
            } else {
                assert_eq!(machine.memory().pfns.peek(parent.frame()).share(), 2);
                assert_eq!(parent.frame(), child.frame());
            }
        }
        machine.close();
    }
}

#[test]
fn p11_the_copy_is_writable_and_the_old_mapping_stays_read_only() {
    for (writer, other) in [("a", "b"), ("b", "a")] {
        for runtime in runtimes() {
            let mut machine = Machine::after(
                json!({}),
                runtime,
                &json!([
                    {"op": "spawn", "as": "a", "pages": 4},
                    {"op": "write", "process": "a", "page": 1, "value": 3},
                    {"op": "fork", "process": "a", "as": "b"}
                ]),
            );
            let shared = machine.pte("a", 1).frame();
            machine.apply(json!({"op": "write", "process": writer, "page": 1, "value": 4}));
            assert!(machine.pte(writer, 1).is_writable());
            assert_ne!(machine.pte(writer, 1).frame(), shared);
            assert!(!machine.pte(other, 1).is_writable());
            assert_eq!(machine.pte(other, 1).frame(), shared);
            machine.apply(json!({"op": "read", "process": other, "page": 1, "expect": 3}));
            machine.close();
        }
    }
}

/// Children of one parent, then children of children.
fn sharers(count: u64, chain: bool) -> (Vec<String>, Vec<Value>) {
    let name = |number: u64| format!("p{number}");
    let mut script = vec![
        json!({"op": "spawn", "as": name(0), "pages": 4}),
        json!({"op": "write", "process": name(0), "page": 1, "value": 1}),
    ];
    for number in 1..count {
        let parent = if chain { number - 1 } else { 0 };
        script.push(json!({"op": "fork", "process": name(parent), "as": name(number)}));
    }
    ((0..count).map(name).collect(), script)
}

fn each_writes(names: &[String]) -> Vec<Value> {
    let write = |(value, name): (usize, &String)| json!({"op": "write", "process": name, "page": 1, "value": value + 10});
    names.iter().enumerate().map(write).collect()
}

fn all_have_written(count: u64) -> Vec<Value> {
    let read = |number: u64| json!({"op": "read", "process": format!("p{number}"), "page": 1, "expect": number + 10});
    let mut script: Vec<_> = (0..count).map(read).collect();
    script.push(json!({"op": "expect", "counter": "copies", "equals": count - 1}));
    script.push(json!({"op": "expect", "counter": "reuses", "equals": 1}));
    script
}

#[test]
fn p12_of_k_sharers_all_but_one_copy() {
    for count in [2, 3, 5, 8] {
        for chain in [false, true] {
            let (names, mut script) = sharers(count, chain);
            script.extend(each_writes(&names));
            script.extend(all_have_written(count));
            holds(&json!({}), &Value::Array(script));
        }
    }
}

#[test]
fn p12_of_k_sharers_of_a_slot_all_but_one_copy() {
    for count in [2, 3, 5, 8] {
        let (names, mut script) = sharers(count, true);
        script.push(json!({"op": "evict", "process": "p1", "page": 1}));
        for name in &names {
            let swapped = json!({"op": "expect", "process": name, "page": 1, "pte": "swapped"});
            script.push(swapped);
        }
        script.extend(each_writes(&names));
        script.extend(all_have_written(count));
        holds(&json!({}), &Value::Array(script));
    }
}

#[test]
fn p12_of_k_sharers_that_write_at_once_all_but_one_copy() {
    for evicted in [false, true] {
        let (names, mut script) = sharers(4, false);
        if evicted {
            script.push(json!({"op": "evict", "process": "p0", "page": 1}));
        }
        let lists: Vec<_> = each_writes(&names).into_iter().map(|op| json!([op])).collect();
        script.push(json!({"op": "together", "scripts": lists}));
        script.extend(all_have_written(4));
        let script = Value::Array(script);
        for early_release in [true, false] {
            let machine = json!({"cpus": 4, "early_release": early_release});
            for seed in 0..60 {
                hold(&scenario(machine.clone(), virtual_cpus(seed), script.clone()));
            }
            for _ in 0..5 {
                hold(&scenario(machine.clone(), threads(), script.clone()));
            }
        }
    }
}

#[test]
fn p13_physical_memory_starts_zero() {
    let machine = Machine::new(json!({}), threads());
    let frames = &machine.memory().frames;
    assert!((0..frames.count() as u32).all(|frame| frames.snapshot(frame).all(|word| word == 0)));
    machine.close();
}

#[test]
fn p13_a_reused_frame_shows_nothing_of_its_past() {
    for zeroer in [true, false] {
        for runtime in runtimes() {
            let mut machine = Machine::new(
                json!({"frames": 16, "slots": 64, "reads": "allocate", "zeroer": zeroer}),
                runtime,
            );
            for generation in 0..3 {
                let name = format!("p{generation}");
                machine.apply(json!({"op": "spawn", "as": name, "pages": 16}));
                for page in 0..16 {
                    let value = machine.apply(json!({"op": "read", "process": name, "page": page}));
                    assert_eq!(value, Some(0));
                    let clean = Vpn(page);
                    let memory = machine.memory();
                    let process = memory.processes.get(machine.process(&name));
                    let pte = memory.load(memory.pte(process, clean).unwrap());
                    if pte.format() == PteFormat::Valid {
                        let words = memory.frames.snapshot(pte.frame().0);
                        assert_eq!(words.filter(|word| *word == 0).count(), PAGE_WORDS);
                    }
                    for offset in [0, 1024, 4088] {
                        machine.apply(json!({"op": "write", "process": name, "page": page,
                            "offset": offset, "value": 77}));
                    }
                }
                machine.apply(json!({"op": "kill", "process": name}));
            }
            machine.close();
        }
    }
}
