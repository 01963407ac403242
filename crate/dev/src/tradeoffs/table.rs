//! Formats the rows as a table in Markdown.

use serde_json::{Value, json};

use super::row::Row;
use crate::output::row;

pub(super) fn table(rows: &[Row]) -> String {
    let head = [
        "switch",
        "A → B",
        "runtime",
        "accesses/s",
        "B over A",
        "fault p50 / p99",
        "what shows it",
    ];
    let mut lines = vec![row(&head), row(&head.map(|_| "---"))];
    lines.extend(rows.iter().map(|measured| row(&cells(measured))));
    lines.join("\n")
}

fn cells(row: &Row) -> [String; 7] {
    let Row { name, sides, runtime, accesses_per_second: [a, b], ratio, fault, shows, .. } = row;
    let latency = |side: usize| format!("{} / {}", time(fault.p50[side]), time(fault.p99[side]));
    let shown = shows.0.iter().map(|(counter, [left, right])| {
        let print = if counter.starts_with("wait:") { percent } else { count };
        format!("{counter} {} → {}", print(*left), print(*right))
    });
    [
        name.clone(),
        format!("{} → {}", word(&sides[0]), word(&sides[1])),
        word(&json!(runtime)),
        format!("{} → {}", count(*a), count(*b)),
        format!("{:.2} ({:.2} to {:.2})", ratio.median, ratio.least, ratio.most),
        format!("{} {} → {}", fault.kind, latency(0), latency(1)),
        shown.collect::<Vec<_>>().join(", "),
    ]
}

/// Formats three digits of a number from 1 on, and all of a larger one.
fn digits(value: f64) -> String {
    match value {
        _ if value < 9.995 => format!("{value:.2}"),
        _ if value < 99.95 => format!("{value:.1}"),
        _ => format!("{value:.0}"),
    }
}

fn count(value: f64) -> String {
    match value {
        _ if value < 1e4 => format!("{value:.0}"),
        _ if value < 1e6 => format!("{} k", digits(value / 1e3)),
        _ => format!("{} M", digits(value / 1e6)),
    }
}

fn time(ns: f64) -> String {
    match ns {
        _ if ns < 1e4 => format!("{ns:.0} ns"),
        _ if ns < 1e6 => format!("{} us", digits(ns / 1e3)),
        _ => format!("{} ms", digits(ns / 1e6)),
    }
}

fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

/// Formats a side as people write it: a word without its quotes.
fn word(side: &Value) -> String {
    side.as_str().map_or_else(|| side.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s1_counts_and_times_have_three_digits() {
        let counts = [0.0, 9999.4, 12_340.0, 151_000.0, 1_430_000.0, 12_800_000.0].map(count);
        assert_eq!(counts, ["0", "9999", "12.3 k", "151 k", "1.43 M", "12.8 M"]);
        let times = [583.0, 31_400.0, 791_000.0, 1_234_567.0].map(time);
        assert_eq!(times, ["583 ns", "31.4 us", "791 us", "1.23 ms"]);
        assert_eq!(percent(0.142), "14.2 %");
    }
}
