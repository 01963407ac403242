//! Swap: which slots are in use and by how many, which frame holds a copy, and the device.
//!
//! A slot's count is the number of swapped PTEs that name it, plus one if a frame keeps its copy
//! there (G2). Whoever holds a reference may add another; the last to leave frees the slot. The
//! bitmap is guarded by the slot lock (D). `cached` names the frame that keeps a slot and changes
//! under that frame's lock alone; a reader believes it only after locking the frame and looking
//! again.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use super::frames::Pages;
use super::lists::NIL;
use super::word::{Pfn, Slot};
use crate::options::SlotFinder;

/// The lock bit of the slot lock.
pub(super) const SLOT_LOCK: u64 = 1;
/// Somebody waits for it.
pub(super) const SLOT_LOCK_WAITERS: u64 = 2;

/// The swap area.
#[derive(Debug)]
pub struct Swap {
    /// The lock word of the bitmap (D).
    pub lock_word: AtomicU64,
    device: Pages,
    slots: u32,
    finder: SlotFinder,
    counts: Box<[AtomicU32]>,
    cached: Box<[AtomicU32]>,
    /// A set bit is a free slot.
    bitmap: Box<[AtomicU64]>,
    /// A set bit is a bitmap word with a free slot in it.
    summary: Box<[AtomicU64]>,
    free: AtomicU32,
}

impl Swap {
    /// An empty swap area of slots 1 to `slots`, or none when there is not that much memory.
    pub fn new(slots: u32, finder: SlotFinder) -> Option<Self> {
        let count = slots as usize + 1;
        let words = count.div_ceil(64);
        let swap = Self {
            lock_word: AtomicU64::new(0),
            device: Pages::new(count)?,
            slots,
            finder,
            counts: (0..count).map(|_| AtomicU32::new(0)).collect(),
            cached: (0..count).map(|_| AtomicU32::new(NIL)).collect(),
            bitmap: (0..words).map(|_| AtomicU64::new(0)).collect(),
            summary: (0..words.div_ceil(64)).map(|_| AtomicU64::new(0)).collect(),
            free: AtomicU32::new(0),
        };
        for slot in 1..=slots {
            swap.mark_free(Slot(slot));
        }
        Some(swap)
    }

    /// How many slots there are, slot 0 not counted.
    pub fn slots(&self) -> u32 {
        self.slots
    }

    /// How many slots are free; a hint without the lock.
    pub fn free(&self) -> u32 {
        self.free.load(Ordering::Relaxed)
    }

    /// The pages of the device.
    pub fn device(&self) -> &Pages {
        &self.device
    }

    /// Takes up to `batch` free slots, each with one reference, its frame's; the caller holds the
    /// slot lock. Returns how many slots, or words of the bitmap, it looked at (S7).
    pub fn take(&self, batch: usize, slots: &mut Vec<Slot>) -> u32 {
        match self.finder {
            SlotFinder::Bitmap => self.take_by_bitmap(batch, slots),
            SlotFinder::Scan => self.take_by_scan(batch, slots),
        }
    }

    fn take_by_bitmap(&self, batch: usize, slots: &mut Vec<Slot>) -> u32 {
        let mut looks = 0;
        for (group, summary) in self.summary.iter().enumerate() {
            while slots.len() < batch {
                looks += 1;
                let set = summary.load(Ordering::Relaxed);
                if set == 0 {
                    break;
                }
                let word = group * 64 + set.trailing_zeros() as usize;
                let bit = self.bitmap[word].load(Ordering::Relaxed).trailing_zeros();
                self.mark_used(Slot(word as u32 * 64 + bit));
                slots.push(Slot(word as u32 * 64 + bit));
            }
        }
        looks
    }

    fn take_by_scan(&self, batch: usize, slots: &mut Vec<Slot>) -> u32 {
        for slot in (1..=self.slots).map(Slot) {
            if slots.len() == batch {
                return slot.0 - 1;
            }
            if self.is_free(slot) {
                self.mark_used(slot);
                slots.push(slot);
            }
        }
        self.slots
    }

    fn mark_used(&self, slot: Slot) {
        let (word, bit) = place(slot);
        let left = self.bitmap[word].load(Ordering::Relaxed) & !bit;
        self.bitmap[word].store(left, Ordering::Relaxed);
        if left == 0 {
            let (group, bit) = place(Slot(word as u32));
            let summary = &self.summary[group];
            summary.store(summary.load(Ordering::Relaxed) & !bit, Ordering::Relaxed);
        }
        self.counts[slot.0 as usize].store(1, Ordering::Relaxed);
        self.free.store(self.free() - 1, Ordering::Relaxed);
    }

    /// Marks a slot whose last reference is gone as free; the caller holds the slot lock.
    pub fn mark_free(&self, slot: Slot) {
        let (word, bit) = place(slot);
        let seen = self.bitmap[word].load(Ordering::Relaxed);
        assert!(slot.0 != 0 && seen & bit == 0, "slot {} freed twice", slot.0);
        self.bitmap[word].store(seen | bit, Ordering::Relaxed);
        let (group, bit) = place(Slot(word as u32));
        let summary = &self.summary[group];
        summary.store(summary.load(Ordering::Relaxed) | bit, Ordering::Relaxed);
        self.free.store(self.free() + 1, Ordering::Relaxed);
    }

    /// Whether the bitmap says that a slot is free.
    pub fn is_free(&self, slot: Slot) -> bool {
        let (word, bit) = place(slot);
        self.bitmap[word].load(Ordering::Relaxed) & bit != 0
    }

    /// References to a slot.
    pub fn count(&self, slot: Slot) -> u32 {
        self.counts[slot.0 as usize].load(Ordering::Acquire)
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

    /// The frame that keeps a copy of a slot, to be believed only under that frame's lock.
    pub fn cached(&self, slot: Slot) -> Option<Pfn> {
        let frame = self.cached[slot.0 as usize].load(Ordering::Acquire);
        (frame != NIL).then_some(Pfn(frame))
    }

    /// Names the frame that keeps a copy of a slot; the caller holds that frame's lock.
    pub fn set_cached(&self, slot: Slot, frame: Option<Pfn>) {
        self.cached[slot.0 as usize].store(frame.map_or(NIL, |frame| frame.0), Ordering::Release);
    }

    /// Makes `frame` the one that is about to hold a slot's copy, unless there is one already.
    pub fn claim_cached(&self, slot: Slot, frame: Pfn) -> bool {
        self.cached[slot.0 as usize]
            .compare_exchange(NIL, frame.0, Ordering::AcqRel, Ordering::Relaxed)
            .is_ok()
    }

    /// The address of the counts, for a reader in place.
    pub fn address(&self) -> usize {
        self.counts.as_ptr().addr()
    }
}

fn place(slot: Slot) -> (usize, u64) {
    (slot.0 as usize / 64, 1 << (slot.0 % 64))
}
