//! Threads that hesitate: after one write in so many to a word that others see, a thread lets them go on.
//!
//! Virtual CPUs switch at awaits alone, so the explorer cannot see two writes that stand in a wrong
//! order between the same two awaits. Here any two writes can be far apart.

use std::cell::Cell;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread::yield_now;

/// Writes to one hesitation, 0 for none.
static ONE_IN: AtomicU32 = AtomicU32::new(0);
/// Threads so far, so that each hesitates elsewhere.
static THREADS: AtomicU32 = AtomicU32::new(1);

thread_local! {
    static STATE: Cell<u64> =
        Cell::new(u64::from(THREADS.fetch_add(1, Ordering::Relaxed)).wrapping_mul(0x9E37_79B9_7F4A_7C15));
}

/// From here on every thread of this program hesitates after about one write in `writes`; 0 for none.
pub fn hesitate_after_one_in(writes: u32) {
    ONE_IN.store(writes, Ordering::Relaxed);
}

/// A word that others see was written.
#[inline]
pub(super) fn written() {
    let one_in = ONE_IN.load(Ordering::Relaxed);
    if one_in > 0 {
        perhaps_wait(one_in);
    }
}

#[cold]
fn perhaps_wait(one_in: u32) {
    let random = STATE.get() ^ STATE.get() << 13;
    let random = random ^ random >> 7;
    let random = random ^ random << 17;
    STATE.set(random);
    if (random >> 32).is_multiple_of(u64::from(one_in)) {
        // Mostly long enough for others to come between, now and then for them to come far.
        for _ in 0..if random & 7 > 0 { 1 } else { 100 } {
            yield_now();
        }
    }
}
