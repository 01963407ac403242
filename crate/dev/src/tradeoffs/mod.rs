//! Measures both sides of each switch of the ladder, in turns, on threads and on virtual CPUs: the table of
//! `docs/tradeoffs.md` (`npm run tradeoffs`).

mod ladder;
mod row;
mod table;

use clap::Args;
use faultline::scenario::{Report, RuntimeKind, Traces, run};
use serde_json::json;

use crate::output::{print, step};
use ladder::{Rung, read_ladder};
use row::Row;
use table::table;

#[derive(Args, Debug)]
pub(crate) struct TradeoffsOptions {
    /// About how many accesses a run makes.
    #[arg(long, value_name = "N", default_value_t = 500_000, value_parser = clap::value_parser!(u64).range(1..=999_999_999))]
    accesses: u64,
    /// How often each side runs.
    #[arg(long, value_name = "N", default_value_t = 9, value_parser = clap::value_parser!(u64).range(1..=999_999_999))]
    rounds: u64,
    /// Measure this switch alone; can be given more than once.
    #[arg(long, value_name = "NAME")]
    only: Vec<String>,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

/// Prints the table. An error if the call was wrong, or a scenario fails.
pub(crate) fn tradeoffs(options: &TradeoffsOptions) -> Result<bool, String> {
    let TradeoffsOptions { accesses, rounds, only, json } = options;
    let rungs = chosen(read_ladder()?, only)?;
    let rows = measure(&rungs, *accesses, *rounds)?;
    let text = if *json {
        json!({"accesses": accesses, "rounds": rounds, "rows": rows}).to_string()
    } else {
        table(&rows)
    };
    print(&text)?;
    Ok(true)
}

/// Selects the rungs that are named, or all if none is.
fn chosen(ladder: Vec<Rung>, only: &[String]) -> Result<Vec<Rung>, String> {
    if let Some(unknown) = only.iter().find(|name| ladder.iter().all(|rung| rung.name != **name)) {
        let names: Vec<_> = ladder.iter().map(|rung| rung.name.as_str()).collect();
        return Err(format!("--only {unknown}: there are {}", names.join(", ")));
    }
    let is_chosen = |rung: &Rung| only.is_empty() || only.contains(&rung.name);
    Ok(ladder.into_iter().filter(is_chosen).collect())
}

/// The runtimes of each side.
const RUNTIMES: [RuntimeKind; 2] = [RuntimeKind::Threads, RuntimeKind::Virtual];

/// A rung on one runtime, with the reports of its rounds so far.
struct Work<'a> {
    rung: &'a Rung,
    base: String,
    runtime: RuntimeKind,
    reports: Vec<[Report; 2]>,
}

/// Runs every rung in every round, its sides in turns, so that whatever else the computer does falls on both
/// alike.
fn measure(rungs: &[Rung], accesses: u64, rounds: u64) -> Result<Vec<Row>, String> {
    let mut works = Vec::new();
    for rung in rungs {
        let base = rung.base(accesses)?;
        works.extend(RUNTIMES.map(|runtime| {
            let (base, reports) = (base.clone(), Vec::new());
            Work { rung, base, runtime, reports }
        }));
    }
    for round in 1..=rounds {
        step(&format!("round {round} of {rounds}"), || {
            for work in &mut works {
                let report = |side: usize| report(work, side, round);
                let reports = if round % 2 == 1 {
                    [report(0)?, report(1)?]
                } else {
                    let second = report(1)?;
                    [report(0)?, second]
                };
                work.reports.push(reports);
            }
            Ok(())
        })?;
    }
    works.iter().map(row).collect()
}

fn row(work: &Work<'_>) -> Result<Row, String> {
    let Work { rung, base, runtime, reports } = work;
    let cpus = rung.side(base, 0, *runtime, 0)?.machine.cpus;
    Ok(Row::new(rung, *runtime, cpus, reports))
}

/// Runs one side; the round is the seed of a virtual run.
fn report(work: &Work<'_>, side: usize, round: u64) -> Result<Report, String> {
    let Work { rung, base, runtime, .. } = work;
    let name = format!("{} on {runtime:?}", rung.name);
    let report = run(&rung.side(base, side, *runtime, round)?, Traces::default(), &mut |_, _| {})
        .map_err(|error| format!("{name}: {error}"))?;
    match report.failures.first() {
        Some(failure) => Err(format!("{name}: {failure}")),
        None => Ok(report),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The measurement is as short as it can be: its figures mean nothing, but every part has run.
    #[test]
    fn s1_every_switch_of_the_ladder_is_measured_on_both_sides_on_threads_and_virtual_cpus() {
        let ladder = read_ladder().unwrap();
        let rows = measure(&ladder, 500, 2).unwrap();
        let text = table(&rows);
        let mut lines = text.lines().map(|line| {
            let cells = line.strip_prefix("| ").unwrap().strip_suffix(" |").unwrap();
            cells.split(" | ").collect::<Vec<_>>()
        });
        assert_eq!(lines.next().unwrap().len(), 7);
        assert_eq!(lines.next().unwrap(), ["---"; 7]);
        let wanted = ladder.iter().flat_map(|rung| RUNTIMES.map(|runtime| (rung, runtime)));
        for ((rung, runtime), row) in wanted.zip(&rows) {
            let cells = lines.next().unwrap();
            assert_eq!(cells[0], rung.name);
            assert_eq!(json!(cells[2]), json!(runtime));
            assert_eq!(cells.len(), 7);
            assert!(row.accesses_per_second.iter().all(|speed| *speed > 0.0), "{row:?}");
            assert!(row.ratio.least > 0.0 && row.ratio.least <= row.ratio.median, "{row:?}");
            assert!(row.ratio.median <= row.ratio.most, "{row:?}");
            assert_eq!(row.shows.0.len(), rung.shows.len());
        }
        assert_eq!(lines.next(), None);
    }

    #[test]
    fn s1_a_virtual_row_is_the_same_again_and_prints_as_json() {
        let slots = || chosen(read_ladder().unwrap(), &["slot-finder".to_owned()]).unwrap();
        let rows = || serde_json::to_value(measure(&slots(), 500, 1).unwrap()).unwrap();
        let (first, again) = (rows(), rows());
        assert_eq!(first[1], again[1]);
        assert_eq!(first[1]["runtime"], "virtual");
        for row in first.as_array().unwrap() {
            assert_eq!(row["switch"], "/machine/slot_finder");
            assert_eq!(row["sides"], json!(["scan", "bitmap"]));
            assert!(row["accessesPerSecond"][1].as_f64().unwrap() > 0.0);
            assert!(row["shows"]["slots_examined"].is_array());
        }
    }

    #[test]
    fn s1_a_switch_that_is_not_there_is_refused_with_those_that_are() {
        let refused = chosen(read_ladder().unwrap(), &["luck".to_owned()]).unwrap_err();
        assert!(refused.starts_with("--only luck: there are pipeline, slot-finder"), "{refused}");
    }
}
