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
    let width = study.points.iter().map(|point| point.series.len()).max().unwrap_or(0).max(11);
    let mut text = format!("{title}\nVirtual CPUs; {constant}.\n\n");
    let _ = writeln!(
        text,
        "{:<width$} {:>4} {:>11} {:>9} {:>9} {:>10} {:>11}  hottest lock; hottest line",
        "series", "CPUs", "accesses/s", "faults/s", "speed-up", "lock waits", "cache lines"
    );
    let mut first: Option<&Point> = None;
    for point in &study.points {
        if first.is_none_or(|first| first.series != point.series) {
            first = Some(point);
        }
        let base = first.map_or(f64::NAN, |first| first.accesses_per_s);
        let _ = writeln!(
            text,
            "{:<width$} {:>4} {:>11} {:>9} {:>9.2} {:>8.1} % {:>9.1} %  {}; {}",
            point.series,
            point.cpus,
            quantity(point.accesses_per_s),
            quantity(point.faults_per_s),
            point.accesses_per_s / base,
            point.lock_wait_share * 100.0,
            point.line_share * 100.0,
            point.hottest.as_ref().map_or("-".to_owned(), name),
            point.hottest_line.as_ref().map_or("-", |line| &line.word),
        );
    }
    if !study.threads.is_empty() {
        let _ = writeln!(
            text,
            "\n{:<width$} {:>4} {:>11} {:>11} {:>15} {:>6}  accesses/s; median of {} rounds on threads",
            "series",
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
            "{:<width$} {:>4} {:>11} {:>11} {range:>15} {:>6.2}",
            row.series,
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

/// Prints the matrix: for each row and series the faults a second with the fewest CPUs, how they grow, and what was in
/// the way with the most.
pub(super) fn matrix(study: &Study) -> String {
    let is_one = |left: &Point, right: &Point| left.row == right.row && left.series == right.series;
    let groups: Vec<&[Point]> = study.points.chunk_by(is_one).collect();
    let width = groups.iter().map(|points| points[0].series.len()).max().unwrap_or(0).max(6);
    let mut text = format!(
        "{}\nVirtual CPUs; faults a second, and how many times as many with more CPUs. The work is the same.\n\n",
        visible_line(&study.scenario)
    );
    let cpus = groups.first().map_or(&[][..], |points| points);
    let columns: String = cpus.iter().skip(1).map(|point| format!(" {:>6}", point.cpus)).collect();
    let (first, last) = (cpus.first().map_or(0, |point| point.cpus), cpus.last());
    let last = last.map_or(0, |point| point.cpus);
    let _ = writeln!(
        text,
        "{:<15} {:<7} {:<width$} {:>9}{columns}  with {last} CPUs: locks, lines; hottest lock; hottest line",
        "workload",
        "regions",
        "series",
        format!("{first} CPU"),
    );
    for points in groups {
        let (Some(row), Some(last)) = (points[0].row, points.last()) else { continue };
        let base = points[0].faults_per_s;
        let growth: String = points[1..]
            .iter()
            .map(|point| format!(" {:>6.2}", point.faults_per_s / base))
            .collect();
        let _ = writeln!(
            text,
            "{:<15} {:<7} {:<width$} {:>9}{growth}  {:.0} %, {:.0} %; {}; {}",
            super::matrix::name(&row.workload),
            super::matrix::name(&row.regions),
            points[0].series,
            quantity(base),
            last.lock_wait_share * 100.0,
            last.line_share * 100.0,
            last.hottest.as_ref().map_or("-", |lock| lock.class),
            last.hottest_line.as_ref().map_or("-", |line| &line.word),
        );
    }
    text
}
