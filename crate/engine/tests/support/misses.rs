//! Counts how often a string of references faults on a machine that does nothing else, for comparison with
//! published counts.

use faultline::scenario::{Reference, Report, Traces, parse, run};
use serde_json::{Value, json};

/// Runs a trace on a machine of one CPU whose frames, `frames` of them, are left for pages: the fault that
/// finds none evicts one.
///
/// # Errors
/// A sentence that says what the engine refuses, or what did not hold.
pub(crate) fn run_in(
    trace: &[Reference],
    policy: impl Into<Value>,
    frames: u32,
) -> Result<Report, String> {
    let pages = trace.iter().map(|reference| reference.page + 1).max().unwrap_or(1);
    let document = json!({"faultline": 1,
    "machine": {"data_frames": frames, "slots": pages, "cpus": 1, "eviction": "synchronous",
        "policy": policy.into(), "reads": "allocate", "zeroer": false, "cpu_cache": 0},
    "script": [
        {"op": "spawn", "as": "program", "pages": pages},
        {"op": "run", "process": "program", "pattern": {"trace": "trace"}}
    ]});
    let scenario = parse(&document.to_string()).map_err(|error| error.to_string())?;
    let mut traces = Traces::default();
    traces.attach("trace", trace.to_vec());
    let report = run(&scenario, traces, &mut |_, _| {}).map_err(|error| error.to_string())?;
    if report.ok { Ok(report) } else { Err(format!("{:?}", report.failures)) }
}
