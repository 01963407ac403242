//! The fault: one function for each format of PTE, in the order of the notes' steps 1 to M (S18).
//!
//! With `early_release` a fault marks its PTE *in transit* and releases the region's lock while it searches,
//! fills or reads (S3); otherwise it keeps the region locked. Either way it alone may change the PTE until it
//! is done, and a second fault on the page waits for it.
//!
//! # What a fault needs, and why it ends
//!
//! | fault | frames it needs | reads of swap |
//! |---|---|---|
//! | demand zero | 1 | 0 |
//! | rescue or join of a page that may stay shared | 0 | 0 |
//! | read from swap | 1 | 1 |
//! | store to a page that others share | 1, for the copy; 0 for its last sharer | 0 |
//! | store to a page on swap that others share | 1 | 1, or 0 while a frame keeps the page |
//!
//! A fault never needs a second frame to use the first. A store reads a shared page of swap into
//! the frame that becomes its own, and the slot goes on holding the others' copy; where a second
//! frame can be had without waiting, the page is read into that one and copied, so that it stays in
//! memory for the other sharers, and k sharers that write read the disk once. No slot and no table
//! frame is asked for.
//!
//! An attempt that finds no frame gives up its claim, waits with no lock, frame or slot of its own
//! ([`wait_for_frame`]), and starts again with the frame it has taken. From then on an attempt ends the
//! fault, or another fault, trim or kill has changed the PTE meanwhile and has made progress itself
//! (`Retry`). An attempt that has waited for a fault which found no frame, and left the page as it was, starts again
//! too: it keeps its frame, and that fault has to wait for one before it claims the page again.
//! So a fault that starts again k times has let k others make progress, or wait for a frame; k is counted (`retries`,
//! `frame_waits`), and [`ATTEMPTS`] of them end the run with what was counted.

use super::access::{ATTEMPTS, AddressSpace};
use super::arrivals::{Bytes, activate_new, arrive};
use super::failure::Failure;
use super::references::{drop_copy, give_back, unlist};
use super::supply::{TakenFrame, Wanted, take_frame};
use super::waiting::wait_for_frame;
use crate::bugs::has_bug;
use crate::machine::Machine;
use crate::memory::{FrameState, Key, LockedEntry, Pte, PteFormat, Vpn};
use crate::observe::{Counter, Event, EventKind, FaultKind, FaultPhase};
use crate::options::PteLocks;
use crate::runtime::{Cpu, Locked, Step, emit};
use crate::sync::atomic::AtomicU64;

/// The result of one attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Attempt {
    /// The page is mapped, or another fault is to be waited for no longer.
    Done(FaultKind),
    /// Something changed meanwhile.
    Retry,
    /// No frame could be had without waiting.
    NoFrame,
    /// It cannot be done.
    Failed(Failure),
}

/// A fault at work. Between the beginning and the end of an attempt it has a claim on its PTE: the region's
/// lock, or the *in transit* mark.
pub(super) struct Fault<'s, 'a, C: Cpu> {
    pub(super) space: &'s AddressSpace<'a, C>,
    pub(super) vpn: Vpn,
    pub(super) cell: &'a AtomicU64,
    pub(super) write: bool,
    /// Whether its phases are recorded.
    recorded: bool,
    /// What the PTE said when it was claimed.
    pub(super) pte: Pte,
    /// What it said when the attempt claimed it, also after [`Fault::put_and_keep`].
    found: Pte,
    pub(super) region: Option<Locked<'a, C>>,
    /// A frame that it has waited for and taken.
    pub(super) taken: Option<TakenFrame>,
}

