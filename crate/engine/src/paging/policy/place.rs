//! Where a search for victims is: on which shard of the active list, and in which round of all of them.
//!
//! A search goes along one shard after the other, as if they stood in a circle, and a round is over when all were
//! passed. It ends when it has its victims, after as many rounds as the policy goes, or when all shards in a row were
//! empty: it does not give up because one is. The next search of this CPU or daemon begins with the shard after the one
//! in which it ended, so that all are searched as often.

use std::cell::Cell;

use crate::memory::{ListId, Lists};
use crate::runtime::Cpu;

/// The place of one search.
pub(super) struct Place<'a> {
    lists: &'a Lists,
    shards: usize,
    shard: usize,
    /// Shards that were passed in this round.
    passed: usize,
    round: u32,
    /// Shards in a row that had no frame.
    empty: usize,
    next_search: &'a Cell<usize>,
}

impl<'a> Place<'a> {
    /// Begins a search where the last one of this CPU says.
    pub(super) fn of<C: Cpu>(cpu: &'a C, lists: &'a Lists) -> Self {
        let next_search = &cpu.local().victims_from;
        Self {
            lists,
            shards: lists.list_shards(),
            shard: next_search.get(),
            passed: 0,
            round: 0,
            empty: 0,
            next_search,
        }
    }

    /// Returns the shard that is searched.
    pub(super) fn list(&self) -> ListId {
        self.lists.active(self.shard)
    }

    /// Returns how many rounds are over.
    pub(super) fn round(&self) -> u32 {
        self.round
    }

    /// Whether a shard that has no frame by its count is passed without its lock: not where there is no other.
    pub(super) fn skips(&self, frames: u32) -> bool {
        frames == 0 && self.shards > 1
    }

    /// Goes on to the next shard, all frames of this one having been passed.
    pub(super) fn go_on(&mut self) {
        self.empty = 0;
        self.advance();
    }

    /// Goes on to the next shard, this one being empty; false when all are.
    pub(super) fn skip(&mut self) -> bool {
        self.empty += 1;
        self.advance();
        self.empty < self.shards
    }

    fn advance(&mut self) {
        self.shard = (self.shard + 1) % self.shards;
        self.passed += 1;
        if self.passed == self.shards {
            self.passed = 0;
            self.round += 1;
        }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.next_search.set(self.lists.number_after(self.list()));
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::machine::Machine;
    use crate::options::MachineOptions;
    use crate::runtime::ThreadCpu;

    /// Returns a machine with so many shards, and its CPU 1.
    fn machine(list_shards: u32) -> (Machine, ThreadCpu) {
        let options = MachineOptions { list_shards, ..MachineOptions::default() };
        let machine = Machine::bare(options, 1, 1).unwrap();
        let cpu = ThreadCpu::new(Arc::default(), machine.local(1));
        (machine, cpu)
    }

    #[test]
    fn s6_a_search_ends_when_all_shards_in_a_row_are_empty() {
        let (machine, cpu) = machine(3);
        let mut place = Place::of(&cpu, &machine.lists);
        let at = |place: &Place<'_>| (machine.lists.number(place.list()), place.round());
        assert_eq!(at(&place), (1, 0));
        assert!(place.skip());
        assert!(place.skip());
        assert_eq!(at(&place), (0, 0));
        // This one has a frame: the count begins anew.
        place.go_on();
        assert_eq!(at(&place), (1, 1));
        assert_eq!([(); 3].map(|()| place.skip()), [true, true, false]);
        assert_eq!(at(&place), (1, 2));
    }

    #[test]
    fn s6_the_next_search_begins_with_the_shard_after_the_last_one() {
        let (machine, cpu) = machine(3);
        let mut begun = Vec::new();
        for shards in [1, 1, 2, 3, 1] {
            let mut place = Place::of(&cpu, &machine.lists);
            begun.push(machine.lists.number(place.list()));
            (1..shards).for_each(|_| place.go_on());
        }
        assert_eq!(begun, [1, 2, 0, 2, 2]);
    }

    #[test]
    fn s6_one_list_is_asked_even_if_it_is_empty_by_its_count() {
        let (machine, cpu) = machine(1);
        let mut place = Place::of(&cpu, &machine.lists);
        assert!(!place.skips(0) && !place.skip());
    }
}
