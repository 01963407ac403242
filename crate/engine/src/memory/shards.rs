//! Divides the lists into *shards*, each a list of its own with its own lock, and says which frames belong to which.
//!
//! Which shard a frame is on, when it is active, modified or on standby, follows from its number: neighbours share one, so
//! that a CPU that puts a frame on or takes it off knows the shard. So a search that passes each shard once has asked once
//! for each frame, as it would on one list; and no CPU ever holds two of these locks.

use std::ops::Range;

use super::lists::{ListId, Lists};
use super::word::{FrameState, Pfn};
use crate::sync::sum;

impl Lists {
    /// Returns the shards of the free and of the zeroed list.
    pub fn free_shards(&self) -> usize {
        self.free_shards.count
    }

    /// Returns the shards of the active, of the modified and of the standby list.
    pub fn list_shards(&self) -> usize {
        self.list_shards.count
    }

    /// Returns the shards of the free and of the zeroed list, each once, in the order in which a CPU that last found
    /// frames on `shard` looks for more: round its four neighbours, then round those of each other four, whose number
    /// differs in one bit, and then in more.
    ///
    /// So CPUs whose own lists are empty go on to different ones. If each went on to the next, all those on one side of
    /// the lists that have frames would come to the first of them together.
    pub fn free_shards_from(&self, shard: usize) -> impl Iterator<Item = usize> + use<> {
        each_from(shard, self.free_shards.count)
    }

    /// Returns the shards of the list of frames in a state in such an order, in which CPUs that come from different
    /// shards do not go on to the same.
    pub fn shards_from(
        &self,
        state: FrameState,
        shard: usize,
    ) -> impl Iterator<Item = ListId> + use<> {
        let lists = self.lists_of(state);
        each_from(shard, lists.len()).map(move |shard| ListId(lists.start + shard))
    }

    /// Whether the active, the modified and the standby list are divided.
    pub fn are_divided(&self) -> bool {
        self.list_shards.count > 1
    }

    /// Returns a shard of the zeroed list.
    pub fn zeroed(&self, shard: usize) -> ListId {
        self.shard(FrameState::Zeroed, shard)
    }

    /// Returns a shard of the free list.
    pub fn free(&self, shard: usize) -> ListId {
        self.shard(FrameState::Free, shard)
    }

    /// Returns the free list that a frame goes back to.
    pub fn home(&self, frame: Pfn) -> ListId {
        self.free(self.free_shards.of(frame))
    }

    /// Returns a shard of the active list.
    pub fn active(&self, shard: usize) -> ListId {
        self.shard(FrameState::Active, shard)
    }

    /// Returns a shard of the modified list.
    pub fn modified(&self, shard: usize) -> ListId {
        self.shard(FrameState::Modified, shard)
    }

    /// Returns a shard of the standby list.
    pub fn standby(&self, shard: usize) -> ListId {
        self.shard(FrameState::Standby, shard)
    }

    /// Returns the list that an active, modified or standby frame is on, by its state.
    #[inline]
    pub fn list_of(&self, state: FrameState, frame: Pfn) -> ListId {
        let is_divided =
            matches!(state, FrameState::Active | FrameState::Modified | FrameState::Standby);
        assert!(is_divided, "a frame that is {state:?} is on no list that frames leave early");
        ListId(self.lists_of(state).start + self.list_shards.of(frame))
    }

    fn shard(&self, state: FrameState, shard: usize) -> ListId {
        let lists = self.lists_of(state);
        ListId(lists.start + shard % lists.len())
    }

    /// Returns where the shards of the list of frames in a state are.
    fn lists_of(&self, state: FrameState) -> Range<usize> {
        let (free, list) = (self.free_shards.count, self.list_shards.count);
        let (start, count) = match state {
            FrameState::Zeroed => (0, free),
            FrameState::Free => (free, free),
            FrameState::Active => (2 * free, list),
            FrameState::Modified => (2 * free + list, list),
            FrameState::Standby => (2 * free + 2 * list, list),
            FrameState::Writing | FrameState::Reading | FrameState::Protected => {
                unreachable!("frames that are {state:?} are on no list")
            }
        };
        start..start + count
    }

