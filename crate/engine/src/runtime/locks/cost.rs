//! The cost of locks: how often they were taken and waited for, and for how long.

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
