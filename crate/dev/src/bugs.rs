//! Searches each bug's scenario for the bug, and prints the kind of finding, the number of schedules tried and
//! the length of the failing schedule: the table of `docs/bugs.md` (`npm run bugs`).

use std::fs;

use clap::Args;
use faultline::runtime::explorer::FindingKind;
use faultline::scenario::{RuntimeOptions, schema};
use faultline_cli::explore::{Found, Order, Searched};
use serde::Serialize;
use serde_json::Value;

use crate::explore::{STEPS, search};
use crate::output::{print, row, step};
use crate::repository;

/// The most preemptions of a schedule, as `faultline explore` has it.
const PREEMPTIONS: u32 = 2;

#[derive(Args, Debug)]
pub(crate) struct BugsOptions {
    /// Look for this bug alone; can be given more than once.
    #[arg(long, value_name = "NAME")]
    only: Vec<String>,
    /// Seconds for a search, of which each bug has two: with the bug and without it.
    #[arg(long, value_name = "N", default_value_t = 6, value_parser = clap::value_parser!(u64).range(1..=99_999))]
    seconds: u64,
    /// Put the failing schedule into the scenario, which replays it.
    #[arg(long)]
    renew: bool,
    /// Print one JSON array.
    #[arg(long)]
    json: bool,
}

/// A bug's two searches.
#[derive(Debug, Serialize)]
struct Row {
    name: String,
    wrong: String,
    found: Found,
    /// The search of the same scenario without the bug.
    clean: Searched,
}

/// Prints the table. True if each bug was found, and nothing where it is off.
pub(crate) fn bugs(options: &BugsOptions) -> Result<bool, String> {
    let bugs = known()?;
    if let Some(unknown) = options.only.iter().find(|name| bugs.iter().all(|(bug, _)| bug != *name))
    {
        let names: Vec<_> = bugs.iter().map(|(bug, _)| bug.as_str()).collect();
        return Err(format!("--only {unknown}: there are {}", names.join(", ")));
    }
    let mut rows = Vec::new();
    for (name, wrong) in bugs {
        if !options.only.is_empty() && !options.only.contains(&name) {
            continue;
        }
        match step(&name, || look_for(&name, wrong, options.seconds))? {
            Ok(row) => rows.push(row),
            Err(missed) => {
                eprintln!("{missed}");
                return Ok(false);
            }
        }
    }
    if options.renew {
        for Row { name, found, .. } in &rows {
            renew(name, &schedule_of(found))?;
        }
    }
    if options.json {
        print(&serde_json::to_string(&rows).map_err(|error| error.to_string())?)?;
    } else {
        print(&table(&rows))?;
    }
    Ok(true)
}

/// Returns each bug with its description, in the order and the words of the engine.
fn known() -> Result<Vec<(String, String)>, String> {
    let schema: Value = serde_json::from_str(&schema()).map_err(|error| error.to_string())?;
    let branches = schema["$defs"]["Bug"]["oneOf"].as_array().ok_or("the schema has no bugs")?;
    let text = |branch: &Value, key: &str| branch[key].as_str().unwrap_or_default().to_owned();
    let bug = |branch| (text(branch, "const"), text(branch, "description").replace('\n', " "));
    Ok(branches.iter().map(bug).collect())
}

fn file_of(name: &str) -> String {
    format!("scenarios/bugs/{name}.json")
}

/// Searches a bug's scenario with the bug and without it. The inner error says that the bug was missed, or what
/// was found without it.
fn look_for(name: &str, wrong: String, seconds: u64) -> Result<Result<Row, String>, String> {
    let mut scenario = repository::scenario(&file_of(name))?;
    let order = Order::Preemptions(PREEMPTIONS);
    let found = search(&scenario, order, STEPS, Some(seconds));
    if found.ok {
        return Ok(Err(format!("{name} was not found in {seconds} s: try --seconds 60")));
    }
    scenario.machine.bugs.clear();
    scenario.runtime = RuntimeOptions::default();
    let clean = search(&scenario, order, STEPS, Some(seconds));
    if !clean.ok {
        let found = serde_json::to_string(&clean).map_err(|error| error.to_string())?;
        return Ok(Err(format!("{name} fails without its bug: {found}")));
    }
    Ok(Ok(Row { name: name.to_owned(), wrong, found, clean: clean.searched }))
}

