//! The interpreter: lists of ops, each in its order, side by side, as jobs for CPUs.
//!
//! It is no CPU itself. It picks the CPU for an op, posts the job, and takes the results as they
//! come. Which CPU: with automatic dispatch the one where the process last was, if that is free,
//! else one that nobody has used for longest; with manual dispatch the one that the process holds.
//! A list that has to wait for CPUs is served before the lists after it, so none starves.

use super::actions::{ExpectCounter, ExpectPage, Run};
use super::desk::Outcome;
use super::names::{FailureCode, PteState};
use super::op::{Action, Op};
use super::report::{Failure, OpOutcome};
use super::session::{NamedProcess, Session, code};
use super::work::{Done, Job, Wrong};
use super::workload::Plan;
use crate::memory::{NIL, PAGE_WORDS, ProcessId, ProcessState, PteFormat, Vpn};

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
        results: Vec<Result<Done, (FailureCode, String)>>,
    },
}

/// What starting an op came to.
enum Start {
    /// Jobs are under way.
    Posted(Vec<usize>),
    /// It is done already.
    Done(OpOutcome),
    /// It needs CPUs that are busy.
    Blocked,
}

type Refusal = (FailureCode, String);

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
            Err(_) => session.broken = Some("deadlock: every CPU and daemon waits".to_owned()),
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
        Outcome::Ended(result) => result.map_err(|failure| (code(failure), failure.to_string())),
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

// Names.

fn living(session: &Session, name: &str) -> Result<ProcessId, Refusal> {
    match session.names.get(name) {
        Some(NamedProcess::Living(id)) => Ok(*id),
        Some(NamedProcess::Terminated) => {
            Err((FailureCode::NotRunning, format!("{name:?} is terminated")))
        }
        Some(NamedProcess::Starting) => {
            Err((FailureCode::NotRunning, format!("{name:?} is still starting")))
        }
        None => Err((FailureCode::NoSuchProcess, format!("no process is called {name:?}"))),
    }
}

fn running(session: &Session, name: &str) -> Result<ProcessId, Refusal> {
    let id = living(session, name)?;
    match session.memory.processes.get(id).state() {
        ProcessState::Running => Ok(id),
        _ => Err((FailureCode::NotRunning, format!("{name:?} is sleeping"))),
    }
}

fn reserve(session: &mut Session, name: &str) -> Result<(), Refusal> {
    if session.names.contains_key(name) {
        return Err((FailureCode::NameTaken, format!("a process was called {name:?} already")));
    }
    session.names.insert(name.to_owned(), NamedProcess::Starting);
    Ok(())
}

// CPUs.

fn free_cpus(session: &Session) -> impl Iterator<Item = usize> {
    (0..session.busy.len()).filter(|cpu| !session.busy[*cpu])
}

fn holder(session: &Session, process: ProcessId) -> Option<usize> {
    session.memory.cpus.iter().position(|record| record.current() == Some(process))
}

/// CPUs for `want` jobs of a process; none when too few are free now.
fn cpus_for(
    session: &Session,
    process: ProcessId,
    want: usize,
) -> Result<Option<Vec<usize>>, Refusal> {
    let current = |cpu: &usize| session.memory.cpus[*cpu].current();
    if session.dispatches_itself() {
        let mut free: Vec<_> = free_cpus(session).collect();
        free.sort_by_key(|cpu| {
            let rank = match current(cpu) {
                Some(here) if here == process => 0,
                None => 1,
                Some(_) => 2,
            };
            (rank, session.last_used[*cpu], *cpu)
        });
        return Ok((free.len() >= want).then(|| free[..want].to_vec()));
    }
    let Some(home) = holder(session, process) else {
        return Err((FailureCode::NotRunning, "the process holds no CPU".to_owned()));
    };
    // A workload on several CPUs takes those that nobody holds besides its own.
    let idle = (0..session.busy.len()).filter(|cpu| *cpu != home && current(cpu).is_none());
    let cpus: Vec<_> = std::iter::once(home).chain(idle).take(want).collect();
    if cpus.len() < want {
        let message =
            format!("{want} CPUs are wanted, and {} are the process's or idle", cpus.len());
        return Err((FailureCode::NotRunning, message));
    }
    Ok(cpus.iter().all(|cpu| !session.busy[*cpu]).then_some(cpus))
}

