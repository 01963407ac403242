//! The forecast of the predictive trigger, and the measurements of trimmer and writer it is made from (S4).

use crate::sync::atomic::{AtomicU32, AtomicU64, Ordering};

/// How many frames are forecast to be needed soon, and how long a write takes.
#[derive(Debug, Default)]
pub struct Forecast {
    frames: AtomicU32,
    write: AtomicU64,
}

impl Forecast {
    /// Returns how many frames will be taken before a trim that starts now has made some available; 0 before
    /// anything was measured.
    pub fn frames(&self) -> u32 {
        self.frames.load(Ordering::Relaxed)
    }

    /// Sets the forecast; the trimmer does.
    pub fn set_frames(&self, frames: u32) {
        self.frames.store(frames, Ordering::Relaxed);
    }

    /// Returns the nanoseconds to write a batch, as a moving average.
    pub fn write_time(&self) -> u64 {
        self.write.load(Ordering::Relaxed)
    }

    /// Records that the writer wrote a batch in that many nanoseconds.
    pub fn wrote(&self, nanoseconds: u64) {
        self.write.store(average(self.write_time(), nanoseconds), Ordering::Relaxed);
    }
}

/// Returns a moving average in which the latest value counts a quarter.
pub fn average(old: u64, new: u64) -> u64 {
    if old == 0 { new } else { old - old / 4 + new / 4 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s4_an_average_moves_a_quarter_of_the_way() {
        // The first counts whole; then three quarters of what was and a quarter of what is new, each
        // rounded down.
        let all = [(0, 7, 7), (100, 20, 80), (80, 200, 110), (3, 3, 3), (4, 0, 3), (7, 7, 7)];
        for (old, new, expected) in all {
            assert_eq!(average(old, new), expected, "{old} {new}");
        }
    }

    #[test]
    fn s4_the_time_of_a_write_is_an_average() {
        let forecast = Forecast::default();
        assert_eq!((forecast.frames(), forecast.write_time()), (0, 0));
        let times = [(400, 400), (200, 350), (350, 350 - 87 + 87), (0, 350 - 87)];
        for (wrote, expected) in times {
            forecast.wrote(wrote);
            assert_eq!(forecast.write_time(), expected);
        }
        forecast.set_frames(9);
        assert_eq!((forecast.frames(), forecast.write_time()), (9, 263));
    }
}
