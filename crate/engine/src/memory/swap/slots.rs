//! Finds free slots: in one bitmap, and in a cache of a few slots for each CPU and daemon, "at hand" (S7).
//!
//! A CPU takes from its cache and gives to it without a lock, and goes to the bitmap, under the slot lock
//! (D), once for many slots. Between the bitmap and the caches slots move under that lock alone. So the CPU
//! that holds it and finds the bitmap empty can look through every cache, and knows that no free slot is
//! anywhere else.
//!
//! While swap is short (`drain_hands`) nothing is kept at hand: the CPU that finds fewer free slots than
//! [`FreeSlots::low`] in the bitmap says so and empties all caches, under the slot lock; nothing is put into one
//! until the bitmap has twice as many. A CPU that had seen room just before may still put one slot into its cache. It
//! counts that, so a search that finds as many puts as when all caches were last empty need not look into them.
//!
//! Other finders have no caches and no lock of all slots: see `rows.rs`.

use crate::parts::{MemoryPart, NewLine};
use crate::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use super::bitmap::Bitmap;
use super::moves::{Move, Moves};
use super::rows::Rows;
use crate::memory::stash::Stash;
use crate::memory::word::Slot;
use crate::options::SlotFinder;

/// The most slots in one CPU's cache.
const MOST_AT_HAND: usize = 32;
/// How many slots move between the bitmap and a CPU at a time.
const BATCH: usize = MOST_AT_HAND / 2;

/// The cache of one CPU or daemon: free slots at hand.
#[derive(Debug, Default)]
#[repr(C, align(128))]
struct AtHand {
    slots: Stash<MOST_AT_HAND>,
    /// How often its owner has put a slot here; counted after the slot is there.
    puts: AtomicU64,
    /// No CPU looks at what follows while it searches for a slot.
    seldom: NewLine,
    /// Its owner's moves of slots: see `moves.rs`.
    moves: Moves,
}

/// The free slots of a swap area.
#[derive(Debug)]
pub(super) struct FreeSlots {
    slots: u32,
    finder: SlotFinder,
    bitmap: Bitmap,
    hands: Box<[AtHand]>,
    /// Whether nothing is put at hand while swap is short.
    drains: bool,
    /// Whether it is so now; changes under the slot lock.
    drained: AtomicBool,
    /// How many puts there were when all caches were last found empty.
    empty_at: AtomicU64,
    rows: Rows,
}

impl FreeSlots {
    /// Returns slots 1 to `slots`, all in the bitmap, for this many CPUs, daemons included.
    pub(super) fn new(slots: u32, finder: SlotFinder, cpus: usize, drains: bool) -> Self {
        let in_rows = is_in_rows(finder);
        let (in_bitmap, in_rows) = if in_rows { (0, slots) } else { (slots, 0) };
        let bitmap = Bitmap::new(in_bitmap + 1);
        for slot in 1..=in_bitmap {
            bitmap.insert(slot);
        }
        Self {
            slots,
            finder,
            bitmap,
            hands: (0..cpus).map(|_| AtHand::default()).collect(),
            drains,
            drained: AtomicBool::new(false),
            empty_at: AtomicU64::new(0),
            rows: Rows::new(in_rows, cpus),
        }
    }

    /// Returns how many free slots there are; a hint without the lock.
    pub(super) fn count(&self) -> u32 {
        self.count_unheld() + self.at_hand().count() as u32
    }

    /// Returns how many free slots there are, those at hand not counted; a hint without the lock.
    pub(super) fn count_unheld(&self) -> u32 {
        self.bitmap.count() + self.rows.count()
    }

    /// Whether a slot is free, and at no CPU's hand.
    pub(super) fn contains(&self, slot: Slot) -> bool {
        if is_in_rows(self.finder) {
            return self.rows.contains(slot);
        }
        self.bitmap.contains(slot.0)
    }

