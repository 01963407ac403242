//! Schedulers: which task of virtual CPUs takes the next step.

mod by_choice;
pub(super) mod by_time;
mod replay;

pub use by_time::{Choice, Chooser, Pause};
pub use replay::{Deviation, Replay};
