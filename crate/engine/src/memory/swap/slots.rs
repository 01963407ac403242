//! Finds free slots: in one bitmap, and in a cache of a few slots for each CPU and daemon, "at hand" (S7).
//!
//! A CPU takes from its cache and gives to it without a lock, and goes to the bitmap, under the slot lock
//! (D), once for many slots. Between the bitmap and the caches slots move under that lock alone. So the CPU
//! that holds it and finds the bitmap empty can look through every cache, and knows that no free slot is
//! anywhere else.

use crate::parts::MemoryPart;
use crate::sync::atomic::{AtomicU64, Ordering};

use super::bitmap::Bitmap;
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
}

/// The free slots of a swap area.
#[derive(Debug)]
pub(super) struct FreeSlots {
    slots: u32,
    finder: SlotFinder,
    bitmap: Bitmap,
    hands: Box<[AtHand]>,
}

impl FreeSlots {
    /// Returns slots 1 to `slots`, all in the bitmap, for this many CPUs, daemons included.
    pub(super) fn new(slots: u32, finder: SlotFinder, cpus: usize) -> Self {
        let bitmap = Bitmap::new(slots + 1);
        for slot in 1..=slots {
            bitmap.insert(slot);
        }
        Self { slots, finder, bitmap, hands: (0..cpus).map(|_| AtHand::default()).collect() }
    }

    /// Returns how many free slots there are; a hint without the lock.
    pub(super) fn count(&self) -> u32 {
        self.bitmap.count() + self.at_hand().count() as u32
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
                looks += self.fill(cpu);
                if taken.is_empty() {
                    looks += self.steal(want, taken, |_| {});
                }
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

    fn fill(&self, cpu: usize) -> u32 {
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
            if !taken.is_empty() || want == 0 || puts == self.puts() {
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
        self.finder == SlotFinder::Bitmap && self.hands[cpu].slots.has_room(MOST_AT_HAND)
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
        parts
    }

    /// Returns the bitmap.
    pub(super) fn bitmap(&self) -> &Bitmap {
        &self.bitmap
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// While one CPU looks for a slot, the other two move what is free past it: a slot comes into the cache
    /// that it has searched, another leaves the cache that it has not.
    #[test]
    fn s7_a_slot_that_moves_past_the_search_is_found() {
        let free = FreeSlots::new(2, SlotFinder::Bitmap, 3);
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
        let free = FreeSlots::new(100, SlotFinder::Bitmap, 2);
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
        let free = FreeSlots::new(40, SlotFinder::Bitmap, 1);
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
        let free = FreeSlots::new(2, SlotFinder::Bitmap, 3);
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
        let free = FreeSlots::new(5, SlotFinder::Scan, 1);
        assert_eq!(take(&free, 0, 2), (vec![1, 2], 2));
        assert_eq!(take(&free, 0, 2), (vec![3, 4], 4));
        assert_eq!((take(&free, 0, 2), take(&free, 0, 2)), ((vec![5], 5), (vec![], 5)));
        assert!(!free.has_room(0));
        free.put_back(0, Slot(3));
        assert_eq!((free.at_hand().count(), take(&free, 0, 1)), (0, (vec![3], 3)));
    }
}
