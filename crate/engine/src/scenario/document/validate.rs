//! The reader turns a text into a scenario that can be run, or says the first thing that is wrong with it.

use std::sync::OnceLock;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::data_frames;
use super::decode::Checked;
use super::error::{ScenarioError, show};
use super::format::{FORMAT, Pattern, RuntimeOptions, Scenario};
use super::json;
use super::names::FailureCode;
use super::op::{Action, Bounds, MOST_REPEATED, Op, Repeat, Run};
use super::rule::Rule;
use super::schema::reading_schema;
use crate::division::Division;
use crate::options::{ClockTick, MAX_THREADS, MachineOptions, TickUnit, Trim, usual_window};
use crate::runtime::Tasks;

/// Reads a scenario. Nothing of a document that is refused is run.
#[inline] // Compiled where it is called: the crate for the browser is built for size.
pub fn parse(text: &str) -> Result<Scenario, ScenarioError> {
    parse_document(json::read(text)?)
}

/// Reads a scenario from a JSON value.
#[inline]
pub(super) fn parse_document(mut document: Value) -> Result<Scenario, ScenarioError> {
    static RULE: OnceLock<Rule> = OnceLock::new();
    check_version(&document)?;
    RULE.get_or_init(|| Rule::of(&reading_schema())).check(&mut document, &mut String::new())?;
    check_policy_rule(&document)?;
    data_frames::fill(&mut document)?;
    fill_sizes(&mut document);
    let scenario: Scenario = decode(document)?;
    check(&scenario)?;
    Ok(scenario)
}

/// Reads one op, for a machine that is running already.
#[inline]
pub fn parse_op(text: &str, machine: &MachineOptions) -> Result<Op, ScenarioError> {
    static RULE: OnceLock<Rule> = OnceLock::new();
    let mut document = json::read(text)?;
    RULE.get_or_init(|| Rule::of_definition("Op", &reading_schema()))
        .check(&mut document, &mut String::new())?;
    let op: Op = decode(document)?;
    check_op(&op, machine, "", &[], &mut MOST_REPEATED.clone())?;
    Ok(op)
}

/// Checks what no key shows alone: limits that depend on other keys. [`parse`] does it; do it again
/// after changing a scenario.
pub fn check(scenario: &Scenario) -> Result<(), ScenarioError> {
    let machine = &scenario.machine;
    if matches!(scenario.runtime, RuntimeOptions::Threads {}) && machine.cpus > MAX_THREADS {
        let message = format!("{} is above the most on threads, {MAX_THREADS}", machine.cpus);
        let legal = format!("1 to {MAX_THREADS} on threads");
        return Err(ScenarioError::new("/machine/cpus", machine.cpus.to_string(), legal, message));
    }
    let trim = machine.trim;
    if trim.high > machine.frames {
        let message = format!("{} is more than the machine's {} frames", trim.high, machine.frames);
        let legal = format!("at most {}", machine.frames);
        return Err(ScenarioError::new(
            "/machine/trim/high",
            trim.high.to_string(),
            legal,
            message,
        ));
    }
    if trim.low > trim.high {
        let message = format!("{} is above `high`, {}", trim.low, trim.high);
        let legal = format!("at most {}", trim.high);
        return Err(ScenarioError::new("/machine/trim/low", trim.low.to_string(), legal, message));
    }
    check_bugs(machine)?;
    check_schedule(scenario)?;
    let mut left = MOST_REPEATED;
    for (index, op) in scenario.script.iter().enumerate() {
        check_op(op, machine, &format!("/script/{index}"), &[], &mut left)?;
    }
    Ok(())
}

/// Refuses a policy's rule that cannot be compiled.
fn check_policy_rule(document: &Value) -> Result<(), ScenarioError> {
    const PATH: &str = "/machine/policy/rule";
    let Some(text) = document.pointer(PATH).and_then(Value::as_str) else { return Ok(()) };
    let Err(error) = faultline_rule::Rule::new(text) else { return Ok(()) };
    Err(ScenarioError::new(PATH, show(&json!(text)), &*error.legal, error.to_string()))
}

