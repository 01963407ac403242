//! How each op begins: as jobs for CPUs, at once, or not yet; and how it ends when its jobs are done.

use super::dispatcher::{Refusal, any_cpu, cpus_for, holder, living, reserve, running};
use super::expectations::{
    check_words, expect_counter, expect_frames, expect_list, expect_page, expect_process,
    expect_slots,
};
use super::job::{Done, Job, Wrong};
use super::session::{NamedProcess, Session, refusal};
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

/// What starting an op came to.
pub(super) enum Start {
    /// Jobs are under way.
    Posted(Vec<usize>),
    /// It is done already.
    Done(OpOutcome),
    /// It needs CPUs that are busy.
    Blocked,
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

pub(super) fn start(session: &mut Session, op: &Op, at: &str, lane: u32) -> Result<Start, Refusal> {
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
            let process = living(session, &evict.process)?;
            let job = Job::Evict { process, page: evict.page };
            match session.machine.processes.get(process).state() {
                ProcessState::Running => post_in(session, process, job),
                // The page of a process that sleeps: any CPU can move it.
                _ => Ok(post_one(session, any_cpu(session, false), job)),
            }
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
        Action::ExpectProcess(expect) => expect_process(session, expect, at).map(Start::Done),
        Action::ExpectCounter(expect) => expect_counter(session, expect, at).map(Start::Done),
        Action::ExpectFrames(expect) => Ok(Start::Done(expect_frames(session, expect, at))),
        Action::ExpectList(expect) => Ok(Start::Done(expect_list(session, expect, at))),
        Action::ExpectSlots(expect) => Ok(Start::Done(expect_slots(session, expect, at))),
        Action::Mark(mark) => start_mark(session, &mark.name, at),
        Action::Check(check) => {
            if let Some(name) = &check.process {
                living(session, name)?;
            }
            Ok(start_quiet(session))
        }
        Action::Audit(_) => Ok(start_quiet(session)),
        Action::MapPages(map) => {
            let process = running(session, &map.process)?;
            let (pages, at, read_only) = (map.pages, map.at, map.read_only);
            post_in(session, process, Job::Map { process, pages, at, read_only })
        }
        Action::UnmapPages(unmap) => {
            let process = running(session, &unmap.process)?;
            let (page, pages) = (unmap.page, unmap.pages);
            post_in(session, process, Job::Unmap { process, page, pages })
        }
        Action::Together(_) | Action::Repeat(_) => unreachable!("interpreted as lists"),
    }
}

/// Lets the machine come to rest, which nobody is at work on.
fn start_quiet(session: &mut Session) -> Start {
    if session.busy.contains(&true) {
        return Start::Blocked;
    }
    let cpu = any_cpu(session, false);
    post_one(session, cpu, Job::Settle)
}

fn start_mark(session: &mut Session, name: &str, at: &str) -> Result<Start, Refusal> {
    if session.marks.contains_key(name) {
        return Err((FailureCode::NameTaken, format!("a mark is called {name:?} already")));
    }
    let now = counters(&session.machine);
    // What is expected later depends on it, beside the machine's state.
    note(|| CounterName::ALL.iter().fold(0, |sum, counter| mix(sum ^ now.get(*counter))));
    session.marks.insert(name.to_owned(), now);
    Ok(Start::Done(OpOutcome::judge(at, None, Ok(None))))
}

fn start_wake(session: &mut Session, name: &str) -> Result<Start, Refusal> {
    let process = living(session, name)?;
    let asleep = session.machine.processes.get(process).state() == ProcessState::Sleeping;
    if session.dispatches_itself() || !asleep {
        let cpu = any_cpu(session, false);
        return Ok(post_one(session, cpu, Job::Wake { process, here: false }));
    }
    if session.machine.cpus.iter().all(|record| record.current().is_some()) {
        let message = format!("no CPU is idle for {name:?}: switch it onto one");
        return Err((FailureCode::NotRunning, message));
    }
    let cpu = any_cpu(session, true);
    Ok(post_one(session, cpu, Job::Wake { process, here: true }))
}

fn start_switch(session: &mut Session, cpu: usize, name: &str) -> Result<Start, Refusal> {
    let to = living(session, name)?;
    let Some(record) = session.machine.cpus.get(cpu) else {
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
        session.machine.cpus[old].set_current(None);
        session.tell(Event::of(EventKind::Switch, old as u32));
    }
    Ok(post_one(session, Some(cpu), Job::Switch { from, to }))
}

