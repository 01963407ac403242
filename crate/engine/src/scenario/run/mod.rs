//! The run: a session with a machine, whose script an interpreter turns into jobs for CPUs.

mod crew;
mod desk;
mod dispatcher;
mod expectations;
#[cfg(feature = "footprints")]
pub mod explore;
mod interpreter;
mod job;
mod session;
mod start;
mod stream;
mod until;
mod words;

pub use crew::Crew;
pub use session::{Place, ProcessInfo, Session};
#[cfg(not(target_arch = "wasm32"))]
pub use session::{play, run, run_on};
pub use stream::Drain;
#[cfg(not(target_arch = "wasm32"))]
pub use stream::run_told;
pub use until::Until;
