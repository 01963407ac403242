//! Draws miss ratios over sizes as SVG: a line for each policy, with its name where it ends, and the bounds of an
//! estimate as a band.

use std::fmt::Write;

use super::counts::{Counts, Curve, Row};
use crate::drawing::{Axis, COLOURS, Panel, apart, escaped, shortened, style};

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
        let title = shortened(&self.counts.trace, 74);
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
        let mut svg = format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" role="img" aria-labelledby="title description">
<title id="title">{}</title>
<desc id="description">{}</desc>
<style>
{}.band {{ stroke: none; opacity: 0.15; }} .dashed {{ stroke-dasharray: 6 4; }}
</style>
<rect class="ground" width="{WIDTH}" height="{HEIGHT}"/>
<text class="title" x="20" y="32">{}</text>
<text class="note" x="20" y="52">{}</text>
<text class="axis" x="20" y="{}">miss ratio</text>
"#,
            escaped(&self.counts.trace),
            escaped(&self.in_words()),
            style(),
            escaped(&title),
            escaped(&note),
            PANEL.top - 14.0,
        );
        let most = self.counts.curves.iter().flat_map(|curve| &curve.points).map(Row::top);
        let axis = Axis::to(PANEL, most.fold(0.0, f64::max));
        for value in axis.steps() {
            let y = axis.at(value);
            let class = if value == 0.0 { "base" } else { "grid" };
            let _ = writeln!(
                svg,
                r#"<line class="{class}" x1="{LEFT}" x2="{RIGHT}" y1="{y:.1}" y2="{y:.1}"/><text class="tick" x="{}" y="{:.1}" text-anchor="end">{}</text>"#,
                LEFT - 8.0,
                y + 4.0,
                percent(value),
            );
        }
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
        ends.sort_by(|(left, _), (right, _)| left.total_cmp(right));
        let places = apart(&ends.iter().map(|(y, _)| *y).collect::<Vec<_>>(), PANEL);
        for ((_, number), y) in ends.into_iter().zip(places) {
            let _ = writeln!(
                svg,
                r#"<text class="name f{}" x="{}" y="{:.1}">{}</text>"#,
                number % COLOURS,
                RIGHT + 8.0,
                y + 4.0,
                escaped(&shortened(&self.counts.curves[number].policy, 20))
            );
        }
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
