//! Takes slots for frames that are about to be written, and frees slots that no page needs.
//!
//! Under `slot_finder` `bitmap` most come from and go to the CPU's cache (at hand), and the slot lock (D) is taken
//! once for many; under `scan` each time. Slots in rows are drawn first, which makes them certain, and found then:
//! under `rows` and `fixed` without a lock, under `clusters` with the lock of one cluster at a time
//! (`memory/swap/rows.rs`). A CPU that waits for a lock here holds no other of this class.

use super::daemons::{ring, runs};
#[cfg(feature = "bugs")]
use crate::bugs::has_bug;
use crate::machine::Machine;
use crate::memory::{Key, Move, Pfn, Slot};
use crate::observe::{Counter, EventKind};
use crate::options::SlotFinder;
use crate::runtime::{Cpu, DaemonId, DaemonKind, Step, Task};

/// Takes up to `want` slots, each with one reference; none only when none is free. They are on the move until the
/// guard is dropped.
pub async fn take_slots<'m, C: Cpu>(
    cpu: &C,
    machine: &'m Machine,
    want: usize,
) -> (Vec<Slot>, Option<Move<'m>>) {
    let me = cpu.local().index;
    let mut slots = Vec::with_capacity(want);
    let mut moving = None;
    if machine.refusals.refuses() {
        return (slots, moving);
    }
    match machine.options.slot_finder {
        SlotFinder::Bitmap | SlotFinder::Scan => {
            if machine.swap.has_at_hand(me) {
                let begun = machine.swap.begin_move(me);
                machine.swap.take_at_hand(me, want, &mut slots);
                moving = begun.only_if(!slots.is_empty());
            }
            if slots.len() < want {
                let _guard = machine.lock_slots(cpu).await;
                let entries = machine.swap.take(me, want, &mut slots);
                // Before the lock is released: only under it can another find that there are none.
                if moving.is_none() && !slots.is_empty() {
                    moving = Some(machine.swap.begin_move(me));
                }
                looked(cpu, machine, entries).await;
            }
        }
        SlotFinder::Rows | SlotFinder::Fixed => {
            let drawn;
            (drawn, moving) = draw(cpu, machine, want);
            let entries = machine.swap.take_drawn(me, drawn, &mut slots);
            looked(cpu, machine, 1 + entries).await;
        }
        SlotFinder::Clusters => {
            let drawn;
            (drawn, moving) = draw(cpu, machine, want);
            take_from_clusters(cpu, machine, drawn, &mut slots).await;
        }
    }
    for slot in &slots {
        machine.emit_slot(cpu, EventKind::SlotTake, *slot);
    }
    (slots, moving)
}

/// Draws up to `want` of the slots in rows, which are on the move from then on.
fn draw<'m, C: Cpu>(cpu: &C, machine: &'m Machine, want: usize) -> (u32, Option<Move<'m>>) {
    if machine.swap.has_none_in_rows() {
        return (0, None);
    }
    let moving = machine.swap.begin_move(cpu.local().index);
    let drawn = machine.swap.draw(want as u32);
    (drawn, moving.only_if(drawn > 0))
}

/// Counts and charges looks for a slot (S7).
async fn looked<C: Cpu>(cpu: &C, machine: &Machine, entries: u32) {
    machine.stats.add(cpu.local().index, Counter::SlotsExamined, entries.into());
    cpu.step(Step::LookForSlot { entries }).await;
}

/// Takes slots that were drawn from the CPU's cluster, and from others when that is empty. It ends because what was drawn is there:
/// a cluster that was chosen for its slots and has none is one from which others have taken.
async fn take_from_clusters<C: Cpu>(cpu: &C, machine: &Machine, drawn: u32, slots: &mut Vec<Slot>) {
    let mut owed = drawn;
    while owed > 0 {
        {
            let (cluster, _guard) = machine.lock_cluster_for(cpu).await;
            owed -= machine.swap.take_from_cluster(cluster, owed, slots);
            looked(cpu, machine, 1).await;
        }
        if owed > 0 {
            let _guard = machine.lock_slots(cpu).await;
            let entries = machine.swap.next_cluster(cpu.local().index);
            looked(cpu, machine, entries).await;
        }
    }
}

