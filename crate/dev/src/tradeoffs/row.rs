//! A row has the results of a rung on one runtime.

use faultline::scenario::{Named, Report, RuntimeKind};
use serde::Serialize;
use serde_json::Value;

use super::ladder::Rung;

/// A row of the table. Each pair is side A and side B, each value the median of the rounds.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Row {
    pub(super) name: String,
    title: String,
    switch: String,
    pub(super) sides: [Value; 2],
    pub(super) runtime: RuntimeKind,
    /// Accesses in a second by the clock, or of virtual time.
    pub(super) accesses_per_second: [f64; 2],
    pub(super) ratio: Ratio,
    pub(super) fault: Fault,
    pub(super) shows: Named<[f64; 2]>,
}

/// The ratio of B's throughput to A's, round by round.
#[derive(Debug, Serialize)]
pub(super) struct Ratio {
    pub(super) median: f64,
    pub(super) least: f64,
    pub(super) most: f64,
}

/// How long a kind of fault takes, in nanoseconds.
#[derive(Debug, Serialize)]
pub(super) struct Fault {
    pub(super) kind: String,
    pub(super) p50: [f64; 2],
    pub(super) p99: [f64; 2],
}

impl Row {
    /// Makes a row of the reports of all rounds, side A and side B.
    pub(super) fn new(
        rung: &Rung,
        runtime: RuntimeKind,
        cpus: u32,
        rounds: &[[Report; 2]],
    ) -> Self {
        let both = |value: &dyn Fn(&Report) -> f64| {
            [0, 1].map(|side| median(rounds.iter().map(|round| value(&round[side])).collect()))
        };
        let speed = |report: &Report| report.counters.accesses as f64 * 1e9 / report.time_ns as f64;
        let ratios: Vec<_> = rounds.iter().map(|[a, b]| speed(b) / speed(a)).collect();
        let kind = &rung.fault;
        let shows = rung.shows.iter();
        Self {
            name: rung.name.clone(),
            title: rung.title.clone(),
            switch: rung.switch.clone(),
            sides: rung.sides.clone(),
            runtime,
            accesses_per_second: both(&speed),
            ratio: Ratio {
                least: ratios.iter().copied().fold(f64::INFINITY, f64::min),
                most: ratios.iter().copied().fold(f64::NEG_INFINITY, f64::max),
                median: median(ratios),
            },
            fault: Fault {
                kind: kind.clone(),
                p50: both(&|report| report.latency.get(kind).map_or(0.0, |of| of.p50_ns as f64)),
                p99: both(&|report| report.latency.get(kind).map_or(0.0, |of| of.p99_ns as f64)),
            },
            shows: shows
                .map(|name| (name.as_str(), both(&|report| shown(report, name, cpus))))
                .collect(),
        }
    }
}

/// Returns a counter, or the share of all CPU time that waits for a class of locks.
fn shown(report: &Report, name: &str, cpus: u32) -> f64 {
    match name.strip_prefix("wait:") {
        Some(class) => {
            let wait = report.locks.get(class).map_or(0, |lock| lock.wait_ns);
            wait as f64 / (report.time_ns as f64 * f64::from(cpus))
        }
        None => serde_json::to_value(&report.counters)
            .ok()
            .and_then(|counters| counters.get(name)?.as_f64())
            .unwrap_or(0.0),
    }
}

/// Returns the median of some numbers.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.len() {
        0 => f64::NAN,
        count if count % 2 == 1 => values[middle],
        _ => (values[middle - 1] + values[middle]) / 2.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s1_the_median_is_the_middle_or_half_way() {
        assert_eq!(median(vec![9.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(vec![4.0, 1.0, 2.0, 9.0]), 3.0);
        assert!(median(Vec::new()).is_nan());
    }
}
