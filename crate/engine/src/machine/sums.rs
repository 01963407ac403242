//! Counts the frames of a machine that are protected, available, or on their way to swap.

use super::state::Machine;
use crate::memory::FrameState;
use crate::runtime::Cpu;
use crate::sync::atomic::{AtomicU32, Ordering};
use crate::sync::{Padded, changes};

impl Machine {
    /// Returns how many frames are never evicted: zero page, directories and tables. A hint where the count has parts
    /// and CPUs are at work on tables: what one part gains and another loses meanwhile may be seen in one of them only.
    pub fn protected_frames(&self) -> u32 {
        let of = |part: &Padded<AtomicU32>| part.0.load(Ordering::SeqCst) as i32;
        // One that frees what others have protected falls below zero.
        self.protected.iter().map(of).sum::<i32>().max(0) as u32
    }

    /// Counts frames that became protected.
    pub fn add_protected<C: Cpu>(&self, cpu: &C, frames: u32) {
        self.protected_by(cpu).fetch_add(frames, Ordering::SeqCst);
    }

    /// Counts frames that are protected no longer.
    pub fn remove_protected<C: Cpu>(&self, cpu: &C, frames: u32) {
        self.protected_by(cpu).fetch_sub(frames, Ordering::SeqCst);
    }

    fn protected_by<C: Cpu>(&self, cpu: &C) -> &AtomicU32 {
        &self.protected[cpu.local().index % self.protected.len()].0
    }

    /// Returns how many frames a CPU could have at once: free, zeroed and standby. A hint.
    pub fn available(&self) -> u32 {
        self.free_frames() + self.lists.count_of(FrameState::Standby)
    }

    /// Whether a CPU could have so many frames at once. A hint, the same as [`available`](Self::available) gives.
    ///
    /// It looks at no more counts than it needs, because each is a line that others write: enough frames on some
    /// lists are enough on all. The lists that the CPU takes from itself come first, then standby; all are looked
    /// at only where frames are short.
    pub fn has_available<C: Cpu>(&self, cpu: &C, frames: u32) -> bool {
        let lists = &self.lists;
        let own = cpu.local().shard.get();
        let shard = |shard| [lists.free(shard), lists.zeroed(shard)];
        let others = (own + 1..own + lists.free_shards()).flat_map(shard);
        let mut left = frames;
        let suffices = |list| {
            left = left.saturating_sub(lists.count(list));
            left == 0
        };
        let standby = lists.shards_from(FrameState::Standby, own);
        frames == 0 || shard(own).into_iter().chain(standby).chain(others).any(suffices)
    }

    /// Whether frames are modified. A hint. It looks at no more counts than it needs, the CPU's own shard first.
    pub fn has_modified<C: Cpu>(&self, cpu: &C) -> bool {
        let shards = self.lists.shards_from(FrameState::Modified, cpu.local().index);
        shards.into_iter().any(|list| self.lists.count(list) > 0)
    }

    /// Counts a modified frame that is on no list from now on, until it is written.
    pub fn begin_writing(&self) {
        self.writing.fetch_add(1, Ordering::Relaxed);
        changes(&self.writing);
    }

    /// Ends the count of such a frame: it is on a list again, or free.
    pub fn end_writing(&self) {
        self.writing.fetch_sub(1, Ordering::Relaxed);
        changes(&self.writing);
    }

    /// Returns how many frames will be available once they are written: modified, or on their way to swap. A
    /// hint.
    pub fn on_their_way(&self) -> u32 {
        self.lists.count_of(FrameState::Modified) + self.writing.load(Ordering::Relaxed)
    }

    /// Counts frames that a trimmer sets out to unmap, so that no other unmaps as many for the same need. Returns how
    /// many others had set out to. A trimmer that has no other is not counted.
    pub fn begin_trimming(&self, frames: u32) -> u32 {
        match self.options.trimmers {
            1 => 0,
            _ => self.trimming.fetch_add(frames, Ordering::SeqCst),
        }
    }

    /// Ends the count of such frames: those that were unmapped are counted where they are now.
    pub fn end_trimming(&self, frames: u32) {
        if self.options.trimmers > 1 {
            self.trimming.fetch_sub(frames, Ordering::SeqCst);
        }
    }

    /// Returns how many frames trimmers have set out to unmap, where there are several. A hint.
    pub fn being_trimmed(&self) -> u32 {
        match self.options.trimmers {
            1 => 0,
            _ => self.trimming.load(Ordering::Relaxed),
        }
    }

    /// Returns how many frames are on the free and zeroed lists. A hint.
    pub fn free_frames(&self) -> u32 {
        self.lists.count_free()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::observe::Recording;
    use crate::options::MachineOptions;
    use crate::runtime::ThreadCpu;

    /// Whether the trimmer is to be woken does not depend on what is looked at first, nor on how much.
    #[test]
    fn s4_there_are_enough_frames_by_some_lists_when_there_are_by_all() {
        let options = MachineOptions { frames: 16, free_lists: 3, ..MachineOptions::default() };
        let machine = Machine::new(options, 1, Recording::OnDemand).unwrap();
        let cpus = [0, 1, 2, 5].map(|index| {
            let cpu = ThreadCpu::new(Arc::default(), machine.local(0));
            cpu.local().shard.set(index);
            cpu
        });
        let lists = &machine.lists;
        let places = [lists.zeroed(1), lists.standby(0), lists.active(0), lists.zeroed(2)];
        let (mut seen, mut place) = (Vec::new(), places.iter().cycle());
        while let Some(frame) = (0..3).find_map(|shard| lists.pop_front(lists.free(shard))) {
            place.next().into_iter().for_each(|list| lists.push_back(*list, frame));
            for frames in 0..20 {
                let enough = machine.available() >= frames;
                assert!(cpus.iter().all(|cpu| machine.has_available(cpu, frames) == enough));
                seen.push(enough);
            }
        }
        assert!(seen.contains(&true) && seen.contains(&false));
        let everywhere = [lists.zeroed(1), lists.zeroed(2), lists.standby(0)];
        everywhere.iter().for_each(|list| while lists.pop_front(*list).is_some() {});
        assert!(cpus.iter().all(|cpu| !machine.has_available(cpu, 1)));
    }
}