    /// Whether the counts of free slots agree with what is counted, at a quiescent point.
    pub(super) fn is_sound(&self) -> bool {
        self.bitmap.is_sound() && self.rows.is_sound()
    }

    /// Makes them disagree, so that a test can see the audit find it.
    pub(super) fn corrupt(&self) {
        match is_in_rows(self.finder) {
            true => self.rows.corrupt(),
            false => self.bitmap.corrupt(),
        }
    }

    /// Returns the rows, where the finder has them.
    pub(super) fn rows(&self) -> &Rows {
        &self.rows
    }

    /// Begins a move of slots by the CPU, which ends when the guard is dropped.
    pub(super) fn begin_move(&self, cpu: usize) -> Move<'_> {
        self.hands[cpu].moves.begin()
    }

    /// Returns how many moves of slots there have been but the CPU's own; none while one is under way.
    pub(super) fn moves_of_others(&self, cpu: usize) -> Option<u64> {
        let others = self.hands.iter().enumerate().filter(|(index, _)| *index != cpu);
        others
            .map(|(_, hand)| hand.moves.ended())
            .try_fold(0, |sum, moves| Some(u64::wrapping_add(sum, moves?)))
    }

    /// Whether the CPU may have slots at hand. Only the CPU itself calls this.
    pub(super) fn has_at_hand(&self, cpu: usize) -> bool {
        self.hands[cpu].slots.may_have()
    }

    /// Adds to `taken` what the CPU has at hand, until it has `want` slots.
    pub(super) fn take_at_hand(&self, cpu: usize, want: usize, taken: &mut Vec<Slot>) {
        let hand = &self.hands[cpu].slots;
        while taken.len() < want
            && let Some(slot) = hand.pop()
        {
            taken.push(Slot(slot));
        }
    }

    /// Adds to `taken` until it has `want` slots: from the bitmap, which also fills the CPU's cache, or, when
    /// there is none, from the other CPUs' caches. No slot at all is free when none comes. The caller holds
    /// the slot lock. Returns how many slots, words of the bitmap or entries of caches it looked at.
    pub(super) fn take(&self, cpu: usize, want: usize, taken: &mut Vec<Slot>) -> u32 {
        let mut looks = 0;
        match self.finder {
            SlotFinder::Scan => looks += self.take_by_scan(want, taken),
            SlotFinder::Bitmap => {
                while taken.len() < want
                    && let Some(slot) = self.bitmap.pop(&mut looks)
                {
                    taken.push(Slot(slot));
                }
                looks += match self.is_short() {
                    true => self.drain(want, taken),
                    false => self.fill(cpu),
                };
                if taken.is_empty() && !self.are_hands_empty(&mut looks) {
                    looks += self.steal(want, taken, |_| {});
                }
            }
            SlotFinder::Rows | SlotFinder::Clusters | SlotFinder::Fixed => {
                unreachable!("slots in rows are taken without the slot lock")
            }
        }
        looks
    }

    /// Takes slots the naive way: slot by slot from the first, each time.
    fn take_by_scan(&self, want: usize, taken: &mut Vec<Slot>) -> u32 {
        for slot in 1..=self.slots {
            if taken.len() == want {
                return slot - 1;
            }
            if self.bitmap.remove(slot) {
                taken.push(Slot(slot));
            }
        }
        self.slots
    }

    /// Slots in the bitmap below which nothing is at hand: a batch for each CPU and daemon.
    fn low(&self) -> u32 {
        (self.hands.len() * BATCH) as u32
    }

    /// Whether swap is short now; the caller holds the slot lock.
    fn is_short(&self) -> bool {
        if !self.drains {
            return false;
        }
        let was = self.drained.load(Ordering::Relaxed);
        self.bitmap.count() < if was { 2 * self.low() } else { self.low() }
    }

    /// Puts what is at hand into the bitmap, if that was not done yet, and goes on taking from there.
    fn drain(&self, want: usize, taken: &mut Vec<Slot>) -> u32 {
        let mut looks = 0;
        if !self.drained.load(Ordering::Relaxed) {
            self.drained.store(true, Ordering::Relaxed);
            let puts = self.puts();
            looks += (self.hands.len() * MOST_AT_HAND) as u32;
            for hand in &self.hands {
                while let Some(slot) = hand.slots.steal() {
                    self.bitmap.insert(slot);
                }
            }
            self.empty_at.store(puts, Ordering::Relaxed);
        }
        while taken.len() < want
            && let Some(slot) = self.bitmap.pop(&mut looks)
        {
            taken.push(Slot(slot));
        }
        looks
    }

    /// Whether all caches are known to be empty, because nothing was put into one since they were.
    fn are_hands_empty(&self, looks: &mut u32) -> bool {
        if !self.drains || !self.drained.load(Ordering::Relaxed) {
            return false;
        }
        *looks += self.hands.len() as u32;
        self.puts() == self.empty_at.load(Ordering::Relaxed)
    }

    fn fill(&self, cpu: usize) -> u32 {
        if self.drains {
            self.drained.store(false, Ordering::Relaxed);
        }

        let mut looks = 0;
        let lowest = std::iter::from_fn(|| self.bitmap.pop(&mut looks));
        let batch: Vec<u32> = lowest.take(BATCH).collect();
        // The lowest on top, so that slots are used in the order in which they lie on the device.
        for slot in batch.into_iter().rev() {
            if !self.put(cpu, slot) {
                self.bitmap.insert(slot);
            }
        }
        looks
    }

    /// Takes slots from every cache. `searched` is called after each cache, so that a test can act in
    /// between.
    fn steal(&self, want: usize, taken: &mut Vec<Slot>, mut searched: impl FnMut(usize)) -> u32 {
        let mut looks = 0;
        loop {
            looks += (self.hands.len() * MOST_AT_HAND) as u32;
            let puts = self.puts();
            for (cpu, hand) in self.hands.iter().enumerate() {
                while taken.len() < want
                    && let Some(slot) = hand.slots.steal()
                {
                    taken.push(Slot(slot));
                }
                searched(cpu);
            }
            // A slot put into a cache after that cache was searched is free too. When none was put anywhere
            // from the first search to the last, all caches were empty at one time.
            if !taken.is_empty() || want == 0 {
                return looks;
            }
            if puts == self.puts() {
                if self.drains {
                    self.empty_at.store(puts, Ordering::Relaxed);
                }
                return looks;
            }
        }
    }

    fn puts(&self) -> u64 {
        let puts = self.hands.iter().map(|hand| hand.puts.load(Ordering::Acquire));
        puts.fold(0, u64::wrapping_add)
    }

    fn put(&self, cpu: usize, slot: u32) -> bool {
        let hand = &self.hands[cpu];
        let put = hand.slots.push(slot, MOST_AT_HAND);
        if put {
            let puts = hand.puts.load(Ordering::Relaxed);
            hand.puts.store(puts.wrapping_add(1), Ordering::Release);
        }
        put
    }

    /// Whether a slot can be put into the CPU's cache. Only the CPU itself calls this.
    pub(super) fn has_room(&self, cpu: usize) -> bool {
        self.finder == SlotFinder::Bitmap
            && !(self.drains && self.drained.load(Ordering::Relaxed))
            && self.hands[cpu].slots.has_room(MOST_AT_HAND)
    }

    /// Puts a slot into the CPU's cache, where there is room. Only the CPU itself calls this.
    pub(super) fn put_at_hand(&self, cpu: usize, slot: Slot) {
        let put = self.put(cpu, slot.0);
        debug_assert!(put, "only the owner takes room");
    }

    /// Puts a slot into the bitmap, with half of the CPU's cache when that is full. The caller holds the slot
    /// lock.
    pub(super) fn put_back(&self, cpu: usize, slot: Slot) {
        if !self.has_room(cpu) {
            let mut batch = Vec::with_capacity(BATCH);
            self.take_at_hand(cpu, BATCH, &mut batch);
            for slot in batch {
                self.bitmap.insert(slot.0);
            }
        }
        self.bitmap.insert(slot.0);
    }

    /// Returns the slots in the caches of all CPUs and daemons.
    pub(super) fn at_hand(&self) -> impl Iterator<Item = Slot> + '_ {
        self.hands.iter().flat_map(|hand| hand.slots.iter()).map(Slot)
    }

    /// Returns the free slots, as parts of memory, each with its name.
    pub(crate) fn parts(&self) -> Vec<(&'static str, MemoryPart)> {
        let mut parts = vec![("slots_at_hand", MemoryPart::of(&self.hands))];
        parts.extend(self.bitmap.parts());
        parts.extend(self.rows.parts());
        parts
    }

    /// Returns the bitmap.
    #[cfg(test)]
    pub(super) fn bitmap(&self) -> &Bitmap {
        &self.bitmap
    }
}

