//! The word of a frame's entry in the PFN database, bit by bit.
//!
//! | bits | name | meaning |
//! |---|---|---|
//! | 0-2 | state | see [`FrameState`] |
//! | 3, 4 | lock, its waiters | guards this entry |
//! | 5 | dirty | the bytes are nowhere else; clean, they are in the slot or, without one, all zero |
//! | 6 | in flight | being trimmed, written or read by one CPU, off every list |
//! | 7 | rescued | mapped again while in flight |
//! | 8 | flight waiters | a task waits for bit 6 |
//! | 9 | written | on swap by a write since it was last mapped |
//! | 10-15 | left | 0, or 1 and the remainder by 63 of the epoch in which a copy took a PTE from it without a shootdown |
//! | 16-30 | share | PTEs that refer to it, valid or in transition |
//! | 31 | ahead | read from swap before any fault needed it, and found by none yet |
//! | 32-63 | slot | the slot that holds a copy, 0 for none |

use std::fmt;

use super::numbers::Slot;

/// Makes the states of frames from their table: each with its name, in the order of their numbers.
macro_rules! frame_states {
    ($($(#[$doc:meta])* $state:ident $name:literal,)*) => {
        /// A frame's state; each but the last three has a list (G1).
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum FrameState {
            $($(#[$doc])* $state,)*
        }

        impl FrameState {
            /// All states in order, with their names.
            pub const ALL: [(Self, &'static str); PFN_STATE as usize + 1] = [$((Self::$state, $name)),*];
        }
    };
}

frame_states! {
    /// On a zeroed list: used by no page, all zero.
    Zeroed "zeroed",
    /// On a free list: used by no page, with old bytes.
    Free "free",
    /// Mapped by at least one PTE.
    Active "active",
    /// Unmapped; its bytes are not on swap yet.
    Modified "modified",
    /// Being written to swap.
    Writing "writing",
    /// Unmapped; its bytes are on swap too, or all zero, so it can be taken at any time.
    Standby "standby",
    /// Being read from swap.
    Reading "reading",
    /// Zero page, page directory or page table: never evicted.
    Protected "protected",
}

impl FrameState {
    /// The name.
    pub fn name(self) -> &'static str {
        Self::ALL[self as usize].1
    }
}

/// The lock bit of a frame's entry.
pub(crate) const PFN_LOCK: u64 = 1 << 3;
/// The bit that says that a task waits for the lock of a frame's entry.
pub(crate) const PFN_LOCK_WAITERS: u64 = 1 << 4;
/// The bit that says that a trim, a write or a read under way owns the frame.
pub(crate) const PFN_IN_FLIGHT: u64 = 1 << 6;
/// The bit that says that a task waits until the frame is no longer in flight.
pub(crate) const PFN_FLIGHT_WAITERS: u64 = 1 << 8;

/// The bits of the state.
pub(crate) const PFN_STATE: u64 = 7;
pub(crate) const PFN_DIRTY: u64 = 1 << 5;
pub(crate) const PFN_RESCUED: u64 = 1 << 7;
const PFN_WRITTEN: u64 = 1 << 9;
const LEFT_SHIFT: u32 = 10;
const LEFT_MASK: u64 = 0x3f << LEFT_SHIFT;
/// As many epochs are told apart by the mark of a frame that was left.
const LEFT_EPOCHS: u64 = 63;
pub(crate) const SHARE_SHIFT: u32 = 16;
/// The bits of the share, from [`SHARE_SHIFT`] on.
pub(crate) const SHARE: u64 = 0x7fff;
const SHARE_MASK: u64 = SHARE << SHARE_SHIFT;
pub(crate) const PFN_AHEAD: u64 = 1 << 31;
pub(crate) const SLOT_SHIFT: u32 = 32;

/// The value of a frame's entry.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Entry(pub u64);

impl fmt::Debug for Entry {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:?}, share {}, slot {:?}", self.state(), self.share(), self.slot())?;
        let flags = [
            (self.is_dirty(), ", dirty"),
            (self.is_in_flight(), ", in flight"),
            (self.is_rescued(), ", rescued"),
            (self.is_written(), ", written"),
            (self.was_left(), ", left"),
            (self.is_ahead(), ", read ahead"),
        ];
        flags.iter().filter(|(set, _)| *set).try_for_each(|(_, name)| out.write_str(name))
    }
}

impl Entry {
    /// Returns the state.
    pub fn state(self) -> FrameState {
        FrameState::ALL[(self.0 & PFN_STATE) as usize].0
    }

    /// Sets the state.
    pub fn set_state(&mut self, state: FrameState) {
        self.0 = self.0 & !PFN_STATE | state as u64;
    }

    /// Returns how many PTEs refer to the frame.
    pub fn share(self) -> u32 {
        ((self.0 & SHARE_MASK) >> SHARE_SHIFT) as u32
    }

    /// Sets how many PTEs refer to the frame.
    pub fn set_share(&mut self, share: u32) {
        debug_assert!(u64::from(share) <= SHARE);
        self.0 = self.0 & !SHARE_MASK | u64::from(share) << SHARE_SHIFT;
    }

    /// Returns the entry of an active frame that a CPU takes into flight: mapped until it is unmapped, so that it lands on
    /// the active list again if that fails.
    #[must_use]
    pub fn taken_into_flight(mut self) -> Self {
        self.set_in_flight(true);
        self.set_rescued(true);
        self
    }

    /// Returns the entry of a modified frame that a CPU takes into flight to write it.
    #[must_use]
    pub fn taken_to_be_written(mut self) -> Self {
        self.set_state(FrameState::Writing);
        self.set_in_flight(true);
        self.set_rescued(false);
        self
    }

    /// Returns the slot with a copy of the bytes.
    pub fn slot(self) -> Option<Slot> {
        let slot = (self.0 >> SLOT_SHIFT) as u32;
        (slot != 0).then_some(Slot(slot))
    }

    /// Sets the slot.
    pub fn set_slot(&mut self, slot: Option<Slot>) {
        let number = slot.map_or(0, |slot| slot.0);
        self.0 = self.0 & 0xffff_ffff | u64::from(number) << SLOT_SHIFT;
    }

    /// Whether a copy has taken a PTE from it, and a CPU may read it through that PTE still.
    pub fn was_left(self) -> bool {
        self.0 & LEFT_MASK != 0
    }

    /// Returns the epoch in which a copy has last taken a PTE from it, or a later one, but not after `now`.
    pub fn left_in(self, now: u64) -> Option<u64> {
        let remainder = ((self.0 & LEFT_MASK) >> LEFT_SHIFT).checked_sub(1)?;
        Some(now.saturating_sub((now + LEFT_EPOCHS - remainder) % LEFT_EPOCHS))
    }

    /// Sets the epoch in which a copy has taken a PTE from it; none when no CPU reads it through that any more.
    pub fn set_left(&mut self, epoch: Option<u64>) {
        let mark = epoch.map_or(0, |epoch| 1 + epoch % LEFT_EPOCHS);
        self.0 = self.0 & !LEFT_MASK | mark << LEFT_SHIFT;
    }

    /// Whether the bytes are nowhere else.
    pub fn is_dirty(self) -> bool {
        self.0 & PFN_DIRTY != 0
    }

    /// Whether a trim, a write or a read owns the frame.
    pub fn is_in_flight(self) -> bool {
        self.0 & PFN_IN_FLIGHT != 0
    }

    /// Whether it was mapped again while in flight.
    pub fn is_rescued(self) -> bool {
        self.0 & PFN_RESCUED != 0
    }

    /// Whether a write put it on swap since it was last mapped.
    pub fn is_written(self) -> bool {
        self.0 & PFN_WRITTEN != 0
    }

    /// Whether it was read from swap before any fault needed it, and none has found it yet.
    pub fn is_ahead(self) -> bool {
        self.0 & PFN_AHEAD != 0
    }

    /// Sets whether the bytes are nowhere else.
    pub fn set_dirty(&mut self, on: bool) {
        self.set(PFN_DIRTY, on);
    }

    /// Sets whether the frame is in flight.
    pub fn set_in_flight(&mut self, on: bool) {
        self.set(PFN_IN_FLIGHT, on);
    }

    /// Sets whether it was mapped again while in flight.
    pub fn set_rescued(&mut self, on: bool) {
        self.set(PFN_RESCUED, on);
    }

    /// Sets whether a write put it on swap.
    pub fn set_written(&mut self, on: bool) {
        self.set(PFN_WRITTEN, on);
    }

    /// Sets whether it was read before any fault needed it.
    pub fn set_ahead(&mut self, on: bool) {
        self.set(PFN_AHEAD, on);
    }

    fn set(&mut self, bit: u64, on: bool) {
        self.0 = if on { self.0 | bit } else { self.0 & !bit };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SLOT: Slot = Slot(0xffff_fffd);

    /// Each part of a frame's entry has bits of its own.
    #[test]
    fn g4_each_part_of_an_entry_is_set_alone() {
        let mut all = Entry(0);
        all.set_state(FrameState::Protected);
        all.set_share(SHARE as u32);
        all.set_slot(Some(SLOT));
        all.set_dirty(true);
        all.set_in_flight(true);
        all.set_rescued(true);
        all.set_written(true);
        all.set_left(Some(62));
        all.set_ahead(true);
        let locks = PFN_LOCK | PFN_LOCK_WAITERS | PFN_FLIGHT_WAITERS;
        assert_eq!(all.0 & locks, 0);
        assert_eq!(
            (all.state(), all.share(), all.slot()),
            (FrameState::Protected, SHARE as u32, Some(SLOT))
        );
        type Clear = fn(&mut Entry);
        let parts: [(Clear, u64); 9] = [
            (|entry| entry.set_state(FrameState::Zeroed), 7),
            (|entry| entry.set_share(0), SHARE_MASK),
            (|entry| entry.set_slot(None), u64::from(SLOT.0) << SLOT_SHIFT),
            (|entry| entry.set_dirty(false), PFN_DIRTY),
            (|entry| entry.set_in_flight(false), PFN_IN_FLIGHT),
            (|entry| entry.set_rescued(false), PFN_RESCUED),
            (|entry| entry.set_written(false), PFN_WRITTEN),
            (|entry| entry.set_left(None), LEFT_MASK),
            (|entry| entry.set_ahead(false), PFN_AHEAD),
        ];
        let mut seen = 0;
        for (clear, bits) in parts {
            let mut entry = all;
            clear(&mut entry);
            assert_eq!(entry.0 ^ all.0, bits);
            assert_eq!(seen & bits, 0);
            seen |= bits;
        }
        assert_eq!(seen, all.0);
    }

    /// The epoch that a mark is read as is never before the one that it was made in, nor after the present.
    #[test]
    fn p5_the_mark_of_a_frame_that_was_left_names_no_epoch_before_that() {
        assert_eq!((Entry(0).left_in(7), Entry(0).was_left()), (None, false));
        for left in 1..200 {
            let mut entry = Entry(0);
            entry.set_left(Some(left));
            assert!(entry.was_left());
            for now in left..left + 200 {
                let read = entry.left_in(now).unwrap();
                assert!(left <= read && read <= now && read < left + 200, "{left} {now} {read}");
                assert!(now - left >= 63 || read == left, "{left} {now} {read}");
            }
        }
    }
}
