//! Draws miss ratios over sizes as SVG: a line for each policy, with its name where it ends, and the bounds of an
//! estimate as a band.

use std::fmt::Write;

use super::counts::{Counts, Curve, Row};
use crate::drawing::{Axis, COLOURS, Panel, escaped, head, names, rule, shortened};

const WIDTH: f64 = 800.0;
const HEIGHT: f64 = 460.0;
/// The left and the right edge of the panel; the names of the lines stand to its right.
const LEFT: f64 = 64.0;
const RIGHT: f64 = 650.0;
const PANEL: Panel = Panel { top: 92.0, bottom: 400.0 };

pub(super) fn svg(counts: &Counts) -> String {
    Chart { counts }.draw()
}

struct Chart<'a> {
    counts: &'a Counts,
}

impl Chart<'_> {
    fn draw(&self) -> String {
        let mut note = format!(
            "{} references to {} pages; no machine ran",
            self.counts.references, self.counts.pages
        );
        if let Some(sample) = &self.counts.sample {
            let _ = write!(
                note,
                "; estimated from {} pages, bands: three standard deviations",
                sample.pages
            );
        }
        let mut svg = head(&self.counts.trace, &self.in_words(), WIDTH, HEIGHT);
        let _ = writeln!(
            svg,
            "<style>.band {{ stroke: none; opacity: 0.15; }} .dashed {{ stroke-dasharray: 6 4; }}</style>
<text class=\"note\" x=\"20\" y=\"52\">{}</text>",
            escaped(&note)
        );
        let most = self.counts.curves.iter().flat_map(|curve| &curve.points).map(Row::top);
        let axis = Axis::to(PANEL, most.fold(0.0, f64::max));
        rule(&mut svg, axis, [LEFT, RIGHT], "miss ratio", &percent);
        self.sizes(&mut svg);
        self.lines(&mut svg, axis);
        svg.push_str("</svg>\n");
        svg
    }

    /// Returns the largest size.
    fn largest(&self) -> f64 {
        let sizes = self.counts.curves.iter().flat_map(|curve| curve.points.last());
        sizes.map(|row| f64::from(row.frames)).fold(1.0, f64::max)
    }

    fn x(&self, frames: f64) -> f64 {
        LEFT + frames / self.largest() * (RIGHT - LEFT)
    }

    /// Draws the axis of sizes.
    fn sizes(&self, svg: &mut String) {
        let axis = Axis::to(PANEL, self.largest());
        for frames in axis.steps().filter(|frames| *frames <= self.largest()) {
            let _ = writeln!(
                svg,
                r#"<text class="tick" x="{:.1}" y="{}" text-anchor="middle">{frames}</text>"#,
                self.x(frames),
                PANEL.bottom + 20.0
            );
        }
        let _ = writeln!(
            svg,
            r#"<text class="axis" x="{}" y="{}" text-anchor="middle">frames</text>"#,
            (LEFT + RIGHT) / 2.0,
            PANEL.bottom + 44.0
        );
    }

    fn lines(&self, svg: &mut String, axis: Axis) {
        let mut ends = Vec::new();
        for (number, curve) in self.counts.curves.iter().enumerate() {
            let class = number % COLOURS;
            let dashed = if number / COLOURS % 2 == 1 { " dashed" } else { "" };
            let at = |row: &Row, ratio: f64| {
                format!("{:.1},{:.1}", self.x(row.frames.into()), axis.at(ratio))
            };
            let path: Vec<_> = curve.points.iter().map(|row| at(row, row.miss_ratio)).collect();
            if self.counts.sample.is_some() {
                let upper = curve.points.iter().map(|row| at(row, row.top()));
                let lower = curve.points.iter().rev().map(|row| at(row, row.foot()));
                let band: Vec<_> = upper.chain(lower).collect();
                let _ = writeln!(
                    svg,
                    r#"<polygon class="band f{class}" points="{}"/>"#,
                    band.join(" ")
                );
            }
            let _ = writeln!(
                svg,
                r#"<polyline class="line c{class}{dashed}" points="{}"/>"#,
                path.join(" ")
            );
            if let [row] = &curve.points[..] {
                let (x, y) = (self.x(row.frames.into()), axis.at(row.miss_ratio));
                let _ =
                    writeln!(svg, r#"<circle class="f{class}" cx="{x:.1}" cy="{y:.1}" r="2.75"/>"#);
            }
            if let Some(row) = curve.points.last() {
                ends.push((axis.at(row.miss_ratio), number));
            }
        }
        names(svg, ends, PANEL, RIGHT + 8.0, |number| {
            shortened(&self.counts.curves[number].policy, 20)
        });
    }

    /// Describes the drawing in words, for readers that do not see it.
    fn in_words(&self) -> String {
        let ends = self.counts.curves.iter().filter_map(|curve: &Curve| {
            let (first, last) = (curve.points.first()?, curve.points.last()?);
            Some(format!(
                "{}: a miss ratio of {} in {} frames, {} in {}.",
                curve.policy,
                percent(first.miss_ratio),
                first.frames,
                percent(last.miss_ratio),
                last.frames
            ))
        });
        ends.collect::<Vec<_>>().join(" ")
    }
}

impl Row {
    fn ratio_of(&self, faults: u64) -> f64 {
        if self.faults == 0 { 0.0 } else { self.miss_ratio * (faults as f64 / self.faults as f64) }
    }

    fn top(&self) -> f64 {
        self.bounds.map_or(self.miss_ratio, |bounds| self.ratio_of(bounds.most))
    }

    fn foot(&self) -> f64 {
        self.bounds.map_or(self.miss_ratio, |bounds| self.ratio_of(bounds.least))
    }
}

fn percent(ratio: f64) -> String {
    let percent = ratio * 100.0;
    if percent >= 9.95 || percent == 0.0 {
        format!("{percent:.0} %")
    } else {
        format!("{:.2}", percent).trim_end_matches('0').trim_end_matches('.').to_owned() + " %"
    }
}