/// Whether a finder keeps free slots in rows.
pub(super) fn is_in_rows(finder: SlotFinder) -> bool {
    matches!(finder, SlotFinder::Rows | SlotFinder::Clusters | SlotFinder::Fixed)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// While one CPU looks for a slot, the other two move what is free past it: a slot comes into the cache
    /// that it has searched, another leaves the cache that it has not.
    #[test]
    fn s7_a_slot_that_moves_past_the_search_is_found() {
        let free = FreeSlots::new(2, SlotFinder::Bitmap, 3, false);
        let take = |cpu| {
            let mut taken = Vec::new();
            free.take_at_hand(cpu, 1, &mut taken);
            if taken.is_empty() {
                free.take(cpu, 1, &mut taken);
            }
            taken.pop().unwrap()
        };
        let (one, other) = (take(0), take(2));
        free.put_at_hand(2, other);
        let mut moves = Some(one);
        let mut found = Vec::new();
        free.steal(1, &mut found, |cpu| {
            if cpu == 0
                && let Some(one) = moves.take()
            {
                free.put_at_hand(0, one);
                assert_eq!(take(2), other);
            }
        });
        assert_eq!(found, [one]);
        assert_eq!(free.count(), 0);
    }

    fn take(free: &FreeSlots, cpu: usize, want: usize) -> (Vec<u32>, u32) {
        let mut taken = Vec::new();
        let looks = free.take(cpu, want, &mut taken);
        (taken.into_iter().map(|slot| slot.0).collect(), looks)
    }

    fn at_hand(free: &FreeSlots, cpu: usize, want: usize) -> Vec<u32> {
        let mut taken = Vec::new();
        free.take_at_hand(cpu, want, &mut taken);
        taken.into_iter().map(|slot| slot.0).collect()
    }

    #[test]
    fn s7_a_cpu_that_takes_from_the_bitmap_fills_its_hand_in_the_order_of_the_slots() {
        let free = FreeSlots::new(100, SlotFinder::Bitmap, 2, false);
        // A look for each slot taken, and one for each that goes into the cache.
        assert_eq!(take(&free, 0, 3), (vec![1, 2, 3], 3 + BATCH as u32));
        assert_eq!((free.bitmap().count(), free.count()), (100 - 3 - 16, 97));
        assert_eq!(at_hand(&free, 0, 4), [4, 5, 6, 7]);
        // 12 in the cache and 16 more are 28; of the next 16 only 4 find room.
        assert_eq!(take(&free, 0, 1).0, [20]);
        assert_eq!((free.at_hand().count(), free.bitmap().count()), (28, 100 - 20 - 16));
        assert_eq!(take(&free, 0, 1).0, [37]);
        assert_eq!((free.at_hand().count(), free.bitmap().count()), (32, 100 - 37 - 4));
        assert!(!free.has_room(0) && free.has_room(1));
        // The other CPU begins where the first has left off.
        assert_eq!(take(&free, 1, 1).0.len(), 1);
        assert_eq!(free.count(), 100 - 3 - 4 - 3);
    }

    #[test]
    fn s7_a_full_hand_gives_half_of_what_it_has_back() {
        let free = FreeSlots::new(40, SlotFinder::Bitmap, 1, false);
        let (slots, _) = take(&free, 0, 40);
        assert_eq!((slots.len(), free.count()), (40, 0));
        for slot in 1..=MOST_AT_HAND as u32 {
            assert!(free.has_room(0));
            free.put_at_hand(0, Slot(slot));
        }
        assert!(!free.has_room(0));
        free.put_back(0, Slot(33));
        assert_eq!((free.at_hand().count(), free.bitmap().count()), (16, 17));
        assert_eq!(at_hand(&free, 0, 99), (1..=16).rev().collect::<Vec<_>>());
        // With room, only the slot itself goes back.
        free.put_back(0, Slot(34));
        assert_eq!((free.at_hand().count(), free.bitmap().count(), free.count()), (0, 18, 18));
    }

    #[test]
    fn s7_the_last_slots_are_looked_for_at_every_place_at_hand() {
        let free = FreeSlots::new(2, SlotFinder::Bitmap, 3, false);
        assert_eq!(
            take(&free, 0, 1),
            (vec![1], 1 + 1 + 2),
            "the second to hand, and two at the end"
        );
        // The end of the bitmap twice, and the 32 entries of each of three caches.
        assert_eq!(take(&free, 1, 5), (vec![2], 1 + 1 + 3 * 32));
        assert_eq!(take(&free, 1, 5), (vec![], 1 + 1 + 3 * 32));
        assert_eq!(take(&free, 1, 0), (vec![], 1 + 3 * 32));
    }

    #[test]
    fn s7_a_scan_looks_from_the_first_slot_each_time_and_has_nothing_at_hand() {
        let free = FreeSlots::new(5, SlotFinder::Scan, 1, false);
        assert_eq!(take(&free, 0, 2), (vec![1, 2], 2));
        assert_eq!(take(&free, 0, 2), (vec![3, 4], 4));
        assert_eq!((take(&free, 0, 2), take(&free, 0, 2)), ((vec![5], 5), (vec![], 5)));
        assert!(!free.has_room(0));
        free.put_back(0, Slot(3));
        assert_eq!((free.at_hand().count(), take(&free, 0, 1)), (0, (vec![3], 3)));
    }

    /// While few slots are left nothing is at hand, and a search that finds none looks at a count for each CPU, not at
    /// every place; a slot that came into a cache late is found all the same.
    #[test]
    fn s7_nothing_is_at_hand_while_swap_is_short() {
        let free = FreeSlots::new(100, SlotFinder::Bitmap, 2, true);
        take(&free, 0, 1);
        assert_eq!((free.at_hand().count(), free.has_room(0)), (16, true));
        // 83 are in the bitmap; with less than 32 left there the caches are emptied.
        assert_eq!(take(&free, 1, 52).0.len(), 52);
        assert_eq!((free.at_hand().count(), free.count()), (0, 47));
        assert!(!free.has_room(0) && !free.has_room(1));
        assert_eq!(take(&free, 0, 99).0.len(), 47);
        assert_eq!(take(&free, 0, 1), (vec![], 1 + 1 + 2));
        free.put_at_hand(1, Slot(7));
        assert_eq!(take(&free, 0, 1).0, [7]);
        // Once there are twice as many, CPUs have slots at hand again.
        (1..=66).for_each(|slot| free.put_back(0, Slot(slot)));
        take(&free, 0, 1);
        assert!(free.has_room(1) && free.at_hand().count() > 0);
    }
}
