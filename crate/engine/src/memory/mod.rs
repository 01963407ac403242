//! The machine's state: flat arrays of words, and the locks and walks over them.

mod cpus;
mod forecast;
mod frames;
mod layout;
mod lists;
mod pfn;
mod processes;
mod state;
mod swap;
mod word;

pub use cpus::CpuRecord;
pub use forecast::{Forecast, average};
pub use frames::Pages;
pub use layout::{Addresses, Layout, Strides};
pub use lists::{ListId, Lists, NIL};
pub use pfn::{Key, LockedEntry, PfnDatabase};
pub use processes::{CpuSet, Process, ProcessState, ProcessTable};
pub use state::{DAEMONS, DaemonId, MAX_PROCESSES, Memory, OutOfHost, region_of};
pub use swap::Swap;
pub use word::{
    Entry, FrameState, PAGE_SIZE, PAGE_WORDS, PTE_IN_TRANSIT, PTE_TRANSIT_WAITERS, Pfn, ProcessId,
    Pte, PteFormat, Slot, TABLE_ENTRIES, Vpn,
};
