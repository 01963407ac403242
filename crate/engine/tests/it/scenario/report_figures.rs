//! Tests that a report's figures of faults and locks are what happened: counted by hand, and compared with the
//! events of the run (S1, S2).

use std::collections::BTreeMap;

use faultline::observe::{Counter, Detail, EventKind, FaultKind, Record};
use faultline::runtime::LockClass;
use faultline::scenario::{Latency, LockProfile, Report};
use hdrhistogram::Histogram;
use serde_json::{Value, json};

use crate::support::rig::Rig;
use crate::support::{hold, runtimes, scenario, threads, virtual_cpus};

/// The longest duration that a report distinguishes from longer ones.
const LONGEST: u64 = 60_000_000_000;

/// Runs a script, of which every event is kept.
fn run(machine: Value, seed: u64, script: &Value) -> (Report, Vec<Record>) {
    let mut rig = Rig::new(machine, virtual_cpus(seed));
    rig.session.observe(Detail::Everything);
    rig.all(script);
    let report = rig.session.finish();
    assert!(report.ok, "{:#?}", report.failures);
    assert!(report.events.0.iter().all(|(_, ring)| ring.dropped == 0), "{:?}", report.events);
    (report, rig.machine().trace.records())
}

/// Three demand-zero faults, five hard ones, two soft ones, and two writes to a read-only page; the last op makes one fault wait for another on the same page.
fn every_kind() -> Value {
    let write = |process: &str, page: u32| json!({"op": "write", "process": process, "page": page, "value": 7});
    let read = |process: &str, page: u32| json!({"op": "read", "process": process, "page": page});
    let evict = |page: u32| json!({"op": "evict", "process": "a", "page": page});
    json!([
        {"op": "spawn", "as": "a", "pages": 4},
        // Demand-zero: 3. The second write to a page is a hit.
        write("a", 0), write("a", 1), write("a", 2), write("a", 0),
        // Hard: 2.
        evict(0), read("a", 0), evict(1), write("a", 1),
        {"op": "fork", "process": "a", "as": "b"},
        // Write-protect: a copy, and the last sharer's page made writable in place.
        write("a", 0), write("b", 0),
        // Hard, and soft for the relative, which finds the frame.
        evict(2), read("a", 2), read("b", 2),
        evict(1), read("a", 1), read("b", 1),
        // Hard for one, collided for the other.
        evict(2),
        {"op": "together", "scripts": [[read("a", 2)], [read("a", 2)]]},
    ])
}

#[test]
fn s1_every_kind_of_fault_is_counted_once() {
    for seed in 0..20 {
        let report = hold(&scenario(json!({}), virtual_cpus(seed), every_kind()));
        let counts =
            FaultKind::ALL.map(|(_, name)| report.latency.get(name).map_or(0, |l| l.count));
        let [demand_zero, soft, hard, write_protect, collided] = counts;
        assert_eq!(counts, [3, 2, 5, 2, 1], "seed {seed}");
        let counters = &report.counters;
        assert_eq!(
            [
                counters.demand_zero,
                counters.soft,
                counters.hard,
                counters.write_protect,
                counters.collided
            ],
            counts
        );
        assert_eq!(counters.faults, demand_zero + soft + hard + write_protect + collided);
        assert_eq!((counters.copies, counters.reuses), (1, 1));
        assert_eq!(counters.accesses, 14);
        // Page 2 has not changed since it was read in: its copy is still good.
        assert_eq!((counters.swap_reads, counters.swap_writes, counters.clean_drops), (5, 4, 1));
        assert_eq!(counters.evictions, 5);
    }
}

/// A kind of fault that did not happen is not reported.
#[test]
fn s1_a_report_tells_only_of_kinds_that_happened() {
    for runtime in runtimes() {
        let script = json!([{"op": "spawn", "as": "a", "pages": 4},
            {"op": "write", "process": "a", "page": 0, "value": 1}]);
        let report = hold(&scenario(json!({}), runtime, script));
        let names: Vec<_> = report.latency.0.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["demand_zero"]);
        let latency = report.latency.get("demand_zero").unwrap();
        // One fault is its own median and its own longest.
        assert!(latency.count == 1 && latency.max_ns > 0, "{latency:?}");
        let Latency { p50_ns, p99_ns, p999_ns, max_ns, .. } = *latency;
        assert_eq!([p50_ns, p99_ns, p999_ns], [max_ns; 3]);
        // A bucket is less than a hundredth wide.
        assert!(report.fault_ns.abs_diff(max_ns) <= max_ns / 100, "{}: {max_ns}", report.fault_ns);
    }
}

