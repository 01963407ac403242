//! Formats a report for a person, in aligned columns of plain text.

use std::fmt;

use super::run_report::{EventProfile, FalselySharedLine, LineUse, RegionProfile, Report};
use crate::scenario::document::{CounterName, grouped};

impl fmt::Display for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = match self.failures.len() {
            _ if self.ok => "all held".to_owned(),
            1 => "1 thing did not hold".to_owned(),
            several => format!("{several} things did not hold"),
        };
        writeln!(formatter, "{verdict} ({})", duration(self.time_ns))?;
        for failure in &self.failures {
            writeln!(formatter, "  {failure}")?;
        }
        for note in &self.notes {
            writeln!(formatter, "  {note}")?;
        }
        writeln!(formatter)?;
        let rows = CounterName::ALL
            .iter()
            .map(|name| vec![name.to_string(), grouped(self.counters.get(*name))]);
        table(formatter, &["counter", "value"], rows.collect())?;
        if !self.latency.0.is_empty() {
            let rows = self.latency.0.iter().map(|(kind, latency)| {
                let times =
                    [latency.p50_ns, latency.p99_ns, latency.p999_ns, latency.max_ns].map(duration);
                [kind.clone(), grouped(latency.count)].into_iter().chain(times).collect()
            });
            writeln!(formatter)?;
            table(formatter, &["fault", "count", "p50", "p99", "p99.9", "max"], rows.collect())?;
        }
        if !self.locks.0.is_empty() {
            let rows = self.locks.0.iter().map(|(class, lock)| {
                vec![
                    class.clone(),
                    grouped(lock.acquisitions),
                    grouped(lock.contended),
                    duration(lock.wait_ns),
                    share(lock.wait_ns, self.fault_ns),
                    duration(lock.hold_ns),
                ]
            });
            writeln!(formatter)?;
            table(
                formatter,
                &["lock", "taken", "contended", "waited", "of faults", "held"],
                rows.collect(),
            )?;
        }
        if self.regions.iter().any(|region| region.lock.contended > 0) {
            let contended = self.regions.iter().filter(|region| region.lock.contended > 0);
            let rows = contended.map(|RegionProfile { process, page, lock }| {
                vec![
                    format!("process {process} page {page}"),
                    grouped(lock.contended),
                    duration(lock.wait_ns),
                ]
            });
            writeln!(formatter)?;
            table(formatter, &["region of PTEs", "contended", "waited"], rows.collect())?;
        }
        if !self.lines.is_empty() {
            let rows = self.lines.0.iter().map(|(class, line)| {
                vec![
                    class.clone(),
                    grouped(line.transfers),
                    grouped(line.false_sharing),
                    duration(line.queued_ns),
                    duration(line.lost_ns),
                    share(line.lost_ns, self.fault_ns),
                ]
            });
            writeln!(formatter)?;
            let titles =
                ["cache lines of", "travelled", "falsely shared", "queued", "lost", "of faults"];
            table(formatter, &titles, rows.collect())?;
        }
        for FalselySharedLine { transfers, needed, written } in &self.false_sharing {
            let use_of =
                |LineUse { word, record, by }: &LineUse| format!("{word} of {record} ({by})");
            let (needed, written) = (use_of(needed), use_of(written));
            let times = grouped(*transfers);
            writeln!(
                formatter,
                "false sharing, {times} times: {needed} shares a line with {written}"
            )?;
        }
        writeln!(formatter)?;
        writeln!(formatter, "state {}", self.state_hash)?;
        if let Some(hash) = &self.trace_hash {
            writeln!(formatter, "trace {hash}")?;
        }
        let sum = |of: fn(&EventProfile) -> u64| {
            grouped(self.events.0.iter().map(|(_, profile)| of(profile)).sum())
        };
        if !self.events.0.is_empty() {
            let (recorded, dropped) = (sum(|ring| ring.recorded), sum(|ring| ring.dropped));
            writeln!(formatter, "events {recorded} kept in rings, {dropped} overwritten since")?;
        }
        Ok(())
    }
}

/// Writes rows under their titles: the first column to the left, numbers to the right.
fn table(
    formatter: &mut fmt::Formatter<'_>,
    titles: &[&str],
    mut rows: Vec<Vec<String>>,
) -> fmt::Result {
    rows.insert(0, titles.iter().map(|&title| title.to_owned()).collect());
    let width =
        |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..titles.len()).map(width).collect();
    for row in &rows {
        let cells =
            row.iter().zip(&widths).enumerate().map(|(column, (cell, &width))| match column {
                0 => format!("{cell:<width$}"),
                _ => format!("{cell:>width$}"),
            });
        let line = cells.collect::<Vec<_>>().join("  ");
        writeln!(formatter, "{}", line.trim_end())?;
    }
    Ok(())
}

/// Formats a part of a whole in percent.
fn share(part: u64, whole: u64) -> String {
    if whole == 0 {
        return "-".to_owned();
    }
    format!("{:.1} %", part as f64 * 100.0 / whole as f64)
}

