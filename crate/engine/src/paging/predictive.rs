//! The predictive trigger forecasts how many frames will be taken before a trim that starts now has made some
//! available (S4, S5). That is the rate at which CPUs take frames times the time that a batch needs to be
//! trimmed and written, both as moving averages, and half as much again for bursts.

use crate::machine::{Machine, average};
use crate::observe::Counter;

/// The trimmer's measurements between wake-ups.
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
    /// Measures, at a wake-up at `now`, the rate since the last.
    pub(super) fn woken(&mut self, machine: &Machine, now: u64) {
        let counters = [Counter::DemandZero, Counter::Hard, Counter::Copies];
        let taken = counters.iter().map(|counter| machine.stats.total(*counter)).sum();
        let elapsed = now.saturating_sub(self.woken_at);
        if self.woken_at > 0 && elapsed > 0 {
            let frames = u128::from(taken - self.taken) * u128::from(SECOND);
            self.rate = average(self.rate, (frames / u128::from(elapsed)) as u64);
        }
        (self.woken_at, self.taken) = (now, taken);
    }

    /// Forecasts anew, after a batch was trimmed in that many nanoseconds.
    pub(super) fn trimmed(&mut self, machine: &Machine, nanoseconds: u64) {
        self.trim = average(self.trim, nanoseconds);
        let time = self.trim + machine.forecast.write_time();
        let need = u128::from(self.rate) * u128::from(time) * 3 / 2 / u128::from(SECOND);
        // Never so many that the working set would be trimmed for nothing.
        let most = u128::from(machine.pfns.count() / 4);
        machine.forecast.set_frames(need.min(most) as u32);
    }
}

/// Returns the available frames below which the trimmer is woken, with the predictive trigger.
pub(super) fn low(machine: &Machine) -> u32 {
    machine.forecast.frames().max(machine.options.trim.low)
}

/// Returns the available frames up to which it trims.
pub(super) fn high(machine: &Machine) -> u32 {
    (2 * machine.forecast.frames()).max(machine.options.trim.high)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::MachineOptions;

    const MILLISECOND: u64 = SECOND / 1000;

    fn machine(frames: u32) -> Machine {
        Machine::bare(MachineOptions { frames, ..MachineOptions::default() }, 1, 1).unwrap()
    }

    /// Returns a forecaster that has seen so many frames taken in the second since it was woken first.
    fn after_a_second(machine: &Machine, taken: u64) -> Forecaster {
        let mut forecaster = Forecaster::default();
        forecaster.woken(machine, SECOND);
        machine.stats.add(0, Counter::DemandZero, taken);
        forecaster.woken(machine, 2 * SECOND);
        assert_eq!(forecaster.rate, taken);
        forecaster
    }

    #[test]
    fn s4_the_rate_is_of_frames_taken_between_two_wake_ups() {
        let machine = machine(64);
        let mut forecaster = Forecaster::default();
        machine.stats.add(0, Counter::DemandZero, 10);
        forecaster.woken(&machine, SECOND);
        assert_eq!(forecaster.rate, 0, "nobody knows since when");
        // Three faults take a frame: a page of zeros, a page from swap, a copy; on any CPU.
        machine.stats.add(0, Counter::DemandZero, 20);
        machine.stats.add(1, Counter::Hard, 30);
        machine.stats.add(1, Counter::Copies, 50);
        machine.stats.add(0, Counter::Soft, 1000);
        forecaster.woken(&machine, 3 * SECOND);
        assert_eq!(forecaster.rate, 50, "100 frames in two seconds");
        machine.stats.add(0, Counter::Copies, 10);
        forecaster.woken(&machine, 4 * SECOND);
        assert_eq!(forecaster.rate, 50 - 12 + 2, "a quarter of the way to 10");
        // No time has passed: the sample does not count.
        machine.stats.add(0, Counter::Copies, 7);
        forecaster.woken(&machine, 4 * SECOND);
        assert_eq!((forecaster.rate, forecaster.taken), (40, 127));
        forecaster.woken(&machine, 4 * SECOND + SECOND / 2);
        assert_eq!(forecaster.rate, 30, "nothing in half a second");
    }

    #[test]
    fn s4_the_need_is_the_rate_times_the_time_and_half_as_much_again() {
        let machine = machine(400);
        let mut forecaster = after_a_second(&machine, 40);
        // 40 a second for 0.1 seconds is 4, and 2 more.
        forecaster.trimmed(&machine, 100 * MILLISECOND);
        assert_eq!(machine.forecast.frames(), 6);
        // With 0.2 seconds to write a batch, 0.3 in all.
        machine.forecast.wrote(200 * MILLISECOND);
        forecaster.trimmed(&machine, 100 * MILLISECOND);
        assert_eq!(machine.forecast.frames(), 18);
        // 0.1 and a quarter of the way to 0.5, and 0.2: 0.4 seconds.
        forecaster.trimmed(&machine, 500 * MILLISECOND);
        assert_eq!((forecaster.trim, machine.forecast.frames()), (200 * MILLISECOND, 24));
        // Rounded down: 40 * 0.401 * 1.5 is 24.06.
        forecaster.trimmed(&machine, 204 * MILLISECOND);
        assert_eq!((forecaster.trim, machine.forecast.frames()), (201 * MILLISECOND, 24));
    }

    #[test]
    fn s4_the_need_is_never_more_than_a_quarter_of_the_frames() {
        for (frames, rate, need) in
            [(64, 40, 6), (64, 106, 15), (64, 107, 16), (64, 114, 16), (64, 1 << 40, 16)]
        {
            let machine = machine(frames);
            let mut forecaster = after_a_second(&machine, rate);
            forecaster.trimmed(&machine, 100 * MILLISECOND);
            assert_eq!(machine.forecast.frames(), need, "{frames} frames, {rate} a second");
        }
    }

    #[test]
    fn s5_the_marks_are_the_forecast_and_twice_the_forecast_at_least_the_options() {
        let machine = machine(64);
        for (frames, marks) in [(0, (8, 16)), (8, (8, 16)), (9, (9, 18)), (16, (16, 32))] {
            machine.forecast.set_frames(frames);
            assert_eq!((low(&machine), high(&machine)), marks, "{frames}");
        }
    }
}
