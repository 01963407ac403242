//! The machine's state: flat arrays of words, and the locks and walks over them.

mod bitmap;
#[cfg(not(target_arch = "wasm32"))]
mod checked_device;
mod cpus;
mod doorbell;
mod forecast;
mod frames;
mod layout;
mod lists;
mod moves;
mod pfn;
mod processes;
pub mod pte;
mod refusals;
mod slots;
mod stash;
mod state;
mod swap;
mod swap_device;
#[cfg(not(target_arch = "wasm32"))]
mod swap_file;
mod word;

#[cfg(not(target_arch = "wasm32"))]
pub use checked_device::CheckedDevice;
pub use cpus::{CpuRecord, TableHold};
pub use doorbell::Doorbell;
pub use forecast::{Forecast, average};
pub use frames::Pages;
pub use layout::{Addresses, Layout, Strides};
pub use lists::{ListId, Lists, NIL};
pub use pfn::{Key, LockedEntry, PfnDatabase};
pub use processes::{CpuSet, Pin, Process, ProcessState, ProcessTable};
pub use refusals::Refusals;
pub use state::{DAEMONS, DaemonId, MAX_PROCESSES, Machine, OutOfHost, region_of};
pub use swap::{Glance, Swap};
pub use swap_device::{Device, DeviceFailed, SwapDevice};
#[cfg(not(target_arch = "wasm32"))]
pub use swap_file::SwapFile;
pub use word::{
    Entry, FrameState, PAGE_SIZE, PAGE_WORDS, PTE_IN_TRANSIT, PTE_TRANSIT_WAITERS, Pfn, ProcessId,
    Pte, PteFormat, Slot, TABLE_ENTRIES, Vpn,
};
