//! A report as the command line prints it. Only a command asks for that, so a build that a visit fetches has it not.

use faultline::scenario::Report;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// The report that `Laboratory.finish` gave, as JSON or as text.
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
