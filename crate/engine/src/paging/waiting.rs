//! Waits for a frame when none can be taken at once: reclaims directly, waits for the CPUs at work on frames,
//! or gives up.
//!
//! A CPU that waits here holds no lock, no PTE in transit, no frame and no slot, so the others can always
//! finish. It gives up only when a whole pass moved nothing, no CPU is at work on a frame or has slots on the
//! move, and that has been so several times in a row; or when pass after pass found the swap device failing.
//!
//! Why it ends: a pass finds a frame; or it moves frames one list nearer to free, or drops a slot that only a
//! page in memory keeps, of both of which there are only so many; or others are at work on a frame, which
//! they land, or on slots, which they use or free; or it is fruitless. A pass that moves frames and finds none in the end has been overtaken by
//! another CPU, which got that frame. So a CPU is overtaken as often as others fault, and [`ATTEMPTS`] passes
//! without a frame end the run.

use std::cmp::Ordering;

use super::access::ATTEMPTS;
use super::daemons::ring;
use super::failure::Failure;
use super::progress::Progress;
use super::references::drop_slot_reference;
use super::supply::{Reach, TakenFrame, Wanted, take_frame_within};
use super::trimmer::{has_work, trim};
use super::writer::write_out;
use crate::machine::Machine;
use crate::memory::{Entry, FrameState, Move, NIL, Pfn, Slot, Swap};
use crate::observe::{Counter, Event, EventKind};
use crate::options::Eviction;
use crate::runtime::{Cpu, DaemonId, Step, emit};

/// Passes without any progress, with no CPU at work, before it counts as out of memory; and passes in which
/// writes failed, before it counts as a failure of swap.
const FRUITLESS_PASSES: u32 = 4;

/// Frames that a CPU without one trims at a time when swap is full.
const SCARCE_BATCH: usize = 8;

/// Takes a frame, reclaiming and waiting as long as it must.
///
/// # Errors
/// [`Failure::OutOfMemory`] and [`Failure::OutOfSwap`] when nothing can be evicted;
/// [`Failure::SwapFailed`] when what could be evicted cannot be written.
pub async fn wait_for_frame<C: Cpu>(cpu: &C, machine: &Machine) -> Result<TakenFrame, Failure> {
    machine.count(cpu, Counter::FrameWaits);
    emit(cpu, Event::of(EventKind::FrameWaitBegin, 0));
    let taken = make_room(cpu, machine).await;
    let frame = taken.as_ref().map_or(NIL, |taken| taken.frame.0);
    emit(cpu, Event::of(EventKind::FrameWaitEnd, frame));
    taken
}

