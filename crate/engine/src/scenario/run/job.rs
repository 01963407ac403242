//! A job is the work of one CPU for an op; a CPU performs one job at a time, in the address space that it names.

use super::words::word_of_lane;
use crate::machine::Machine;
use crate::memory::{ProcessId, Vpn};
use crate::observe::{Counter, Event, EventKind, JobKind};
use crate::paging::{AddressSpace, Failure, evict, references_until_tick, settle, tick_if_due};
use crate::process::{Legacy, fork, kill, map, put_on_cpu, sleep, spawn, unmap, wake};
use crate::runtime::{Cpu, emit};
use crate::scenario::workload::{Workload, stamp};

/// A job for one CPU.
#[derive(Debug)]
pub(super) enum Job {
    /// Starts a process, and runs it here if `awake`.
    Spawn { pages: u32, awake: bool },
    /// Forks the process; the child is awake or asleep.
    Fork { process: ProcessId, awake: bool },
    /// Loads a word.
    Load { process: ProcessId, page: u32, word: usize },
    /// Stores a word.
    Store { process: ProcessId, page: u32, word: usize, value: u64 },
    /// Moves a page's frame to swap.
    Evict { process: ProcessId, page: u32 },
    /// Adds pages to a process.
    Map { process: ProcessId, pages: u32, at: Option<u32>, read_only: bool },
    /// Takes pages from a process.
    Unmap { process: ProcessId, page: u32, pages: u32 },
    /// Puts a process to sleep.
    Sleep { process: ProcessId },
    /// Wakes a process, here if `here`.
    Wake { process: ProcessId, here: bool },
    /// Ends a process.
    Kill { process: ProcessId },
    /// Puts `to` on this CPU; `from`, which was here, sleeps.
    Switch { from: Option<ProcessId>, to: ProcessId },
    /// One CPU's share of a workload; a borrowed CPU is idle again at its end.
    Share { process: ProcessId, workload: Box<Workload>, seed: u64, lane: u32, borrowed: bool },
    /// Waits until the daemons rest.
    Settle,
}

impl Job {
    /// Returns the process that the job names.
    pub(super) fn process(&self) -> Option<ProcessId> {
        match self {
            Self::Spawn { .. } | Self::Settle => None,
            Self::Switch { to, .. } => Some(*to),
            Self::Fork { process, .. }
            | Self::Load { process, .. }
            | Self::Store { process, .. }
            | Self::Evict { process, .. }
            | Self::Map { process, .. }
            | Self::Unmap { process, .. }
            | Self::Sleep { process }
            | Self::Wake { process, .. }
            | Self::Kill { process }
            | Self::Share { process, .. } => Some(*process),
        }
    }

    /// Returns the event that marks the job's beginning.
    fn event(&self) -> Event {
        let (kind, number) = match self {
            Self::Spawn { pages, .. } => (JobKind::Spawn, *pages),
            Self::Fork { .. } => (JobKind::Fork, 0),
            Self::Load { page, .. } => (JobKind::Read, *page),
            Self::Store { page, .. } => (JobKind::Write, *page),
            Self::Evict { page, .. } => (JobKind::Evict, *page),
            Self::Map { pages, .. } => (JobKind::Map, *pages),
            Self::Unmap { page, .. } => (JobKind::Unmap, *page),
            Self::Sleep { .. } => (JobKind::Sleep, 0),
            Self::Wake { .. } => (JobKind::Wake, 0),
            Self::Kill { .. } => (JobKind::Kill, 0),
            Self::Switch { .. } => (JobKind::Switch, 0),
            Self::Share { .. } => (JobKind::Run, 0),
            Self::Settle => (JobKind::Settle, 0),
        };
        let event = Event::of(EventKind::JobBegin, number).with(kind as u64, 0);
        self.process().map_or(event, |process| event.in_process(process.0))
    }
}

/// The result of a job that did not fail.
#[derive(Debug)]
pub(super) enum Done {
    Nothing,
    Process(ProcessId),
    Value(u64),
    /// A process ended.
    Killed(Legacy),
    /// What a share of a workload did.
    Share(Box<Shared>),
}

