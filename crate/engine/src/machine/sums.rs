//! Counts the frames of a machine that are protected, available, or on their way to swap.

use super::state::Machine;
use crate::memory::FrameState;
use crate::sync::atomic::Ordering;
use crate::sync::changes;

impl Machine {
    /// Returns how many frames are never evicted: zero page, directories and tables.
    pub fn protected_frames(&self) -> u32 {
        self.protected.load(Ordering::SeqCst)
    }

    /// Counts frames that became protected.
    pub fn add_protected(&self, frames: u32) {
        self.protected.fetch_add(frames, Ordering::SeqCst);
    }

    /// Counts frames that are protected no longer.
    pub fn remove_protected(&self, frames: u32) {
        self.protected.fetch_sub(frames, Ordering::SeqCst);
    }

    /// Returns how many frames a CPU could have at once: free, zeroed and standby. A hint.
    pub fn available(&self) -> u32 {
        self.free_frames() + self.lists.count_of(FrameState::Standby)
    }

    /// Counts a modified frame that is on no list from now on, until it is written.
    pub fn begin_writing(&self) {
        self.writing.fetch_add(1, Ordering::Relaxed);
        changes(&self.writing);
    }

    /// Ends the count of such a frame: it is on a list again, or free.
    pub fn end_writing(&self) {
        self.writing.fetch_sub(1, Ordering::Relaxed);
        changes(&self.writing);
    }

    /// Returns how many frames will be available once they are written: modified, or on their way to swap. A
    /// hint.
    pub fn on_their_way(&self) -> u32 {
        self.lists.count_of(FrameState::Modified) + self.writing.load(Ordering::Relaxed)
    }

    /// Returns how many frames are on the free and zeroed lists. A hint.
    pub fn free_frames(&self) -> u32 {
        self.lists.count_free()
    }
}
