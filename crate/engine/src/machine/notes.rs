//! The notes of the replacement policies: for each frame a word of the policy's own, and the stamps of
//! accesses.

use super::state::Machine;
use crate::memory::{Pfn, ProcessId, Vpn};
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

    /// Returns the last stamp that was given.
    pub fn last_stamp(&self) -> u64 {
        self.stamps.load(Ordering::Relaxed)
    }

    /// Returns where a search along the page tables goes on.
    pub fn table_hand(&self) -> (ProcessId, Vpn) {
        let hand = self.table_hand.load(Ordering::Relaxed);
        (ProcessId((hand >> 32) as u32), Vpn(hand as u32))
    }

    /// Sets where the next one goes on.
    pub fn set_table_hand(&self, process: ProcessId, vpn: Vpn) {
        let hand = u64::from(process.0) << 32 | u64::from(vpn.0);
        self.table_hand.store(hand, Ordering::Relaxed);
    }

    /// Returns the stamp up to which the active list is sorted, in each of its shards.
    pub fn sorted_up_to(&self) -> u64 {
        self.sorted.load(Ordering::Relaxed)
    }

    /// Records that each shard of the active list is in the order of the stamps up to this one; the caller has sorted
    /// them, and holds the lock of the last.
    pub fn set_sorted_up_to(&self, stamp: u64) {
        self.sorted.store(stamp, Ordering::Relaxed);
    }
}
