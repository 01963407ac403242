//! A small seeded generator of random numbers: the same numbers on every platform.

use crate::hash::mix;

/// SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", 2014).
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// Returns a generator for this seed; streams of different seeds are unrelated.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Returns the stream of one lane; lanes of one seed have nothing in common.
    pub const fn lane(seed: u64, lane: u32) -> Self {
        Self(mix(seed ^ mix(lane as u64 + 1)))
    }

    /// Returns the next 64 bits.
    #[inline]
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        mix(self.0)
    }

    /// Returns the whole state, which decides what comes next.
    pub fn state(&self) -> u64 {
        self.0
    }

    /// Returns a number below `bound` (which is not 0), by the high half of a product.
    #[inline]
    pub fn below(&mut self, bound: u64) -> u64 {
        ((u128::from(self.bits()) * u128::from(bound)) >> 64) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The published first outputs of SplitMix64 from the state 1234567.
    #[test]
    fn r2_the_stream_is_splitmix64() {
        let mut stream = Random(1_234_567);
        let found: Vec<u64> = (0..3).map(|_| stream.bits()).collect();
        assert_eq!(
            found,
            [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]
        );
    }

    #[test]
    fn r5_lanes_differ() {
        assert_ne!(Random::lane(1, 0).bits(), Random::lane(1, 1).bits());
        assert_ne!(Random::lane(1, 0).bits(), Random::lane(2, 0).bits());
    }
}
