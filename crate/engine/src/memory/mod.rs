//! The parts of a machine: flat arrays of words, and the locks and walks over them.

mod arrivals;
mod cpu_set;
mod cpus;
mod frames;
mod fresh_memory;
mod lists;
mod pfn;
mod process;
mod processes;
mod pte;
mod shards;
mod stash;
mod swap;
mod word;

pub use cpu_set::CpuSet;
pub use cpus::{CpuRecord, TableHold};
pub use frames::Pages;
pub use lists::{ListId, Lists};
pub use pfn::{Key, LockedEntry, PfnDatabase, ProtectedKind};
pub use process::{Pin, Process, ProcessState};
pub use processes::ProcessTable;
pub use pte::{
    change_pte, change_pte_and_unlock, load_pte, lock_region, try_claim, try_lock_region,
    try_replace_pte, wait_for_transit,
};
#[cfg(not(target_arch = "wasm32"))]
pub use swap::SwapFile;
pub use swap::{CheckedDevice, Device, DeviceFailed, Glance, Move, SparseSlots, Swap, SwapDevice};
/// What a reader in place has to know of all these.
pub(crate) mod format {
    pub(crate) use super::arrivals::{ARRIVAL_FIELDS, MOST_ARRIVALS};
    pub(crate) use super::cpus::MOST_AT_HAND;
    pub(crate) use super::lists::{LIST_FIELDS, NEXT_SHIFT};
    pub(crate) use super::pfn::{FAMILY, FAMILY_SHIFT, PFN_FIELDS, PROTECTED_KINDS, VPN_SHIFT};
    pub(crate) use super::process::PROCESS_STATES;
    pub(crate) use super::word::{
        ABSENT, ACCESSED, DIRTY, FORMAT, NUMBER_SHIFT, PFN_AHEAD, PFN_DIRTY, PFN_FLIGHT_WAITERS,
        PFN_IN_FLIGHT, PFN_LOCK, PFN_LOCK_WAITERS, PFN_RESCUED, PFN_STATE, PTE_LOCK,
        PTE_LOCK_WAITERS, READ_ONLY, SHARE, SHARE_SHIFT, SLOT_SHIFT, WRITABLE,
    };
}
pub use word::{
    DirectoryEntry, Entry, FrameState, NIL, PAGE_SIZE, PAGE_WORDS, PTE_AT_WORK, PTE_IN_TRANSIT,
    PTE_TRANSIT_WAITERS, Pfn, ProcessId, Pte, PteFormat, Slot, TABLE_ENTRIES, Vpn,
};
