//! The runtime of virtual CPUs: their executor, the cost of a step, cache lines, and the detection of livelock.

mod costs;
mod executor;
mod false_sharing;
#[cfg(feature = "coherence")]
mod lines;
mod livelock;
#[cfg(not(feature = "coherence"))]
mod no_lines;
mod progress;
mod sleepers;

pub use costs::Costs;
pub use executor::{VirtualCpu, VirtualRuntime, running_task};
pub use false_sharing::FalseSharing;
#[cfg(feature = "coherence")]
pub use lines::Lines;
#[cfg(not(feature = "coherence"))]
pub use no_lines::Lines;
