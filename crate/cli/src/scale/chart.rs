//! Draws the curves as SVG: throughput above, waits for locks below, over the same CPUs.
//!
//! Lines carry their names at their ends; what was measured on real threads is a ring in its line's
//! colour. Colours follow the reader's scheme.

use std::fmt::Write;

use super::curve::{Point, Study};
use super::figures::quantity;

const WIDTH: f64 = 800.0;
const HEIGHT: f64 = 640.0;
/// The left edge of both panels; the names of the lines stand to their right.
const LEFT: f64 = 64.0;
const RIGHT: f64 = 690.0;
const UPPER: Panel = Panel { top: 92.0, bottom: 350.0 };
const LOWER: Panel = Panel { top: 412.0, bottom: 580.0 };
/// The least distance between two names.
const LINE: f64 = 16.0;

/// Hues of lines.
pub(super) const HUES: usize = 6;
/// Hues that colour-blind readers can distinguish, for light and for dark ground.
const LIGHT: [&str; HUES] = ["#c2410c", "#a16207", "#047857", "#0369a1", "#7e22ce", "#475569"];
const DARK: [&str; HUES] = ["#fb923c", "#facc15", "#34d399", "#38bdf8", "#c084fc", "#94a3b8"];

#[derive(Clone, Copy)]
struct Panel {
    top: f64,
    bottom: f64,
}

/// An axis from 0 to a round number.
#[derive(Clone, Copy)]
struct Axis {
    panel: Panel,
    most: f64,
    step: f64,
}

impl Axis {
    /// Makes an axis to at least `most`, in three to six steps of 1, 2 or 5 times a power of ten.
    fn to(panel: Panel, most: f64) -> Self {
        let most = most.max(f64::MIN_POSITIVE);
        let power = 10_f64.powf((most / 5.0).log10().floor());
        let step = [1.0, 2.0, 5.0, 10.0].map(|times| times * power);
        let step = step.into_iter().find(|step| *step * 5.0 >= most).unwrap_or(10.0 * power);
        Self { panel, most: (most / step).ceil() * step, step }
    }

    fn at(self, value: f64) -> f64 {
        self.panel.bottom - value / self.most * (self.panel.bottom - self.panel.top)
    }

    fn steps(self) -> impl Iterator<Item = f64> {
        (0..=(self.most / self.step).round() as u32)
            .map(move |number| f64::from(number) * self.step)
    }
}

