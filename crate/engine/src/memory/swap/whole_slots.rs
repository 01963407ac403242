//! Slots that are whole pages of this program: what a native machine has for swap. To read or write one is a
//! copy of a page, without a byte buffer between.

use crate::memory::frames::Pages;
use crate::memory::word::{PAGE_WORDS, Pfn, Slot};
use crate::parts::MemoryPart;
use crate::sync::atomic::Ordering;

/// The bytes of slots.
#[derive(Debug)]
pub struct WholeSlots {
    pages: Pages,
}

impl WholeSlots {
    /// Returns slots 0 to `slots`, all zero, or none when there is not that much memory.
    pub fn new(slots: u32) -> Option<Self> {
        Pages::new(slots as usize + 1).map(|pages| Self { pages })
    }

    /// Returns its words, as parts of memory.
    pub(crate) fn parts(&self) -> Vec<MemoryPart> {
        vec![self.pages.part()]
    }

    /// Reads a slot into a frame that the caller owns.
    #[inline]
    pub fn read(&self, slot: Slot, frames: &Pages, frame: Pfn) {
        frames.copy(frame.0, &self.pages, slot.0);
    }

    /// Writes a frame, to which a program may be storing, to a slot.
    #[inline]
    pub fn write(&self, slot: Slot, frames: &Pages, frame: Pfn) {
        self.pages.copy_racing(slot.0, frames, frame.0);
    }

    /// Returns the words of a slot.
    pub fn page(&self, slot: Slot) -> [u64; PAGE_WORDS] {
        self.pages.page(slot.0)
    }

    /// Returns one word of a slot.
    pub fn word(&self, slot: Slot, index: usize) -> u64 {
        self.pages.word(slot.0, index).load(Ordering::Relaxed)
    }
}
