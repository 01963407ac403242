//! Estimates curves from a sample of the pages (SHARDS: Waldspurger and others, "Efficient MRC construction with
//! SHARDS", FAST 2015; for other policies than LRU: "Cache modeling and optimization using miniature simulations",
//! ATC 2017).
//!
//! A page is in the sample by a hash of its number, with all of its references, so that a sample of the rate r in a
//! memory of r times the frames behaves as all pages do in the whole memory. Faults of the sample, divided by r, are
//! the estimate of the faults; pages outside the sample count as if they faulted as often as those in it.
//!
//! The estimate has two errors, and its bounds have three times the standard deviation of each:
//!
//! * which pages are in the sample. With m faults of a page, the variance of the estimate is (1 - r) / r² times the
//!   sum of m² over the pages of the sample (Horvitz and Thompson, 1952);
//! * how many pages of the sample stand for c pages of the whole: r c, but for a standard deviation of
//!   sqrt(r (1 - r) c). So the bounds are those of smaller and of larger memories than r c.
//!
//! The second takes for granted that a curve has no jumps. LRU and the optimal policy have none, because a larger
//! memory never faults more. SIEVE in a few frames and LFU have some, which a sample cannot foretell.

use crate::hash::mix;
use crate::lanes::Sink;
use crate::policy::Policy;
use crate::stream::Stream;

/// How many standard deviations the bounds are away.
const DEVIATIONS: f64 = 3.0;

/// A sample of a stream.
#[derive(Clone, Debug)]
pub struct Sample {
    stream: Stream,
    rate: f64,
    references: u64,
}

/// An estimate of the faults in a memory.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// The size of the memory.
    pub frames: u32,
    /// The estimate.
    pub faults: f64,
    /// What the faults are at least and at most, within three standard deviations.
    pub least: f64,
    /// See above.
    pub most: f64,
}

/// Whether a page is in the sample of a rate between 0 and 1, by the number that its trace gives it.
#[must_use]
pub fn in_sample(name: u64, rate: f64) -> bool {
    // The mix of 0 is 0, which would be in every sample.
    mix(name.wrapping_add(0x9e37_79b9_7f4a_7c15)) <= (rate * (u64::MAX as f64)) as u64
}

/// The faults of each page in each memory.
struct Faults {
    memories: usize,
    counts: Vec<u32>,
}

impl Sink for Faults {
    fn fault(&mut self, _: usize, lane: usize, page: u32, _: u32) {
        self.counts[page as usize * self.memories + lane] += 1;
    }
}

impl Sample {
    /// Takes a sample of a rate between 0 and 1. None if no page is in it.
    #[must_use]
    pub fn of(stream: &Stream, rate: f64) -> Option<Self> {
        let sample = stream.only(|name| in_sample(name, rate));
        let references = stream.len() as u64;
        (sample.pages() > 0).then_some(Self { stream: sample, rate, references })
    }

    /// Returns how many pages are in the sample.
    #[must_use]
    pub fn pages(&self) -> usize {
        self.stream.pages()
    }

    /// Returns how many references are in the sample.
    #[must_use]
    pub fn references(&self) -> usize {
        self.stream.len()
    }

    /// Estimates how often a policy faults in memories of `sizes` frames.
    #[must_use]
    pub fn estimates(&self, policy: &Policy, sizes: &[u32]) -> Vec<Estimate> {
        let around = |frames: u32| {
            let middle = f64::from(frames) * self.rate;
            let apart = DEVIATIONS * (middle * (1.0 - self.rate)).sqrt();
            [(middle - apart).floor(), middle.round(), (middle + apart).ceil()]
        };
        let mut scaled: Vec<u32> =
            sizes.iter().flat_map(|frames| around(*frames)).map(whole).collect();
        scaled.sort_unstable();
        scaled.dedup();
        let mut found = Vec::with_capacity(scaled.len());
        for scaled in scaled.chunks(policy.sizes_at_once()) {
            found.extend(scaled.iter().copied().zip(self.measure(policy, scaled)));
        }
        let at = |frames: f64| {
            let index = found.binary_search_by_key(&whole(frames), |(frames, _)| *frames);
            found[index.expect("each size was measured")].1
        };
        let references = self.references as f64;
        let estimate = |frames: &u32| {
            let [small, middle, large] = around(*frames);
            let (most, deviation) = at(small);
            // A memory without a frame faults at every reference.
            let most = if small < 1.0 { references } else { most + DEVIATIONS * deviation };
            let (least, deviation) = at(large);
            let least = (least - DEVIATIONS * deviation).max(0.0);
            let faults = at(middle).0.min(references);
            Estimate {
                frames: *frames,
                faults,
                least: least.min(faults),
                most: most.clamp(faults, references),
            }
        };
        sizes.iter().map(estimate).collect()
    }

    /// Returns for each size in the sample the estimate of all faults, and its standard deviation.
    fn measure(&self, policy: &Policy, sizes: &[u32]) -> Vec<(f64, f64)> {
        let memories = sizes.len();
        let mut faults = Faults { memories, counts: vec![0; self.stream.pages() * memories] };
        policy.run(&self.stream, sizes, &mut faults);
        let of_lane = |lane: usize| {
            let counts = faults.counts.iter().skip(lane).step_by(memories);
            let (sum, squares) = counts.fold((0.0, 0.0), |(sum, squares), count| {
                let count = f64::from(*count);
                (sum + count, squares + count * count)
            });
            (sum / self.rate, (squares * (1.0 - self.rate)).sqrt() / self.rate)
        };
        (0..memories).map(of_lane).collect()
    }
}

/// Returns a size as the frames of a memory, of which there is at least one.
fn whole(frames: f64) -> u32 {
    frames.max(1.0) as u32
}
