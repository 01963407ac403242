//! Evicting one page on request: its frame, with all its sharers, goes to swap before this returns.

use super::failure::Failure;
use super::repurpose::repurpose_one;
use super::supply::give_back;
use super::trimmer::take_active;
use super::unmap::unmap;
use super::waiting::free_kept_slots;
use super::writer::write_now;
use crate::memory::{FrameState, Memory, Pfn, ProcessId, PteFormat, Vpn};
use crate::runtime::{Cpu, Step};

/// Moves a page's frame to swap. A page that holds no frame is left alone. The process's tables
/// stay while this runs.
///
/// # Errors
/// [`Failure::OutOfRange`]; [`Failure::OutOfSwap`] when no slot is free and [`Failure::SwapFailed`]
/// when the page cannot be written, and it is as it was to every program.
pub async fn evict<C: Cpu>(
    cpu: &C,
    memory: &Memory,
    process: ProcessId,
    vpn: Vpn,
) -> Result<(), Failure> {
    let record = memory.processes.get(process);
    if vpn.0 >= record.pages() {
        return Err(Failure::OutOfRange);
    }
    loop {
        let cell = memory.pte(record, vpn).ok_or(Failure::OutOfRange)?;
        let pte = memory.load(cell);
        if pte.is_in_transit() {
            memory.wait_for_transit(cpu, cell).await;
            continue;
        }
        match pte.format() {
            PteFormat::Zero if pte.is_absent() => return Err(Failure::OutOfRange),
            PteFormat::Zero | PteFormat::Swapped => return Ok(()),
            PteFormat::Valid | PteFormat::Transition => {}
        }
        let frame = pte.frame();
        let locked = memory.lock_frame(cpu, frame).await;
        if memory.load(cell) != pte {
            continue;
        }
        if locked.entry.is_in_flight() {
            drop(locked);
            memory.pfns.wait_for_flight(cpu, frame).await;
            continue;
        }
        match locked.entry.state() {
            FrameState::Modified => match write_now(cpu, memory, locked).await {
                Err(Failure::OutOfSwap) if free_kept_slots(cpu, memory, 1).await > 0 => {}
                written => written?,
            },
            FrameState::Standby => {
                let frame = repurpose_one(cpu, memory, locked).await;
                give_back(cpu, memory, frame).await;
            }
            _ => {
                drop(locked);
                unmap_active(cpu, memory, frame).await;
            }
        }
    }
}

async fn unmap_active<C: Cpu>(cpu: &C, memory: &Memory, frame: Pfn) {
    let taken = take_active(cpu, memory, frame).await;
    if !taken || unmap(cpu, memory, &[frame]).await.moved == 0 {
        cpu.step(Step::Relax).await;
    }
}