/// Formats a time in the unit that suits it, to three digits.
fn duration(nanoseconds: u64) -> String {
    let (unit, name) = match nanoseconds {
        0..10_000 => return format!("{nanoseconds} ns"),
        10_000..1_000_000 => (1_000, "us"),
        1_000_000..1_000_000_000 => (1_000_000, "ms"),
        _ => (1_000_000_000, "s"),
    };
    let whole = nanoseconds / unit;
    match whole {
        0..10 => format!("{whole}.{:02} {name}", nanoseconds % unit * 100 / unit),
        10..100 => format!("{whole}.{} {name}", nanoseconds % unit * 10 / unit),
        _ => format!("{} {name}", grouped(whole)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::run_report::{
        Counters, Failure, Latency, LineProfile, LockProfile, OpOutcome, hash_text,
    };
    use super::*;
    use crate::scenario::document::FailureCode;

    fn report() -> Report {
        Report {
            ok: false,
            notes: Vec::new(),
            failures: vec![Failure::new("/script/3", 42, 0)],
            counters: Counters { accesses: 1_234_567, copies: 1, ..Counters::default() },
            latency: [(
                "demand_zero",
                Latency { count: 3, p50_ns: 40, p99_ns: 999, p999_ns: 9_999, max_ns: 80_041 },
            )]
            .into_iter()
            .collect(),
            locks: [(
                "pte",
                LockProfile { acquisitions: 7, wait_ns: 120, ..LockProfile::default() },
            )]
            .into_iter()
            .collect(),
            regions: vec![RegionProfile {
                process: 1,
                page: 64,
                lock: LockProfile { contended: 3, wait_ns: 120, ..LockProfile::default() },
            }],
            events: [("cpu 0", EventProfile { recorded: 20_000, dropped: 3_616 })]
                .into_iter()
                .collect(),
            lines: [(
                "lists.count",
                LineProfile { transfers: 9, false_sharing: 4, queued_ns: 20, lost_ns: 240 },
            )]
            .into_iter()
            .collect(),
            false_sharing: vec![FalselySharedLine {
                transfers: 4,
                needed: LineUse { word: "lists.count".into(), record: 2, by: "cpu 0".into() },
                written: LineUse { word: "lists.lock".into(), record: 2, by: "writer".into() },
            }],
            fault_ns: 480,
            time_ns: 12_345_678,
            state_hash: hash_text(0xabc),
            trace_hash: None,
        }
    }

    #[test]
    fn r5_a_report_keeps_the_order_of_its_keys() {
        let text = serde_json::to_string(&report()).unwrap();
        assert!(text.starts_with(r#"{"ok":false,"failures":[{"at":"/script/3","expected":"42","found":"0"}],"counters":{"accesses":1234567,"faults":0,"#));
        assert!(
            text.ends_with(
                r#""time_ns":12345678,"state_hash":"0000000000000abc","trace_hash":null}"#
            )
        );
        assert_eq!(serde_json::from_str::<Report>(&text).unwrap(), report());
        let places = CounterName::ALL.map(|name| text.find(&format!("\"{name}\":")).unwrap());
        assert!(places.is_sorted());
    }

    #[test]
    fn r5_a_report_reads_well() {
        let text = report().to_string();
        for line in [
            "1 thing did not hold (12.3 ms)",
            "  /script/3: expected 42, found 0",
            "accesses           1,234,567",
            "fault        count    p50     p99    p99.9      max",
            "demand_zero      3  40 ns  999 ns  9999 ns  80.0 us",
            "lock  taken  contended  waited  of faults  held",
            "pte       7          0  120 ns     25.0 %  0 ns",
            "process 1 page 64          3  120 ns",
            "cache lines of  travelled  falsely shared  queued    lost  of faults",
            "lists.count             9               4   20 ns  240 ns     50.0 %",
            "false sharing, 4 times: lists.count of 2 (cpu 0) shares a line with lists.lock of 2 (writer)",
            "state 0000000000000abc",
            "events 20,000 kept in rings, 3,616 overwritten since",
        ] {
            assert!(text.lines().any(|found| found == line), "{line}\n{text}");
        }
    }

    #[test]
    fn r5_times_have_three_digits() {
        let times =
            [9_999, 10_000, 999_999, 1_286_100, 80_041_000, 7_244_000_000, 4_000_000_000_000]
                .map(duration);
        assert_eq!(
            times,
            ["9999 ns", "10.0 us", "999 us", "1.28 ms", "80.0 ms", "7.24 s", "4,000 s"]
        );
    }

    #[test]
    fn r5_an_op_with_fails_has_to_fail() {
        let refused = || Err((FailureCode::NotRunning, "it sleeps".to_owned()));
        assert!(OpOutcome::judge("/script/0", None, Ok(Some(3))).ok);
        assert!(OpOutcome::judge("/script/0", Some(FailureCode::NotRunning), refused()).ok);
        let outcome = OpOutcome::judge("/script/0", None, refused());
        assert_eq!(
            outcome.failures,
            [Failure::new("/script/0", "success", "not-running: it sleeps")]
        );
        let outcome = OpOutcome::judge("/script/0", Some(FailureCode::ReadOnly), Ok(None));
        assert_eq!(outcome.failures, [Failure::new("/script/0", "read-only", "success")]);
        assert!(!OpOutcome::judge("/script/0", Some(FailureCode::ReadOnly), refused()).ok);
    }
}
