//! Schedulers: which task of virtual CPUs takes the next step.

mod by_choice;
mod by_time;
mod choice;
mod order;
mod replay;

pub use choice::{Choice, Chooser, Pause};
pub(super) use order::Order;
pub use replay::{Deviation, Replay};