/// Takes a slot for the page in a frame, with one reference; none only when none is free. It is on the move until the
/// guard is dropped.
pub(super) async fn take_slot_for<'m, C: Cpu>(
    cpu: &C,
    machine: &'m Machine,
    frame: Pfn,
) -> Option<(Slot, Move<'m>)> {
    let mut promise = Promise::of(cpu, machine, 1).await;
    let slot = promise.slots_for(cpu, machine, &[frame]).await.pop();
    let (_, moving) = promise.give_up(cpu, machine);
    slot.zip(moving)
}

/// Slots for frames that are not chosen yet: taken, or only drawn where each page has its own. They are on the move.
#[derive(Debug)]
pub(super) struct Promise<'m> {
    taken: Vec<Slot>,
    drawn: u32,
    /// While there are any.
    moving: Option<Move<'m>>,
}

impl<'m> Promise<'m> {
    /// Makes one for up to `want` frames; for none only when no slot is free.
    pub(super) async fn of<C: Cpu>(cpu: &C, machine: &'m Machine, want: usize) -> Self {
        if machine.options.slot_finder != SlotFinder::Fixed {
            let (taken, moving) = take_slots(cpu, machine, want).await;
            return Self { taken, drawn: 0, moving };
        }
        let refused = machine.refusals.refuses();
        let (drawn, moving) = if refused { (0, None) } else { draw(cpu, machine, want) };
        looked(cpu, machine, 1).await;
        Self { taken: Vec::new(), drawn, moving }
    }

    /// Returns for how many frames it is.
    pub(super) fn count(&self) -> usize {
        self.taken.len() + self.drawn as usize
    }

    /// Takes the slots of these frames, whose keys stay, each with one reference, in their order.
    pub(super) async fn slots_for<C: Cpu>(
        &mut self,
        cpu: &C,
        machine: &Machine,
        frames: &[Pfn],
    ) -> Vec<Slot> {
        if self.drawn == 0 {
            let rest = self.taken.split_off(frames.len().min(self.taken.len()));
            return std::mem::replace(&mut self.taken, rest);
        }
        let mut slots = Vec::with_capacity(frames.len());
        let mut entries = 0;
        for frame in frames.iter().take(self.drawn as usize) {
            entries += machine.swap.take_near(home(machine, *frame), &mut slots);
            self.drawn -= 1;
        }
        looked(cpu, machine, entries).await;
        for slot in &slots {
            machine.emit_slot(cpu, EventKind::SlotTake, *slot);
        }
        slots
    }

    /// Gives up what was drawn and not used. Returns what was taken and not used, and the move, which goes on.
    pub(super) fn give_up<C: Cpu>(
        self,
        cpu: &C,
        machine: &Machine,
    ) -> (Vec<Slot>, Option<Move<'m>>) {
        if self.drawn > 0 {
            machine.swap.give_up(self.drawn);
            offer_slots(cpu, machine);
        }
        (self.taken, self.moving)
    }
}

/// Returns the place of a frame's page among the slots: by its number, with families far from each other.
fn home(machine: &Machine, frame: Pfn) -> u64 {
    /// 2^32 divided by the golden ratio: multiples of it spread evenly.
    const SPREAD: u32 = 0x9e37_79b9;
    let Key { family, vpn } = machine.pfns.key(frame);
    let apart = u64::from(family.wrapping_mul(SPREAD)) * u64::from(machine.options.slots);
    (apart >> 32) + u64::from(vpn.0)
}

/// Rings the writer's bell when slots are free again for which frames may wait.
pub(super) fn offer_slots<C: Cpu>(cpu: &C, machine: &Machine) {
    if machine.has_modified(cpu) && runs(machine, DaemonKind::Writer) {
        ring(cpu, machine, writer_for(cpu, machine));
    }
}

/// Returns the writer that is told of free slots: one that frees them itself, else the first.
fn writer_for<C: Cpu>(cpu: &C, machine: &Machine) -> DaemonId {
    let writer = DaemonId::WRITER;
    if machine.options.writers == 1 {
        return writer;
    }
    match machine.task(cpu.local().index) {
        Task::Daemon(daemon) if daemon.kind == writer.kind => daemon,
        _ => writer,
    }
}

