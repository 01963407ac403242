//! The interpreter: lists of ops, each in its order, side by side, as jobs for CPUs.
//!
//! It is no CPU itself. It posts jobs and takes the results as they come. A list that has to wait
//! for CPUs is served before the lists after it, so none starves.

use super::desk::Outcome;
use super::dispatcher::Refusal;
use super::op::{Action, Op};
use super::report::{Failure, OpOutcome};
use super::session::{Session, refusal};
use super::start::{Start, finish, start};
use super::work::Done;

/// Ops to be done in order.
#[derive(Debug)]
pub(super) struct List<'a> {
    ops: &'a [Op],
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

impl<'a> List<'a> {
    /// A list of one op with its own path.
    pub(super) fn single(op: &'a Op, at: &str) -> Self {
        Self::new(std::slice::from_ref(op), at.to_owned(), false, 0)
    }

    fn new(ops: &'a [Op], at: String, indexed: bool, lane: u32) -> Self {
        let outcome = OpOutcome::judge(&at, None, Ok(None));
        Self { ops, at, indexed, next: 0, lane, state: State::Ready, outcome }
    }

    fn path(&self) -> String {
        if self.indexed { format!("{}/{}", self.at, self.next) } else { self.at.clone() }
    }

    fn is_done(&self) -> bool {
        self.next == self.ops.len() && matches!(self.state, State::Ready)
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

/// Runs lists side by side until all are done; returns each list's outcome.
pub(super) fn interpret(session: &mut Session, lists: Vec<List<'_>>) -> Vec<OpOutcome> {
    let mut lists = lists;
    loop {
        start_what_can(session, &mut lists);
        if session.broken.is_some() || lists.iter().all(List::is_done) {
            break;
        }
        match session.host.wait(&session.desk) {
            Ok((cpu, outcome)) => {
                take(session, &mut lists, cpu, outcome);
                retire(session);
            }
            Err(halt) => session.broken = Some(halt.to_string()),
        }
    }
    if let Some(why) = session.broken.clone() {
        for list in lists.iter_mut().filter(|list| !list.is_done()) {
            let at = list.path();
            let mut outcome = OpOutcome::judge(&at, None, Ok(None));
            outcome.fail(Failure::new(at, "a machine that runs", &why));
            list.finish(outcome);
        }
    }
    lists.into_iter().map(|list| list.outcome).collect()
}

fn start_what_can<'a>(session: &mut Session, lists: &mut [List<'a>]) {
    for list in lists {
        while session.broken.is_none() && !list.is_done() && matches!(list.state, State::Ready) {
            let op: &'a Op = &list.ops[list.next];
            let at = list.path();
            let started = if let Action::Together(together) = &op.action {
                Start::Done(side_by_side(session, &together.scripts, &at, list.lane))
            } else {
                match start(session, op, &at, list.lane) {
                    Ok(started) => started,
                    Err(refusal) => Start::Done(OpOutcome::judge(&at, op.fails, Err(refusal))),
                }
            };
            match started {
                Start::Posted(jobs) => list.state = State::Waiting { jobs, results: Vec::new() },
                Start::Done(outcome) => list.finish(outcome),
                // Who comes after waits too, or this one might never find its CPUs free.
                Start::Blocked => return,
            }
        }
    }
}

/// `together`: it stands at the top level alone, so no job is under way now.
fn side_by_side(session: &mut Session, scripts: &[Vec<Op>], at: &str, lane: u32) -> OpOutcome {
    let mut next_lane = lane;
    let mut lists = Vec::with_capacity(scripts.len());
    for (index, ops) in scripts.iter().enumerate() {
        lists.push(List::new(ops, format!("{at}/scripts/{index}"), true, next_lane));
        let runs = ops.iter().filter_map(|op| match &op.action {
            Action::Run(run) => Some(run.cpus),
            _ => None,
        });
        next_lane += runs.max().unwrap_or(0);
    }
    let mut sum = OpOutcome::judge(at, None, Ok(None));
    for outcome in interpret(session, lists) {
        for failure in outcome.failures {
            sum.fail(failure);
        }
    }
    sum
}

fn take(session: &mut Session, lists: &mut [List<'_>], cpu: usize, outcome: Outcome) {
    if let Some(busy) = session.busy.get_mut(cpu) {
        *busy = false;
        session.working_in[cpu] = None;
    }
    let result = match outcome {
        Outcome::Panicked => {
            session.broken = Some(format!("the thread of CPU or daemon {cpu} panicked"));
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
                let at = list.path();
                let outcome = finish(session, &list.ops[list.next], &at, results);
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
