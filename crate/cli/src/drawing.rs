//! Draws curves as SVG: what charts share, their axes, colours and the places of names. Colours follow the reader's
//! scheme.

use std::fmt::Write;

/// The least distance between two names.
const LINE: f64 = 16.0;

/// How many colours there are.
pub(crate) const COLOURS: usize = 6;

/// Hues that colour-blind readers can distinguish, for light and for dark ground.
const LIGHT: [&str; COLOURS] = ["#c2410c", "#a16207", "#047857", "#0369a1", "#7e22ce", "#475569"];
const DARK: [&str; COLOURS] = ["#fb923c", "#facc15", "#34d399", "#38bdf8", "#c084fc", "#94a3b8"];

#[derive(Clone, Copy)]
pub(crate) struct Panel {
    pub(crate) top: f64,
    pub(crate) bottom: f64,
}

/// An axis from 0 to a round number.
#[derive(Clone, Copy)]
pub(crate) struct Axis {
    pub(crate) panel: Panel,
    most: f64,
    step: f64,
}

impl Axis {
    /// Makes an axis to at least `most`, in three to six steps of 1, 2 or 5 times a power of ten.
    pub(crate) fn to(panel: Panel, most: f64) -> Self {
        let most = most.max(f64::MIN_POSITIVE);
        let power = 10_f64.powf((most / 5.0).log10().floor());
        let step = [1.0, 2.0, 5.0, 10.0].map(|times| times * power);
        let step = step.into_iter().find(|step| *step * 5.0 >= most).unwrap_or(10.0 * power);
        Self { panel, most: (most / step).ceil() * step, step }
    }

    pub(crate) fn at(self, value: f64) -> f64 {
        self.panel.bottom - value / self.most * (self.panel.bottom - self.panel.top)
    }

    pub(crate) fn steps(self) -> impl Iterator<Item = f64> {
        (0..=(self.most / self.step).round() as u32)
            .map(move |number| f64::from(number) * self.step)
    }
}

/// Begins a drawing: what it is, in words too, and its styles.
pub(crate) fn head(title: &str, words: &str, width: f64, height: f64) -> String {
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

/// Returns the style sheet of a drawing: class `c` with a number is the stroke of a colour, and `f` its fill.
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
            ".c{class} {{ stroke: {colour}; }} circle.f{class}, polygon.f{class}, text.f{class} {{ fill: {colour}; }}"
        );
    }
}

/// Draws the lines of a panel, from `left` to `right`, with a label at each, and says what they measure.
pub(crate) fn rule(
    svg: &mut String,
    axis: Axis,
    [left, right]: [f64; 2],
    title: &str,
    label: &dyn Fn(f64) -> String,
) {
    let _ =
        writeln!(svg, r#"<text class="axis" x="20" y="{}">{title}</text>"#, axis.panel.top - 14.0);
    for value in axis.steps() {
        let y = axis.at(value);
        let class = if value == 0.0 { "base" } else { "grid" };
        let _ = writeln!(
            svg,
            r#"<line class="{class}" x1="{left}" x2="{right}" y1="{y:.1}" y2="{y:.1}"/><text class="tick" x="{}" y="{:.1}" text-anchor="end">{}</text>"#,
            left - 8.0,
            y + 4.0,
            label(value)
        );
    }
}

/// Writes beside a panel, at `x`, the name of each curve near its end: `ends` has their heights and numbers.
pub(crate) fn names(
    svg: &mut String,
    mut ends: Vec<(f64, usize)>,
    panel: Panel,
    x: f64,
    name: impl Fn(usize) -> String,
) {
    ends.sort_by(|(left, _), (right, _)| left.total_cmp(right));
    let places = apart(&ends.iter().map(|(y, _)| *y).collect::<Vec<_>>(), panel);
    for ((_, number), y) in ends.into_iter().zip(places) {
        let _ = writeln!(
            svg,
            r#"<text class="name f{}" x="{x}" y="{:.1}">{}</text>"#,
            number % COLOURS,
            y + 4.0,
            escaped(&name(number))
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
            // Where there are too many for the panel, those at the end are on each other.
            *place = place.max(panel.top + index as f64 * LINE).min(panel.bottom - below);
        }
    }
    places
}

pub(crate) fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most - 1).chain(['\u{2026}']).collect()
}

pub(crate) fn escaped(text: &str) -> String {
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
    fn s2_names_may_be_more_than_there_is_room_for() {
        let panel = Panel { top: 0.0, bottom: 100.0 };
        let places = apart(&[50.0; 30], panel);
        assert!(places.iter().all(|place| place.is_finite()) && places.len() == 30);
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
