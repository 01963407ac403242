//! The receiver of a run's events.

use crate::observe::Record;

/// Receives a run's events, in their order.
pub trait Listener {
    /// An event.
    fn tell(&mut self, record: &Record);

    /// So many events of a ring were overwritten before they were read.
    fn lost(&mut self, ring: usize, events: u64);
}
