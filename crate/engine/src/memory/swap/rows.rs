//! Free slots in rows of 64, which CPUs take without a lock.
//!
//! Three kinds of words, each changed by any CPU in one atomic step: a row has a bit for each free slot; a group
//! counts free slots of its 64 rows, and the *credits* count those of all rows. A CPU frees a slot from below:
//! the bit, then the group, then the credits. It takes one from above: it draws credits, as many as there are,
//! then on groups for them, and then on rows. So at each moment the bits of a group are no fewer than its count and
//! what was drawn on it and is not found yet, and the same holds of the groups and the credits. What was drawn is
//! certain to be found, and no slot is free when there is no credit: out of swap is exact, and no CPU searches to
//! find it out (G2).
//!
//! Why a search ends: a CPU that has drawn goes round until it has found what it drew. A round finds nothing only
//! when others took what it would have found, each for a draw of its own, and freed slots where it had looked
//! already; so others have made progress meanwhile. A later round looks by steps that cannot see an old value. A
//! reader of a credit sees the bit that it stands for, or what became of it: each count is released after what it
//! counts and acquired by the draw. A search that has gone round [`FRUITLESS_ROUNDS`] times is a panic.

use crate::parts::MemoryPart;
use crate::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use crate::sync::{Padded, yield_now};

use crate::memory::word::{NIL, Slot};

/// Slots in a row, and rows in a group.
const WIDTH: u32 = u64::BITS;
/// Rounds of a search that find nothing before it is certain that what was drawn is not there.
const FRUITLESS_ROUNDS: u32 = 10_000;

/// The free slots of a swap area, in rows.
#[derive(Debug)]
pub(super) struct Rows {
    credits: Padded<AtomicU32>,
    groups: Box<[Padded<AtomicU32>]>,
    rows: Box<[AtomicU64]>,
    /// The row at which each CPU or daemon looks first.
    starts: Box<[Padded<AtomicU32>]>,
    /// For each row taken as a cluster its lock word.
    locks: Box<[AtomicU64]>,
    /// The CPU that a cluster is for, under the lock of all slots; [`NIL`] for none.
    users: Box<[AtomicU32]>,
}

impl Rows {
    /// Returns rows of slots 1 to `slots`, all free, for this many CPUs, daemons included.
    pub(super) fn new(slots: u32, cpus: usize) -> Self {
        let rows = if slots == 0 { 0 } else { (slots + 1).div_ceil(WIDTH) };
        let start = |cpu| Padded(AtomicU32::new((cpu * rows as usize / cpus.max(1)) as u32));
        let free = Self {
            credits: Padded::default(),
            groups: (0..rows.div_ceil(WIDTH)).map(|_| Padded::default()).collect(),
            rows: (0..rows).map(|_| AtomicU64::new(0)).collect(),
            starts: (0..cpus).map(start).collect(),
            locks: (0..rows).map(|_| AtomicU64::new(0)).collect(),
            users: (0..rows).map(|_| AtomicU32::new(NIL)).collect(),
        };
        (1..=slots).for_each(|slot| free.put(Slot(slot)));
        free
    }

    /// Returns how many free slots there are that no CPU has drawn.
    pub(super) fn count(&self) -> u32 {
        self.credits.0.load(Ordering::Relaxed)
    }

    /// Whether there is no slot that no CPU has drawn. Whoever finds it so sees what those did before that drew.
    pub(super) fn is_empty(&self) -> bool {
        self.credits.0.load(Ordering::Acquire) == 0
    }

    /// Whether a slot is in its row.
    pub(super) fn contains(&self, slot: Slot) -> bool {
        let bits = self.rows.get(row_of(slot)).map_or(0, |row| row.load(Ordering::Relaxed));
        bits & bit_of(slot) != 0
    }

    /// Frees a slot.
    pub(super) fn put(&self, slot: Slot) {
        self.show(slot);
        self.credit(slot);
    }

    /// Puts a slot into its row. [`credit`](Self::credit) comes after it.
    pub(super) fn show(&self, slot: Slot) {
        let old = self.rows[row_of(slot)].fetch_or(bit_of(slot), Ordering::Release);
        debug_assert!(old & bit_of(slot) == 0, "slot {} is free already", slot.0);
    }

    /// Counts a slot that is in its row.
    pub(super) fn credit(&self, slot: Slot) {
        self.groups[row_of(slot) / WIDTH as usize].0.fetch_add(1, Ordering::Release);
        self.credits.0.fetch_add(1, Ordering::Release);
    }

