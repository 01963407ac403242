//! What a virtual run is stopped by: so many events, or an event of a kind.

use std::sync::Arc;

use super::brake::Brake;
use super::event::{Event, EventKind};
// Not from `crate::sync`: no task acts on it, so neither loom nor a search need see it.
use std::sync::atomic::{AtomicU64, Ordering};

/// Which events are looked for. A part that is left out fits all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// A bit for each kind, by its number.
    pub kinds: u64,
    /// The process concerned.
    pub process: Option<u16>,
    /// The page, frame or slot concerned.
    pub number: Option<u32>,
}

impl Filter {
    /// Every event of these kinds.
    pub fn kinds(kinds: &[EventKind]) -> Self {
        let kinds = kinds.iter().fold(0, |bits, kind| bits | 1 << *kind as u64);
        Self { kinds, ..Self::default() }
    }
}

/// No event, no process, no number.
const NONE: u64 = u64::MAX;

/// Stops a virtual run, and remembers which event it was looking for came last.
#[derive(Debug)]
pub struct Watch {
    brake: Arc<Brake>,
    /// Stop when so many events have happened.
    after: AtomicU64,
    kinds: AtomicU64,
    process: AtomicU64,
    number: AtomicU64,
    /// Whether the first event that fits stops the run.
    stops: AtomicU64,
    /// How many events there were at the scheduling point before the last event.
    before: AtomicU64,
    /// How many events there were when the last one that fitted had happened; 0 if none did.
    last: AtomicU64,
}

impl Default for Watch {
    /// Looks for nothing.
    fn default() -> Self {
        let none = || AtomicU64::new(NONE);
        Self {
            brake: Arc::default(),
            after: none(),
            kinds: AtomicU64::new(0),
            process: none(),
            number: none(),
            stops: AtomicU64::new(0),
            before: AtomicU64::new(0),
            last: AtomicU64::new(0),
        }
    }
}

impl Watch {
    /// What it stops the run by.
    pub fn brake(&self) -> Arc<Brake> {
        Arc::clone(&self.brake)
    }

    /// Stops the run as soon as `events` have happened; never if none is said.
    pub fn stop_after(&self, events: Option<u64>) {
        self.after.store(events.unwrap_or(NONE), Ordering::Relaxed);
    }

    /// Looks for events from here on; the first stops the run if `stops`.
    pub fn look_for(&self, filter: Filter, stops: bool) {
        self.kinds.store(filter.kinds, Ordering::Relaxed);
        self.process.store(filter.process.map_or(NONE, u64::from), Ordering::Relaxed);
        self.number.store(filter.number.map_or(NONE, u64::from), Ordering::Relaxed);
        self.stops.store(stops.into(), Ordering::Relaxed);
        self.last.store(0, Ordering::Relaxed);
    }

    /// Goes on looking, but nothing that it finds stops the run.
    pub fn stop_by_none(&self) {
        self.stops.store(0, Ordering::Relaxed);
    }

    /// How many events had happened with the last one that fitted; none if none did.
    pub fn last(&self) -> Option<u64> {
        Some(self.last.load(Ordering::Relaxed)).filter(|last| *last > 0)
    }

    /// How many events there were at the scheduling point before the last event: what came since
    /// belongs together.
    pub fn before(&self) -> u64 {
        self.before.load(Ordering::Relaxed)
    }

    /// An event has happened, the `count`th.
    #[inline]
    pub(super) fn see(&self, count: u64, event: &Event) {
        if self.brake.has_passed_a_point() {
            self.before.store(count - 1, Ordering::Relaxed);
        }
        if count >= self.after.load(Ordering::Relaxed) {
            self.brake.pull();
        }
        if self.kinds.load(Ordering::Relaxed) >> event.kind as u64 & 1 == 1 && self.fits(event) {
            self.last.store(count, Ordering::Relaxed);
            if self.stops.load(Ordering::Relaxed) != 0 {
                self.brake.pull();
            }
        }
    }

    fn fits(&self, event: &Event) -> bool {
        let process = self.process.load(Ordering::Relaxed);
        let number = self.number.load(Ordering::Relaxed);
        (process == NONE || process == u64::from(event.process))
            && (number == NONE || number == u64::from(event.number))
    }
}