    /// Returns the shards of the list of frames in a state.
    pub fn shards_of(&self, state: FrameState) -> impl Iterator<Item = ListId> + use<> {
        self.lists_of(state).map(ListId)
    }

    /// Returns the shards of the list of frames in a state, from `start` on and each once, that have frames by their
    /// counts when the iterator comes to them; the only shard of a list is returned even if it has none.
    pub fn round(&self, state: FrameState, start: usize) -> impl Iterator<Item = ListId> {
        let shards = self.lists_of(state).len();
        (start..start + shards)
            .map(move |shard| self.shard(state, shard))
            .filter(move |list| shards == 1 || self.count(*list) > 0)
    }

    /// Returns how many frames in a state are on its list, in all its shards; a hint.
    pub fn count_of(&self, state: FrameState) -> u32 {
        sum(self.lists[self.lists_of(state)].iter().map(|list| &list.count))
    }

    /// Returns which shard of its list a list is.
    pub fn number(&self, list: ListId) -> usize {
        list.0 - self.lists_of(self.state(list)).start
    }

    /// Returns the number of the shard after a list's, with which a round begins that goes on from it: the first after
    /// the last.
    pub fn number_after(&self, list: ListId) -> usize {
        (self.number(list) + 1) % self.lists_of(self.state(list)).len()
    }

    /// Returns all lists.
    pub fn all(&self) -> impl Iterator<Item = ListId> + use<> {
        (0..self.lists.len()).map(ListId)
    }

    /// Returns the state that the entry of each frame on a list names.
    pub fn state(&self, list: ListId) -> FrameState {
        let (free, list_shards) = (self.free_shards.count, self.list_shards.count);
        match list.0.checked_sub(2 * free) {
            None if list.0 < free => FrameState::Zeroed,
            None => FrameState::Free,
            Some(index) => {
                [FrameState::Active, FrameState::Modified, FrameState::Standby][index / list_shards]
            }
        }
    }

    /// Returns the name of a list, as `free/3` or `active/3`; or `active` where that is one list.
    pub fn name(&self, list: ListId) -> String {
        let state = self.state(list);
        if list.0 < 2 * self.free_shards.count || self.list_shards.count > 1 {
            format!("{}/{}", state.name(), self.number(list))
        } else {
            state.name().to_owned()
        }
    }

    /// Returns how many frames are on all free and zeroed lists; a hint.
    pub fn count_free(&self) -> u32 {
        sum(self.lists[..2 * self.free_shards.count].iter().map(|list| &list.count))
    }
}

/// Returns so many numbers, each once, in the order in which one that begins at `first` asks for each.
fn each_from(first: usize, count: usize) -> impl Iterator<Item = usize> + use<> {
    const NEIGHBOURS: usize = 4;
    let own = first % count;
    let groups = count.div_ceil(NEIGHBOURS).next_power_of_two();
    let round = move |group: usize| {
        (own..own + NEIGHBOURS).map(move |at| group * NEIGHBOURS + at % NEIGHBOURS)
    };
    (0..groups)
        .flat_map(move |differs| round((own / NEIGHBOURS) ^ differs))
        .filter(move |number| *number < count)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn s12_cpus_look_at_each_list_once_and_go_on_to_different_ones() {
        for shards in 1..=130 {
            let lists = Lists::new(512, shards, 1, 1, 0);
            let all: BTreeSet<_> = (0..shards).collect();
            for own in 0..2 * shards {
                let order: Vec<_> = lists.free_shards_from(own).collect();
                assert_eq!(order[0], own % shards);
                assert_eq!(order.len(), shards);
                assert_eq!(order.into_iter().collect::<BTreeSet<_>>(), all);
            }
        }
        // Up to four lists the order is a round.
        let few = Lists::new(512, 3, 1, 1, 0);
        assert_eq!(few.free_shards_from(5).collect::<Vec<_>>(), [2, 0, 1]);
        // The lists of all CPUs are empty, the other half has frames: no two CPUs come to the same.
        let many = Lists::new(512, 128, 1, 1, 0);
        let next = |own| many.free_shards_from(own).find(|shard| *shard >= 64);
        assert_eq!((0..64).filter_map(next).collect::<BTreeSet<_>>().len(), 64);
    }
}
