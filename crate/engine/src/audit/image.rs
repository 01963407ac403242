//! Hashes the whole machine: every word of its state that a run changes, visible to programs or not. Two runs
//! of one scenario that stand at the same event have the same hash.

use crate::hash::mix;
use crate::machine::Machine;
use crate::memory::{FrameState, ListId, PAGE_WORDS, Pfn, Process, ProcessId, Slot};
use crate::observe::Counter;
use crate::process::tables_of;

/// Returns a hash of all state: frames, their entries and keys, lists in their order, slots and their bytes,
/// processes, CPUs, epochs, counters, and how many events there were.
pub fn image_hash(machine: &Machine) -> u64 {
    let mut hash = Hash(machine.trace.count());
    for frame in (0..machine.pfns.count()).map(Pfn) {
        hash.take_entry(machine, frame);
        hash.take(machine.pfns.owner(frame).map(|owner| owner.0.into()));
        hash.take(machine.pfns.peek(frame).left_in(machine.epochs.now()));
        hash.take_page(&machine.frames.page(frame.0));
    }
    machine.lists.all().for_each(|list| hash.take_list(machine, list));
    hash.take_slots(machine);
    for (index, record) in machine.cpus.iter().enumerate() {
        let place = |process: Option<ProcessId>| process.map_or(u64::MAX, |id| id.0.into());
        let epoch = machine.epochs.seen(index).unwrap_or(0);
        hash.take([place(record.current()), place(record.inside()), epoch]);
        hash.take(record.cached().chain(machine.lists.arrivals(index)).map(|frame| frame.0.into()));
    }
    for id in machine.processes.living() {
        hash.take_process(machine.processes.get(id));
    }
    hash.take(Counter::ALL.iter().map(|(counter, _)| machine.stats.total(*counter)));
    hash.take([machine.epochs.now()]);
    hash.0
}

/// Returns a hash of what is in use: pages and their bytes, frames and slots, processes, the process of each
/// CPU, and the order of the lists of frames in use. An operation that fails leaves it as it was. Counts,
/// events and epochs are no part of it, nor is what a free frame or slot holds, or which list it is on: a
/// frame that was taken and given back may be on another.
pub fn holdings_hash(machine: &Machine) -> u64 {
    let mut hash = Hash(0);
    for frame in (0..machine.pfns.count()).map(Pfn) {
        let entry = machine.pfns.peek(frame);
        if matches!(entry.state(), FrameState::Free | FrameState::Zeroed) {
            continue;
        }
        hash.take([frame.0.into()]);
        hash.take_entry(machine, frame);
        hash.take_page(&machine.frames.page(frame.0));
    }
    hash.take([machine.protected_frames().into()]);
    let lists = &machine.lists;
    for state in [FrameState::Active, FrameState::Modified, FrameState::Standby] {
        lists.shards_of(state).for_each(|list| hash.take_list(machine, list));
    }
    hash.take_slots(machine);
    for record in &machine.cpus {
        hash.take([record.current().map_or(u64::MAX, |id| id.0.into())]);
    }
    for id in machine.processes.living() {
        hash.take_process(machine.processes.get(id));
    }
    hash.0
}

/// Returns a hash of what decides how the machine goes on: entries and keys of frames, how long the lists
/// are, slots in use, processes and their PTEs. Bytes, and what only grows (counts, epochs, stamps), are no
/// part of it, so that a machine which comes back to a state has the same hash again.
pub fn standing_hash(machine: &Machine) -> u64 {
    let mut hash = Hash(0);
    for frame in (0..machine.pfns.count()).map(Pfn) {
        hash.take_entry(machine, frame);
    }
    hash.take(machine.lists.all().map(|list| machine.lists.count(list).into()));
    hash.take((1..=machine.swap.slots()).map(|slot| machine.swap.count(Slot(slot)).into()));
    for id in machine.processes.living() {
        hash.take_process(machine.processes.get(id));
        for (_, table) in tables_of(machine, id) {
            let ptes = machine.frames.words(table.0).iter();
            hash.take(ptes.map(|cell| machine.load(cell).0));
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

    /// Adds a frame's entry and key. Who may still have read it is a matter of epochs.
    fn take_entry(&mut self, machine: &Machine, frame: Pfn) {
        let (mut entry, key) = (machine.pfns.peek(frame), machine.pfns.key(frame));
        entry.set_left(None);
        self.take([entry.0, key.family.into(), key.vpn.0.into()]);
    }

    /// Adds a list's frames in their order.
    fn take_list(&mut self, machine: &Machine, list: ListId) {
        self.take([machine.lists.count(list).into()]);
        let mut next = machine.lists.first(list);
        while let Some(frame) = next {
            self.take([frame.0.into()]);
            next = machine.lists.next(frame);
        }
    }

    /// Adds how often each slot is referred to, and its bytes.
    fn take_slots(&mut self, machine: &Machine) {
        for slot in (1..=machine.swap.slots()).map(Slot) {
            let count = machine.swap.count(slot);
            self.take([count.into()]);
            if count > 0
                && let Ok(page) = machine.swap.page(slot)
            {
                self.take_page(&page);
            }
        }
    }

    /// Adds a page, most of whose words are zero as a rule.
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