fn start_run(session: &mut Session, run: &Run, lane: u32) -> Result<Start, Refusal> {
    let process = running(session, &run.process)?;
    let pages = session.machine.processes.get(process).pages();
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
        // With manual dispatch a process holds one CPU, the first of these.
        let borrowed = share > 0 && !session.dispatches_itself();
        let job = Job::Share { process, workload, seed: run.seed, lane: lane + share, borrowed };
        post(session, *cpu, job);
    }
    Ok(Start::Posted(cpus))
}

/// Ends an op that began then and whose jobs are all done.
pub(super) fn finish(
    session: &mut Session,
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
                let why = share.failure.map(|failure| refusal(&session.machine, failure));
                refused = refused.or(why);
                stored.push((share.lane, share.stored));
                wrong.extend(share.wrong);
            }
            Err(why) => refused = refused.or(Some(why)),
        }
    }
    let succeeded = refused.is_none();
    session.words.end(began);
    match &op.action {
        Action::Spawn(spawn) => {
            settle_name(session, &spawn.name, process);
            if succeeded {
                session.words.spawned(&spawn.name);
            }
        }
        Action::Fork(fork) => {
            settle_name(session, &fork.name, process);
            if succeeded {
                session.words.forked(&fork.process, &fork.name, began);
            }
        }
        Action::Kill(kill) if succeeded => {
            killed(session, &kill.process, legacy);
            session.words.killed(&kill.process);
        }
        Action::Write(write) if succeeded => {
            let word = write.offset as usize / 8;
            session.words.stored(&write.process, write.page, word, write.value, began);
        }
        Action::Run(run) => {
            for (lane, page, value) in stored
                .iter()
                .flat_map(|(lane, all)| all.iter().map(move |(page, value)| (lane, page, value)))
            {
                session.words.stored(&run.process, *page, word_of_lane(*lane), *value, began);
            }
        }
        Action::UnmapPages(unmap) if succeeded => {
            session.words.unmapped(&unmap.process, unmap.page..unmap.page + unmap.pages);
        }
        Action::Sleep(sleep) if succeeded => {
            if let Ok(id) = living(session, &sleep.process) {
                clear_current(session, id);
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
        for finding in session.audit() {
            outcome.fail(Failure::new(at, "a clean audit", finding));
        }
    }
    if let Action::Check(check) = &op.action {
        check_words(session, check, at, &mut outcome);
    }
    for Wrong { page, expected, found } in wrong {
        let place = |value: u64| format!("{value} in page {page}");
        outcome.fail(Failure::new(at, place(expected), place(found)));
    }
    outcome
}

fn settle_name(session: &mut Session, name: &str, process: Option<ProcessId>) {
    match process {
        Some(id) => {
            session.process_names.name_latest(id.0, name);
            session.names.insert(name.to_owned(), NamedProcess::Living(id))
        }
        None => session.names.remove(name),
    };
}

fn clear_current(session: &Session, process: ProcessId) {
    for (cpu, record) in session.machine.cpus.iter().enumerate() {
        if record.current() == Some(process) {
            record.set_current(None);
            session.tell(Event::of(EventKind::Switch, cpu as u32));
        }
    }
}

/// After a kill its name stays taken. With manual dispatch the CPU it held goes to its nearest
/// living ancestor, else to any sleeper (P3).
fn killed(session: &mut Session, name: &str, legacy: Legacy) {
    if let Some(NamedProcess::Living(id)) =
        session.names.insert(name.to_owned(), NamedProcess::Terminated)
    {
        session.killed.push(id);
    }
    if session.dispatches_itself() {
        return;
    }
    let processes = &session.machine.processes;
    let sleeps = |id: &ProcessId| processes.get(*id).state() == ProcessState::Sleeping;
    let Some(cpu) = legacy.cpu else { return };
    let resumes_anybody = has_bug!(session.machine, KillResumesWrong);
    let ancestor = legacy.ancestor.filter(|id| sleeps(id) && !resumes_anybody);
    let Some(next) = ancestor.or_else(|| processes.living().find(sleeps)) else { return };
    session.machine.processes.get(next).set_state(ProcessState::Running);
    session.machine.cpus[cpu].set_current(Some(next));
    let event = |kind, number| Event::of(kind, number).in_process(next.0);
    let (asleep, running) = (ProcessState::Sleeping as u64, ProcessState::Running as u64);
    session.tell(event(EventKind::Process, next.0).with(asleep, running));
    let killed = session.killed.last().map_or(NIL, |killed| killed.0);
    session.tell(event(EventKind::Heir, cpu as u32).with(killed.into(), 0));
    session.tell(event(EventKind::Switch, cpu as u32));
}
