//! A run is a session with a machine, whose script an interpreter turns into jobs for CPUs.

mod dispatcher;
mod drain;
mod executor;
mod expectations;
#[cfg(feature = "footprints")]
pub mod explore;
mod interpreter;
mod job;
mod mailboxes;
mod named_processes;
#[cfg(not(target_arch = "wasm32"))]
mod play;
mod refusal;
mod script;
mod session;
mod start;
mod state;
#[cfg(not(target_arch = "wasm32"))]
mod stream;
mod until;
mod words;
mod workers;

pub use drain::Drain;
#[cfg(not(target_arch = "wasm32"))]
pub use play::{play, run, run_on};
pub use session::{Place, ProcessInfo, Session};
#[cfg(not(target_arch = "wasm32"))]
pub use stream::play_streaming;
pub use until::Until;
pub use workers::Workers;
