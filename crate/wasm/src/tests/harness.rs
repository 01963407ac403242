//! The harness of the tests: scenarios and machines.

use js_sys::Array;
use serde_json::{Value, json};
use wasm_bindgen::{JsCast, JsValue};

use crate::laboratory::Laboratory;

pub(super) fn scenario(machine: &Value, runtime: &Value, script: &Value) -> String {
    json!({"faultline": 1, "machine": machine, "runtime": runtime, "script": script}).to_string()
}

pub(super) fn open(text: &str) -> Laboratory {
    // What `start` does, but for the panic hook: the test runner has its own.
    crate::clock::install();
    Laboratory::new(text, js_sys::Object::new().into()).expect("the scenario is legal")
}

/// The same with its swap in the file that this worker has taken.
pub(super) fn open_on_disk(text: &str) -> Laboratory {
    crate::clock::install();
    Laboratory::on_disk(text, js_sys::Object::new().into()).expect("the scenario is legal")
}

pub(super) fn get(object: &JsValue, key: &str) -> JsValue {
    js_sys::Reflect::get(object, &key.into()).unwrap()
}

/// Applies the script op by op, each of which has to hold, and returns the report, which has a clean
/// audit.
pub(super) fn run(laboratory: &mut Laboratory, text: &str) -> JsValue {
    let script: Array = get(&js_sys::JSON::parse(text).unwrap(), "script").unchecked_into();
    for op in script.iter() {
        let op = String::from(js_sys::JSON::stringify(&op).unwrap());
        let outcome = laboratory.apply(&op).expect("the op is legal");
        assert_eq!(get(&outcome, "ok"), JsValue::TRUE, "{op}: {outcome:?}");
    }
    let report = laboratory.finish();
    assert_eq!(get(&report, "ok"), JsValue::TRUE, "{report:?}");
    report
}

/// Makes a machine and a script with forks, writes, and more pages than frames, so that every part of the
/// machine has work.
pub(super) fn forks_and_writes() -> (Value, Value) {
    let machine = json!({"frames": 48, "slots": 400, "cpus": 2});
    let script = json!([
        {"op": "spawn", "as": "init", "pages": 256},
        {"op": "write", "process": "init", "page": 3, "offset": 8, "value": 42},
        {"op": "fork", "process": "init", "as": "child"},
        {"op": "read", "process": "child", "page": 3, "offset": 8, "expect": 42},
        {"op": "run", "process": "init", "cpus": 2, "pattern": "uniform", "pages": [0, 128],
         "accesses": 4000, "writes": 0.5, "seed": 1},
        {"op": "evict", "process": "child", "page": 3},
        {"op": "read", "process": "child", "page": 3, "offset": 8, "expect": 42}
    ]);
    (machine, script)
}
