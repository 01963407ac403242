//! Takes ranked locks for a CPU and releases them; each take and release is counted, checked and recorded as
//! an event.

use std::mem::ManuallyDrop;
use std::panic::Location;

use super::cpu::{Cpu, emit};
use super::locks::{LockId, LockWord, Sample};
use crate::observe::EventKind;
use crate::sync::atomic::{AtomicU64, Ordering};

/// A lock that is held; dropping this releases it.
#[derive(Debug)]
#[must_use = "a lock is released when its guard is dropped"]
pub struct Locked<'a, C: Cpu> {
    cpu: &'a C,
    lock: LockId,
    word: LockWord<'a>,
    /// When it was taken, if its hold is in the sample.
    timed: Option<(u64, Sample)>,
}

impl<'a, C: Cpu> Locked<'a, C> {
    /// Returns the CPU that holds it, and the word that it is in.
    #[inline]
    pub fn place(&self) -> (&'a C, &'a AtomicU64) {
        (self.cpu, self.word.word)
    }

    /// Whether this is the lock in `word`.
    pub fn is_in(&self, word: &AtomicU64) -> bool {
        std::ptr::eq(self.word.word, word)
    }

    /// Releases the lock and, in the same atomic step, makes the rest of its word what `change` returns.
    /// Returns the word as it was.
    pub fn release(self, change: impl Fn(u64) -> u64) -> u64 {
        ManuallyDrop::new(self).release_in_place(change)
    }

    /// Releases the lock in the same way. The caller keeps the guard from being dropped, and calls this once.
    #[inline]
    pub(crate) fn release_in_place(&self, change: impl Fn(u64) -> u64) -> u64 {
        self.note_release();
        let LockWord { word, held, waiters } = self.word;
        let mut seen = word.load(Ordering::Relaxed);
        loop {
            let new = change(seen) & !(held | waiters);
            match word.compare_exchange_weak(seen, new, Ordering::AcqRel, Ordering::Relaxed) {
                Ok(_) => break,
                Err(now) => seen = now,
            }
        }
        if seen & waiters != 0 {
            self.cpu.hand_over(self.word);
        }
        seen
    }

    #[inline]
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
    #[inline]
    fn drop(&mut self) {
        self.note_release();
        let LockWord { word, held, waiters } = self.word;
        let old = word.fetch_and(!(held | waiters), Ordering::Release);
        if old & waiters != 0 {
            self.cpu.hand_over(self.word);
        }
    }
}

/// Takes a lock, waiting as long as it must.
#[track_caller]
pub fn lock<'a, C: Cpu>(
    cpu: &'a C,
    lock: LockId,
    word: LockWord<'a>,
) -> impl Future<Output = Locked<'a, C>> {
    let site = Location::caller();
    async move {
        if C::CHECKED {
            cpu.local().held.borrow_mut().about_to_block(lock, site);
        }
        let waited = cpu.acquire(lock, word, site).await;
        let timed = note_take(cpu, lock, waited, site);
        Locked { cpu, lock, word, timed }
    }
}

/// Records that a lock was taken after `waited` nanoseconds. Returns when, if its hold is in the sample.
#[inline(always)]
fn note_take<C: Cpu>(
    cpu: &C,
    lock: LockId,
    waited: u64,
    site: &'static Location<'static>,
) -> Option<(u64, Sample)> {
    let local = cpu.local();
    if C::CHECKED {
        local.has_taken(lock, site);
    }
    let kind = if waited == 0 { EventKind::LockTake } else { EventKind::LockWaited };
    emit(cpu, lock.event(kind, waited));
    let sample = local.profile.acquired(lock, waited, C::sampled);
    sample.map(|sample| (cpu.now(), sample))
}

/// Takes the lock if it is free; never waits, so any order is allowed.
#[inline(always)]
#[track_caller]
pub fn try_lock<'a, C: Cpu>(cpu: &'a C, lock: LockId, word: LockWord<'a>) -> Option<Locked<'a, C>> {
    let site = Location::caller();
    word.try_take().then(|| Locked { cpu, lock, word, timed: note_take(cpu, lock, 0, site) })
}
