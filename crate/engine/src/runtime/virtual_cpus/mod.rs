//! The runtime of virtual CPUs: their executor, the cost of a step, cache lines, how locks are handed over, and the
//! detection of livelock.

mod costs;
mod executor;
mod false_sharing;
mod hand_over;
#[cfg(feature = "coherence")]
mod lines;
mod livelock;
mod lock_kind;
#[cfg(not(feature = "coherence"))]
mod no_lines;
mod progress;
mod scheduler;
mod sleepers;
mod virtual_cpu;

pub use costs::Costs;
pub use executor::{VirtualRuntime, running_task};
pub use false_sharing::FalseSharing;
#[cfg(feature = "coherence")]
pub use lines::Lines;
pub use lock_kind::LockKind;
#[cfg(not(feature = "coherence"))]
pub use no_lines::Lines;
pub use virtual_cpu::VirtualCpu;
