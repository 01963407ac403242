//! Tests the gallery: each scenario shows what its sentences say, on virtual CPUs and, where time decides nothing,
//! on threads.

use std::fs;
use std::path::{Path, PathBuf};

use faultline::scenario::{Report, RuntimeOptions, Scenario, Traces, parse, run};
use serde_json::Value;

fn scenarios() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios")
}

fn read(name: &str) -> Scenario {
    let text = fs::read_to_string(scenarios().join("gallery").join(name)).unwrap();
    parse(&text).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn report_of(scenario: &Scenario) -> Report {
    run(scenario, Traces::default(), &mut |_, _| {}).unwrap()
}

fn held(name: &str, scenario: &Scenario) -> Report {
    let report = report_of(scenario);
    assert!(report.ok, "{name}: {:#?}", report.failures);
    report
}

fn files() -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(scenarios().join("gallery"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name != "gallery.json")
        .collect();
    names.sort();
    names
}

fn entries() -> Vec<Value> {
    let text = fs::read_to_string(scenarios().join("gallery/gallery.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

#[test]
fn each_entry_has_a_scenario_three_sentences_and_a_question_and_each_scenario_an_entry() {
    let mut told = Vec::new();
    for entry in entries() {
        let name = entry["scenario"].as_str().unwrap();
        assert!(scenarios().join(name).exists(), "{name}");
        let about = entry["about"].as_array().unwrap();
        assert_eq!(about.len(), 3, "{name}");
        assert!(about.iter().all(|sentence| sentence.as_str().unwrap().ends_with('.')), "{name}");
        assert!(entry["find"].as_str().unwrap().contains('?'), "{name}");
        told.extend(name.strip_prefix("gallery/").map(str::to_owned));
    }
    assert!(entries().len() >= 10);
    told.sort();
    assert_eq!(told, files());
}

#[test]
fn each_scenario_holds_on_virtual_cpus_and_expects_something() {
    for name in files() {
        let scenario = read(&name);
        let text = fs::read_to_string(scenarios().join("gallery").join(&name)).unwrap();
        assert!(text.contains("\"expect\""), "{name} expects nothing");
        held(&name, &scenario);
    }
}

#[test]
fn what_time_does_not_decide_holds_on_threads() {
    // Which CPU comes first to a frame or to a lock is chance on threads.
    let by_chance = ["collided.json", "soft-fault.json", "thrashing.json"];
    for name in files().iter().filter(|name| !by_chance.contains(&name.as_str())) {
        let mut scenario = read(name);
        scenario.runtime = RuntimeOptions::Threads {};
        held(name, &scenario);
    }
}

#[test]
fn s17_beladys_anomaly_one_frame_more_is_one_fault_more_under_fifo() {
    let mut scenario = read("belady.json");
    let faults = |scenario: &Scenario| held("belady.json", scenario).counters.faults;
    assert_eq!(faults(&scenario), 9);
    scenario.machine.frames += 1;
    assert_eq!(faults(&scenario), 10);
}

#[test]
fn s2_one_lock_for_all_ptes_makes_32_cpus_wait_and_one_for_each_makes_none() {
    let mut scenario = read("lock-contention.json");
    let pte = |report: &Report| report.locks.get("pte").unwrap().contended;
    let one = held("lock-contention.json", &scenario);
    scenario.machine.pte_locks = faultline::options::PteLocks::Entry;
    let each = held("lock-contention.json", &scenario);
    assert!(pte(&one) > 1000, "{}", pte(&one));
    assert_eq!(pte(&each), 0);
    assert!(one.time_ns > 10 * each.time_ns, "{} against {}", one.time_ns, each.time_ns);
}

#[test]
fn putting_one_of_two_processes_to_sleep_ends_the_thrashing() {
    let scenario = read("thrashing.json");
    let hard_after = |lines: usize| {
        let script = scenario.script[..lines].to_vec();
        report_of(&Scenario { script, ..scenario.clone() }).counters.hard
    };
    // Lines 5 to 8 are turns of both, 11 to 13 of one alone.
    for line in 5..=8 {
        assert!(hard_after(line) - hard_after(line - 1) >= 8, "line {line}");
    }
    assert!(hard_after(11) > hard_after(10));
    assert_eq!(hard_after(13), hard_after(11));
}
