//! The trait of a policy that goes along the active list: what it sees of a frame, and its verdict.

use crate::sync::atomic::{AtomicU64, Ordering};

/// Rounds after which a policy has found nothing and gives up.
const MOST_ROUNDS: u32 = 10;

/// What becomes of a frame that a policy has looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Evict,
    /// Stays where it is.
    Keep,
    /// Goes to the end of the list, as if it had just come.
    GoRound,
}

/// What a policy does with a frame's accessed bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Accessed {
    /// Does not read them.
    Ignored,
    /// Reads them.
    Read,
    /// Reads them and clears them.
    Cleared,
}

/// What a policy sees of a frame.
#[derive(Debug)]
pub(super) struct Look<'a> {
    /// Whether a mapping was accessed since the bit was last cleared; false where it is ignored.
    pub(super) accessed: bool,
    /// Whether its page would have to be written.
    pub(super) dirty: bool,
    /// Whether more than one PTE refers to it.
    pub(super) shared: bool,
    /// How many times the policy has been round the list in this search: it must grow less
    /// choosy, or it might never find a victim.
    pub(super) round: u32,
    /// A word of the policy's own for this frame, 0 when it became active.
    pub(super) note: &'a AtomicU64,
}

/// A policy that goes along the active list.
pub(super) trait Replacement {
    /// What it does with accessed bits in this round.
    fn accessed(&self, _round: u32) -> Accessed {
        Accessed::Cleared
    }

    /// Whether it goes on from where it last stopped, its hand, instead of from the head.
    fn has_hand(&self) -> bool {
        false
    }

    /// Rounds after which it has found nothing and gives up.
    fn rounds(&self) -> u32 {
        MOST_ROUNDS
    }

    fn judge(&self, look: &Look<'_>) -> Verdict;
}

/// Reads a note.
pub(super) fn read(note: &AtomicU64) -> u64 {
    note.load(Ordering::Relaxed)
}

/// Writes a note.
pub(super) fn write(note: &AtomicU64, value: u64) {
    note.store(value, Ordering::Relaxed);
}
