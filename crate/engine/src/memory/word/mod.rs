//! The words that a machine is made of: PTEs, frame entries and the numbers in them.

mod entry;
mod numbers;
mod pte;

pub use entry::{Entry, FrameState};
pub(crate) use entry::{
    PFN_AHEAD, PFN_DIRTY, PFN_FLIGHT_WAITERS, PFN_IN_FLIGHT, PFN_LOCK, PFN_LOCK_WAITERS,
    PFN_RESCUED, PFN_STATE, SHARE, SHARE_SHIFT, SLOT_SHIFT,
};
pub(in crate::memory) use numbers::some;
pub use numbers::{NIL, PAGE_SIZE, PAGE_WORDS, Pfn, ProcessId, Slot, TABLE_ENTRIES, Vpn};
pub(crate) use pte::{
    ABSENT, ACCESSED, DIRTY, FORMAT, NUMBER_SHIFT, PTE_LOCK, PTE_LOCK_WAITERS, READ_ONLY, WRITABLE,
};
pub use pte::{DirectoryEntry, PTE_AT_WORK, PTE_IN_TRANSIT, PTE_TRANSIT_WAITERS, Pte, PteFormat};
