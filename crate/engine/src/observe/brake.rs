//! How a virtual run is told to stop for a look: at the next scheduling point, which changes nothing
//! of what it does afterwards.

use crate::sync::aside::{AtomicBool, Ordering};

/// Between a virtual run and whoever watches it from within.
#[derive(Debug, Default)]
pub struct Brake {
    pulled: AtomicBool,
    /// A scheduling point was passed since somebody last asked.
    passed: AtomicBool,
}

impl Brake {
    /// Stops the run at its next scheduling point.
    pub fn pull(&self) {
        self.pulled.store(true, Ordering::Relaxed);
    }

    /// Whether the run has passed a scheduling point since this was last asked.
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

    /// Whether it was pulled.
    #[inline]
    pub(crate) fn is_pulled(&self) -> bool {
        self.pulled.load(Ordering::Relaxed)
    }

    /// A task goes on from a scheduling point.
    #[inline]
    pub(crate) fn pass(&self) {
        self.passed.store(true, Ordering::Relaxed);
    }
}
