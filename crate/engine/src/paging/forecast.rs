//! The predictive trigger: how many frames will be taken before a trim that starts now has made
//! some (S4, S5). That is the rate at which CPUs take frames times the time that a batch needs to
//! be trimmed and written, both as moving averages, and half as much again for bursts.

use crate::memory::{Memory, average};
use crate::observe::Counter;

/// The trimmer's own memory between wake-ups.
#[derive(Debug, Default)]
pub(super) struct Forecaster {
    woken_at: u64,
    taken: u64,
    /// Frames taken in a second.
    rate: u64,
    /// Nanoseconds to trim a batch.
    trim: u64,
}

const SECOND: u64 = 1_000_000_000;

impl Forecaster {
    /// A wake-up at `now`: measures the rate since the last.
    pub(super) fn woken(&mut self, memory: &Memory, now: u64) {
        let counters = [Counter::DemandZero, Counter::Hard, Counter::Copies];
        let taken = counters.iter().map(|counter| memory.stats.total(*counter)).sum();
        let elapsed = now.saturating_sub(self.woken_at);
        if self.woken_at > 0 && elapsed > 0 {
            let frames = u128::from(taken - self.taken) * u128::from(SECOND);
            self.rate = average(self.rate, (frames / u128::from(elapsed)) as u64);
        }
        (self.woken_at, self.taken) = (now, taken);
    }

    /// A batch was trimmed in that many nanoseconds: forecasts anew.
    pub(super) fn trimmed(&mut self, memory: &Memory, nanoseconds: u64) {
        self.trim = average(self.trim, nanoseconds);
        let time = self.trim + memory.forecast.write_time();
        let need = u128::from(self.rate) * u128::from(time) * 3 / 2 / u128::from(SECOND);
        // Never so many that the working set would be trimmed for nothing.
        let most = u128::from(memory.pfns.count() / 4);
        memory.forecast.set_frames(need.min(most) as u32);
    }
}

/// Available frames below which the trimmer is woken, with the predictive trigger.
pub(super) fn low(memory: &Memory) -> u32 {
    memory.forecast.frames().max(memory.options.trim.low)
}

/// Available frames up to which it trims.
pub(super) fn high(memory: &Memory) -> u32 {
    (2 * memory.forecast.frames()).max(memory.options.trim.high)
}
