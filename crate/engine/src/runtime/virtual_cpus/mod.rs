//! The runtime of virtual CPUs: their executor, what a step costs, and the look for livelocks.

pub(super) mod costs;
pub(super) mod executor;
mod livelock;

pub use costs::Costs;
pub use executor::{Halt, Sleeper, VirtualCpu, VirtualRuntime, running_task};
