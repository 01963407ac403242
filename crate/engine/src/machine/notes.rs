//! The notes of the replacement policies: for each frame a word of the policy's own, and the stamps of
//! accesses.

use super::state::Machine;
use crate::memory::Pfn;
use crate::parts::MemoryPart;
use crate::sync::atomic::{AtomicU64, Ordering};

impl Machine {
    /// Returns the replacement policy's word for a frame; it is 0 when the frame becomes active.
    pub fn note(&self, frame: Pfn) -> &AtomicU64 {
        &self.notes[frame.0 as usize]
    }

    /// Returns these words, as a part of memory.
    pub(super) fn notes_part(&self) -> MemoryPart {
        MemoryPart::of(&self.notes)
    }

    /// Stamps a frame as the one used last.
    pub fn stamp(&self, frame: Pfn) {
        let stamp = self.stamps.fetch_add(1, Ordering::Relaxed) + 1;
        self.note(frame).store(stamp, Ordering::Relaxed);
    }

    /// Returns the stamp up to which the active list is sorted; the caller holds the list's lock.
    pub fn sorted_up_to(&self) -> u64 {
        self.sorted.load(Ordering::Relaxed)
    }

    /// Records that the active list is in the order of the stamps up to this one; the caller holds its lock.
    pub fn set_sorted_up_to(&self, stamp: u64) {
        self.sorted.store(stamp, Ordering::Relaxed);
    }
}