/// Refuses bugs in any build but a teaching build, which alone can run the scenario with them.
fn check_bugs(machine: &MachineOptions) -> Result<(), ScenarioError> {
    if machine.bugs.is_empty() || cfg!(feature = "bugs") {
        return Ok(());
    }
    let found = show(&json!(machine.bugs));
    let message = "bugs are switched on, which needs a teaching build: the cargo feature `bugs`";
    Err(ScenarioError::new("/machine/bugs", found, "an empty list, in this build", message))
}

/// Checks that a schedule's steps ascend, and that the tasks which take them are on the machine.
fn check_schedule(scenario: &Scenario) -> Result<(), ScenarioError> {
    let RuntimeOptions::Virtual { schedule: Some(schedule), .. } = &scenario.runtime else {
        return Ok(());
    };
    let cpus = u64::from(scenario.machine.cpus);
    let tasks = Tasks::of(&scenario.machine);
    let last = tasks.count() as u64 - 1;
    let mut least = 0;
    for (index, [step, task]) in schedule.iter().enumerate() {
        let path = format!("/runtime/schedule/{index}");
        if *step < least {
            let message = format!("{step} does not come after the step before it");
            let legal = format!("at least {least}");
            return Err(ScenarioError::new(format!("{path}/0"), step.to_string(), legal, message));
        }
        if *task > last {
            let message = format!("{task} is nobody on a machine with {cpus} CPUs");
            let legal = format!("0 to {last}: the CPUs, then {}", tasks.enumeration());
            return Err(ScenarioError::new(format!("{path}/1"), task.to_string(), legal, message));
        }
        least = step + 1;
    }
    Ok(())
}

/// Checks the version, before all else: a newer format may have keys that this engine does not know.
fn check_version(document: &Value) -> Result<(), ScenarioError> {
    let at = |found: String, message: String| {
        ScenarioError::new(
            "/faultline",
            found,
            format!("{FORMAT}, the version of the format"),
            message,
        )
    };
    let Value::Object(map) = document else {
        let message = format!("{} is not a scenario, which is an object", show(document));
        return Err(ScenarioError::new("", show(document), "an object", message));
    };
    let Some(version) = map.get("faultline") else {
        return Err(at(
            "nothing".into(),
            format!("is missing; it is the version of the format, {FORMAT}"),
        ));
    };
    match version.as_f64() {
        Some(number) if number > f64::from(FORMAT) => Err(at(
            show(version),
            format!("format {} is newer than this engine's, {FORMAT}", show(version)),
        )),
        _ => Ok(()),
    }
}

/// Fills in the options that were left out and depend on the machine's size.
fn fill_sizes(document: &mut Value) {
    let Some(machine) = document.get_mut("machine").and_then(Value::as_object_mut) else { return };
    let usual = MachineOptions::default();
    let number = |key: &str| machine.get(key).and_then(Value::as_u64);
    let frames = number("frames").unwrap_or(usual.frames.into());
    let cpus = number("cpus").unwrap_or(usual.cpus.into());
    if let Some(division) = Division::usual(frames as u32, cpus as u32) {
        fill_division(machine, &division);
    }
    fill_trim(machine, frames);
    fill_tick(machine, frames as u32);
    machine.entry("working_set_window").or_insert_with(|| usual_window(frames as u32).into());
}

/// Fills in how a machine of many CPUs is divided among them. Hands are drained in the bitmap alone, so who asks for that
/// keeps it.
fn fill_division(machine: &mut Map<String, Value>, division: &Division) {
    let Value::Object(usual) = json!(division) else { return };
    let drains_hands = machine.get("drain_hands").and_then(Value::as_bool) == Some(true);
    for (key, value) in usual {
        if !(drains_hands && key == "slot_finder") {
            machine.entry(key).or_insert(value);
        }
    }
}

