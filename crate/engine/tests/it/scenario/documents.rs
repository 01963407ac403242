//! Has a document with every op, from which tests of the reader make what it accepts and what it refuses.

use faultline::scenario::{Scenario, ScenarioError, parse};
use serde_json::{Value, json};

/// A document with every op and nearly every key.
pub(super) fn everything() -> Value {
    let mut document = json!({
        "faultline": 1,
        "title": "Fork, write, and who pays",
        "machine": {
            "frames": 64, "slots": 256, "cpus": 2, "dispatch": "auto", "reads": "hardware", "eviction": "pipelined",
            "pte_locks": {"region": 64}, "early_release": true, "policy": "clock",
            "trim": {"trigger": "watermark", "low": 8, "high": 16, "batch": 16},
            "write_batch": 16, "standby_batch": 16, "free_lists": 4, "cpu_cache": 8, "zeroer": true,
            "slot_finder": "bitmap", "shootdown": "batched"
        },
        "runtime": {"kind": "virtual", "seed": 7, "costs": {"disk_read": 80000}},
        "script": [
            {"op": "spawn", "as": "init", "pages": 512},
            {"op": "write", "process": "init", "page": 3, "offset": 8, "value": 42},
            {"op": "fork", "process": "init", "as": "child"},
            {"op": "read", "process": "child", "page": 3, "offset": 8, "expect": 42},
            {"op": "evict", "process": "init", "page": 3},
            {"op": "sleep", "process": "child"},
            {"op": "write", "process": "child", "page": 0, "value": 1, "fails": "not-running"},
            {"op": "wake", "process": "child"},
            {"op": "kill", "process": "child"},
            {"op": "switch", "cpu": 0, "process": "init"},
            {"op": "run", "process": "init", "cpus": 2, "pattern": {"zipf": 0.99}, "pages": [0, 256],
             "accesses": 10000, "writes": 0.3, "seed": 1},
            {"op": "run", "process": "init", "pattern": "uniform", "accesses": 10},
            {"op": "run", "process": "init", "pattern": {"stride": 7}, "accesses": 10},
            {"op": "run", "process": "init", "pattern": {"trace": "ls"}},
            {"op": "run", "process": "init", "pattern": {"phases": [
                {"pattern": "sequential", "pages": [0, 8], "accesses": 5, "writes": 1},
                {"pattern": {"zipf": 1}}]}, "accesses": 10},
            {"op": "together", "scripts": [
                [{"op": "read", "process": "init", "page": 0}],
                [{"op": "write", "process": "init", "page": 1, "value": 9_007_199_254_740_991_u64}]]},
            {"op": "settle"},
            {"op": "expect", "process": "init", "page": 3, "pte": "valid", "shared": 1},
            {"op": "expect", "counter": "copies", "equals": 1},
            {"op": "expect", "counter": "faults", "at_least": 1, "at_most": 9},
            {"op": "audit"},
            {"op": "read", "process": "init", "page": 0, "may_fail": ["not-running", "swap-failed"]},
            {"op": "mark", "as": "here"},
            {"op": "expect", "counter": "swap_reads", "since": "here", "equals": 0},
            {"op": "expect", "frames": "free", "at_least": 1},
            {"op": "expect", "list": "standby", "at_most": 60},
            {"op": "expect", "slots": "used", "at_least": 0, "at_most": 9},
            {"op": "expect", "process": "init", "page": 3, "dirty": true, "accessed": true, "writable": false,
             "same_frame_as": {"process": "init", "page": 3}, "other_frame_than": {"process": "init", "page": 4}},
            {"op": "expect", "process": "init", "parent": null, "state": "running", "pages": 512},
            {"op": "expect", "process": "init", "parent": "nobody"},
            {"op": "check"},
            {"op": "check", "process": "init"},
            {"op": "repeat", "times": 3, "script": [
                {"op": "fork", "process": "init", "as": "child-#"},
                {"op": "together", "scripts": [[{"op": "kill", "process": "child-#"}], []]}]},
            {"op": "together", "scripts": [[{"op": "repeat", "times": 2, "script": [{"op": "settle"}]}]]}
        ]
    });
    let references = json!({"op": "run", "process": "init", "pattern": {"pages": [7, 0, "1w"]}});
    document["script"].as_array_mut().unwrap().push(references);
    document
}

/// Reads a document.
pub(super) fn read(document: &Value) -> Result<Scenario, ScenarioError> {
    parse(&document.to_string())
}

/// Returns the error after `value` was put at `pointer` of the whole document.
pub(super) fn refuse(pointer: &str, value: Value) -> String {
    let mut document = everything();
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    match document.pointer_mut(parent).unwrap() {
        Value::Object(map) => {
            map.insert(key.into(), value);
        }
        Value::Array(list) => list[key.parse::<usize>().unwrap()] = value,
        _ => unreachable!(),
    }
    read(&document).unwrap_err().to_string()
}

/// Returns the error of the whole document after the key at `pointer` was taken away.
pub(super) fn without(pointer: &str) -> String {
    let mut document = everything();
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    document.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(key).unwrap();
    read(&document).unwrap_err().to_string()
}
