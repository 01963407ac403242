//! The parts of a machine: flat arrays of words, and the locks and walks over them.

mod cpus;
mod frames;
mod lists;
mod pfn;
mod processes;
mod pte;
mod stash;
mod swap;
mod word;

pub use cpus::{CpuRecord, TableHold};
pub use frames::Pages;
pub use lists::{ListId, Lists};
pub use pfn::{Key, LockedEntry, PfnDatabase};
pub use processes::{CpuSet, Pin, Process, ProcessState, ProcessTable};
pub use pte::{
    change_pte, change_pte_and_unlock, load_pte, lock_region, try_claim, try_lock_region,
    wait_for_transit,
};
#[cfg(not(target_arch = "wasm32"))]
pub use swap::{CheckedDevice, SwapFile};
pub use swap::{Device, DeviceFailed, Glance, Swap, SwapDevice};
pub use word::{
    DirectoryEntry, Entry, FrameState, NIL, PAGE_SIZE, PAGE_WORDS, PTE_AT_WORK, PTE_IN_TRANSIT,
    PTE_TRANSIT_WAITERS, Pfn, ProcessId, Pte, PteFormat, Slot, TABLE_ENTRIES, Vpn,
};
