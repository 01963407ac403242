//! Shows the curve in each form: as a table, as JSON, as comma-separated values, and drawn.

use std::fmt::Write;

use serde_json::{Value, json};

use super::chart;
use super::crowds::Curve;
use crate::output::visible_line;
use crate::picture::common::Picture;

impl Picture for Curve {
    fn text(&self) -> String {
        text(self)
    }

    fn json(&self) -> Value {
        json(self)
    }

    fn csv(&self) -> String {
        csv(self)
    }

    fn svg(&self) -> String {
        chart::svg(self)
    }
}

fn text(curve: &Curve) -> String {
    let mut text = format!("{}: {}\n\n", visible_line(&curve.name), curve.title());
    let heads = ["processes", "accesses/s", "CPU use", "faults/s", "from swap/s"];
    for (head, width) in heads.iter().zip(WIDTHS) {
        let _ = write!(text, "{head:>width$}");
    }
    text.push('\n');
    for load in &curve.loads {
        let is_knee = curve.knee.is_some_and(|knee| knee.processes == load.processes);
        let cells = [
            load.processes.to_string(),
            format!("{:.0}", load.accesses_per_s),
            format!("{:.1} %", load.cpu_use * 100.0),
            format!("{:.0}", load.faults_per_s),
            format!("{:.0}", load.reads_per_s),
        ];
        for (cell, width) in cells.iter().zip(WIDTHS) {
            let _ = write!(text, "{cell:>width$}");
        }
        text.push_str(if is_knee { "  knee\n" } else { "\n" });
    }
    let _ = writeln!(text, "\n{}", curve.in_words());
    text
}

const WIDTHS: [usize; 5] = [9, 16, 10, 14, 14];

fn json(curve: &Curve) -> Value {
    json!({
        "program": curve.name, "frames": curve.frames, "pages": curve.pages,
        "accesses_of_each": curve.accesses, "knee": curve.knee, "loads": curve.loads,
    })
}

fn csv(curve: &Curve) -> String {
    let mut csv =
        "processes,accesses_per_s,cpu_use,faults_per_s,reads_per_s,accesses,faults,reads,time_ns,knee\n"
            .to_owned();
    for load in &curve.loads {
        let is_knee = curve.knee.is_some_and(|knee| knee.processes == load.processes);
        let _ = writeln!(
            csv,
            "{},{},{},{},{},{},{},{},{},{is_knee}",
            load.processes,
            load.accesses_per_s,
            load.cpu_use,
            load.faults_per_s,
            load.reads_per_s,
            load.accesses,
            load.faults,
            load.reads,
            load.time_ns,
        );
    }
    csv
}
