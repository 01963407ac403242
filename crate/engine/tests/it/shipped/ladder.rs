//! Tests the notes' ladder: pairs of scenarios that differ in one switch, and the counters that show it.

use std::path::Path;

use faultline::scenario::{Report, parse};
use serde_json::{Value, json};

use crate::support::{hold, run_it};

fn shipped(name: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios").join(name);
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// The rows of the table of switches.
fn rows() -> Vec<Value> {
    shipped("ladder/switches.json").as_array().unwrap().clone()
}

/// The two sides of a row, in full.
fn pair(row: &Value) -> [Value; 2] {
    let base = row.get("base").map_or("base", |base| base.as_str().unwrap());
    let mut document = shipped(&format!("ladder/{base}.json"));
    for (place, value) in row.get("with").and_then(Value::as_object).into_iter().flatten() {
        *document.pointer_mut(place).unwrap() = value.clone();
    }
    let side = |index: usize| {
        let mut document = document.clone();
        let place = row["switch"].as_str().unwrap();
        *document.pointer_mut(place).unwrap() = row["sides"][index].clone();
        document
    };
    [side(0), side(1)]
}

/// The places where two documents differ.
fn differences(left: &Value, right: &Value, path: &str) -> Vec<String> {
    match (left, right) {
        (Value::Object(left), Value::Object(right)) if left.keys().eq(right.keys()) => left
            .iter()
            .flat_map(|(key, value)| differences(value, &right[key], &format!("{path}/{key}")))
            .collect(),
        (Value::Array(left), Value::Array(right)) if left.len() == right.len() => (0..left.len())
            .flat_map(|at| differences(&left[at], &right[at], &format!("{path}/{at}")))
            .collect(),
        _ if left == right => Vec::new(),
        _ => vec![path.to_owned()],
    }
}

fn report(document: &Value) -> Report {
    let scenario = parse(&document.to_string()).unwrap_or_else(|error| panic!("{error}"));
    hold(&scenario)
}

#[test]
fn s1_the_ladder_stands_on_the_notes_machine() {
    let notes = shipped("notes-machine.json");
    for name in ["ladder/base.json", "ladder/churn.json"] {
        let base = shipped(name);
        assert_eq!(base["machine"], notes["machine"], "{name}");
        assert_eq!(base["runtime"], notes["runtime"], "{name}");
    }
    let machine = &notes["machine"];
    assert_eq!([&machine["frames"], &machine["slots"], &machine["cpus"]], [1024, 1024, 8]);
    assert_eq!(notes["script"][0]["pages"], 2047);
}

#[test]
fn s1_the_two_sides_of_a_rung_differ_in_one_switch_and_end_alike() {
    let rows = rows();
    assert!(rows.len() >= 14);
    for row in &rows {
        let [left, right] = pair(row);
        assert_eq!(differences(&left, &right, ""), [row["switch"].as_str().unwrap()]);
        let mut ends = Vec::new();
        for runtime in [left["runtime"].clone(), json!({"kind": "threads"})] {
            for side in [&left, &right] {
                let mut side = side.clone();
                side["runtime"] = runtime.clone();
                ends.push(report(&side).state_hash);
            }
        }
        ends.dedup();
        assert_eq!(ends.len(), 1, "{}: {ends:?}", row["name"]);
    }
}

/// Ahead of need (S5): the CPUs wait for frames less often than with a watermark, far less where one
/// trimmer can keep up with eight CPUs. With swap that is as fast as memory it cannot.
#[test]
fn s5_with_the_predictive_trigger_cpus_wait_less_for_frames() {
    let rows = rows();
    let row = rows.iter().find(|row| row["name"] == "predictive").unwrap();
    for (disk, times) in [(600, 1), (5_000, 10), (80_000, 10)] {
        let [watermark, predictive] = pair(row).map(|mut side| {
            side["runtime"]["costs"] = json!({"disk_read": disk, "disk_write": disk});
            side["script"][1]["accesses"] = json!(150_000);
            let waits = (0..3).map(|seed| {
                side["runtime"]["seed"] = json!(seed);
                report(&side).counters.frame_waits
            });
            waits.sum::<u64>()
        });
        assert!(times * predictive < watermark, "{disk} ns: {predictive} against {watermark}");
    }
}

/// With nothing but frames and slots for its pages, the machine of the notes holds 2,042 of the
/// 2,047 pages that they want: four tables, a directory and the zero page have frames too.
#[test]
fn s1_the_notes_machine_holds_all_but_five_pages() {
    let mut notes = shipped("notes-machine.json");
    let run = |pages: u32| {
        json!({"op": "run", "process": "notes", "pattern": "sequential", "pages": [0, pages],
            "writes": 1, "seed": 1})
    };
    for (pages, fits) in [(2042, true), (2043, false)] {
        notes["script"] = json!([{"op": "spawn", "as": "notes", "pages": 2047}, run(pages)]);
        let report = run_it(&parse(&notes.to_string()).unwrap());
        assert_eq!(report.ok, fits, "{pages}: {:?}", report.failures);
    }
}
