//! Swap: the slots, which of them are free, what they keep, and the device behind them.

mod area;
mod bitmap;
#[cfg_attr(all(target_arch = "wasm32", not(feature = "threads")), path = "no_checked_device.rs")]
mod checked_device;
mod device;
mod moves;
mod rows;
mod slots;
mod sparse_slots;
mod swap_device;
#[cfg(not(target_arch = "wasm32"))]
mod swap_file;
#[cfg(not(target_arch = "wasm32"))]
mod whole_slots;

pub use area::{Glance, Swap};
pub use checked_device::CheckedDevice;
pub use device::Device;
pub use moves::Move;
pub use sparse_slots::SparseSlots;
pub use swap_device::{DeviceFailed, SwapDevice};
#[cfg(not(target_arch = "wasm32"))]
pub use swap_file::SwapFile;