    /// Draws up to `want` credits: so many slots are there for the caller.
    pub(super) fn draw(&self, want: u32) -> u32 {
        draw(&self.credits.0, want)
    }

    /// Gives back credits that were drawn.
    pub(super) fn give_up(&self, credits: u32) {
        self.credits.0.fetch_add(credits, Ordering::Release);
    }

    /// Finds as many slots as the CPU has drawn, from the row where it last found some. Returns how many words it
    /// looked at.
    pub(super) fn find(&self, cpu: usize, drawn: u32, taken: &mut Vec<Slot>) -> u32 {
        let start = &self.starts[cpu].0;
        let before = taken.len();
        let looks = self.find_from(start.load(Ordering::Relaxed), drawn, taken);
        if let Some(last) = taken[before..].last() {
            start.store(row_of(*last) as u32, Ordering::Relaxed);
        }
        looks
    }

    /// Finds one slot for a credit that was drawn: this one, or the next that is free. Returns how many words it
    /// looked at.
    pub(super) fn find_near(&self, home: Slot, taken: &mut Vec<Slot>) -> u32 {
        let row = row_of(home);
        let group = &self.groups[row / WIDTH as usize].0;
        if draw(group, 1) == 0 {
            return 1 + self.find_from(row as u32, 1, taken);
        }
        if self.rows[row].fetch_and(!bit_of(home), Ordering::AcqRel) & bit_of(home) != 0 {
            taken.push(home);
            return 2;
        }
        2 + self.find_in_group(row as u32, 1, taken)
    }

    /// Finds what was drawn on the credits: goes round the groups, from that of row `start`.
    fn find_from(&self, start: u32, drawn: u32, taken: &mut Vec<Slot>) -> u32 {
        let (mut owed, mut looks) = (drawn, 0);
        let groups = self.groups.len() as u32;
        let mut group = start / WIDTH;
        let mut round = Round::of(groups);
        while owed > 0 {
            looks += 1;
            let drawn = draw(&self.groups[group as usize].0, owed);
            if drawn > 0 {
                let first = if group == start / WIDTH { start } else { group * WIDTH };
                looks += self.find_in_group(first, drawn, taken);
                owed -= drawn;
            }
            group = (group + 1) % groups;
            round.has_looked(drawn > 0, owed);
        }
        looks
    }

    /// Finds what was drawn on a group: goes round its rows, from `start`.
    fn find_in_group(&self, start: u32, drawn: u32, taken: &mut Vec<Slot>) -> u32 {
        let (mut owed, mut looks) = (drawn, 0);
        let first = start / WIDTH * WIDTH;
        let rows = (self.rows.len() as u32 - first).min(WIDTH);
        let mut place = start - first;
        let mut round = Round::of(rows);
        while owed > 0 {
            // What a later round looks at is as it is now.
            let again = looks >= rows;
            looks += 1;
            let row = first + place;
            let found = take_bits(&self.rows[row as usize], row, owed, again, taken);
            owed -= found;
            place = (place + 1) % rows;
            round.has_looked(found > 0, owed);
        }
        looks
    }

    // Clusters: a row with a lock of its own.

    /// Returns the lock word of the cluster that a slot is in, and its number.
    pub(super) fn cluster_of(&self, slot: Slot) -> (usize, &AtomicU64) {
        let row = row_of(slot);
        (row, &self.locks[row])
    }

    /// Returns the lock word of the cluster that the CPU takes from, and its number.
    pub(super) fn cluster_for(&self, cpu: usize) -> (usize, &AtomicU64) {
        let row = self.starts[cpu].0.load(Ordering::Relaxed) as usize;
        (row, &self.locks[row])
    }

    /// Finds up to `owed` slots for credits that were drawn, in a cluster whose lock the caller holds.
    pub(super) fn find_in_cluster(&self, cluster: usize, owed: u32, taken: &mut Vec<Slot>) -> u32 {
        let found = take_bits(&self.rows[cluster], cluster as u32, owed, false, taken);
        // No CPU draws on a group of clusters: the lock makes what is found its own, and it is counted already.
        self.groups[cluster / WIDTH as usize].0.fetch_sub(found, Ordering::Relaxed);
        found
    }

