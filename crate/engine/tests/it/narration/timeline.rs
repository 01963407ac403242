//! Tests the timeline for Perfetto: whole JSON, slices that nest, flows with both ends, counters that agree
//! with the machine.

use std::collections::BTreeMap;

use faultline::machine::Machine;
use faultline::narration::ChromeTrace;
use faultline::observe::Detail;
use faultline::runtime::now_ns;
use faultline::scenario::{Scenario, Session, Traces, play_streaming};
use serde_json::{Value, json};

use crate::support::{run_it, scenario, threads, virtual_cpus};

/// Few frames, so that pages go to swap, are rescued and come back.
fn storm(runtime: Value) -> Scenario {
    let machine = json!({"frames": 32, "slots": 128, "cpus": 2});
    let run = |process: &str, seed: u64| {
        json!({"op": "run", "process": process, "cpus": 1, "pattern": {"zipf": 0.8},
               "accesses": 400, "writes": 0.5, "seed": seed})
    };
    let script = json!([
        {"op": "spawn", "as": "a \"quoted\" name", "pages": 48},
        run("a \"quoted\" name", 1),
        {"op": "fork", "process": "a \"quoted\" name", "as": "b"},
        {"op": "together", "scripts": [[run("a \"quoted\" name", 2)], [run("b", 3)]]},
        {"op": "kill", "process": "b"},
        {"op": "read", "process": "nobody", "page": 0, "fails": "no-such-process"},
        {"op": "expect", "counter": "copies", "equals": 0},
    ]);
    scenario(machine, runtime, script)
}

/// The timeline, and the machine's state at the end, of a run that does not hold.
fn timeline(scenario: &Scenario) -> (Value, std::sync::Arc<Machine>) {
    let session = Session::open(scenario, Traces::default()).unwrap();
    session.observe(Detail::Moves);
    let (machine, names) = (session.shared_machine(), session.process_names());
    let mut out = Vec::new();
    let mut chrome = ChromeTrace::new(
        &mut out,
        "a \"storm\"",
        &machine,
        names,
        match session.workers() {
            Some(_) => now_ns(),
            None => 0,
        },
    );
    let report = play_streaming(session, scenario, &mut |_, _| {}, &mut chrome).unwrap();
    assert!(!report.ok, "pages are copied");
    chrome.finish().unwrap();
    drop(chrome);
    (serde_json::from_slice(&out).unwrap(), machine)
}

fn of_phase<'a>(timeline: &'a Value, phase: &'a str) -> impl Iterator<Item = &'a Value> {
    let events = timeline["traceEvents"].as_array().unwrap();
    events.iter().filter(move |event| event["ph"] == phase)
}

/// Faults whose slices end. Panics unless all slices nest, end, and go forward in time.
fn faults_in(timeline: &Value) -> u32 {
    let mut lanes: BTreeMap<u64, (Vec<String>, f64)> = BTreeMap::new();
    let mut faults = 0;
    for event in timeline["traceEvents"].as_array().unwrap() {
        let phase = event["ph"].as_str().unwrap();
        assert_eq!(event["pid"], 1);
        if !matches!(phase, "B" | "E" | "i") {
            continue;
        }
        let (open, last) = lanes.entry(event["tid"].as_u64().unwrap()).or_default();
        let at = event["ts"].as_f64().unwrap();
        assert!(at >= *last, "{event}");
        *last = at;
        match phase {
            "B" => open.push(event["name"].as_str().unwrap().to_owned()),
            "E" => {
                let name = open.pop().unwrap_or_else(|| panic!("{event} ends nothing"));
                faults += u32::from(name.starts_with("fault: "));
            }
            _ => {}
        }
    }
    assert!(lanes.values().all(|(open, _)| open.is_empty()), "{lanes:?}");
    faults
}

#[test]
fn w4_slices_of_a_timeline_nest_and_times_go_forward() {
    for seed in [1, 2] {
        let (timeline, _) = timeline(&storm(virtual_cpus(seed)));
        assert_eq!(timeline["otherData"]["lost_events"], "0");
        assert!(faults_in(&timeline) > 50);
    }
}

/// The reader of the rings of threads may come too late for some records, and counts them. The slices of the
/// rest nest all the same, and a run of which nothing was lost has all of its faults.
#[test]
fn w4_slices_of_a_timeline_of_threads_nest_also_where_events_were_lost() {
    let start = now_ns();
    loop {
        let (timeline, _) = timeline(&storm(threads()));
        let faults = faults_in(&timeline);
        if timeline["otherData"]["lost_events"] == "0" {
            assert!(faults > 50);
            return;
        }
        assert!(now_ns() - start < 120_000_000_000, "no run is read in time in two minutes");
    }
}

