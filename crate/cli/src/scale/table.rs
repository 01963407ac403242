//! Prints the curves as a table for people.

use std::fmt::Write;

use super::curve::{Hottest, Point, Study};
use super::figures::quantity;
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
    let mut first: Option<&Point> = None;
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