async fn make_room<C: Cpu>(cpu: &C, machine: &Machine) -> Result<TakenFrame, Failure> {
    let pipelined = machine.options.eviction == Eviction::Pipelined;
    let batch = if pipelined { machine.options.trim.batch as usize } else { 1 };
    let me = cpu.local().index;
    if machine.lists.are_divided() {
        // Its own shards first, to which other CPUs do not come while theirs have frames; it goes on from there.
        let own = me % machine.lists.list_shards();
        cpu.local().victims_from.set(own);
        cpu.local().writes_from.set(own);
    }
    let mut fruitless = 0;
    let mut moves = None;
    let mut failing = Failing::from_here_on(machine);
    if machine.refusals.refuses() {
        return Err(Failure::OutOfMemory);
    }
    for pass in 0..ATTEMPTS {
        // Nearby it has just looked.
        let reach = if pass == 0 { Reach::Near } else { Reach::All };
        if let Some(taken) = take_frame_within(cpu, machine, Wanted::Any, reach).await {
            return Ok(taken);
        }
        // Where lists are divided, the search that found no frame has rung it: to count all shards again costs more.
        if pipelined && !machine.lists.are_divided() && has_work(machine) {
            ring(cpu, machine, DaemonId::TRIMMER);
        }
        // What is unmapped already first.
        let written = write_out(cpu, machine, batch).await;
        // Without slots just enough to go on: every page that is unmapped and cannot be written comes
        // back as a soft fault.
        let batch = if written.no_slots { batch.min(SCARCE_BATCH) } else { batch };
        if written.no_slots && free_kept_slots(cpu, machine, batch).await > 0 {
            fruitless = 0;
            continue;
        }
        let trimmed = match written.moved {
            0 => trim(cpu, machine, batch).await,
            _ => Progress::default(),
        };
        if let Some(taken) = take_frame_within(cpu, machine, Wanted::Any, reach).await {
            return Ok(taken);
        }
        // Others at work are no reason to wait when all that they do fails.
        if failing.passes() >= FRUITLESS_PASSES {
            return Err(Failure::SwapFailed);
        }
        if trimmed.moved + written.moved > 0 {
            fruitless = 0;
            continue;
        }
        cpu.step(Step::Relax).await;
        // An available frame could not be taken only because another CPU has it locked.
        let others_at_work = machine.has_available(cpu, 1) || somebody_at_work(machine);
        if trimmed.busy + written.busy > 0 || others_at_work {
            fruitless = 0;
            continue;
        }
        // Nor can it say that no slot is free when others have moved some since the pass before.
        let before = std::mem::replace(&mut moves, machine.swap.moves_of_others(me));
        if moves.is_none() || fruitless > 0 && moves != before {
            fruitless = 0;
            continue;
        }
        fruitless += 1;
        if fruitless == FRUITLESS_PASSES {
            if failing.passes() > 0 {
                return Err(Failure::SwapFailed);
            }
            let swap_is_short = written.no_slots && machine.options.slots > 0;
            return Err(if swap_is_short { Failure::OutOfSwap } else { Failure::OutOfMemory });
        }
    }
    unreachable!(
        "in {ATTEMPTS} passes a CPU found no frame, and something was always under way: {} frames \
         available, {} modified, {} protected",
        machine.available(),
        machine.lists.count_of(FrameState::Modified),
        machine.protected_frames()
    )
}

/// How long the writes, of whichever CPU, have done nothing but fail.
struct Failing<'a> {
    swap: &'a Swap,
    seen: u64,
    passes: u32,
}

impl<'a> Failing<'a> {
    fn from_here_on(machine: &'a Machine) -> Self {
        Self { swap: &machine.swap, seen: machine.swap.failures_in_a_row(), passes: 0 }
    }

    /// Returns in how many passes, asked once in each, writes have failed and none succeeded since.
    fn passes(&mut self) -> u32 {
        let failures = self.swap.failures_in_a_row();
        match failures.cmp(&self.seen) {
            Ordering::Less => self.passes = 0,
            Ordering::Equal => {}
            Ordering::Greater => self.passes += 1,
        }
        self.seen = failures;
        self.passes
    }
}

/// Whether some frame is in flight or taken by a CPU: it will be available or evictable soon.
fn somebody_at_work(machine: &Machine) -> bool {
    let listed: u32 = machine.lists.all().map(|list| machine.lists.count(list)).sum();
    let at_hand: usize = machine.cpus.iter().map(|record| record.cached().count()).sum();
    let protected = machine.protected_frames();
    listed + at_hand as u32 + protected < machine.pfns.count()
}

/// Drops slots whose copy is in an active frame too, so that others can be written out. Returns how many.
pub(super) async fn free_kept_slots<C: Cpu>(cpu: &C, machine: &Machine, want: usize) -> usize {
    let mut kept = KeptSlots::new(cpu, machine);
    let mut freed = 0;
    while freed < want
        && let Some(slot) = kept.take().await
    {
        drop_slot_reference(cpu, machine, slot).await;
        freed += 1;
    }
    kept.charge().await;
    freed
}

/// Takes a slot whose copy is in an active frame too for another page, with one reference. It is on the move until the
/// guard is dropped.
pub(super) async fn take_kept_slot<'m, C: Cpu>(
    cpu: &'m C,
    machine: &'m Machine,
) -> Option<(Slot, Move<'m>)> {
    if machine.refusals.refuses() {
        return None;
    }
    let mut kept = KeptSlots::new(cpu, machine);
    let slot = kept.take().await;
    kept.charge().await;
    if let Some(slot) = slot {
        machine.emit_slot(cpu, EventKind::SlotFree, slot);
        machine.swap.take_over(slot);
        machine.emit_slot(cpu, EventKind::SlotTake, slot);
    }
    slot.zip(kept.moving)
}

