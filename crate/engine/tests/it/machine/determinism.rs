//! Tests that one scenario and seed give one run: a thousand random scenarios, each of which holds what it
//! expects and gives the same trace every time, and the same bytes on real threads.
//! `web/e2e/everywhere.test.ts` runs the same thousand in Chromium.

use faultline::scenario::parse;
use proptest::strategy::ValueTree;
use serde_json::{Value, json};

use crate::support::model::RandomScenarios;
use crate::support::{run_it, threads};

/// Says in what a scenario's runs differ.
fn differences(document: &Value) -> Result<(), String> {
    let scenario = parse(&document.to_string()).map_err(|error| error.to_string())?;
    let (first, again) = (run_it(&scenario), run_it(&scenario));
    if !first.ok {
        return Err(format!("{:?}", first.failures));
    }
    if first != again {
        return Err(format!("{:?} and then {:?}", first.trace_hash, again.trace_hash));
    }
    let mut on_threads = document.clone();
    on_threads["runtime"] = threads();
    let on_threads = run_it(&parse(&on_threads.to_string()).map_err(|error| error.to_string())?);
    if !on_threads.ok || on_threads.state_hash != first.state_hash {
        let (here, there) = (on_threads.state_hash, first.state_hash);
        return Err(format!("on threads {here}, {:?}; virtual {there}", on_threads.failures));
    }
    Ok(())
}

/// Shrinks a scenario to the simplest that still shows a difference.
fn simplest(mut tree: impl ValueTree<Value = Value>, mut why: String) -> String {
    let mut shown = tree.current();
    let mut goes_on = tree.simplify();
    for _ in 0..500 {
        if !goes_on {
            break;
        }
        goes_on = match differences(&tree.current()) {
            Err(now) => {
                (shown, why) = (tree.current(), now);
                tree.simplify()
            }
            Ok(()) => tree.complicate(),
        };
    }
    format!("{why}\n{shown}")
}

#[test]
fn r2_a_thousand_random_scenarios_run_alike_every_time_and_end_alike_on_threads() {
    let mut scenarios = RandomScenarios::new();
    let mut traces = std::collections::BTreeSet::new();
    for number in 0..1000 {
        let tree = scenarios.next();
        let document = tree.current();
        if let Err(why) = differences(&document) {
            panic!("scenario {number}: {}", simplest(tree, why));
        }
        if number < 100 {
            traces.insert(run_it(&parse(&document.to_string()).unwrap()).trace_hash);
        }
    }
    // A hash that ignored the events would be the same for all.
    assert_eq!(traces.len(), 100);
}

#[test]
fn r2_128_cpus_and_a_gibibyte_of_frames_can_be_had() {
    let document = json!({"faultline": 1,
    "machine": {"frames": 262_144, "slots": 1024, "cpus": 128, "free_lists": 64},
    "runtime": {"kind": "virtual", "seed": 3},
    "script": [
        {"op": "spawn", "as": "large", "pages": 262_144},
        {"op": "run", "process": "large", "cpus": 128, "pattern": {"stride": 13},
         "accesses": 20_000, "writes": 0.5, "seed": 1},
        {"op": "fork", "process": "large", "as": "child"},
        {"op": "run", "process": "child", "cpus": 128, "pattern": {"stride": 13},
         "accesses": 20_000, "writes": 0.5, "seed": 2},
        {"op": "kill", "process": "large"},
    ]});
    let report = run_it(&parse(&document.to_string()).unwrap());
    assert!(report.ok, "{:?}", report.failures);
    assert_eq!(report.counters.accesses, 40_000);
    assert!(report.counters.demand_zero > 9_000 && report.counters.copies > 4_000);
}
