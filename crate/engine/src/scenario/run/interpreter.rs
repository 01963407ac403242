//! The interpreter turns lists of ops, each in its order, side by side, into jobs for CPUs.
//!
//! It is no CPU itself: it posts jobs and takes their outcomes as they come. A list that has to wait
//! for CPUs is served before the lists after it, so none starves.
//!
//! A list goes into a `repeat` by itself; the lists of a `together` take the place of the list that comes to
//! it until all of them are done.
//!
//! The state of an op under way is plain data, so a virtual run can stop anywhere and go on later.

use std::sync::Arc;

use super::job::Done;
use super::mailboxes::Outcome;
use super::refusal::{Refusal, refusal};
use super::start::{Start, finish, start};
use super::state::RunState;
use super::until::Until;
use super::words::Moment;
use crate::scenario::document::{Action, Op};
use crate::scenario::report::{Failure, OpOutcome};

/// Failures of one `repeat` beyond this many are only counted.
const MOST_FAILURES: usize = 64;

/// The interpreter of one op of the script, and how far it has come.
#[derive(Debug)]
pub(super) struct Interpreter {
    main: List,
    /// The lists of the `together` that `main` stands at, once it has begun.
    side: Option<Vec<List>>,
}

/// Ops to be done in order.
#[derive(Debug)]
struct List {
    ops: Arc<[Op]>,
    at: String,
    /// Whether `at` is the list's path, rather than that of its only op.
    indexed: bool,
    next: usize,
    /// Where it is in the `repeat` that it stands at.
    turns: Option<Turns>,
    /// The op that it stands at, as it is in this turn; none at the end.
    op: Option<Arc<Op>>,
    /// The first stamp lane of its workloads.
    lane: u32,
    state: State,
    outcome: OpOutcome,
}

/// A `repeat` under way.
#[derive(Debug)]
struct Turns {
    ops: Arc<[Op]>,
    next: usize,
    turn: u32,
    times: u32,
    /// Whether a turn has begun at which the caller has not stopped yet: never in a list of a
    /// `together`.
    is_new: bool,
    /// Failures so far.
    failed: usize,
}

#[derive(Debug)]
enum State {
    Ready,
    /// Jobs under way for the current op, by CPU, since it began.
    Waiting {
        jobs: Vec<usize>,
        results: Vec<Result<Done, Refusal>>,
        began: Moment,
    },
}

impl Interpreter {
    /// Makes the interpreter of an op at its path, not begun yet.
    pub(super) fn new(op: &Op, at: &str) -> Self {
        let main = List::new(std::slice::from_ref(op), at.to_owned(), false, 0);
        Self { main, side: None }
    }

    /// Goes on until the op is done, and returns its outcome; none when the run was stopped before.
    pub(super) fn go_on(&mut self, state: &mut RunState, until: Until<'_>) -> Option<OpOutcome> {
        loop {
            if self.main.begins_turn() && until.turn {
                return None;
            }
            self.begin_together();
            start_what_can(state, self.lists());
            if state.broken.is_some() {
                break;
            }
            if self.side.as_ref().is_some_and(|lists| lists.iter().all(List::is_done)) {
                self.end_together(state);
                continue;
            }
            if self.main.is_done() {
                break;
            }
            if self.side.is_none() && self.main.stands_still() {
                continue;
            }
            match state.wait(until.last_time()) {
                Ok(Some((cpu, outcome))) => {
                    take(state, self.lists(), cpu, outcome);
                    state.retire();
                }
                Ok(None) => return None,
                Err(halt) => state.stand_still(halt),
            }
        }
        if let Some(why) = state.broken.clone() {
            for list in self.lists().iter_mut().filter(|list| !list.is_done()) {
                let at = list.path();
                let mut outcome = OpOutcome::judge(&at, None, Ok(None));
                outcome.fail(Failure::new(at, "a machine that runs", &why));
                list.finish(outcome);
            }
            self.end_together(state);
        }
        Some(self.main.outcome_of_all())
    }

    /// Returns the lists that go on side by side.
    fn lists(&mut self) -> &mut [List] {
        match &mut self.side {
            Some(lists) => lists,
            None => std::slice::from_mut(&mut self.main),
        }
    }