/// Any free CPU, least recently used first; one that nobody holds when `idle` asks for it.
fn any_cpu(session: &Session, idle: bool) -> Option<usize> {
    free_cpus(session)
        .filter(|cpu| !idle || session.memory.cpus[*cpu].current().is_none())
        .min_by_key(|cpu| {
            let held = session.memory.cpus[*cpu].current().is_some();
            (held, session.last_used[*cpu], *cpu)
        })
}

fn post(session: &mut Session, cpu: usize, job: Job) {
    session.busy[cpu] = true;
    session.working_in[cpu] = job.process();
    session.dispatched += 1;
    session.last_used[cpu] = session.dispatched;
    session.host.post(&session.desk, cpu, job);
}

fn post_one(session: &mut Session, cpu: Option<usize>, job: Job) -> Start {
    match cpu {
        Some(cpu) => {
            post(session, cpu, job);
            Start::Posted(vec![cpu])
        }
        None => Start::Blocked,
    }
}

fn post_in(session: &mut Session, process: ProcessId, job: Job) -> Result<Start, Refusal> {
    let cpu = cpus_for(session, process, 1)?.and_then(|cpus| cpus.first().copied());
    Ok(post_one(session, cpu, job))
}

// Ops.

fn start(session: &mut Session, op: &Op, at: &str, lane: u32) -> Result<Start, Refusal> {
    match &op.action {
        Action::Spawn(spawn) => {
            let idle = any_cpu(session, true);
            let Some(cpu) = idle.or_else(|| any_cpu(session, false)) else {
                return Ok(Start::Blocked);
            };
            reserve(session, &spawn.name)?;
            let awake = session.dispatches_itself() || idle.is_some();
            Ok(post_one(session, Some(cpu), Job::Spawn { pages: spawn.pages, awake }))
        }
        Action::Fork(fork) => {
            let process = running(session, &fork.process)?;
            let Some(cpus) = cpus_for(session, process, 1)? else { return Ok(Start::Blocked) };
            reserve(session, &fork.name)?;
            let job = Job::Fork { process, awake: session.dispatches_itself() };
            Ok(post_one(session, cpus.first().copied(), job))
        }
        Action::Read(read) => {
            let process = running(session, &read.process)?;
            let word = read.offset as usize / 8;
            post_in(session, process, Job::Load { process, page: read.page, word })
        }
        Action::Write(write) => {
            let process = running(session, &write.process)?;
            let (page, word) = (write.page, write.offset as usize / 8);
            post_in(session, process, Job::Store { process, page, word, value: write.value })
        }
        Action::Evict(evict) => {
            let process = running(session, &evict.process)?;
            post_in(session, process, Job::Evict { process, page: evict.page })
        }
        Action::Sleep(sleep) => {
            let process = running(session, &sleep.process)?;
            let cpu = any_cpu(session, false);
            Ok(post_one(session, cpu, Job::Sleep { process }))
        }
        Action::Wake(wake) => start_wake(session, &wake.process),
        Action::Kill(kill) => {
            let process = living(session, &kill.process)?;
            let cpu = any_cpu(session, false);
            Ok(post_one(session, cpu, Job::Kill { process }))
        }
        Action::Switch(switch) => start_switch(session, switch.cpu as usize, &switch.process),
        Action::Run(run) => start_run(session, run, lane),
        Action::Settle(_) => {
            let cpu = any_cpu(session, false);
            Ok(post_one(session, cpu, Job::Settle))
        }
        Action::ExpectPage(expect) => expect_page(session, expect, at).map(Start::Done),
        Action::ExpectCounter(expect) => Ok(Start::Done(expect_counter(session, expect, at))),
        Action::Audit(_) => {
            if session.busy.contains(&true) {
                return Ok(Start::Blocked);
            }
            let mut outcome = OpOutcome::judge(at, None, Ok(None));
            for finding in session.settled_audit() {
                outcome.fail(Failure::new(at, "a clean audit", finding));
            }
            Ok(Start::Done(outcome))
        }
        Action::MapPages(map) => {
            let process = running(session, &map.process)?;
            let (pages, read_only) = (map.pages, map.read_only);
            post_in(session, process, Job::Map { process, pages, read_only })
        }
        Action::UnmapPages(unmap) => {
            let process = running(session, &unmap.process)?;
            let (page, pages) = (unmap.page, unmap.pages);
            post_in(session, process, Job::Unmap { process, page, pages })
        }
        Action::Together(_) => unreachable!("interpreted as lists"),
    }
}