#[test]
fn w4_each_flow_leads_from_the_write_that_made_room_to_the_fault() {
    let (timeline, _) = timeline(&storm(virtual_cpus(1)));
    let ids = |phase| -> Vec<u64> {
        of_phase(&timeline, phase).map(|event| event["id"].as_u64().unwrap()).collect()
    };
    let (starts, ends) = (ids("s"), ids("f"));
    assert!(starts.len() > 10);
    assert_eq!(starts, ends, "each has both its ends, and they are its own");
    assert!(starts.is_sorted_by(|a, b| a < b));
    let at = |phase, id: u64| {
        let event = of_phase(&timeline, phase).find(|event| event["id"] == id).unwrap();
        (event["tid"].as_u64().unwrap(), event["ts"].as_f64().unwrap())
    };
    // What a lane was doing at a time: the slices around it.
    let around = |(tid, ts): (u64, f64)| {
        let mut open: Vec<&str> = Vec::new();
        let mut at_ts: Vec<String> = Vec::new();
        for event in timeline["traceEvents"].as_array().unwrap() {
            if event["tid"] == tid && event["ts"].as_f64().is_some_and(|at| at <= ts) {
                match event["ph"].as_str().unwrap() {
                    "B" => {
                        open.push(event["name"].as_str().unwrap());
                        if event["ts"].as_f64() == Some(ts) {
                            at_ts.push(open.last().unwrap().to_string());
                        }
                    }
                    "E" => drop(open.pop()),
                    _ => {}
                }
            }
        }
        open.iter().map(ToString::to_string).chain(at_ts).collect::<Vec<_>>()
    };
    for id in starts {
        assert!(at("s", id).1 <= at("f", id).1);
        let first = around(at("s", id));
        assert!(!first.is_empty());
        assert!(!around(at("f", id)).is_empty());
    }
}

#[test]
fn w4_the_counters_of_a_timeline_end_at_the_machines_state() {
    for runtime in [virtual_cpus(1), virtual_cpus(3)] {
        let (timeline, machine) = timeline(&storm(runtime));
        assert_eq!(timeline["otherData"]["lost_events"], "0");
        let mut last = BTreeMap::new();
        for event in of_phase(&timeline, "C") {
            let count = event["args"]["count"].as_i64().unwrap();
            assert!(count >= 0, "{event}");
            last.insert(event["name"].as_str().unwrap().to_owned(), count);
        }
        let mut expected = BTreeMap::new();
        for list in machine.lists.all() {
            let name = machine.lists.name(list);
            let name = name.split('/').next().unwrap().to_owned();
            *expected.entry(name).or_insert(0) += i64::from(machine.lists.count(list));
        }
        let at_hand: usize = machine.cpus.iter().map(|record| record.cached().count()).sum();
        expected.insert("at hand".to_owned(), at_hand as i64);
        let in_use = machine.swap.slots() - machine.swap.free();
        expected.insert("slots in use".to_owned(), in_use.into());
        assert_eq!(last, expected);
    }
}

#[test]
fn w4_a_timeline_does_not_change_the_run() {
    let scenario = storm(virtual_cpus(4));
    let plain = run_it(&scenario);
    let session = Session::open(&scenario, Traces::default()).unwrap();
    let (machine, names) = (session.shared_machine(), session.process_names());
    let mut chrome = ChromeTrace::new(Vec::new(), "", &machine, names, 0);
    let told = play_streaming(session, &scenario, &mut |_, _| {}, &mut chrome).unwrap();
    assert_eq!(told.trace_hash, plain.trace_hash);
}

/// The last count of each track is what the report says of the part.
#[cfg(feature = "coherence")]
#[test]
fn s2_the_timeline_counts_what_cache_lines_cost_part_by_part() {
    let runtime = json!({"kind": "virtual", "seed": 5, "coherence": true});
    let scenario = storm(runtime);
    let (timeline, _) = timeline(&scenario);
    let lines = run_it(&scenario).lines;
    let mut expected = BTreeMap::<String, (u64, u64)>::new();
    for (class, line) in &lines.0 {
        let part = class.split_once('.').map_or(class.as_str(), |(part, _)| part);
        let sum = expected.entry(format!("cache lines: {part}")).or_default();
        *sum = (sum.0 + line.transfers, sum.1 + line.lost_ns);
    }
    let mut found = BTreeMap::new();
    for event in of_phase(&timeline, "C") {
        let (name, args) = (event["name"].as_str().unwrap(), &event["args"]);
        if name.starts_with("cache lines") {
            let sums = (args["transfers"].as_u64().unwrap(), args["ns lost"].as_u64().unwrap());
            let before = found.insert(name.to_owned(), sums).unwrap_or_default();
            assert!(before.0 < sums.0 && before.1 < sums.1, "{name}: {before:?}, {sums:?}");
        }
    }
    assert!(found.len() > 5, "{found:?}");
    assert_eq!(found, expected);
}
