//! The swap area: which slots are in use and by how many, which frame keeps a copy, and the device.
//!
//! A slot's count is the number of swapped PTEs that name it, plus one if a frame keeps its copy there (G2).
//! A CPU that holds a reference may add another; the CPU that drops the last one frees the slot. The *keeper*
//! is the frame that holds the slot's bytes too, and changes under that frame's lock alone; a reader relies
//! on it only after locking the frame and looking again.
//!
//! | slot | count | keeper | where |
//! |---|---|---|---|
//! | free | 0 | `FREE` | in the bitmap, in one CPU's cache (`memory/swap/slots.rs`) or in its row (`rows.rs`) |
//! | in use | 1 or more | a frame, or `NIL` | nowhere else |

use super::device::Device;
use super::moves::Move;
use super::slots::FreeSlots;
use super::swap_device::DeviceFailed;
use crate::memory::frames::Pages;
use crate::memory::pfn::Key;
use crate::memory::word::{NIL, PAGE_WORDS, Pfn, Slot, Vpn};
use crate::options::SlotFinder;
use crate::parts::MemoryPart;
use crate::sync::atomic::{AtomicU32, AtomicU64, Ordering, fence};
use crate::sync::unheard;

/// The keeper of a free slot: no frame has this number.
const FREE: u32 = NIL - 1;

/// The swap area.
#[derive(Debug)]
pub struct Swap {
    /// The lock word of the bitmap, or of which cluster is for which CPU (D).
    pub lock_word: AtomicU64,
    device: Device,
    slots: u32,
    free: FreeSlots,
    counts: Box<[AtomicU32]>,
    keepers: Box<[AtomicU32]>,
    /// How often each slot was taken: a CPU that reads a slot without a reference looks here again.
    takings: Box<[AtomicU32]>,
    /// The page that was last given each slot: 0, or its number and, from bit 32 on, its family and 1. Empty unless
    /// somebody asks.
    pages: Box<[AtomicU64]>,
}

impl Swap {
    /// Returns an empty swap area of slots 1 to `slots` on a device with room for them, for this many CPUs,
    /// daemons included. `drain_hands` is the option of that name.
    pub fn new(
        device: Device,
        slots: u32,
        finder: SlotFinder,
        cpus: usize,
        drain_hands: bool,
    ) -> Self {
        let all = |value| (0..=slots).map(|_| AtomicU32::new(value)).collect();
        let swap = Self {
            lock_word: AtomicU64::new(0),
            device,
            slots,
            free: FreeSlots::new(slots, finder, cpus, drain_hands),
            counts: all(0),
            keepers: all(FREE),
            takings: all(0),
            pages: Box::default(),
        };
        // Slot 0 is never issued, so it is not free either.
        swap.keepers[0].store(NIL, Ordering::Relaxed);
        swap
    }

    /// Returns the same area, which knows the page of each slot.
    #[must_use]
    pub fn knowing_pages(self) -> Self {
        let pages = (0..=self.slots).map(|_| AtomicU64::new(0)).collect();
        Self { pages, ..self }
    }

    /// Notes the page whose PTEs are about to name a slot, if somebody asks for it.
    pub fn note_page(&self, slot: Slot, page: Key) {
        if let Some(word) = self.pages.get(slot.0 as usize) {
            let family = u64::from(page.family) + 1;
            word.store(family << 32 | u64::from(page.vpn.0), Ordering::Relaxed);
        }
    }

    /// Returns the page that has last had a slot; only a hint.
    pub fn page_of(&self, slot: Slot) -> Option<Key> {
        let word = self.pages.get(slot.0 as usize)?.load(Ordering::Relaxed);
        let family = ((word >> 32) as u32).checked_sub(1)?;
        Some(Key { family, vpn: Vpn(word as u32) })
    }

    /// Returns how many slots there are, slot 0 not counted.
    pub fn slots(&self) -> u32 {
        self.slots
    }

    /// Returns how many slots are free; a hint without the lock.
    pub fn free(&self) -> u32 {
        self.free.count()
    }

    /// Whether at least half of the slots are free, those at hand not counted; a hint.
    pub fn is_half_free(&self) -> bool {
        self.free.count_unheld() >= self.slots / 2
    }

    /// Returns the counts of the slots, slot 0 first, as a part of memory.
    pub fn counts_part(&self) -> MemoryPart {
        MemoryPart::of(&self.counts)
    }

