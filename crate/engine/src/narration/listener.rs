//! The trait of receivers of a run's events.

use crate::observe::Record;

/// Receives a run's events, in their order.
pub trait Listener {
    /// Receives an event.
    fn receive(&mut self, record: &Record);

    /// Learns that so many events of a ring were overwritten before they were read.
    fn lost(&mut self, ring: usize, events: u64);
}
