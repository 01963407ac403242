//! Isolates frames: a CPU takes a frame off its list into *flight*, owns it for a trim or a write, and
//! *lands* it on the list that it belongs on then.

use super::reclaim_at_once::{is_at_once, land_some};
use super::references::{drop_copy, drop_slot_reference, push, release, unlist};
use super::slots::free_far;
use crate::machine::Machine;
use crate::memory::{DeviceFailed, FrameState, LockedEntry, Pfn, Slot};
use crate::runtime::{Cpu, Step};

/// Takes one frame off the active list into flight; false when it is no longer there.
pub(super) async fn take_active<C: Cpu>(cpu: &C, machine: &Machine, frame: Pfn) -> bool {
    take_active_if(cpu, machine, frame, || true).await
}

/// Takes one frame off the active list into flight; false when it is no longer there or, with its lock held, not what
/// is `wanted`.
pub(super) async fn take_active_if<C: Cpu>(
    cpu: &C,
    machine: &Machine,
    frame: Pfn,
    wanted: impl FnOnce() -> bool,
) -> bool {
    let mut locked = machine.lock_frame(cpu, frame).await;
    let there =
        locked.entry.state() == FrameState::Active && !locked.entry.is_in_flight() && wanted();
    if there {
        unlist(cpu, machine, &locked).await;
        take_into_flight(&mut locked);
    }
    there
}

/// Marks a locked active frame, just off its list, as owned by this CPU.
pub(super) fn take_into_flight<C: Cpu>(locked: &mut LockedEntry<'_, C>) {
    locked.entry = locked.entry.taken_into_flight();
}

/// Marks a locked modified frame, just off its list, as owned by this CPU until it is written.
pub(super) fn start_writing<C: Cpu>(machine: &Machine, locked: &mut LockedEntry<'_, C>) {
    machine.begin_writing();
    locked.entry = locked.entry.taken_to_be_written();
}

/// What was done to a frame while it was in flight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Landing {
    /// No PTE refers to it any more.
    Unreferenced,
    /// It is mapped, because it was never unmapped or is again.
    Rescued,
    /// PTEs refer to it, none of them valid.
    Unmapped,
}

/// Ends the flight of a locked frame, which goes on a list, or is freed, before its lock is released.
fn end_flight<C: Cpu>(locked: &mut LockedEntry<'_, C>) -> Landing {
    let rescued = locked.entry.is_rescued();
    locked.entry.set_in_flight(false);
    locked.entry.set_rescued(false);
    match (locked.entry.share(), rescued) {
        (0, _) => Landing::Unreferenced,
        (_, true) => Landing::Rescued,
        (_, false) => Landing::Unmapped,
    }
}

/// Lands frames that were in flight to be unmapped: puts them on the lists they belong on now, each list
/// locked once for the frames that go there together.
pub(super) async fn land_unmapped<C: Cpu>(cpu: &C, machine: &Machine, frames: &[Pfn]) {
    let left = is_at_once::<C>(machine).then(|| land_some(cpu, machine, frames));
    let frames = left.as_deref().unwrap_or(frames);
    let mut modified = Vec::with_capacity(frames.len());
    let mut standby = Vec::new();
    cpu.step(Step::TryLock { times: frames.len() as u32 }).await;
    for frame in frames {
        // While others are held, only a try-lock; the CPU that has it locked does not keep it for long.
        let mut locked = loop {
            match machine.try_lock_frame(cpu, *frame) {
                Some(locked) => break locked,
                None => {
                    list_together(cpu, machine, FrameState::Modified, &mut modified).await;
                    list_together(cpu, machine, FrameState::Standby, &mut standby).await;
                    cpu.step(Step::Relax).await;
                }
            }
        };
        match end_flight(&mut locked) {
            Landing::Unreferenced => release(cpu, machine, locked).await,
            Landing::Rescued => {
                let list = machine.lists.list_of(FrameState::Active, *frame);
                push(cpu, machine, list, *frame).await;
            }
            Landing::Unmapped if locked.entry.is_dirty() => {
                drop_copy(cpu, machine, &mut locked).await;
                locked.entry.set_state(FrameState::Modified);
                modified.push(locked);
            }
            // Its bytes are in its slot or, if it has none, all zero.
            Landing::Unmapped => {
                locked.entry.set_state(FrameState::Standby);
                standby.push(locked);
            }
        }
    }
    list_together(cpu, machine, FrameState::Modified, &mut modified).await;
    list_together(cpu, machine, FrameState::Standby, &mut standby).await;
}

/// Puts locked frames at the end of the list of a state, each in its shard, and unlocks them. Each turn is for one
/// shard, and all of its frames leave with it.
async fn list_together<C: Cpu>(
    cpu: &C,
    machine: &Machine,
    state: FrameState,
    frames: &mut Vec<LockedEntry<'_, C>>,
) {
    while let Some(first) = frames.first() {
        let list = machine.lists.list_of(state, first.frame);
        let guard = machine.lock_list(cpu, list).await;
        let is_there =
            |locked: &mut LockedEntry<'_, C>| machine.lists.list_of(state, locked.frame) == list;
        let there: Vec<_> = frames.extract_if(.., is_there).collect();
        for locked in &there {
            machine.push_back(cpu, list, locked.frame);
        }
        cpu.step(Step::List { frames: there.len() as u32 }).await;
        drop(guard);
    }
}

/// Lands a frame that was in flight to be written to a slot: on standby if it was written, with the slot as
/// its copy; else the slot is dropped.
pub(super) async fn land_written<C: Cpu>(
    cpu: &C,
    machine: &Machine,
    frame: Pfn,
    slot: Slot,
    written: Result<(), DeviceFailed>,
) {
    let mut locked = machine.lock_frame(cpu, frame).await;
    match end_flight(&mut locked) {
        Landing::Unreferenced => {
            machine.end_writing();
            release(cpu, machine, locked).await;
        }
        Landing::Rescued => {
            locked.entry.set_state(FrameState::Active);
            push_written(cpu, machine, FrameState::Active, frame).await;
            drop(locked);
        }
        Landing::Unmapped if written.is_err() => {
            locked.entry.set_state(FrameState::Modified);
            push_written(cpu, machine, FrameState::Modified, frame).await;
            drop(locked);
        }
        Landing::Unmapped => {
            locked.entry.set_slot(Some(slot));
            machine.swap.set_cached(slot, Some(frame));
            locked.entry.set_dirty(false);
            locked.entry.set_written(true);
            locked.entry.set_state(FrameState::Standby);
            push_written(cpu, machine, FrameState::Standby, frame).await;
            return;
        }
    }
    if written.is_ok() {
        drop_slot_reference(cpu, machine, slot).await;
    } else if machine.swap.drop_reference(slot) {
        // Without the writer's bell, or a device that fails would keep the writer going for ever.
        free_far(cpu, machine, slot).await;
    }
}

/// Puts a frame that was being written on the list of a state. Under the list's lock it stops being on its way, so that a
/// CPU that counts it there and here counts it once.
async fn push_written<C: Cpu>(cpu: &C, machine: &Machine, state: FrameState, frame: Pfn) {
    let list = machine.lists.list_of(state, frame);
    let guard = machine.lock_list(cpu, list).await;
    machine.push_back(cpu, list, frame);
    machine.end_writing();
    cpu.step(Step::List { frames: 1 }).await;
    drop(guard);
}
