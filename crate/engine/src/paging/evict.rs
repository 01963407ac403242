//! Evicts one page on request: its frame, with all its sharers, goes to swap before this returns.
//!
//! It needs one slot, unless the page is clean and on swap already, and takes it before it unmaps anything;
//! it needs no frame and no table frame. An eviction that fails leaves the page mapped as it was. It ends
//! because each turn moves the page one step nearer to swap (active, modified, standby, swapped), or a
//! program has used the page meanwhile, which is that program's progress.

use super::access::ATTEMPTS;
use super::failure::Failure;
use super::flight::take_active;
use super::references::{drop_slot_reference, give_back};
use super::repurpose::repurpose_one;
use super::slots::take_slot_for;
use super::unmap::{Unmapper, unmap_one};
use super::waiting::take_kept_slot;
use super::writer::write_now;
use crate::machine::Machine;
use crate::memory::{FrameState, Move, Pfn, ProcessId, ProcessState, PteFormat, Slot, Vpn};
use crate::runtime::{Cpu, Step};

/// Moves a page's frame to swap. A page that holds no frame is left alone. The process may sleep.
///
/// # Errors
/// [`Failure::NotRunning`] when the process is terminated; [`Failure::OutOfRange`];
/// [`Failure::OutOfSwap`] when no slot is free and [`Failure::SwapFailed`] when the page cannot be
/// written, and it is mapped as it was.
pub async fn evict<C: Cpu>(
    cpu: &C,
    machine: &Machine,
    process: ProcessId,
    vpn: Vpn,
) -> Result<(), Failure> {
    let record = machine.processes.get(process);
    let pin = {
        // A kill leaves the family under this lock, and then waits for pins.
        let members = machine.lock_family_of(cpu, process).await;
        match (members, record.state()) {
            (Some(_members), ProcessState::Running | ProcessState::Sleeping) => {
                record.pin_where_it_lasts()
            }
            _ => return Err(Failure::NotRunning),
        }
    };
    let mut eviction =
        Eviction { cpu, machine, process, vpn, slot: None, moving: None, unmapped: None };
    let result = eviction.run().await;
    let slot = eviction.slot.take();
    let _moving = eviction.moving.take();
    drop(eviction);
    record.unpin(pin);
    if let Some(slot) = slot {
        drop_slot_reference(cpu, machine, slot).await;
    }
    result
}

struct Eviction<'a, C: Cpu> {
    cpu: &'a C,
    machine: &'a Machine,
    process: ProcessId,
    vpn: Vpn,
    /// The slot that was taken for the page and is not used yet.
    slot: Option<Slot>,
    /// Since a slot was taken.
    moving: Option<Move<'a>>,
    /// The PTEs that this eviction has unmapped.
    unmapped: Option<Unmapper<'a, C>>,
}

impl<C: Cpu> Eviction<'_, C> {
    async fn run(&mut self) -> Result<(), Failure> {
        let (cpu, machine, vpn) = (self.cpu, self.machine, self.vpn);
        let record = machine.processes.get(self.process);
        for _ in 0..ATTEMPTS {
            if vpn.0 >= record.pages() {
                return Err(Failure::OutOfRange);
            }
            let cell = machine.pte(record, vpn).ok_or(Failure::OutOfRange)?;
            let pte = machine.load(cell);
            if pte.is_in_transit() {
                machine.wait_for_transit(cpu, cell).await;
                continue;
            }
            match pte.format() {
                PteFormat::Zero if pte.is_absent() => return Err(Failure::OutOfRange),
                PteFormat::Zero | PteFormat::Swapped => return Ok(()),
                PteFormat::Valid | PteFormat::Transition => {}
            }
            let frame = pte.frame();
            let locked = machine.lock_frame(cpu, frame).await;
            if machine.load(cell) != pte {
                continue;
            }
            if locked.entry.is_in_flight() {
                drop(locked);
                machine.pfns.wait_for_flight(cpu, frame).await;
                continue;
            }
            match locked.entry.state() {
                FrameState::Modified => match self.slot.take() {
                    Some(slot) => {
                        if let Err(failed) = write_now(cpu, machine, locked, slot).await {
                            self.undo(frame).await;
                            return Err(failed.into());
                        }
                    }
                    None => {
                        drop(locked);
                        self.take_slot(frame).await?;
                    }
                },
                FrameState::Standby => {
                    let frame = repurpose_one(cpu, machine, locked).await;
                    give_back(cpu, machine, frame).await;
                }
                _ => {
                    let is_dirty = locked.entry.is_dirty();
                    drop(locked);
                    if is_dirty && self.slot.is_none() {
                        self.take_slot(frame).await?;
                    }
                    self.unmap(frame).await;
                }
            }
        }
        unreachable!(
            "page {} of process {} was used again in each of {ATTEMPTS} attempts to evict it",
            vpn.0, self.process.0
        )
    }

    /// Takes a slot for the page, if need be a slot whose copy is in memory too.
    async fn take_slot(&mut self, frame: Pfn) -> Result<(), Failure> {
        let (cpu, machine) = (self.cpu, self.machine);
        let mut taken = take_slot_for(cpu, machine, frame).await;
        if taken.is_none() {
            taken = take_kept_slot(cpu, machine).await;
        }
        let Some((slot, moving)) = taken else {
            self.undo(frame).await;
            return Err(Failure::OutOfSwap);
        };
        self.slot = Some(slot);
        self.moving = self.moving.take().or(Some(moving));
        Ok(())
    }

    async fn unmap(&mut self, frame: Pfn) {
        let (cpu, machine) = (self.cpu, self.machine);
        self.unmapped = None;
        if take_active(cpu, machine, frame).await {
            self.unmapped = unmap_one(cpu, machine, frame).await;
        }
        if self.unmapped.is_none() {
            cpu.step(Step::Relax).await;
        }
    }

    /// Maps again what this eviction has unmapped.
    async fn undo(&mut self, frame: Pfn) {
        if let Some(unmapped) = self.unmapped.take() {
            unmapped.map_again(frame, self.vpn).await;
        }
    }
}
