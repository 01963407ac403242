//! Tests requirements of the notes: the steps of a fault, and its retries (S15, S18, S19), and the
//! hit that needs none (S1).

use std::collections::BTreeSet;
use std::sync::Arc;

use faultline::machine::Machine;
use faultline::memory::{PAGE_SIZE, PAGE_WORDS, PteFormat, TABLE_ENTRIES, Vpn};
use faultline::observe::{Counter, EventKind};
use faultline::options::MachineOptions;
use faultline::paging::AddressSpace;
use faultline::process::{spawn, wake};
use faultline::runtime::{ThreadCpu, block_on};
use serde_json::{Value, json};

use crate::support::rig::Rig;
use crate::support::{hold, scenario, threads, virtual_cpus};

#[test]
fn s15_page_and_frame_are_4096_bytes_with_one_pte_a_page() {
    assert_eq!((PAGE_SIZE, PAGE_WORDS * 8), (4096, 4096));
    let script = json!([{"op": "spawn", "as": "a", "pages": 513}]);
    let rig = Rig::after(json!({}), virtual_cpus(1), &script);
    let machine = rig.machine();
    let process = machine.processes.get(rig.process("a"));
    let cells: BTreeSet<_> = (0..513)
        .map(|page| std::ptr::from_ref(machine.pte(process, Vpn(page)).unwrap()).addr())
        .collect();
    assert_eq!(cells.len(), 513);
    rig.close();
}

/// The phases of a fault by their number in the events.
const LOCK: u64 = 0;

const FIND: u64 = 1;

const FILL: u64 = 2;

const MAP: u64 = 3;

#[test]
fn s18_each_kind_of_fault_takes_its_steps_in_order() {
    let mut rig = Rig::new(json!({"cpus": 1, "trim": {"low": 0, "high": 60}}), virtual_cpus(1));
    rig.apply(json!({"op": "spawn", "as": "a", "pages": 8}));
    let mut seen = 0;
    let mut steps = |rig: &mut Rig, op: Value, expected: &[u64]| {
        rig.apply(op.clone());
        let events = rig.events();
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
    steps(&mut rig, write.clone(), &[LOCK, FIND, FILL, MAP]);
    steps(&mut rig, write.clone(), &[]);
    // Transition: rescue.
    let settle = json!({"op": "settle"});
    steps(&mut rig, settle, &[]);
    assert_eq!(rig.pte("a", 1).format(), PteFormat::Transition);
    steps(&mut rig, op("read", "a"), &[LOCK, MAP]);
    assert_eq!(rig.pte("a", 1).format(), PteFormat::Valid);
    // Disk format: load.
    steps(&mut rig, op("evict", "a"), &[]);
    steps(&mut rig, op("read", "a"), &[LOCK, FIND, FILL, MAP]);
    assert_eq!(rig.counter(Counter::SwapReads), 1);
    // Read-only: copy, then reuse.
    steps(&mut rig, json!({"op": "fork", "process": "a", "as": "b"}), &[]);
    steps(&mut rig, write, &[LOCK, FIND, FILL, MAP]);
    let mut write = op("write", "b");
    write["value"] = 8.into();
    steps(&mut rig, write, &[LOCK, MAP]);
    // The page is valid, mapped and on the active list.
    let lists = &rig.machine().lists;
    let active = lists.validate(lists.active(0)).unwrap();
    assert!(active.contains(&rig.pte("a", 1).frame()));
    rig.close();
}

#[test]
fn s19_alone_an_access_never_faults_twice_and_never_retries() {
    let options = json!({"frames": 12, "cpus": 1, "eviction": "synchronous", "zeroer": false});
    for runtime in (0..4).map(virtual_cpus).chain([threads()]) {
        let mut rig = Rig::new(options.clone(), runtime);
        rig.apply(json!({"op": "spawn", "as": "a", "pages": 30}));
        let mut random = faultline::runtime::Random::new(9);
        let mut forked = 0;
        for step in 0..600 {
            let before = rig.counter(Counter::Faults);
            let page = random.below(30);
            let mut op = json!({"op": "read", "process": "a", "page": page});
            if random.below(2) == 0 {
                op = json!({"op": "write", "process": "a", "page": page, "value": step});
            }
            rig.apply(op);
            assert!(rig.counter(Counter::Faults) <= before + 1);
            if step % 100 == 99 {
                forked += 1;
                let name = format!("child{forked}");
                rig.apply(json!({"op": "fork", "process": "a", "as": name}));
                rig.apply(json!({"op": "kill", "process": name}));
            }
        }
        assert_eq!(rig.counter(Counter::Retries), 0);
        rig.close();
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

/// A page that needs no fault is found by a plain walk, which finds no other, and none while a shootdown is to be
/// acknowledged.
#[test]
fn s1_a_hit_is_found_without_the_path_of_faults() {
    let options = MachineOptions { frames: 32, cpus: 1, ..MachineOptions::default() };
    let machine = Machine::bare(options, 1, 1).unwrap();
    let cpu = ThreadCpu::new(Arc::default(), machine.local(0));
    let process = block_on(spawn(&cpu, &machine, 1100)).unwrap();
    block_on(wake(&cpu, &machine, process)).unwrap();
    let space = AddressSpace::enter(&cpu, &machine, process).unwrap();
    let misses = |page| space.try_load(Vpn(page), 3).is_none() && !space.try_store(Vpn(page), 3, 1);
    assert!([0, 513, 1100, TABLE_ENTRIES * TABLE_ENTRIES, u32::MAX].into_iter().all(misses));
    for (page, value) in [(513, 7), (1026, 8)] {
        block_on(space.store(Vpn(page), 3, value)).unwrap();
        assert_eq!(space.try_load(Vpn(page), 3), Some(value));
        assert!(space.try_store(Vpn(page), 4, value + 10));
        assert_eq!(block_on(space.load(Vpn(page), 4)), Ok(value + 10));
    }
    assert!([0, 1, 2, 512, 514, 1025].into_iter().all(misses));
    machine.epochs.advance();
    assert!(misses(513));
    assert_eq!(block_on(space.load(Vpn(1026), 3)), Ok(8));
    assert_eq!(space.try_load(Vpn(513), 3), Some(7), "the shootdown is acknowledged");
    assert!(space.try_store(Vpn(513), 3, 9));
}
