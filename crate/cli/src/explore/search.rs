//! The search of a scenario's schedules, within a budget of time or schedules that a person can end.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, BufReader, ErrorKind};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use faultline::runtime::explorer::{
    Bounds, Counts, End, Frontier, RandomSearch, exhaustive, random_search, shrink,
};
use faultline::scenario::explore::ScenarioSubject;
use faultline::scenario::{self, RuntimeOptions, Scenario};
use indicatif::{ProgressBar, ProgressStyle};

use super::found::{Found, Searched};
use super::options::ExploreOptions;
use crate::files::{Files, open_regular};
use crate::input::{attach_traces, parse, read};
use crate::output::{print, say};

/// Executions that making a failing schedule short may take.
const SHORTENING: u64 = 20_000;

/// Searches a scenario and prints what came of it. True if nothing is wrong; an error if the call was
/// wrong.
pub(super) fn explore(options: &ExploreOptions) -> Result<bool, String> {
    let mut files = Files::new();
    let mut scenario = parse(&read(&options.file, &mut files)?, &options.set)?;
    if let RuntimeOptions::Threads {} = scenario.runtime {
        scenario.runtime = RuntimeOptions::default();
    }
    scenario::check(&scenario).map_err(|error| error.to_string())?;
    let traces = attach_traces(&scenario, &options.file, &mut files)?;
    let out = options.out.as_deref().map(|path| files.output("--out", path)).transpose()?;
    let state = options.resume.as_deref().map(|path| files.output("--resume", path)).transpose()?;
    let mut subject = ScenarioSubject::new(&scenario, traces);
    let reduces = subject.reduces();
    let bounds = Bounds { preemptions: options.preemptions, steps: options.steps, reduces };
    let budget = Budget::new(options)?;
    let (end, counts) = match options.pct {
        Some(depth) => {
            let search = RandomSearch { depth, seed: options.seed, steps: options.steps };
            let mut counts = Counts::default();
            let mut go_on = |counts: &Counts| budget.allows(counts, 0);
            let end = random_search(&mut subject, search, &mut counts, &mut go_on);
            (end, counts)
        }
        None => {
            let about = about(&scenario, bounds);
            let mut frontier = match &options.resume {
                Some(file) => load(file, about)?,
                None => Frontier::default(),
            };
            let mut go_on = |frontier: &Frontier| {
                budget.allows(&frontier.counts, frontier.waiting(options.preemptions))
            };
            let end = exhaustive(&mut subject, bounds, &mut frontier, None, &mut go_on);
            if let Some(state) = state {
                state.write_by(|out| frontier.save(about, out))?;
            }
            (end, frontier.counts)
        }
    };
    let searched = Searched {
        complete: matches!(end, End::Complete),
        preemptions: options.pct.is_none().then_some(options.preemptions),
        depth: options.pct,
        reduces: reduces && options.pct.is_none(),
        counts,
        seconds: budget.begun.elapsed().as_secs_f64(),
    };
    drop(budget);
    let shortest = match end {
        End::Found(failing) => {
            // Making it short can take longer than finding it.
            eprintln!("found after {} schedules, to be made shorter:", searched.counts.schedules);
            failing.findings.iter().for_each(|finding| say(&finding.text));
            let any = if options.pct.is_some() { u32::MAX } else { 0 };
            let bounds = Bounds { preemptions: any, ..bounds };
            Some(shrink(&mut subject, failing, bounds, SHORTENING))
        }
        _ => None,
    };
    let found = Found::new(searched, shortest, &scenario);
    if let (Some(out), Some(scenario)) = (out, &found.scenario) {
        let text = serde_json::to_string_pretty(scenario).map_err(|error| error.to_string())?;
        out.write(&(text + "\n"))?;
    }
    let text = if options.json {
        serde_json::to_string(&found).map_err(|error| error.to_string())?
    } else {
        found.in_words(options.out.as_deref())
    };
    print(&text)?;
    Ok(found.ok)
}

/// What the frontier is of, as one number: it is of no use to another search. A greater bound goes
/// on where a smaller one ended.
fn about(scenario: &Scenario, bounds: Bounds) -> u64 {
    let text = serde_json::to_string(scenario).unwrap_or_default();
    let mut hasher = DefaultHasher::new();
    (text, bounds.steps, bounds.reduces, env!("CARGO_PKG_VERSION")).hash(&mut hasher);
    hasher.finish()
}

fn load(file: &Path, about: u64) -> Result<Frontier, String> {
    let wrong = |error: io::Error| format!("--resume {}: {error}", file.display());
    match open_regular(file) {
        Ok(open) => Frontier::load(about, &mut BufReader::new(open)).map_err(wrong),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Frontier::default()),
        Err(error) => Err(wrong(error)),
    }
}

/// How long a search may go on; shows how far it is.
struct Budget {
    schedules: Option<u64>,
    seconds: Option<Duration>,
    begun: Instant,
    /// Somebody has pressed ctrl-c.
    stopped: Arc<AtomicBool>,
    bar: ProgressBar,
}

impl Budget {
    #[expect(clippy::disallowed_methods, reason = "a search's time is the clock's")]
    fn new(options: &ExploreOptions) -> Result<Self, String> {
        let stopped = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&stopped);
        ctrlc::set_handler(move || {
            if flag.swap(true, Ordering::SeqCst) {
                std::process::exit(130);
            }
        })
        .map_err(|error| format!("ctrl-c cannot be waited for: {error}"))?;
        let bar = ProgressBar::new_spinner();
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg}, {elapsed}") {
            bar.set_style(style);
        }
        let seconds = options.seconds.map(Duration::from_secs);
        Ok(Self { schedules: options.schedules, seconds, begun: Instant::now(), stopped, bar })
    }

    fn allows(&self, counts: &Counts, waiting: u64) -> bool {
        let Counts { schedules, states, steps, .. } = *counts;
        if schedules.is_multiple_of(256) {
            let seconds = self.begun.elapsed().as_secs_f64().max(0.001);
            self.bar.tick();
            self.bar.set_message(format!(
                "{schedules} schedules, {states} states, {:.0} steps/s, {:.0} states/s, \
                 {waiting} to try",
                steps as f64 / seconds,
                states as f64 / seconds,
            ));
        }
        !self.stopped.load(Ordering::SeqCst)
            && self.schedules.is_none_or(|most| schedules < most)
            && self.seconds.is_none_or(|most| self.begun.elapsed() < most)
    }
}

impl Drop for Budget {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
