//! Stops a virtual run after so many events, or at an event that a caller looks for.

use std::sync::{Arc, Mutex, PoisonError};

use super::brake::Brake;
use super::event::{Event, EventKind, Record, kind_bit};
use crate::sync::aside::{AtomicU64, Ordering};

/// The events to look for. A part that is left out fits all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// A bit for each kind, by its number.
    pub kinds: u64,
    /// The process concerned.
    pub process: Option<u16>,
    /// The page, frame or slot concerned, or the class of the lock.
    pub number: Option<u32>,
    /// The first operand: of an event of a lock, which lock of its class.
    pub operand: Option<u64>,
}

impl Filter {
    /// Returns a filter for every event of these kinds.
    pub fn kinds(kinds: &[EventKind]) -> Self {
        let kinds = kinds.iter().fold(0, |bits, kind| bits | kind.bit());
        Self { kinds, ..Self::default() }
    }

    fn fits(&self, event: &Event) -> bool {
        self.kinds & event.kind.bit() != 0
            && self.process.is_none_or(|process| process == event.process)
            && self.number.is_none_or(|number| number == event.number)
            && self.operand.is_none_or(|operand| operand == event.a)
    }
}

/// What a search for events has found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// How many events had happened with the last one that fitted.
    pub events: u64,
    /// A bit for each filter, by its index among the filters, that some event fitted.
    pub filters: u64,
}

/// A number of events that is never reached.
const NONE: u64 = u64::MAX;

/// Stops a virtual run, and remembers which of the events that it looks for came last.
#[derive(Debug)]
pub struct Watch {
    brake: Arc<Brake>,
    /// Stop when so many events have happened.
    after: AtomicU64,
    /// The kinds of all filters, so that most events need not be held against them.
    kinds: AtomicU64,
    filters: Mutex<Vec<Filter>>,
    /// Whether the first event that fits stops the run.
    stops: AtomicU64,
    /// How many events there were at the scheduling point before the last event.
    before: AtomicU64,
    /// How many events there were when the last one that fitted had happened; 0 if none did.
    last: AtomicU64,
    /// Which filters were fitted, as in [`Found`].
    fitted: AtomicU64,
}

impl Default for Watch {
    /// Returns a watch that looks for nothing.
    fn default() -> Self {
        Self {
            brake: Arc::default(),
            after: AtomicU64::new(NONE),
            kinds: AtomicU64::new(0),
            filters: Mutex::default(),
            stops: AtomicU64::new(0),
            before: AtomicU64::new(0),
            last: AtomicU64::new(0),
            fitted: AtomicU64::new(0),
        }
    }
}

impl Watch {
    /// Returns the brake by which it stops the run.
    pub fn brake(&self) -> Arc<Brake> {
        Arc::clone(&self.brake)
    }

    /// Stops the run as soon as `events` have happened; never if none is given.
    pub fn stop_after(&self, events: Option<u64>) {
        self.after.store(events.unwrap_or(NONE), Ordering::Relaxed);
    }

    /// The most filters at one time.
    pub const MOST: usize = 64;

    /// Looks for events that fit any of the filters from here on; the first stops the run if `stops`.
    pub fn look_for(&self, filters: &[Filter], stops: bool) {
        debug_assert!(filters.len() <= Self::MOST);
        let kinds = filters.iter().fold(0, |kinds, filter| kinds | filter.kinds);
        self.kinds.store(kinds, Ordering::Relaxed);
        let mut known = self.filters.lock().unwrap_or_else(PoisonError::into_inner);
        known.clear();
        known.extend_from_slice(filters);
        self.stops.store(stops.into(), Ordering::Relaxed);
        self.last.store(0, Ordering::Relaxed);
        self.fitted.store(0, Ordering::Relaxed);
    }

    /// Goes on looking, but lets nothing that it finds stop the run.
    pub fn stop_by_none(&self) {
        self.stops.store(0, Ordering::Relaxed);
    }

    /// Returns what was found since it began to look; none if nothing fitted.
    pub fn found(&self) -> Option<Found> {
        let events = self.last.load(Ordering::Relaxed);
        let filters = self.fitted.load(Ordering::Relaxed);
        (events > 0).then_some(Found { events, filters })
    }

    /// Returns how many events there were at the scheduling point before the last event: the events since
    /// then belong together.
    pub fn before(&self) -> u64 {
        self.before.load(Ordering::Relaxed)
    }

    /// Sees that an event has happened, the `count`th, with this record.
    #[inline]
    pub(super) fn see(&self, count: u64, words: [u64; 4]) {
        if self.brake.has_passed_a_point() {
            self.before.store(count - 1, Ordering::Relaxed);
        }
        if count >= self.after.load(Ordering::Relaxed) {
            self.brake.pull();
        }
        if self.kinds.load(Ordering::Relaxed) & kind_bit(words[1]) != 0 {
            self.hold_against_filters(count, &Record::of_words(words).event);
        }
    }

    #[cold]
    fn hold_against_filters(&self, count: u64, event: &Event) {
        let filters = self.filters.lock().unwrap_or_else(PoisonError::into_inner);
        let fitting = filters.iter().enumerate().filter(|(_, filter)| filter.fits(event));
        let fitted = fitting.fold(0, |bits, (place, _)| bits | 1 << place);
        if fitted == 0 {
            return;
        }
        self.last.store(count, Ordering::Relaxed);
        self.fitted.fetch_or(fitted, Ordering::Relaxed);
        if self.stops.load(Ordering::Relaxed) != 0 {
            self.brake.pull();
        }
    }
}
