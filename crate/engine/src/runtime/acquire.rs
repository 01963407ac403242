//! Ranked locks and events, each a bit or two of a word that already exists.
//!
//! # Ranks
//!
//! A CPU that holds a lock blocks only on locks of a higher rank; a try-lock may go against the
//! order, because it never waits (S13). The notes' order A to D is the middle of ours:
//!
//! | rank | class | guards |
//! |---|---|---|
//! | 0 | process | one process's life: fork, kill, sleep, wake, its size |
//! | 1 | pte (A) | the PTEs of one region (several in ascending order) |
//! | 2 | pfn (B) | one frame's entry in the PFN database |
//! | 3 | tree | parents, families, the free entries of the process table |
//! | 4 | list (C) | one list of frames |
//! | 5 | slot (D) | the slot bitmap |
//!
//! # The bits of a lock
//!
//! | held | waiters | meaning |
//! |---|---|---|
//! | 0 | 0 | free |
//! | 1 | 0 | held, nobody waits |
//! | 1 | 1 | held, somebody sleeps or is about to; the release must wake |
//! | 0 | 1 | never |

use std::panic::Location;

use super::cpu::{Cpu, emit};
use super::locks::profile::Sample;
use crate::observe::{Event as TraceEvent, EventKind};
use crate::sync::atomic::{AtomicU64, Ordering, fence};

/// A kind of lock; its rank is its order in this list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LockClass {
    /// One process's life.
    Process,
    /// A region of PTEs (A).
    Pte,
    /// A frame's entry (B).
    Pfn,
    /// The process tree.
    Tree,
    /// A list of frames (C).
    List,
    /// The slot bitmap (D).
    Slot,
}

/// How many classes there are.
pub const RANK_COUNT: usize = 6;

impl LockClass {
    /// All classes, by rank.
    pub const ALL: [Self; RANK_COUNT] =
        [Self::Process, Self::Pte, Self::Pfn, Self::Tree, Self::List, Self::Slot];

    /// The name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Process => "process",
            Self::Pte => "pte",
            Self::Pfn => "pfn",
            Self::Tree => "tree",
            Self::List => "list",
            Self::Slot => "slot",
        }
    }
}

/// Which lock: its class and, within the class, a number that orders it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LockId {
    /// The class.
    pub class: LockClass,
    /// Which one of the class.
    pub index: u64,
}

impl LockId {
    /// Lock `index` of `class`.
    pub const fn new(class: LockClass, index: u64) -> Self {
        Self { class, index }
    }

    /// The lock in one word, for a reader in place: the class and 1 from bit 56, the index below.
    pub(super) const fn word(self) -> u64 {
        (self.class as u64 + 1) << 56 | self.index
    }

    /// The lock that a word says; none of 0.
    pub(super) fn of_word(word: u64) -> Option<Self> {
        let class = *LockClass::ALL.get(usize::try_from(word >> 56).ok()?.checked_sub(1)?)?;
        Some(Self::new(class, word & ((1 << 56) - 1)))
    }

    /// What happens to it, for the trace.
    pub(crate) const fn event(self, kind: EventKind, waited: u64) -> TraceEvent {
        TraceEvent::of(kind, self.class as u32).with(self.index, waited)
    }
}

/// The locks one CPU holds, each with the place that took it.
#[derive(Debug, Default)]
pub struct HeldLocks {
    held: Vec<(LockId, &'static Location<'static>)>,
    violations: Vec<String>,
}

impl HeldLocks {
    /// Notes that the CPU is about to block on `lock`; a wrong order is kept as a violation.
    pub fn about_to_block(&mut self, lock: LockId, site: &'static Location<'static>) {
        let allowed = |held: LockId| {
            held.class < lock.class
                || held.class == LockClass::Pte
                    && lock.class == LockClass::Pte
                    && held.index < lock.index
        };
        for (held, taken_at) in &self.held {
            if !allowed(*held) {
                self.violations.push(format!(
                    "lock order: {} {} taken at {site} while holding {} {} taken at {taken_at}",
                    lock.class.name(),
                    lock.index,
                    held.class.name(),
                    held.index,
                ));
            }
        }
    }