/// Returns the steps at which the failing schedule deviates from the rule, and the tasks that take them.
fn schedule_of(found: &Found) -> Vec<[u64; 2]> {
    match found.scenario.as_ref().map(|scenario| &scenario.runtime) {
        Some(RuntimeOptions::Virtual { schedule: Some(schedule), .. }) => schedule.clone(),
        _ => Vec::new(),
    }
}

/// Puts a schedule into a bug's scenario.
fn renew(name: &str, schedule: &[[u64; 2]]) -> Result<(), String> {
    let file = file_of(name);
    let text = with_schedule(&repository::read(&file)?, schedule);
    fs::write(repository::path(&file), text).map_err(|error| format!("{file}: {error}"))
}

/// Returns the text of a scenario with a schedule, whose other lines stay as they were written.
fn with_schedule(text: &str, schedule: &[[u64; 2]]) -> String {
    let lines = text.split('\n').filter(|line| !line.starts_with("  \"runtime\":"));
    let mut lines: Vec<_> = lines.map(str::to_owned).collect();
    if !schedule.is_empty() {
        let pairs: Vec<_> =
            schedule.iter().map(|[step, task]| format!("[{step},{task}]")).collect();
        let pairs = pairs.join(",");
        let runtime = format!("  \"runtime\": {{\"kind\": \"virtual\", \"schedule\": [{pairs}]}},");
        let script = lines.iter().position(|line| line == "  \"script\": [");
        lines.insert(script.unwrap_or(lines.len()), runtime);
    }
    lines.join("\n")
}

/// Names in words what found a bug.
fn finder(kind: FindingKind) -> &'static str {
    match kind {
        FindingKind::Audit => "the audit",
        FindingKind::Deadlock => "a deadlock",
        FindingKind::Failure => "an expectation",
        FindingKind::Livelock => "a run that never ends",
        FindingKind::LockOrder => "the rank checker",
        FindingKind::Panic => "the engine's own checks",
        FindingKind::NotRepeatable => "not-repeatable",
    }
}

fn table(rows: &[Row]) -> String {
    let head = [
        "bug",
        "what is wrong",
        "found by",
        "schedules tried",
        "switches + preemptions in steps",
        "tried without it",
    ];
    let mut lines = vec![row(&head), row(&head.map(|_| "---"))];
    lines.extend(rows.iter().map(|Row { name, wrong, found, clean }| {
        let mut finders: Vec<_> = Vec::new();
        for finder in found.findings.iter().map(|finding| finder(finding.kind)) {
            if !finders.contains(&finder) {
                finders.push(finder);
            }
        }
        let (preemptions, steps) =
            (found.preemptions.unwrap_or_default(), found.steps.unwrap_or_default());
        let whole = if clean.complete { ", all there are" } else { "" };
        row(&[
            format!("`{name}`"),
            wrong.clone(),
            finders.join(", "),
            found.searched.counts.schedules.to_string(),
            format!("{} + {preemptions} in {steps}", schedule_of(found).len()),
            format!("{}{whole}", clean.counts.schedules),
        ])
    }));
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bug_is_found_and_its_scenario_holds_without_it() {
        let row = look_for("not-zeroed", "it is".to_owned(), 60).unwrap().unwrap();
        assert!(row.clean.complete);
        let printed = table(&[row]);
        let last = printed.lines().last().unwrap();
        assert!(
            last.starts_with("| `not-zeroed` | it is | an expectation | 1 | 0 + 0 in "),
            "{last}"
        );
        assert!(last.ends_with(", all there are |"), "{last}");
    }

    #[test]
    fn each_bug_has_a_scenario_and_words() {
        let bugs = known().unwrap();
        assert!(bugs.len() > 20);
        for (name, wrong) in bugs {
            assert!(wrong.len() > 20, "{name}");
            repository::scenario(&file_of(&name)).unwrap();
        }
    }

    #[test]
    fn a_new_schedule_replaces_the_old_one_and_leaves_the_other_lines() {
        let text = "{\n  \"title\": \"t\",\n  \"script\": [\n  ]\n}\n";
        let first = with_schedule(text, &[[3, 1], [9, 0]]);
        let line = "  \"runtime\": {\"kind\": \"virtual\", \"schedule\": [[3,1],[9,0]]},";
        assert_eq!(first, text.replace("  \"script\"", &format!("{line}\n  \"script\"")));
        assert_eq!(with_schedule(&first, &[]), text);
    }
}
