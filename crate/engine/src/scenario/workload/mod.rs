//! A workload makes the references of a `run`, drawn by a pattern or replayed from a trace.

mod plan;
mod trace_file;
mod zipf;

pub use plan::{Plan, Workload, stamp};
pub use trace_file::{Traces, parse_trace, trace_names};