/// Searches, once over all frames, for slots that only an active frame keeps: from the first frame on, or, where lists are
/// divided, from where this CPU has searched last, so that CPUs do not look at the same frames at the same time.
struct KeptSlots<'a, C: Cpu> {
    cpu: &'a C,
    machine: &'a Machine,
    /// The frame with which it begins.
    first: u32,
    /// Frames looked at so far.
    looked: u32,
    /// Since one was found.
    moving: Option<Move<'a>>,
}

impl<'a, C: Cpu> KeptSlots<'a, C> {
    fn new(cpu: &'a C, machine: &'a Machine) -> Self {
        let first = match machine.lists.are_divided() {
            true => cpu.local().kept_from.get() % machine.pfns.count(),
            false => 0,
        };
        Self { cpu, machine, first, looked: 0, moving: None }
    }

    /// Returns the next frame that may keep a slot.
    fn next(&mut self) -> Option<Pfn> {
        let count = self.machine.pfns.count();
        let keeps = |entry: Entry| entry.state() == FrameState::Active && entry.slot().is_some();
        while self.looked < count {
            let at = (self.first + self.looked) % count;
            let found = self.machine.pfns.find(Pfn(at), keeps);
            // Without one it goes on with the first frame of all.
            self.looked += found.map_or(count, |frame| frame.0 + 1) - at;
            if found.is_some() && self.looked <= count {
                return found;
            }
        }
        self.looked = count;
        None
    }

    /// Returns the next slot, which its frame has dropped: its one reference is the caller's.
    async fn take(&mut self) -> Option<Slot> {
        let machine = self.machine;
        while let Some(frame) = self.next() {
            let mut locked = machine.lock_frame(self.cpu, frame).await;
            let only_keeper = locked.entry.slot().filter(|slot| machine.swap.count(*slot) == 1);
            if locked.entry.state() == FrameState::Active
                && let Some(slot) = only_keeper
            {
                let moving = machine.swap.begin_move(self.cpu.local().index);
                self.moving = self.moving.take().or(Some(moving));
                machine.swap.set_cached(slot, None);
                locked.entry.set_slot(None);
                locked.entry.set_dirty(true);
                return Some(slot);
            }
        }
        None
    }

    async fn charge(&self) {
        if self.machine.lists.are_divided() {
            self.cpu.local().kept_from.set(self.first + self.looked);
        }
        self.cpu.step(Step::LookForSlot { entries: self.looked }).await;
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::options::MachineOptions;
    use crate::runtime::ThreadCpu;

    /// CPUs whose lists are divided begin with different frames, and each goes on where it has ended.
    #[test]
    fn s7_a_search_for_kept_slots_looks_at_each_frame_once_wherever_it_begins() {
        let keepers = [3, 9, 15].map(Pfn);
        for (list_shards, begins) in [(1, [0, 0, 0]), (2, [5, 9, 10])] {
            let options = MachineOptions { frames: 16, list_shards, ..MachineOptions::default() };
            let machine = Machine::bare(options, 1, 1).unwrap();
            for frame in keepers {
                machine.pfns.corrupt(frame, |entry| {
                    entry.set_state(FrameState::Active);
                    entry.set_slot(Some(Slot(frame.0)));
                });
            }
            let cpu = ThreadCpu::new(Arc::default(), machine.local(0));
            for first in begins {
                cpu.local().kept_from.set(first);
                let mut kept = KeptSlots::new(&cpu, &machine);
                let found: Vec<_> = std::iter::from_fn(|| kept.next()).collect();
                let is_before = |frame: &Pfn| frame.0 < first;
                let (after, before): (Vec<_>, Vec<_>) =
                    keepers.into_iter().partition(|frame| !is_before(frame));
                assert_eq!((found, kept.looked), ([after, before].concat(), 16), "from {first}");
            }
        }
        let options = MachineOptions { frames: 64, cpus: 4, list_shards: 4, ..Default::default() };
        let machine = Machine::bare(options, 1, 1).unwrap();
        let mut begins: Vec<_> = (0..4).map(|cpu| machine.local(cpu).kept_from.get()).collect();
        begins.dedup();
        assert_eq!(begins.len(), 4, "{begins:?}");
    }
}
