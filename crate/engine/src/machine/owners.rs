//! The owners of frames: under `rmap` `owner` a frame that one PTE refers to names that PTE's process.
//!
//! The owner is written by the CPU that holds the frame's lock or has just taken the frame. While the lock is free,
//! a frame with an owner has share 1, and the reference that is counted is the PTE of the frame's page in the
//! owner, or belongs to a fault of the owner that is about to write that PTE. A CPU that makes the share anything
//! else takes the owner away in the same hold (fork and join, 1 to 2; kill, unmap and copy, 1 to 0); one that finds
//! itself the only sharer puts its own process there (rescue, reuse). None is always right: then the family is
//! asked.
//!
//! For a CPU that holds the lock and reads an owner the way through the owner's directory to the PTE's table stays.
//! A kill and an unmap drop each reference under its frame's lock before they free a table, and
//! a fault holds the tables of its process until it ends. So no other lock and no pin is needed, the process's
//! record is not another's yet, and what the walk finds is the PTE or nothing. The PTE itself is changed by
//! compare-and-swap as ever.

use super::state::Machine;
use crate::bugs::has_bug;
use crate::memory::{LockedEntry, Pfn, ProcessId};
use crate::options::Rmap;
use crate::runtime::Cpu;

impl Machine {
    /// Whether a search for victims takes frames off the active list before it looks at their PTEs.
    pub fn isolates(&self) -> bool {
        self.options.isolate || self.options.rmap != Rmap::Tree
    }

    /// Returns the process whose PTE alone refers to a locked frame; none if several do, or it is not known.
    pub fn owner<C: Cpu>(&self, locked: &LockedEntry<'_, C>) -> Option<ProcessId> {
        self.pfns.owner(locked.frame).filter(|_| locked.entry.share() == 1)
    }

    /// Names the process whose PTE is the only one to refer to a locked frame, or none.
    #[inline]
    pub fn set_owner<C: Cpu>(&self, locked: &LockedEntry<'_, C>, owner: Option<ProcessId>) {
        let share = locked.entry.share();
        let owner = owner.filter(|_| share == 1);
        if owner.is_none() && has_bug!(self, OwnerKept) {
            return;
        }
        self.own(locked.frame, owner);
    }

    /// Names the process in whose page a frame is that was just taken.
    #[inline]
    pub fn own(&self, frame: Pfn, owner: Option<ProcessId>) {
        if self.options.rmap == Rmap::Owner {
            self.pfns.set_owner(frame, owner);
        }
    }
}