impl<'a, C: Cpu> AddressSpace<'a, C> {
    /// Resolves a fault on a page, so that the access can be tried again. `began` is when its walk began, if
    /// that is known.
    pub(super) async fn fault(
        &self,
        vpn: Vpn,
        cell: &'a AtomicU64,
        write: bool,
        began: Option<u64>,
    ) -> Result<(), Failure> {
        let (cpu, machine) = (self.cpu, self.machine);
        let _held = self.hold_table();
        machine.count(cpu, Counter::Faults);
        let faults = machine.stats.of_cpu(cpu.local().index, Counter::Faults);
        let timed = C::sampled(faults).map(|_| cpu.now());
        let recorded = cpu.local().records_fault::<C>();
        let (pte, found) = (Pte::ZERO, Pte::ZERO);
        let mut fault = Fault {
            space: self,
            vpn,
            cell,
            write,
            recorded,
            pte,
            found,
            region: None,
            taken: None,
        };
        let timing = cpu.local().timing.get();
        if recorded {
            cpu.local().timing.set(true);
            let walk = began.map_or(0, |began| cpu.now() - began);
            fault.emit(EventKind::FaultBegin, write.into(), walk);
        }
        cpu.step(Step::Fault).await;
        let result = match fault.attempt().await {
            Attempt::Done(kind) => Ok(kind),
            first => fault.go_on(first).await,
        };
        let end = result.map_or(0, |kind| 1 + kind as u64);
        if recorded {
            fault.emit(EventKind::FaultEnd, end, 0);
            cpu.local().timing.set(timing);
        }
        if let Ok(kind) = result {
            machine.count(cpu, kind.counter());
            if let Some(start) = timed {
                machine.stats.record(cpu.local().index, kind, cpu.now() - start);
            }
        }
        self.check_running()?;
        result.map(|_| ())
    }
}

impl<C: Cpu> Fault<'_, '_, C> {
    /// Tries again until it succeeds or cannot.
    async fn go_on(&mut self, first: Attempt) -> Result<FaultKind, Failure> {
        let (cpu, machine) = (self.space.cpu, self.space.machine);
        // A fault that has to try again may do so for long, and no shootdown is to wait for it.
        let _away = self.space.leave_for_a_while();
        let (mut retries, mut waits) = (0, 0);
        let mut attempt = first;
        let result = loop {
            match attempt {
                Attempt::Done(kind) => break Ok(kind),
                Attempt::Failed(failure) => break Err(failure),
                Attempt::Retry => {
                    retries += 1;
                    machine.count(cpu, Counter::Retries);
                    cpu.step(Step::Relax).await;
                }
                Attempt::NoFrame => {
                    waits += 1;
                    self.phase(FaultPhase::Wait);
                    match wait_for_frame(cpu, machine).await {
                        Ok(frame) => self.taken = Some(frame),
                        Err(failure) => break Err(failure),
                    }
                }
            }
            if let Err(failure) = self.space.check_running() {
                break Err(failure);
            }
            assert!(
                retries + waits < ATTEMPTS,
                "the fault on page {} of process {} does not end: its page changed under it \
                 {retries} times, and it waited for a frame {waits} times",
                self.vpn.0,
                self.space.id.0
            );
            attempt = self.attempt().await;
        };
        if let Some(TakenFrame { frame, .. }) = self.taken.take() {
            give_back(cpu, machine, frame).await;
        }
        result
    }

    async fn attempt(&mut self) -> Attempt {
        let (cpu, machine) = (self.space.cpu, self.space.machine);
        self.phase(FaultPhase::Lock);
        if !self.claim_at_once().await {
            let Some(region) = machine.region(self.space.id, self.vpn) else {
                return Attempt::Done(FaultKind::Collided);
            };
            self.region = Some(machine.lock_region(cpu, region).await);
            self.pte = machine.load(self.cell);
        }
        if self.pte.is_in_transit() {
            self.region = None;
            self.phase(FaultPhase::Wait);
            machine.wait_for_transit(cpu, self.cell).await;
            // A fault that has found no frame leaves the page as it was, and waits for one: the frame that this
            // one has taken. Given back now, it could go to and fro between the two for ever.
            let is_left = machine.load(self.cell).settled() == self.pte.settled();
            return match self.taken {
                Some(_) if is_left => Attempt::Retry,
                _ => Attempt::Done(FaultKind::Collided),
            };
        }
        self.found = self.pte;
        match self.pte.format() {
            PteFormat::Zero if !self.pte.is_absent() => self.demand_zero().await,
            PteFormat::Transition => self.rescue().await,
            PteFormat::Swapped => match machine.swap.cached(self.pte.slot()) {
                Some(frame) => self.join(frame).await,
                None => self.read_in().await,
            },
            PteFormat::Valid if self.write && !self.pte.is_writable() => {
                self.write_protect(FaultKind::WriteProtect).await
            }
            // Another fault has resolved it, or the page was taken away.
            PteFormat::Valid | PteFormat::Zero => {
                self.abandon();
                Attempt::Done(FaultKind::Collided)
            }
        }
    }

