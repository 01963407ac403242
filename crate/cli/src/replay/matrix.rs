//! Prints the steps of a policy as textbooks draw them: a column for each reference, a row for each frame.

use std::fmt::Write;

use faultline_replay::{Policy, Step, Stream, steps};
use serde_json::{Value, json};

use crate::output::print;

/// The most references and frames that are drawn.
const MOST_REFERENCES: usize = 1000;
const MOST_FRAMES: u32 = 64;

/// Prints the steps of each policy in each memory.
pub(super) fn print_steps(
    stream: &Stream,
    policies: &[Policy],
    sizes: &[u32],
    as_json: bool,
) -> Result<(), String> {
    if stream.len() > MOST_REFERENCES {
        let count = stream.len();
        return Err(format!(
            "--steps: the trace has {count} references; legal: at most {MOST_REFERENCES}"
        ));
    }
    if let Some(frames) = sizes.iter().find(|frames| **frames > MOST_FRAMES) {
        return Err(format!(
            "--steps: there are {frames} frames; legal: --frames of at most {MOST_FRAMES}"
        ));
    }
    let mut texts = Vec::new();
    let mut objects = Vec::new();
    for policy in policies {
        for frames in sizes {
            let steps = steps(stream, policy, *frames);
            if as_json {
                objects.push(object(policy, *frames, &steps));
            } else {
                texts.push(text(policy, *frames, &steps));
            }
        }
    }
    print(&if as_json { Value::from(objects).to_string() } else { texts.join("\n") })
}

fn text(policy: &Policy, frames: u32, steps: &[Step]) -> String {
    let faults = steps.iter().filter(|step| step.fault).count();
    let name = |page: Option<u64>| page.map(|page| page.to_string()).unwrap_or_default();
    let is_fault = |step: &Step| if step.fault { "F" } else { "" }.to_owned();
    let reference = |step: &Step| {
        let write = if step.reference.write { "w" } else { "" };
        format!("{}{write}", step.reference.page)
    };
    let mut rows = vec![("reference".to_owned(), steps.iter().map(reference).collect::<Vec<_>>())];
    for frame in 0..frames as usize {
        let cells = steps.iter().map(|step| name(step.frames[frame])).collect();
        rows.push((format!("frame {frame}"), cells));
    }
    rows.push(("fault".to_owned(), steps.iter().map(is_fault).collect()));
    rows.push(("victim".to_owned(), steps.iter().map(|step| name(step.victim)).collect()));
    let title = rows.iter().map(|(title, _)| title.len()).max().unwrap_or(0);
    let width = rows.iter().flat_map(|(_, cells)| cells).map(String::len).max().unwrap_or(1);
    let mut text =
        format!("{policy}, {frames} frames: {faults} faults of {} references\n", steps.len());
    for (name, cells) in rows {
        let cells: String = cells.iter().map(|cell| format!(" {cell:>width$}")).collect();
        let _ = writeln!(text, "{}", format!("{name:<title$} {cells}").trim_end());
    }
    text
}

fn object(policy: &Policy, frames: u32, steps: &[Step]) -> Value {
    let step = |step: &Step| {
        json!({"page": step.reference.page, "write": step.reference.write, "fault": step.fault,
            "victim": step.victim, "frames": step.frames})
    };
    let faults = steps.iter().filter(|step| step.fault).count();
    let all: Vec<_> = steps.iter().map(step).collect();
    json!({"policy": policy.to_string(), "frames": frames, "faults": faults, "steps": all})
}
