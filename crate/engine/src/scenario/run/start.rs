//! The start of an op posts its jobs to CPUs, does it at once, or finds that it has to wait for CPUs; the
//! finish turns the outcomes of its jobs into the op's.

use super::dispatcher::holder;
use super::expectations::{
    check_words, expect_counter, expect_frames, expect_list, expect_page, expect_process,
    expect_slots,
};
use super::job::{Done, Job, Wrong};
use super::refusal::{Refusal, refusal};
use super::state::RunState;
use super::words::{Moment, word_of_lane};
use crate::bugs::has_bug;
use crate::memory::{NIL, PAGE_WORDS, ProcessId, ProcessState};
use crate::observe::{Event, EventKind};
use crate::process::Legacy;
use crate::runtime::mix;
use crate::scenario::document::{Action, CounterName, FailureCode, Op, Run};
use crate::scenario::report::measures::counters;
use crate::scenario::report::{Failure, OpOutcome};
use crate::scenario::workload::Plan;
use crate::sync::note;

/// The result of starting an op.
pub(super) enum Start {
    /// Jobs are under way.
    Posted(Vec<usize>),
    /// It is done already.
    Done(OpOutcome),
    /// It needs CPUs that are busy.
    Blocked,
}

fn post_one(state: &mut RunState, cpu: Option<usize>, job: Job) -> Start {
    match cpu {
        Some(cpu) => {
            state.post(cpu, job);
            Start::Posted(vec![cpu])
        }
        None => Start::Blocked,
    }
}

fn post_in(state: &mut RunState, process: ProcessId, job: Job) -> Result<Start, Refusal> {
    let cpu = state.cpus_for(process, 1)?.and_then(|cpus| cpus.first().copied());
    Ok(post_one(state, cpu, job))
}

pub(super) fn start(state: &mut RunState, op: &Op, at: &str, lane: u32) -> Result<Start, Refusal> {
    match &op.action {
        Action::Spawn(spawn) => {
            let idle = state.idle_cpu();
            let Some(cpu) = idle.or_else(|| state.any_cpu()) else {
                return Ok(Start::Blocked);
            };
            state.processes.reserve(&spawn.name)?;
            let awake = state.dispatcher.is_automatic() || idle.is_some();
            Ok(post_one(state, Some(cpu), Job::Spawn { pages: spawn.pages, awake }))
        }
        Action::Fork(fork) => {
            let process = state.running(&fork.process)?;
            let Some(cpus) = state.cpus_for(process, 1)? else {
                return Ok(Start::Blocked);
            };
            state.processes.reserve(&fork.name)?;
            let job = Job::Fork { process, awake: state.dispatcher.is_automatic() };
            Ok(post_one(state, cpus.first().copied(), job))
        }
        Action::Read(read) => {
            let process = state.running(&read.process)?;
            let word = read.offset as usize / 8;
            post_in(state, process, Job::Load { process, page: read.page, word })
        }
        Action::Write(write) => {
            let process = state.running(&write.process)?;
            let (page, word) = (write.page, write.offset as usize / 8);
            post_in(state, process, Job::Store { process, page, word, value: write.value })
        }
        Action::Evict(evict) => {
            let process = state.processes.living(&evict.process)?;
            let job = Job::Evict { process, page: evict.page };
            match state.machine.processes.get(process).state() {
                ProcessState::Running => post_in(state, process, job),
                // Any CPU can evict the page of a process that sleeps.
                _ => Ok(post_one(state, state.any_cpu(), job)),
            }
        }
        Action::Sleep(sleep) => {
            let process = state.running(&sleep.process)?;
            let cpu = state.any_cpu();
            Ok(post_one(state, cpu, Job::Sleep { process }))
        }
        Action::Wake(wake) => start_wake(state, &wake.process),
        Action::Kill(kill) => {
            let process = state.processes.living(&kill.process)?;
            let cpu = state.any_cpu();
            Ok(post_one(state, cpu, Job::Kill { process }))
        }
        Action::Switch(switch) => start_switch(state, switch.cpu as usize, &switch.process),
        Action::Run(run) => start_workload(state, run, lane),
        Action::Settle(_) => {
            let cpu = state.any_cpu();
            Ok(post_one(state, cpu, Job::Settle))
        }
        Action::ExpectPage(expect) => expect_page(state, expect, at).map(Start::Done),
        Action::ExpectProcess(expect) => expect_process(state, expect, at).map(Start::Done),
        Action::ExpectCounter(expect) => expect_counter(state, expect, at).map(Start::Done),
        Action::ExpectFrames(expect) => Ok(Start::Done(expect_frames(state, expect, at))),
        Action::ExpectList(expect) => Ok(Start::Done(expect_list(state, expect, at))),
        Action::ExpectSlots(expect) => Ok(Start::Done(expect_slots(state, expect, at))),
        Action::Mark(mark) => start_mark(state, &mark.name, at),
        Action::Check(check) => {
            if let Some(name) = &check.process {
                state.processes.living(name)?;
            }
            Ok(start_quiet(state))
        }
        Action::Audit(_) => Ok(start_quiet(state)),
        Action::MapPages(map) => {
            let process = state.running(&map.process)?;
            let (pages, at, read_only) = (map.pages, map.at, map.read_only);
            post_in(state, process, Job::Map { process, pages, at, read_only })
        }
        Action::UnmapPages(unmap) => {
            let process = state.running(&unmap.process)?;
            let (page, pages) = (unmap.page, unmap.pages);
            post_in(state, process, Job::Unmap { process, page, pages })
        }
        Action::Together(_) | Action::Repeat(_) => unreachable!("interpreted as lists"),
    }
}

