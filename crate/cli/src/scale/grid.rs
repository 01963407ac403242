//! Draws the matrix as SVG: a small chart for each row, with the growth of throughput over the CPUs.
//!
//! Both axes double from step to step, so that a machine that scales is a straight line, which is drawn too.

use std::fmt::Write;

use super::curve::{Point, Study};
use super::figures::quantity;
use crate::drawing::{COLOURS, escaped, head, shortened};

const WIDTH: f64 = 800.0;
const TOP: f64 = 84.0;
const HEIGHT: f64 = 190.0;
/// The charts stand in two columns.
const COLUMNS: usize = 2;
const COLUMN: f64 = (WIDTH - 40.0) / COLUMNS as f64;
/// The drawing in a chart, from its corner.
const LEFT: f64 = 40.0;
const RIGHT: f64 = COLUMN - 20.0;
const UPPER: f64 = 26.0;
const LOWER: f64 = 156.0;

pub(super) fn svg(study: &Study) -> String {
    let charts: Vec<&[Point]> =
        study.points.chunk_by(|left, right| left.row == right.row).collect();
    let rows = charts.len().div_ceil(COLUMNS) as f64;
    let names = study.series();
    let words: Vec<_> = charts.iter().map(|points| in_words(points)).collect();
    let mut svg = head(&study.scenario, &words.join(" "), WIDTH, TOP + rows * HEIGHT + 16.0);
    let note = "Virtual CPUs, the same work; times as many faults a second as with the fewest CPUs; grey: in step with them";
    let _ = writeln!(svg, r#"<text class="note" x="20" y="52">{note}</text>"#);
    let mut x = 20.0;
    for (class, series) in names.iter().enumerate().filter(|_| names.len() > 1) {
        let class = class % COLOURS;
        let text = escaped(&shortened(series, 40));
        let _ = writeln!(svg, r#"<text class="name f{class}" x="{x:.0}" y="72">{text}</text>"#);
        x += 8.0 * series.chars().count().min(40) as f64 + 20.0;
    }
    for (index, points) in charts.iter().enumerate() {
        let x = 20.0 + (index % COLUMNS) as f64 * COLUMN;
        let y = TOP + (index / COLUMNS) as f64 * HEIGHT;
        let _ = writeln!(svg, r#"<g transform="translate({x:.0} {y:.0})">"#);
        chart(&mut svg, points, &names);
        let _ = writeln!(svg, "</g>");
    }
    svg.push_str("</svg>\n");
    svg
}

fn chart(svg: &mut String, points: &[Point], names: &[&str]) {
    let Some(row) = points[0].row else { return };
    let _ = writeln!(svg, r#"<text class="axis" x="0" y="14">{row}</text>"#);
    let cpus = points.iter().map(|point| f64::from(point.cpus));
    let (least, most) =
        cpus.fold((f64::MAX, 1.0_f64), |(least, most), cpus| (least.min(cpus), most.max(cpus)));
    let doublings = (most / least).log2().max(1.0);
    let x = |cpus: f64| LEFT + (cpus / least).log2() / doublings * (RIGHT - LEFT);
    // Each series begins at 1; below it there is as much room as it falls, and above as much as it grows.
    let growth = |points: &[Point]| {
        let base = points[0].faults_per_s;
        points.iter().map(|point| (point.faults_per_s / base).max(1e-3)).collect::<Vec<_>>()
    };
    let all = points.chunk_by(|left, right| left.series == right.series);
    let all: Vec<f64> = all.flat_map(growth).collect();
    let lowest = all.iter().copied().fold(1.0, f64::min).log2().floor();
    let highest = all.iter().copied().fold(1.0, f64::max).log2().max(doublings);
    let y = |growth: f64| LOWER - (growth.log2() - lowest) / (highest - lowest) * (LOWER - UPPER);
    for step in 0..=doublings.round() as i32 {
        let times = 2_f64.powi(step);
        let (across, up) = (x(least * times), y(times));
        let class = if step == 0 { "base" } else { "grid" };
        let _ = writeln!(
            svg,
            r#"<line class="{class}" x1="{LEFT}" x2="{RIGHT}" y1="{up:.1}" y2="{up:.1}"/><text class="tick" x="{}" y="{:.1}" text-anchor="end">{times}</text><text class="tick" x="{across:.1}" y="{}" text-anchor="middle">{}</text>"#,
            LEFT - 6.0,
            up + 4.0,
            LOWER + 16.0,
            least * times
        );
    }
    let _ = writeln!(
        svg,
        r#"<line class="base" x1="{LEFT}" y1="{:.1}" x2="{RIGHT}" y2="{:.1}"/>"#,
        y(1.0),
        y(most / least)
    );
    for points in points.chunk_by(|left, right| left.series == right.series) {
        let class = names.iter().position(|name| *name == points[0].series).unwrap_or(0);
        let class = class % COLOURS;
        let places = points.iter().zip(growth(points));
        let places = places
            .map(|(point, growth)| format!("{:.1},{:.1}", x(f64::from(point.cpus)), y(growth)));
        let path = places.collect::<Vec<_>>().join(" ");
        let _ = writeln!(svg, r#"<polyline class="line c{class}" points="{path}"/>"#);
    }
}

/// Describes one chart in words, for readers that do not see it.
fn in_words(points: &[Point]) -> String {
    let series = points.chunk_by(|left, right| left.series == right.series);
    let ends = series.map(|points| {
        let (first, last) = (&points[0], &points[points.len() - 1]);
        format!(
            "{}: {} faults a second with {} CPU(s), {} with {}.",
            first.series,
            quantity(first.faults_per_s),
            first.cpus,
            quantity(last.faults_per_s),
            last.cpus
        )
    });
    let title = points[0].row.map_or(String::new(), |row| row.to_string());
    format!("{title}: {}", ends.collect::<Vec<_>>().join(" "))
}
