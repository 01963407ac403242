//! Events: what can happen in a machine, and the record in which it is written down.
//!
//! # A record
//!
//! Four words of 64 bits:
//!
//! | word | bits | what |
//! |---|---|---|
//! | 0 | 12-63 | the time in nanoseconds: virtual, or of the clock |
//! | 0 | 0-11 | what comes first among records of one time |
//! | 1 | 0-7 | the kind, see [`EventKind`] |
//! | 1 | 8-15 | the CPU or daemon; the script comes after the daemons |
//! | 1 | 16-31 | the process concerned, all ones for none |
//! | 1 | 32-63 | the page, frame or slot concerned |
//! | 2, 3 | | two operands |
//!
//! # The order
//!
//! Word 0 as a whole is the *stamp*. It is at least one more than the stamp before it, and at least
//! the time: `stamp = max(last + 1, time << 12)`. In a virtual run `last` is the last of the run, so
//! no two stamps are equal and sorting by them gives the one total order of events; virtual time
//! never goes back from one event to the next. On threads `last` is the last of the ring, so that
//! nothing is shared: a ring is in order, and two rings are as well in step as their times are. The clock is
//! read for one record in 256, for an operation whose every event is timed (an access of the script, a few of
//! a workload's faults), and around waits; any other record has the earliest time at which it can have
//! happened.

/// How much is recorded; each level contains those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Detail {
    /// Records nothing.
    Nothing,
    /// Records what changes a page, a frame, a slot or a process; faults, transfers, shootdowns, daemons;
    /// waits.
    Changes,
    /// Records also which frame goes on which list, off it, into which CPU's cache and out of it.
    Moves,
    /// Records also each lock that is taken and released.
    Everything,
}

impl Detail {
    /// Returns the kinds that are recorded, each as its bit.
    pub(super) fn kinds(self) -> u64 {
        let kinds = EventKind::ALL.iter().filter(|kind| kind.detail() <= self);
        kinds.fold(0, |kinds, kind| kinds | kind.bit())
    }
}

/// Makes the table of kinds: one line each, in the order of their numbers, which begin at 1.
macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident $name:literal $detail:ident,)*) => {
        /// What happened. `number`, `a` and `b` are those of [`Event`].
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum EventKind {
            /// No event: what a ring holds where nothing was written yet.
            None = 0,
            $($(#[$doc])* $kind,)*
        }

        impl EventKind {
            /// All kinds by number, from 1.
            pub const ALL: &'static [Self] = &[$(Self::$kind),*];

            /// The names by number, for a reader in place; 0 is no event.
            pub const NAMES: &'static [&'static str] = &["none", $($name),*];

            /// The least detail at which it is recorded.
            pub const fn detail(self) -> Detail {
                match self {
                    Self::None => Detail::Everything,
                    $(Self::$kind => Detail::$detail,)*
                }
            }
        }
    };
}

