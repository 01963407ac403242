//! Locks: their classes by rank, the two bits of each, what they cost, and the tasks that wait for them.

mod cost;
mod profile;
mod rank;
mod regions;
mod wait_for;
mod word;

pub use cost::LockCost;
pub use profile::LockProfile;
pub(super) use profile::Sample;
pub use rank::{HeldLocks, LockClass, LockId, RANK_COUNT};
pub use regions::RegionCosts;
pub use wait_for::{Sleeper, wait_for};
pub use word::LockWord;
pub(super) use word::announce_waiter;
