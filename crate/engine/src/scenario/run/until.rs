//! A limit says how far a virtual run goes before it stops for a look.

use crate::observe::{Filter, Watch};

/// How far a run goes: to whichever comes first, else to the end of the op. It stops at scheduling
/// points alone, so a few more events may have happened than were asked for: those between two
/// points belong together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Until<'a> {
    /// Until so many events have happened.
    pub events: Option<u64>,
    /// Until the next step would end after this time, in nanoseconds.
    pub time_ns: Option<u64>,
    /// Until an event that fits one of these has happened.
    pub fits: &'a [Filter],
    /// Until a turn of a `repeat` is over; on threads too.
    pub turn: bool,
}

impl<'a> Until<'a> {
    /// To the end of the op.
    pub const DONE: Self = Self { events: None, time_ns: None, fits: &[], turn: false };

    /// Until so many events have happened.
    pub fn events(events: u64) -> Self {
        Self { events: Some(events), ..Self::DONE }
    }

    /// Until the next step would end after this time.
    pub fn time(time_ns: u64) -> Self {
        Self { time_ns: Some(time_ns), ..Self::DONE }
    }

    /// Until an event that fits one of these has happened.
    pub fn fits(filters: &'a [Filter]) -> Self {
        Self { fits: filters, ..Self::DONE }
    }

    /// The same, or until a turn of a `repeat` is over.
    pub fn or_turn(self) -> Self {
        Self { turn: true, ..self }
    }

    /// The time beyond which it does not go.
    pub(super) fn last_time(self) -> u64 {
        self.time_ns.unwrap_or(u64::MAX)
    }

    /// Arms what can stop the run.
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
