//! From the notes: the steps of a fault, and how often it is tried (S15, S18, S19).

mod support;

use std::collections::BTreeSet;

use faultline::memory::{PAGE_SIZE, PAGE_WORDS, PteFormat, Vpn};
use faultline::observe::{Counter, EventKind};
use serde_json::{Value, json};
use support::machine::Machine;
use support::{hold, scenario, threads, virtual_cpus};

#[test]
fn s15_page_and_frame_are_4096_bytes_with_one_pte_a_page() {
    assert_eq!((PAGE_SIZE, PAGE_WORDS * 8), (4096, 4096));
    let script = json!([{"op": "spawn", "as": "a", "pages": 513}]);
    let machine = Machine::after(json!({}), virtual_cpus(1), &script);
    let memory = machine.memory();
    let process = memory.processes.get(machine.process("a"));
    let cells: BTreeSet<_> = (0..513)
        .map(|page| std::ptr::from_ref(memory.pte(process, Vpn(page)).unwrap()).addr())
        .collect();
    assert_eq!(cells.len(), 513);
    machine.close();
}

/// The phases of a fault by their number in the events.
const LOCK: u64 = 0;

const FIND: u64 = 1;

const FILL: u64 = 2;

const MAP: u64 = 3;

#[test]
fn s18_each_kind_of_fault_takes_its_steps_in_order() {
    let mut machine =
        Machine::new(json!({"cpus": 1, "trim": {"low": 0, "high": 60}}), virtual_cpus(1));
    machine.apply(json!({"op": "spawn", "as": "a", "pages": 8}));
    let mut seen = 0;
    let mut steps = |machine: &mut Machine, op: Value, expected: &[u64]| {
        machine.apply(op.clone());
        let events = machine.events();
        let phases: Vec<_> = events[seen..]
            .iter()
            .filter(|(_, event)| event.kind == EventKind::FaultPhase)
            .map(|(_, event)| event.a)
            .collect();
        seen = events.len();
        assert_eq!(phases, expected, "{op}");
    };
    let op = |op: &str, process: &str| json!({"op": op, "process": process, "page": 1});
    let mut write = op("write", "a");
    write["value"] = 7.into();
    // Zero: nothing to load.
    steps(&mut machine, write.clone(), &[LOCK, FIND, FILL, MAP]);
    steps(&mut machine, write.clone(), &[]);
    // Transition: rescue.
    let settle = json!({"op": "settle"});
    steps(&mut machine, settle, &[]);
    assert_eq!(machine.pte("a", 1).format(), PteFormat::Transition);
    steps(&mut machine, op("read", "a"), &[LOCK, MAP]);
    assert_eq!(machine.pte("a", 1).format(), PteFormat::Valid);
    // Disk format: load.
    steps(&mut machine, op("evict", "a"), &[]);
    steps(&mut machine, op("read", "a"), &[LOCK, FIND, FILL, MAP]);
    assert_eq!(machine.counter(Counter::SwapReads), 1);
    // Read-only: copy, then reuse.
    steps(&mut machine, json!({"op": "fork", "process": "a", "as": "b"}), &[]);
    steps(&mut machine, write, &[LOCK, FIND, FILL, MAP]);
    let mut write = op("write", "b");
    write["value"] = 8.into();
    steps(&mut machine, write, &[LOCK, MAP]);
    // The page is valid, mapped and on the active list.
    let lists = &machine.memory().lists;
    let active = lists.validate(lists.active()).unwrap();
    assert!(active.contains(&machine.pte("a", 1).frame()));
    machine.close();
}

#[test]
fn s19_alone_an_access_never_faults_twice_and_never_retries() {
    let options = json!({"frames": 12, "cpus": 1, "eviction": "synchronous", "zeroer": false});
    for runtime in (0..4).map(virtual_cpus).chain([threads()]) {
        let mut machine = Machine::new(options.clone(), runtime);
        machine.apply(json!({"op": "spawn", "as": "a", "pages": 30}));
        let mut random = faultline::runtime::Random::new(9);
        let mut forked = 0;
        for step in 0..600 {
            let before = machine.counter(Counter::Faults);
            let page = random.below(30);
            let mut op = json!({"op": "read", "process": "a", "page": page});
            if random.below(2) == 0 {
                op = json!({"op": "write", "process": "a", "page": page, "value": step});
            }
            machine.apply(op);
            assert!(machine.counter(Counter::Faults) <= before + 1);
            if step % 100 == 99 {
                forked += 1;
                let name = format!("child{forked}");
                machine.apply(json!({"op": "fork", "process": "a", "as": name}));
                machine.apply(json!({"op": "kill", "process": name}));
            }
        }
        assert_eq!(machine.counter(Counter::Retries), 0);
        machine.close();
    }
}

/// Many against each other: retries are counted, and few.
#[test]
fn s19_retries_are_bounded_and_counted() {
    for seed in 0..8 {
        let script = json!([{"op": "spawn", "as": "a", "pages": 30},
            {"op": "run", "process": "a", "cpus": 6, "pattern": "uniform", "accesses": 3000,
             "writes": 0.5}]);
        let options = json!({"frames": 14, "cpus": 6});
        let report = hold(&scenario(options, virtual_cpus(seed), script));
        let counters = report.counters;
        assert!(counters.retries < counters.faults, "{counters:?}");
    }
}
