//! A scenario is a document that describes a machine and a script; this folder reads it, runs it and reports.
//!
//! A folder uses only those above it in this list.
//!
//! * `document`: the format, its reader and its schema
//! * `workload`: the references of workloads and traces
//! * `report`: the counters, times and failures of a run, as an object and as text
//! * `run`: the session, its interpreter, and the CPUs that perform the jobs
//! * `thrashing`: a program in more and more processes on one memory, and where useful work begins to fall

mod document;
mod report;
mod run;
mod thrashing;
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
pub use thrashing::{
    Crowd, FALL, Knee, LEAST_ROUNDS, Load, USUAL_ACCESSES, USUAL_ROOM, knee, usual_program,
};
pub use workload::{Plan, Traces, Workload, parse_trace, stamp, trace_names};
