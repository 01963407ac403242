//! Prints the counts as a table for people, and as comma-separated values.

use std::fmt::Write;

use super::counts::{Counts, Row};
use crate::output::visible_line;

/// Returns a table with a line for each size and a column for each policy.
pub(super) fn text(counts: &Counts) -> String {
    let mut text = format!(
        "{}: {} references to {} pages\n",
        visible_line(&counts.trace),
        grouped(counts.references as u64),
        grouped(counts.pages as u64)
    );
    match &counts.sample {
        None => text.push_str("Faults by frames and policy; no machine ran.\n\n"),
        Some(sample) => {
            let _ = writeln!(
                text,
                "Faults by frames and policy, estimated from {} pages and {} references; no machine ran. In brackets \
                 what they are\nat least and at most, within three standard deviations, if the curve has no jumps.\n",
                grouped(sample.pages as u64),
                grouped(sample.references as u64)
            );
        }
    }
    let column = |curve: &super::counts::Curve| -> Vec<String> {
        std::iter::once(curve.policy.clone()).chain(curve.points.iter().map(cell)).collect()
    };
    let sizes = counts.curves.first().map_or(&[][..], |curve| &curve.points);
    let frames = sizes.iter().map(|row| grouped(row.frames.into()));
    let mut columns: Vec<Vec<String>> =
        vec![std::iter::once("frames".to_owned()).chain(frames).collect()];
    columns.extend(counts.curves.iter().map(column));
    let widths: Vec<usize> =
        columns.iter().map(|column| column.iter().map(String::len).max().unwrap_or(0)).collect();
    for line in 0..=sizes.len() {
        let cells =
            columns.iter().zip(&widths).map(|(column, width)| format!("{:>width$}", column[line]));
        text.push_str(cells.collect::<Vec<_>>().join("  ").trim_end());
        text.push('\n');
    }
    text
}

fn cell(row: &Row) -> String {
    let faults = grouped(row.faults);
    match row.bounds {
        None => faults,
        Some(bounds) => format!("{faults} [{} to {}]", grouped(bounds.least), grouped(bounds.most)),
    }
}

/// Writes a number with its thousands apart.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Returns a line for each policy and size.
pub(super) fn csv(counts: &Counts) -> String {
    let bounds = if counts.sample.is_some() { ",least,most" } else { "" };
    let mut text = format!("policy,frames,misses,evictions,miss_ratio{bounds}\n");
    for curve in &counts.curves {
        for row in &curve.points {
            let Row { frames, faults, evictions, miss_ratio, bounds } = row;
            let _ = write!(text, "{},{frames},{faults},{evictions},{miss_ratio}", curve.policy);
            if let Some(bounds) = bounds {
                let _ = write!(text, ",{},{}", bounds.least, bounds.most);
            }
            text.push('\n');
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s6_thousands_stand_apart() {
        let found = [0, 999, 1_000, 1_234_567].map(grouped);
        assert_eq!(found, ["0", "999", "1,000", "1,234,567"]);
    }
}