/// The result of one CPU's share of a workload, whether it came to its end or not.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) lane: u32,
    /// What it stored last in each page that it stored to.
    pub(super) stored: Vec<(u32, u64)>,
    /// Wrong values that it read.
    pub(super) wrong: Vec<Wrong>,
    /// Why it did not come to its end.
    pub(super) failure: Option<Failure>,
}

/// A word that was read, and did not hold what was last stored there.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wrong {
    pub(super) page: u32,
    pub(super) expected: u64,
    pub(super) found: u64,
}

/// Wrong values beyond this many are not collected.
const MOST_WRONG: usize = 8;

/// Performs one job, between the events of its beginning and its end.
pub(super) async fn perform<C: Cpu>(cpu: &C, machine: &Machine, job: Job) -> Result<Done, Failure> {
    let event = job.event();
    let local = cpu.local();
    local.recent_faults.set(0);
    // A single access is recorded with all its times; a workload's are too many.
    local.timing.set(!matches!(job, Job::Share { .. }));
    emit(cpu, event);
    let result = do_job(cpu, machine, job).await;
    local.has_ended_something();
    local.timing.set(false);
    let failed = match &result {
        Ok(Done::Share(shared)) => shared.failure.is_some(),
        other => other.is_err(),
    };
    emit(cpu, Event { kind: EventKind::JobEnd, b: failed.into(), ..event });
    result
}

async fn do_job<C: Cpu>(cpu: &C, machine: &Machine, job: Job) -> Result<Done, Failure> {
    match job {
        Job::Spawn { pages, awake } => {
            let process = spawn(cpu, machine, pages).await?;
            if awake {
                wake(cpu, machine, process).await?;
                put_on_cpu(cpu, machine, process).await;
            }
            Ok(Done::Process(process))
        }
        Job::Fork { process, awake } => {
            put_on_cpu(cpu, machine, process).await;
            let child = {
                let space = AddressSpace::enter(cpu, machine, process)?;
                fork(cpu, machine, &space).await?
            };
            if awake {
                wake(cpu, machine, child).await?;
            }
            Ok(Done::Process(child))
        }
        Job::Load { process, page, word } => {
            put_on_cpu(cpu, machine, process).await;
            let space = AddressSpace::enter(cpu, machine, process)?;
            machine.count(cpu, Counter::Accesses);
            let loaded = space.load(Vpn(page), word).await.map(Done::Value);
            interrupt(cpu, machine, &space).await;
            loaded
        }
        Job::Store { process, page, word, value } => {
            put_on_cpu(cpu, machine, process).await;
            let space = AddressSpace::enter(cpu, machine, process)?;
            machine.count(cpu, Counter::Accesses);
            let stored = space.store(Vpn(page), word, value).await.map(|()| Done::Nothing);
            interrupt(cpu, machine, &space).await;
            stored
        }
        Job::Evict { process, page } => {
            evict(cpu, machine, process, Vpn(page)).await.map(|()| Done::Nothing)
        }
        Job::Map { process, pages, at, read_only } => {
            put_on_cpu(cpu, machine, process).await;
            let space = AddressSpace::enter(cpu, machine, process)?;
            map(cpu, machine, &space, pages, at.map(Vpn), read_only).await.map(|_| Done::Nothing)
        }
        Job::Unmap { process, page, pages } => {
            put_on_cpu(cpu, machine, process).await;
            let space = AddressSpace::enter(cpu, machine, process)?;
            unmap(cpu, machine, &space, Vpn(page), pages).await.map(|()| Done::Nothing)
        }
        Job::Sleep { process } => sleep(cpu, machine, process).await.map(|()| Done::Nothing),
        Job::Wake { process, here } => {
            wake(cpu, machine, process).await?;
            if here {
                put_on_cpu(cpu, machine, process).await;
            }
            Ok(Done::Nothing)
        }
        Job::Kill { process } => kill(cpu, machine, process).await.map(Done::Killed),
        Job::Switch { from, to } => {
            if let Some(from) = from {
                // It may have been put to sleep or killed by another list of the script.
                let _ = sleep(cpu, machine, from).await;
            }
            wake(cpu, machine, to).await?;
            put_on_cpu(cpu, machine, to).await;
            Ok(Done::Nothing)
        }
        Job::Share { process, workload, seed, lane, borrowed } => {
            put_on_cpu(cpu, machine, process).await;
            let result = run_share(cpu, machine, process, *workload, seed, lane).await;
            if borrowed
                && let Some(record) = machine.record(cpu)
                && record.current() == Some(process)
            {
                // Not if a kill has dispatched another process to this CPU meanwhile.
                record.set_current(None);
                emit(cpu, Event::of(EventKind::Switch, cpu.local().index as u32));
            }
            result
        }
        Job::Settle => {
            settle(cpu, machine).await;
            Ok(Done::Nothing)
        }
    }
}

