//! Takes slots for frames that are about to be written, and frees slots that no page needs.
//!
//! Most come from and go to the CPU's cache (at hand); the slot lock (D) is taken once for many.

use crate::machine::Machine;
use crate::memory::Slot;
use crate::observe::{Counter, EventKind};
use crate::runtime::{Cpu, Step};

/// Takes up to `want` slots, each with one reference; none only when none is free.
pub async fn take_slots<C: Cpu>(cpu: &C, machine: &Machine, want: usize) -> Vec<Slot> {
    let me = cpu.local().index;
    let mut slots = Vec::with_capacity(want);
    if machine.refusals.refuses() {
        return slots;
    }
    machine.swap.take_at_hand(me, want, &mut slots);
    if slots.len() < want {
        let _guard = machine.lock_slots(cpu).await;
        let entries = machine.swap.take(me, want, &mut slots);
        machine.stats.add(me, Counter::SlotsExamined, entries.into());
        cpu.step(Step::LookForSlot { entries }).await;
    }
    for slot in &slots {
        machine.emit_slot(cpu, EventKind::SlotTake, *slot);
    }
    slots
}

/// Frees a slot whose last reference is gone.
pub(super) async fn free_slot<C: Cpu>(cpu: &C, machine: &Machine, slot: Slot) {
    // Recorded first: from then on another CPU may take it.
    machine.emit_slot(cpu, EventKind::SlotFree, slot);
    if !machine.swap.free_at_hand(cpu.local().index, slot) {
        into_bitmap(cpu, machine, slot).await;
    }
}

/// Frees a slot into the bitmap, so that it is not the next to be taken: its page could not be
/// written.
pub(super) async fn free_far<C: Cpu>(cpu: &C, machine: &Machine, slot: Slot) {
    machine.emit_slot(cpu, EventKind::SlotFree, slot);
    into_bitmap(cpu, machine, slot).await;
}

async fn into_bitmap<C: Cpu>(cpu: &C, machine: &Machine, slot: Slot) {
    let _guard = machine.lock_slots(cpu).await;
    machine.swap.free_into_bitmap(cpu.local().index, slot);
    cpu.step(Step::LookForSlot { entries: 1 }).await;
}
