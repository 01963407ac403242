//! What trimmer and writer have measured for the predictive trigger (S4).

use crate::sync::atomic::{AtomicU32, AtomicU64, Ordering};

/// A forecast of how many frames are needed soon, and what it is made from.
#[derive(Debug, Default)]
pub struct Forecast {
    frames: AtomicU32,
    write: AtomicU64,
}

impl Forecast {
    /// Frames that will be taken before a trim that starts now has made some; 0 before anything
    /// was measured.
    pub fn frames(&self) -> u32 {
        self.frames.load(Ordering::Relaxed)
    }

    /// The trimmer forecasts anew.
    pub fn set_frames(&self, frames: u32) {
        self.frames.store(frames, Ordering::Relaxed);
    }

    /// Nanoseconds to write a batch, as a moving average.
    pub fn write_time(&self) -> u64 {
        self.write.load(Ordering::Relaxed)
    }

    /// The writer wrote a batch in that many nanoseconds.
    pub fn wrote(&self, nanoseconds: u64) {
        self.write.store(average(self.write_time(), nanoseconds), Ordering::Relaxed);
    }
}

/// A moving average in which the latest counts a quarter.
pub fn average(old: u64, new: u64) -> u64 {
    if old == 0 { new } else { old - old / 4 + new / 4 }
}
