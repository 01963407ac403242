//! Tests how a scenario says where its schema is, so that an editor completes what is typed: the schema's name
//! stays, each shipped scenario says where it is, and nothing that happens depends on it.

use std::fs;
use std::path::{Path, PathBuf};

use faultline::scenario::{Scenario, Traces, parse, run, schema};
use serde_json::Value;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios")
}

/// Reads all scenarios that are shipped: their files and texts.
fn shipped() -> Vec<(PathBuf, String)> {
    let mut open = vec![folder()];
    let mut found = Vec::new();
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if let Ok(text) = fs::read_to_string(&path)
                && text.contains("\"faultline\": 1")
            {
                found.push((path, text));
            }
        }
    }
    assert!(found.len() > 60, "{}", found.len());
    found
}

#[test]
fn r5_the_schema_has_a_name_that_stays_and_each_shipped_scenario_says_where_it_is() {
    let text = schema();
    let value: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(value["$id"], "urn:faultline:scenario:1");
    for (path, document) in shipped() {
        let document: Value = serde_json::from_str(&document).unwrap();
        let said = document["$schema"].as_str().unwrap_or_else(|| panic!("{}", path.display()));
        let there = fs::read_to_string(path.with_file_name(said)).unwrap();
        assert!(there == format!("{text}\n"), "{said} is not current: npm run types");
    }
}

#[test]
fn r5_where_the_schema_is_changes_nothing_that_happens() {
    let text = fs::read_to_string(folder().join("fork-write.json")).unwrap();
    let saying = parse(&text).unwrap();
    assert_eq!(saying.schema, "../docs/scenario-1.schema.json");
    // It is written again as it was read.
    assert_eq!(serde_json::to_value(&saying).unwrap()["$schema"], saying.schema);
    let silent = Scenario { schema: String::new(), ..saying.clone() };
    let [one, other] = [&saying, &silent]
        .map(|scenario| run(scenario, Traces::default(), &mut |_, _| {}).unwrap());
    assert!(one.ok, "{:?}", one.failures);
    assert!(one.trace_hash.is_some());
    assert_eq!(one.trace_hash, other.trace_hash);
    assert_eq!(one.state_hash, other.state_hash);
}

#[test]
fn r5_where_the_schema_is_has_to_be_a_text() {
    let error = parse(r#"{"$schema": 1, "faultline": 1}"#).unwrap_err();
    assert_eq!((&*error.path, &*error.found), ("/$schema", "1"));
}