/// Fills in the trim levels: a quarter of a small machine's frames, not the 16 that a small one does not
/// have, and never in conflict with the one that is given.
fn fill_trim(machine: &mut Map<String, Value>, frames: u64) {
    let number = |map: &Map<String, Value>, key: &str| map.get(key).and_then(Value::as_u64);
    let trim = machine.entry("trim").or_insert_with(|| json!({}));
    let Some(trim) = trim.as_object_mut() else { return };
    let usual = Trim::default();
    let quarter = (frames / 4).max(1);
    let (low, high) = (number(trim, "low"), number(trim, "high"));
    let high_or = high.unwrap_or_else(|| u64::from(usual.high).min(quarter).max(low.unwrap_or(0)));
    let low_or = low.unwrap_or_else(|| u64::from(usual.low).min(quarter.div_ceil(2)).min(high_or));
    trim.insert("high".into(), high_or.into());
    trim.insert("low".into(), low_or.into());
}

/// Fills in the clock tick's `every`, which depends on its unit.
fn fill_tick(machine: &mut Map<String, Value>, frames: u32) {
    let tick = machine.entry("clock_tick").or_insert_with(|| json!({}));
    let Some(tick) = tick.as_object_mut() else { return };
    let unit = tick.get("unit").and_then(|unit| TickUnit::deserialize(unit).ok());
    let unit = unit.unwrap_or(ClockTick::default().unit);
    tick.entry("every").or_insert_with(|| ClockTick::usual(unit, frames).every.into());
}

/// Decodes a document that the rules have passed, so this fails only if they and the types disagree.
#[inline]
fn decode<T: DeserializeOwned>(document: Value) -> Result<T, ScenarioError> {
    T::deserialize(Checked(document)).map_err(|error| {
        let found = "a value of another shape";
        ScenarioError::new("", found, "what the schema says", error.to_string())
    })
}

/// Checks an op that stands in the ops `within`; its repeats may come to so many ops as are `left`.
fn check_op(
    op: &Op,
    machine: &MachineOptions,
    path: &str,
    within: &[&str],
    left: &mut u64,
) -> Result<(), ScenarioError> {
    let name = op.action.name();
    if within.contains(&name) {
        let found = format!("{name:?}");
        let message = format!("{found} does not nest");
        return Err(ScenarioError::new(format!("{path}/op"), found, "any other op", message));
    }
    let within = &[within, &[name]].concat();
    if op.fails.is_some() && !op.may_fail.is_empty() {
        let found = show(&json!(op.may_fail));
        let message = "stands beside `fails`: an op has to fail or may fail, not both";
        return Err(ScenarioError::new(
            format!("{path}/may_fail"),
            found,
            "one of the two",
            message,
        ));
    }
    check_question(op, path, within.len() > 1)?;
    let may_be_out_of_range =
        op.fails.iter().chain(&op.may_fail).any(|code| *code == FailureCode::OutOfRange);
    match &op.action {
        Action::Run(run) => check_run(run, machine, path)?,
        Action::Switch(switch) if switch.cpu >= machine.cpus && !may_be_out_of_range => {
            let last = machine.cpus - 1;
            let message = format!("{} is past the machine's last CPU, {last}", switch.cpu);
            return Err(ScenarioError::new(
                format!("{path}/cpu"),
                switch.cpu.to_string(),
                format!("an integer from 0 to {last}"),
                message,
            ));
        }
        Action::ExpectCounter(expect) => check_bounds(expect.bounds(), path)?,
        Action::ExpectFrames(expect) => check_bounds(expect.bounds(), path)?,
        Action::ExpectList(expect) => check_bounds(expect.bounds(), path)?,
        Action::ExpectSlots(expect) => check_bounds(expect.bounds(), path)?,
        Action::Together(together) => {
            for (list, script) in together.scripts.iter().enumerate() {
                for (index, op) in script.iter().enumerate() {
                    let path = format!("{path}/scripts/{list}/{index}");
                    check_op(op, machine, &path, within, left)?;
                }
            }
        }
        Action::Repeat(repeat) => {
            check_times(repeat, path, left)?;
            for (index, op) in repeat.script.iter().enumerate() {
                check_op(op, machine, &format!("{path}/script/{index}"), within, left)?;
            }
        }
        _ => {}
    }
    Ok(())
}

