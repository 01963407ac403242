//! A limit says how far a virtual run goes before it stops.

use crate::observe::{Filter, Watch};

/// A limit stops a run at whichever of its parts comes first, else at the end of the op. A run stops at
/// scheduling points alone, so a few more events may have happened than were asked for: those between two
/// points belong together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Until<'a> {
    /// Stops when this many events have happened.
    pub events: Option<u64>,
    /// Stops when the next step would end after this time, in nanoseconds.
    pub time_ns: Option<u64>,
    /// Stops when an event that fits one of these has happened.
    pub fits: &'a [Filter],
    /// Stops when a turn of a `repeat` is over; on threads too.
    pub turn: bool,
}

impl<'a> Until<'a> {
    /// The end of the op.
    pub const DONE: Self = Self { events: None, time_ns: None, fits: &[], turn: false };

    /// Makes the limit of a number of events, counted from boot.
    pub fn events(events: u64) -> Self {
        Self { events: Some(events), ..Self::DONE }
    }

    /// Makes the limit of a time in nanoseconds, after which no step ends.
    pub fn time(time_ns: u64) -> Self {
        Self { time_ns: Some(time_ns), ..Self::DONE }
    }

    /// Makes the limit of the next event that fits one of the filters.
    pub fn fits(filters: &'a [Filter]) -> Self {
        Self { fits: filters, ..Self::DONE }
    }

    /// Adds to a limit the end of a turn of a `repeat`.
    pub fn or_turn(self) -> Self {
        Self { turn: true, ..self }
    }

    /// Returns the time after which no step may end.
    pub(super) fn last_time(self) -> u64 {
        self.time_ns.unwrap_or(u64::MAX)
    }

    /// Arms the watch that stops the run.
    pub(super) fn arm(self, watch: &Watch) {
        watch.brake().release();
        watch.stop_after(self.events);
        if self.fits.is_empty() {
            watch.stop_by_none();
        } else {
            watch.look_for(self.fits, true);
        }
    }
}
