//! The run: a session with a machine, whose script an interpreter turns into jobs for CPUs.

mod crew;
mod desk;
mod dispatcher;
mod drain;
mod expectations;
#[cfg(feature = "footprints")]
pub mod explore;
mod interpreter;
mod job;
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

pub use crew::Crew;
pub use drain::Drain;
#[cfg(not(target_arch = "wasm32"))]
pub use play::{play, run, run_on};
pub use session::{Place, ProcessInfo, Session};
#[cfg(not(target_arch = "wasm32"))]
pub use stream::play_streaming;
pub use until::Until;
