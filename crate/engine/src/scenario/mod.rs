//! A scenario is a document that describes a machine and a script; this folder reads it, runs it and reports.
//!
//! A folder uses only those above it in this list.
//!
//! * `document`: the format, its reader and its schema
//! * `workload`: the references of workloads and traces
//! * `report`: the counters, times and failures of a run, as an object and as text
//! * `run`: the session, its interpreter, and the CPUs that perform the jobs

mod document;
mod report;
mod run;
mod workload;

#[cfg(not(target_arch = "wasm32"))]
pub use document::reference;
pub use document::{
    Action, CounterName, FORMAT, FailureCode, MAX_SAFE_INTEGER, MOST_REPEATED, Op, Overrides,
    Pattern, Phase, PteState, Reference, RuntimeKind, RuntimeOptions, Scenario, ScenarioError,
    Setting, SteadyPattern, check, format, grouped, parse, parse_op, read_json, schema,
    schema_made_ahead,
};
pub use report::{
    Counters, EventProfile, Failure, FalselySharedLine, Latency, LineProfile, LineUse, LockProfile,
    Named, OpOutcome, RegionProfile, Report, hash_text,
};
#[cfg(feature = "footprints")]
pub use run::explore;
pub use run::{Drain, Place, ProcessInfo, Session, Until, Workers};
#[cfg(not(target_arch = "wasm32"))]
pub use run::{play, play_streaming, run, run_on};
pub use workload::{Plan, Traces, Workload, parse_trace, stamp, trace_names};
