//! The cost of cache lines that travel between virtual CPUs, by class of word, in flat words for a reader in place.

use crate::fields::fields;
use crate::parts::MemoryPart;
use crate::sync::aside::{AtomicU64, Ordering};

/// The most classes of words.
const MOST_CLASSES: usize = 64;

/// The cost of the lines of one class of words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LineCost {
    /// How often a line travelled for such a word.
    pub transfers: u64,
    /// How many of these were false sharing: the CPU that wrote the line last wrote another word of it, and no
    /// other CPU had written this one last.
    pub false_sharing: u64,
    /// Nanoseconds that CPUs waited for the line to be free for their transfer.
    pub queued: u64,
    /// Nanoseconds lost in all: queued, and on the way.
    pub lost: u64,
}

/// The words of a cost.
#[derive(Debug, Default)]
#[repr(C)]
struct Row {
    transfers: AtomicU64,
    false_sharing: AtomicU64,
    queued: AtomicU64,
    lost: AtomicU64,
}

/// Where the fields of a row are.
pub(crate) const LINE_FIELDS: [(&str, usize); 4] =
    fields!(Row { transfers, false_sharing, queued, lost });

/// What lines have cost so far. Only the one thread of a virtual run writes it.
#[derive(Debug)]
pub struct LineCosts {
    rows: Box<[Row]>,
}

impl Default for LineCosts {
    fn default() -> Self {
        Self { rows: (0..MOST_CLASSES).map(|_| Row::default()).collect() }
    }
}

impl LineCosts {
    /// Adds to the cost of a class.
    #[cfg(feature = "coherence")]
    pub(crate) fn add(&self, class: usize, cost: LineCost) {
        let add = |word: &AtomicU64, amount: u64| {
            word.store(word.load(Ordering::Relaxed) + amount, Ordering::Relaxed);
        };
        let row = &self.rows[class];
        add(&row.transfers, cost.transfers);
        add(&row.false_sharing, cost.false_sharing);
        add(&row.queued, cost.queued);
        add(&row.lost, cost.lost);
    }

    /// Returns the cost of a class so far.
    pub fn of(&self, class: usize) -> LineCost {
        let row = &self.rows[class];
        LineCost {
            transfers: row.transfers.load(Ordering::Relaxed),
            false_sharing: row.false_sharing.load(Ordering::Relaxed),
            queued: row.queued.load(Ordering::Relaxed),
            lost: row.lost.load(Ordering::Relaxed),
        }
    }

    /// Returns the rows, one for each class, as a part of memory.
    pub fn part(&self) -> MemoryPart {
        MemoryPart::of(&self.rows)
    }
}

impl std::ops::AddAssign for LineCost {
    fn add_assign(&mut self, other: Self) {
        self.transfers += other.transfers;
        self.false_sharing += other.false_sharing;
        self.queued += other.queued;
        self.lost += other.lost;
    }
}
