//! The fault: one function for each format of PTE, in the order of the notes' steps 1 to M (S18).
//!
//! With `early_release` a fault marks its PTE *in transit* and lets the region go while it
//! searches, fills or reads (S3); otherwise it keeps the region locked. Either way it alone may
//! change the PTE until it is done, and a second fault on the page waits for it.

use std::sync::atomic::AtomicU64;

use super::access::AddressSpace;
use super::failure::Failure;
use super::shootdown::cpu_time;
use super::supply::{Hand, activate, drop_copy, give_back, note_arrival, push, take_frame, unlist};
use super::waiting::wait_for_frame;
use crate::memory::{FrameState, Key, Memory, Pfn, Pte, PteFormat, Slot, Vpn};
use crate::observe::{Counter, EventKind, FaultKind};
use crate::runtime::{Cpu, Locked, Step};

/// A phase of a fault, as its events name them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// Getting the region's lock.
    Lock,
    /// Finding a frame.
    Find,
    /// Zeroing, copying or reading.
    Fill,
    /// Writing the frame's entry and the PTE.
    Map,
    /// Waiting for another fault, or for a frame.
    Wait,
}

/// What one attempt came to.
pub(super) enum Attempt {
    /// The page is mapped, or another fault is to be waited for no longer.
    Done(FaultKind),
    /// Mapped, but a store still needs its copy.
    Again(FaultKind),
    /// Something changed meanwhile.
    Retry,
    /// No frame could be had without waiting.
    NoFrame,
    /// The page needs no fault any more.
    Spurious,
}

/// The fault's claim on its PTE: the region's lock, or the *in transit* mark.
pub(super) struct Claim<'a, C: Cpu> {
    pub(super) cell: &'a AtomicU64,
    pub(super) vpn: Vpn,
    /// What the PTE said.
    pub(super) pte: Pte,
    region: Option<Locked<'a, C>>,
}