    /// Notes that the CPU holds `lock`.
    pub fn taken(&mut self, lock: LockId, site: &'static Location<'static>) {
        self.held.push((lock, site));
    }

    /// Notes that the CPU has released `lock`; returns its place among those held, where the last of
    /// them is now.
    pub fn released(&mut self, lock: LockId) -> Option<usize> {
        let place = self.held.iter().rposition(|(held, _)| *held == lock);
        match place {
            Some(place) => {
                self.held.swap_remove(place);
            }
            None => self.violations.push(format!(
                "{} {} released by a CPU that does not hold it",
                lock.class.name(),
                lock.index
            )),
        }
        place
    }

    /// The violations since the last call.
    pub fn take_violations(&mut self) -> Vec<String> {
        std::mem::take(&mut self.violations)
    }

    /// The locks that are held, and where each was taken.
    pub fn all(&self) -> &[(LockId, &'static Location<'static>)] {
        &self.held
    }

    /// How many locks are held.
    pub fn count(&self) -> usize {
        self.held.len()
    }
}

/// A lock that is held; dropping it releases it.
#[derive(Debug)]
#[must_use = "a lock is released when its guard is dropped"]
pub struct Locked<'a, C: Cpu> {
    cpu: &'a C,
    lock: LockId,
    word: &'a AtomicU64,
    held: u64,
    waiters: u64,
    /// When it was taken, if its hold is in the sample.
    timed: Option<(u64, Sample)>,
}

impl<C: Cpu> Locked<'_, C> {
    /// Whether this is the lock in `word`.
    pub fn is_in(&self, word: &AtomicU64) -> bool {
        std::ptr::eq(self.word, word)
    }

    /// Releases the lock and, in the same atomic step, makes what `change` says of the rest of its
    /// word. Returns the word as it was.
    pub fn release(self, change: impl Fn(u64) -> u64) -> u64 {
        let guard = std::mem::ManuallyDrop::new(self);
        guard.note_release();
        let mut seen = guard.word.load(Ordering::Relaxed);
        loop {
            let new = change(seen) & !(guard.held | guard.waiters);
            match guard.word.compare_exchange_weak(seen, new, Ordering::AcqRel, Ordering::Relaxed) {
                Ok(_) => break,
                Err(now) => seen = now,
            }
        }
        if seen & guard.waiters != 0 {
            guard.cpu.hand_over(guard.word, guard.held, guard.waiters);
        }
        seen
    }

    fn note_release(&self) {
        emit(self.cpu, self.lock.event(EventKind::LockRelease, 0));
        if C::CHECKED {
            self.cpu.local().has_released(self.lock);
        }
        if let Some((taken_at, sample)) = self.timed {
            self.cpu.local().profile.released(self.lock, sample, self.cpu.now() - taken_at);
        }
    }
}

impl<C: Cpu> Drop for Locked<'_, C> {
    fn drop(&mut self) {
        self.note_release();
        let old = self.word.fetch_and(!(self.held | self.waiters), Ordering::Release);
        if old & self.waiters != 0 {
            self.cpu.hand_over(self.word, self.held, self.waiters);
        }
    }
}

/// Takes the lock bit `held` of `word`, waiting as long as it must.
#[track_caller]
pub fn lock<'a, C: Cpu>(
    cpu: &'a C,
    lock: LockId,
    word: &'a AtomicU64,
    held: u64,
    waiters: u64,
) -> impl Future<Output = Locked<'a, C>> {
    let site = Location::caller();
    async move {
        if C::CHECKED {
            cpu.local().held.borrow_mut().about_to_block(lock, site);
        }
        let waited = cpu.acquire(lock, word, held, waiters, site).await;
        taken(cpu, lock, word, held, waiters, waited, site)
    }
}

