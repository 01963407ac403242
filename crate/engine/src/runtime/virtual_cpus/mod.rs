//! The runtime of virtual CPUs: their executor, what a step costs, and the look for livelocks.

mod costs;
mod executor;
mod livelock;

pub use costs::Costs;
pub use executor::{VirtualCpu, VirtualRuntime, running_task};
