//! A set of CPUs, as bits.

use crate::options::MAX_CPUS;

/// A set of CPUs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CpuSet(pub [u64; 2]);

const _: () = assert!(MAX_CPUS as usize <= 128);

impl CpuSet {
    /// Returns the set of the first CPUs.
    pub fn first(cpus: usize) -> Self {
        let bits = |from: usize| match cpus.saturating_sub(from) {
            64.. => u64::MAX,
            some => (1 << some) - 1,
        };
        Self([bits(0), bits(64)])
    }

    /// Returns the CPUs in either set.
    pub fn union(self, other: Self) -> Self {
        Self([self.0[0] | other.0[0], self.0[1] | other.0[1]])
    }

    /// Returns the set without one CPU.
    pub fn without(mut self, cpu: usize) -> Self {
        if cpu < 128 {
            self.0[cpu / 64] &= !(1 << (cpu % 64));
        }
        self
    }

    /// Whether the set has no CPU.
    pub fn is_empty(self) -> bool {
        self.0 == [0, 0]
    }

    /// Returns the CPUs in order.
    pub fn iter(self) -> impl Iterator<Item = usize> {
        let mut left = self.0;
        std::iter::from_fn(move || {
            let word = left.iter().position(|word| *word != 0)?;
            let bit = left[word].trailing_zeros() as usize;
            left[word] &= left[word] - 1;
            Some(64 * word + bit)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_of_cpus_is_joined_and_loses_one() {
        let both = CpuSet([0b101, 0]).union(CpuSet([0b100, 1]));
        assert_eq!(both.iter().collect::<Vec<_>>(), [0, 2, 64]);
        assert_eq!(both.without(2).iter().collect::<Vec<_>>(), [0, 64]);
        assert_eq!(both.without(64), CpuSet([0b101, 0]));
        assert_eq!(both.without(128), both, "a daemon is in no set");
        assert!(both.without(0).without(2).without(64).is_empty());
        for count in [0, 1, 63, 64, 65, 127, 128] {
            assert_eq!(
                CpuSet::first(count).iter().collect::<Vec<_>>(),
                (0..count).collect::<Vec<_>>()
            );
        }
    }
}
