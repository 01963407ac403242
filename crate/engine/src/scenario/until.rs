//! How far a virtual run goes before it stops for a look.

use crate::observe::{Filter, Watch};

/// How far a run goes: to whichever comes first, else to the end of the op. It stops at scheduling
/// points alone, so a few more events may have happened than were asked for: those between two
/// points belong together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Until {
    /// Until so many events have happened.
    pub events: Option<u64>,
    /// Until the next step would end after this time, in nanoseconds.
    pub time_ns: Option<u64>,
    /// Until an event that fits has happened.
    pub fits: Option<Filter>,
}

impl Until {
    /// To the end of the op.
    pub const DONE: Self = Self { events: None, time_ns: None, fits: None };

    /// Until so many events have happened.
    pub fn events(events: u64) -> Self {
        Self { events: Some(events), ..Self::DONE }
    }

    /// Until the next step would end after this time.
    pub fn time(time_ns: u64) -> Self {
        Self { time_ns: Some(time_ns), ..Self::DONE }
    }

    /// Until an event that fits has happened.
    pub fn fits(filter: Filter) -> Self {
        Self { fits: Some(filter), ..Self::DONE }
    }

    /// The time beyond which it does not go.
    pub(super) fn last_time(self) -> u64 {
        self.time_ns.unwrap_or(u64::MAX)
    }

    /// Tells those who can stop the run.
    pub(super) fn tell(self, watch: &Watch) {
        watch.brake().release();
        watch.stop_after(self.events);
        match self.fits {
            Some(filter) => watch.look_for(filter, true),
            None => watch.stop_by_none(),
        }
    }
}
