//! The word of a PTE, bit by bit, and which CPU may change it; and the word of a directory's entry.
//!
//! | bits | name | zero | valid | transition | swapped |
//! |---|---|---|---|---|---|
//! | 0-1 | format | 0 | 1 | 2 | 3 |
//! | 2 | writable | - | stores need no fault | was private, will be writable | the same |
//! | 3 | accessed | - | touched since it was last cleared | - | - |
//! | 4 | dirty | - | stored to since mapped | - | - |
//! | 5 | in transit | one fault is at work; only it may change the word | | | |
//! | 6, 7 | lock, its waiters | of the region whose first PTE this is | | | |
//! | 8 | transit waiters | a task waits for bit 5 | | | |
//! | 9 | read-only | no write is ever allowed | | | |
//! | 10 | absent | the process has no page here | - | - | - |
//! | 12-43 | number | - | frame | frame | slot |
//!
//! Which CPU may change it: the holder of the region's lock; the fault that set *in transit*; for
//! *transition* alone, the holder of the frame's lock, which may make it *swapped* or *zero* (S14); and any
//! CPU may set *accessed* in a valid PTE by compare-and-swap. Lock bits are never touched by a change of the
//! rest.
//!
//! Legal transitions: zero to valid or absent; valid to valid (copy-on-write, fork's downgrade, reuse) or
//! transition; transition to valid, swapped or, from a frame that is clean without a slot, zero; swapped to
//! valid; anything to zero (kill) or absent (unmap).

use super::numbers::{Pfn, Slot};

/// An entry of a page directory: the frame of a page table from bit 12 on and bit 0, or 0 for none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DirectoryEntry(pub u64);

impl DirectoryEntry {
    /// The bit of an entry that names a page table.
    pub(crate) const PRESENT: u64 = 1;
    /// No page table.
    pub const NONE: Self = Self(0);

    /// Returns the entry that names a page table.
    pub fn of(table: Pfn) -> Self {
        Self(Self::PRESENT | u64::from(table.0) << NUMBER_SHIFT)
    }

    /// Returns the page table, if there is one.
    #[inline(always)]
    pub fn table(self) -> Option<Pfn> {
        (self.0 & Self::PRESENT != 0).then_some(Pfn((self.0 >> NUMBER_SHIFT) as u32))
    }
}

/// The lock bit of a PTE word.
pub(crate) const PTE_LOCK: u64 = 1 << 6;
/// The bit that says that a task waits for the lock of a PTE word.
pub(crate) const PTE_LOCK_WAITERS: u64 = 1 << 7;
/// The bit that says that a fault is at work on the PTE.
pub const PTE_IN_TRANSIT: u64 = 1 << 5;
/// The bit that says that a task waits for that fault.
pub const PTE_TRANSIT_WAITERS: u64 = 1 << 8;

/// The bits of the format.
pub(crate) const FORMAT: u64 = 3;
pub(crate) const WRITABLE: u64 = 1 << 2;
pub(crate) const ACCESSED: u64 = 1 << 3;
pub(crate) const DIRTY: u64 = 1 << 4;
pub(crate) const READ_ONLY: u64 = 1 << 9;
pub(crate) const ABSENT: u64 = 1 << 10;
/// Where the frame or slot is that a PTE or a directory's entry names.
pub(crate) const NUMBER_SHIFT: u32 = 12;
const PTE_LOCK_BITS: u64 = PTE_LOCK | PTE_LOCK_WAITERS;
/// The bits of a PTE word that say that a CPU is at work on it.
pub const PTE_AT_WORK: u64 = PTE_LOCK_BITS | PTE_IN_TRANSIT | PTE_TRANSIT_WAITERS;

/// The format of a PTE: where its page is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PteFormat {
    /// On the universal zero page, never written.
    Zero,
    /// Mapped to a frame.
    Valid,
    /// Not mapped, but the frame still holds it.
    Transition,
    /// On swap.
    Swapped,
}

/// The value of a PTE word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pte(pub u64);

impl Pte {
    /// A page never written.
    pub const ZERO: Self = Self(0);

    /// No page: it was unmapped.
    pub const ABSENT: Self = Self(ABSENT);
    /// A page never written that never will be.
    pub const READ_ONLY: Self = Self(READ_ONLY);

    /// Returns a PTE mapped to `frame` and just accessed.
    pub fn valid(frame: Pfn, writable: bool, dirty: bool) -> Self {
        let bits = if writable { WRITABLE } else { 0 } | if dirty { DIRTY } else { 0 };
        Self(1 | ACCESSED | bits | u64::from(frame.0) << NUMBER_SHIFT)
    }

    /// Returns its format.
    #[inline]
    pub fn format(self) -> PteFormat {
        match self.0 & FORMAT {
            0 => PteFormat::Zero,
            1 => PteFormat::Valid,
            2 => PteFormat::Transition,
            _ => PteFormat::Swapped,
        }
    }