    fn begin_together(&mut self) {
        if self.side.is_none()
            && let Some(op) = &self.main.op
            && let Action::Together(together) = &op.action
        {
            self.side = Some(side_by_side(&together.scripts, &self.main.path()));
        }
    }

    /// Ends a `together`, whose failures are those of its lists.
    fn end_together(&mut self, state: &mut RunState) {
        let (Some(lists), Some(op)) = (self.side.take(), &self.main.op) else { return };
        let mut sum = OpOutcome::judge(&self.main.path(), op.fails, Ok(None));
        for failure in lists.into_iter().flat_map(|list| list.outcome.failures) {
            sum.fail(failure);
        }
        state.ops_done += 1;
        self.main.finish(sum);
    }
}

/// Makes the lists of a `together`, with different lanes for their workloads.
fn side_by_side(scripts: &[Vec<Op>], at: &str) -> Vec<List> {
    let mut lane = 0;
    let mut lists = Vec::with_capacity(scripts.len());
    for (index, ops) in scripts.iter().enumerate() {
        lists.push(List::new(ops, format!("{at}/scripts/{index}"), true, lane));
        let mut most = 0;
        for op in ops {
            op.each(1, &mut |op, _| {
                if let Action::Run(run) = &op.action {
                    most = most.max(run.cpus);
                }
            });
        }
        lane += most;
    }
    lists
}

impl List {
    fn new(ops: &[Op], at: String, indexed: bool, lane: u32) -> Self {
        let outcome = OpOutcome::judge(&at, None, Ok(None));
        let ops = ops.into();
        let (turns, op, state) = (None, None, State::Ready);
        let mut list = Self { ops, at, indexed, next: 0, turns, op, lane, state, outcome };
        list.stand();
        list
    }

    /// Moves to the op that is next: into a `repeat`, to its first op.
    fn stand(&mut self) {
        if self.turns.is_none()
            && let Some(Action::Repeat(repeat)) = self.ops.get(self.next).map(|op| &op.action)
        {
            let ops = repeat.script.as_slice().into();
            let (times, is_new) = (repeat.times, false);
            self.turns = Some(Turns { ops, next: 0, turn: 0, times, is_new, failed: 0 });
        }
        self.op = match &self.turns {
            Some(turns) => turns.ops.get(turns.next).map(|op| op.in_turn(turns.turn)),
            None => self.ops.get(self.next).cloned(),
        }
        .map(Arc::new);
    }

    /// Returns the path of the op in the list, a `repeat` as a whole.
    fn path_of_whole(&self) -> String {
        if self.indexed { format!("{}/{}", self.at, self.next) } else { self.at.clone() }
    }

    fn path(&self) -> String {
        let whole = self.path_of_whole();
        match &self.turns {
            Some(turns) => format!("{whole}/script/{}", turns.next),
            None => whole,
        }
    }

    fn is_done(&self) -> bool {
        self.op.is_none() && matches!(self.state, State::Ready)
    }

    /// Whether the list begins nothing by itself: it stands at a `together`, or at a turn at
    /// which the caller has not stopped yet.
    fn stands_still(&self) -> bool {
        let is_new = self.turns.as_ref().is_some_and(|turns| turns.is_new);
        is_new || self.op.as_ref().is_some_and(|op| matches!(op.action, Action::Together(_)))
    }

    /// Whether it has come to another turn since it was asked last.
    fn begins_turn(&mut self) -> bool {
        self.turns.as_mut().is_some_and(|turns| std::mem::take(&mut turns.is_new))
    }

    /// Whether no other list may begin anything: an audit lets the machine come to rest first.
    fn needs_quiet(&self) -> bool {
        let is_quiet = |op: &Op| matches!(op.action, Action::Audit(_) | Action::Check(_));
        matches!(self.state, State::Waiting { .. })
            && self.op.as_ref().is_some_and(|op| is_quiet(op))
    }

