//! Checks scenarios for the page.

use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = "import type { Problem } from '../src/generated/types.d.ts';";

/// Returns what is wrong with a scenario, `{path, found, legal, message}`, or null. Runs nothing.
#[wasm_bindgen(unchecked_return_type = "Problem | null")]
pub fn check(text: &str) -> JsValue {
    match faultline::scenario::parse(text) {
        Ok(_) => JsValue::NULL,
        Err(problem) => to_js(&problem),
    }
}

/// Returns the names of the traces that a scenario replays; none if it is refused.
#[wasm_bindgen(js_name = traceNames)]
pub fn trace_names(text: &str) -> Vec<String> {
    faultline::scenario::parse(text)
        .map(|scenario| faultline::scenario::trace_names(&scenario))
        .unwrap_or_default()
}

/// Converts a value to a plain object of JavaScript.
pub(crate) fn to_js(value: &impl Serialize) -> JsValue {
    value.serialize(&Serializer::json_compatible()).expect("the engine's types have no odd keys")
}