    fn number(self) -> u32 {
        (self.0 >> NUMBER_SHIFT) as u32
    }

    /// Returns the frame, of a valid or transition PTE.
    #[inline]
    pub fn frame(self) -> Pfn {
        debug_assert!(matches!(self.format(), PteFormat::Valid | PteFormat::Transition));
        Pfn(self.number())
    }

    /// Returns the slot, of a swapped PTE.
    pub fn slot(self) -> Slot {
        debug_assert!(self.format() == PteFormat::Swapped);
        Slot(self.number())
    }

    /// Whether it refers to `frame`, valid or in transition.
    pub fn refers_to(self, frame: Pfn) -> bool {
        matches!(self.format(), PteFormat::Valid | PteFormat::Transition)
            && self.number() == frame.0
    }

    /// Whether a load needs no fault: the page is mapped and marked accessed.
    #[inline]
    pub fn allows_load(self) -> bool {
        self.0 & (3 | ACCESSED) == 1 | ACCESSED
    }

    /// Whether a store needs no fault: the page is mapped writable and marked accessed and dirty.
    #[inline]
    pub fn allows_store(self) -> bool {
        const READY: u64 = 1 | WRITABLE | ACCESSED | DIRTY;
        self.0 & (3 | WRITABLE | ACCESSED | DIRTY) == READY
    }

    /// Whether stores need no fault, or will not once it is mapped again.
    pub fn is_writable(self) -> bool {
        self.0 & WRITABLE != 0
    }

    /// Whether the page was touched since the bit was cleared.
    pub fn is_accessed(self) -> bool {
        self.0 & ACCESSED != 0
    }

    /// Whether the page was stored to since it was mapped.
    pub fn is_dirty(self) -> bool {
        self.0 & DIRTY != 0
    }

    /// Whether a fault is at work on it.
    pub fn is_in_transit(self) -> bool {
        self.0 & PTE_IN_TRANSIT != 0
    }

    /// Whether no write is ever allowed.
    pub fn is_read_only(self) -> bool {
        self.0 & READ_ONLY != 0
    }

    /// Whether the process has no page here.
    pub fn is_absent(self) -> bool {
        self.0 & ABSENT != 0
    }

    /// Returns the same PTE, under the protection of `old`.
    pub fn protected_as(self, old: Self) -> Self {
        if old.is_read_only() { Self((self.0 | READ_ONLY) & !WRITABLE) } else { self }
    }

    /// Returns the same PTE, marked accessed.
    pub fn accessed(self) -> Self {
        Self(self.0 | ACCESSED)
    }

    /// Returns the same PTE, not marked accessed.
    pub fn not_accessed(self) -> Self {
        Self(self.0 & !ACCESSED)
    }

    /// Returns the same PTE, writable, accessed and dirty.
    pub fn stored_to(self) -> Self {
        Self(self.0 | WRITABLE | ACCESSED | DIRTY)
    }

    /// Returns the same PTE, without the right to store.
    pub fn write_protected(self) -> Self {
        Self(self.0 & !WRITABLE)
    }

    /// Returns the same PTE, with a fault at work.
    pub fn in_transit(self) -> Self {
        Self(self.0 | PTE_IN_TRANSIT)
    }

    /// Returns the same PTE, with the fault at work on `old` still at work, and waited for as before.
    pub fn still_in_transit(self, old: Self) -> Self {
        Self(self.0 | PTE_IN_TRANSIT | old.0 & PTE_TRANSIT_WAITERS)
    }

    /// Returns the same PTE, with no fault at work and no task waiting for one.
    pub fn settled(self) -> Self {
        Self(self.0 & !(PTE_IN_TRANSIT | PTE_TRANSIT_WAITERS))
    }

    /// Returns a valid PTE unmapped: its frame still holds the page.
    pub fn unmapped(self) -> Self {
        Self(self.0 & !(3 | ACCESSED | DIRTY) | 2)
    }

    /// Returns a forked child's PTE: the same page, never writable, untouched so far.
    pub fn shared_with_child(self) -> Self {
        Self(self.0 & !(WRITABLE | ACCESSED | DIRTY))
    }

    /// Returns a transition PTE mapped again.
    pub fn mapped(self) -> Self {
        Self(self.0 & !3 | 1 | ACCESSED)
    }

    /// Returns a transition PTE whose frame goes away: the page is in `slot`.
    pub fn swapped_to(self, slot: Slot) -> Self {
        let keep = self.0 & (WRITABLE | READ_ONLY | PTE_IN_TRANSIT | PTE_TRANSIT_WAITERS);
        Self(keep | 3 | u64::from(slot.0) << NUMBER_SHIFT)
    }

    /// Returns a transition PTE whose frame goes away: the page was never stored to.
    pub fn zero_again(self) -> Self {
        Self(self.0 & (READ_ONLY | PTE_IN_TRANSIT | PTE_TRANSIT_WAITERS))
    }

