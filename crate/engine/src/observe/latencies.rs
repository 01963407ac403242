//! Histograms of how long faults took, as counts by duration in flat words that a reader in place can add up.
//!
//! A row has a histogram for each kind of fault. Durations below 256 ns have a bucket each; above, each
//! doubling has 128 buckets, so a bucket is less than 1 % wide: two significant digits, the buckets of
//! `hdrhistogram`, which works out the quantiles.
//!
//! | bucket | durations in nanoseconds |
//! |---|---|
//! | `i` below 256 | `i` |
//! | else, with `s = i / 128 - 1` | `(128 + i % 128) << s` and `2^s` of them |

use crate::sync::aside::{AtomicU32, Ordering};

use hdrhistogram::Histogram;

use super::fault::FaultKind;
use crate::parts::MemoryPart;

/// Buckets of each doubling.
pub(crate) const HALF: u64 = 128;
/// The longest duration that is distinguished from longer ones: a minute.
const LONGEST: u64 = 60_000_000_000;
/// Buckets of a histogram.
pub(crate) const BUCKETS: usize = bucket_of(LONGEST) + 1;
/// Buckets of a row.
const ROW: usize = BUCKETS * FaultKind::ALL.len();

/// Returns the bucket of a duration.
const fn bucket_of(nanoseconds: u64) -> usize {
    let shift = (u64::BITS - (nanoseconds | (2 * HALF - 1)).leading_zeros()) as u64 - 8;
    (HALF * shift + (nanoseconds >> shift)) as usize
}

/// Returns the shortest duration of a bucket.
const fn shortest_of(bucket: usize) -> u64 {
    let (bucket, shift) = (bucket as u64, (bucket as u64 / HALF).saturating_sub(1));
    (bucket - HALF * shift) << shift
}

/// Rows of histograms. On threads each CPU writes its own; virtual CPUs share one.
#[derive(Debug)]
pub(super) struct Latencies {
    counts: Box<[AtomicU32]>,
}

impl Latencies {
    pub(super) fn new(rows: usize) -> Self {
        Self { counts: (0..rows * ROW).map(|_| AtomicU32::new(0)).collect() }
    }

    /// Counts a fault of this CPU.
    pub(super) fn record(&self, cpu: usize, kind: FaultKind, nanoseconds: u64) {
        let rows = self.counts.len() / ROW;
        let Some(row) = cpu.checked_rem(rows) else { return };
        let bucket = bucket_of(nanoseconds.min(LONGEST));
        let word = &self.counts[row * ROW + kind as usize * BUCKETS + bucket];
        word.store(word.load(Ordering::Relaxed).saturating_add(1), Ordering::Relaxed);
    }

    /// Returns the histogram of all faults of a kind.
    pub(super) fn of_kind(&self, kind: FaultKind) -> Histogram<u64> {
        let mut sum = Histogram::new_with_bounds(1, LONGEST, 2).expect("the bounds are legal");
        for row in self.counts.chunks_exact(ROW) {
            let counts = &row[kind as usize * BUCKETS..][..BUCKETS];
            for (bucket, count) in counts.iter().enumerate() {
                let count = count.load(Ordering::Relaxed);
                if count > 0 {
                    sum.saturating_record_n(shortest_of(bucket), count.into());
                }
            }
        }
        sum
    }

    /// Returns the rows, as a part of memory.
    pub(super) fn part(&self) -> MemoryPart {
        MemoryPart::of_rows(&self.counts, ROW)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn w4_buckets_are_those_of_hdrhistogram() {
        let histogram = Histogram::<u64>::new_with_bounds(1, LONGEST, 2).unwrap();
        for bucket in 0..BUCKETS {
            let shortest = shortest_of(bucket);
            assert_eq!(bucket_of(shortest), bucket);
            assert_eq!(histogram.lowest_equivalent(shortest), shortest);
            let next = histogram.next_non_equivalent(shortest);
            assert_eq!(bucket_of(next - 1), bucket);
            assert_eq!(bucket_of(next), bucket + 1);
        }
    }

    #[test]
    fn w4_quantiles_are_those_of_what_was_recorded() {
        let latencies = Latencies::new(2);
        let mut expected = Histogram::<u64>::new_with_bounds(1, LONGEST, 2).unwrap();
        let mut nanoseconds = 3;
        for fault in 0..4000 {
            nanoseconds = nanoseconds * 31 % 10_000_019;
            expected.saturating_record(nanoseconds);
            latencies.record(fault % 3, FaultKind::Hard, nanoseconds);
        }
        latencies.record(0, FaultKind::Hard, u64::MAX);
        expected.saturating_record(u64::MAX);
        let found = latencies.of_kind(FaultKind::Hard);
        for quantile in [0.0, 0.5, 0.99, 0.999, 1.0] {
            assert_eq!(found.value_at_quantile(quantile), expected.value_at_quantile(quantile));
        }
        assert_eq!((found.len(), latencies.of_kind(FaultKind::Soft).len()), (4001, 0));
    }
}
