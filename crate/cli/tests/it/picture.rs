//! Tests `faultline picture` as people and scripts call it.

use std::fs;

use serde_json::Value;

use crate::support::{faultline, text};

fn output(arguments: &[&str]) -> String {
    let output = faultline(&[&["picture"], arguments].concat());
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    text(&output.stdout)
}

fn refused(arguments: &[&str]) -> String {
    let output = faultline(&[&["picture"], arguments].concat());
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert_eq!(text(&output.stdout), "");
    text(&output.stderr)
}

fn json_of(arguments: &[&str]) -> Value {
    serde_json::from_str(&output(&[arguments, &["--json"]].concat())).unwrap()
}

fn sum(numbers: &Value) -> u64 {
    numbers.as_array().unwrap().iter().map(|number| number.as_u64().unwrap()).sum()
}

#[test]
fn s6_a_picture_of_addresses_has_all_references_and_the_ranges_that_the_trace_tells() {
    let all = json_of(&["addresses", "matrix-ikj"]);
    assert_eq!((all["references"].as_u64(), sum(&all["counts"])), (Some(19_860), 19_860));
    assert_eq!((sum(&all["writes"]), all["pages"].as_u64()), (5_079, Some(227)));
    assert_eq!((all["columns"].as_u64(), all["rows"].as_u64()), (Some(240), Some(96)));
    let areas = all["areas"].as_array().unwrap();
    assert!(areas.iter().any(|area| area["name"] == "stack"), "{areas:?}");
    let pages: u64 = areas.iter().map(|area| area["places"].as_u64().unwrap()).sum();
    assert_eq!(pages, 227);
    // The lines of the table of cells are the same references.
    let csv = output(&["addresses", "matrix-ikj", "--csv"]);
    let counts = csv.lines().skip(1).map(|line| line.split(',').nth(5).unwrap());
    assert_eq!(counts.map(|count| count.parse::<u64>().unwrap()).sum::<u64>(), 19_860);
    // A part has a part of them, and a trace without addresses has pages.
    let part = json_of(&["addresses", "matrix-ikj", "--references", "100..199"]);
    assert_eq!((sum(&part["counts"]), part["columns"].as_u64()), (100, Some(100)));
    assert!(output(&["addresses", "sort"]).contains("pages 0 to 27"));
}

#[test]
fn s6_a_working_set_over_time_is_told_for_each_window() {
    let sets = json_of(&["working-set", "sort", "--windows", "1,1000", "--stretches", "10"]);
    let sets = sets["working_sets"].as_array().unwrap();
    assert_eq!((sets.len(), sets[0]["mean"].as_f64()), (2, Some(1.0)));
    assert_eq!(sets[1]["means"].as_array().unwrap().len(), 10);
    assert!(sets[1]["mean"].as_f64().unwrap() > 5.0);
    let usual = output(&["working-set", "sort", "--csv"]);
    assert_eq!(usual.lines().count(), 601);
    assert!(refused(&["working-set", "sort", "--windows", "0"]).contains("0 is not in 1.."));
}

#[test]
fn s6_reuse_distances_count_each_reference_once() {
    let found = json_of(&["reuse", "sort"]);
    let buckets = found["distances"].as_array().unwrap();
    let again: u64 = buckets.iter().map(|bucket| bucket["references"].as_u64().unwrap()).sum();
    assert_eq!(again + found["first_uses"].as_u64().unwrap(), 143_891);
    assert_eq!(found["first_uses"], 231);
    assert!(output(&["reuse", "sort"]).contains("first use"));
}

#[test]
fn s6_pictures_are_drawn_as_svg_and_overwrite_no_trace() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("picture.svg");
    let path = file.to_str().unwrap();
    for (kind, mark) in
        [("addresses", "<path opacity"), ("working-set", "<polyline"), ("reuse", "<polygon")]
    {
        output(&[kind, "compiler", "--svg", path]);
        let svg = fs::read_to_string(&file).unwrap();
        assert!(svg.contains(mark) && svg.ends_with("</svg>\n"), "{kind}");
        assert!(svg.len() < 400_000, "{kind}: {}", svg.len());
    }
    let trace = folder.path().join("trace");
    fs::write(&trace, "1\n2\n").unwrap();
    let trace = trace.to_str().unwrap();
    assert!(refused(&["reuse", trace, "--svg", trace]).contains("is the trace itself"));
    let message = refused(&["addresses", trace, "--references", "0..2"]);
    assert!(message.contains("there is no reference 2; legal: at most 1"), "{message}");
}

#[test]
fn s6_thrashing_is_told_with_its_knee_for_a_scenario_a_trace_and_the_usual_program() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("rounds.json");
    let scenario = r#"{"faultline": 1, "title": "Rounds", "script": [
        {"op": "spawn", "as": "p", "pages": 16},
        {"op": "run", "process": "p", "pattern": "sequential", "accesses": 256, "writes": 1}]}"#;
    fs::write(&file, scenario).unwrap();
    let file = file.to_str().unwrap();
    let drawing = folder.path().join("curve.svg");
    let found = json_of(&[
        "thrashing",
        file,
        "--processes",
        "1..6,8",
        "--set",
        "/machine/policy=fifo",
        "--svg",
        drawing.to_str().unwrap(),
    ]);
    assert_eq!((found["program"].as_str(), found["frames"].as_u64()), (Some("Rounds"), Some(73)));
    let loads = found["loads"].as_array().unwrap();
    let processes: Vec<_> = loads.iter().map(|load| load["processes"].as_u64().unwrap()).collect();
    assert_eq!(processes, [1, 2, 3, 4, 5, 6, 8]);
    let knee = found["knee"]["processes"].as_u64().unwrap();
    assert!((3..=4).contains(&knee), "{found}");
    let svg = fs::read_to_string(&drawing).unwrap();
    assert!(svg.contains(">knee</text>") && svg.ends_with("</svg>\n"));
    let text = output(&["thrashing", file, "--processes", "1..6", "--set", "/machine/policy=fifo"]);
    assert!(text.contains(&format!("The knee is at {knee}: so many processes")), "{text}");

    // Where all have room there is no knee, and the CPUs are all that counts.
    let text = output(&["thrashing", "matrix-ikj", "--processes", "1,2", "--accesses", "5000"]);
    assert!(text.contains("There is no knee"), "{text}");
    let csv = output(&["thrashing", "--processes", "2", "--accesses", "2000", "--csv"]);
    let line: Vec<_> = csv.lines().nth(1).unwrap().split(',').collect();
    assert_eq!((line[0], line[5], line[9]), ("2", "4000", "false"));
}

#[test]
fn s6_thrashing_refuses_what_cannot_run_in_so_many_processes() {
    let message = refused(&["thrashing", "none"]);
    assert!(
        message.contains("none: ") && message.contains("legal: a file, or compiler,"),
        "{message}"
    );
    let message = refused(&["thrashing", "--frames", "40"]);
    assert!(
        message.contains("40 frames are too few for the page tables of 20 processes"),
        "{message}"
    );
    assert!(message.contains("legal: at least 101"), "{message}");
    assert!(
        refused(&["thrashing", "--processes", "3..1"]).contains("legal: a number from 1 to 128")
    );
}
