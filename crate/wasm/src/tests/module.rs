//! Tests what JavaScript sees of the module, with the machine on virtual CPUs.

use js_sys::Array;
use serde_json::{Value, json};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;

use super::harness::{forks_and_writes, get, open, run, scenario};
use crate::laboratory::Laboratory;

fn script(runtime: Value) -> String {
    let (machine, script) = forks_and_writes();
    scenario(&machine, &runtime, &script)
}

#[wasm_bindgen_test]
fn r2_the_same_seed_gives_the_same_trace() {
    let hash = |seed: u32| {
        let text = script(json!({"kind": "virtual", "seed": seed}));
        get(&run(&mut open(&text), &text), "trace_hash").as_string().unwrap()
    };
    assert_eq!(hash(5), hash(5));
    assert_ne!(hash(5), hash(6));
}

#[wasm_bindgen_test]
fn r5_a_refused_scenario_throws_its_problem() {
    let text = r#"{"faultline": 1, "machine": {"frames": 3}}"#;
    let problem = Laboratory::new(text, js_sys::Object::new().into()).err().unwrap();
    assert_eq!(get(&problem, "path"), JsValue::from_str("/machine/frames"));
    assert_eq!(get(&problem, "found"), JsValue::from_str("3"));
}

#[wasm_bindgen_test]
fn the_memory_shows_the_machine_at_the_addresses_of_its_layout() {
    let text = script(json!({"kind": "virtual"}));
    let mut laboratory = open(&text);
    run(&mut laboratory, &text);
    let layout = laboratory.layout();
    let part = |name: &str| get(&get(&layout, "parts"), name);
    let memory: js_sys::WebAssembly::Memory = wasm_bindgen::memory().unchecked_into();
    let words = js_sys::Uint32Array::new(&memory.buffer());
    let word = |name: &str, offset: f64| {
        let address = get(&part(name), "address").as_f64().unwrap() + offset;
        words.get_index((address / 4.0) as u32)
    };
    let first = laboratory.processes().unchecked_into::<Array>().get(0);
    let index = get(&first, "index").as_f64().unwrap();
    let stride = get(&part("processes"), "stride").as_f64().unwrap();
    assert_eq!(word("processes", index * stride + 20.0), 256, "its pages");
    assert_eq!(word("pfn", 0.0) & 7, 7, "frame 0 is protected");
}

#[wasm_bindgen_test]
fn the_clock_moves_as_the_date_does() {
    crate::clock::install();
    let clock = || faultline::runtime::now_ns() as f64 / 1e6;
    let date = js_sys::Date::now;
    // The dates are asked for between the clocks, and around them, so that it does not matter how long
    // the worker is kept waiting anywhere.
    let (before, first, begin) = (date(), clock(), date());
    while date() < begin + 20.0 {}
    let (end, last, after) = (date(), clock(), date());
    let passed = last - first;
    // A date is a whole millisecond.
    assert!(passed >= end - begin - 1.0, "{passed} ms between {begin} and {end}");
    assert!(passed <= after - before + 1.0, "{passed} ms between {before} and {after}");
}