    /// Claims the PTE of a fault that is going to let its region go at once: one step where the
    /// region is the PTE itself.
    async fn claim_at_once(&mut self) -> bool {
        let machine = self.space.machine;
        if !machine.options.early_release || machine.options.pte_locks != PteLocks::Entry {
            return false;
        }
        self.space.cpu.step(Step::TryLock { times: 1 }).await;
        let formats = [PteFormat::Zero, PteFormat::Valid];
        let claimed =
            machine.try_claim(self.space.cpu, self.space.id, self.vpn, self.cell, formats);
        self.pte = claimed.unwrap_or(self.pte);
        claimed.is_some()
    }

    pub(super) fn phase(&self, phase: FaultPhase) {
        if self.recorded {
            self.emit(EventKind::FaultPhase, phase as u64, 0);
        }
    }

    fn emit(&self, kind: EventKind, a: u64, b: u64) {
        let event = Event::of(kind, self.vpn.0).in_process(self.space.id.0);
        emit(self.space.cpu, event.with(a, b));
    }

    pub(super) fn key(&self) -> Key {
        Key { family: self.space.process.family(), vpn: self.vpn }
    }

    /// Releases the region's lock and goes on with the PTE in transit, if the machine is built so.
    pub(super) fn let_go(&mut self) {
        let machine = self.space.machine;
        if machine.options.early_release
            && let Some(region) = self.region.take()
        {
            let (cpu, id) = (self.space.cpu, self.space.id);
            machine.change_pte_and_unlock(cpu, id, self.vpn, self.cell, region, Pte::in_transit);
        }
    }

    /// Ends the claim with `pte` written, under the page's protection.
    pub(super) fn publish(&mut self, pte: Pte) {
        let (cpu, machine, id) = (self.space.cpu, self.space.machine, self.space.id);
        let pte = self.space.as_mapped(self.found, pte.protected_as(self.pte));
        match self.region.take() {
            Some(region) => {
                machine.change_pte_and_unlock(cpu, id, self.vpn, self.cell, region, |_| pte);
            }
            None => {
                machine.change_pte(cpu, id, self.vpn, self.cell, |_| Some(pte));
            }
        }
    }

    /// Writes `pte` and keeps the claim: the same fault goes on with the page as it is now.
    fn put_and_keep(&mut self, pte: Pte) {
        let (cpu, machine, id) = (self.space.cpu, self.space.machine, self.space.id);
        let pte = self.space.as_mapped(self.found, pte.protected_as(self.pte));
        let keeps_region = self.region.is_some();
        machine.change_pte(cpu, id, self.vpn, self.cell, |old| {
            Some(if keeps_region { pte } else { pte.still_in_transit(old) })
        });
        self.pte = pte;
    }

    /// Ends the claim and leaves the PTE as it was.
    pub(super) fn abandon(&mut self) {
        if self.region.take().is_none() {
            self.publish(self.pte);
        }
    }