fn start_wake(session: &mut Session, name: &str) -> Result<Start, Refusal> {
    let process = living(session, name)?;
    let asleep = session.memory.processes.get(process).state() == ProcessState::Sleeping;
    if session.dispatches_itself() || !asleep {
        let cpu = any_cpu(session, false);
        return Ok(post_one(session, cpu, Job::Wake { process, here: false }));
    }
    if session.memory.cpus.iter().all(|record| record.current().is_some()) {
        let message = format!("no CPU is idle for {name:?}: switch it onto one");
        return Err((FailureCode::NotRunning, message));
    }
    let cpu = any_cpu(session, true);
    Ok(post_one(session, cpu, Job::Wake { process, here: true }))
}

fn start_switch(session: &mut Session, cpu: usize, name: &str) -> Result<Start, Refusal> {
    let to = living(session, name)?;
    let Some(record) = session.memory.cpus.get(cpu) else {
        let message = format!("CPU {cpu} of {}", session.busy.len());
        return Err((FailureCode::OutOfRange, message));
    };
    if session.busy[cpu] {
        return Ok(Start::Blocked);
    }
    let from = record.current().filter(|from| *from != to && !session.dispatches_itself());
    if !session.dispatches_itself()
        && let Some(old) = holder(session, to)
        && old != cpu
    {
        // A process holds one CPU: it moves.
        session.memory.cpus[old].set_current(None);
    }
    Ok(post_one(session, Some(cpu), Job::Switch { from, to }))
}

fn start_run(session: &mut Session, run: &Run, lane: u32) -> Result<Start, Refusal> {
    let process = running(session, &run.process)?;
    let pages = session.memory.processes.get(process).pages();
    if lane + run.cpus > PAGE_WORDS as u32 {
        let message = format!("workloads side by side on more than {PAGE_WORDS} CPUs");
        return Err((FailureCode::OutOfRange, message));
    }
    let Some(cpus) = cpus_for(session, process, run.cpus as usize)? else {
        return Ok(Start::Blocked);
    };
    let plan = Plan::new(run, pages, &session.traces)?;
    for (share, cpu) in cpus.iter().enumerate() {
        let share = share as u32;
        let workload = Box::new(plan.share(share));
        let job = Job::Share { process, workload, seed: run.seed, lane: lane + share };
        post(session, *cpu, job);
    }
    Ok(Start::Posted(cpus))
}

/// Ends an op whose jobs are all done.
fn finish(
    session: &mut Session,
    op: &Op,
    at: &str,
    results: Vec<Result<Done, Refusal>>,
) -> OpOutcome {
    let mut value = None;
    let mut refusal = None;
    let mut wrong: Vec<Wrong> = Vec::new();
    let (mut process, mut ancestor) = (None, None);
    for result in results {
        match result {
            Ok(Done::Nothing) => {}
            Ok(Done::Process(id)) => process = Some(id),
            Ok(Done::Killed(next)) => ancestor = next,
            Ok(Done::Value(found)) => value = Some(found),
            Ok(Done::Wrong(found)) => wrong.extend(found),
            Err(why) => refusal = refusal.or(Some(why)),
        }
    }
    let succeeded = refusal.is_none();
    match &op.action {
        Action::Spawn(spawn) => settle_name(session, &spawn.name, process),
        Action::Fork(fork) => settle_name(session, &fork.name, process),
        Action::Kill(kill) if succeeded => killed(session, &kill.process, ancestor),
        Action::Sleep(sleep) if succeeded => {
            if let Ok(id) = living(session, &sleep.process) {
                clear_current(session, id);
            }
        }
        _ => {}
    }
    let mut outcome = OpOutcome::judge(at, op.fails, refusal.map_or(Ok(value), Err));
    if let (Action::Read(read), Some(found)) = (&op.action, value)
        && let Some(expected) = read.expect
        && found != expected
    {
        outcome.fail(Failure::new(at, expected, found));
    }
    for Wrong { page, expected, found } in wrong {
        let place = |value: u64| format!("{value} in page {page}");
        outcome.fail(Failure::new(at, place(expected), place(found)));
    }
    outcome
}

