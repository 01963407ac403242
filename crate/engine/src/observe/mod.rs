//! What an observer sees of a machine while it runs: counters, latencies and the trace of events.

mod brake;
mod counter;
mod event;
mod latencies;
mod stats;
mod trace;
mod watch;

pub use brake::Brake;
pub use counter::{Counter, FaultKind};
pub(crate) use event::Words;
pub use event::{Detail, Event, EventKind, JobKind, NO_PROCESS, Record};
pub use stats::{Latency, Stats};
pub(crate) use trace::Ring;
pub use trace::{Place, Recording, Trace};
pub use watch::{Filter, Found, Watch};
