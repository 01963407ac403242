//! Runs a search as the command line asks for it: with a budget, an end by ctrl-c, and a file that keeps what is
//! left to be searched.

use std::io::{self, BufReader, ErrorKind};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use faultline::runtime::explorer::{Counts, End, Frontier};
use faultline::scenario::{self, Overrides, RuntimeOptions};
use indicatif::{ProgressBar, ProgressStyle};

use super::options::ExploreOptions;
use super::search::{Order, Search};
use crate::files::{Files, open_regular};
use crate::input::{attach_traces, parse, read};
use crate::output::{print, say};

/// Searches a scenario and prints the result. True if nothing is wrong; an error if the call was
/// wrong.
pub(super) fn explore(options: &ExploreOptions) -> Result<bool, String> {
    let mut files = Files::new();
    let mut scenario = parse(&read(&options.file, &mut files)?, &Overrides::of(&options.set))?;
    if let RuntimeOptions::Threads {} = scenario.runtime {
        scenario.runtime = RuntimeOptions::default();
    }
    scenario::check(&scenario).map_err(|error| error.to_string())?;
    let traces = attach_traces(&scenario, &options.file, &mut files)?;
    let out = options.out.as_deref().map(|path| files.output("--out", path)).transpose()?;
    let state = options.resume.as_deref().map(|path| files.output("--resume", path)).transpose()?;
    let order = match options.pct {
        Some(depth) => Order::Random { depth, seed: options.seed },
        None => Order::Preemptions(options.preemptions),
    };
    let mut search = Search::new(&scenario, traces, order, options.steps);
    let budget = Budget::new(options)?;
    let mut frontier = match &options.resume {
        Some(file) => load(file, search.subject_hash())?,
        None => Frontier::default(),
    };
    let end = search.run(&mut frontier, &mut |counts, waiting| budget.allows(counts, waiting));
    if let Some(state) = state {
        state.write_by(|out| frontier.save(search.subject_hash(), out))?;
    }
    let seconds = budget.begun.elapsed().as_secs_f64();
    drop(budget);
    if let End::Found(failing) = &end {
        // Shortening the schedule can take longer than finding it.
        eprintln!("found after {} schedules, to be made shorter:", frontier.counts.schedules);
        failing.findings.iter().for_each(|finding| say(&finding.text));
    }
    let found = search.found(end, frontier.counts, seconds);
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

fn load(file: &Path, subject: u64) -> Result<Frontier, String> {
    let wrong = |error: io::Error| format!("--resume {}: {error}", file.display());
    match open_regular(file) {
        Ok(open) => Frontier::load(subject, &mut BufReader::new(open)).map_err(wrong),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Frontier::default()),
        Err(error) => Err(wrong(error)),
    }
}

/// The budget of a search, which also shows how far it is.
struct Budget {
    schedules: Option<u64>,
    seconds: Option<Duration>,
    begun: Instant,
    /// Whether ctrl-c was pressed.
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
