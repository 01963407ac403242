//! Draws the axis of references below a picture, which is its time.

use std::fmt::Write;
use std::ops::Range;

use crate::drawing::Panel;

/// Returns round numbers within a range, at most eight.
fn round_numbers(range: &Range<usize>) -> Vec<usize> {
    let mut step = 1;
    let mut factors = [2, 5, 10].into_iter().cycle();
    let (mut power, mut tens) = (1, 1);
    while range.len() / step > 7 {
        let factor = factors.next().unwrap_or(10);
        step = tens * factor;
        if factor == 10 {
            power += 1;
            tens = 10_usize.pow(power - 1);
        }
    }
    (range.start.div_ceil(step)..=range.end / step).map(|number| number * step).collect()
}

/// Draws it below a panel, from `left` to `right`.
pub(super) fn references(
    svg: &mut String,
    range: &Range<usize>,
    [left, right]: [f64; 2],
    panel: Panel,
) {
    for number in round_numbers(range) {
        let share = (number - range.start) as f64 / range.len() as f64;
        let _ = writeln!(
            svg,
            r#"<text class="tick" x="{:.1}" y="{}" text-anchor="middle">{}</text>"#,
            left + share * (right - left),
            panel.bottom + 20.0,
            short(number)
        );
    }
    let _ = writeln!(
        svg,
        r#"<text class="axis" x="{}" y="{}" text-anchor="middle">references</text>"#,
        (left + right) / 2.0,
        panel.bottom + 44.0
    );
}

/// Writes a round number shortly: 50 k.
pub(super) fn short(number: usize) -> String {
    match number {
        0 => "0".to_owned(),
        _ if number.is_multiple_of(1_000_000) => format!("{} M", number / 1_000_000),
        _ if number.is_multiple_of(1000) => format!("{} k", number / 1000),
        _ => number.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s6_an_axis_of_references_has_a_few_round_numbers() {
        assert_eq!(
            round_numbers(&(0..143_891)),
            [0, 20_000, 40_000, 60_000, 80_000, 100_000, 120_000, 140_000]
        );
        assert_eq!(round_numbers(&(0..3)), [0, 1, 2, 3]);
        assert_eq!(round_numbers(&(1010..1999)), [1200, 1400, 1600, 1800]);
        assert_eq!(round_numbers(&(0..10)), [0, 2, 4, 6, 8, 10]);
        assert_eq!([0, 500, 20_000, 3_000_000].map(short), ["0", "500", "20 k", "3 M"]);
    }
}