#[inline]
fn taken<'a, C: Cpu>(
    cpu: &'a C,
    lock: LockId,
    word: &'a AtomicU64,
    held: u64,
    waiters: u64,
    waited: u64,
    site: &'static Location<'static>,
) -> Locked<'a, C> {
    let local = cpu.local();
    if C::CHECKED {
        local.has_taken(lock, site);
    }
    let kind = if waited == 0 { EventKind::LockTake } else { EventKind::LockWaited };
    emit(cpu, lock.event(kind, waited));
    let sample = local.profile.acquired::<C>(lock, waited);
    let timed = sample.map(|sample| (cpu.now(), sample));
    Locked { cpu, lock, word, held, waiters, timed }
}

/// Takes the lock if it is free; never waits, so any order is allowed.
#[track_caller]
pub fn try_lock<'a, C: Cpu>(
    cpu: &'a C,
    lock: LockId,
    word: &'a AtomicU64,
    held: u64,
    waiters: u64,
) -> Option<Locked<'a, C>> {
    let site = Location::caller();
    try_take(word, held).then(|| taken(cpu, lock, word, held, waiters, 0, site))
}

/// One attempt at the lock bit `held` of `word`.
#[inline]
pub(super) fn try_take(word: &AtomicU64, held: u64) -> bool {
    let mut seen = word.load(Ordering::Relaxed);
    while seen & held == 0 {
        match word.compare_exchange_weak(seen, seen | held, Ordering::Acquire, Ordering::Relaxed) {
            Ok(_) => return true,
            Err(now) => seen = now,
        }
    }
    false
}

/// Sets `waiters` in `word` while its bits of `mask` are `busy`; false as soon as they are not.
#[inline]
pub(super) fn announce_waiter(word: &AtomicU64, mask: u64, busy: u64, waiters: u64) -> bool {
    let mut seen = word.load(Ordering::Acquire);
    while seen & mask == busy {
        if seen & waiters != 0 {
            return true;
        }
        match word.compare_exchange_weak(seen, seen | waiters, Ordering::AcqRel, Ordering::Acquire)
        {
            Ok(_) => return true,
            Err(now) => seen = now,
        }
    }
    false
}

/// Something that happens again and again and can be waited for: bit 0 says that somebody
/// listens, the others count the signals.
///
/// A listener takes a ticket, looks once more whether it needs to wait, and only then waits; a
/// signaller changes the machine first and then signals. One of the two always sees the other:
/// each fences between what it writes and what it reads.
#[derive(Debug, Default)]
pub struct Event(AtomicU64);

const LISTENER: u64 = 1;

impl Event {
    /// Announces a listener; look at the machine after this, then [`Event::wait`] or leave.
    pub fn listen(&self) -> u64 {
        let ticket = self.0.fetch_or(LISTENER, Ordering::SeqCst) | LISTENER;
        // The order of the read-modify-write alone does not bind a plain load after it.
        fence(Ordering::SeqCst);
        ticket
    }

    /// Sleeps until a signal that came after the ticket.
    pub async fn wait<C: Cpu>(&self, cpu: &C, ticket: u64) {
        cpu.wait_while(&self.0, u64::MAX, ticket, LISTENER).await;
    }

    /// Wakes all listeners. True when somebody listened.
    pub fn signal<C: Cpu>(&self, cpu: &C) -> bool {
        fence(Ordering::SeqCst);
        let mut seen = self.0.load(Ordering::Relaxed);
        loop {
            if seen & LISTENER == 0 {
                return false;
            }
            match self.0.compare_exchange_weak(
                seen,
                (seen & !LISTENER).wrapping_add(2),
                Ordering::SeqCst,
                Ordering::Relaxed,
            ) {
                Ok(_) => break,
                Err(now) => seen = now,
            }
        }
        cpu.wake(&self.0, LISTENER);
        true
    }
}
