//! Runs a whole scenario in one call, on virtual CPUs, for comparisons with other platforms.

use faultline::scenario::{self, RuntimeOptions, ScenarioError, Session, Traces};
use serde::Serialize;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::scenario::to_js;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = "/** What a whole run on virtual CPUs came to. */
export interface VirtualRun { ok: boolean; steps: number; state_hash: string; trace_hash: string | null; }";

#[derive(Serialize)]
struct VirtualRun {
    ok: bool,
    steps: u64,
    state_hash: String,
    trace_hash: Option<String>,
}

/// Runs a scenario that replays no trace. Throws `{path, found, legal, message}` if it is refused.
#[wasm_bindgen(js_name = runVirtual, unchecked_return_type = "VirtualRun")]
pub fn run_virtual(text: &str) -> Result<JsValue, JsValue> {
    run(text).map(|run| to_js(&run)).map_err(|problem| to_js(&problem))
}

fn run(text: &str) -> Result<VirtualRun, ScenarioError> {
    let mut scenario = scenario::parse(text)?;
    let traces = Traces::default();
    traces.check(&scenario)?;
    if scenario.runtime == (RuntimeOptions::Threads {}) {
        scenario.runtime = RuntimeOptions::default();
    }
    let mut session = Session::open(&scenario, traces)?;
    session.apply_all(&scenario.script);
    // Before the last audit, which is no part of the script.
    let steps = session.steps().unwrap_or(0);
    let report = session.finish();
    Ok(VirtualRun {
        ok: report.ok,
        steps,
        state_hash: report.state_hash,
        trace_hash: report.trace_hash,
    })
}