/// Checks that a question stands where a reader meets it, and that it has an answer.
fn check_question(op: &Op, path: &str, is_inside: bool) -> Result<(), ScenarioError> {
    let Some(question) = &op.question else { return Ok(()) };
    if is_inside {
        let message = "a question stands on a line of the script itself";
        let path = format!("{path}/question");
        return Err(ScenarioError::new(path, "a question", "no key of this name here", message));
    }
    let choices = question.choices.len() as u64;
    let (key, found, legal) = match (choices, question.right) {
        (0, Some(right)) => {
            ("right", right.to_string(), "no such key without `choices`".to_owned())
        }
        (0, None) if op.action.expected_number().is_none() => {
            ("choices", "nothing".to_owned(), "choices, or `equals` in an `expect`".to_owned())
        }
        (1.., None) => ("right", "nothing".to_owned(), format!("0 to {}", choices - 1)),
        (1.., Some(right)) if u64::from(right) >= choices => {
            ("right", right.to_string(), format!("0 to {}", choices - 1))
        }
        _ => return Ok(()),
    };
    let message = format!("{found} gives the question no answer: legal is {legal}");
    Err(ScenarioError::new(format!("{path}/question/{key}"), found, legal, message))
}

fn check_times(repeat: &Repeat, path: &str, left: &mut u64) -> Result<(), ScenarioError> {
    let ops: u64 = repeat.script.iter().map(Op::count).sum();
    let all = ops.saturating_mul(repeat.times.into());
    *left = left.checked_sub(all).ok_or_else(|| {
        let most = *left / ops.max(1);
        let message = format!(
            "{} turns of {ops} ops are {all}; all repeats come to {MOST_REPEATED} at most, and \
             {left} are left here",
            repeat.times
        );
        let (found, legal) = (repeat.times.to_string(), format!("at most {most}"));
        ScenarioError::new(format!("{path}/times"), found, legal, message)
    })?;
    Ok(())
}

fn check_run(run: &Run, machine: &MachineOptions, path: &str) -> Result<(), ScenarioError> {
    if run.cpus > machine.cpus {
        let message = format!("{} is more than the machine has, {}", run.cpus, machine.cpus);
        let legal = format!("an integer from 1 to {}", machine.cpus);
        return Err(ScenarioError::new(
            format!("{path}/cpus"),
            run.cpus.to_string(),
            legal,
            message,
        ));
    }
    check_pages(run.pages, &format!("{path}/pages"))?;
    if let Pattern::Phases(phases) = &run.pattern {
        for (index, phase) in phases.iter().enumerate() {
            check_pages(phase.pages, &format!("{path}/pattern/phases/{index}/pages"))?;
        }
    }
    Ok(())
}

fn check_pages(pages: Option<[u32; 2]>, path: &str) -> Result<(), ScenarioError> {
    match pages {
        Some([first, end]) if first >= end => Err(ScenarioError::new(
            path,
            format!("[{first}, {end}]"),
            "[first, end] with first below end",
            format!(
                "[{first}, {end}] has no pages: it is the first page and the one after the last"
            ),
        )),
        _ => Ok(()),
    }
}

fn check_bounds(bounds: Bounds, path: &str) -> Result<(), ScenarioError> {
    match (bounds.at_least, bounds.at_most) {
        (Some(least), Some(most)) if least > most => Err(ScenarioError::new(
            format!("{path}/at_least"),
            least.to_string(),
            format!("at most {most}"),
            format!("{least} is above `at_most`, {most}"),
        )),
        _ => Ok(()),
    }
}