#[test]
fn s1_latencies_are_the_times_between_the_events_of_each_fault() {
    let work = |process: &str, seed: u64| {
        json!([{"op": "run", "process": process, "pattern": "uniform", "accesses": 150,
            "writes": 0.5, "seed": seed}])
    };
    let script = json!([
        {"op": "spawn", "as": "a", "pages": 24},
        {"op": "run", "process": "a", "cpus": 2, "pattern": "uniform", "accesses": 150, "writes": 0.8},
        {"op": "fork", "process": "a", "as": "b"},
        {"op": "together", "scripts": [work("a", 1), work("b", 2), work("b", 3)]}
    ]);
    for seed in 0..4 {
        let (report, records) = run(json!({"frames": 32, "cpus": 4}), seed, &script);
        let mut began = BTreeMap::new();
        let mut times: BTreeMap<u64, Vec<u64>> = BTreeMap::new();
        for record in &records {
            match record.event.kind {
                EventKind::FaultBegin => drop(began.insert(record.cpu, record.time())),
                EventKind::FaultEnd if record.event.a > 0 => {
                    let time = record.time() - began.remove(&record.cpu).unwrap();
                    times.entry(record.event.a - 1).or_default().push(time);
                }
                _ => {}
            }
        }
        let mut total = 0;
        for (kind, name) in FaultKind::ALL {
            let times = times.remove(&(kind as u64)).unwrap_or_default();
            assert!(!times.is_empty(), "seed {seed} has no {name}");
            let mut histogram = Histogram::<u64>::new_with_bounds(1, LONGEST, 2).unwrap();
            times.iter().for_each(|time| histogram.record(*time).unwrap());
            let expected = Latency {
                count: times.len() as u64,
                p50_ns: histogram.value_at_quantile(0.5),
                p99_ns: histogram.value_at_quantile(0.99),
                p999_ns: histogram.value_at_quantile(0.999),
                max_ns: histogram.max(),
            };
            assert_eq!(report.latency.get(name), Some(&expected), "seed {seed}, {name}");
            assert!(expected.max_ns >= *times.iter().max().unwrap());
            total += times.iter().sum::<u64>();
        }
        assert!(report.fault_ns.abs_diff(total) <= total / 100, "{}: {total}", report.fault_ns);
    }
}

#[test]
fn s2_what_locks_cost_is_what_happened_to_each() {
    let script = json!([
        {"op": "spawn", "as": "a", "pages": 40},
        {"op": "run", "process": "a", "cpus": 4, "pattern": "uniform", "accesses": 240, "writes": 0.7},
        {"op": "fork", "process": "a", "as": "b"}, {"op": "kill", "process": "a"}
    ]);
    for locks in [json!("entry"), json!("table"), json!("machine")] {
        let machine = json!({"frames": 24, "cpus": 4, "pte_locks": locks, "cpu_cache": 0,
            "slot_finder": "scan"});
        let (report, records) = run(machine, 3, &script);
        let mut costs = LockClass::ALL.map(|_| LockProfile::default());
        let mut taken = BTreeMap::new();
        for record in &records {
            let (class, lock) = (record.event.number as usize, record.event.a);
            let holder = (record.cpu, class, lock);
            match record.event.kind {
                EventKind::LockTake | EventKind::LockWaited => {
                    costs[class].acquisitions += 1;
                    if record.event.kind == EventKind::LockWaited {
                        costs[class].contended += 1;
                        costs[class].wait_ns += record.event.b;
                    }
                    assert_eq!(taken.insert(holder, record.time()), None, "taken twice");
                }
                EventKind::LockRelease => {
                    costs[class].hold_ns += record.time() - taken.remove(&holder).unwrap();
                }
                _ => {}
            }
        }
        assert!(taken.is_empty(), "{taken:?} are held at the end");
        for (class, expected) in LockClass::ALL.into_iter().zip(costs) {
            assert!(expected.acquisitions > 0, "{}", class.name());
            assert_eq!(report.locks.get(class.name()), Some(&expected), "{}", class.name());
        }
        assert!(report.locks.get("list").unwrap().contended > 0, "{:?}", report.locks);
    }
}

