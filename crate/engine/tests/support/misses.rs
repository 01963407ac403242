//! Counts how often a string of references faults on a machine that does nothing else, for comparison with
//! published counts.

use std::collections::HashMap;

use faultline::scenario::{Reference, Report, Traces, parse, run};
use serde_json::json;

/// Bytes of a record of libCacheSim's `oracleGeneral`: a time (u32), an object (u64), its size (u32) and
/// when it is used next (i64), all little-endian.
const RECORD: usize = 24;

/// Reads a trace, `oracleGeneral` or one number a line, as reads of pages, which are numbered in the order of
/// their first use.
///
/// # Errors
/// A sentence that says where it is neither.
pub(crate) fn read_trace(bytes: &[u8]) -> Result<Vec<Reference>, String> {
    let is_text = bytes.iter().all(|byte| byte.is_ascii_digit() || byte.is_ascii_whitespace());
    let objects = if is_text { numbers(bytes)? } else { records(bytes)? };
    if objects.is_empty() {
        return Err("the trace has no reference".to_owned());
    }
    let mut pages = HashMap::new();
    let mut page = |object| {
        let next = pages.len() as u32;
        *pages.entry(object).or_insert(next)
    };
    Ok(objects.into_iter().map(|object| Reference { page: page(object), write: false }).collect())
}

fn numbers(bytes: &[u8]) -> Result<Vec<u64>, String> {
    let text = String::from_utf8_lossy(bytes);
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(index, line)| {
            let found = line.trim();
            found.parse().map_err(|_| {
                format!("line {}: {found:?} is not a number of at most 64 bits", index + 1)
            })
        })
        .collect()
}

fn records(bytes: &[u8]) -> Result<Vec<u64>, String> {
    let (records, rest) = bytes.as_chunks::<RECORD>();
    if !rest.is_empty() {
        return Err(format!(
            "{} bytes are no records of {RECORD} bytes (oracleGeneral), and no lines of digits",
            bytes.len()
        ));
    }
    let object =
        |record: &[u8; RECORD]| u64::from_le_bytes(std::array::from_fn(|at| record[4 + at]));
    Ok(records.iter().map(object).collect())
}

/// Runs a trace on a machine of one CPU whose frames, `frames` of them, are left for pages: the fault that
/// finds none evicts one.
///
/// # Errors
/// A sentence that says what the engine refuses, or what did not hold.
pub(crate) fn run_in(trace: &[Reference], policy: &str, frames: u32) -> Result<Report, String> {
    let pages = trace.iter().map(|reference| reference.page + 1).max().unwrap_or(1);
    let document = json!({"faultline": 1,
    "machine": {"data_frames": frames, "slots": pages, "cpus": 1, "eviction": "synchronous",
        "policy": policy, "reads": "allocate", "zeroer": false, "cpu_cache": 0},
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
