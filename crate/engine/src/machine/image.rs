//! The whole machine as a hash: every word of its state that a run changes, whoever can see it. Two
//! runs of one scenario that stand at the same event have the same.

use super::tables::tables_of;
use crate::memory::{FrameState, ListId, Memory, PAGE_WORDS, Pfn, Process, ProcessId, Slot};
use crate::observe::Counter;
use crate::runtime::mix;

/// A hash of all state: frames, their entries and keys, lists in their order, slots and their
/// bytes, processes, CPUs, epochs, counters, and how many events there were.
pub fn image_hash(memory: &Memory) -> u64 {
    let mut hash = Hash(memory.trace.count());
    for frame in (0..memory.pfns.count()).map(Pfn) {
        hash.take_entry(memory, frame);
        hash.take_page(&memory.frames.page(frame.0));
    }
    memory.lists.all().for_each(|list| hash.take_list(memory, list));
    hash.take_slots(memory);
    for (index, record) in memory.cpus.iter().enumerate() {
        let place = |process: Option<ProcessId>| process.map_or(u64::MAX, |id| id.0.into());
        let epoch = memory.epochs.seen(index).unwrap_or(0);
        hash.take([place(record.current()), place(record.inside()), epoch]);
        hash.take(record.cached().chain(memory.lists.arrivals(index)).map(|frame| frame.0.into()));
    }
    for id in memory.processes.living() {
        hash.take_process(memory.processes.get(id));
    }
    hash.take(Counter::ALL.iter().map(|(counter, _)| memory.stats.total(*counter)));
    hash.take([memory.epochs.now()]);
    hash.0
}

/// A hash of what everybody holds: pages and their bytes, frames and slots in use, processes, which CPU
/// has which, and the order of the lists of frames in use. An operation that fails leaves it as it
/// was. Counts, events and epochs are no part of it, and of free frames and slots only how many
/// there are: a frame that was taken and given back may lie on another list.
pub fn holdings_hash(memory: &Memory) -> u64 {
    let mut hash = Hash(0);
    let mut free = 0;
    for frame in (0..memory.pfns.count()).map(Pfn) {
        let entry = memory.pfns.peek(frame);
        if matches!(entry.state(), FrameState::Free | FrameState::Zeroed) {
            free += 1;
            continue;
        }
        hash.take([frame.0.into()]);
        hash.take_entry(memory, frame);
        hash.take_page(&memory.frames.page(frame.0));
    }
    hash.take([free, memory.protected_frames().into()]);
    let lists = &memory.lists;
    for list in [lists.active(), lists.modified(), lists.standby()] {
        hash.take_list(memory, list);
    }
    hash.take_slots(memory);
    for record in &memory.cpus {
        hash.take([record.current().map_or(u64::MAX, |id| id.0.into())]);
    }
    for id in memory.processes.living() {
        hash.take_process(memory.processes.get(id));
    }
    hash.0
}

/// A hash of what decides how the machine goes on: entries and keys of frames, how long the lists are,
/// slots in use, processes and their PTEs. Bytes, and what only grows (counts, epochs, stamps), are no
/// part of it, so that a machine which comes back to a state has the same hash again.
pub fn standing_hash(memory: &Memory) -> u64 {
    let mut hash = Hash(0);
    for frame in (0..memory.pfns.count()).map(Pfn) {
        hash.take_entry(memory, frame);
    }
    hash.take(memory.lists.all().map(|list| memory.lists.count(list).into()));
    hash.take((1..=memory.swap.slots()).map(|slot| memory.swap.count(Slot(slot)).into()));
    for id in memory.processes.living() {
        hash.take_process(memory.processes.get(id));
        for (_, table) in tables_of(memory, id) {
            let ptes = memory.frames.words(table.0).iter();
            hash.take(ptes.map(|cell| memory.load(cell).0));
        }
    }
    hash.0
}

struct Hash(u64);

impl Hash {
    fn take(&mut self, words: impl IntoIterator<Item = u64>) {
        for word in words {
            self.0 = mix(self.0 ^ word);
        }
    }

    /// A frame's entry and key.
    fn take_entry(&mut self, memory: &Memory, frame: Pfn) {
        let key = memory.pfns.key(frame);
        self.take([memory.pfns.peek(frame).0, key.family.into(), key.vpn.0.into()]);
    }

    /// A list's frames in their order.
    fn take_list(&mut self, memory: &Memory, list: ListId) {
        self.take([memory.lists.count(list).into()]);
        let mut next = memory.lists.first(list);
        while let Some(frame) = next {
            self.take([frame.0.into()]);
            next = memory.lists.next(frame);
        }
    }

    /// How often each slot is referred to, and its bytes.
    fn take_slots(&mut self, memory: &Memory) {
        for slot in (1..=memory.swap.slots()).map(Slot) {
            let count = memory.swap.count(slot);
            self.take([count.into()]);
            if count > 0
                && let Ok(page) = memory.swap.page(slot)
            {
                self.take_page(&page);
            }
        }
    }

    /// A page, most of whose words are zero as a rule.
    fn take_page(&mut self, words: &[u64; PAGE_WORDS]) {
        for (index, word) in (1..).zip(words).filter(|(_, word)| **word != 0) {
            self.0 = mix(mix(self.0 ^ index) ^ word);
        }
    }

    fn take_process(&mut self, process: &Process) {
        let parent = process.parent().map_or(u64::MAX, |id| id.0.into());
        self.take([process.state() as u64, process.pages().into(), process.directory().0.into()]);
        self.take([parent, process.family().into(), process.generation().into()]);
    }
}
