//! Draws the curves as SVG: throughput above, waits for locks below, over the same CPUs.
//!
//! Lines carry their names at their ends; what was measured on real threads is a ring in its line's
//! colour. Colours follow the reader's scheme.

use std::fmt::Write;

use super::curve::{Point, Study};
use super::figures::quantity;
use crate::drawing::{Axis, COLOURS, Panel, head, names, rule};

const WIDTH: f64 = 800.0;
const HEIGHT: f64 = 640.0;
/// The left edge of both panels; the names of the lines stand to their right.
const LEFT: f64 = 64.0;
const RIGHT: f64 = 690.0;
const UPPER: Panel = Panel { top: 92.0, bottom: 350.0 };
const LOWER: Panel = Panel { top: 412.0, bottom: 580.0 };

pub(super) fn svg(study: &Study) -> String {
    let mut cpus: Vec<u32> = study.points.iter().map(|point| point.cpus).collect();
    cpus.sort_unstable();
    cpus.dedup();
    let chart = Chart { study, names: study.series(), cpus };
    chart.draw()
}

struct Chart<'a> {
    study: &'a Study,
    names: Vec<&'a str>,
    cpus: Vec<u32>,
}

impl Chart<'_> {
    fn draw(&self) -> String {
        let mut svg = head(&self.study.scenario, &self.in_words(), WIDTH, HEIGHT);
        let constant = match self.study.work {
            "total" => "constant work in all",
            _ => "constant work a CPU",
        };
        let mut rings = "";
        if !self.study.threads.is_empty() {
            rings = "; rings: measured on real threads";
        }
        let _ = writeln!(
            svg,
            r#"<text class="note" x="20" y="52">Virtual CPUs, {constant}; a line for each series{rings}</text>"#
        );
        let fastest = self.study.points.iter().map(|point| point.accesses_per_s);
        let measured = self.study.threads.iter().map(|row| row.measured_accesses_per_s);
        let axis = Axis::to(UPPER, fastest.chain(measured).fold(0.0, f64::max));
        rule(&mut svg, axis, [LEFT, RIGHT], "accesses a second", &|value| match value {
            0.0 => "0".to_owned(),
            _ => quantity(value).replace(".00", ""),
        });
        self.lines(&mut svg, axis, &|point| point.accesses_per_s);
        for row in &self.study.threads {
            let class =
                self.names.iter().position(|name| *name == row.series).unwrap_or(0) % COLOURS;
            let (x, y) = (self.x(row.cpus), axis.at(row.measured_accesses_per_s));
            let _ =
                writeln!(svg, r#"<circle class="ring c{class}" cx="{x:.1}" cy="{y:.1}" r="5"/>"#);
        }
        let waits = self.study.points.iter().map(|point| point.lock_wait_share);
        let axis = Axis::to(LOWER, waits.fold(0.05, f64::max));
        let waiting = "share of the CPUs\u{2019} time that they wait for locks";
        rule(&mut svg, axis, [LEFT, RIGHT], waiting, &|share| match share {
            0.0 => "0".to_owned(),
            _ => format!("{:.0} %", share * 100.0),
        });
        self.lines(&mut svg, axis, &|point| point.lock_wait_share);
        for cpus in &self.cpus {
            let _ = writeln!(
                svg,
                r#"<text class="tick" x="{:.1}" y="{}" text-anchor="middle">{cpus}</text>"#,
                self.x(*cpus),
                LOWER.bottom + 20.0
            );
        }
        let _ = writeln!(
            svg,
            r#"<text class="axis" x="{}" y="{}" text-anchor="middle">CPUs</text>
</svg>"#,
            (LEFT + RIGHT) / 2.0,
            LOWER.bottom + 44.0
        );
        svg
    }

    /// Returns where a number of CPUs stands: each doubling is as wide as the next.
    fn x(&self, cpus: u32) -> f64 {
        let place = |cpus: u32| f64::from(cpus).log2();
        let (first, last) = (self.cpus.first(), self.cpus.last());
        let (first, last) = (place(*first.unwrap_or(&1)), place(*last.unwrap_or(&1)));
        let part = if last > first { (place(cpus) - first) / (last - first) } else { 0.5 };
        LEFT + 12.0 + part * (RIGHT - LEFT - 24.0)
    }

    /// Draws a line for each granularity, with its name where it ends.
    fn lines(&self, svg: &mut String, axis: Axis, value: &dyn Fn(&Point) -> f64) {
        let mut ends = Vec::new();
        for (number, name) in self.names.iter().enumerate() {
            let class = number % COLOURS;
            let points = self.study.points.iter().filter(|point| point.series == *name);
            let places: Vec<_> =
                points.map(|point| (self.x(point.cpus), axis.at(value(point)))).collect();
            let path: Vec<_> = places.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
            let _ =
                writeln!(svg, r#"<polyline class="line c{class}" points="{}"/>"#, path.join(" "));
            for (x, y) in &places {
                let _ =
                    writeln!(svg, r#"<circle class="f{class}" cx="{x:.1}" cy="{y:.1}" r="2.75"/>"#);
            }
            if let Some((_, y)) = places.last() {
                ends.push((*y, number));
            }
        }
        names(svg, ends, axis.panel, RIGHT + 8.0, |number| {
            self.names[number].replace("region:", "region of ")
        });
    }

    /// Describes the drawing in words, for readers that do not see it.
    fn in_words(&self) -> String {
        let ends = self.names.iter().filter_map(|name| {
            let mut points = self.study.points.iter().filter(|point| point.series == *name);
            let first = points.next()?;
            let last = points.next_back().unwrap_or(first);
            Some(format!(
                "{name}: {} accesses a second on {} CPUs, {} on {}, {:.0} % of whose time goes to waits for locks.",
                quantity(first.accesses_per_s),
                first.cpus,
                quantity(last.accesses_per_s),
                last.cpus,
                last.lock_wait_share * 100.0
            ))
        });
        ends.collect::<Vec<_>>().join(" ")
    }
}
