//! Tests that the published schema and the reader agree (R5), by a validator that shares nothing with the reader.

use std::fs;
use std::path::Path;

use faultline::scenario::{parse, schema};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Value, json};

use super::json_schema::is_valid;

/// The limits that the schema cannot say, because they depend on another key.
const BETWEEN_KEYS: &[&str] = &[
    "/cpus",
    "/cpu",
    "/pages",
    "/at_least",
    "/trim/low",
    "/trim/high",
    "/may_fail",
    "/times",
    "/question",
];

fn published() -> Value {
    serde_json::from_str(&schema()).unwrap()
}

fn shipped() -> Vec<Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios");
    let mut files: Vec<_> =
        fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.extend(
        ["base", "churn", "read-ahead"].map(|name| folder.join(format!("ladder/{name}.json"))),
    );
    files.retain(|file| file.is_file());
    files.sort();
    files
        .iter()
        .map(|file| serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap())
        .collect()
}

/// Each op and each pattern once.
fn every_op() -> Value {
    json!({
        "faultline": 1, "title": "", "runtime": {"kind": "threads"},
        "machine": {"pte_locks": "entry", "trim": {"low": 2}, "cpu_cache": 0, "early_release": false},
        "script": [
            {"op": "spawn", "as": "a", "pages": 8},
            {"op": "write", "process": "a", "page": 3, "offset": 8, "value": 42},
            {"op": "read", "process": "a", "page": 3, "offset": 8, "expect": 42},
            {"op": "fork", "process": "a", "as": "b", "fails": "out-of-memory"},
            {"op": "evict", "process": "a", "page": 3},
            {"op": "sleep", "process": "a"},
            {"op": "wake", "process": "a"},
            {"op": "switch", "cpu": 0, "process": "a"},
            {"op": "run", "process": "a", "cpus": 2, "pattern": {"zipf": 0.99}, "pages": [0, 8], "accesses": 9},
            {"op": "run", "process": "a", "pattern": {"phases": [{"pattern": "uniform", "pages": [1, 2]}]}},
            {"op": "run", "process": "a", "pattern": {"trace": "sort"}, "writes": 0.5, "seed": 3},
            {"op": "together", "scripts": [[{"op": "kill", "process": "a"}], []]},
            {"op": "settle"},
            {"op": "expect", "process": "a", "page": 3, "pte": "zero", "shared": 0},
            {"op": "expect", "counter": "soft", "at_least": 0, "at_most": 5},
            {"op": "audit"},
            {"op": "kill", "process": "b", "may_fail": ["not-running"]},
            {"op": "mark", "as": "m"},
            {"op": "expect", "counter": "soft", "since": "m", "equals": 0},
            {"op": "expect", "frames": "protected", "equals": 3},
            {"op": "expect", "list": "active", "at_least": 0},
            {"op": "expect", "slots": "free", "at_most": 5},
            {"op": "expect", "process": "a", "page": 3, "dirty": false, "accessed": true, "writable": false,
             "same_frame_as": {"process": "b", "page": 3}, "other_frame_than": {"process": "b", "page": 4}},
            {"op": "expect", "process": "a", "parent": null, "state": "terminated", "pages": 0},
            {"op": "expect", "process": "a", "parent": "b"},
            {"op": "check", "process": "a"},
            {"op": "repeat", "times": 2, "script": [
                {"op": "check"}, {"op": "together", "scripts": [[{"op": "kill", "process": "a#"}], []]}]},
            {"op": "together", "scripts": [[{"op": "repeat", "times": 3, "script": [{"op": "audit"}]}]]}
        ]
    })
}

fn places(value: &Value, at: &str, all: &mut Vec<String>) {
    all.push(at.to_owned());
    match value {
        Value::Object(map) => {
            map.iter().for_each(|(key, value)| places(value, &format!("{at}/{key}"), all))
        }
        Value::Array(list) => {
            list.iter().enumerate().for_each(|(n, value)| places(value, &format!("{at}/{n}"), all))
        }
        _ => {}
    }
}

