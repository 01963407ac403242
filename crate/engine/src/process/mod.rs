//! Processes on the machine: how they start and end, what they map, and the CPU on which each runs.

mod announce;
mod dispatch;
mod fork;
mod life;
mod mapping;
mod tables;

pub use dispatch::{put_on_cpu, sleep, wake};
pub use fork::fork;
pub use life::{Legacy, kill, spawn};
pub use mapping::{map, unmap};
pub(crate) use tables::{is_empty, tables_of};
