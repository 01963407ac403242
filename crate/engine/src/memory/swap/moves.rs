//! Counts the moves of slots, so that no CPU takes swap for full while another has slots that it may give back.
//!
//! A slot is *on the move* from when it is taken until a frame that is in flight is written to it, or it is free
//! again; and from when the last page stops naming it until it is free. Meanwhile it is neither free nor any page's.
//! Each CPU and daemon has a count, which it alone writes: odd while it has slots on the move. A CPU that has found
//! no slot may say so only if the counts of all others were even when it began to look and are the same when it has
//! looked: all slots were in use at one time then.
//!
//! A count becomes odd before slots are taken, in a step that releases it and that is acquired by whoever finds them
//! gone; or while they are taken under a lock, before it is released. It becomes even after they are free, and whoever acquires that sees them. A move that moved nothing is taken
//! back, so CPUs that only look do not keep each other waiting. A CPU with slots on the move waits for locks, for
//! flights and for the device, never for a frame or a slot.

use crate::sync::atomic::{AtomicU64, Ordering};

/// The moves of one CPU or daemon: twice those that have ended, and one more while one is under way.
#[derive(Debug, Default)]
pub(super) struct Moves(AtomicU64);

/// A move of slots that is under way; it ends when this is dropped. One inside another is a part of it.
#[derive(Debug)]
#[must_use = "the move ends when the guard is dropped"]
pub struct Move<'a>(Option<&'a Moves>);

impl Moves {
    /// Begins a move. Only the owner calls this.
    pub(super) fn begin(&self) -> Move<'_> {
        let moves = self.0.load(Ordering::Relaxed);
        if moves % 2 == 1 {
            return Move(None);
        }
        self.0.store(moves + 1, Ordering::Release);
        Move(Some(self))
    }

    /// Returns twice the moves that have ended; none while one is under way.
    pub(super) fn ended(&self) -> Option<u64> {
        let moves = self.0.load(Ordering::Acquire);
        moves.is_multiple_of(2).then_some(moves)
    }

    /// Adds to the count. Only the owner calls this.
    fn change(&self, change: impl FnOnce(u64) -> u64) {
        self.0.store(change(self.0.load(Ordering::Relaxed)), Ordering::Release);
    }
}

impl Move<'_> {
    /// Takes back a move in which nothing has moved.
    pub fn take_back(mut self) {
        if let Some(moves) = self.0.take() {
            moves.change(|moves| moves - 1);
        }
    }

    /// Takes it back unless something `has_moved`.
    pub fn only_if(self, has_moved: bool) -> Option<Self> {
        if has_moved {
            return Some(self);
        }
        self.take_back();
        None
    }
}

impl Drop for Move<'_> {
    fn drop(&mut self) {
        if let Some(moves) = self.0 {
            moves.change(|moves| moves + 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s7_a_move_of_slots_is_counted_when_it_ends_and_not_when_it_is_taken_back() {
        let moves = Moves::default();
        assert_eq!(moves.ended(), Some(0));
        let whole = moves.begin();
        assert_eq!(moves.ended(), None);
        drop(moves.begin());
        moves.begin().take_back();
        assert_eq!(moves.ended(), None, "a move inside another is a part of it");
        drop(whole);
        assert_eq!(moves.ended(), Some(2));
        assert!(moves.begin().only_if(false).is_none());
        assert_eq!(moves.ended(), Some(2));
        drop(moves.begin().only_if(true));
        assert_eq!(moves.ended(), Some(4));
    }
}
