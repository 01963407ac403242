//! Tests the events: their records, their order, and that every lost record is counted.

use std::collections::BTreeMap;

use faultline::observe::{Detail, EventKind, Place, Record};
use serde_json::json;

use crate::support::rig::Rig;
use crate::support::{threads, virtual_cpus};

/// Eviction, sharing, swap and waiting, on few frames.
fn busy(runtime: serde_json::Value) -> Rig {
    let machine = json!({"frames": 24, "slots": 64, "cpus": 2, "trim": {"low": 4, "high": 8}});
    let rig = Rig::new(machine, runtime);
    rig.session.observe(Detail::Everything);
    rig
}

fn work(rig: &mut Rig) {
    rig.apply(json!({"op": "spawn", "as": "a", "pages": 32}));
    let run = |process: &str, seed: u64| {
        json!({"op": "run", "process": process, "cpus": 1, "pattern": "uniform",
               "accesses": 100, "writes": 0.5, "seed": seed})
    };
    rig.apply(run("a", 1));
    for page in 0..4 {
        rig.apply(json!({"op": "read", "process": "a", "page": page}));
    }
    // Pages are evicted from under a CPU that does not fault: it is shot down.
    let mut hits = run("a", 4);
    hits["pages"] = json!([0, 4]);
    hits["accesses"] = json!(1000);
    let evictions: Vec<_> =
        (0..4).map(|page| json!({"op": "evict", "process": "a", "page": page})).collect();
    rig.apply(json!({"op": "together", "scripts": [[hits], evictions]}));
    rig.apply(json!({"op": "fork", "process": "a", "as": "b"}));
    rig.apply(json!({"op": "together", "scripts": [[run("a", 2)], [run("b", 3)]]}));
    rig.apply(json!({"op": "sleep", "process": "a"}));
    rig.apply(json!({"op": "wake", "process": "a"}));
    rig.apply(json!({"op": "kill", "process": "a"}));
    rig.apply(json!({"op": "settle"}));
}

#[test]
fn r2_stamps_are_the_one_order_of_a_virtual_run() {
    let mut rig = busy(virtual_cpus(3));
    work(&mut rig);
    let trace = &rig.machine().trace;
    let records = trace.records();
    assert_eq!(records.len() as u64, trace.count(), "the rings have room for all");
    assert!(records.is_sorted_by(|a, b| a.stamp < b.stamp), "no two stamps are equal");
    assert!(records.iter().all(|record| record.event.kind != EventKind::None));
    // A ring's own order is the order of its stamps.
    for ring in 0..trace.rings() {
        let mut own = Vec::new();
        trace.read(ring, &mut Place::default(), &mut own);
        assert!(own.is_sorted_by_key(|record| record.stamp));
    }
    // Every PTE and every frame goes on from what it was: nothing is missing, nothing out of order.
    let mut words = BTreeMap::new();
    for Record { event, .. } in &records {
        let key = match event.kind {
            EventKind::Pte | EventKind::Claim => (Some(event.process), event.number),
            EventKind::Pfn => (None, event.number),
            // A new process has new tables.
            EventKind::Spawn | EventKind::Fork => {
                words.retain(|(process, _), _| *process != Some(event.process));
                continue;
            }
            _ => continue,
        };
        if let Some(before) = words.insert(key, event.b) {
            let waiters = faultline::memory::PTE_TRANSIT_WAITERS;
            assert_eq!(before & !waiters, event.a & !waiters, "{event:?}");
        }
    }
}

