//! The trait `Cpu`, which each runtime implements, and the state that a CPU keeps to itself under all of
//! them.
//!
//! The engine is a set of `async fn`s over [`Cpu`]. They await only where a real CPU could wait
//! or be overtaken. On threads every await is ready at once, because waiting blocks inside
//! `poll`; on virtual CPUs an await is a scheduling point with a price.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::panic::Location;
use std::sync::Arc;

use super::epochs::Presence;
use super::locks::{HeldLocks, LockId, LockProfile, LockWord};
use super::random::Random;
use crate::hash::mix;
use crate::observe::{Event, EventKind, Ring, Trace, Words};
use crate::sync;
use crate::sync::atomic::AtomicU64;

/// Faults and lock holds of a kind that are all timed, before sampling begins.
const ALL_TIMED: u64 = 64;

/// A marked step of the engine, which virtual CPUs charge by their table of costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The gap between two instructions, in which another CPU can act.
    Instruction,
    /// A walk of directory and table.
    Walk,
    /// Entering the fault path and leaving it: its counts, the claim of the PTE and the end of the claim.
    Fault,
    /// Attempts at locks that do not wait.
    TryLock {
        /// How many.
        times: u32,
    },
    /// Putting frames on a list or taking them off, under its lock.
    List {
        /// How many.
        frames: u32,
    },
    /// Rewriting PTEs of a page on behalf of every process that shares it.
    Rewrite {
        /// How many.
        ptes: u32,
    },
    /// Looking at frames one by one, for a victim.
    Look {
        /// How many.
        entries: u32,
    },
    /// Looking at slots, or words of the bitmap, one by one, for a free one.
    LookForSlot {
        /// How many.
        entries: u32,
    },
    /// Reading what other CPUs have written last.
    Fetch {
        /// How many cache lines travel.
        lines: u32,
    },
    /// Zeroing a frame.
    Zero {
        /// The frame was used a moment ago by the same CPU.
        hot: bool,
    },
    /// Copying a frame.
    Copy {
        /// Both frames were used a moment ago by the same CPU.
        hot: bool,
    },
    /// Reading slots in one transfer.
    DiskRead {
        /// How many.
        pages: u32,
    },
    /// Writing a slot.
    DiskWrite,
    /// Notifying `cpus` CPUs that `pages` pages are unmapped.
    Shootdown {
        /// CPUs notified.
        cpus: u32,
        /// Pages unmapped.
        pages: u32,
    },
    /// Putting another process on the CPU.
    Switch,
    /// Polling: looking again for something that another CPU is about to do.
    Relax,
}

impl Step {
    /// Whether the step waits for another task, so that the CPU must not keep others waiting for it.
    #[inline]
    pub fn is_a_wait(self) -> bool {
        matches!(
            self,
            Self::DiskRead { .. } | Self::DiskWrite | Self::Relax | Self::Shootdown { .. }
        )
    }

    /// Whether one of the disk's channels serves the step.
    pub fn is_a_transfer(self) -> bool {
        matches!(self, Self::DiskRead { .. } | Self::DiskWrite)
    }
}

/// The state that one CPU keeps to itself, under every runtime.
#[derive(Debug)]
pub struct CpuLocal {
    /// The CPU's number; daemons come after the CPUs.
    pub index: usize,
    /// The locks it holds, for the rank checker.
    pub held: RefCell<HeldLocks>,
    /// Its own random numbers (the random policy).
    pub random: RefCell<Random>,
    /// Which shard of the free lists it prefers now.
    pub shard: Cell<usize>,
    /// The shard of the active list with which its next search for victims begins.
    pub victims_from: Cell<usize>,
    /// The shard of the modified list with which its next batch of writes begins.
    pub writes_from: Cell<usize>,
    /// The frame with which its next search for slots that only frames keep begins.
    pub kept_from: Cell<u32>,
    /// What its locks cost it; shared with the reports.
    pub profile: Arc<LockProfile>,
    /// The trace that its events go to.
    pub trace: Arc<Trace>,
    /// Its ring in that trace.
    ring: Ring,
    /// Whether all its events are stamped by the clock, or only a sample of them.
    pub timing: Cell<bool>,
    /// Faults since its last job began, of which some are timed.
    pub recent_faults: Cell<u32>,
    /// Whether it may be touching memory.
    pub presence: Presence,
    /// How many accesses and jobs it has done: whether it makes progress.
    ended: Cell<u64>,
}

