//! Sorts stack distances into buckets, each twice as wide as the one before: how many other pages are used between two
//! uses of a page.

use crate::distances::Distances;

/// References whose distances are alike. A memory of `most` frames under LRU hits at all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bucket {
    /// The least distance.
    pub least: u32,
    /// The largest.
    pub most: u32,
    /// How many references have one of these.
    pub references: u64,
}

/// Returns the buckets 1, 2, 3 to 4, 5 to 8 and so on, up to the largest distance.
#[must_use]
pub fn buckets(distances: &Distances) -> Vec<Bucket> {
    let counts = &distances.counts;
    let (mut least, mut most) = (1, 1);
    let mut buckets = Vec::new();
    while least <= counts.len() {
        let references = counts[least - 1..most.min(counts.len())].iter().sum();
        buckets.push(Bucket { least: least as u32, most: most as u32, references });
        (least, most) = (most + 1, most * 2);
    }
    buckets
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distances::distances;
    use crate::stream::{Reference, Stream};

    #[test]
    fn s6_each_distance_is_in_one_bucket() {
        let counts = vec![5, 4, 3, 2, 1, 0, 7];
        let found = buckets(&Distances { counts, first: 9 });
        let found: Vec<_> =
            found.iter().map(|bucket| (bucket.least, bucket.most, bucket.references)).collect();
        assert_eq!(found, [(1, 1, 5), (2, 2, 4), (3, 4, 5), (5, 8, 8)]);
        assert_eq!(buckets(&Distances { counts: Vec::new(), first: 1 }), []);
        // What is beyond a bucket faults in as many frames as the bucket ends at.
        let pages =
            (0..5000_u64).map(|index| Reference { page: index * index % 211, write: false });
        let distances = distances(&Stream::new(pages).unwrap());
        let buckets = buckets(&distances);
        let all: u64 = buckets.iter().map(|bucket| bucket.references).sum();
        assert_eq!(all + distances.first, 5000);
        for (number, bucket) in buckets.iter().enumerate() {
            let beyond: u64 = buckets[number + 1..].iter().map(|bucket| bucket.references).sum();
            assert_eq!(beyond + distances.first, distances.faults(bucket.most));
        }
    }
}
