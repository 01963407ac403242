//! Moves frames and slots: on lists and off them, into a CPU's cache and out of it. Each move is an event.
//!
//! The lists themselves (`memory/lists.rs`, `memory/cpus.rs`) know nothing of events; a CPU that moves a
//! frame while the machine runs does it here.

use super::state::Machine;
use crate::memory::{FrameState, ListId, Pfn, Slot};
use crate::observe::{Event, EventKind};
use crate::runtime::{Cpu, emit};

impl Machine {
    fn emit_move<C: Cpu>(&self, cpu: &C, kind: EventKind, frame: Pfn, place: usize) {
        emit(cpu, Event::of(kind, frame.0).with(place as u64, 0));
    }

    /// Puts a frame at the end of a list; the caller holds the lock.
    pub fn push_back<C: Cpu>(&self, cpu: &C, list: ListId, frame: Pfn) {
        self.lists.push_back(list, frame);
        self.emit_move(cpu, EventKind::ListOn, frame, list.0);
    }

    /// Puts a frame where the hand of a list has just passed; the caller holds the lock.
    pub fn insert_behind_hand<C: Cpu>(&self, cpu: &C, list: ListId, frame: Pfn) {
        self.lists.insert_behind_hand(list, frame);
        self.emit_move(cpu, EventKind::ListOn, frame, list.0);
    }

    /// Takes a frame from anywhere on the list it is on; the caller holds the lock.
    pub fn remove<C: Cpu>(&self, cpu: &C, list: ListId, frame: Pfn) {
        self.lists.remove(list, frame);
        self.emit_move(cpu, EventKind::ListOff, frame, list.0);
    }

    /// Puts members of a list at its end, in this order; the caller holds the lock. No event is recorded: no
    /// frame joins or leaves the list.
    pub fn reorder(&self, list: ListId, frames: impl IntoIterator<Item = Pfn>) {
        for frame in frames {
            self.lists.remove(list, frame);
            self.lists.push_back(list, frame);
        }
    }

    /// Takes the first frame of a list; the caller holds the lock.
    pub fn pop_front<C: Cpu>(&self, cpu: &C, list: ListId) -> Option<Pfn> {
        let frame = self.lists.pop_front(list)?;
        self.emit_move(cpu, EventKind::ListOff, frame, list.0);
        Some(frame)
    }

    /// Holds a frame back for the active list; false when there is no room.
    #[inline(always)]
    pub fn arrive<C: Cpu>(&self, cpu: &C, frame: Pfn) -> bool {
        let arrived = self.lists.arrive(cpu.local().index, frame);
        // Which list it is on its way to takes a division, where lists are divided.
        if arrived && cpu.local().trace.wants(EventKind::Arrive) {
            let list = self.lists.list_of(FrameState::Active, frame);
            self.emit_move(cpu, EventKind::Arrive, frame, list.0);
        }
        arrived
    }

    /// Puts the arrivals of CPU `of` that belong to a shard of the active list and are `ready` at its end; the caller
    /// holds its lock.
    pub fn admit_of<C: Cpu>(
        &self,
        cpu: &C,
        of: usize,
        list: ListId,
        ready: impl Fn(Pfn) -> bool,
    ) -> u32 {
        self.lists.admit_of(of, list, |frame| {
            let ready = ready(frame);
            if ready {
                self.emit_move(cpu, EventKind::Admit, frame, list.0);
            }
            ready
        })
    }

    /// Puts a frame into this CPU's cache; false when the cache has `limit` frames already, or the caller is
    /// a daemon.
    pub fn keep_at_hand<C: Cpu>(&self, cpu: &C, frame: Pfn, limit: usize) -> bool {
        let index = cpu.local().index;
        let Some(record) = self.cpus.get(index).filter(|record| record.has_room(limit)) else {
            return false;
        };
        // Recorded first: from then on another CPU may take it.
        self.emit_move(cpu, EventKind::CacheOn, frame, index);
        record.push(frame, limit)
    }

    /// Takes frames off a list into this CPU's cache until that has `limit` frames; the caller holds the lock. Returns
    /// how many; none for a daemon. Out of line, where the loop has registers to itself.
    #[inline(never)]
    pub fn fill_hand<C: Cpu>(&self, cpu: &C, list: ListId, limit: usize) -> u32 {
        let index = cpu.local().index;
        let Some(record) = self.cpus.get(index) else { return 0 };
        let has_room = |_| record.has_room(limit);
        // Off the list before it is in the cache, and recorded first: from then on another CPU may take it.
        self.lists.pop_while(list, has_room, |frame| {
            self.emit_move(cpu, EventKind::ListOff, frame, list.0);
            self.emit_move(cpu, EventKind::CacheOn, frame, index);
            record.push(frame, limit);
        })
    }

    /// Takes the frame that this CPU has last put into its cache.
    #[inline(always)]
    pub fn take_from_hand<C: Cpu>(&self, cpu: &C) -> Option<Pfn> {
        let index = cpu.local().index;
        let frame = self.cpus.get(index)?.pop()?;
        self.emit_move(cpu, EventKind::CacheOff, frame, index);
        Some(frame)
    }

    /// Takes any frame from any CPU's cache. Returns also how many caches it looked into. Where lists are divided CPUs
    /// begin at different ones.
    pub fn steal<C: Cpu>(&self, cpu: &C) -> (Option<Pfn>, u32) {
        let first = if self.lists.are_divided() { cpu.local().index } else { 0 };
        let count = self.cpus.len();
        for (looked, of) in (first..first + count).map(|of| of % count).enumerate() {
            if let Some(frame) = self.cpus[of].steal() {
                self.emit_move(cpu, EventKind::CacheOff, frame, of);
                return (Some(frame), looked as u32 + 1);
            }
        }
        (None, self.cpus.len() as u32)
    }

    /// Records that a slot was taken or is free again.
    pub fn emit_slot<C: Cpu>(&self, cpu: &C, kind: EventKind, slot: Slot) {
        emit(cpu, Event::of(kind, slot.0));
    }
}
