//! Drops the references of a process's pages in batches: frames that lose their last leave their lists, and come on
//! the free lists, together, each list locked once for those that go there.
//!
//! A frame stays locked from when it loses its last reference until it is free, as one that is dropped alone does, so
//! that nobody takes it off its list or finds its copy meanwhile. A CPU that has such frames waits for no region and
//! for no other frame, whose holders may wait for them: it tries, and if that fails it frees what it has first.

use std::mem::take;

use super::references::{drop_slot_reference, drop_swapped_page, lose_reference};
use super::shootdown::wait_for_readers;
#[cfg(feature = "bugs")]
use crate::bugs::has_bug;
use crate::machine::Machine;
use crate::memory::{ListId, LockedEntry, Pfn, Slot};
use crate::runtime::{Cpu, LockId, Locked, Step};
use crate::sync::atomic::AtomicU64;

/// References that are dropped together.
pub struct Drops<'a, C: Cpu> {
    cpu: &'a C,
    machine: &'a Machine,
    /// Frames of a batch.
    most: usize,
    /// Frames without a reference, each locked, still on their lists.
    frames: Vec<LockedEntry<'a, C>>,
    /// Slots of swapped pages, whose references are not dropped yet.
    slots: Vec<Slot>,
    /// Frames that a bug has noted, and unlocked.
    #[cfg(feature = "bugs")]
    noted: Vec<Pfn>,
}

impl<'a, C: Cpu> Drops<'a, C> {
    /// Drops nothing yet, and so many references at a time.
    pub fn new(cpu: &'a C, machine: &'a Machine, most: usize) -> Self {
        Self {
            cpu,
            machine,
            most,
            frames: Vec::with_capacity(most),
            slots: Vec::new(),
            #[cfg(feature = "bugs")]
            noted: Vec::new(),
        }
    }

    /// Locks a region of PTEs; it may free the frames so far for that.
    pub async fn lock_region(&mut self, region: (LockId, &'a AtomicU64)) -> Locked<'a, C> {
        if !self.frames.is_empty() {
            self.cpu.step(Step::TryLock { times: 1 }).await;
            if let Some(guard) = self.machine.try_lock_region(self.cpu, region) {
                return guard;
            }
            self.finish().await;
        }
        self.machine.lock_region(self.cpu, region).await
    }

    /// Locks a frame; it may free the frames so far for that.
    pub async fn lock_frame(&mut self, frame: Pfn) -> LockedEntry<'a, C> {
        if !self.frames.is_empty() {
            self.cpu.step(Step::TryLock { times: 1 }).await;
            if let Some(locked) = self.machine.try_lock_frame(self.cpu, frame) {
                return locked;
            }
            self.finish().await;
        }
        self.machine.lock_frame(self.cpu, frame).await
    }

    /// Drops one PTE's reference to a locked frame.
    pub fn drop_reference(&mut self, mut locked: LockedEntry<'a, C>) {
        if !lose_reference(self.machine, &mut locked) {
            return;
        }
        #[cfg(feature = "bugs")]
        if has_bug!(self.machine, LeftListed) {
            return self.noted.push(locked.frame);
        }
        self.frames.push(locked);
    }

    /// Drops a swapped PTE's reference to its slot: with the batch if that has frames, because one that keeps the copy may
    /// have to be waited for.
    pub async fn drop_swapped_page(&mut self, slot: Slot) {
        if self.frames.is_empty() {
            drop_swapped_page(self.cpu, self.machine, slot).await;
        } else {
            self.slots.push(slot);
        }
    }

    /// Whether there are as many as are dropped at a time.
    pub fn are_enough(&self) -> bool {
        #[cfg(feature = "bugs")]
        if self.noted.len() >= self.most {
            return true;
        }
        self.frames.len().max(self.slots.len()) >= self.most
    }

    /// Frees the frames that have lost their last reference, and drops the slots.
    pub async fn finish(&mut self) {
        #[cfg(feature = "bugs")]
        for frame in take(&mut self.noted) {
            self.frames.push(loop {
                match self.machine.try_lock_frame(self.cpu, frame) {
                    Some(locked) => break locked,
                    None => self.cpu.step(Step::Relax).await,
                }
            });
        }
        let frames = take(&mut self.frames);
        if !frames.is_empty() {
            self.free(frames).await;
        }
        for slot in take(&mut self.slots) {
            drop_swapped_page(self.cpu, self.machine, slot).await;
        }
    }

    /// Frees locked frames without a reference, which are on their lists.
    async fn free(&self, mut frames: Vec<LockedEntry<'a, C>>) {
        let (cpu, machine) = (self.cpu, self.machine);
        let lists = &machine.lists;
        let listed = frames.iter().map(|it| (lists.list_of(it.entry.state(), it.frame), it.frame));
        for (list, there) in by_list(listed) {
            let guard = machine.lock_list(cpu, list).await;
            for frame in &there {
                machine.remove(cpu, list, *frame);
            }
            cpu.step(Step::List { frames: there.len() as u32 }).await;
            drop(guard);
        }
        wait_for_readers(cpu, machine, &mut frames).await;
        for locked in &mut frames {
            if let Some(slot) = locked.entry.slot() {
                machine.swap.set_cached(slot, None);
                drop_slot_reference(cpu, machine, slot).await;
            }
            machine.pfns.set_free(locked);
        }
        // Free by their entries before any CPU can find them.
        let free: Vec<_> = frames.drain(..).map(|locked| locked.frame).collect();
        let hand = machine.options.cpu_cache as usize;
        let far = free.into_iter().filter(|frame| !machine.keep_at_hand(cpu, *frame, hand));
        for (list, there) in by_list(far.map(|frame| (lists.home(frame), frame))) {
            let guard = machine.lock_list(cpu, list).await;
            for frame in &there {
                machine.push_back(cpu, list, *frame);
            }
            cpu.step(Step::List { frames: there.len() as u32 }).await;
            drop(guard);
        }
        machine.frames_available.signal(cpu);
    }
}

/// Returns the lists that are named, each with its frames, in the order in which they are named first.
fn by_list(frames: impl Iterator<Item = (ListId, Pfn)>) -> Vec<(ListId, Vec<Pfn>)> {
    let mut lists: Vec<(ListId, Vec<Pfn>)> = Vec::new();
    for (list, frame) in frames {
        match lists.iter_mut().find(|(known, _)| *known == list) {
            Some((_, there)) => there.push(frame),
            None => lists.push((list, vec![frame])),
        }
    }
    lists
}
