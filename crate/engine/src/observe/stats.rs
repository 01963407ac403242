//! Counts events and fault latencies. Each CPU writes a row of its own, so nothing is shared while it counts;
//! a report adds the rows up.

use super::counter::Counter;
use super::fault::FaultKind;
use super::latencies::Latencies;
use crate::parts::MemoryPart;
use crate::sync::atomic::{AtomicU64, Ordering};

/// Words in a CPU's row of counters, so that rows share no cache line.
const ROW: usize = 32;

/// Latencies of one kind of fault, in nanoseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Latency {
    /// Faults of this kind (timed or not).
    pub count: u64,
    /// Median of the timed ones.
    pub p50: u64,
    /// 99th percentile.
    pub p99: u64,
    /// 99.9th percentile.
    pub p999: u64,
    /// The longest.
    pub max: u64,
    /// All together, estimated from the timed ones.
    pub total: u64,
}

/// The counters and latencies of all CPUs.
#[derive(Debug)]
pub struct Stats {
    rows: Box<[[AtomicU64; ROW]]>,
    latencies: Latencies,
}

impl Stats {
    /// Counters at zero for this many CPUs, daemons included, and as many rows of latencies as there
    /// are threads that write them at one time; they take much memory, so none is fine.
    pub fn new(cpus: usize, latency_rows: usize) -> Self {
        Self {
            rows: (0..cpus).map(|_| std::array::from_fn(|_| AtomicU64::new(0))).collect(),
            latencies: Latencies::new(latency_rows),
        }
    }

    /// Adds to a counter of `cpu`, which alone writes its row.
    #[inline]
    pub fn add(&self, cpu: usize, counter: Counter, amount: u64) {
        let word = &self.rows[cpu][counter as usize];
        word.store(word.load(Ordering::Relaxed) + amount, Ordering::Relaxed);
    }

    /// Returns a counter, summed over the CPUs.
    pub fn total(&self, counter: Counter) -> u64 {
        self.rows.iter().map(|row| row[counter as usize].load(Ordering::Relaxed)).sum()
    }

    /// Returns a counter of one CPU.
    #[inline]
    pub fn of_cpu(&self, cpu: usize, counter: Counter) -> u64 {
        self.rows[cpu][counter as usize].load(Ordering::Relaxed)
    }

    /// Records how long a fault took.
    pub fn record(&self, cpu: usize, kind: FaultKind, nanoseconds: u64) {
        self.latencies.record(cpu, kind, nanoseconds);
    }

    /// Returns the latencies of one kind over all CPUs; none when no such fault happened.
    pub fn latency(&self, kind: FaultKind) -> Option<Latency> {
        let count = self.total(kind.counter());
        if count == 0 {
            return None;
        }
        let timed = self.latencies.of_kind(kind);
        Some(Latency {
            count,
            p50: timed.value_at_quantile(0.5),
            p99: timed.value_at_quantile(0.99),
            p999: timed.value_at_quantile(0.999),
            max: timed.max(),
            total: (timed.mean() * count as f64) as u64,
        })
    }

    /// Returns the rows of counters, as a part of memory.
    pub fn counters_part(&self) -> MemoryPart {
        MemoryPart::of(&self.rows)
    }

    /// Returns the rows of latencies, as a part of memory.
    pub fn latencies_part(&self) -> MemoryPart {
        self.latencies.part()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s1_a_kind_of_fault_is_told_by_its_count_and_by_those_that_were_timed() {
        let stats = Stats::new(3, 2);
        assert_eq!(stats.latency(FaultKind::Hard), None);
        stats.add(0, Counter::Hard, 4);
        stats.add(2, Counter::Hard, 6);
        stats.record(0, FaultKind::Hard, 1000);
        stats.record(1, FaultKind::Hard, 3000);
        // Buckets of 4 ns from 1000 and of 16 ns from 2992. The two stand for ten.
        let hard =
            Latency { count: 10, p50: 1003, p99: 3007, p999: 3007, max: 3007, total: 20_010 };
        assert_eq!(stats.latency(FaultKind::Hard), Some(hard));
        for (kind, _) in FaultKind::ALL.into_iter().filter(|(kind, _)| *kind != FaultKind::Hard) {
            assert_eq!(stats.latency(kind), None);
        }
    }

    #[test]
    fn s1_every_kind_of_fault_has_its_own_histogram_and_counter() {
        let stats = Stats::new(2, 1);
        for (place, (kind, name)) in (1..).zip(FaultKind::ALL) {
            stats.add(1, kind.counter(), place);
            stats.record(1, kind, place);
            let counter = Counter::ALL.iter().find(|(counter, _)| *counter == kind.counter());
            assert_eq!(counter.unwrap().1, name);
        }
        for (place, (kind, _)) in (1..).zip(FaultKind::ALL) {
            let latency = stats.latency(kind).unwrap();
            assert_eq!((latency.count, latency.p50, latency.max), (place, place, place));
            assert_eq!(latency.total, place * place);
        }
    }

    #[test]
    fn s1_a_counter_is_the_sum_over_all_cpus_and_nobody_elses() {
        let stats = Stats::new(3, 0);
        for (place, (counter, _)) in (1..).zip(Counter::ALL) {
            for cpu in 0..3 {
                stats.add(cpu, counter, place * 10_u64.pow(cpu as u32));
            }
        }
        for (place, (counter, _)) in (1..).zip(Counter::ALL) {
            assert_eq!(stats.total(counter), place * 111);
            assert_eq!(stats.of_cpu(2, counter), place * 100);
        }
        // Where nothing is timed there is nothing to report but the count.
        stats.record(0, FaultKind::Soft, 5);
        assert_eq!(
            stats.latency(FaultKind::Soft).map(|soft| (soft.count, soft.max)),
            Some((444, 0))
        );
    }
}