/// Accesses counted together, so that the counter costs the hit path nothing.
const COUNTED_TOGETHER: u64 = 64;

/// The knowledge that a share of a workload has of its word in a page.
#[derive(Clone, Copy)]
enum Known {
    Nothing,
    Found(u64),
    Stored(u64),
}

/// Lets the clock tick of the policies interrupt a program between two accesses.
async fn interrupt<C: Cpu>(cpu: &C, machine: &Machine, space: &AddressSpace<'_, C>) {
    if machine.options.policy.ticks() {
        let _away = space.leave_for_a_while();
        tick_if_due(cpu, machine).await;
    }
}

/// Runs one share of a workload. Each share has a word of its own in every page, from the end, so
/// that the bytes at the end do not depend on which CPU was faster. It stamps what it writes, and what it
/// reads has to be what it wrote, or what it found there first.
async fn run_share<C: Cpu>(
    cpu: &C,
    machine: &Machine,
    process: ProcessId,
    workload: Workload,
    seed: u64,
    lane: u32,
) -> Result<Done, Failure> {
    let space = AddressSpace::enter(cpu, machine, process)?;
    let word = word_of_lane(lane);
    let mut known = vec![Known::Nothing; machine.processes.get(process).pages() as usize];
    let mut wrong = Vec::new();
    let mut failure = None;
    let mut uncounted = 0;
    let together = || COUNTED_TOGETHER.min(references_until_tick(machine));
    let mut most = together();
    let count = |accesses| machine.stats.add(cpu.local().index, Counter::Accesses, accesses);
    for (number, reference) in (0..).zip(workload) {
        let page = Vpn(reference.page);
        let known = &mut known[reference.page as usize];
        uncounted += 1;
        let mut is_counted = false;
        // An access that misses is counted before it faults: the number of accesses is a clock of the policies.
        let mut count_all = || {
            count(std::mem::take(&mut uncounted));
            is_counted = true;
        };
        if reference.write {
            let value = stamp(seed, lane, number);
            if !space.try_store(page, word, value) {
                count_all();
                if let Err(why) = space.store(page, word, value).await {
                    failure = Some(why);
                    break;
                }
            }
            *known = Known::Stored(value);
        } else {
            let found = match space.try_load(page, word) {
                Some(found) => Ok(found),
                None => {
                    count_all();
                    space.load(page, word).await
                }
            };
            match (found, *known) {
                (Ok(found), Known::Nothing) => *known = Known::Found(found),
                (Ok(found), Known::Found(expected) | Known::Stored(expected)) => {
                    if found != expected && wrong.len() < MOST_WRONG {
                        wrong.push(Wrong { page: reference.page, expected, found });
                    }
                }
                (Err(why), _) => {
                    failure = Some(why);
                    break;
                }
            }
        }
        if is_counted || uncounted == most {
            count(std::mem::take(&mut uncounted));
            interrupt(cpu, machine, &space).await;
            most = together();
        }
    }
    count(uncounted);
    let stored = (0..).zip(known).filter_map(|(page, known)| match known {
        Known::Stored(value) => Some((page, value)),
        Known::Nothing | Known::Found(_) => None,
    });
    Ok(Done::Share(Box::new(Shared { lane, stored: stored.collect(), wrong, failure })))
}
