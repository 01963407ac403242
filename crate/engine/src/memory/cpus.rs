//! The public record of each CPU: the address space it is in, and its cache of free frames ("at hand").
//!
//! | cache lines | written by | read by others |
//! |---|---|---|
//! | where it works | the CPU, when it enters or leaves an address space; the dispatcher | to stop or kill a process |
//! | frames at hand | the CPU; a thief, where it takes | by thieves, when no list has a frame |
//! | how many those are | the CPU | never |
//! | the table that it holds | the CPU, twice in a fault | to free a page table |

use super::stash::Stash;
use super::word::{NIL, Pfn, ProcessId, some};
use crate::fields::fields;
use crate::sync::atomic::{AtomicU32, AtomicU64, Ordering};

/// The most frames a CPU keeps at hand.
pub(crate) const MOST_AT_HAND: usize = 64;

/// One CPU's public record.
#[derive(Debug)]
#[repr(C, align(128))]
pub struct CpuRecord {
    /// The process dispatched to it, running or not.
    current: AtomicU32,
    /// The process whose address space it is working in.
    inside: AtomicU32,
    /// Frames at hand, from a new line to the end of one.
    cache: Stash<MOST_AT_HAND>,
    /// The epoch that the CPU had acknowledged when it walked to the PTE that it holds on to; 0 while
    /// it holds none across a wait.
    holds: AtomicU64,
}

/// Holds the page table of a PTE for a CPU, which may wait with a reference to that PTE.
#[derive(Debug)]
#[must_use = "the hold ends when the guard is dropped"]
pub struct TableHold<'a>(&'a CpuRecord);

impl Drop for TableHold<'_> {
    fn drop(&mut self) {
        self.0.holds.store(0, Ordering::Release);
    }
}

impl Default for CpuRecord {
    fn default() -> Self {
        Self {
            current: AtomicU32::new(NIL),
            inside: AtomicU32::new(NIL),
            cache: Stash::default(),
            holds: AtomicU64::new(0),
        }
    }
}

impl CpuRecord {
    /// Where its fields are.
    pub(crate) const FIELDS: [(&str, usize); 2] = fields!(Self { current, cache });
    /// The classes of its words, for what their cache lines cost.
    pub(crate) const WORDS: [(&str, usize); 4] = fields!(Self { current, inside, cache, holds });

    /// Returns the process dispatched to this CPU.
    pub fn current(&self) -> Option<ProcessId> {
        some(self.current.load(Ordering::Relaxed), ProcessId)
    }

    /// Dispatches a process to this CPU, or none.
    pub fn set_current(&self, process: Option<ProcessId>) {
        self.current.store(process.map_or(NIL, |process| process.0), Ordering::Relaxed);
    }

    /// Returns the process whose address space this CPU is working in.
    pub fn inside(&self) -> Option<ProcessId> {
        some(self.inside.load(Ordering::SeqCst), ProcessId)
    }

    /// Sets the process in whose address space this CPU works, or none.
    pub fn set_inside(&self, process: Option<ProcessId>) {
        self.inside.store(process.map_or(NIL, |process| process.0), Ordering::SeqCst);
    }

    /// Holds the page table of a PTE that was walked to under the acknowledged `epoch`. Only the owner
    /// calls this, online; from then on it may go offline and keep its reference to the PTE.
    pub fn hold_table(&self, epoch: u64) -> TableHold<'_> {
        self.holds.store(epoch, Ordering::Release);
        TableHold(self)
    }

    /// Whether the CPU holds a PTE that it walked to before `epoch` began. The caller has advanced to
    /// that epoch after it unlinked the table, and has waited until this CPU was not behind it.
    pub fn holds_table_before(&self, epoch: u64) -> bool {
        let held = self.holds.load(Ordering::Acquire);
        held != 0 && held < epoch
    }

    /// Whether the cache has fewer than `limit` frames. Only the owner calls this.
    pub fn has_room(&self, limit: usize) -> bool {
        self.cache.has_room(limit)
    }

    /// Puts a frame into the cache; false when it has `limit` frames already. Only the owner calls this.
    pub fn push(&self, frame: Pfn, limit: usize) -> bool {
        self.cache.push(frame.0, limit)
    }

    /// Takes the frame last put into the cache. Only the owner calls this.
    #[inline]
    pub fn pop(&self) -> Option<Pfn> {
        self.cache.pop().map(Pfn)
    }

    /// Takes any frame from the cache, for any CPU.
    pub fn steal(&self) -> Option<Pfn> {
        self.cache.steal().map(Pfn)
    }

    /// Returns the frames in the cache, for the audit.
    pub fn cached(&self) -> impl Iterator<Item = Pfn> + '_ {
        self.cache.iter().map(Pfn)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p19_a_cpu_holds_a_table_from_before_an_epoch_until_it_lets_go() {
        let record = CpuRecord::default();
        assert!(!record.holds_table_before(5));
        let held = record.hold_table(4);
        assert!(record.holds_table_before(5));
        assert!(!record.holds_table_before(4), "it walked after that epoch had begun");
        assert!(!record.holds_table_before(3));
        drop(held);
        assert!(!record.holds_table_before(5));
    }
}
