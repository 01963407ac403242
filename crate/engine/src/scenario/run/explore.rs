//! A scenario becomes the explorer's subject here: its script is executed again and again, each time under
//! another schedule.
//!
//! Choices are searched while a `together` is under way, and only there, if the script has one;
//! before and after it the rule holds. A `repeat` with one in it is searched from its begin to its end. A script without `together` is searched from its first op.

use std::ops::ControlFlow;

use super::script::play_script;
use super::session::Session;
use crate::audit::{audit, contents_hash};
use crate::machine::{Counters, MAX_PROCESSES, Machine};
use crate::runtime::explorer::{Ended, Finding, FindingKind, Guide, Subject};
use crate::runtime::{Halt, Tasks};
use crate::scenario::document::{Action, Op, RuntimeOptions, Scenario};
use crate::scenario::workload::Traces;

/// A scenario as the subject of a search.
#[derive(Debug)]
pub struct ScenarioSubject {
    scenario: Scenario,
    traces: Traces,
    /// Whether choices are searched outside a `together` too.
    everywhere: bool,
    /// The most processes that can live at one time.
    processes: usize,
    /// Whether the script expects something of a counter.
    counters_matter: bool,
    /// Accesses to words of no known part of the machine, which make the search slower.
    strangers: u64,
}

impl ScenarioSubject {
    /// Makes a subject of a scenario that has passed [`crate::scenario::check`]. Its runtime and its schedule
    /// are ignored.
    pub fn new(scenario: &Scenario, traces: Traces) -> Self {
        let mut scenario = scenario.clone();
        match &mut scenario.runtime {
            RuntimeOptions::Virtual { schedule, .. } => *schedule = None,
            threads @ RuntimeOptions::Threads {} => *threads = RuntimeOptions::default(),
        }
        let count = |which: fn(&Action) -> bool| {
            let mut count = 0;
            for op in &scenario.script {
                op.each(1, &mut |op, times| count += times * u64::from(which(&op.action)));
            }
            count as usize
        };
        let begins = |action: &Action| matches!(action, Action::Spawn(_) | Action::Fork(_));
        let counts = |action: &Action| matches!(action, Action::ExpectCounter(_));
        Self {
            traces,
            everywhere: !scenario.script.iter().any(has_together),
            processes: (count(begins) + 1).min(MAX_PROCESSES),
            counters_matter: count(counts) > 0,
            strangers: 0,
            scenario,
        }
    }

    /// Counts the accesses so far to words of no known part of the machine. There should be none: each makes
    /// equal states count as different.
    pub fn strangers(&self) -> u64 {
        self.strangers
    }

    /// Whether equal states can be recognized: not where the time decides what happens.
    pub fn reduces(&self) -> bool {
        self.scenario.machine.trim.trigger != crate::options::Trigger::Predictive
    }
}

impl Subject for ScenarioSubject {
    fn execute(&mut self, guide: &Guide) -> Ended {
        let seed = match &self.scenario.runtime {
            RuntimeOptions::Virtual { seed, .. } => *seed,
            RuntimeOptions::Threads {} => 0,
        };
        let machine = self.scenario.machine.clone();
        let tasks = Tasks::of(&machine);
        let machine = match Machine::bare(machine, seed, self.processes) {
            Ok(machine) => machine,
            Err(_) => panic!("the machine does not fit this computer's memory"),
        };
        guide.introduce(tasks.count(), tasks);
        let traces = self.traces.clone();
        let mut session = Session::on(machine, &self.scenario, traces, Some(guide.chooser()));
        if self.everywhere {
            session.begin_search(guide, self.counters_matter);
        }
        let played = play_script(&self.scenario.script, |op, at| {
            let searched = !self.everywhere && has_together(op);
            if searched {
                session.begin_search(guide, self.counters_matter);
            }
            session.apply(op, at);
            if let Some(Halt::Panicked(message)) = &session.state.halted {
                return ControlFlow::Break(Ended {
                    findings: vec![guide.panicked(message)],
                    state: 0,
                });
            }
            if guide.has_stopped() {
                return ControlFlow::Break(Ended { findings: session.found_so_far(), state: 0 });
            }
            if searched {
                guide.close();
            }
            ControlFlow::Continue(())
        });
        if let ControlFlow::Break(ended) = played {
            return ended;
        }
        self.strangers += guide.strangers();
        guide.close();
        let ended = session.verdict();
        match &session.state.halted {
            Some(Halt::Panicked(message)) => {
                Ended { findings: vec![guide.panicked(message)], state: 0 }
            }
            _ => ended,
        }
    }
}

impl Session {
    fn begin_search(&self, guide: &Guide, counters_matter: bool) {
        let counters = if counters_matter { Counters::Matter } else { Counters::AreIgnored };
        let mut parts = self.state.machine.shared_parts(counters);
        parts.push(self.state.mailboxes.part().into());
        guide.open(&parts);
    }

    /// Returns what has gone wrong already, whatever is still under way.
    fn found_so_far(&self) -> Vec<Finding> {
        let mut violations = self.state.machine.violations();
        violations.extend(self.state.executor.take_violations());
        let violations = violations.into_iter();
        let mut findings: Vec<_> =
            violations.map(|text| Finding::new(FindingKind::LockOrder, text)).collect();
        // The finding that stopped the run says why, and better.
        if self.state.broken.is_none() {
            let failures = self.failures.iter().map(ToString::to_string);
            findings.extend(failures.map(|text| Finding::new(FindingKind::Failure, text)));
        }
        findings
    }

    /// Settles and judges the end.
    fn verdict(&mut self) -> Ended {
        let before = self.failures.len();
        self.settled_audit();
        self.failures.truncate(before);
        if let Some(why) = &self.state.broken {
            return Ended { findings: vec![Finding::new(FindingKind::Deadlock, why)], state: 0 };
        }
        let mut findings = self.found_so_far();
        let wrong = audit(&self.state.machine);
        findings.extend(wrong.into_iter().map(|text| Finding::new(FindingKind::Audit, text)));
        let state =
            contents_hash(&self.state.machine, self.state.processes.all_living()).unwrap_or(0);
        Ended { findings, state }
    }
}

/// Whether an op is a `together`, or a `repeat` with one in it.
fn has_together(op: &Op) -> bool {
    let mut has = false;
    op.each(1, &mut |op, _| has |= matches!(op.action, Action::Together(_)));
    has
}
