//! The runtime of real threads: its CPUs, the parking lot and the clock.

mod clock;
mod parker;
mod thread_cpu;

pub use clock::{now_ns, set_clock};
pub use thread_cpu::{ThreadCpu, ThreadRuntime, block_on};