impl<C: Cpu> AddressSpace<'_, C> {
    /// Resolves a fault on a page, so that the access can be tried again.
    pub(super) async fn fault(
        &self,
        vpn: Vpn,
        cell: &AtomicU64,
        write: bool,
    ) -> Result<(), Failure> {
        let (cpu, memory) = (self.cpu, self.memory);
        memory.count(cpu, Counter::Faults);
        let faults = memory.stats.of_cpu(cpu.local().index, Counter::Faults);
        let timed = faults.is_multiple_of(C::SAMPLE).then(|| cpu.now());
        let id = Some(self.id);
        memory.emit(cpu, EventKind::FaultBegin, id, vpn.0, write.into(), cpu_time(cpu, memory));
        let result = self.resolve(vpn, cell, write).await;
        let end = result.map_or(0, |kind| 1 + kind as u64);
        memory.emit(cpu, EventKind::FaultEnd, id, vpn.0, end, cpu_time(cpu, memory));
        if let Ok(kind) = result {
            memory.count(cpu, kind.counter());
            if let Some(start) = timed {
                memory.stats.record(cpu.local().index, kind, cpu.now() - start);
            }
        }
        self.check_running()?;
        result.map(|_| ())
    }

    async fn resolve(&self, vpn: Vpn, cell: &AtomicU64, write: bool) -> Result<FaultKind, Failure> {
        let mut hand = None;
        let mut kind = None;
        let mut away = None;
        let result = loop {
            let attempt = self.attempt(vpn, cell, write, &mut hand).await;
            if let Attempt::Done(found) = attempt {
                break Ok(kind.unwrap_or(found));
            }
            // Who has to try again may do so for long, and nobody is to wait for it.
            away = away.or_else(|| Some(self.leave_for_a_while()));
            match attempt {
                Attempt::Done(_) => unreachable!("left the loop"),
                Attempt::Again(found) => kind = kind.or(Some(found)),
                Attempt::Spurious => break Ok(kind.unwrap_or(FaultKind::Collided)),
                Attempt::Retry => {
                    self.memory.count(self.cpu, Counter::Retries);
                    self.cpu.step(Step::Relax).await;
                }
                Attempt::NoFrame => {
                    self.phase(vpn, Phase::Wait);
                    match wait_for_frame(self.cpu, self.memory).await {
                        Ok(frame) => hand = Some(frame),
                        Err(failure) => break Err(failure),
                    }
                }
            }
            if let Err(failure) = self.check_running() {
                break Err(failure);
            }
        };
        if let Some(Hand { frame, .. }) = hand {
            give_back(self.cpu, self.memory, frame).await;
        }
        result
    }

    async fn attempt(
        &self,
        vpn: Vpn,
        cell: &AtomicU64,
        write: bool,
        hand: &mut Option<Hand>,
    ) -> Attempt {
        self.phase(vpn, Phase::Lock);
        let Some(region) = self.memory.region(self.id, vpn) else { return Attempt::Spurious };
        let guard = self.memory.lock_region(self.cpu, region).await;
        let pte = self.memory.load(cell);
        if pte.is_in_transit() {
            drop(guard);
            self.phase(vpn, Phase::Wait);
            self.memory.wait_for_transit(self.cpu, cell).await;
            return Attempt::Done(FaultKind::Collided);
        }
        let claim = Claim { cell, vpn, pte, region: Some(guard) };
        match pte.format() {
            PteFormat::Zero if pte.is_absent() => Attempt::Spurious,
            PteFormat::Zero => self.demand_zero(claim, write, hand).await,
            PteFormat::Transition => self.rescue(claim, write).await,
            PteFormat::Swapped => match self.memory.swap.cached(pte.slot()) {
                Some(frame) => self.join(claim, frame, write).await,
                None => self.read_in(claim, write, hand).await,
            },
            PteFormat::Valid if write && !pte.is_writable() => {
                self.write_protect(claim, hand).await
            }
            PteFormat::Valid => Attempt::Spurious,
        }
    }

    pub(super) fn phase(&self, vpn: Vpn, phase: Phase) {
        let (cpu, memory) = (self.cpu, self.memory);
        if memory.trace.is_enabled() {
            memory.emit(cpu, EventKind::FaultPhase, Some(self.id), vpn.0, phase as u64, cpu.now());
        }
    }

    pub(super) fn key(&self, vpn: Vpn) -> Key {
        Key { family: self.process.family(), vpn }
    }

    /// Goes on without the region's lock, if the machine is built so.
    pub(super) fn let_go(&self, claim: &mut Claim<'_, C>) {
        if self.memory.options.early_release {
            let (cpu, memory) = (self.cpu, self.memory);
            memory.change_pte(cpu, self.id, claim.vpn, claim.cell, |pte| Some(pte.in_transit()));
            claim.region = None;
        }
    }

    /// Ends the claim with `pte` in place, under the page's protection.
    pub(super) fn publish(&self, claim: Claim<'_, C>, pte: Pte) {
        let (cpu, memory) = (self.cpu, self.memory);
        let pte = self.as_mapped(pte.protected_as(claim.pte));
        memory.change_pte(cpu, self.id, claim.vpn, claim.cell, |_| Some(pte));
    }

    /// Ends the claim and leaves the PTE as it was.
    pub(super) fn abandon(&self, claim: Claim<'_, C>) {
        let pte = claim.pte;
        self.publish(claim, pte);
    }

    /// A frame for this fault: the one in hand, or one that can be had at once.
    pub(super) async fn frame(&self, hand: &mut Option<Hand>, zeroed: bool) -> Option<Hand> {
        match hand.take() {
            Some(frame) => Some(frame),
            None => take_frame(self.cpu, self.memory, zeroed).await,
        }
    }

    /// A page never written: a frame of zeros (P15).
    async fn demand_zero(
        &self,
        mut claim: Claim<'_, C>,
        write: bool,
        hand: &mut Option<Hand>,
    ) -> Attempt {
        let (cpu, memory, vpn) = (self.cpu, self.memory, claim.vpn);
        self.let_go(&mut claim);
        self.phase(vpn, Phase::Find);
        let Some(Hand { frame, zeroed, hot }) = self.frame(hand, true).await else {
            self.abandon(claim);
            return Attempt::NoFrame;
        };
        self.phase(vpn, Phase::Fill);
        if !zeroed {
            memory.frames.zero(frame.0);
            cpu.step(Step::Zero { hot }).await;
        }
        self.phase(vpn, Phase::Map);
        let mut locked = memory.lock_frame(cpu, frame).await;
        // Without a copy on swap it counts as dirty, stored to or not.
        activate(cpu, memory, &mut locked, self.key(vpn), true).await;
        drop(locked);
        self.publish(claim, Pte::valid(frame, true, write));
        Attempt::Done(FaultKind::DemandZero)
    }

    /// A page whose frame was not reused yet: back without I/O.
    async fn rescue(&self, claim: Claim<'_, C>, write: bool) -> Attempt {
        let (cpu, memory, pte) = (self.cpu, self.memory, claim.pte);
        let mut locked = memory.lock_frame(cpu, pte.frame()).await;
        // A transition PTE is believed only under the frame's lock (S14).
        if memory.load(claim.cell) != pte {
            return Attempt::Retry;
        }
        self.phase(claim.vpn, Phase::Map);
        make_active(cpu, memory, &mut locked).await;
        let store = write && pte.is_writable();
        if store {
            drop_copy(cpu, memory, &mut locked).await;
            locked.entry.set_dirty(true);
        }
        let mapped = if store { pte.mapped().stored_to() } else { pte.mapped() };
        self.publish(claim, mapped);
        drop(locked);
        self.done_unless_protected(write, mapped, FaultKind::Soft)
    }

    /// A swapped page whose slot a relative has read in already: its frame is shared again.
    async fn join(&self, claim: Claim<'_, C>, frame: Pfn, write: bool) -> Attempt {
        let (cpu, memory) = (self.cpu, self.memory);
        let slot = claim.pte.slot();
        let mut locked = memory.lock_frame(cpu, frame).await;
        if locked.entry.slot() != Some(slot) {
            return Attempt::Retry;
        }
        if locked.entry.state() == FrameState::Reading {
            drop(locked);
            return self.wait_for_read(claim, frame).await;
        }
        self.phase(claim.vpn, Phase::Map);
        make_active(cpu, memory, &mut locked).await;
        let share = locked.entry.share() + 1;
        locked.entry.set_share(share);
        let last = memory.swap.drop_reference(slot);
        debug_assert!(!last, "the frame has a reference of its own");
        let mapped = Pte::valid(frame, false, false);
        self.publish(claim, mapped);
        drop(locked);
        self.done_unless_protected(write, mapped, FaultKind::Soft)
    }

    /// A page on swap: into a frame, which keeps the slot until the page is stored to.
    async fn read_in(
        &self,
        mut claim: Claim<'_, C>,
        write: bool,
        hand: &mut Option<Hand>,
    ) -> Attempt {
        let (cpu, memory, vpn) = (self.cpu, self.memory, claim.vpn);
        let pte = claim.pte;
        let slot: Slot = pte.slot();
        self.let_go(&mut claim);
        self.phase(vpn, Phase::Find);
        let Some(taken) = self.frame(hand, false).await else {
            self.abandon(claim);
            return Attempt::NoFrame;
        };
        let frame = taken.frame;
        let mut locked = memory.lock_frame(cpu, frame).await;
        if !memory.swap.claim_cached(slot, frame) {
            drop(locked);
            *hand = Some(Hand { zeroed: false, ..taken });
            self.abandon(claim);
            return Attempt::Retry;
        }
        locked.entry.set_state(FrameState::Reading);
        locked.entry.set_in_flight(true);
        locked.entry.set_slot(Some(slot));
        memory.pfns.set_key(frame, self.key(vpn));
        drop(locked);
        self.phase(vpn, Phase::Fill);
        memory.frames.copy(frame.0, memory.swap.device(), slot.0);
        cpu.step(Step::DiskRead).await;
        memory.count(cpu, Counter::SwapReads);
        memory.emit(cpu, EventKind::SwapRead, Some(self.id), slot.0, frame.0.into(), 0);
        self.phase(vpn, Phase::Map);
        let mut locked = memory.lock_frame(cpu, frame).await;
        // The PTE's reference to the slot is the frame's from now on.
        activate(cpu, memory, &mut locked, self.key(vpn), false).await;
        let store = write && pte.is_writable();
        let mapped = Pte::valid(frame, pte.is_writable(), store);
        self.publish(claim, mapped);
        if store {
            // Only now: while the PTE named the slot, a peek could be reading it.
            drop_copy(cpu, memory, &mut locked).await;
            locked.entry.set_dirty(true);
        }
        drop(locked);
        self.done_unless_protected(write, mapped, FaultKind::Hard)
    }

    /// Another fault reads the page right now.
    async fn wait_for_read(&self, claim: Claim<'_, C>, frame: Pfn) -> Attempt {
        self.phase(claim.vpn, Phase::Wait);
        drop(claim);
        self.memory.pfns.wait_for_flight(self.cpu, frame).await;
        Attempt::Done(FaultKind::Collided)
    }

    fn done_unless_protected(&self, write: bool, pte: Pte, kind: FaultKind) -> Attempt {
        if write && !pte.is_writable() { Attempt::Again(kind) } else { Attempt::Done(kind) }
    }
}

/// Makes a locked frame with a page in it active, from wherever it is.
async fn make_active<C: Cpu>(
    cpu: &C,
    memory: &Memory,
    locked: &mut crate::memory::LockedEntry<'_, C>,
) {
    if locked.entry.is_in_flight() {
        // Whoever has it in flight puts it on the active list when it lands.
        locked.entry.set_rescued(true);
        return;
    }
    if locked.entry.state() != FrameState::Active {
        unlist(cpu, memory, locked).await;
        locked.entry.set_state(FrameState::Active);
        note_arrival(memory, locked.frame);
        push(cpu, memory, memory.lists.active(), locked.frame).await;
    }
    locked.entry.set_written(false);
}