    /// Returns the other parts of the area, each with its name, without its device.
    pub(crate) fn inner_parts(&self) -> Vec<(&'static str, MemoryPart)> {
        let mut parts = self.free.parts();
        let rest = [("keepers", &self.keepers), ("takings", &self.takings)];
        parts.extend(rest.map(|(name, words)| (name, MemoryPart::of(words))));
        if !self.pages.is_empty() {
            parts.push(("slot_pages", MemoryPart::of(&self.pages)));
        }
        parts
    }

    /// Returns the parts of its device.
    pub(crate) fn device_parts(&self) -> Vec<MemoryPart> {
        self.device.parts()
    }

    // Slots on the move.

    /// Begins a move of slots by the CPU, which ends when the guard is dropped. Only the CPU itself calls this.
    pub fn begin_move(&self, cpu: usize) -> Move<'_> {
        self.free.begin_move(cpu)
    }

    /// Returns how many moves of slots there have been but the CPU's own; none while one is under way. The CPU that
    /// found no slot between two calls that returned the same knows that none was free.
    pub fn moves_of_others(&self, cpu: usize) -> Option<u64> {
        self.free.moves_of_others(cpu)
    }

    // Taking and freeing slots.

    /// Whether the CPU may have slots at hand. Only the CPU itself calls this.
    pub fn has_at_hand(&self, cpu: usize) -> bool {
        self.free.has_at_hand(cpu)
    }

    /// Takes up to `want` slots that the CPU has at hand, each with one reference, its frame's. Only the CPU
    /// itself calls this.
    pub fn take_at_hand(&self, cpu: usize, want: usize, taken: &mut Vec<Slot>) {
        self.taking(taken, |taken| self.free.take_at_hand(cpu, want, taken));
    }

    /// Takes slots, each with one reference, until there are `want`; no slot at all is free when none comes.
    /// The CPU calls this for itself, and holds the slot lock. Returns how many slots, words of the bitmap or
    /// entries of caches it looked at (S7).
    pub fn take(&self, cpu: usize, want: usize, taken: &mut Vec<Slot>) -> u32 {
        self.taking(taken, |taken| self.free.take(cpu, want, taken))
    }

    // Slots in rows, which the slot lock does not guard.

    /// Draws on the free slots in rows: so many of them, `want` at most, are certain to be found. None is free when
    /// none comes.
    pub fn draw(&self, want: u32) -> u32 {
        self.free.rows().draw(want)
    }

    /// Whether there is no slot in rows to draw on.
    pub fn has_none_in_rows(&self) -> bool {
        self.free.rows().is_empty()
    }

    /// Gives up so many of the slots that were drawn.
    pub fn give_up(&self, drawn: u32) {
        self.free.rows().give_up(drawn);
    }

    /// Takes so many slots, which were drawn, each with one reference, beginning at a row of the CPU's. Returns how
    /// many words it looked at.
    pub fn take_drawn(&self, cpu: usize, drawn: u32, taken: &mut Vec<Slot>) -> u32 {
        self.taking(taken, |taken| self.free.rows().find(cpu, drawn, taken))
    }

    /// Takes one slot, which was drawn, with one reference: the `home`th, counted from 0 and round again, or the
    /// next that is free. Returns how many words it looked at.
    pub fn take_near(&self, home: u64, taken: &mut Vec<Slot>) -> u32 {
        let home = Slot(1 + (home % u64::from(self.slots)) as u32);
        self.taking(taken, |taken| self.free.rows().find_near(home, taken))
    }

    /// Frees a slot whose last reference is gone into its row.
    pub fn free_into_row(&self, slot: Slot) {
        self.show_in_row(slot);
        self.credit(slot);
    }

    /// Does the first part of that: puts the slot into its row.
    pub fn show_in_row(&self, slot: Slot) {
        self.mark_free(slot);
        self.free.rows().show(slot);
    }

    /// Does the second part: counts the slot.
    pub fn credit(&self, slot: Slot) {
        self.free.rows().credit(slot);
    }

    /// Returns the lock word of the cluster that a CPU takes from, and its number.
    pub fn cluster_for(&self, cpu: usize) -> (usize, &AtomicU64) {
        self.free.rows().cluster_for(cpu)
    }

    /// Returns the lock word of the cluster that a slot is in, and its number.
    pub fn cluster_of(&self, slot: Slot) -> (usize, &AtomicU64) {
        self.free.rows().cluster_of(slot)
    }

    /// Returns the number of the cluster whose lock is at an address.
    pub(crate) fn cluster_at(&self, address: usize) -> Option<usize> {
        self.free.rows().cluster_at(address)
    }

    /// Takes up to so many slots, which were drawn, each with one reference, from a cluster whose lock the caller
    /// holds. Returns how many.
    pub fn take_from_cluster(&self, cluster: usize, drawn: u32, taken: &mut Vec<Slot>) -> u32 {
        self.taking(taken, |taken| self.free.rows().find_in_cluster(cluster, drawn, taken))
    }

    /// Gives the CPU another cluster to take from; the caller holds the slot lock. Returns how many clusters it
    /// looked at.
    pub fn next_cluster(&self, cpu: usize) -> u32 {
        self.free.rows().next_cluster(cpu)
    }

    fn taking<R>(&self, taken: &mut Vec<Slot>, take: impl FnOnce(&mut Vec<Slot>) -> R) -> R {
        let before = taken.len();
        let looks = take(taken);
        for slot in &taken[before..] {
            let index = slot.0 as usize;
            let keeper = self.keepers[index].swap(NIL, Ordering::AcqRel);
            assert!(keeper == FREE, "slot {} was issued twice", slot.0);
            self.counts[index].store(1, Ordering::Relaxed);
            // Released: a glance that sees it sees that the slot had lost its page.
            self.takings[index].fetch_add(1, Ordering::Release);
        }
        // A CPU that sees the bytes that are written next sees that the slot was taken.
        fence(Ordering::Release);
        looks
    }

    /// Makes a slot to which the caller holds the one reference another page's, as if it had been freed and
    /// taken: a CPU that still reads it without a reference finds that out.
    pub fn take_over(&self, slot: Slot) {
        debug_assert!(unheard(|| self.count(slot) == 1 && self.cached(slot).is_none()));
        self.takings[slot.0 as usize].fetch_add(1, Ordering::Release);
        fence(Ordering::Release);
    }

    /// Frees a slot whose last reference is gone into the CPU's cache; false when the cache is full. Only the
    /// CPU itself calls this.
    #[must_use]
    pub fn free_at_hand(&self, cpu: usize, slot: Slot) -> bool {
        let has_room = self.free.has_room(cpu);
        if has_room {
            self.mark_free(slot);
            self.free.put_at_hand(cpu, slot);
        }
        has_room
    }

    /// Frees a slot whose last reference is gone into the bitmap. The CPU calls this for itself, and
    /// holds the slot lock.
    pub fn free_into_bitmap(&self, cpu: usize, slot: Slot) {
        self.mark_free(slot);
        self.free.put_back(cpu, slot);
    }

    fn mark_free(&self, slot: Slot) {
        let keeper = self.keepers[slot.0 as usize].swap(FREE, Ordering::AcqRel);
        assert!(slot.0 != 0 && keeper != FREE, "slot {} freed twice", slot.0);
        assert!(self.count(slot) == 0 && keeper == NIL, "slot {} freed while in use", slot.0);
    }

    /// Whether a slot is free, in the bitmap or in a cache.
    pub fn is_free(&self, slot: Slot) -> bool {
        self.keepers[slot.0 as usize].load(Ordering::Acquire) == FREE
    }

    // References.

    /// Returns how many references to a slot there are.
    pub fn count(&self, slot: Slot) -> u32 {
        self.counts[slot.0 as usize].load(Ordering::Acquire)
    }

    /// Whether a page that names a slot is the only one to have it, on swap or in memory.
    #[inline(always)]
    pub fn is_of_one_page(&self, slot: Slot) -> bool {
        self.count(slot) == 1 && self.cached(slot).is_none()
    }

    /// Adds references; the caller holds one.
    pub fn add_references(&self, slot: Slot, references: u32) {
        if references == 0 {
            return;
        }
        let old = self.counts[slot.0 as usize].fetch_add(references, Ordering::Relaxed);
        assert!(old > 0, "slot {} has no owner to share it", slot.0);
    }

    /// Drops a reference; true when it was the last, and the caller has to free the slot.
    #[must_use]
    pub fn drop_reference(&self, slot: Slot) -> bool {
        let old = self.counts[slot.0 as usize].fetch_sub(1, Ordering::AcqRel);
        assert!(old > 0, "slot {} freed twice", slot.0);
        old == 1
    }

    // The frame with a copy.

    /// Returns the frame that keeps a copy of a slot, to be relied on only under that frame's lock. A reader
    /// that finds it sees what was done to the frame before it was named.
    pub fn cached(&self, slot: Slot) -> Option<Pfn> {
        let keeper = self.keepers[slot.0 as usize].load(Ordering::Acquire);
        (keeper != NIL && keeper != FREE).then_some(Pfn(keeper))
    }

    /// Names the frame that keeps a copy of a slot; the caller holds that frame's lock.
    pub fn set_cached(&self, slot: Slot, frame: Option<Pfn>) {
        self.keepers[slot.0 as usize].store(frame.map_or(NIL, |frame| frame.0), Ordering::Release);
    }

    /// Names `frame` as the keeper that is about to hold a slot's copy, unless there is a keeper already.
    pub fn claim_cached(&self, slot: Slot, frame: Pfn) -> bool {
        self.keepers[slot.0 as usize]
            .compare_exchange(NIL, frame.0, Ordering::AcqRel, Ordering::Relaxed)
            .is_ok()
    }

    // The device.

    /// Reads a slot, to which the caller holds a reference, into a frame that the caller owns.
    ///
    /// # Errors
    /// [`DeviceFailed`]; the frame holds nothing then.
    pub fn read(&self, slot: Slot, frames: &Pages, frame: Pfn) -> Result<(), DeviceFailed> {
        self.device.read(slot, frames, frame)
    }

    /// Writes a frame, to which a program may be storing, to a slot that the caller has just taken.
    ///
    /// # Errors
    /// [`DeviceFailed`]; the slot holds nothing then.
    pub fn write(&self, slot: Slot, frames: &Pages, frame: Pfn) -> Result<(), DeviceFailed> {
        self.device.write(slot, frames, frame)
    }

    /// Reads a slot in which something was written, at a quiescent point.
    ///
    /// # Errors
    /// [`DeviceFailed`].
    pub fn page(&self, slot: Slot) -> Result<[u64; PAGE_WORDS], DeviceFailed> {
        self.device.page(slot)
    }

    /// Begins a glance at a slot that the caller has found in a PTE, and finds there again once it has begun: it holds no
    /// reference while it reads, so [`Glance::word`] reports whether the slot was still the same page's.
    pub fn glance(&self, slot: Slot) -> Glance<'_> {
        let taking = self.takings[slot.0 as usize].load(Ordering::Acquire);
        Glance { swap: self, slot, taking }
    }

    /// Whether a transfer can take long.
    pub fn takes_time(&self) -> bool {
        self.device.takes_time()
    }

    /// Returns what the device said when it last failed.
    pub fn trouble(&self) -> String {
        self.device.trouble()
    }

    /// Returns how many writes have failed since one last succeeded.
    pub fn failures_in_a_row(&self) -> u64 {
        self.device.failures_in_a_row()
    }

    // For the audit and readers in place.

    /// Returns every entry that names a free slot: in the bitmap or the rows, and in the caches of CPUs and daemons.
    pub fn free_places(&self) -> impl Iterator<Item = Slot> + '_ {
        let in_bitmap = (1..=self.slots).filter(|slot| self.free.contains(Slot(*slot)));
        in_bitmap.map(Slot).chain(self.free.at_hand())
    }

    /// Whether the levels of the bitmap agree.
    pub fn bitmap_is_sound(&self) -> bool {
        self.free.is_sound()
    }

    /// Makes the levels of the bitmap disagree, so that a test can see the audit find it.
    #[doc(hidden)]
    pub fn corrupt_bitmap(&self) {
        self.free.corrupt();
    }

    /// Puts a slot into a CPU's cache, whatever it is, so that a test can see the audit find it.
    #[doc(hidden)]
    pub fn put_at_hand(&self, cpu: usize, slot: Slot) {
        self.free.put_at_hand(cpu, slot);
    }
}

/// A read of a slot without a reference to it: see [`Swap::glance`].
#[derive(Debug)]
pub struct Glance<'a> {
    swap: &'a Swap,
    slot: Slot,
    taking: u32,
}

impl Glance<'_> {
    /// Returns one word of the slot as it was when the glance began; none when it is another page's by now.
    pub fn word(&self, index: usize) -> Option<Result<u64, DeviceFailed>> {
        self.unless_retaken(|| self.swap.device.word(self.slot, index))
    }

    /// Returns what `look` sees of the slot's bytes; none when they may be another page's.
    pub fn unless_retaken<T>(&self, look: impl FnOnce() -> T) -> Option<T> {
        let seen = look();
        // A CPU that sees bytes of another page sees the taking that went before them.
        fence(Ordering::Acquire);
        let taking = self.swap.takings[self.slot.0 as usize].load(Ordering::Relaxed);
        (taking == self.taking).then_some(seen)
    }
}
