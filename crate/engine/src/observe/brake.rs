//! Stops a virtual run at its next scheduling point, which changes nothing of what the run does afterwards.

use crate::sync::aside::{AtomicBool, Ordering};

/// A flag that an observer of a virtual run sets and the run obeys.
#[derive(Debug, Default)]
pub struct Brake {
    pulled: AtomicBool,
    /// A scheduling point was passed since the flag was last read.
    passed: AtomicBool,
}

impl Brake {
    /// Stops the run at its next scheduling point.
    pub fn pull(&self) {
        self.pulled.store(true, Ordering::Relaxed);
    }

    /// Whether the run has passed a scheduling point since the last call of this function.
    #[inline]
    pub fn has_passed_a_point(&self) -> bool {
        let passed = self.passed.load(Ordering::Relaxed);
        if passed {
            self.passed.store(false, Ordering::Relaxed);
        }
        passed
    }

    /// Lets the run go on.
    pub fn release(&self) {
        self.pulled.store(false, Ordering::Relaxed);
    }

    /// Whether the brake is pulled.
    #[inline]
    pub(crate) fn is_pulled(&self) -> bool {
        self.pulled.load(Ordering::Relaxed)
    }

    /// Records that a task goes on from a scheduling point.
    #[inline]
    pub(crate) fn pass(&self) {
        self.passed.store(true, Ordering::Relaxed);
    }
}
