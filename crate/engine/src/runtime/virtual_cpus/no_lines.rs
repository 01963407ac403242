//! Stands in for `lines.rs` without the feature `coherence`: nobody tells of accesses, so no machine has lines.

use std::convert::Infallible;
use std::rc::Rc;
use std::sync::Arc;

use super::false_sharing::FalseSharing;
use crate::observe::{LineCost, LineCosts};
use crate::parts::LinePart;

/// The lines of one machine, of which there are none.
#[derive(Debug)]
pub struct Lines(Infallible);

impl Lines {
    /// Would return the lines of parts.
    ///
    /// # Panics
    /// Always: a scenario that asks for lines is refused in this build.
    pub fn new(
        _: Vec<LinePart>,
        _: impl Fn(usize) -> bool + 'static,
        _: u64,
        _: Arc<LineCosts>,
    ) -> Self {
        panic!("this build does not know cache lines; one with the feature coherence does")
    }

    /// Would return how many accesses there were to words of no known part.
    pub fn strangers(&self) -> u64 {
        match self.0 {}
    }

    /// Would return the lines that were falsely shared.
    pub fn false_sharing(&self, _: usize) -> Vec<FalseSharing> {
        match self.0 {}
    }

    pub(super) fn hear<T>(self: &Rc<Self>, _: impl FnOnce() -> T) -> T {
        match self.0 {}
    }

    pub(super) fn turn(&self, _: usize, _: u64) {
        match self.0 {}
    }

    pub(super) fn at(&self) -> u64 {
        match self.0 {}
    }

    pub(super) fn take_spent(&self) -> Vec<(usize, LineCost)> {
        match self.0 {}
    }

    pub(super) fn on_behalf_of(&self, _: usize, _: u64, _: impl FnOnce()) -> u64 {
        match self.0 {}
    }
}
