//! The faults on a page on swap: reads its slot in, or shares the frame that keeps the slot already.
//!
//! A slot is read in once for all who share it: the frame that it is read into keeps the slot, and is found through it
//! while it is in flight and later. What a store does is in the table of `fault.rs`.

use super::arrivals::{activate, activate_dirty};
use super::fault::{Attempt, Fault, make_active};
use super::read_ahead::ReadAhead;
use super::references::{drop_copy, keep_for_others};
use super::supply::{TakenFrame, Wanted};
use super::transfer::read_slot;
#[cfg(feature = "bugs")]
use crate::bugs::has_bug;
use crate::machine::Machine;
use crate::memory::{FrameState, LockedEntry, Pfn, Pte, Slot};
use crate::observe::{Counter, FaultKind, FaultPhase};
use crate::options::KeepSlots;
use crate::runtime::{Cpu, Step};

impl<C: Cpu> Fault<'_, '_, C> {
    /// Resolves a fault on a swapped page whose slot a relative has read in already: its frame is shared
    /// again.
    pub(super) async fn join(&mut self, frame: Pfn) -> Attempt {
        let (cpu, machine) = (self.space.cpu, self.space.machine);
        let slot = self.pte.slot();
        let mut locked = machine.lock_frame(cpu, frame).await;
        if locked.entry.slot() != Some(slot) {
            self.region = None;
            return Attempt::Retry;
        }
        #[cfg(feature = "bugs")]
        if has_bug!(machine, CollidedUnchecked) && locked.entry.state() == FrameState::Reading {
            drop(locked);
            machine.pfns.wait_for_flight(cpu, frame).await;
            locked = machine.lock_frame(cpu, frame).await;
        }
        if locked.entry.state() == FrameState::Reading {
            drop(locked);
            self.region = None;
            self.phase(FaultPhase::Wait);
            machine.pfns.wait_for_flight(cpu, frame).await;
            return Attempt::Done(FaultKind::Collided);
        }
        self.phase(FaultPhase::Map);
        make_active(cpu, machine, &mut locked).await;
        let share = locked.entry.share() + 1;
        locked.entry.set_share(share);
        machine.set_owner(&locked, Some(self.space.id));
        let last = machine.swap.drop_reference(slot);
        debug_assert!(!last, "the frame has a reference of its own");
        let mapped = match locked.entry.is_ahead() {
            true => self.hit(&mut locked, slot).await,
            false => Pte::valid(frame, false, false),
        };
        self.map_shared(mapped, locked, FaultKind::Soft).await
    }

    /// Counts that a page was read ahead in time, and returns its PTE as it is to be mapped: a private page can be stored
    /// to at once, as one can that this fault has read. The fault has the region locked.
    async fn hit(&self, locked: &mut LockedEntry<'_, C>, slot: Slot) -> Pte {
        let (cpu, machine) = (self.space.cpu, self.space.machine);
        locked.entry.set_ahead(false);
        machine.count(cpu, Counter::ReadAheadHits);
        let is_writable = self.pte.is_writable();
        let store = self.write && is_writable;
        if store || !keeps(machine, slot) {
            // A peek that is reading the slot began under the region's lock, and looks whether it was taken since.
            drop_copy(cpu, machine, locked).await;
            locked.entry.set_dirty(true);
        }
        Pte::valid(locked.frame, is_writable, store)
    }

    /// Resolves a fault on a page on swap: reads it into a frame, which keeps the slot until the page is
    /// stored to.
    pub(super) async fn read_in(&mut self) -> Attempt {
        let (cpu, machine, pte) = (self.space.cpu, self.space.machine, self.pte);
        let slot = pte.slot();
        self.let_go();
        let Some(taken) = self.frame(Wanted::Any).await else { return Attempt::NoFrame };
        let frame = taken.frame;
        let mut locked = machine.lock_frame(cpu, frame).await;
        if !machine.swap.claim_cached(slot, frame) {
            drop(locked);
            self.taken = Some(TakenFrame { zeroed: false, ..taken });
            self.abandon();
            return Attempt::Retry;
        }
        locked.entry.set_state(FrameState::Reading);
        locked.entry.set_in_flight(true);
        locked.entry.set_slot(Some(slot));
        machine.pfns.set_key(frame, self.key());
        #[cfg(feature = "bugs")]
        if has_bug!(machine, SlotFreedWhileRead) && self.write && pte.is_writable() {
            drop_copy(cpu, machine, &mut locked).await;
        }
        drop(locked);
        let mut ahead = match machine.options.read_ahead {
            0 => None,
            // Out of the way of faults that read one page: their future has no room for it.
            _ => Some(Box::pin(self.claim_ahead(slot)).await),
        };
        self.phase(FaultPhase::Fill);
        let pages = 1 + ahead.as_ref().map_or(0, ReadAhead::pages);
        let read = read_slot(cpu, machine, self.space.id, slot, frame, pages).await;
        if let Some(ahead) = &mut ahead {
            ahead.read(cpu, machine, self.space.id);
        }
        let attempt = match read {
            Ok(()) => self.use_what_was_read(slot, frame).await,
            Err(failed) => {
                self.forget_read(slot, frame).await;
                self.taken = Some(TakenFrame { zeroed: false, ..taken });
                self.abandon();
                Attempt::Failed(failed.into())
            }
        };
        if let Some(ahead) = ahead {
            Box::pin(ahead.land(cpu, machine)).await;
        }
        attempt
    }

