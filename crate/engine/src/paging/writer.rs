//! The writer writes modified frames to swap: batches of slots, batches of writes, from modified to standby.
//!
//! A frame may be rescued while it is written. It is mapped again then, perhaps changed, so the slot that was
//! written is dropped and the frame lands on the active list.
//!
//! A frame whose write fails goes back to the modified list and loses its slot, but no data. The writer then
//! rests until its bell rings again; a CPU that needs the frame reports the failure.

use super::daemons::{ring_next, wait_for_ring};
use super::flight::{land_written, start_writing};
use super::progress::Progress;
use super::reclaim_at_once::{is_at_once, land_written_some, take_modified};
use super::references::{drop_slot_reference, unlist};
use super::slots::Promise;
use super::transfer::write_slot;
#[cfg(feature = "bugs")]
use crate::bugs::has_bug;
use crate::machine::Machine;
use crate::memory::{DeviceFailed, FrameState, ListId, LockedEntry, Pfn, Slot};
use crate::options::Trigger;
use crate::runtime::{Cpu, DaemonId, Step, block_on};

/// Runs a writer: sleeps until its bell rings, and writes until nothing is modified or no slot is free.
pub async fn writer<C: Cpu>(cpu: &C, machine: &Machine, me: DaemonId) {
    let batch = machine.options.write_batch;
    let predictive = machine.options.trim.trigger == Trigger::Predictive;
    while wait_for_ring(cpu, machine, me).await {
        loop {
            if machine.options.writers > 1 && machine.lists.count_of(FrameState::Modified) > batch {
                ring_next(cpu, machine, me);
            }
            let start = if predictive { cpu.now() } else { 0 };
            let progress = write_out(cpu, machine, batch as usize).await;
            if progress.moved == 0 {
                if progress.busy > 0 {
                    // The slots given back have rung the bell: the CPU at work on the frames goes first.
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

/// Writes up to `want` frames from the heads of the shards of the modified list. It ends after one round of them, each
/// time from the next one on, and holds no frame's lock, but slots, when it goes on from one to the next.
pub(super) async fn write_out<C: Cpu>(cpu: &C, machine: &Machine, want: usize) -> Progress {
    let mut progress = Progress::default();
    let want = modified_frames(cpu, machine, want);
    if want == 0 {
        return progress;
    }
    #[cfg(feature = "bugs")]
    while has_bug!(machine, WriterFrozen) && machine.swap.free() == 0 {
        cpu.step(Step::Relax).await;
    }
    let mut promise = Promise::of(cpu, machine, want).await;
    let mut frames = Vec::with_capacity(promise.count());
    let from = cpu.local().writes_from.get();
    for list in machine.lists.round(FrameState::Modified, from) {
        cpu.local().writes_from.set(machine.lists.number_after(list));
        let had = frames.len();
        let mut busy = 0;
        let _guard = machine.lock_list(cpu, list).await;
        let mut next = machine.lists.first(list);
        while let Some(frame) = next
            && frames.len() < promise.count()
        {
            next = machine.lists.next(frame);
            match take_off(cpu, machine, list, frame) {
                true => frames.push(frame),
                false => busy += 1,
            }
        }
        let taken = (frames.len() - had) as u32;
        cpu.step(Step::TryLock { times: taken + busy }).await;
        cpu.step(Step::List { frames: taken }).await;
        progress.busy += busy;
        if frames.len() == promise.count() {
            break;
        }
    }
    progress.no_slots = promise.count() == 0;
    let slots = promise.slots_for(cpu, machine, &frames).await;
    // Until the frames have landed: one that needs its slot no more lands first, and drops the slot then.
    let (unused, _moving) = promise.give_up(cpu, machine);
    for slot in unused {
        drop_slot_reference(cpu, machine, slot).await;
    }
    let frames = frames.into_iter().zip(slots);
    if is_at_once::<C>(machine) && !machine.swap.takes_time() {
        progress.moved += write_together(cpu, machine, frames);
    } else {
        for (frame, slot) in frames {
            progress.moved += u32::from(write_one(cpu, machine, frame, slot).await.is_ok());
        }
    }
    machine.frames_available.signal(cpu);
    progress
}

/// Takes a frame off a shard of the modified list, whose lock the caller holds, into flight; false if another CPU has the
/// frame locked: list before frame is against the order, so only a try-lock (S13).
fn take_off<C: Cpu>(cpu: &C, machine: &Machine, list: ListId, frame: Pfn) -> bool {
    if is_at_once::<C>(machine) {
        return take_modified(cpu, machine, list, frame);
    }
    let Some(mut locked) = machine.try_lock_frame(cpu, frame) else { return false };
    machine.remove(cpu, list, frame);
    start_writing(machine, &mut locked);
    true
}

/// Writes frames to a device that takes no time, each to its slot, and lands them together, so that no copy waits until the
/// one before has left the store buffer. Returns how many were written. A plain function, as all that is done at once.
fn write_together<C: Cpu>(
    cpu: &C,
    machine: &Machine,
    frames: impl Iterator<Item = (Pfn, Slot)>,
) -> u32 {
    let mut written = Vec::with_capacity(frames.size_hint().0);
    for (frame, slot) in frames {
        match block_on(write_slot(cpu, machine, frame, slot)) {
            Ok(()) => written.push((frame, slot)),
            failed => block_on(land_written(cpu, machine, frame, slot, failed)),
        }
    }
    let moved = written.len() as u32;
    for (frame, slot) in land_written_some(cpu, machine, written) {
        block_on(land_written(cpu, machine, frame, slot, Ok(())));
    }
    moved
}

/// Returns how many frames are modified, or `most`: where lists are divided it looks at no more shards than that takes, in
/// the order in which they are written.
fn modified_frames<C: Cpu>(cpu: &C, machine: &Machine, most: usize) -> usize {
    let lists = &machine.lists;
    if !lists.are_divided() {
        return most.min(lists.count_of(FrameState::Modified) as usize);
    }
    let mut there = 0;
    for list in lists.round(FrameState::Modified, cpu.local().writes_from.get()) {
        there += lists.count(list) as usize;
        if there >= most {
            return most;
        }
    }
    there
}

/// Writes one locked modified frame to a slot that the caller has taken.
///
/// # Errors
/// [`DeviceFailed`]; the frame is on the modified list again, and the slot is dropped.
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

async fn write_one<C: Cpu>(
    cpu: &C,
    machine: &Machine,
    frame: Pfn,
    slot: Slot,
) -> Result<(), DeviceFailed> {
    let written = write_slot(cpu, machine, frame, slot).await;
    land_written(cpu, machine, frame, slot, written).await;
    written
}