fn settle_name(session: &mut Session, name: &str, process: Option<ProcessId>) {
    match process {
        Some(id) => session.names.insert(name.to_owned(), NamedProcess::Living(id)),
        None => session.names.remove(name),
    };
}

fn clear_current(session: &Session, process: ProcessId) {
    for record in &session.memory.cpus {
        if record.current() == Some(process) {
            record.set_current(None);
        }
    }
}

/// After a kill its name stays taken. With manual dispatch the CPU it held goes to its nearest
/// living ancestor, else to any sleeper (P3).
fn killed(session: &mut Session, name: &str, ancestor: Option<ProcessId>) {
    if let Some(NamedProcess::Living(id)) =
        session.names.insert(name.to_owned(), NamedProcess::Terminated)
    {
        session.killed.push(id);
    }
    if session.dispatches_itself() {
        return;
    }
    let processes = &session.memory.processes;
    let sleeps = |id: &ProcessId| processes.get(*id).state() == ProcessState::Sleeping;
    let ancestor = ancestor.filter(sleeps);
    let Some(next) = ancestor.or_else(|| processes.living().find(sleeps)) else { return };
    let idle = session
        .memory
        .cpus
        .iter()
        .position(|record| record.current().is_none())
        .filter(|cpu| !session.busy[*cpu]);
    if let Some(cpu) = idle {
        session.memory.processes.get(next).set_state(ProcessState::Running);
        session.memory.cpus[cpu].set_current(Some(next));
    }
}

// Expectations.

fn expect_page(session: &Session, expect: &ExpectPage, at: &str) -> Result<OpOutcome, Refusal> {
    let id = living(session, &expect.process)?;
    let memory = &session.memory;
    let process = memory.processes.get(id);
    if expect.page >= process.pages() {
        let message = format!("page {} of {}", expect.page, process.pages());
        return Err((FailureCode::OutOfRange, message));
    }
    let cell = memory.pte(process, Vpn(expect.page));
    let pte = cell.map(|cell| memory.load(cell)).filter(|_| process.directory().0 != NIL);
    let Some(pte) = pte else {
        return Err((FailureCode::NotRunning, format!("{:?} is terminated", expect.process)));
    };
    if pte.is_absent() {
        let message = format!("page {} of {:?} was unmapped", expect.page, expect.process);
        return Err((FailureCode::OutOfRange, message));
    }
    let (found, shared) = match pte.format() {
        PteFormat::Zero => (PteState::Zero, 0),
        PteFormat::Valid => (PteState::Valid, memory.pfns.peek(pte.frame()).share()),
        PteFormat::Transition => (PteState::Transition, memory.pfns.peek(pte.frame()).share()),
        PteFormat::Swapped => (PteState::Swapped, 0),
    };
    let mut outcome = OpOutcome::judge(at, None, Ok(None));
    if let Some(expected) = expect.pte
        && expected != found
    {
        outcome.fail(Failure::new(at, format!("pte {expected}"), format!("pte {found}")));
    }
    if let Some(expected) = expect.shared
        && expected != shared
    {
        outcome.fail(Failure::new(at, format!("shared {expected}"), format!("shared {shared}")));
    }
    Ok(outcome)
}

fn expect_counter(session: &Session, expect: &ExpectCounter, at: &str) -> OpOutcome {
    let found = session.counter(expect.counter);
    let mut outcome = OpOutcome::judge(at, None, Ok(None));
    let name = expect.counter;
    let mut check = |holds: bool, words: String| {
        if !holds {
            outcome.fail(Failure::new(at, words, format!("{name} {found}")));
        }
    };
    if let Some(equals) = expect.equals {
        check(found == equals, format!("{name} {equals}"));
    }
    if let Some(least) = expect.at_least {
        check(found >= least, format!("{name} at least {least}"));
    }
    if let Some(most) = expect.at_most {
        check(found <= most, format!("{name} at most {most}"));
    }
    outcome
}