#[derive(Clone, Debug)]
enum Edit {
    Replace(Index, Value),
    Remove(Index),
    Insert(Index, &'static str, Value),
}

fn any_edit() -> impl Strategy<Value = Edit> {
    let words = select(vec![
        "lru",
        "fifo",
        "auto",
        "uniform",
        "valid",
        "copies",
        "read-only",
        "kill",
        "scan",
        "peek",
        "free",
        "active",
        "running",
        "repeat",
        "together",
        "",
    ]);
    let keys = select(vec![
        "frames",
        "page",
        "pages",
        "value",
        "fails",
        "expect",
        "writes",
        "seed",
        "cpus",
        "stride",
        "zipf",
        "may_fail",
        "since",
        "list",
        "slots",
        "counter",
        "process",
        "parent",
        "state",
        "dirty",
        "same_frame_as",
        "times",
        "script",
        "op",
        "equals",
    ]);
    let value = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-2_i64..600).prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (0_u64..1 << 54).prop_map(Value::from),
        (-2.0..20.0).prop_map(Value::from),
        (0_u32..600).prop_map(|whole| Value::from(f64::from(whole))),
        words.prop_map(Value::from),
        Just(json!([])),
        Just(json!([0, 4])),
        Just(json!({})),
        Just(json!({"region": 8})),
        Just(json!({"stride": 2})),
        Just(json!({"op": "audit"})),
        Just(json!(["not-running"])),
        Just(json!([{"op": "audit"}])),
        Just(json!({"process": "a", "page": 1})),
        Just(json!({"op": "repeat", "times": 2, "script": [{"op": "audit"}]})),
        Just(json!({"op": "together", "scripts": [[{"op": "audit"}]]})),
    ];
    prop_oneof![
        (any::<Index>(), value.clone()).prop_map(|(place, value)| Edit::Replace(place, value)),
        any::<Index>().prop_map(Edit::Remove),
        (any::<Index>(), keys, value)
            .prop_map(|(place, key, value)| Edit::Insert(place, key, value)),
    ]
}

fn apply(document: &mut Value, edit: Edit) {
    let mut all = Vec::new();
    places(document, "", &mut all);
    match edit {
        Edit::Replace(place, value) => {
            *document.pointer_mut(place.get::<String>(&all)).unwrap() = value
        }
        Edit::Remove(place) => {
            let Some((parent, key)) = place.get::<String>(&all).rsplit_once('/') else { return };
            match document.pointer_mut(parent).unwrap() {
                Value::Object(map) => drop(map.remove(key)),
                Value::Array(list) => drop(list.remove(key.parse().unwrap())),
                _ => {}
            }
        }
        Edit::Insert(place, key, value) => {
            if let Value::Object(map) = document.pointer_mut(place.get::<String>(&all)).unwrap() {
                map.insert(key.to_owned(), value);
            }
        }
    }
}

#[test]
fn r5_the_schema_accepts_every_shipped_scenario() {
    let schema = published();
    for document in shipped().into_iter().chain([every_op()]) {
        parse(&document.to_string()).unwrap();
        assert!(is_valid(&schema, &schema, &document), "{}", document["title"]);
    }
}

#[test]
fn r5_the_schema_and_the_reader_agree() {
    let schema = published();
    let base = shipped().into_iter().chain([every_op(), every_op()]).collect::<Vec<_>>();
    let edits = prop::collection::vec(any_edit(), 1..4);
    let config =
        ProptestConfig { cases: 10_000, failure_persistence: None, ..ProptestConfig::default() };
    proptest!(config, |(document in select(base), edits in edits)| {
        let mut document = document;
        for edit in edits {
            apply(&mut document, edit);
        }
        let by_schema = is_valid(&schema, &schema, &document);
        match parse(&document.to_string()) {
            Ok(_) => prop_assert!(by_schema, "the reader alone accepts {document}"),
            Err(error) if by_schema => {
                prop_assert!(BETWEEN_KEYS.iter().any(|key| error.path.ends_with(key)), "the schema alone accepts: {error}");
            }
            Err(_) => {}
        }
    });
}
