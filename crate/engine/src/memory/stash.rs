//! A small stack of numbers that one CPU fills and any CPU may take from: what a CPU caches (keeps *at hand*)
//! is never out of the others' reach.

use crate::parts::NewLine;
use crate::sync::atomic::{AtomicU32, Ordering};
use crate::sync::find;

use super::word::NIL;

/// The numbers on the stack. Its owner pushes and pops at the top; other CPUs swap [`NIL`] into any entry, so
/// the owner steps over the holes that they leave.
///
/// Others read the places alone, so what the owner keeps beside them is on a cache line that they do not take.
#[derive(Debug)]
#[repr(C)]
pub(super) struct Stash<const SIZE: usize> {
    places: [AtomicU32; SIZE],
    owners: NewLine,
    /// The stack's height to its owner: entries below it may be holes.
    height: AtomicU32,
}

impl<const SIZE: usize> Default for Stash<SIZE> {
    fn default() -> Self {
        Self {
            places: std::array::from_fn(|_| AtomicU32::new(NIL)),
            owners: NewLine,
            height: AtomicU32::new(0),
        }
    }
}

// A reader in place looks for the numbers at its beginning.
const _: () = assert!(std::mem::offset_of!(Stash<2>, places) == 0);

impl<const SIZE: usize> Stash<SIZE> {
    /// Whether the stack is lower than `limit`. Only the owner calls this.
    pub(super) fn has_room(&self, limit: usize) -> bool {
        (self.height.load(Ordering::Relaxed) as usize) < limit.min(SIZE)
    }

    /// Whether there may be a number: others may have taken all. Only the owner calls this.
    pub(super) fn may_have(&self) -> bool {
        self.height.load(Ordering::Relaxed) > 0
    }

    /// Pushes a number; false when the stack is as high as `limit`. Only the owner calls this.
    pub(super) fn push(&self, number: u32, limit: usize) -> bool {
        let height = self.height.load(Ordering::Relaxed) as usize;
        if height >= limit.min(SIZE) {
            return false;
        }
        self.places[height].store(number, Ordering::Release);
        self.height.store(height as u32 + 1, Ordering::Relaxed);
        true
    }

    /// Pops the number last pushed. Only the owner calls this.
    #[inline(always)]
    pub(super) fn pop(&self) -> Option<u32> {
        let mut height = self.height.load(Ordering::Relaxed);
        while height > 0 {
            height -= 1;
            self.height.store(height, Ordering::Relaxed);
            let number = self.places[height as usize].swap(NIL, Ordering::AcqRel);
            if number != NIL {
                return Some(number);
            }
        }
        None
    }

    /// Takes any number, for any CPU. A CPU that finds an entry empty sees what the owner saw when it emptied
    /// the entry.
    pub(super) fn steal(&self) -> Option<u32> {
        let mut looked = 0;
        let is_number = |found| found != NIL;
        while let Some((index, number)) =
            find(&self.places[looked..], |place| place, Ordering::Acquire, is_number)
        {
            let place = &self.places[looked + index];
            looked += index + 1;
            // A CPU that steals writes only where it takes.
            if place.compare_exchange(number, NIL, Ordering::AcqRel, Ordering::Acquire).is_ok() {
                return Some(number);
            }
        }
        None
    }

    /// Returns the numbers on the stack now.
    pub(super) fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        let numbers = self.places.iter().map(|place| place.load(Ordering::Acquire));
        numbers.filter(|number| *number != NIL)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s10_what_was_put_at_hand_last_is_had_first_and_no_more_than_the_limit_is_put() {
        let stash = Stash::<4>::default();
        assert_eq!((stash.pop(), stash.steal()), (None, None));
        for number in [7, 0, 9] {
            assert!(stash.has_room(3) && stash.push(number, 3));
        }
        assert!(!stash.has_room(3) && !stash.push(5, 3));
        assert!(stash.has_room(4) && stash.push(5, 9));
        assert!(!stash.has_room(9) && !stash.push(6, 9), "no higher than its size");
        assert_eq!(stash.iter().collect::<Vec<_>>(), [7, 0, 9, 5]);
        assert_eq!([stash.pop(), stash.pop()], [Some(5), Some(9)]);
        assert!(!stash.has_room(2) && stash.has_room(3));
        assert_eq!([stash.pop(), stash.pop(), stash.pop()], [Some(0), Some(7), None]);
        assert!(!stash.has_room(0) && stash.has_room(1));
    }

    /// A CPU that steals begins at the bottom; the owner steps over what is not there any more.
    #[test]
    fn s10_what_was_stolen_is_had_by_nobody_else() {
        let stash = Stash::<4>::default();
        for number in 1..=4 {
            stash.push(number, 4);
        }
        assert_eq!([stash.steal(), stash.steal()], [Some(1), Some(2)]);
        assert_eq!(stash.iter().collect::<Vec<_>>(), [3, 4]);
        assert!(!stash.has_room(4), "its owner does not know");
        assert_eq!([stash.pop(), stash.pop(), stash.pop()], [Some(4), Some(3), None]);
        assert!(stash.push(8, 1));
        assert_eq!([stash.steal(), stash.steal(), stash.pop()], [Some(8), None, None]);
    }
}
