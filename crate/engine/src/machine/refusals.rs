//! Refuses requests on purpose: a test sees each way in which an operation can fail for want of a frame, a
//! slot or a process record, the k-th request at a time (as SQLite's tests refuse its allocations:
//! <https://www.sqlite.org/testing.html>, 3.1).
//!
//! In a build without debug assertions nothing is ever refused, and asking costs nothing.

use crate::sync::aside::{AtomicBool, AtomicU32, Ordering};

/// Counts requests, and refuses some of them.
#[derive(Debug, Default)]
pub struct Refusals {
    /// Whether requests are counted.
    armed: AtomicBool,
    /// The number of the first request to refuse, counted from 1.
    first: AtomicU32,
    /// Whether all after it are refused too.
    all: AtomicBool,
    /// Requests so far.
    requests: AtomicU32,
}

impl Refusals {
    /// Refuses the `first` request from now on, counted from 1, and, if `all`, each that follows.
    pub fn arm(&self, first: u32, all: bool) {
        self.first.store(first, Ordering::Relaxed);
        self.all.store(all, Ordering::Relaxed);
        self.requests.store(0, Ordering::Relaxed);
        self.armed.store(true, Ordering::SeqCst);
    }

    /// Ends the refusals. Returns how many requests there were.
    pub fn disarm(&self) -> u32 {
        self.armed.store(false, Ordering::SeqCst);
        self.requests.load(Ordering::Relaxed)
    }

    /// Whether requests are counted, and some refused.
    #[inline]
    pub fn is_armed(&self) -> bool {
        cfg!(debug_assertions) && self.armed.load(Ordering::Relaxed)
    }

    /// Counts a request; true if it is to be refused.
    #[inline]
    pub fn refuses(&self) -> bool {
        self.is_armed() && self.count()
    }

    #[cold]
    fn count(&self) -> bool {
        let number = self.requests.fetch_add(1, Ordering::Relaxed) + 1;
        let first = self.first.load(Ordering::Relaxed);
        number == first || number > first && self.all.load(Ordering::Relaxed)
    }
}