/// Lets a machine on which no job is under way come to rest.
fn start_quiet(state: &mut RunState) -> Start {
    if state.dispatcher.is_any_busy() {
        return Start::Blocked;
    }
    let cpu = state.any_cpu();
    post_one(state, cpu, Job::Settle)
}

fn start_mark(state: &mut RunState, name: &str, at: &str) -> Result<Start, Refusal> {
    if state.marks.contains_key(name) {
        return Err((FailureCode::NameTaken, format!("a mark is called {name:?} already")));
    }
    let now = counters(&state.machine);
    // What is expected later depends on it, beside the machine's state.
    note(|| CounterName::ALL.iter().fold(0, |sum, counter| mix(sum ^ now.get(*counter))));
    state.marks.insert(name.to_owned(), now);
    Ok(Start::Done(OpOutcome::judge(at, None, Ok(None))))
}

fn start_wake(state: &mut RunState, name: &str) -> Result<Start, Refusal> {
    let process = state.processes.living(name)?;
    let asleep = state.machine.processes.get(process).state() == ProcessState::Sleeping;
    if state.dispatcher.is_automatic() || !asleep {
        let cpu = state.any_cpu();
        return Ok(post_one(state, cpu, Job::Wake { process, here: false }));
    }
    if state.machine.cpus.iter().all(|record| record.current().is_some()) {
        let message = format!("no CPU is idle for {name:?}: switch it onto one");
        return Err((FailureCode::NotRunning, message));
    }
    let cpu = state.idle_cpu();
    Ok(post_one(state, cpu, Job::Wake { process, here: true }))
}

fn start_switch(state: &mut RunState, cpu: usize, name: &str) -> Result<Start, Refusal> {
    let to = state.processes.living(name)?;
    let Some(record) = state.machine.cpus.get(cpu) else {
        let message = format!("CPU {cpu} of {}", state.machine.cpus.len());
        return Err((FailureCode::OutOfRange, message));
    };
    if state.dispatcher.is_busy(cpu) {
        return Ok(Start::Blocked);
    }
    let from = record.current().filter(|from| *from != to && !state.dispatcher.is_automatic());
    if !state.dispatcher.is_automatic()
        && let Some(old) = holder(&state.machine, to)
        && old != cpu
    {
        // A process holds one CPU: it moves.
        state.machine.cpus[old].set_current(None);
        state.emit(Event::of(EventKind::Switch, old as u32));
    }
    Ok(post_one(state, Some(cpu), Job::Switch { from, to }))
}

fn start_workload(state: &mut RunState, run: &Run, lane: u32) -> Result<Start, Refusal> {
    let process = state.running(&run.process)?;
    let pages = state.machine.processes.get(process).pages();
    if lane + run.cpus > PAGE_WORDS as u32 {
        let message = format!("workloads side by side on more than {PAGE_WORDS} CPUs");
        return Err((FailureCode::OutOfRange, message));
    }
    let Some(cpus) = state.cpus_for(process, run.cpus as usize)? else {
        return Ok(Start::Blocked);
    };
    let plan = Plan::new(run, pages, &state.traces)?;
    for (share, cpu) in cpus.iter().enumerate() {
        let share = share as u32;
        let workload = Box::new(plan.share(share));
        // With manual dispatch a process holds one CPU, the first of these.
        let borrowed = share > 0 && !state.dispatcher.is_automatic();
        let job = Job::Share { process, workload, seed: run.seed, lane: lane + share, borrowed };
        state.post(*cpu, job);
    }
    Ok(Start::Posted(cpus))
}

