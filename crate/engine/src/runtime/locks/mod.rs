//! Locks: their classes by rank, the two bits of each, what they cost, and the tasks that wait for them.

mod cost;
mod profile;
mod rank;
mod regions;
mod wait_for;
mod word;

/// What a reader in place has to know of locks.
pub(crate) mod format {
    pub(crate) use super::cost::{COST_BYTES, COST_FIELDS};
    pub(crate) use super::profile::SHOWN;
    pub(crate) use super::regions::REGION_FIELDS;
}
pub use cost::LockCost;
pub use profile::LockProfile;
pub(super) use profile::Sample;
pub use rank::{HeldLocks, LockClass, LockId, RANK_COUNT, region_of};
pub use regions::RegionCosts;
pub use wait_for::{Sleeper, wait_for};
pub use word::LockWord;
pub(super) use word::announce_waiter;
