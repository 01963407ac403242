//! The scenario: its format and reader, its workloads and traces, and the report of a run.

pub mod actions;
mod available;
mod check;
mod crew;
mod decode;
mod desk;
mod dispatcher;
mod error;
mod expectations;
#[cfg(feature = "footprints")]
pub mod explore;
pub mod format;
mod interpreter;
mod json;
mod measures;
pub mod names;
pub mod op;
#[cfg(not(target_arch = "wasm32"))]
mod reference;
pub mod report;
mod report_text;
mod rule;
mod schema;
mod session;
mod start;
mod told;
pub mod trace_file;
mod until;
mod validate;
mod words;
mod work;
pub mod workload;
mod zipf;

pub use crew::Crew;
pub use error::ScenarioError;
pub use format::{
    FORMAT, MAX_SAFE_INTEGER, Pattern, Phase, RuntimeOptions, Scenario, SteadyPattern,
};
pub use json::read as read_json;
pub use names::{CounterName, FailureCode, PteState};
pub use op::{Action, Op};
#[cfg(not(target_arch = "wasm32"))]
pub use reference::reference;
pub use report::{
    Counters, EventProfile, Failure, Latency, LockProfile, Named, OpOutcome, RegionProfile, Report,
    hash_text,
};
pub use schema::{schema, schema_made_ahead};
pub use session::{Place, ProcessInfo, Session};
#[cfg(not(target_arch = "wasm32"))]
pub use session::{play, run, run_on};
pub use told::Drain;
#[cfg(not(target_arch = "wasm32"))]
pub use told::run_told;
pub use trace_file::{Reference, Traces, parse_trace, trace_names};
pub use until::Until;
pub use validate::{MOST_REPEATED, check, parse, parse_op};
pub use workload::{Plan, Workload, stamp};