/// Frees a slot whose last reference is gone.
pub(super) async fn free_slot<C: Cpu>(cpu: &C, machine: &Machine, slot: Slot) {
    if !free_slot_at_hand(cpu, machine, slot) {
        free_elsewhere(cpu, machine, slot).await;
    }
}

/// Frees such a slot into the CPU's cache; false if that has no room, and then the caller goes on with
/// [`free_elsewhere`].
pub(super) fn free_slot_at_hand<C: Cpu>(cpu: &C, machine: &Machine, slot: Slot) -> bool {
    // Recorded first: from then on another CPU may take it.
    machine.emit_slot(cpu, EventKind::SlotFree, slot);
    machine.swap.free_at_hand(cpu.local().index, slot)
}

/// Frees a slot so that it is not the next to be taken, if that can be chosen: its page could not be written.
pub(super) async fn free_far<C: Cpu>(cpu: &C, machine: &Machine, slot: Slot) {
    machine.emit_slot(cpu, EventKind::SlotFree, slot);
    free_elsewhere(cpu, machine, slot).await;
}

/// Frees a slot where every CPU looks for one.
pub(super) async fn free_elsewhere<C: Cpu>(cpu: &C, machine: &Machine, slot: Slot) {
    match machine.options.slot_finder {
        SlotFinder::Bitmap | SlotFinder::Scan => {
            let _guard = machine.lock_slots(cpu).await;
            machine.swap.free_into_bitmap(cpu.local().index, slot);
            cpu.step(Step::LookForSlot { entries: 1 }).await;
        }
        #[cfg(feature = "bugs")]
        SlotFinder::Rows if has_bug!(machine, CreditBeforeSlot) => {
            machine.swap.credit(slot);
            cpu.step(Step::LookForSlot { entries: 1 }).await;
            machine.swap.show_in_row(slot);
        }
        SlotFinder::Rows | SlotFinder::Fixed => {
            machine.swap.free_into_row(slot);
            cpu.step(Step::LookForSlot { entries: 1 }).await;
        }
        SlotFinder::Clusters => {
            let _guard = machine.lock_cluster_of(cpu, slot).await;
            machine.swap.free_into_row(slot);
            cpu.step(Step::LookForSlot { entries: 1 }).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::memory::{FrameState, Vpn};
    use crate::observe::Recording;
    use crate::options::MachineOptions;
    use crate::paging::{AddressSpace, trim};
    use crate::process::{spawn, wake};
    use crate::runtime::{ThreadCpu, block_on};

    /// A writer that found no slot, because all were drawn, looks again when they were not used.
    #[test]
    fn s7_slots_that_were_promised_and_not_used_ring_the_writer() {
        let options =
            MachineOptions { slot_finder: SlotFinder::Fixed, ..MachineOptions::default() };
        let machine = Machine::new(options, 1, Recording::OnDemand).unwrap();
        let cpu = ThreadCpu::new(Arc::default(), machine.local(0));
        let rings = || {
            let mut noted = 0;
            let bell = machine.doorbell(DaemonId::WRITER);
            bell.ring(&cpu, || noted += 1);
            block_on(bell.wait_for_ring(&cpu, &machine.stop, false));
            // One that rings already is not noted again.
            1 - noted
        };
        let give_up = || {
            let promise = block_on(Promise::of(&cpu, &machine, 4));
            assert_eq!((promise.count(), promise.give_up(&cpu, &machine).0), (4, Vec::new()));
            assert_eq!(machine.swap.free(), machine.options.slots);
        };
        rings();
        give_up();
        assert_eq!(rings(), 0, "no frame waits");
        let process = block_on(spawn(&cpu, &machine, 1)).unwrap();
        block_on(wake(&cpu, &machine, process)).unwrap();
        {
            let space = AddressSpace::enter(&cpu, &machine, process).unwrap();
            block_on(space.store(Vpn(0), 0, 1)).unwrap();
        }
        while machine.lists.count_of(FrameState::Modified) == 0 {
            block_on(trim(&cpu, &machine, 1));
        }
        rings();
        give_up();
        assert_eq!(rings(), 1);
    }
}
