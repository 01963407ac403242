//! Drops references to frames and slots, and frees a frame or slot that has lost its last.

use super::shootdown::wait_for_readers;
use super::slots::{free_slot, offer_slots};
use crate::bugs::has_bug;
use crate::machine::Machine;
use crate::memory::{FrameState, ListId, LockedEntry, Pfn, Slot};
use crate::observe::Counter;
use crate::runtime::{Cpu, Step};
use crate::sync::atomic::{Ordering, fence};

/// Gives back a taken frame.
pub async fn give_back<C: Cpu>(cpu: &C, machine: &Machine, frame: Pfn) {
    let locked = machine.lock_frame(cpu, frame).await;
    release(cpu, machine, locked).await;
}

/// Frees a locked frame that is off every list and referred to by no PTE.
///
/// Its entry is free before any CPU can find it. A CPU that took it while the entry still said active could
/// hold it back for the active list, from where a trimmer would evict it before it is in use.
pub(super) async fn release<C: Cpu>(cpu: &C, machine: &Machine, mut locked: LockedEntry<'_, C>) {
    let frame = locked.frame;
    wait_for_readers(cpu, machine, std::slice::from_mut(&mut locked)).await;
    if let Some(slot) = locked.entry.slot() {
        machine.swap.set_cached(slot, None);
        drop_slot_reference(cpu, machine, slot).await;
    }
    debug_assert_eq!(locked.entry.share(), 0);
    count_if_missed(cpu, machine, &locked);
    machine.pfns.set_free(&mut locked);
    #[cfg(feature = "bugs")]
    if has_bug!(machine, FoundBeforeFree) {
        make_available(cpu, machine, frame).await;
        cpu.step(Step::Relax).await;
        return;
    }
    drop(locked);
    make_available(cpu, machine, frame).await;
}

/// Counts a locked frame that is about to be freed, if it was read ahead and no fault has found it.
pub(super) fn count_if_missed<C: Cpu>(cpu: &C, machine: &Machine, locked: &LockedEntry<'_, C>) {
    if locked.entry.is_ahead() {
        machine.count(cpu, Counter::ReadAheadMisses);
    }
}

/// Puts a free frame where this CPU, or any CPU, finds it.
async fn make_available<C: Cpu>(cpu: &C, machine: &Machine, frame: Pfn) {
    let kept = machine.keep_at_hand(cpu, frame, machine.options.cpu_cache as usize);
    if !kept || has_bug!(machine, CachedAndFree) {
        push(cpu, machine, machine.lists.home(frame), frame).await;
    }
    machine.frames_available.signal(cpu);
}

/// Puts a frame at the end of a list.
pub(super) async fn push<C: Cpu>(cpu: &C, machine: &Machine, list: ListId, frame: Pfn) {
    let guard = machine.lock_list(cpu, list).await;
    machine.push_back(cpu, list, frame);
    cpu.step(Step::List { frames: 1 }).await;
    drop(guard);
}

/// Takes a frame off the list that its state names; the caller holds its lock.
pub(super) async fn unlist<C: Cpu>(cpu: &C, machine: &Machine, locked: &LockedEntry<'_, C>) {
    let list = machine.lists.list_of(locked.entry.state(), locked.frame);
    let guard = machine.lock_list(cpu, list).await;
    machine.remove(cpu, list, locked.frame);
    cpu.step(Step::List { frames: 1 }).await;
    drop(guard);
}

/// Drops one PTE's reference to a locked frame. Returns whether the caller is to take the frame off its list and free it:
/// it was the last, and no CPU has the frame in flight.
pub(super) fn lose_reference<C: Cpu>(machine: &Machine, locked: &mut LockedEntry<'_, C>) -> bool {
    let share = locked.entry.share() - 1;
    locked.entry.set_share(share);
    machine.set_owner(locked, None);
    share == 0 && !locked.entry.is_in_flight()
}

/// Drops one PTE's reference to a locked frame. The last one frees the frame, unless a CPU has it in flight;
/// that CPU then frees it when it lands it.
pub async fn drop_reference<C: Cpu>(cpu: &C, machine: &Machine, mut locked: LockedEntry<'_, C>) {
    let is_last = lose_reference(machine, &mut locked);
    #[cfg(feature = "bugs")]
    if locked.entry.share() == 0 && !is_last && has_bug!(machine, FreedInFlight) {
        return release(cpu, machine, locked).await;
    }
    if is_last {
        unlist(cpu, machine, &locked).await;
        release(cpu, machine, locked).await;
    }
}

/// Puts a locked frame that is off every list, and to which no PTE refers, on standby for the sharers that
/// have its page in `slot`; frees it if there is none.
pub(super) async fn keep_for_others<C: Cpu>(
    cpu: &C,
    machine: &Machine,
    mut locked: LockedEntry<'_, C>,
    slot: Slot,
) {
    debug_assert!(locked.entry.slot() == Some(slot) && locked.entry.share() == 0);
    // The slot named this frame before: see `drop_swapped_page`.
    fence(Ordering::SeqCst);
    if machine.swap.count(slot) == 1 {
        return release(cpu, machine, locked).await;
    }
    locked.entry.set_state(FrameState::Standby);
    push(cpu, machine, machine.lists.list_of(FrameState::Standby, locked.frame), locked.frame)
        .await;
    drop(locked);
    machine.frames_available.signal(cpu);
}

/// Drops a swapped PTE's reference to its slot, and frees a frame that keeps the slot's copy for no swapped
/// PTE any more.
///
/// The slot names its keeper before that frame lands on standby, and the count is looked at after
/// that; here the count falls first, and then the keeper is asked for. So one of the two sees the
/// other, and both hold the frame's lock when they act.
pub async fn drop_swapped_page<C: Cpu>(cpu: &C, machine: &Machine, slot: Slot) {
    drop_slot_reference(cpu, machine, slot).await;
    fence(Ordering::SeqCst);
    let Some(frame) = machine.swap.cached(slot) else { return };
    let locked = machine.lock_frame(cpu, frame).await;
    let needless = locked.entry.state() == FrameState::Standby
        && locked.entry.share() == 0
        && locked.entry.slot().is_some_and(|slot| machine.swap.count(slot) == 1);
    if needless {
        unlist(cpu, machine, &locked).await;
        release(cpu, machine, locked).await;
    }
}

/// Drops the slot that keeps a copy of a locked frame: the bytes are about to differ.
pub(super) async fn drop_copy<C: Cpu>(cpu: &C, machine: &Machine, locked: &mut LockedEntry<'_, C>) {
    if let Some(slot) = locked.entry.slot() {
        let _moving = machine.swap.begin_move(cpu.local().index);
        machine.swap.set_cached(slot, None);
        locked.entry.set_slot(None);
        drop_slot_reference(cpu, machine, slot).await;
    }
}

/// Drops a reference to a slot; the last one frees the slot, and the writer may go on.
pub async fn drop_slot_reference<C: Cpu>(cpu: &C, machine: &Machine, slot: Slot) {
    let moving = machine.swap.begin_move(cpu.local().index);
    if let Some(_moving) = moving.only_if(machine.swap.drop_reference(slot)) {
        free_slot(cpu, machine, slot).await;
        offer_slots(cpu, machine);
    }
}
