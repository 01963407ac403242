//! The machine: all its state in one place, the ways to lock and change it, and where its parts stand.

mod doorbell;
mod forecast;
mod layout;
mod moves;
mod refusals;
mod state;

pub use doorbell::Doorbell;
pub use forecast::{Forecast, average};
pub use layout::{Addresses, Layout, Strides};
pub use refusals::Refusals;
pub use state::{MAX_PROCESSES, Machine, OutOfHost, region_of};
