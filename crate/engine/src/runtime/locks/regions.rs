//! The costs of the locks of PTE regions: a table of flat words that all CPUs add to, by sample and after
//! waits, so that it is seldom touched. A reader in place finds a record for each region in use.
//!
//! The table is open-addressed: a region stands in one of the few records after the one that its index hashes
//! to. Where none is left its cost is added to the record of all others, so that the sum is always right.

use crate::fields::fields;
use crate::parts::MemoryPart;
use crate::sync::aside::{AtomicU32, AtomicU64, Ordering};

use super::cost::{CostWords, LockCost};
use super::rank::region_of;

/// Records that are tried for a region.
const TRIED: usize = 32;

/// One region, on a cache line of its own.
#[derive(Debug, Default)]
#[repr(C, align(64))]
struct Region {
    /// The index of its lock and 1; 0 while the record is free.
    key: AtomicU64,
    cost: CostWords,
    /// The record of the same owner that was taken before this one; 0 for none.
    next: AtomicU32,
}

/// Where the fields of a region's record are.
pub(crate) const REGION_FIELDS: [(&str, usize); 2] = fields!(Region { key, cost });

/// The regions that have cost something.
#[derive(Debug, Default)]
pub struct RegionCosts {
    /// The records; the first is for the regions that found none.
    records: Box<[Region]>,
    /// The record of each owner that was taken last; owners may share an entry.
    latest: Box<[AtomicU32]>,
}

/// Returns the owner of a region, its process.
const fn owner_of(index: u64) -> u32 {
    region_of(index).0
}

impl RegionCosts {
    /// Returns a table with room for about so many regions.
    pub fn new(count: usize) -> Self {
        Self {
            records: (0..=count).map(|_| Region::default()).collect(),
            latest: (0..=count).map(|_| AtomicU32::new(0)).collect(),
        }
    }

    fn latest_of(&self, owner: u32) -> &AtomicU32 {
        &self.latest[owner as usize % self.latest.len()]
    }

    fn place(&self, index: u64) -> Option<&Region> {
        let places = self.records.len().checked_sub(1)?;
        let start = (index.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as usize;
        let key = index + 1;
        for step in 0..TRIED.min(places) {
            let at = 1 + (start + step) % places;
            let place = &self.records[at];
            match place.key.compare_exchange(0, key, Ordering::Relaxed, Ordering::Relaxed) {
                Ok(_) => {
                    self.link(owner_of(index), at as u32, place);
                    return Some(place);
                }
                Err(found) if found == key => return Some(place),
                Err(_) => {}
            }
        }
        self.records.first()
    }

    /// Puts a record first among those of its owner, so that a reader that walks along them never misses one.
    fn link(&self, owner: u32, at: u32, place: &Region) {
        let latest = self.latest_of(owner);
        let mut before = latest.load(Ordering::Relaxed);
        loop {
            place.next.store(before, Ordering::Relaxed);
            match latest.compare_exchange_weak(before, at, Ordering::Release, Ordering::Relaxed) {
                Ok(_) => return,
                Err(now) => before = now,
            }
        }
    }

    /// Adds to what a region has cost.
    pub(super) fn add(&self, index: u64, cost: LockCost) {
        let Some(Region { cost: words, .. }) = self.place(index) else { return };
        words.acquisitions.fetch_add(cost.acquisitions, Ordering::Relaxed);
        words.contended.fetch_add(cost.contended, Ordering::Relaxed);
        words.wait.fetch_add(cost.wait, Ordering::Relaxed);
        words.hold.fetch_add(cost.hold, Ordering::Relaxed);
    }

    /// Returns what each region has cost, by the index of its lock; regions that found no record are left
    /// out.
    pub fn costs(&self) -> impl Iterator<Item = (u64, LockCost)> + '_ {
        self.records.iter().filter_map(|place| {
            let index = place.key.load(Ordering::Relaxed).checked_sub(1)?;
            Some((index, place.cost.load()))
        })
    }

    /// Forgets what the regions of an owner that has ended have cost. No CPU adds to them meanwhile.
    pub fn forget(&self, owner: u32) {
        if self.latest.is_empty() {
            return;
        }
        let mut at = self.latest_of(owner).load(Ordering::Acquire);
        while at != 0 {
            let place = &self.records[at as usize];
            if owner_of(place.key.load(Ordering::Relaxed) - 1) == owner {
                let CostWords { acquisitions, contended, wait, hold } = &place.cost;
                for word in [acquisitions, contended, wait, hold] {
                    word.store(0, Ordering::Relaxed);
                }
            }
            at = place.next.load(Ordering::Relaxed);
        }
    }

    /// Returns the records, as a part of memory.
    pub fn part(&self) -> MemoryPart {
        MemoryPart::of(&self.records)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn waited(wait: u64) -> LockCost {
        LockCost { contended: 1, wait, ..LockCost::default() }
    }

    #[test]
    fn s2_each_region_has_its_own_record() {
        let regions = RegionCosts::new(4096);
        for round in 1..=3 {
            for region in 0..1000 {
                regions.add((region << 32) | (region * 64), waited(round));
            }
        }
        let costs: BTreeMap<_, _> = regions.costs().collect();
        assert_eq!(costs.len(), 1000);
        assert!(costs.values().all(|cost| *cost == LockCost { contended: 3, ..waited(6) }));
        regions.forget(7);
        assert_eq!(regions.costs().filter(|(_, cost)| cost.wait == 0).count(), 1);
    }

    #[test]
    fn s2_what_finds_no_place_is_counted_with_the_others() {
        let regions = RegionCosts::new(16);
        for region in 0..64 {
            regions.add(region, waited(1));
        }
        assert_eq!(regions.costs().count(), 16);
        assert_eq!(regions.records[0].cost.load().wait, 48);
        RegionCosts::new(0).add(3, waited(1));
    }
}
