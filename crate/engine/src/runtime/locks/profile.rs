//! Profiles locks: what they cost, by class and, for PTE locks, by region (S2); and which locks a CPU holds
//! and waits for now. All of it is in flat words, for a reader in place.
//!
//! Each CPU has a profile that it alone writes, so that counting shares nothing. Waits are all timed: the CPU
//! that waits has the time. Holds are timed by sample where the clock is not free, and so are the regions:
//! what is sampled stands for as many as were not.

use crate::fields::fields;
use crate::parts::MemoryPart;
use crate::sync::aside::{AtomicU64, Ordering};
use std::panic::Location;
use std::sync::Arc;

use super::cost::{CostWords, LockCost};
use super::rank::{LockClass, LockId, RANK_COUNT};
use super::regions::RegionCosts;

/// One in this many acquisitions of a PTE lock counts for its region.
const REGION_SAMPLE: u64 = 512;
/// The first of them all count, so that a short run has something to say.
const FIRST: u64 = 64;
/// The most held locks that are shown.
pub(crate) const SHOWN: usize = 15;

/// One CPU's profile: what its locks cost it, and which it holds and waits for now.
#[derive(Debug, Default)]
#[repr(C, align(64))]
pub struct LockProfile {
    classes: [CostWords; RANK_COUNT],
    /// The lock it waits for, as [`LockId::word`]; 0 for none.
    awaited: AtomicU64,
    /// How many locks it holds, and the first of them. Kept where ranks are checked: on virtual CPUs.
    held_count: AtomicU64,
    held: [AtomicU64; SHOWN],
    /// Costs by the region's index; written by sample and after waits.
    regions: Arc<RegionCosts>,
}

/// How many acquisitions a timed one stands for: in its class, and in its region, 0 for none.
#[derive(Clone, Copy, Debug)]
pub(in crate::runtime) struct Sample {
    in_class: u64,
    in_region: u64,
}

impl LockProfile {
    /// Where its fields are.
    pub(crate) const FIELDS: [(&str, usize); 4] =
        fields!(Self { classes, awaited, held_count, held });

    /// A profile that adds to these regions.
    pub fn new(regions: Arc<RegionCosts>) -> Self {
        Self { regions, ..Self::default() }
    }

    /// Returns what a reader in place may read of it, as a part of memory.
    pub fn part(&self) -> MemoryPart {
        MemoryPart { address: std::ptr::from_ref(self).addr(), stride: Self::SHOWN_BYTES, count: 1 }
    }

    /// Bytes of it that a reader in place may read.
    pub(crate) const SHOWN_BYTES: usize = std::mem::offset_of!(Self, regions);

    /// Returns what this CPU's locks of `class` cost.
    pub fn of_class(&self, class: LockClass) -> LockCost {
        self.classes[class as usize].load()
    }

    /// Returns the lock that the CPU waits for.
    pub fn awaited(&self) -> Option<LockId> {
        LockId::of_word(self.awaited.load(Ordering::Relaxed))
    }

    /// Returns the locks that the CPU holds, where ranks are checked; of very many the first.
    pub fn held(&self) -> impl Iterator<Item = LockId> + '_ {
        let count = self.held_count.load(Ordering::Relaxed) as usize;
        self.held
            .iter()
            .take(count)
            .filter_map(|word| LockId::of_word(word.load(Ordering::Relaxed)))
    }

    /// Shows that the CPU waits for a lock.
    #[cold]
    pub(in crate::runtime) fn waits_for(&self, lock: LockId) {
        self.awaited.store(lock.word(), Ordering::Relaxed);
    }

    /// Shows which locks the CPU holds; the one at `place`, if there is one, is new there.
    #[inline]
    pub(in crate::runtime) fn holds(
        &self,
        locks: &[(LockId, &'static Location<'static>)],
        place: usize,
    ) {
        self.held_count.store(locks.len() as u64, Ordering::Relaxed);
        if let (Some(word), Some((lock, _))) = (self.held.get(place), locks.get(place)) {
            word.store(lock.word(), Ordering::Relaxed);
        }
    }

    /// Counts an acquisition after `waited` nanoseconds; returns whether its hold is to be timed. `sampled`
    /// returns how many acquisitions the one of this number stands for, if it is timed.
    #[inline]
    pub(in crate::runtime) fn acquired(
        &self,
        lock: LockId,
        waited: u64,
        sampled: impl FnOnce(u64) -> Option<u64>,
    ) -> Option<Sample> {
        let row = &self.classes[lock.class as usize];
        let count = add(&row.acquisitions, 1);
        if waited != 0 {
            self.waited(lock, waited);
        }
        let in_class = sampled(count)?;
        let in_region = match count {
            _ if lock.class != LockClass::Pte => 0,
            0..FIRST => 1,
            _ if count.is_multiple_of(REGION_SAMPLE) => REGION_SAMPLE,
            _ => 0,
        };
        Some(Sample { in_class, in_region })
    }

    /// Counts an acquisition whose lock is released in the same step.
    #[inline]
    pub fn passed(&self, lock: LockId, sampled: impl FnOnce(u64) -> Option<u64>) {
        if let Some(sample) = self.acquired(lock, 0, sampled) {
            self.released(lock, sample, 0);
        }
    }

    #[cold]
    fn waited(&self, lock: LockId, waited: u64) {
        self.awaited.store(0, Ordering::Relaxed);
        let row = &self.classes[lock.class as usize];
        add(&row.contended, 1);
        add(&row.wait, waited);
        if lock.class == LockClass::Pte {
            let cost = LockCost { contended: 1, wait: waited, ..LockCost::default() };
            self.regions.add(lock.index, cost);
        }
    }

    /// Counts a timed hold.
    #[cold]
    pub(in crate::runtime) fn released(&self, lock: LockId, sample: Sample, held: u64) {
        add(&self.classes[lock.class as usize].hold, held * sample.in_class);
        if sample.in_region > 0 {
            let (acquisitions, hold) = (sample.in_region, held * sample.in_region);
            self.regions.add(lock.index, LockCost { acquisitions, hold, ..LockCost::default() });
        }
    }
}

/// Adds to a word that only this CPU writes; returns its old value.
#[inline]
fn add(word: &AtomicU64, amount: u64) -> u64 {
    let old = word.load(Ordering::Relaxed);
    word.store(old + amount, Ordering::Relaxed);
    old
}
