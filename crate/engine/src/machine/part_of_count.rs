//! A count has parts where CPUs write it often and read it seldom; it is the sum of them.

use crate::sync::atomic::{AtomicU32, Ordering};

/// A part of a count that CPUs write often and read seldom, on cache lines of its own.
#[derive(Debug, Default)]
#[repr(align(128))]
pub(super) struct PartOfCount(AtomicU32);

impl PartOfCount {
    /// Returns so many parts of a count that is `first` to begin with.
    pub(super) fn parts(parts: u32, first: u32) -> Box<[Self]> {
        let all: Box<[Self]> = (0..parts).map(|_| Self::default()).collect();
        all[0].0.store(first, Ordering::Relaxed);
        all
    }

    /// Returns the part's word.
    pub(super) fn word(&self) -> &AtomicU32 {
        &self.0
    }
}
