//! The curves as a table for people.

use std::fmt::Write;

use super::Study;
use super::curve::Hottest;
use crate::output::visible_line;

pub(super) fn text(study: &Study) -> String {
    let constant = match study.work {
        "total" => "the work of all CPUs together is the same at each number of them",
        _ => "the work of each CPU is the same at each number of them",
    };
    let title = visible_line(&study.scenario);
    let mut text = format!("{title}\nVirtual CPUs; {constant}.\n\n");
    let _ = writeln!(
        text,
        "{:<11} {:>4} {:>11} {:>9} {:>9} {:>10}  hottest lock",
        "PTE locks", "CPUs", "accesses/s", "faults/s", "speed-up", "lock waits"
    );
    let mut first: Option<&super::Point> = None;
    for point in &study.points {
        if first.is_none_or(|first| first.locks != point.locks) {
            first = Some(point);
        }
        let base = first.map_or(f64::NAN, |first| first.accesses_per_s);
        let _ = writeln!(
            text,
            "{:<11} {:>4} {:>11} {:>9} {:>9.2} {:>8.1} %  {}",
            point.locks,
            point.cpus,
            quantity(point.accesses_per_s),
            quantity(point.faults_per_s),
            point.accesses_per_s / base,
            point.lock_wait_share * 100.0,
            point.hottest.as_ref().map_or("-".to_owned(), name),
        );
    }
    if !study.threads.is_empty() {
        let _ = writeln!(
            text,
            "\n{:<11} {:>4} {:>11} {:>11} {:>15} {:>6}  accesses/s; median of {} rounds on threads",
            "PTE locks",
            "CPUs",
            "predicted",
            "measured",
            "least to most",
            "ratio",
            study.threads[0].rounds
        );
    }
    for row in &study.threads {
        let range = format!("{} to {}", quantity(row.least), quantity(row.most));
        let _ = writeln!(
            text,
            "{:<11} {:>4} {:>11} {:>11} {range:>15} {:>6.2}",
            row.locks,
            row.cpus,
            quantity(row.predicted_accesses_per_s),
            quantity(row.measured_accesses_per_s),
            row.predicted_accesses_per_s / row.measured_accesses_per_s,
        );
    }
    text
}

fn name(hottest: &Hottest) -> String {
    let share = hottest.of_waits * 100.0;
    match &hottest.region {
        Some(region) => format!(
            "{} ({share:.0} % of waits), most at process {} page {}",
            hottest.class, region.process, region.page
        ),
        None => format!("{} ({share:.0} % of waits)", hottest.class),
    }
}

/// A number to three digits with its thousands as a letter.
pub(super) fn quantity(value: f64) -> String {
    let (unit, letter) = match value {
        _ if value < 1e3 => (1.0, ""),
        _ if value < 1e6 => (1e3, " k"),
        _ if value < 1e9 => (1e6, " M"),
        _ => (1e9, " G"),
    };
    let scaled = value / unit;
    match scaled {
        _ if scaled < 9.995 => format!("{scaled:.2}{letter}"),
        _ if scaled < 99.95 => format!("{scaled:.1}{letter}"),
        _ => format!("{scaled:.0}{letter}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s2_quantities_have_three_digits() {
        let found = [0.5, 999.4, 1_000.0, 9_999_000.0, 12_345_678.0, 250e6].map(quantity);
        assert_eq!(found, ["0.50", "999", "1.00 k", "10.0 M", "12.3 M", "250 M"]);
    }
}
