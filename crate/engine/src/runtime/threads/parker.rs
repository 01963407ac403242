//! The parking lot in which threads sleep: a word's address is the key, as in a futex, and each bucket is a
//! standard mutex, so that the same safe code waits natively and in a browser's worker.

use std::sync::{Arc, PoisonError};

use crate::sync::{Condvar, Mutex};

/// A model has one: addresses differ from order to order, and two words that shared a bucket only in some of them would make
/// the next order unlike the one that it repeats.
const BUCKETS: usize = if cfg!(loom) { 1 } else { 64 };

/// One thread's parker: the thread sleeps on it until another wakes it.
#[derive(Debug)]
pub(super) struct Parker {
    /// The number of its CPU or daemon.
    index: usize,
    woken: Mutex<bool>,
    signal: Condvar,
}

impl Parker {
    /// Returns the parker of CPU or daemon `index`.
    pub(super) fn new(index: usize) -> Self {
        Self { index, woken: Mutex::default(), signal: Condvar::default() }
    }

    fn sleep(&self) {
        let mut woken = self.woken.lock().unwrap_or_else(PoisonError::into_inner);
        while !*woken {
            woken = self.signal.wait(woken).unwrap_or_else(PoisonError::into_inner);
        }
        *woken = false;
    }

    fn wake(&self) {
        *self.woken.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.signal.notify_one();
    }
}

type Bucket = Mutex<Vec<(usize, Arc<Parker>)>>;

/// The sleeping threads by the address of the word they wait on.
#[derive(Debug)]
pub(super) struct ParkingLot {
    buckets: Box<[Bucket]>,
}

impl Default for ParkingLot {
    fn default() -> Self {
        Self { buckets: (0..BUCKETS).map(|_| Mutex::default()).collect() }
    }
}

impl ParkingLot {
    fn bucket(&self, key: usize) -> &Bucket {
        // Words are 8 bytes; Fibonacci hashing spreads neighbours over the buckets.
        let hash = ((key >> 3) as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        &self.buckets[(hash >> 58) as usize % BUCKETS]
    }

    /// Sleeps until a wake-up for `key`, unless `still_needed` is false once no wake-up can be missed any
    /// more.
    pub(super) fn park(
        &self,
        key: usize,
        parker: &Arc<Parker>,
        still_needed: impl FnOnce() -> bool,
    ) {
        {
            let mut sleepers = self.bucket(key).lock().unwrap_or_else(PoisonError::into_inner);
            if !still_needed() {
                return;
            }
            sleepers.push((key, Arc::clone(parker)));
        }
        parker.sleep();
    }

    /// Returns the numbers of the threads that sleep, each with its key.
    pub(super) fn sleepers(&self) -> Vec<(usize, usize)> {
        let mut sleepers = Vec::new();
        for bucket in &self.buckets {
            let bucket = bucket.lock().unwrap_or_else(PoisonError::into_inner);
            sleepers.extend(bucket.iter().map(|(key, parker)| (parker.index, *key)));
        }
        sleepers
    }

    /// Wakes every thread that sleeps on `key`.
    pub(super) fn unpark_all(&self, key: usize) {
        let mut sleepers = self.bucket(key).lock().unwrap_or_else(PoisonError::into_inner);
        sleepers.retain(|(at, parker)| {
            if *at == key {
                parker.wake();
            }
            *at != key
        });
    }
}