/// On threads the first so many faults of a job are recorded with their phases.
const ALL_RECORDED: u32 = 64;
/// After those, one in so many is.
const RECORD_SAMPLE: u32 = 1024;

impl CpuLocal {
    /// Returns the private state of CPU `index`, whose events go nowhere.
    pub fn new(index: usize, seed: u64, profile: Arc<LockProfile>, presence: Presence) -> Self {
        Self {
            index,
            held: RefCell::default(),
            random: RefCell::new(Random::new(seed ^ ((index as u64) << 32))),
            shard: Cell::new(index),
            victims_from: Cell::new(0),
            writes_from: Cell::new(0),
            kept_from: Cell::new(0),
            profile,
            trace: Arc::default(),
            ring: Ring::default(),
            timing: Cell::new(false),
            recent_faults: Cell::new(0),
            presence,
            ended: Cell::new(0),
        }
    }

    /// Counts an access or a job that has ended.
    #[inline]
    pub fn has_ended_something(&self) {
        self.ended.set(self.ended.get().wrapping_add(1));
    }

    /// Returns how many accesses and jobs have ended.
    pub(super) fn ended(&self) -> u64 {
        self.ended.get()
    }

    /// Records that the CPU is at rest: of what it has read so far it knows no more than these fields hold.
    pub fn rest(&self) {
        sync::forget(self.index, || {
            let shards = [&self.shard, &self.victims_from, &self.writes_from];
            let shards = shards.iter().fold(0, |hash, shard| mix(hash ^ shard.get() as u64));
            shards ^ u64::from(self.kept_from.get()) ^ self.random.borrow().state()
        });
    }

    /// Returns the same state with its searches of lists beginning with a shard, and of slots that frames keep with a
    /// frame.
    #[must_use]
    pub fn searching_from(self, shard: usize, frame: u32) -> Self {
        let shard = || Cell::new(shard);
        let kept_from = Cell::new(frame);
        Self { victims_from: shard(), writes_from: shard(), kept_from, ..self }
    }

    /// Returns the same state with its events in the ring of its index.
    #[must_use]
    pub fn recording(self, trace: Arc<Trace>) -> Self {
        Self { ring: trace.ring(self.index), trace, ..self }
    }

    /// Records that the CPU holds one lock more.
    #[inline]
    pub(super) fn has_taken(&self, lock: LockId, site: &'static Location<'static>) {
        let mut held = self.held.borrow_mut();
        held.taken(lock, site);
        self.profile.holds(held.all(), held.count() - 1);
    }

    /// Records that the CPU holds one lock less.
    #[inline]
    pub(super) fn has_released(&self, lock: LockId) {
        let mut held = self.held.borrow_mut();
        if let Some(place) = held.released(lock) {
            self.profile.holds(held.all(), place);
        }
    }

    /// Whether a fault that began now would be recorded with its phases.
    #[inline]
    pub fn would_record_fault<C: Cpu>(&self) -> bool {
        self.trace.wants(EventKind::FaultBegin) && {
            let faults = self.recent_faults.get();
            C::CLOCK_IS_FREE || faults < ALL_RECORDED || faults.is_multiple_of(RECORD_SAMPLE)
        }
    }

    /// Counts a fault, so that only some are recorded with their phases.
    #[inline]
    pub fn has_passed_fault(&self) {
        self.recent_faults.set(self.recent_faults.get().wrapping_add(1));
    }

    /// Whether the fault that begins now is to be recorded with its phases, each with its time.
    #[inline]
    pub fn records_fault<C: Cpu>(&self) -> bool {
        let recorded = self.would_record_fault::<C>();
        self.has_passed_fault();
        recorded
    }
}

