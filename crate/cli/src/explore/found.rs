//! The result of `faultline explore`, which is printed in words or as JSON.

use std::fmt::Write;
use std::path::Path;

use faultline::runtime::explorer::{Counts, Finding, Shortest, Switch};
use faultline::runtime::{Pause, Step, Tasks};
use faultline::scenario::{RuntimeOptions, Scenario};
use serde::Serialize;

/// The extent of a search: its bound, and how much was tried.
#[derive(Debug, Serialize)]
pub struct Searched {
    /// Whether everything within the bound was tried.
    pub complete: bool,
    /// The bound.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preemptions: Option<u32>,
    /// The depth, of a random search.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub depth: Option<u32>,
    /// Whether equal states were searched once.
    pub reduces: bool,
    /// How many schedules, states and steps there were.
    #[serde(flatten)]
    pub counts: Counts,
    /// How long it took.
    pub seconds: f64,
}

/// The result of a search.
#[derive(Debug, Serialize)]
pub struct Found {
    /// Whether nothing is wrong.
    pub ok: bool,
    /// How much was searched.
    pub searched: Searched,
    /// What is wrong.
    pub findings: Vec<Finding>,
    /// Preemptions in the failing schedule.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preemptions: Option<u32>,
    /// Steps of the run under it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub steps: Option<u64>,
    switches: Vec<Line>,
    /// The scenario that replays it.
    pub scenario: Option<Scenario>,
}

/// A switch from one task to another.
#[derive(Debug, Serialize)]
struct Line {
    step: u64,
    /// Whether the schedule says so, or the rule.
    deviates: bool,
    who: String,
    what: String,
}

impl Found {
    pub(super) fn new(searched: Searched, shortest: Option<Shortest>, scenario: &Scenario) -> Self {
        let tasks = Tasks::of(&scenario.machine);
        let Some(Shortest { failing, switches, .. }) = shortest else {
            let (findings, switches) = (Vec::new(), Vec::new());
            let (preemptions, steps, scenario) = (None, None, None);
            return Self { ok: true, searched, findings, preemptions, steps, switches, scenario };
        };
        let mut replay = scenario.clone();
        if let RuntimeOptions::Virtual { schedule, .. } = &mut replay.runtime {
            let deviations = failing.schedule.iter().map(|(step, task)| [*step, *task as u64]);
            *schedule = Some(deviations.collect());
        }
        Self {
            ok: false,
            searched,
            findings: failing.findings,
            preemptions: Some(failing.preemptions),
            steps: Some(failing.steps),
            switches: switches.iter().map(|switch| line(switch, tasks)).collect(),
            scenario: Some(replay),
        }
    }

    pub(super) fn in_words(&self, out: Option<&Path>) -> String {
        let mut text = String::new();
        // Writing to a text does not fail.
        let _ = self.write(&mut text, out);
        text
    }

    fn write(&self, text: &mut String, out: Option<&Path>) -> std::fmt::Result {
        for Finding { kind, text: sentence } in &self.findings {
            let kind = serde_json::to_string(kind).unwrap_or_default();
            writeln!(text, "{}: {sentence}", kind.trim_matches('"'))?;
        }
        if let (Some(preemptions), Some(steps)) = (self.preemptions, self.steps) {
            writeln!(text, "\nThe schedule: {preemptions} preemptions, {steps} steps.")?;
            for Line { step, deviates, who, what } in &self.switches {
                let mark = if *deviates { '*' } else { ' ' };
                writeln!(text, "{mark} step {step:>5}  {who:<12} {what}")?;
            }
            writeln!(text, "\n* by the schedule; the others by the rule.\n")?;
        }
        let Searched { complete, preemptions, depth, reduces, counts, seconds } = &self.searched;
        let Counts { schedules, ends, states, steps } = counts;
        let kind = match (preemptions, depth) {
            (Some(preemptions), _) => format!("up to {preemptions} preemptions"),
            (None, depth) => format!("random, depth {}", depth.unwrap_or_default()),
        };
        let how = match (self.ok, complete) {
            (false, _) => "something is wrong",
            (true, true) => "nothing is wrong, and nothing is left to try",
            (true, false) => "nothing is wrong so far",
        };
        let seconds = seconds.max(0.001);
        writeln!(text, "{how} ({kind})")?;
        write!(text, "{schedules} schedules, {ends} of them to the end, ")?;
        if *reduces {
            write!(text, "{states} states, ")?;
        }
        let rate = *steps as f64 / seconds;
        writeln!(text, "{steps} steps in {seconds:.1} s, {rate:.0} steps/s")?;
        if let Some(scenario) = &self.scenario {
            match out {
                Some(file) => writeln!(text, "\nfaultline run {} replays it", file.display())?,
                None => {
                    let document = serde_json::to_string(scenario).unwrap_or_default();
                    writeln!(text, "\nfaultline run replays it:\n{document}")?;
                }
            }
        }
        Ok(())
    }
}

fn line(switch: &Switch, tasks: Tasks) -> Line {
    let name = |task: usize| tasks.task(task).to_string();
    let (task, pause) = switch.to;
    let mut what = format!("is about to {}", about_to(pause));
    if let Some((from, stands)) = switch.from {
        let why = match stands {
            None => "sleeps or has ended".to_owned(),
            Some(pause) if pause.is_a_wait() => format!("waits, about to {}", about_to(pause)),
            Some(pause) => format!("is overtaken before it can {}", about_to(pause)),
        };
        what = format!("{what}; {} {why}", name(from));
    }
    Line { step: switch.step, deviates: switch.deviates, who: name(task), what }
}

fn about_to(pause: Pause) -> String {
    match pause {
        Pause::Begin => "go on".to_owned(),
        Pause::Lock(lock, site) => {
            format!("lock {lock} ({})", short(site.file(), site.line()))
        }
        Pause::Step(step, site) => {
            let step = match step {
                Step::Instruction => "take a step".to_owned(),
                Step::Walk => "walk the tables".to_owned(),
                Step::TryLock { .. } => "try a lock".to_owned(),
                Step::List { .. } => "go on after a list".to_owned(),
                Step::Look { entries } => format!("go on after a look at {entries}"),
                Step::Zero { .. } => "go on after zeroing".to_owned(),
                Step::Copy { .. } => "go on after copying".to_owned(),
                Step::DiskRead { .. } => "go on after a read of swap".to_owned(),
                Step::DiskWrite => "go on after a write to swap".to_owned(),
                Step::Shootdown { pages, .. } => format!("shoot down {pages} pages"),
                Step::Switch => "go on after a context switch".to_owned(),
                Step::Fault => "go on with a fault".to_owned(),
                Step::Rewrite { .. } => "go on after rewriting PTEs".to_owned(),
                Step::LookForSlot { entries } => {
                    format!("go on after a look for a slot at {entries}")
                }
                Step::Fetch { .. } => "go on after fetching cache lines".to_owned(),
                Step::Relax => "look again".to_owned(),
            };
            format!("{step} ({})", short(site.file(), site.line()))
        }
    }
}

/// Shortens a place in the engine to begin at its folder.
fn short(file: &str, line: u32) -> String {
    let file = file.rsplit_once("/src/").map_or(file, |(_, file)| file);
    format!("{file}:{line}")
}
