//! The modified writer: batches of slots, batches of writes, from modified to standby.
//!
//! A frame may be rescued while it is written. It is mapped again then, perhaps changed, so the
//! slot that was written is let go and the frame lands on the active list.
//!
//! A frame whose write fails goes back to the modified list and loses its slot, but no data. The
//! writer then rests until its bell rings again; whoever needs the frame meets the failure.

use super::rung;
use super::slots::{free_far, take_slots};
use super::supply::{drop_slot_reference, release, unlist};
use super::transfer::write_slot;
use super::unmap::Progress;
#[cfg(feature = "bugs")]
use crate::bugs::has_bug;
use crate::machine::Machine;
use crate::memory::{DeviceFailed, FrameState, ListId, LockedEntry, Pfn, Slot};
use crate::options::Trigger;
use crate::runtime::{Cpu, DaemonId, Step};

/// The writer's life.
pub async fn writer<C: Cpu>(cpu: &C, machine: &Machine) {
    let predictive = machine.options.trim.trigger == Trigger::Predictive;
    while rung(cpu, machine, DaemonId::Writer).await {
        loop {
            let start = if predictive { cpu.now() } else { 0 };
            let progress = write_out(cpu, machine, machine.options.write_batch as usize).await;
            if progress.moved == 0 {
                if progress.busy > 0 {
                    // The slots given back have rung: whoever is at work on the frames goes first.
                    cpu.step(Step::Relax).await;
                }
                break;
            }
            if predictive {
                machine.forecast.wrote(cpu.now() - start);
            }
        }
    }
}

/// Writes up to `want` frames from the head of the modified list.
pub(super) async fn write_out<C: Cpu>(cpu: &C, machine: &Machine, want: usize) -> Progress {
    let mut progress = Progress::default();
    let list = machine.lists.modified();
    let want = want.min(machine.lists.count(list) as usize);
    if want == 0 {
        return progress;
    }
    #[cfg(feature = "bugs")]
    while has_bug!(machine, WriterFrozen) && machine.swap.free() == 0 {
        cpu.step(Step::Relax).await;
    }
    let mut slots = take_slots(cpu, machine, want).await;
    let mut frames = Vec::with_capacity(slots.len());
    {
        let _guard = machine.lock_list(cpu, list).await;
        let mut next = machine.lists.first(list);
        let was_busy = progress.busy;
        while let Some(frame) = next
            && frames.len() < slots.len()
        {
            next = machine.lists.next(frame);
            // List before frame is against the order, so only a try-lock (S13).
            match machine.try_lock_frame(cpu, frame) {
                Some(mut locked) => {
                    machine.remove(cpu, list, frame);
                    start_writing(machine, &mut locked);
                    frames.push(frame);
                }
                None => progress.busy += 1,
            }
        }
        let taken = frames.len() as u32;
        cpu.step(Step::TryLock { times: taken + progress.busy - was_busy }).await;
        cpu.step(Step::List { frames: taken }).await;
    }
    progress.no_slots = slots.is_empty();
    for slot in slots.split_off(frames.len()) {
        drop_slot_reference(cpu, machine, slot).await;
    }
    for (frame, slot) in frames.into_iter().zip(slots) {
        progress.moved += u32::from(write_one(cpu, machine, frame, slot).await.is_ok());
    }
    machine.frames_available.signal(cpu);
    progress
}

/// Writes one locked modified frame to a slot that the caller has taken.
///
/// # Errors
/// [`DeviceFailed`]; the frame is on the modified list again, and the slot is let go.
pub(super) async fn write_now<C: Cpu>(
    cpu: &C,
    machine: &Machine,
    mut locked: LockedEntry<'_, C>,
    slot: Slot,
) -> Result<(), DeviceFailed> {
    unlist(cpu, machine, &locked).await;
    start_writing(machine, &mut locked);
    let frame = locked.frame;
    drop(locked);
    let written = write_one(cpu, machine, frame, slot).await;
    machine.frames_available.signal(cpu);
    written
}

fn start_writing<C: Cpu>(machine: &Machine, locked: &mut LockedEntry<'_, C>) {
    machine.begin_writing();
    locked.entry.set_state(FrameState::Writing);
    locked.entry.set_in_flight(true);
    locked.entry.set_rescued(false);
}

async fn write_one<C: Cpu>(
    cpu: &C,
    machine: &Machine,
    frame: Pfn,
    slot: Slot,
) -> Result<(), DeviceFailed> {
    let written = write_slot(cpu, machine, frame, slot).await;
    land(cpu, machine, frame, slot, written.is_ok()).await;
    written
}

async fn land<C: Cpu>(cpu: &C, machine: &Machine, frame: Pfn, slot: Slot, written: bool) {
    let mut locked = machine.lock_frame(cpu, frame).await;
    let rescued = locked.entry.is_rescued();
    locked.entry.set_in_flight(false);
    locked.entry.set_rescued(false);
    if locked.entry.share() == 0 {
        machine.end_writing();
        release(cpu, machine, locked).await;
    } else if rescued {
        locked.entry.set_state(FrameState::Active);
        push_written(cpu, machine, machine.lists.active(), frame).await;
        drop(locked);
    } else if !written {
        locked.entry.set_state(FrameState::Modified);
        push_written(cpu, machine, machine.lists.modified(), frame).await;
        drop(locked);
    } else {
        locked.entry.set_slot(Some(slot));
        machine.swap.set_cached(slot, Some(frame));
        locked.entry.set_dirty(false);
        locked.entry.set_written(true);
        locked.entry.set_state(FrameState::Standby);
        push_written(cpu, machine, machine.lists.standby(), frame).await;
        return;
    }
    if written {
        drop_slot_reference(cpu, machine, slot).await;
    } else if machine.swap.drop_reference(slot) {
        // Without the writer's bell, or a device that fails would keep it going for ever.
        free_far(cpu, machine, slot).await;
    }
}

/// Puts a frame that was being written on a list. Under the list's lock it stops being on its way, so
/// that who counts it there and here counts it once.
async fn push_written<C: Cpu>(cpu: &C, machine: &Machine, list: ListId, frame: Pfn) {
    let guard = machine.lock_list(cpu, list).await;
    machine.push_back(cpu, list, frame);
    machine.end_writing();
    cpu.step(Step::List { frames: 1 }).await;
    drop(guard);
}