    /// Gives the CPU another cluster: the next with free slots that is for no other CPU, or else one that is. The
    /// caller holds the lock of all slots. Returns how many clusters it looked at.
    pub(super) fn next_cluster(&self, cpu: usize) -> u32 {
        let count = self.rows.len();
        let start = &self.starts[cpu].0;
        let old = start.load(Ordering::Relaxed) as usize;
        if self.users[old].load(Ordering::Relaxed) == cpu as u32 {
            self.users[old].store(NIL, Ordering::Relaxed);
        }
        let mut looks = 0;
        for is_mine in [true, false] {
            for step in 1..=count {
                let row = (old + step) % count;
                looks += 1;
                let is_free = self.users[row].load(Ordering::Relaxed) == NIL;
                if self.rows[row].load(Ordering::Relaxed) != 0 && is_free == is_mine {
                    if is_mine {
                        self.users[row].store(cpu as u32, Ordering::Relaxed);
                    }
                    start.store(row as u32, Ordering::Relaxed);
                    return looks;
                }
            }
        }
        looks
    }

    /// Returns the number of the cluster whose lock is at an address.
    pub(super) fn cluster_at(&self, address: usize) -> Option<usize> {
        MemoryPart::of(&self.locks).record_at(address)
    }

    // For the audit.

    /// Whether the counts agree with the bits, at a quiescent point.
    pub(super) fn is_sound(&self) -> bool {
        let bits = |rows: &[AtomicU64]| {
            rows.iter().map(|row| row.load(Ordering::Relaxed).count_ones()).sum::<u32>()
        };
        let of_groups = self.rows.chunks(WIDTH as usize).map(bits);
        let groups = self.groups.iter().map(|group| group.0.load(Ordering::Relaxed));
        groups.eq(of_groups) && self.count() == bits(&self.rows)
    }

    /// Makes the counts disagree with the bits, so that a test can see the audit find it.
    pub(super) fn corrupt(&self) {
        self.credits.0.fetch_add(1, Ordering::Relaxed);
    }

    /// Returns its words, as parts of memory, each with its name.
    pub(crate) fn parts(&self) -> [(&'static str, MemoryPart); 5] {
        [
            ("slot_groups", MemoryPart::of(&self.groups)),
            ("slot_rows", MemoryPart::of(&self.rows)),
            ("slot_starts", MemoryPart::of(&self.starts)),
            ("slot_row_locks", MemoryPart::of(&self.locks)),
            ("slot_row_users", MemoryPart::of(&self.users)),
        ]
    }
}

/// A search's rounds: after each it lets others go on, and it does not go on for ever.
struct Round {
    length: u32,
    /// Places left of this round.
    left: u32,
    /// Rounds since something was found.
    fruitless: u32,
}

impl Round {
    /// Begins the first round of so many places.
    fn of(length: u32) -> Self {
        Self { length, left: length, fruitless: 0 }
    }

