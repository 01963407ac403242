//! Resolves writes to pages mapped read-only: a copy for the writer, or, for the last sharer, the page
//! itself.
//!
//! The handler sees the process and the page alone; it cannot distinguish parent from child (P5). Sharers are
//! the PTEs that refer to the frame and the swapped PTEs that name the slot it keeps. Of k sharers that all
//! write, k - 1 copy, and the last becomes writable in place (P12), also when they write at the same time: a
//! fault that has copied looks again, under the frame's lock, before it leaves.

use super::arrivals::activate_dirty;
use super::fault::{Attempt, Fault};
use super::references::{drop_copy, drop_reference, keep_for_others, unlist};
use super::shootdown::{leave_to_readers, shootdown, wait_for_readers};
use super::supply::{TakenFrame, Wanted};
use crate::bugs::has_bug;
use crate::machine::Machine;
use crate::memory::{LockedEntry, Pfn, Pte};
use crate::observe::{Counter, FaultKind, FaultPhase};
use crate::options::Shootdown;
use crate::runtime::{Cpu, Step};

impl<C: Cpu> Fault<'_, '_, C> {
    /// Resolves a store to a page that is mapped read-only, which the fault has claimed. `kind` is what the
    /// fault was at first.
    pub(super) async fn write_protect(&mut self, kind: FaultKind) -> Attempt {
        let (cpu, machine, vpn) = (self.space.cpu, self.space.machine, self.vpn);
        let frame = self.pte.frame();
        // Only a hint: a sharer may leave or, being read back, come meanwhile.
        let always_copies = has_bug!(machine, SoleOwnerCopied);
        if machine.pfns.peek(frame).share() == 1 && !always_copies {
            let locked = machine.lock_frame(cpu, frame).await;
            if sharers(machine, &locked) == 1 {
                return self.reuse(locked, kind).await;
            }
        }
        self.let_go();
        let Some(TakenFrame { frame: copy, hot, .. }) = self.find_frame(Wanted::Any).await else {
            return self.take_over(frame, kind).await;
        };
        // The copy is a frame like any other before a PTE names it.
        activate_dirty(cpu, machine, copy, self.key(), self.space.id()).await;
        self.phase(FaultPhase::Fill);
        // No program writes the source: it is mapped read-only, and while this PTE refers to it no other PTE
        // is its last sharer.
        machine.frames.copy(copy.0, &machine.frames, frame.0);
        cpu.step(Step::Copy { hot }).await;
        self.phase(FaultPhase::Map);
        let lets_go_early = has_bug!(machine, CountBeforeUnmap);
        #[cfg(feature = "bugs")]
        if lets_go_early {
            drop_reference(cpu, machine, machine.lock_frame(cpu, frame).await).await;
        }
        // Another CPU in this address space may still be reading the old frame, and once this process has
        // dropped its reference another sharer may write the frame: unmap it first, then ask which CPUs are
        // there. Or leave that to whoever would write it.
        let is_lazy = machine.options.shootdown == Shootdown::Lazy;
        if !is_lazy {
            let unmapped = |pte: Pte| Some(pte.unmapped().in_transit());
            machine.change_pte(cpu, self.space.id, vpn, self.cell, unmapped);
            let others = self.space.process.cpus().without(cpu.local().index);
            if !others.is_empty() {
                shootdown(cpu, machine, others, 1).await;
            }
        }
        let mut locked = machine.lock_frame(cpu, frame).await;
        if sharers(machine, &locked) == 1 && !always_copies && !lets_go_early {
            let reused = self.reuse(locked, kind).await;
            drop_reference(cpu, machine, machine.lock_frame(cpu, copy).await).await;
            return reused;
        }
        self.publish(Pte::valid(copy, true, true));
        if !lets_go_early {
            if is_lazy {
                leave_to_readers(&machine.epochs, self.space.process, &mut locked);
            }
            leave(cpu, machine, locked).await;
        }
        machine.count(cpu, Counter::Copies);
        Attempt::Done(kind)
    }

    /// Without a frame for a copy: takes the page itself if the other sharers have it on swap alone.
    async fn take_over(&mut self, frame: Pfn, kind: FaultKind) -> Attempt {
        let locked = self.space.machine.lock_frame(self.space.cpu, frame).await;
        if locked.entry.share() == 1 && !has_bug!(self.space.machine, CopySourceEvicted) {
            return self.reuse(locked, kind).await;
        }
        drop(locked);
        self.abandon();
        Attempt::NoFrame
    }

    /// Gives the page to the last PTE that refers to the frame; its copy on swap is dropped.
    async fn reuse(&mut self, mut locked: LockedEntry<'_, C>, kind: FaultKind) -> Attempt {
        let (cpu, machine) = (self.space.cpu, self.space.machine);
        self.phase(FaultPhase::Map);
        wait_for_readers(cpu, machine, std::slice::from_mut(&mut locked)).await;
        drop_copy(cpu, machine, &mut locked).await;
        locked.entry.set_dirty(true);
        machine.set_owner(&locked, Some(self.space.id()));
        let pte = Pte::valid(locked.frame, true, true);
        self.publish(pte);
        drop(locked);
        machine.count(cpu, Counter::Reuses);
        Attempt::Done(kind)
    }
}

/// Drops the reference to the frame that was copied; the last PTE leaves the frame to the sharers that have
/// the page on swap.
pub(super) async fn leave<C: Cpu>(cpu: &C, machine: &Machine, mut locked: LockedEntry<'_, C>) {
    match locked.entry.slot() {
        Some(slot) if locked.entry.share() == 1 && !locked.entry.is_in_flight() => {
            unlist(cpu, machine, &locked).await;
            locked.entry.set_share(0);
            machine.set_owner(&locked, None);
            keep_for_others(cpu, machine, locked, slot).await;
        }
        _ => drop_reference(cpu, machine, locked).await,
    }
}

/// Returns how many sharers would see a store to the frame: PTEs that refer to it, and swapped PTEs that name
/// the slot it keeps.
#[inline]
pub(super) fn sharers<C: Cpu>(machine: &Machine, locked: &LockedEntry<'_, C>) -> u32 {
    let on_swap = locked.entry.slot().map_or(0, |slot| machine.swap.count(slot) - 1);
    locked.entry.share() + on_swap
}