/// The task that a wait names has the lock: the one that took it last and has not released it, or, between a
/// release and the turn of the task that it was handed over to, the next that takes it.
#[test]
fn w3_a_wait_for_a_lock_names_the_task_that_has_it() {
    let script = json!([
        {"op": "spawn", "as": "a", "pages": 40},
        {"op": "run", "process": "a", "cpus": 4, "pattern": "uniform", "accesses": 240, "writes": 0.7},
    ]);
    let mut named = 0;
    for (locks, release) in [("entry", true), ("table", false), ("machine", false)] {
        let machine = json!({"frames": 24, "cpus": 4, "pte_locks": locks, "cpu_cache": 0,
            "early_release": release});
        let (_, records) = run(machine, 3, &script);
        let mut holders = BTreeMap::new();
        let mut awaited: Vec<((u32, u64), u64)> = Vec::new();
        for Record { cpu, event, .. } in &records {
            let lock = (event.number, event.a);
            match event.kind {
                EventKind::LockWait => match holders.get(&lock) {
                    Some(holder) => {
                        assert_eq!(event.b, 1 + u64::from(*holder), "{event:?}");
                        named += 1;
                    }
                    None => awaited.push((lock, event.b)),
                },
                EventKind::LockTake | EventKind::LockWaited => {
                    let task = 1 + u64::from(*cpu);
                    awaited.retain(|(other, holder)| {
                        assert!(*other != lock || *holder == task, "{event:?} by {cpu}");
                        *other != lock
                    });
                    holders.insert(lock, *cpu);
                }
                EventKind::LockRelease => {
                    holders.remove(&lock);
                }
                _ => {}
            }
        }
        assert!(awaited.is_empty(), "{awaited:?}");
    }
    assert!(named > 20, "{named}");
}

/// On threads a lock that no other thread wants is counted as often, and never waited for.
#[test]
fn s2_on_threads_every_acquisition_is_counted() {
    let script = json!([{"op": "spawn", "as": "a", "pages": 40},
        {"op": "run", "process": "a", "pattern": "sequential", "writes": 1.0}]);
    let machine = json!({"cpus": 1, "pte_locks": "table", "cpu_cache": 0, "zeroer": false});
    let report = |runtime: Value| hold(&scenario(machine.clone(), runtime, script.clone()));
    let (real, simulated) = (report(threads()), report(virtual_cpus(1)));
    for class in LockClass::ALL {
        let profiles = [&real, &simulated].map(|report| report.locks.get(class.name()).unwrap());
        let [real, simulated] = profiles.map(|profile| profile.acquisitions);
        assert_eq!(real, simulated, "{}", class.name());
    }
    assert_eq!(real.counters.get(faultline::scenario::CounterName::Faults), 40);
}

/// Each counter of the machine has its place in the report, under its own name.
#[test]
fn s2_a_report_has_each_counter_under_its_name() {
    let mut rig = Rig::new(json!({"cpus": 1}), virtual_cpus(1));
    for (number, (counter, _)) in (1..).zip(Counter::ALL) {
        rig.machine().stats.add(0, counter, 1_000_000 * number);
    }
    let report = serde_json::to_value(rig.session.finish()).unwrap();
    let told = report["counters"].as_object().unwrap();
    for (number, (counter, name)) in (1..).zip(Counter::ALL) {
        if counter != Counter::Switches {
            assert_eq!(told[name].as_u64().unwrap() / 1_000_000, number, "{name}");
        }
    }
    assert_eq!(told.len(), Counter::ALL.len() - 1, "switches are not told");
}