/// Records an event of this CPU, if its kind is wanted.
#[inline(always)]
pub fn emit<C: Cpu>(cpu: &C, event: Event) {
    let local = cpu.local();
    if !local.trace.wants(event.kind) {
        return;
    }
    let Words { head, a, b } = event.words();
    if C::CLOCK_IS_FREE {
        local.trace.record_virtual(&local.ring, event.words(), cpu.now());
    } else if event.kind.is_slow() {
        record_by_clock(cpu, head, a, b);
    } else {
        record(cpu, head, a, b);
    }
}

/// Does `change`, one atomic step that does what `event` says or nothing, and records the event if it did. On
/// threads the record is written before the step and committed after it: the step waits until the CPU's
/// stores have drained, and meanwhile there is time for it.
#[inline(always)]
pub fn emit_if<C: Cpu, T, E>(
    cpu: &C,
    event: Event,
    change: impl FnOnce() -> Result<T, E>,
) -> Result<T, E> {
    if C::CLOCK_IS_FREE {
        return change().inspect(|_| emit(cpu, event));
    }
    let local = cpu.local();
    if !local.trace.wants(event.kind) {
        return change();
    }
    std::hint::cold_path();
    let seen = local.trace.prepare(&local.ring, event.words(), local.timing.get(), || cpu.now());
    let result = change();
    if result.is_ok() {
        local.trace.commit(&local.ring, seen);
    }
    result
}

// Out of line, so that CPUs that do not record skip it, and with its parameters in registers.

#[cold]
fn record<C: Cpu>(cpu: &C, head: u64, a: u64, b: u64) {
    let CpuLocal { ring, trace, timing, .. } = cpu.local();
    trace.record(ring, Words { head, a, b }, timing.get(), || cpu.now());
}

#[cold]
fn record_by_clock<C: Cpu>(cpu: &C, head: u64, a: u64, b: u64) {
    let CpuLocal { ring, trace, .. } = cpu.local();
    trace.record(ring, Words { head, a, b }, true, || cpu.now());
}

/// A thread of execution of the engine: a CPU or a daemon.
pub trait Cpu {
    /// Whether lock ranks are checked under this runtime.
    const CHECKED: bool;

    /// Whether a step takes no time and lets no other task run, so that a path may leave it out.
    const STEPS_ARE_FREE: bool;

    /// Returns the state that this CPU keeps to itself.
    fn local(&self) -> &CpuLocal;

    /// Returns the time in nanoseconds: virtual, or of the clock. It is not for the hot path of threads.
    fn now(&self) -> u64;

    /// One in this many faults and lock holds is timed: all of them where the clock is free.
    const SAMPLE: u64;

    /// Whether reading the clock costs nothing and lets no other task run.
    const CLOCK_IS_FREE: bool = Self::SAMPLE == 1;

    /// Returns how many the `count`th of its kind stands for if it is to be timed; none if it is not. The
    /// first few are all timed, so that a short run has something to report.
    #[inline(always)]
    fn sampled(count: u64) -> Option<u64> {
        if count < ALL_TIMED {
            Some(1)
        } else {
            count.is_multiple_of(Self::SAMPLE).then_some(Self::SAMPLE)
        }
    }

    /// Passes a marked step: a scheduling point on virtual CPUs, nothing on threads (except that
    /// [`Step::Relax`] yields).
    #[track_caller]
    fn step(&self, step: Step) -> impl Future<Output = ()>;

    /// Takes the lock in `word`. Returns the nanoseconds waited, 0 when the lock was free.
    fn acquire(
        &self,
        lock: LockId,
        word: LockWord<'_>,
        site: &'static Location<'static>,
    ) -> impl Future<Output = u64>;

    /// Wakes a task that waits for the lock in `word`, whose bits the caller has just cleared. On virtual
    /// CPUs the lock may already belong to the first waiter when this returns.
    fn hand_over(&self, word: LockWord<'_>);

    /// Sleeps while the bits of `mask` in `word` are `busy`, having set `waiters`.
    fn wait_while(
        &self,
        word: &AtomicU64,
        mask: u64,
        busy: u64,
        waiters: u64,
    ) -> impl Future<Output = ()>;

    /// Wakes the tasks that sleep in [`Cpu::wait_while`] on the bit `waiters` of `word`; the caller has
    /// cleared it.
    fn wake(&self, word: &AtomicU64, waiters: u64);
}
