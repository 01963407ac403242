//! A lock is two bits of a word that already exists: here are the attempt at it and the announcement of a
//! waiter.
//!
//! | held | waiters | meaning |
//! |---|---|---|
//! | 0 | 0 | free |
//! | 1 | 0 | held, no task waits |
//! | 1 | 1 | held, a task sleeps or is about to; the release must wake |
//! | 0 | 1 | never |

use crate::sync::atomic::{AtomicU64, Ordering};

/// A lock: a word, and which of its bits say that it is held and that a task waits for it.
#[derive(Clone, Copy, Debug)]
pub struct LockWord<'a> {
    /// The word.
    pub word: &'a AtomicU64,
    /// The bit that says that the lock is held.
    pub held: u64,
    /// The bit that says that a task waits for it.
    pub waiters: u64,
}

impl<'a> LockWord<'a> {
    /// The bit that says that a lock which is a word of its own is held.
    pub(crate) const HELD: u64 = 1;

    /// Returns a lock in two bits of a word that has other fields too.
    #[inline]
    pub const fn within(word: &'a AtomicU64, held: u64, waiters: u64) -> Self {
        Self { word, held, waiters }
    }

    /// Returns a lock in a word that is a lock and nothing else.
    #[inline]
    pub const fn alone(word: &'a AtomicU64) -> Self {
        Self::within(word, Self::HELD, 2)
    }

    /// Tries once to take the lock.
    #[inline]
    pub(in crate::runtime) fn try_take(self) -> bool {
        let Self { word, held, .. } = self;
        let mut seen = word.load(Ordering::Relaxed);
        while seen & held == 0 {
            let (new, failed) = (seen | held, Ordering::Relaxed);
            match word.compare_exchange_weak(seen, new, Ordering::Acquire, failed) {
                Ok(_) => return true,
                Err(now) => seen = now,
            }
        }
        false
    }

    /// Announces a waiter while the lock is held; false as soon as it is not held.
    #[inline]
    pub(in crate::runtime) fn announce_waiter(self) -> bool {
        announce_waiter(self.word, self.held, self.held, self.waiters)
    }

    /// Whether the lock is held and a task waits for it.
    pub(in crate::runtime) fn is_awaited(self) -> bool {
        let both = self.held | self.waiters;
        self.word.load(Ordering::Acquire) & both == both
    }
}

/// Sets `waiters` in `word` while its bits of `mask` are `busy`; false as soon as they are not.
#[inline]
pub(in crate::runtime) fn announce_waiter(
    word: &AtomicU64,
    mask: u64,
    busy: u64,
    waiters: u64,
) -> bool {
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
