//! What can be seen of a machine while it runs: counters, latencies and the trace of events.

mod stats;
mod trace;
mod watch;

pub use stats::{Counter, FaultKind, Latency, Stats};
pub use trace::{Event, EventKind, NO_PROCESS, Trace};
pub use watch::{Filter, Watch};