    /// Maps the frame that a slot was read into, or copies it.
    async fn use_what_was_read(&mut self, slot: Slot, frame: Pfn) -> Attempt {
        let (cpu, machine) = (self.space.cpu, self.space.machine);
        #[cfg(feature = "bugs")]
        if has_bug!(machine, CopySourceEvicted) && self.write && !self.pte.is_writable() {
            let mut locked = machine.lock_frame(cpu, frame).await;
            locked.entry.set_in_flight(false);
            activate(cpu, machine, &mut locked, self.space.id).await;
            self.publish(Pte::valid(frame, false, false));
            return Attempt::Retry;
        }
        if self.write && machine.swap.count(slot) > 1 {
            return self.copy_what_was_read(slot, frame).await;
        }
        self.phase(FaultPhase::Map);
        let locked = machine.lock_frame(cpu, frame).await;
        self.map_what_was_read(locked).await
    }

    /// Maps the frame that a slot was read into, whose lock the caller holds. The PTE's reference to the slot
    /// is the frame's from now on, or, for a store, dropped.
    async fn map_what_was_read(&mut self, mut locked: LockedEntry<'_, C>) -> Attempt {
        let (cpu, machine) = (self.space.cpu, self.space.machine);
        locked.entry.set_in_flight(false);
        activate(cpu, machine, &mut locked, self.space.id).await;
        let writable = self.pte.is_writable() || self.write;
        self.publish(Pte::valid(locked.frame, writable, self.write));
        // A page that is written again when it is evicted needs no copy.
        let gives_up = locked.entry.slot().is_some_and(|slot| !keeps(machine, slot));
        if self.write || gives_up {
            // Only now: while the PTE named the slot, a peek could be reading it.
            drop_copy(cpu, machine, &mut locked).await;
            locked.entry.set_dirty(true);
        }
        Attempt::Done(FaultKind::Hard)
    }

    /// Resolves a store to a page that others have on swap too, read into `frame`, which is still in flight,
    /// so that no other fault maps it: copies it and leaves the frame on standby for the others. Where no
    /// second frame can be had without waiting, the store takes the frame itself.
    async fn copy_what_was_read(&mut self, slot: Slot, frame: Pfn) -> Attempt {
        let (cpu, machine) = (self.space.cpu, self.space.machine);
        let Some(TakenFrame { frame: copy, hot, .. }) = self.find_frame(Wanted::Any).await else {
            self.phase(FaultPhase::Map);
            machine.count(cpu, Counter::Reuses);
            let locked = machine.lock_frame(cpu, frame).await;
            return self.map_what_was_read(locked).await;
        };
        activate_dirty(cpu, machine, copy, self.key(), self.space.id).await;
        self.phase(FaultPhase::Fill);
        machine.frames.copy(copy.0, &machine.frames, frame.0);
        cpu.step(Step::Copy { hot }).await;
        self.phase(FaultPhase::Map);
        let mut locked = machine.lock_frame(cpu, frame).await;
        locked.entry.set_in_flight(false);
        self.publish(Pte::valid(copy, true, true));
        keep_for_others(cpu, machine, locked, slot).await;
        machine.count(cpu, Counter::Copies);
        Attempt::Done(FaultKind::Hard)
    }

    /// Undoes a read that has failed: the frame is free again, and each fault that waits for it tries for
    /// itself. The page keeps its slot.
    async fn forget_read(&self, slot: Slot, frame: Pfn) {
        let machine = self.space.machine;
        let mut locked = machine.lock_frame(self.space.cpu, frame).await;
        machine.swap.set_cached(slot, None);
        machine.pfns.set_free(&mut locked);
    }
}

/// Whether a page that was read in keeps its slot: always while others have it on swap too.
pub(super) fn keeps(machine: &Machine, slot: Slot) -> bool {
    let wanted = match machine.options.keep_slots {
        KeepSlots::Always => true,
        KeepSlots::Half => machine.swap.is_half_free(),
        KeepSlots::Never => false,
    };
    wanted || machine.swap.count(slot) > 1
}
