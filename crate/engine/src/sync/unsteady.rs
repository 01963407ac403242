//! Injects yields into real threads: after about one in so many writes to a shared word, a thread yields.
//!
//! Virtual CPUs switch at awaits alone, so the explorer cannot see two writes that stand in a wrong order
//! between the same two awaits. Here other threads can come between any two writes.

use std::cell::Cell;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread::yield_now;

use crate::hash::mix;

/// Writes for each injected yield, 0 for none.
static ONE_IN: AtomicU32 = AtomicU32::new(0);
/// Threads so far, so that each yields at other writes.
static THREADS: AtomicU32 = AtomicU32::new(0);

thread_local! {
    static WRITES: Cell<u64> = Cell::new(mix(THREADS.fetch_add(1, Ordering::Relaxed).into()));
}

/// Makes every thread of this program yield after about one write in `writes` from here on; 0 for none.
pub fn hesitate_after_one_in(writes: u32) {
    ONE_IN.store(writes, Ordering::Relaxed);
}

/// Yields now and then; called after each write to a shared word, and each attempt at one.
#[inline]
pub(super) fn written() {
    let one_in = ONE_IN.load(Ordering::Relaxed);
    if one_in > 0 {
        perhaps_wait(one_in);
    }
}

#[cold]
fn perhaps_wait(one_in: u32) {
    WRITES.set(WRITES.get().wrapping_add(1));
    let random = mix(WRITES.get());
    if (random >> 32).is_multiple_of(one_in.into()) {
        // Mostly one yield, long enough for others to come between; now and then many, for them to come far.
        for _ in 0..if random & 7 > 0 { 1 } else { 100 } {
            yield_now();
        }
    }
}
