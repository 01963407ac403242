//! The interpreter: lists of ops, each in its order, side by side, as jobs for CPUs.
//!
//! It is no CPU itself. It posts jobs and takes the results as they come. A list that has to wait
//! for CPUs is served before the lists after it, so none starves.
//!
//! What it has under way is plain data, so a virtual run can stop anywhere and go on later.

use std::sync::Arc;

use super::desk::Outcome;
use super::dispatcher::Refusal;
use super::op::{Action, Op};
use super::report::{Failure, OpOutcome};
use super::session::{Session, refusal};
use super::start::{Start, finish, start};
use super::until::Until;
use super::work::Done;

/// An op of the script that is under way: a list of its own, or the lists that it runs side by side.
#[derive(Debug)]
pub(super) struct Work {
    at: String,
    together: bool,
    lists: Vec<List>,
}

/// Ops to be done in order.
#[derive(Debug)]
struct List {
    ops: Arc<[Op]>,
    at: String,
    /// Whether `at` is the list's path, rather than that of its only op.
    indexed: bool,
    next: usize,
    /// The first stamp lane of its workloads.
    lane: u32,
    state: State,
    outcome: OpOutcome,
}

#[derive(Debug)]
enum State {
    Ready,
    /// Jobs under way for the current op, by CPU.
    Waiting {
        jobs: Vec<usize>,
        results: Vec<Result<Done, Refusal>>,
    },
}

impl Work {
    /// An op at its path, not begun yet.
    pub(super) fn new(op: &Op, at: &str) -> Self {
        let lists = match &op.action {
            Action::Together(together) => side_by_side(&together.scripts, at),
            _ => vec![List::new(std::slice::from_ref(op), at.to_owned(), false, 0)],
        };
        Self { at: at.to_owned(), together: matches!(op.action, Action::Together(_)), lists }
    }

    /// Goes on until the op is done; none when the run was stopped before.
    pub(super) fn go_on(&mut self, session: &mut Session, until: Until<'_>) -> Option<OpOutcome> {
        let lists = &mut self.lists;
        loop {
            start_what_can(session, lists);
            if session.broken.is_some() || lists.iter().all(List::is_done) {
                break;
            }
            match session.host.wait(&session.desk, &session.memory, until.last_time()) {
                Ok(Some((cpu, outcome))) => {
                    take(session, lists, cpu, outcome);
                    retire(session);
                }
                Ok(None) => return None,
                Err(halt) => session.stand_still(halt),
            }
        }
        if let Some(why) = &session.broken {
            for list in lists.iter_mut().filter(|list| !list.is_done()) {
                let at = list.path();
                let mut outcome = OpOutcome::judge(&at, None, Ok(None));
                outcome.fail(Failure::new(at, "a machine that runs", why));
                list.finish(outcome);
            }
        }
        Some(self.outcome())
    }

    fn outcome(&mut self) -> OpOutcome {
        let mut outcomes = self.lists.drain(..).map(|list| list.outcome);
        if !self.together
            && let Some(only) = outcomes.next()
        {
            return only;
        }
        let mut sum = OpOutcome::judge(&self.at, None, Ok(None));
        for failure in outcomes.flat_map(|outcome| outcome.failures) {
            sum.fail(failure);
        }
        sum
    }
}

/// The lists of `together`, their workloads' lanes apart.
fn side_by_side(scripts: &[Vec<Op>], at: &str) -> Vec<List> {
    let mut lane = 0;
    let mut lists = Vec::with_capacity(scripts.len());
    for (index, ops) in scripts.iter().enumerate() {
        lists.push(List::new(ops, format!("{at}/scripts/{index}"), true, lane));
        let runs = ops.iter().filter_map(|op| match &op.action {
            Action::Run(run) => Some(run.cpus),
            _ => None,
        });
        lane += runs.max().unwrap_or(0);
    }
    lists
}

impl List {
    fn new(ops: &[Op], at: String, indexed: bool, lane: u32) -> Self {
        let outcome = OpOutcome::judge(&at, None, Ok(None));
        Self { ops: ops.into(), at, indexed, next: 0, lane, state: State::Ready, outcome }
    }

    fn path(&self) -> String {
        if self.indexed { format!("{}/{}", self.at, self.next) } else { self.at.clone() }
    }

    fn is_done(&self) -> bool {
        self.next == self.ops.len() && matches!(self.state, State::Ready)
    }

    /// Whether nobody else may begin anything: an audit lets the machine come to rest first.
    fn needs_quiet(&self) -> bool {
        matches!(self.state, State::Waiting { .. })
            && matches!(self.ops[self.next].action, Action::Audit(_))
    }

    /// Ends the current op: failures add up, the rest is the last op's.
    fn finish(&mut self, mut outcome: OpOutcome) {
        let mut failures = std::mem::take(&mut self.outcome.failures);
        failures.append(&mut outcome.failures);
        outcome.ok = failures.is_empty();
        outcome.failures = failures;
        self.outcome = outcome;
        self.next += 1;
        self.state = State::Ready;
    }
}

fn start_what_can(session: &mut Session, lists: &mut [List]) {
    if lists.iter().any(List::needs_quiet) {
        return;
    }
    for list in lists {
        while session.broken.is_none() && !list.is_done() && matches!(list.state, State::Ready) {
            let ops = Arc::clone(&list.ops);
            let op = &ops[list.next];
            let at = list.path();
            let started = match start(session, op, &at, list.lane) {
                Ok(Start::Done(mut outcome)) => {
                    if let Some(code) = op.fails {
                        outcome.fail(Failure::new(&at, code, "success"));
                    }
                    Start::Done(outcome)
                }
                Ok(started) => started,
                Err(refusal) => Start::Done(OpOutcome::of(op, &at, Err(refusal))),
            };
            match started {
                Start::Posted(jobs) => list.state = State::Waiting { jobs, results: Vec::new() },
                Start::Done(outcome) => list.finish(outcome),
                // Who comes after waits too, or this one might never find its CPUs free.
                Start::Blocked => return,
            }
            if list.needs_quiet() {
                return;
            }
        }
    }
}

fn take(session: &mut Session, lists: &mut [List], cpu: usize, outcome: Outcome) {
    if let Some(busy) = session.busy.get_mut(cpu) {
        *busy = false;
        session.working_in[cpu] = None;
    }
    let result = match outcome {
        Outcome::Panicked(why) => {
            let who = session.memory.ring_name(cpu);
            session.broken = Some(format!("the thread of {who} panicked: {why}"));
            return;
        }
        Outcome::Ended(result) => result.map_err(|failure| refusal(&session.memory, failure)),
    };
    for list in lists {
        if let State::Waiting { jobs, results } = &mut list.state
            && let Some(place) = jobs.iter().position(|job| *job == cpu)
        {
            jobs.swap_remove(place);
            results.push(result);
            if jobs.is_empty() {
                let results = std::mem::take(results);
                let (ops, at) = (Arc::clone(&list.ops), list.path());
                let outcome = finish(session, &ops[list.next], &at, results);
                list.finish(outcome);
            }
            break;
        }
    }
}

/// Gives back the records of killed processes that no job names any more.
fn retire(session: &mut Session) {
    let Session { killed, working_in, memory, .. } = session;
    killed.retain(|id| {
        let named = working_in.contains(&Some(*id));
        if !named {
            memory.processes.retire(*id);
        }
        named
    });
}