    /// Finds a frame for this fault: the one it has waited for, or one that can be had at once.
    pub(super) async fn find_frame(&mut self, wanted: Wanted) -> Option<TakenFrame> {
        self.phase(FaultPhase::Find);
        match self.taken.take() {
            Some(frame) => Some(frame),
            None => take_frame(self.space.cpu, self.space.machine, wanted).await,
        }
    }

    /// Finds a frame as [`Fault::find_frame`] does; without a frame the claim ends too.
    pub(super) async fn frame(&mut self, wanted: Wanted) -> Option<TakenFrame> {
        let taken = self.find_frame(wanted).await;
        if taken.is_none() {
            self.abandon();
        }
        taken
    }

    /// Resolves a fault on a page never written: it gets a frame of zeros (P15).
    async fn demand_zero(&mut self) -> Attempt {
        let (cpu, machine) = (self.space.cpu, self.space.machine);
        self.let_go();
        let Some(TakenFrame { frame, zeroed, hot }) = self.frame(Wanted::Zeroed).await else {
            return Attempt::NoFrame;
        };
        // Clean until it is stored to: the zero page has its bytes. Active before it is zero: no PTE
        // names it yet, so no CPU looks into it.
        let bytes = if self.write { Bytes::Dirty } else { Bytes::Zero };
        activate_new(cpu, machine, frame, self.key(), self.space.id, bytes).await;
        self.phase(FaultPhase::Fill);
        if !zeroed {
            machine.frames.zero(frame.0);
            cpu.step(Step::Zero { hot }).await;
        }
        self.phase(FaultPhase::Map);
        self.publish(Pte::valid(frame, true, self.write));
        Attempt::Done(FaultKind::DemandZero)
    }

    /// Resolves a fault on a page whose frame was not reused yet: the page comes back without I/O.
    async fn rescue(&mut self) -> Attempt {
        let (cpu, machine, pte) = (self.space.cpu, self.space.machine, self.pte);
        let mut locked = machine.lock_frame(cpu, pte.frame()).await;
        // A transition PTE is trusted only under the frame's lock (S14).
        if machine.load(self.cell) != pte && !has_bug!(machine, StaleTransition) {
            self.region = None;
            return Attempt::Retry;
        }
        self.phase(FaultPhase::Map);
        make_active(cpu, machine, &mut locked).await;
        machine.set_owner(&locked, Some(self.space.id));
        let store = self.write && pte.is_writable();
        if store {
            drop_copy(cpu, machine, &mut locked).await;
            locked.entry.set_dirty(true);
        }
        let mapped = if store { pte.mapped().stored_to() } else { pte.mapped() };
        self.map_shared(mapped, locked, FaultKind::Soft).await
    }

    /// Maps a page whose frame is locked; a store to a page that it may not write goes on to its copy.
    pub(super) async fn map_shared(
        &mut self,
        mapped: Pte,
        locked: LockedEntry<'_, C>,
        kind: FaultKind,
    ) -> Attempt {
        if self.write && !mapped.is_writable() {
            self.put_and_keep(mapped);
            drop(locked);
            return self.write_protect(kind).await;
        }
        self.publish(mapped);
        drop(locked);
        Attempt::Done(kind)
    }
}

/// Makes a locked frame with a page in it active, whatever list it is on.
pub(super) async fn make_active<C: Cpu>(
    cpu: &C,
    machine: &Machine,
    locked: &mut LockedEntry<'_, C>,
) {
    if locked.entry.is_in_flight() {
        // The CPU that has it in flight puts it on the active list when it lands it.
        locked.entry.set_rescued(true);
        #[cfg(feature = "bugs")]
        if has_bug!(machine, TrimmedWhileWritten) {
            locked.entry.set_rescued(false);
            locked.entry.set_state(FrameState::Active);
            arrive(cpu, machine, locked.frame).await;
        }
        return;
    }
    if locked.entry.state() != FrameState::Active {
        unlist(cpu, machine, locked).await;
        locked.entry.set_state(FrameState::Active);
        arrive(cpu, machine, locked.frame).await;
    }
    locked.entry.set_written(false);
}
