//! The runtime of virtual CPUs: their executor, the cost of a step, and the detection of livelock.

mod costs;
mod executor;
mod lines;
mod livelock;

pub use costs::Costs;
pub use executor::{VirtualCpu, VirtualRuntime, running_task};
pub use lines::{FalseSharing, Lines};
