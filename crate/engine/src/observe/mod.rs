//! What can be seen of a machine while it runs: counters, latencies and the trace of events.

mod stats;
mod trace;

pub use stats::{Counter, FaultKind, Latency, Stats};
pub use trace::{Event, EventKind, NO_PROCESS, Trace};
