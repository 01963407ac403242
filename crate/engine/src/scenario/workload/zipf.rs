//! Draws from Zipf's distribution: the k-th of n with a probability proportional to 1/k^s.
//!
//! Walker's alias method, as Vose builds it: one column a page, so that a draw is one look-up
//! whatever n is. `libm` computes the powers, because the platform's own differ in the last bit.

use crate::runtime::Random;

/// A column of the alias table: its rank is drawn if the coin falls below `keep`, else `other`.
#[derive(Clone, Copy, Debug)]
struct Column {
    keep: u32,
    other: u32,
}

/// A table to draw ranks from, 8 bytes each.
#[derive(Debug)]
pub(super) struct Zipf(Box<[Column]>);

impl Zipf {
    /// Builds the table for `count` ranks and the exponent `s`.
    pub(super) fn new(count: u32, s: f64) -> Self {
        let weights: Vec<f64> = (1..=count).map(|rank| libm::pow(f64::from(rank), -s)).collect();
        // From the smallest up, so that the small ones are not lost.
        let sum: f64 = weights.iter().rev().sum();
        // Each column holds 1 on average: columns above that fill up those below.
        let mut share: Vec<f64> =
            weights.iter().map(|weight| weight / sum * f64::from(count)).collect();
        let mut columns: Vec<Column> =
            (0..count).map(|rank| Column { keep: u32::MAX, other: rank }).collect();
        let (mut poor, mut rich): (Vec<u32>, Vec<u32>) =
            (0..count).partition(|&rank| share[rank as usize] < 1.0);
        while let (Some(&small), Some(&large)) = (poor.last(), rich.last()) {
            poor.pop();
            columns[small as usize] =
                Column { keep: (share[small as usize] * 4_294_967_296.0) as u32, other: large };
            share[large as usize] -= 1.0 - share[small as usize];
            if share[large as usize] < 1.0 {
                rich.pop();
                poor.push(large);
            }
        }
        Self(columns.into_boxed_slice())
    }

    /// Draws a rank from 0, with `coin`, 32 random bits of the caller's.
    #[inline]
    pub(super) fn draw(&self, stream: &mut Random, coin: u32) -> u32 {
        let rank = stream.below(self.0.len() as u64) as u32;
        let column = self.0[rank as usize];
        if coin < column.keep { rank } else { column.other }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(ranks: u32, s: f64, draws: u32) -> Vec<u32> {
        let (table, mut stream) = (Zipf::new(ranks, s), Random::lane(3, 0));
        let mut counts = vec![0; ranks as usize];
        for _ in 0..draws {
            let coin = stream.bits() as u32;
            counts[table.draw(&mut stream, coin) as usize] += 1;
        }
        counts
    }

    #[test]
    fn r5_zipf_draws_in_proportion() {
        let counts = counts(100, 0.99, 1_000_000);
        let sum: f64 = (1..=100).map(|rank| 1.0 / libm::pow(f64::from(rank), 0.99)).sum();
        for rank in [1_u32, 2, 10, 100] {
            let expected = 1e6 / libm::pow(f64::from(rank), 0.99) / sum;
            let found = f64::from(counts[rank as usize - 1]);
            assert!((found - expected).abs() < 5.0 * expected.sqrt(), "{rank}: {found} {expected}");
        }
    }

    #[test]
    fn r5_zipf_of_nothing_is_uniform_and_of_ten_is_one_page() {
        assert!(counts(8, 0.0, 80_000).iter().all(|count| count.abs_diff(10_000) < 500));
        assert!(counts(1000, 10.0, 10_000)[0] > 9_900);
        assert_eq!(counts(1, 1.0, 10), [10]);
    }
}