    /// Counts a look at a place, after which so many slots are still owed.
    fn has_looked(&mut self, found: bool, owed: u32) {
        if found {
            self.fruitless = 0;
        }
        self.left -= 1;
        if self.left == 0 && owed > 0 {
            self.left = self.length;
            self.fruitless += 1;
            assert!(
                self.fruitless < FRUITLESS_ROUNDS,
                "{owed} slots were drawn and are not there: {FRUITLESS_ROUNDS} rounds found none"
            );
            yield_now();
        }
    }
}

fn row_of(slot: Slot) -> usize {
    (slot.0 / WIDTH) as usize
}

fn bit_of(slot: Slot) -> u64 {
    1 << (slot.0 % WIDTH)
}

/// Lowers a count by up to `want`; returns by how much.
fn draw(count: &AtomicU32, want: u32) -> u32 {
    let mut seen = count.load(Ordering::Acquire);
    loop {
        let drawn = seen.min(want);
        if drawn == 0 {
            return 0;
        }
        match count.compare_exchange(seen, seen - drawn, Ordering::AcqRel, Ordering::Acquire) {
            Ok(_) => return drawn,
            Err(now) => seen = now,
        }
    }
}

/// Takes up to `want` slots of a row, the lowest first; returns how many. `again` says that the row is to be read
/// by a step that sees its latest value.
fn take_bits(row: &AtomicU64, number: u32, want: u32, again: bool, taken: &mut Vec<Slot>) -> u32 {
    let mut seen = match again {
        true => row.fetch_or(0, Ordering::AcqRel),
        false => row.load(Ordering::Acquire),
    };
    while seen != 0 && want > 0 {
        let mut rest = seen;
        for _ in 0..want {
            // The lowest bit, if one is left.
            rest &= rest.wrapping_sub(1);
        }
        let wanted = seen & !rest;
        let old = row.fetch_and(!wanted, Ordering::AcqRel);
        let mut found = old & wanted;
        let count = found.count_ones();
        while found != 0 {
            taken.push(Slot(number * WIDTH + found.trailing_zeros()));
            found &= found - 1;
        }
        if count > 0 {
            return count;
        }
        // Others have taken all of them.
        seen = old;
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(rows: &Rows, cpu: usize, want: u32) -> Vec<u32> {
        let mut taken = Vec::new();
        let drawn = rows.draw(want);
        rows.find(cpu, drawn, &mut taken);
        taken.into_iter().map(|slot| slot.0).collect()
    }

    #[test]
    fn s7_each_cpu_takes_slots_from_rows_of_its_own_until_none_is_left() {
        let rows = Rows::new(255, 4);
        assert_eq!((rows.count(), rows.is_sound()), (255, true));
        assert_eq!(find(&rows, 0, 3), [1, 2, 3]);
        assert_eq!(find(&rows, 2, 2), [128, 129]);
        assert_eq!(find(&rows, 3, 64).len(), 64);
        // Its row is empty: the next one round.
        assert_eq!(find(&rows, 3, 1), [4]);
        assert_eq!(find(&rows, 1, 999).len(), 255 - 3 - 2 - 64 - 1);
        assert_eq!(find(&rows, 1, 1), [0; 0]);
        assert_eq!((rows.count(), rows.is_sound()), (0, true));
        rows.put(Slot(200));
        assert_eq!(find(&rows, 0, 5), [200]);
    }

    #[test]
    fn s7_what_was_drawn_is_there_however_many_groups_are_empty() {
        let slots = 3 * 64 * 64;
        let rows = Rows::new(slots, 1);
        assert_eq!(find(&rows, 0, slots).len() as u32, slots);
        rows.put(Slot(slots));
        assert!(rows.is_sound());
        let mut taken = Vec::new();
        assert_eq!(rows.draw(9), 1);
        rows.give_up(1);
        assert_eq!(rows.draw(9), 1);
        let looks = rows.find(0, 1, &mut taken);
        assert!(looks <= 4 + 64, "{looks} words for the last slot");
        assert_eq!(taken, [Slot(slots)]);
    }

    #[test]
    fn s7_a_page_has_its_own_slot_or_the_next() {
        let rows = Rows::new(300, 1);
        let near = |home| {
            assert_eq!(rows.draw(1), 1);
            let mut taken = Vec::new();
            rows.find_near(Slot(home), &mut taken);
            taken[0].0
        };
        assert_eq!([near(70), near(300), near(70)], [70, 300, 64]);
        for slot in [64, 70, 300] {
            rows.put(Slot(slot));
        }
        assert!(rows.is_sound());
        assert_eq!(near(70), 70);
    }

    #[test]
    fn s7_a_cpu_has_a_cluster_of_its_own_and_another_when_it_is_empty() {
        let rows = Rows::new(191, 2);
        let (first, second) = (rows.cluster_for(0).0, rows.cluster_for(1).0);
        assert_eq!((first, second), (0, 1));
        let mut taken = Vec::new();
        assert_eq!(rows.draw(99), 99);
        assert_eq!(rows.find_in_cluster(first, 99, &mut taken), 63);
        assert!(rows.next_cluster(1) > 0 && rows.cluster_for(1).0 == 2);
        rows.next_cluster(0);
        assert_eq!(rows.cluster_for(0).0, 1, "the third is the other's");
        assert_eq!(rows.find_in_cluster(1, 99 - 63, &mut taken), 36);
        assert!(rows.is_sound());
        assert_eq!(rows.draw(999), 191 - 99);
        assert_eq!(rows.find_in_cluster(1, 28, &mut taken), 28);
        // Only the other's cluster has slots.
        rows.next_cluster(0);
        assert_eq!(rows.cluster_for(0).0, 2);
        assert_eq!(rows.find_in_cluster(2, 64, &mut taken), 64);
    }

    #[test]
    #[should_panic(expected = "1 slots were drawn and are not there")]
    fn s7_a_search_for_a_slot_that_is_not_there_ends() {
        let rows = Rows::new(1, 1);
        let mut taken = Vec::new();
        rows.find(0, rows.draw(1), &mut taken);
        assert_eq!(taken, [Slot(1)]);
        rows.credit(Slot(1));
        rows.find(0, rows.draw(1), &mut taken);
    }
}
