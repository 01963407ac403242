//! The cost of locks: how often they were taken and waited for, and for how long.

use crate::fields::fields;
use crate::sync::aside::{AtomicU64, Ordering};

/// The cost of one lock or of several.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LockCost {
    /// How often one was taken.
    pub acquisitions: u64,
    /// How often its taker had to wait.
    pub contended: u64,
    /// Nanoseconds waited.
    pub wait: u64,
    /// Nanoseconds held, estimated from a sample where the clock is not free.
    pub hold: u64,
}

impl std::ops::AddAssign for LockCost {
    fn add_assign(&mut self, other: Self) {
        self.acquisitions += other.acquisitions;
        self.contended += other.contended;
        self.wait += other.wait;
        self.hold += other.hold;
    }
}

/// The words of a cost, for a reader in place.
#[derive(Debug, Default)]
#[repr(C)]
pub(super) struct CostWords {
    pub(super) acquisitions: AtomicU64,
    pub(super) contended: AtomicU64,
    pub(super) wait: AtomicU64,
    pub(super) hold: AtomicU64,
}

/// Where the fields of a cost are.
pub(crate) const COST_FIELDS: [(&str, usize); 4] =
    fields!(CostWords { acquisitions, contended, wait, hold });
/// Bytes of a cost.
pub(crate) const COST_BYTES: usize = size_of::<CostWords>();

impl CostWords {
    /// Returns the cost so far.
    pub(super) fn load(&self) -> LockCost {
        LockCost {
            acquisitions: self.acquisitions.load(Ordering::Relaxed),
            contended: self.contended.load(Ordering::Relaxed),
            wait: self.wait.load(Ordering::Relaxed),
            hold: self.hold.load(Ordering::Relaxed),
        }
    }
}