#[test]
fn w3_every_kind_of_event_happens() {
    let mut seen: Vec<EventKind> = Vec::new();
    for seed in 0..4 {
        let mut rig = busy(virtual_cpus(seed));
        work(&mut rig);
        seen.extend(rig.events().iter().map(|(_, event)| event.kind));
    }
    // With manual dispatch a kill has an heir.
    let mut rig = Rig::new(json!({"dispatch": "manual", "cpus": 1}), virtual_cpus(1));
    rig.apply(json!({"op": "spawn", "as": "a", "pages": 4}));
    rig.apply(json!({"op": "fork", "process": "a", "as": "b"}));
    rig.apply(json!({"op": "kill", "process": "a"}));
    seen.extend(rig.events().iter().map(|(_, event)| event.kind));
    // Lines travel only between CPUs that know them, which every build but one for threads alone has.
    let knows_lines = cfg!(feature = "coherence");
    if knows_lines {
        let mut rig = busy(json!({"kind": "virtual", "seed": 1, "coherence": true}));
        work(&mut rig);
        seen.extend(rig.events().iter().map(|(_, event)| event.kind));
    }
    let happens = |kind: &&EventKind| knows_lines || **kind != EventKind::Lines;
    let kinds = EventKind::ALL.iter().filter(happens);
    let missing: Vec<_> = kinds.filter(|kind| !seen.contains(kind)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

/// What begins ends, on the CPU where it began.
#[test]
fn w4_what_begins_ends() {
    let pairs = [
        (EventKind::FaultBegin, EventKind::FaultEnd),
        (EventKind::ShootdownBegin, EventKind::ShootdownEnd),
        (EventKind::SwapReadBegin, EventKind::SwapReadEnd),
        (EventKind::SwapWriteBegin, EventKind::SwapWriteEnd),
        (EventKind::FrameWaitBegin, EventKind::FrameWaitEnd),
        (EventKind::LockWait, EventKind::LockWaited),
        (EventKind::JobBegin, EventKind::JobEnd),
        (EventKind::DaemonWake, EventKind::DaemonRest),
    ];
    for (runtime, detail) in [(virtual_cpus(5), Detail::Everything), (threads(), Detail::Changes)] {
        let mut rig = busy(runtime);
        rig.session.observe(detail);
        work(&mut rig);
        let mut open: BTreeMap<usize, Vec<EventKind>> = BTreeMap::new();
        for (cpu, event) in rig.events() {
            let open = open.entry(cpu).or_default();
            if let Some((_, end)) = pairs.iter().find(|(begin, _)| *begin == event.kind) {
                open.push(*end);
            } else if pairs.iter().any(|(_, end)| *end == event.kind) {
                let top = open.pop();
                // A daemon rests before it is first woken; a ring may have lost where it began.
                let overwritten = rig.machine().trace.seen(cpu).1 > 0;
                let may_end = event.kind == EventKind::DaemonRest || overwritten;
                let ends = top == Some(event.kind) || top.is_none() && may_end;
                assert!(ends, "CPU {cpu}: {event:?} in {top:?}");
            }
        }
        assert!(open.values().all(Vec::is_empty), "{open:?}");
    }
}

#[test]
fn r2_the_hash_does_not_depend_on_what_the_rings_keep() {
    let hash = |detail| {
        let mut rig = busy(virtual_cpus(7));
        rig.session.observe(detail);
        work(&mut rig);
        (rig.machine().trace.hash(), rig.machine().trace.count())
    };
    assert_eq!(hash(Detail::Everything), hash(Detail::Nothing));
}

#[test]
fn w3_what_was_overwritten_before_it_was_read_is_told() {
    let mut rig = busy(threads());
    rig.apply(json!({"op": "spawn", "as": "a", "pages": 2}));
    let mut places = BTreeMap::new();
    let mut total = [0; 2];
    for _ in 0..2 {
        for _ in 0..40 {
            let run = json!({"op": "run", "process": "a", "cpus": 2, "pattern": "sequential",
                             "accesses": 400, "writes": 1.0, "seed": 1});
            rig.apply(run);
            rig.apply(json!({"op": "evict", "process": "a", "page": 0}));
            rig.apply(json!({"op": "evict", "process": "a", "page": 1}));
        }
        let trace = &rig.machine().trace;
        for ring in 0..trace.rings() {
            let mut records = Vec::new();
            let place = places.entry(ring).or_insert_with(Place::default);
            let lost = trace.read(ring, place, &mut records);
            total[0] += records.len() as u64 + lost;
            total[1] += lost;
            // Even on threads a ring is in order.
            assert!(records.is_sorted_by(|a, b| a.stamp < b.stamp));
        }
    }
    let trace = &rig.machine().trace;
    let seen: u64 = (0..trace.rings()).map(|ring| trace.seen(ring).0).sum();
    assert_eq!(total[0], seen, "each event was read or counted as lost");
    let report = rig.session.finish();
    let recorded: u64 = report.events.0.iter().map(|(_, ring)| ring.recorded).sum();
    assert!(recorded >= seen);
    assert!(total[1] <= seen);
}
