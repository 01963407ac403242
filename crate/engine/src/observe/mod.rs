//! What an observer sees of a machine while it runs: counters, latencies and the trace of events.

mod brake;
mod counter;
mod event;
mod fault;
mod latencies;
mod line_costs;
mod stats;
mod trace;
mod watch;

/// What a reader in place has to know of events and latencies.
pub(crate) mod format {
    pub(crate) use super::event::{CPU_SHIFT, KIND, NUMBER_SHIFT, PROCESS_SHIFT, TIME_SHIFT};
    pub(crate) use super::latencies::{BUCKETS, HALF};
    pub(crate) use super::line_costs::LINE_FIELDS;
    pub(crate) use super::trace::{FLOOR, HEADER, SEEN, WORDS};
}
pub use brake::Brake;
pub use counter::{Counter, CounterName, Counters};
pub(crate) use event::Words;
pub use event::{Detail, Event, EventKind, JobKind, NO_PROCESS, Record};
pub use fault::{FaultKind, FaultPhase};
pub use line_costs::{LineCost, LineCosts};
pub use stats::{Latency, Stats};
pub(crate) use trace::Ring;
pub use trace::{Place, Recording, Trace};
pub use watch::{Filter, Found, Watch};