    /// Ends the current op: failures add up, the rest is the last op's.
    fn finish(&mut self, mut outcome: OpOutcome) {
        let mut failures = std::mem::take(&mut self.outcome.failures);
        if let Some(turns) = &mut self.turns {
            for failure in &mut outcome.failures {
                failure.found = format!("{}, in turn {}", failure.found, turns.turn);
            }
            let room = MOST_FAILURES.saturating_sub(turns.failed);
            turns.failed += outcome.failures.len();
            outcome.failures.truncate(room);
        }
        failures.append(&mut outcome.failures);
        self.state = State::Ready;
        self.step(&mut failures);
        outcome.ok = failures.is_empty();
        outcome.failures = failures;
        self.outcome = outcome;
    }

    /// Goes on to the next op, or to the next turn.
    fn step(&mut self, failures: &mut Vec<Failure>) {
        match &mut self.turns {
            Some(turns) if turns.next + 1 < turns.ops.len() => turns.next += 1,
            Some(turns) if turns.turn + 1 < turns.times => {
                (turns.next, turns.turn, turns.is_new) = (0, turns.turn + 1, !self.indexed);
            }
            Some(Turns { failed, .. }) => {
                let more = failed.saturating_sub(MOST_FAILURES);
                if more > 0 {
                    let found = format!("{more} more failures");
                    failures.push(Failure::new(self.path_of_whole(), "turns that hold", found));
                }
                self.turns = None;
                self.next += 1;
            }
            None => self.next += 1,
        }
        self.stand();
    }

    /// Returns the outcome of the only op of the list, with all that is in it.
    fn outcome_of_all(&mut self) -> OpOutcome {
        let at = self.at.clone();
        let nothing = OpOutcome::judge(&at, None, Ok(None));
        let outcome = std::mem::replace(&mut self.outcome, nothing);
        let Some(Op { action: Action::Repeat(_), fails, .. }) = self.ops.first() else {
            return outcome;
        };
        let mut sum = OpOutcome::judge(&at, *fails, Ok(None));
        outcome.failures.into_iter().for_each(|failure| sum.fail(failure));
        sum
    }
}

fn start_what_can(state: &mut RunState, lists: &mut [List]) {
    if lists.iter().any(List::needs_quiet) {
        return;
    }
    for list in lists {
        while state.broken.is_none()
            && matches!(list.state, State::Ready)
            && let Some(op) = list.op.clone()
            && !list.stands_still()
        {
            let at = list.path();
            let began = state.words.begin(&op.action, list.lane);
            let started = match start(state, &op, &at, list.lane) {
                Ok(Start::Done(mut outcome)) => {
                    if let Some(code) = op.fails {
                        outcome.fail(Failure::new(&at, code, "success"));
                    }
                    Start::Done(outcome)
                }
                Ok(started) => started,
                Err(refusal) => Start::Done(OpOutcome::of(&op, &at, Err(refusal))),
            };
            match started {
                Start::Posted(jobs) => {
                    list.state = State::Waiting { jobs, results: Vec::new(), began };
                }
                Start::Done(outcome) => {
                    state.words.end(began);
                    state.ops_done += 1;
                    list.finish(outcome);
                }
                // The lists after it wait too, or this one might never find its CPUs free.
                Start::Blocked => {
                    state.words.end(began);
                    return;
                }
            }
            if list.needs_quiet() {
                return;
            }
        }
    }
}

fn take(state: &mut RunState, lists: &mut [List], cpu: usize, outcome: Outcome) {
    state.dispatcher.end(cpu);
    let result = match outcome {
        Outcome::Panicked(why) => {
            let task = state.machine.task(cpu).ring_name();
            state.broken = Some(format!("the thread of {task} panicked: {why}"));
            return;
        }
        Outcome::Ended(result) => result.map_err(|failure| refusal(&state.machine, failure)),
    };
    for list in lists {
        if let (State::Waiting { jobs, results, began }, Some(op)) = (&mut list.state, &list.op)
            && let Some(place) = jobs.iter().position(|job| *job == cpu)
        {
            jobs.swap_remove(place);
            results.push(result);
            if jobs.is_empty() {
                let (results, began, op) = (std::mem::take(results), *began, Arc::clone(op));
                let outcome = finish(state, &op, &list.path(), began, results);
                state.ops_done += 1;
                list.finish(outcome);
            }
            break;
        }
    }
}
