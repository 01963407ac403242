//! Ranks the classes of locks, and checks the order in which a CPU takes them.
//!
//! A CPU that holds a lock blocks only on locks of a higher rank; a try-lock may go against the
//! order, because it never waits (S13). The notes' order A to D is the middle of ours:
//!
//! | rank | class | guards |
//! |---|---|---|
//! | 0 | process | one process's life: fork, kill, sleep, wake, its size |
//! | 1 | pte (A) | the PTEs of one region (several in ascending order) |
//! | 2 | pfn (B) | one frame's entry in the PFN database |
//! | 3 | tree | parents and families; with reverse mapping by family one lock for each family, and the tree's (before it) for those that begin |
//! | 4 | list (C) | one list of frames |
//! | 5 | slot (D) | the slot bitmap; with clusters also one lock for each, alone |

use std::fmt;
use std::panic::Location;

use crate::observe::{Event, EventKind};

/// Makes the classes from their table: each with its name in reports, in the order of their ranks.
macro_rules! lock_classes {
    ($($(#[$doc:meta])* $class:ident $name:literal,)*) => {
        /// A kind of lock; its rank is its order in this list.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum LockClass {
            $($(#[$doc])* $class,)*
        }

        /// How many classes there are.
        pub const RANK_COUNT: usize = [$($name),*].len();

        impl LockClass {
            /// All classes, by rank.
            pub const ALL: [Self; RANK_COUNT] = [$(Self::$class),*];

            /// The name in reports.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$class => $name,)*
                }
            }
        }
    };
}

lock_classes! {
    /// One process's life.
    Process "process",
    /// A region of PTEs (A).
    Pte "pte",
    /// A frame's entry (B).
    Pfn "pfn",
    /// The process tree.
    Tree "tree",
    /// A list of frames (C).
    List "list",
    /// The slot bitmap (D).
    Slot "slot",
}

/// Which lock: its class and, within the class, a number that orders it. In a sentence it is what the lock
/// guards, as `frame 3`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LockId {
    /// The class.
    pub class: LockClass,
    /// Which one of the class.
    pub index: u64,
}

impl fmt::Display for LockId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let index = self.index;
        match self.class {
            LockClass::Process => write!(formatter, "process {index}"),
            LockClass::Pte => {
                let (process, page) = region_of(index);
                write!(formatter, "the PTEs from page {page} of process {process}")
            }
            LockClass::Pfn => write!(formatter, "frame {index}"),
            LockClass::Tree => match index.checked_sub(1) {
                None => formatter.write_str("the process tree"),
                Some(family) => write!(formatter, "family {family}"),
            },
            LockClass::List => write!(formatter, "list {index}"),
            LockClass::Slot => match index.checked_sub(1) {
                None => formatter.write_str("the slots"),
                Some(cluster) => write!(formatter, "slot cluster {cluster}"),
            },
        }
    }
}

impl LockId {
    /// Where the class is in a lock's word.
    pub(crate) const CLASS_SHIFT: u32 = 56;

    /// Lock `index` of `class`.
    pub const fn new(class: LockClass, index: u64) -> Self {
        Self { class, index }
    }

    /// Returns the lock of the members of a family.
    pub(crate) const fn of_family(family: u32) -> Self {
        Self::new(LockClass::Tree, 1 + family as u64)
    }

    /// Returns the lock of a cluster of slots.
    pub(crate) const fn of_cluster(cluster: usize) -> Self {
        Self::new(LockClass::Slot, 1 + cluster as u64)
    }

    /// Returns the lock of the region of PTEs that begins with a page of a process.
    pub const fn of_region(process: u32, page: u32) -> Self {
        Self::new(LockClass::Pte, (process as u64) << 32 | page as u64)
    }

    /// Returns the lock in one word, for a reader in place: the class and 1 from bit 56, the index below.
    pub(in crate::runtime) const fn word(self) -> u64 {
        (self.class as u64 + 1) << Self::CLASS_SHIFT | self.index
    }

    /// Returns the lock that a word names; none for 0.
    pub(in crate::runtime) fn of_word(word: u64) -> Option<Self> {
        let class = *LockClass::ALL.get((word >> Self::CLASS_SHIFT).checked_sub(1)? as usize)?;
        Some(Self::new(class, word & ((1 << Self::CLASS_SHIFT) - 1)))
    }

