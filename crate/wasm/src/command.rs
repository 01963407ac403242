//! Serves the headless command: lays overrides over a scenario, and prints the report. It is compiled for the
//! teaching build alone, so that no visit fetches it.

use faultline::scenario::{Overrides, Report, ScenarioError};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::scenario::to_js;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = "/** What a call says differently from a scenario; a setting is written `/PLACE=VALUE`. */
export interface Overrides {
  textbook?: number | undefined; set?: string[]; runtime?: 'threads' | 'virtual' | undefined; seed?: number | undefined; cpus?: number | undefined;
}";

/// Returns the text of a scenario with overrides laid over it. Throws `{path, found, legal, message}` if an
/// override is refused; the caller has to check the result.
#[wasm_bindgen]
pub fn overridden(
    text: &str,
    #[wasm_bindgen(unchecked_param_type = "Overrides")] overrides: JsValue,
) -> Result<String, JsValue> {
    let overrides: Result<Overrides, _> = serde_wasm_bindgen::from_value(overrides);
    let overrides = overrides.map_err(|error| {
        let message = error.to_string();
        // JavaScript's errors begin with their class.
        let message = message.strip_prefix("Error: ").unwrap_or(&message);
        ScenarioError::new("", "other overrides", "set, runtime, seed and cpus", message)
    });
    let text = overrides.and_then(|overrides| overrides.lay_over(text));
    text.map_err(|problem| to_js(&problem))
}

/// Prints the report that `Laboratory.finish` returned, as JSON or as text.
#[wasm_bindgen(js_name = printReport)]
pub fn print_report(
    #[wasm_bindgen(unchecked_param_type = "Report")] report: JsValue,
    json: bool,
) -> Result<String, JsValue> {
    let report: Report = serde_wasm_bindgen::from_value(report)?;
    if json {
        let text = serde_json::to_string(&report).expect("a report is plain JSON");
        return Ok(text + "\n");
    }
    Ok(report.to_string())
}