pub(super) fn svg(study: &Study) -> String {
    let mut names: Vec<&str> = Vec::new();
    for point in &study.points {
        if !names.contains(&point.series.as_str()) {
            names.push(&point.series);
        }
    }
    let mut cpus: Vec<u32> = study.points.iter().map(|point| point.cpus).collect();
    cpus.sort_unstable();
    cpus.dedup();
    let chart = Chart { study, names, cpus };
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
        self.panel(&mut svg, axis, "accesses a second", &|value| {
            quantity(value).replace(".00", "")
        });
        self.lines(&mut svg, axis, &|point| point.accesses_per_s);
        for row in &self.study.threads {
            let class = self.names.iter().position(|name| *name == row.series).unwrap_or(0) % HUES;
            let (x, y) = (self.x(row.cpus), axis.at(row.measured_accesses_per_s));
            let _ =
                writeln!(svg, r#"<circle class="ring c{class}" cx="{x:.1}" cy="{y:.1}" r="5"/>"#);
        }
        let waits = self.study.points.iter().map(|point| point.lock_wait_share);
        let axis = Axis::to(LOWER, waits.fold(0.05, f64::max));
        self.panel(
            &mut svg,
            axis,
            "share of the CPUs\u{2019} time that they wait for locks",
            &|share| format!("{:.0} %", share * 100.0),
        );
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

    fn panel(&self, svg: &mut String, axis: Axis, title: &str, label: &dyn Fn(f64) -> String) {
        let _ = writeln!(
            svg,
            r#"<text class="axis" x="20" y="{}">{title}</text>"#,
            axis.panel.top - 14.0
        );
        for value in axis.steps() {
            let y = axis.at(value);
            let class = if value == 0.0 { "base" } else { "grid" };
            let text = if value == 0.0 { "0".to_owned() } else { label(value) };
            let _ = writeln!(
                svg,
                r#"<line class="{class}" x1="{LEFT}" x2="{RIGHT}" y1="{y:.1}" y2="{y:.1}"/><text class="tick" x="{}" y="{:.1}" text-anchor="end">{text}</text>"#,
                LEFT - 8.0,
                y + 4.0
            );
        }
    }

    /// Draws a line for each granularity, with its name where it ends.
    fn lines(&self, svg: &mut String, axis: Axis, value: &dyn Fn(&Point) -> f64) {
        let mut ends = Vec::new();
        for (number, name) in self.names.iter().enumerate() {
            let class = number % HUES;
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
        ends.sort_by(|(left, _), (right, _)| left.total_cmp(right));
        let places = apart(&ends.iter().map(|(y, _)| *y).collect::<Vec<_>>(), axis.panel);
        for ((_, number), y) in ends.into_iter().zip(places) {
            let _ = writeln!(
                svg,
                r#"<text class="name f{}" x="{}" y="{:.1}">{}</text>"#,
                number % HUES,
                RIGHT + 8.0,
                y + 4.0,
                self.names[number].replace("region:", "region of ")
            );
        }
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

/// Begins a drawing: what it is, in words too, and its styles.
pub(super) fn head(title: &str, words: &str, width: f64, height: f64) -> String {
    format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" aria-labelledby="title description">
<title id="title">{}</title>
<desc id="description">{}</desc>
<style>
{}</style>
<rect class="ground" width="{width}" height="{height}"/>
<text class="title" x="20" y="32">{}</text>
"#,
        escaped(title),
        escaped(words),
        style(),
        escaped(&shortened(title, 74)),
    )
}

fn style() -> String {
    let mut style = String::from(
            "text { font-family: system-ui, sans-serif; fill: #334155; font-size: 13px; }
.title { font-size: 16px; font-weight: 600; fill: #0f172a; }
.note, .tick { fill: #64748b; } .tick { font-size: 12px; font-variant-numeric: tabular-nums; }
.name { font-weight: 600; }
.ground { fill: #ffffff; } .grid { stroke: #e2e8f0; } .base { stroke: #94a3b8; }
.line { fill: none; stroke-width: 2.25; stroke-linejoin: round; } .ring { stroke-width: 1.75; fill: #ffffff; }\n",
        );
    colours(&mut style, &LIGHT);
    style.push_str(
            "@media (prefers-color-scheme: dark) {
text { fill: #cbd5e1; } .title { fill: #f8fafc; } .note, .tick { fill: #94a3b8; }
.ground { fill: #0f172a; } .grid { stroke: #1e293b; } .base { stroke: #64748b; } .ring { fill: #0f172a; }\n",
        );
    colours(&mut style, &DARK);
    style.push_str("}\n");
    style
}

fn colours(style: &mut String, colours: &[&str]) {
    for (class, colour) in colours.iter().enumerate() {
        // After `text`, and more precise than it.
        let _ = writeln!(
            style,
            ".c{class} {{ stroke: {colour}; }} circle.f{class}, text.f{class} {{ fill: {colour}; }}"
        );
    }
}

/// Finds places near `wanted`, which ascends, at least a line apart and within the panel.
fn apart(wanted: &[f64], panel: Panel) -> Vec<f64> {
    let mut places = wanted.to_vec();
    for _ in 0..200 {
        for index in 1..places.len() {
            let short = LINE - (places[index] - places[index - 1]);
            if short > 0.0 {
                places[index - 1] -= short / 2.0;
                places[index] += short / 2.0;
            }
        }
        for (place, index) in places.iter_mut().zip(0..) {
            let below = (wanted.len() - 1 - index) as f64 * LINE;
            *place = place.clamp(panel.top + index as f64 * LINE, panel.bottom - below);
        }
    }
    places
}

pub(super) fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most - 1).chain(['\u{2026}']).collect()
}

pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s2_names_of_lines_stand_apart_and_in_their_order() {
        let panel = Panel { top: 0.0, bottom: 100.0 };
        for wanted in [&[50.0, 50.0, 51.0][..], &[99.0, 99.5, 100.0], &[0.0, 1.0, 99.0], &[7.0]] {
            let places = apart(wanted, panel);
            assert!(places.windows(2).all(|pair| pair[1] - pair[0] > LINE - 0.5), "{places:?}");
            assert!(places.iter().all(|place| (0.0..=100.0).contains(place)), "{places:?}");
        }
    }

    #[test]
    fn s2_axes_end_at_round_numbers_above_what_they_show() {
        let panel = Panel { top: 0.0, bottom: 100.0 };
        for (most, end, step) in
            [(7.3e6, 8e6, 2e6), (0.93, 1.0, 0.2), (1.0, 1.0, 0.2), (11.0, 15.0, 5.0)]
        {
            let axis = Axis::to(panel, most);
            assert!((axis.most - end).abs() < 1e-9 * end && (axis.step - step).abs() < 1e-9 * step);
            assert!((axis.at(0.0) - 100.0).abs() < 1e-9 && axis.at(axis.most).abs() < 1e-9);
        }
    }
}