kinds! {
    /// A PTE changed: `number` is the page, `a` the old word, `b` the new.
    Pte "pte" Changes,
    /// A fault marked a PTE *in transit*, or took the mark off and left it as it was: like [`Self::Pte`].
    Claim "claim" Moves,
    /// A frame's entry changed: `number` is the frame, `a` the old word, `b` the new.
    Pfn "pfn" Changes,
    /// A fault began: `number` is the page, `a` 1 for a write, `b` how many nanoseconds the walk took that
    /// found it, 0 on threads. On threads, where this event and the fault's other events are timed, not every
    /// fault is recorded.
    FaultBegin "fault-begin" Changes,
    /// A fault reached a phase: `number` is the page, `a` the phase.
    FaultPhase "fault-phase" Changes,
    /// A fault ended: `number` is the page, `a` its kind (0 for a failure, else 1 + kind).
    FaultEnd "fault-end" Changes,
    /// A shootdown of `number` pages began: `a` is the epoch, `b` how many CPUs have to acknowledge.
    ShootdownBegin "shootdown-begin" Changes,
    /// This CPU acknowledged a shootdown in an access of `process`: `a` is the epoch.
    ShootdownAcknowledge "shootdown-acknowledge" Changes,
    /// A shootdown of `number` pages ended: `a` is the epoch.
    ShootdownEnd "shootdown-end" Changes,
    /// Slot `number` is about to be read into frame `a`.
    SwapReadBegin "swap-read-begin" Changes,
    /// It was read, or that failed: `b` is 1 then.
    SwapReadEnd "swap-read-end" Changes,
    /// Slot `number` is about to be written from frame `a`.
    SwapWriteBegin "swap-write-begin" Changes,
    /// It was written, or that failed: `b` is 1 then.
    SwapWriteEnd "swap-write-end" Changes,
    /// Slot `number` was taken.
    SlotTake "slot-take" Changes,
    /// Slot `number` is free again.
    SlotFree "slot-free" Changes,
    /// A process with `number` pages was created, asleep.
    Spawn "spawn" Changes,
    /// A process was forked, and is asleep: `number` is its parent's index, `a` its pages.
    Fork "fork" Changes,
    /// A process changed state (sleep, wake, kill): `a` is the old state, `b` the new.
    Process "process" Changes,
    /// The process's parent was killed: `number` is its parent from now on, all ones for none.
    Adopt "adopt" Changes,
    /// The process inherits CPU `number` from process `a`, which was killed.
    Heir "heir" Changes,
    /// Another process, or none, is on CPU `number`.
    Switch "switch" Changes,
    /// A daemon's bell was rung: `number` is 0 trimmer, 1 writer, 2 zeroer, and 256 more for each of its kind
    /// before it.
    Wakeup "wakeup" Changes,
    /// This daemon begins to work.
    DaemonWake "daemon-wake" Changes,
    /// This daemon has nothing more to do.
    DaemonRest "daemon-rest" Changes,
    /// This CPU could take no frame at once, and makes room or waits.
    FrameWaitBegin "frame-wait-begin" Changes,
    /// It has frame `number`, or gave up (all ones).
    FrameWaitEnd "frame-wait-end" Changes,
    /// This CPU waits for a lock: `number` is the class, `a` which one, `b` 1 and the number of the CPU or
    /// daemon that has it; on threads nobody knows, and it is 0.
    LockWait "lock-wait" Changes,
    /// It has the lock it waited for: `b` is how long, in nanoseconds.
    LockWaited "lock-waited" Changes,
    /// This CPU begins a job of the script: `a` is the [`JobKind`], `number` its page.
    JobBegin "job-begin" Changes,
    /// The CPU has ended the job: `a` is the [`JobKind`], `b` is 1 if it failed.
    JobEnd "job-end" Changes,
    /// Frame `number` went to the end of list `a`.
    ListOn "list-on" Moves,
    /// Frame `number` left list `a`.
    ListOff "list-off" Moves,
    /// Frame `number` is on its way to the active list `a`, held back by this CPU.
    Arrive "arrive" Moves,
    /// Frame `number`, held back until now, is on list `a`.
    Admit "admit" Moves,
    /// Frame `number` went into the cache of CPU `a` (at hand).
    CacheOn "hand-on" Moves,
    /// Frame `number` was taken from the cache of CPU `a`.
    CacheOff "hand-off" Moves,
    /// This CPU took a lock that was free: `number` is the class, `a` which one.
    LockTake "lock-take" Everything,
    /// This CPU releases a lock.
    LockRelease "lock-release" Everything,
    /// Cache lines of words of class `number` had to come to this CPU: `a` is how many, with those that were false
    /// sharing in the high half, `b` the nanoseconds lost.
    Lines "lines" Changes,
}

impl EventKind {
    /// Returns the kind's bit in a set of kinds.
    pub const fn bit(self) -> u64 {
        1 << self as u8
    }

    /// Returns the kind of this number; [`EventKind::None`] if there is no such kind.
    pub fn of_number(number: u8) -> Self {
        let index = usize::from(number).checked_sub(1);
        index.and_then(|index| Self::ALL.get(index)).copied().unwrap_or(Self::None)
    }

    /// Returns the kind's name.
    pub fn name(self) -> &'static str {
        Self::NAMES[self as usize]
    }

    /// Whether an event of this kind begins or ends a span so long that reading the clock adds little.
    pub(crate) const fn is_slow(self) -> bool {
        matches!(
            self,
            Self::ShootdownBegin
                | Self::ShootdownEnd
                | Self::SwapReadBegin
                | Self::SwapReadEnd
                | Self::SwapWriteBegin
                | Self::SwapWriteEnd
                | Self::DaemonWake
                | Self::DaemonRest
                | Self::FrameWaitBegin
                | Self::FrameWaitEnd
                | Self::LockWait
                | Self::LockWaited
                | Self::JobBegin
                | Self::JobEnd
        )
    }
}

/// What a CPU does for the script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobKind {
    /// Starts a process of so many pages.
    Spawn,
    /// Forks a process.
    Fork,
    /// Loads a word of a page.
    Read,
    /// Stores a word of a page.
    Write,
    /// Moves a page to swap.
    Evict,
    /// Adds pages to a process.
    Map,
    /// Takes pages from a process, from this one on.
    Unmap,
    /// Puts a process to sleep.
    Sleep,
    /// Wakes a process.
    Wake,
    /// Ends a process.
    Kill,
    /// Puts a process on this CPU.
    Switch,
    /// Runs this CPU's portion of a workload.
    Run,
    /// Waits until the daemons rest.
    Settle,
}

