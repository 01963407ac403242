//! Which locks there are, in which order they are taken, and what they cost.

pub(super) mod profile;
mod regions;
mod wait_for;

pub use profile::{LockCost, LockProfile};
pub use regions::Regions;
pub use wait_for::wait_for;