    /// Returns an event about the lock, for the trace, with its second operand.
    pub(crate) const fn event(self, kind: EventKind, operand: u64) -> Event {
        Event::of(kind, self.class as u32).with(self.index, operand)
    }
}

/// Returns the process and the first page of a region of PTEs, by the index of its lock. The one lock of a
/// machine that has no other is 0.
pub const fn region_of(index: u64) -> (u32, u32) {
    ((index >> 32) as u32, index as u32)
}

/// The locks one CPU holds, each with the source location that took it.
#[derive(Debug, Default)]
pub struct HeldLocks {
    held: Vec<(LockId, &'static Location<'static>)>,
    violations: Vec<String>,
}

impl HeldLocks {
    /// Records that the CPU is about to block on `lock`; a wrong order is kept as a violation.
    pub fn about_to_block(&mut self, lock: LockId, site: &'static Location<'static>) {
        let allowed = |held: LockId| {
            // Regions of PTEs by their places; the tree before a family.
            let several = matches!(lock.class, LockClass::Pte | LockClass::Tree);
            held.class < lock.class
                || held.class == lock.class && several && held.index < lock.index
        };
        for (held, taken_at) in &self.held {
            if !allowed(*held) {
                self.violations.push(format!(
                    "lock order: {} {} taken at {site} while holding {} {} taken at {taken_at}",
                    lock.class.name(),
                    lock.index,
                    held.class.name(),
                    held.index,
                ));
            }
        }
    }

    /// Records that the CPU holds `lock`.
    pub fn taken(&mut self, lock: LockId, site: &'static Location<'static>) {
        self.held.push((lock, site));
    }

    /// Records that the CPU has released `lock`; returns its index among those held, where the last of them
    /// is now.
    pub fn released(&mut self, lock: LockId) -> Option<usize> {
        let place = self.held.iter().rposition(|(held, _)| *held == lock);
        match place {
            Some(place) => {
                self.held.swap_remove(place);
            }
            None => self.violations.push(format!(
                "{} {} released by a CPU that does not hold it",
                lock.class.name(),
                lock.index
            )),
        }
        place
    }

    /// Takes the violations since the last call.
    pub fn take_violations(&mut self) -> Vec<String> {
        std::mem::take(&mut self.violations)
    }

    /// Returns the locks that are held, and where each was taken.
    pub fn all(&self) -> &[(LockId, &'static Location<'static>)] {
        &self.held
    }

    /// Returns how many locks are held.
    pub fn count(&self) -> usize {
        self.held.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_is_named_by_one_word() {
        assert_eq!(LockId::of_word(0), None);
        assert_eq!(LockId::of_word(u64::MAX), None);
        for class in LockClass::ALL {
            for index in [0, 1, 0x1234_5678, (1 << LockId::CLASS_SHIFT) - 1] {
                let lock = LockId::new(class, index);
                assert_eq!(LockId::of_word(lock.word()), Some(lock));
            }
        }
        assert_eq!(LockId::new(LockClass::Process, 5).word(), 1 << 56 | 5);
        assert_eq!(LockId::new(LockClass::Slot, 0).word(), 6 << 56);
    }

    /// A CPU that waits for a lock which it holds waits for ever.
    #[test]
    fn s13_a_lock_that_is_held_already_is_out_of_order() {
        let site = Location::caller();
        for class in LockClass::ALL {
            let mut held = HeldLocks::default();
            held.taken(LockId::new(class, 3), site);
            held.about_to_block(LockId::new(class, 3), site);
            assert_eq!((held.take_violations().len(), held.count()), (1, 1), "{class:?}");
            let several = matches!(class, LockClass::Pte | LockClass::Tree);
            held.about_to_block(LockId::new(class, 4), site);
            assert_eq!(held.take_violations().is_empty(), several, "{class:?}");
            held.about_to_block(LockId::new(class, 2), site);
            assert_eq!(held.take_violations().len(), 1, "{class:?}");
            held.taken(LockId::new(class, 4), site);
            assert_eq!(held.count(), 2);
        }
    }

    #[test]
    fn a_regions_index_says_its_process_and_its_first_page() {
        for (process, page) in [(0, 0), (3, 70), (4095, u32::MAX)] {
            assert_eq!(region_of(LockId::of_region(process, page).index), (process, page));
        }
    }
}