    /// Returns the value of a word apart from its lock bits.
    #[inline]
    pub(in crate::memory) fn of_word(word: u64) -> Self {
        Self(word & !PTE_LOCK_BITS)
    }

    /// Returns the word with this value and the lock bits of `word`.
    pub(in crate::memory) fn into_word(self, word: u64) -> u64 {
        self.0 & !PTE_LOCK_BITS | word & PTE_LOCK_BITS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAME: Pfn = Pfn(0x8000_0001);
    const SLOT: Slot = Slot(0xffff_fffd);

    /// Each change of a PTE, on one that has every bit, changes what its name says and leaves the rest.
    #[test]
    fn s18_each_change_of_a_pte_changes_what_it_says_it_does() {
        let all =
            Pte(Pte::valid(FRAME, true, true).0 | READ_ONLY | PTE_IN_TRANSIT | PTE_TRANSIT_WAITERS);
        let changed = |pte: Pte| all.0 ^ pte.0;
        assert_eq!(all.0 & 3, 1);
        assert_eq!(changed(all.not_accessed()), ACCESSED);
        assert_eq!(changed(all.write_protected()), WRITABLE);
        assert_eq!(changed(all.settled()), PTE_IN_TRANSIT | PTE_TRANSIT_WAITERS);
        assert_eq!(changed(all.unmapped()), 3 | ACCESSED | DIRTY);
        assert_eq!(changed(all.shared_with_child()), WRITABLE | ACCESSED | DIRTY);
        assert_eq!(changed(all.protected_as(Pte::READ_ONLY)), WRITABLE);
        assert_eq!(all.protected_as(Pte::ZERO), all);
        let bare = Pte::valid(FRAME, false, false);
        assert_eq!(bare.0 ^ bare.stored_to().0, WRITABLE | DIRTY);
        assert_eq!(bare.not_accessed().stored_to(), bare.stored_to());
        assert_eq!(bare.not_accessed().accessed(), bare);
        assert_eq!(bare.0 ^ bare.in_transit().0, PTE_IN_TRANSIT);
        assert_eq!(bare.still_in_transit(bare), bare.in_transit());
        let waited_for = Pte(PTE_IN_TRANSIT | PTE_TRANSIT_WAITERS);
        assert_eq!(bare.still_in_transit(all), Pte(bare.0 | waited_for.0));
        assert_eq!(Pte::ZERO.still_in_transit(waited_for), waited_for);
        assert_eq!(bare.0 ^ bare.protected_as(Pte::READ_ONLY).0, READ_ONLY);
        assert_eq!(bare.unmapped().mapped(), bare);
        let swapped = all.unmapped().swapped_to(SLOT);
        assert_eq!((swapped.format(), swapped.slot()), (PteFormat::Swapped, SLOT));
        let kept = WRITABLE | READ_ONLY | PTE_IN_TRANSIT | PTE_TRANSIT_WAITERS;
        assert_eq!(swapped.0 & ((1 << NUMBER_SHIFT) - 1), 3 | kept);
    }

    /// Whatever becomes of a page that may never be written, its PTE keeps that protection.
    #[test]
    fn p9_no_change_of_a_pte_makes_a_read_only_page_writable() {
        let page = Pte::valid(FRAME, false, true).protected_as(Pte::READ_ONLY);
        let read_in = |old: Pte| Pte::valid(FRAME, true, false).protected_as(old);
        let ways: [fn(Pte) -> Pte; 8] = [
            Pte::unmapped,
            |pte| pte.unmapped().mapped(),
            |pte| pte.unmapped().swapped_to(SLOT),
            Pte::shared_with_child,
            Pte::in_transit,
            Pte::settled,
            Pte::accessed,
            Pte::write_protected,
        ];
        for way in ways {
            let pte = way(page);
            assert!(pte.is_read_only() && !pte.is_writable(), "{pte:?}");
            assert!(read_in(pte).is_read_only() && !read_in(pte).is_writable(), "{pte:?}");
            assert!(!pte.allows_store());
        }
    }

    #[test]
    fn p9_an_access_needs_no_help_only_where_all_is_set() {
        let ready = Pte::valid(FRAME, true, true);
        assert!(ready.allows_store() && ready.allows_load());
        for missing in
            [ready.not_accessed(), ready.write_protected(), Pte::valid(FRAME, true, false)]
        {
            assert!(!missing.allows_store(), "{missing:?}");
        }
        assert!(!ready.not_accessed().allows_load() && ready.write_protected().allows_load());
        for format in [0, 2, 3] {
            let pte = Pte(ready.0 & !3 | format);
            assert!(!pte.allows_load() && !pte.allows_store(), "{pte:?}");
        }
        assert!(ready.refers_to(FRAME) && ready.unmapped().refers_to(FRAME));
        assert!(!ready.refers_to(Pfn(1)) && !Pte(ready.0 | 2).refers_to(FRAME));
    }
}
