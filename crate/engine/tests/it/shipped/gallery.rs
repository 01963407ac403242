//! Tests the gallery: each scenario shows what its sentences say, on virtual CPUs and, where time decides nothing,
//! on threads.

use std::fs;
use std::path::{Path, PathBuf};

use faultline::scenario::{
    Overrides, Report, RuntimeOptions, Scenario, Setting, Traces, parse, run,
};
use serde_json::Value;

fn scenarios() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios")
}

fn read(name: &str) -> Scenario {
    let text = fs::read_to_string(scenarios().join(name)).unwrap();
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

/// The guided experiments and the textbook tables, by their paths below `scenarios`.
fn files() -> Vec<String> {
    let mut names: Vec<_> = [folder("gallery"), folder("textbook")].concat();
    names.sort();
    names.into_iter().map(|name| format!("{name}.json")).collect()
}

/// The scenarios of each group of the catalogue, by the group's name.
fn groups() -> Vec<(String, Vec<String>)> {
    let text = fs::read_to_string(scenarios().join("gallery/catalogue.json")).unwrap();
    let rows: Vec<Value> = serde_json::from_str(&text).unwrap();
    let names = |row: &Value| {
        let names = row["scenarios"].as_array().unwrap().iter();
        names.map(|name| name.as_str().unwrap().to_owned()).collect()
    };
    rows.iter().map(|row| (row["group"].as_str().unwrap().to_owned(), names(row))).collect()
}

/// The files of a folder of `scenarios`, as the catalogue names them.
fn folder(name: &str) -> Vec<String> {
    let files = fs::read_dir(scenarios().join(name)).unwrap();
    let files = files.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let names = files.filter_map(|file| file.strip_suffix(".json").map(str::to_owned));
    let prefix = if name.is_empty() { String::new() } else { format!("{name}/") };
    names.filter(|name| name != "catalogue").map(|name| format!("{prefix}{name}")).collect()
}

#[test]
fn the_catalogue_has_every_scenario_once() {
    let mut listed: Vec<_> = groups().into_iter().flat_map(|(_, names)| names).collect();
    let mut all = [folder(""), folder("gallery"), folder("textbook"), folder("bugs")].concat();
    listed.sort();
    all.sort();
    assert_eq!(listed, all);
}

/// The document of a scenario; a bug's is not read, as only a teaching build has bugs.
fn document(name: &str) -> Value {
    let text = fs::read_to_string(scenarios().join(format!("{name}.json"))).unwrap();
    serde_json::from_str(&text).unwrap()
}

#[test]
fn each_guided_experiment_and_each_bug_says_what_to_look_for() {
    let words = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    for (group, names) in groups() {
        for name in
            names.iter().filter(|_| ["guided", "textbook", "bugs"].contains(&group.as_str()))
        {
            let document = document(name);
            assert!(words(&document["about"]).ends_with(['.', '?']), "{name} has no text");
            let script = document["script"].as_array().unwrap();
            assert!(script.iter().any(|op| op["note"].is_string()), "{name} has no note");
            let asks = script.iter().any(|op| words(&op["question"]["ask"]).contains('?'));
            assert_eq!(asks, group != "bugs", "{name}");
        }
    }
}

/// Each variant is a scenario that holds: what it changes in the machine, it changes in what is expected of it.
#[test]
fn p17_each_variant_of_a_guided_experiment_and_a_textbook_table_holds() {
    let mut count = 0;
    for name in files() {
        let text = fs::read_to_string(scenarios().join(&name)).unwrap();
        for variant in read(&name).variants {
            let set: Vec<Setting> = variant.iter().map(|one| one.parse().unwrap()).collect();
            let scenario = Overrides::of(&set).parse(&text).unwrap();
            held(&format!("{name} with {variant:?}"), &scenario);
            count += 1;
        }
    }
    assert!(count >= 5, "{count}");
}

#[test]
fn each_scenario_holds_on_virtual_cpus_and_expects_something() {
    for name in files() {
        let scenario = read(&name);
        let text = fs::read_to_string(scenarios().join(&name)).unwrap();
        assert!(text.contains("\"expect\""), "{name} expects nothing");
        held(&name, &scenario);
    }
}

#[test]
fn what_time_does_not_decide_holds_on_threads() {
    // Which CPU comes first to a frame or to a lock is chance on threads.
    let by_chance = [
        "gallery/collided.json",
        "gallery/read-ahead.json",
        "gallery/soft-fault.json",
        "gallery/thrashing.json",
    ];
    for name in files().iter().filter(|name| !by_chance.contains(&name.as_str())) {
        let mut scenario = read(name);
        scenario.runtime = RuntimeOptions::Threads {};
        held(name, &scenario);
    }
}

#[test]
fn s17_beladys_anomaly_one_frame_more_is_one_fault_more_under_fifo() {
    let mut scenario = read("gallery/belady.json");
    scenario.script.pop().expect("what is expected of the machine as it is");
    let faults = |scenario: &Scenario| held("belady.json", scenario).counters.faults;
    assert_eq!(faults(&scenario), 9);
    scenario.machine.frames += 1;
    assert_eq!(faults(&scenario), 10);
}

#[test]
fn s2_one_lock_for_all_ptes_makes_32_cpus_wait_and_one_for_each_makes_none() {
    let mut scenario = read("gallery/lock-contention.json");
    let pte = |report: &Report| report.locks.get("pte").unwrap().contended;
    let one = held("lock-contention.json", &scenario);
    scenario.machine.pte_locks = faultline::options::PteLocks::Entry;
    let each = held("lock-contention.json", &scenario);
    assert!(pte(&one) > 1000, "{}", pte(&one));
    assert_eq!(pte(&each), 0);
    assert!(one.time_ns > 10 * each.time_ns, "{} against {}", one.time_ns, each.time_ns);
}

/// Of the two passes over the pages the one along them has less to wait for with pages read ahead, and the one at random
/// reads more; the slots lead to the same pages as the addresses where the pages were written in their order.
#[test]
fn s20_reading_ahead_wins_along_the_pages_and_loses_at_random() {
    let text = fs::read_to_string(scenarios().join("ladder/read-ahead.json")).unwrap();
    let report = |pattern: &str, read_ahead: u32, by: &str| {
        let set = [
            format!("/script/2/pattern={pattern}"),
            format!("/machine/read_ahead={read_ahead}"),
            format!("/machine/read_ahead_by={by}"),
        ]
        .map(|one| one.parse::<Setting>().unwrap());
        held("read-ahead.json", &Overrides::of(&set).parse(&text).unwrap())
    };
    for by in ["slot", "address"] {
        let along = [0, 7].map(|read_ahead| report("sequential", read_ahead, by).time_ns);
        assert!(along[0] > 4 * along[1], "{by}: {along:?}");
        let about = [0, 7].map(|read_ahead| report("uniform", read_ahead, by));
        assert!(about[0].time_ns < about[1].time_ns, "{by}");
        let counters = &about[1].counters;
        assert!(counters.read_ahead_misses > 10 * counters.read_ahead_hits, "{counters:?}");
    }
}

#[test]
fn putting_one_of_two_processes_to_sleep_ends_the_thrashing() {
    let scenario = read("gallery/thrashing.json");
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
