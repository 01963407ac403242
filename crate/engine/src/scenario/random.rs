//! Random numbers that are the same on every platform: SplitMix64, integers only.

/// A stream of random numbers, chosen by a seed and a lane.
#[derive(Clone, Debug)]
pub(super) struct Stream(u64);

impl Stream {
    /// The stream of one lane; lanes of one seed have nothing in common.
    pub(super) const fn new(seed: u64, lane: u32) -> Self {
        Self(mix(seed ^ mix(lane as u64 + 1)))
    }

    /// 64 random bits.
    #[inline]
    pub(super) const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.0)
    }

    /// A number below `count`, all equally likely to one part in 2^46.
    #[inline]
    pub(super) const fn below(&mut self, count: u32) -> u32 {
        ((self.next() as u128 * count as u128) >> 64) as u32
    }
}

/// Spreads a number over all 64 bits (the finaliser of SplitMix64).
#[inline]
pub(super) const fn mix(number: u64) -> u64 {
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The published first outputs of SplitMix64 from the state 1234567.
    #[test]
    fn r2_the_stream_is_splitmix64() {
        let mut stream = Stream(1_234_567);
        let found: Vec<u64> = (0..3).map(|_| stream.next()).collect();
        assert_eq!(
            found,
            [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]
        );
    }

    #[test]
    fn r5_lanes_differ() {
        assert_ne!(Stream::new(1, 0).next(), Stream::new(1, 1).next());
        assert_ne!(Stream::new(1, 0).next(), Stream::new(2, 0).next());
    }
}
