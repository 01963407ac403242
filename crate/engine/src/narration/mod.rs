//! Narrates events to people: as a timeline for Perfetto, and in sentences.

mod changes;
mod chrome;
mod chrome_counters;
mod history;
mod listener;
mod names;
mod reasons;
mod sentences;

pub use chrome::ChromeTrace;
pub use history::{History, Line, Part, Subject};
pub use listener::Listener;
pub use names::ProcessNames;
