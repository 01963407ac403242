//! The machine: all its state in one place, the ways to lock and change it, and where its parts stand.

mod doorbell;
mod forecast;
mod layout;
mod locks;
mod moves;
mod notes;
mod owners;
mod page_tables;
mod parts;
mod refusals;
mod state;
mod sums;

pub use doorbell::Doorbell;
pub use forecast::{Forecast, average};
pub use layout::Layout;
pub use locks::Patience;
#[cfg(feature = "footprints")]
pub use parts::Counters;
pub use parts::Parts;
pub use refusals::Refusals;
pub use state::{MAX_PROCESSES, Machine, OutOfHost};
