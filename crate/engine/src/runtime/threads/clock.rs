//! The one clock of the threads runtime. A browser's worker has no `std` clock, so its host installs one;
//! everywhere else the monotonic clock of the system serves.

use std::sync::OnceLock;

static CLOCK: OnceLock<fn() -> u64> = OnceLock::new();

/// Installs the host's clock, in nanoseconds from any fixed point. Only the first call counts.
pub fn set_clock(clock: fn() -> u64) {
    let _ = CLOCK.set(clock);
}

/// Returns nanoseconds from a fixed point of this run.
pub fn now_ns() -> u64 {
    CLOCK.get_or_init(|| system_clock)()
}

#[cfg(not(target_arch = "wasm32"))]
#[expect(clippy::disallowed_methods, reason = "the module that owns the clock")]
fn system_clock() -> u64 {
    static START: OnceLock<std::time::Instant> = OnceLock::new();
    let start = START.get_or_init(std::time::Instant::now);
    u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(target_arch = "wasm32")]
fn system_clock() -> u64 {
    0
}
