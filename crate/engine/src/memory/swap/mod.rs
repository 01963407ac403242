//! Swap: the slots, which of them are free, what they keep, and the device behind them.

mod area;
mod bitmap;
#[cfg(not(target_arch = "wasm32"))]
mod checked_device;
mod device;
mod slots;
mod swap_device;
#[cfg(not(target_arch = "wasm32"))]
mod swap_file;

pub use area::{Glance, Swap};
#[cfg(not(target_arch = "wasm32"))]
pub use checked_device::CheckedDevice;
pub use device::Device;
pub use swap_device::{DeviceFailed, SwapDevice};
#[cfg(not(target_arch = "wasm32"))]
pub use swap_file::SwapFile;
