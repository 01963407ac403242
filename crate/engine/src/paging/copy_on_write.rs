//! Writes to pages mapped read-only: a copy for the writer, or, for the last sharer, the page itself.
//!
//! The handler sees the process and the page alone; it cannot know parent from child (P5). Sharers
//! are the PTEs that refer to the frame and the swapped PTEs that name the slot it keeps. Of k
//! sharers that all write, k - 1 copy, and the last becomes writable in place (P12), also when they
//! write at the same time: who has copied looks again, under the frame's lock, before it leaves.

use super::access::AddressSpace;
use super::fault::{Attempt, Claim, Phase};
use super::shootdown::shootdown;
use super::supply::{Hand, activate, drop_copy, drop_reference};
use crate::memory::{LockedEntry, Memory, Pte};
use crate::observe::{Counter, FaultKind};
use crate::runtime::{Cpu, Step};

impl<C: Cpu> AddressSpace<'_, C> {
    pub(super) async fn write_protect(
        &self,
        mut claim: Claim<'_, C>,
        hand: &mut Option<Hand>,
    ) -> Attempt {
        let (cpu, memory, vpn) = (self.cpu, self.memory, claim.vpn);
        let frame = claim.pte.frame();
        let locked = memory.lock_frame(cpu, frame).await;
        if sharers(memory, &locked) == 1 {
            return self.reuse(claim, locked).await;
        }
        drop(locked);
        self.let_go(&mut claim);
        self.phase(vpn, Phase::Find);
        let Some(Hand { frame: copy, hot, .. }) = self.frame(hand, false).await else {
            self.abandon(claim);
            return Attempt::NoFrame;
        };
        self.phase(vpn, Phase::Fill);
        // Nobody writes the source: it is mapped read-only, and while this PTE refers to it
        // nobody else is its last sharer.
        memory.frames.copy(copy.0, &memory.frames, frame.0);
        cpu.step(Step::Copy { hot }).await;
        self.phase(vpn, Phase::Map);
        // Another CPU in this address space may still be reading the old frame, and once this
        // process has let go of it another sharer may write it: unmap it first, then ask who is
        // there.
        memory.change_pte(cpu, self.id, vpn, claim.cell, |pte| Some(pte.unmapped().in_transit()));
        let others = self.process.cpus().without(cpu.local().index);
        if !others.is_empty() {
            shootdown(cpu, memory, others, 1).await;
        }
        // The copy is a frame like any other before a PTE names it.
        let mut locked = memory.lock_frame(cpu, copy).await;
        activate(cpu, memory, &mut locked, self.key(vpn), true).await;
        drop(locked);
        let mut locked = memory.lock_frame(cpu, frame).await;
        if sharers(memory, &locked) == 1 {
            let reused = self.reuse(claim, locked).await;
            drop_reference(cpu, memory, &mut memory.lock_frame(cpu, copy).await).await;
            return reused;
        }
        self.publish(claim, Pte::valid(copy, true, true));
        drop_reference(cpu, memory, &mut locked).await;
        memory.count(cpu, Counter::Copies);
        Attempt::Done(FaultKind::WriteProtect)
    }

    /// The last sharer takes the page itself; its copy on swap is let go.
    async fn reuse(&self, claim: Claim<'_, C>, mut locked: LockedEntry<'_, C>) -> Attempt {
        let (cpu, memory) = (self.cpu, self.memory);
        self.phase(claim.vpn, Phase::Map);
        drop_copy(cpu, memory, &mut locked).await;
        locked.entry.set_dirty(true);
        let pte = Pte::valid(locked.frame, true, true);
        self.publish(claim, pte);
        drop(locked);
        memory.count(cpu, Counter::Reuses);
        Attempt::Done(FaultKind::WriteProtect)
    }
}

/// Everybody who would see a store to the frame: PTEs that refer to it, and swapped PTEs that name
/// the slot it keeps.
fn sharers<C: Cpu>(memory: &Memory, locked: &LockedEntry<'_, C>) -> u32 {
    let on_swap = locked.entry.slot().map_or(0, |slot| memory.swap.count(slot) - 1);
    locked.entry.share() + on_swap
}
