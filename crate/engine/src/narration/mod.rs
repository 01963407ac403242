//! Events told to people: as a timeline for Perfetto, and in sentences.

mod chrome;
mod history;
mod names;
mod sentences;

pub use chrome::ChromeTrace;
pub use history::{History, Line, Part, Subject};
pub use names::ProcessNames;

use crate::observe::Record;

/// Who is told of a run's events, in their order.
pub trait Listener {
    /// An event.
    fn tell(&mut self, record: &Record);

    /// So many events of a ring were overwritten before they were read.
    fn lost(&mut self, ring: usize, events: u64);
}