impl JobKind {
    /// All kinds with their names, by number, as the ops of a script name them.
    pub const ALL: [(Self, &'static str); 13] = [
        (Self::Spawn, "spawn"),
        (Self::Fork, "fork"),
        (Self::Read, "read"),
        (Self::Write, "write"),
        (Self::Evict, "evict"),
        (Self::Map, "map"),
        (Self::Unmap, "unmap"),
        (Self::Sleep, "sleep"),
        (Self::Wake, "wake"),
        (Self::Kill, "kill"),
        (Self::Switch, "switch"),
        (Self::Run, "run"),
        (Self::Settle, "settle"),
    ];
}

/// An event: what happened, to which process and to which page, frame or slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// What happened.
    pub kind: EventKind,
    /// The process concerned, [`NO_PROCESS`] for none.
    pub process: u16,
    /// The page, frame or slot concerned.
    pub number: u32,
    /// First operand.
    pub a: u64,
    /// Second operand.
    pub b: u64,
}

/// No process.
pub const NO_PROCESS: u16 = u16::MAX;

impl Event {
    /// Returns an event that concerns no process, with operands still 0.
    pub const fn of(kind: EventKind, number: u32) -> Self {
        Self { kind, process: NO_PROCESS, number, a: 0, b: 0 }
    }

    /// Returns the event with operands.
    #[must_use]
    pub const fn with(self, a: u64, b: u64) -> Self {
        Self { a, b, ..self }
    }

    /// Returns the event, concerning a process.
    #[must_use]
    pub const fn in_process(self, process: u32) -> Self {
        Self { process: process as u16, ..self }
    }

    /// Returns the words of the event's record.
    #[inline(always)]
    pub(crate) const fn words(self) -> Words {
        let Self { kind, process, number, a, b } = self;
        Words {
            head: kind as u64 | (process as u64) << PROCESS_SHIFT | (number as u64) << NUMBER_SHIFT,
            a,
            b,
        }
    }

    /// Returns the change of a frame's entry as an event.
    pub const fn of_frame(frame: u32, old: u64, new: u64) -> Self {
        Self::of(EventKind::Pfn, frame).with(old, new)
    }
}

/// Words 1, without the CPU, to 3 of an event's record.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Words {
    pub head: u64,
    pub a: u64,
    pub b: u64,
}

/// An event as it stands in a ring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record {
    /// The position in the order of events; see the module.
    pub stamp: u64,
    /// The CPU or daemon; the script comes after the daemons.
    pub cpu: u8,
    /// What happened.
    pub event: Event,
}

/// Where a record's CPU is in its word 1.
pub(crate) const CPU_SHIFT: u32 = 8;
/// The bits of its kind there.
pub(crate) const KIND: u64 = 0xff;
/// Where its process is there.
pub(crate) const PROCESS_SHIFT: u32 = 16;
/// Where its page, frame or slot is there.
pub(crate) const NUMBER_SHIFT: u32 = 32;

/// The bit of the kind in word 1 of a record.
#[inline]
pub(super) fn kind_bit(head: u64) -> u64 {
    1 << (head & 0x3f)
}

/// Bits of a stamp below the time.
pub(crate) const TIME_SHIFT: u32 = 12;
/// The latest time a stamp can say, 26 days. Later events keep their order.
const LATEST: u64 = (1 << 51) - 1;

/// Returns the first stamp of a time.
#[inline]
pub(super) fn stamp_at(time: u64) -> u64 {
    time.min(LATEST) << TIME_SHIFT
}

impl Record {
    /// Returns the time in nanoseconds: virtual, or of the clock.
    pub fn time(&self) -> u64 {
        self.stamp >> TIME_SHIFT
    }

    /// Where the stamp, the head and the operands are among the words of a record.
    pub(crate) const WORDS: [&str; 4] = ["stamp", "head", "a", "b"];

    pub(super) fn of_words([stamp, head, a, b]: [u64; 4]) -> Self {
        let kind = EventKind::of_number((head & KIND) as u8);
        let (process, number) = ((head >> PROCESS_SHIFT) as u16, (head >> NUMBER_SHIFT) as u32);
        Self { stamp, cpu: (head >> CPU_SHIFT) as u8, event: Event { kind, process, number, a, b } }
    }
}