/// Finishes an op that began at `began` and whose jobs are all done.
pub(super) fn finish(
    state: &mut RunState,
    op: &Op,
    at: &str,
    began: Moment,
    results: Vec<Result<Done, Refusal>>,
) -> OpOutcome {
    let mut value = None;
    let mut refused = None;
    let mut stored: Vec<(u32, Vec<(u32, u64)>)> = Vec::new();
    let mut wrong: Vec<Wrong> = Vec::new();
    let (mut process, mut legacy) = (None, Legacy::default());
    for result in results {
        match result {
            Ok(Done::Nothing) => {}
            Ok(Done::Process(id)) => process = Some(id),
            Ok(Done::Killed(left)) => legacy = left,
            Ok(Done::Value(found)) => value = Some(found),
            Ok(Done::Share(share)) => {
                let why = share.failure.map(|failure| refusal(&state.machine, failure));
                refused = refused.or(why);
                stored.push((share.lane, share.stored));
                wrong.extend(share.wrong);
            }
            Err(why) => refused = refused.or(Some(why)),
        }
    }
    let succeeded = refused.is_none();
    state.words.end(began);
    match &op.action {
        Action::Spawn(spawn) => {
            state.processes.started(&spawn.name, process);
            if succeeded {
                state.words.spawned(&spawn.name);
            }
        }
        Action::Fork(fork) => {
            state.processes.started(&fork.name, process);
            if succeeded {
                state.words.forked(&fork.process, &fork.name, began);
            }
        }
        Action::Kill(kill) if succeeded => {
            killed(state, &kill.process, legacy);
            state.words.killed(&kill.process);
        }
        Action::Write(write) if succeeded => {
            let word = write.offset as usize / 8;
            state.words.stored(&write.process, write.page, word, write.value, began);
        }
        Action::Run(run) => {
            for (lane, page, value) in stored
                .iter()
                .flat_map(|(lane, all)| all.iter().map(move |(page, value)| (lane, page, value)))
            {
                state.words.stored(&run.process, *page, word_of_lane(*lane), *value, began);
            }
        }
        Action::UnmapPages(unmap) if succeeded => {
            state.words.unmapped(&unmap.process, unmap.page..unmap.page + unmap.pages);
        }
        Action::Sleep(sleep) if succeeded => {
            if let Ok(id) = state.processes.living(&sleep.process) {
                clear_current(state, id);
            }
        }
        _ => {}
    }
    let mut outcome = OpOutcome::of(op, at, refused.map_or(Ok(value), Err));
    if let (Action::Read(read), Some(found)) = (&op.action, value)
        && let Some(expected) = read.expect
        && found != expected
    {
        outcome.fail(Failure::new(at, expected, found));
    }
    if matches!(op.action, Action::Audit(_)) {
        for finding in state.audit() {
            outcome.fail(Failure::new(at, "a clean audit", finding));
        }
    }
    if let Action::Check(check) = &op.action {
        check_words(state, check, at, &mut outcome);
    }
    for Wrong { page, expected, found } in wrong {
        let place = |value: u64| format!("{value} in page {page}");
        outcome.fail(Failure::new(at, place(expected), place(found)));
    }
    outcome
}

fn clear_current(state: &RunState, process: ProcessId) {
    for (cpu, record) in state.machine.cpus.iter().enumerate() {
        if record.current() == Some(process) {
            record.set_current(None);
            state.emit(Event::of(EventKind::Switch, cpu as u32));
        }
    }
}

/// Finishes a kill: the name stays taken, and with manual dispatch the CPU that the process held goes to its
/// nearest living ancestor, else to any sleeper (P3).
fn killed(state: &mut RunState, name: &str, legacy: Legacy) {
    state.killed.extend(state.processes.killed(name));
    if state.dispatcher.is_automatic() {
        return;
    }
    let processes = &state.machine.processes;
    let sleeps = |id: &ProcessId| processes.get(*id).state() == ProcessState::Sleeping;
    let Some(cpu) = legacy.cpu else { return };
    let resumes_anybody = has_bug!(state.machine, KillResumesWrong);
    let ancestor = legacy.ancestor.filter(|id| sleeps(id) && !resumes_anybody);
    let Some(next) = ancestor.or_else(|| processes.living().find(sleeps)) else { return };
    state.machine.processes.get(next).set_state(ProcessState::Running);
    state.machine.dispatch(cpu, next);
    let event = |kind, number| Event::of(kind, number).in_process(next.0);
    let (asleep, running) = (ProcessState::Sleeping as u64, ProcessState::Running as u64);
    state.emit(event(EventKind::Process, next.0).with(asleep, running));
    let killed = state.killed.last().map_or(NIL, |killed| killed.0);
    state.emit(event(EventKind::Heir, cpu as u32).with(killed.into(), 0));
    state.emit(event(EventKind::Switch, cpu as u32));
}
