//! Draws the curve as SVG: useful work above, then the use of the CPUs, and faults below, over the same numbers of
//! processes, with a line through all at the knee.

use std::fmt::Write;

use faultline::scenario::Load;

use super::crowds::Curve;
use crate::drawing::{Axis, Panel, escaped, head, names, rule};

const WIDTH: f64 = 800.0;
const HEIGHT: f64 = 640.0;
const LEFT: f64 = 64.0;
const RIGHT: f64 = 690.0;
const WORK: Panel = Panel { top: 92.0, bottom: 270.0 };
const USE: Panel = Panel { top: 318.0, bottom: 408.0 };
const FAULTS: Panel = Panel { top: 456.0, bottom: 580.0 };

/// A line: its name and its values.
type Line<'a> = (&'a str, &'a dyn Fn(&Load) -> f64);

pub(super) fn svg(curve: &Curve) -> String {
    let mut svg = head(&curve.name, &curve.in_words(), WIDTH, HEIGHT);
    let note = curve.title();
    let _ = writeln!(svg, r#"<text class="note" x="20" y="52">{}</text>"#, escaped(&note));
    let work: [Line<'_>; 1] = [("useful work", &|load| load.accesses_per_s)];
    panel(&mut svg, curve, WORK, "useful work: accesses a second", &work, &quantity);
    let cpus: [Line<'_>; 1] = [("CPU use", &|load| load.cpu_use * 100.0)];
    let percent = |share: f64| format!("{share:.0} %");
    panel(
        &mut svg,
        curve,
        USE,
        "CPU use: share of the processes\u{2019} time that accesses take",
        &cpus,
        &percent,
    );
    let faults: [Line<'_>; 2] =
        [("all faults", &|load| load.faults_per_s), ("from swap", &|load| load.reads_per_s)];
    panel(&mut svg, curve, FAULTS, "faults a second", &faults, &quantity);
    if let Some(knee) = curve.knee {
        let x = place(curve, knee.processes);
        let _ = writeln!(
            svg,
            r#"<line class="base" x1="{x:.1}" x2="{x:.1}" y1="{}" y2="{}" stroke-dasharray="4 4"/>
<text class="name" x="{:.1}" y="{}">knee</text>"#,
            WORK.top,
            FAULTS.bottom,
            x + 6.0,
            WORK.top + 10.0
        );
    }
    axis(&mut svg, curve);
    svg.push_str("</svg>\n");
    svg
}

/// Writes a number shortly: 2.5 M.
fn quantity(value: f64) -> String {
    let (shown, unit) = match value {
        _ if value >= 1e9 => (value / 1e9, " G"),
        _ if value >= 1e6 => (value / 1e6, " M"),
        _ if value >= 1e3 => (value / 1e3, " k"),
        _ => (value, ""),
    };
    format!("{}{unit}", (shown * 10.0).round() / 10.0)
}

/// Returns where a number of processes stands.
fn place(curve: &Curve, processes: u32) -> f64 {
    let first = curve.loads.first().map_or(1, |load| load.processes);
    let last = curve.loads.last().map_or(1, |load| load.processes);
    let part = match last > first {
        true => f64::from(processes - first) / f64::from(last - first),
        false => 0.5,
    };
    LEFT + 12.0 + part * (RIGHT - LEFT - 24.0)
}

fn panel(
    svg: &mut String,
    curve: &Curve,
    panel: Panel,
    title: &str,
    lines: &[Line<'_>],
    label: &dyn Fn(f64) -> String,
) {
    let values = lines.iter().flat_map(|(_, value)| curve.loads.iter().map(value));
    let axis = Axis::to(panel, values.fold(0.0, f64::max));
    rule(svg, axis, [LEFT, RIGHT], title, label);
    let mut ends = Vec::new();
    for (number, (_, value)) in lines.iter().enumerate() {
        let places = curve.loads.iter().map(|load| (place(curve, load.processes), value(load)));
        let places: Vec<_> = places.map(|(x, value)| (x, axis.at(value))).collect();
        let path: Vec<_> = places.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
        let class = number * 3;
        let _ = writeln!(svg, r#"<polyline class="line c{class}" points="{}"/>"#, path.join(" "));
        for (x, y) in &places {
            let _ = writeln!(svg, r#"<circle class="f{class}" cx="{x:.1}" cy="{y:.1}" r="2.75"/>"#);
        }
        ends.push((places.last().map_or(panel.bottom, |(_, y)| *y), class));
    }
    names(svg, ends, panel, RIGHT + 8.0, |class| lines[class / 3].0.to_owned());
}

/// The most numbers that have room on the axis.
const MOST_NUMBERS: usize = 20;

fn axis(svg: &mut String, curve: &Curve) {
    let step = curve.loads.len().div_ceil(MOST_NUMBERS).max(1);
    for load in curve.loads.iter().step_by(step) {
        let _ = writeln!(
            svg,
            r#"<text class="tick" x="{:.1}" y="{}" text-anchor="middle">{}</text>"#,
            place(curve, load.processes),
            FAULTS.bottom + 20.0,
            load.processes
        );
    }
    let _ = writeln!(
        svg,
        r#"<text class="axis" x="{}" y="{}" text-anchor="middle">processes</text>"#,
        (LEFT + RIGHT) / 2.0,
        FAULTS.bottom + 44.0
    );
}
