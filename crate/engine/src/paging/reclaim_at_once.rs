//! Takes frames off their lists, unmaps them and lands them in single steps, on threads, where each can be had at once.
//!
//! On its way from active to standby a frame is locked and unlocked again and again, each time by the CPU that owns it.
//! Where no other CPU looks at it at that moment, the change is one compare-and-swap of its entry, from a word without
//! lock bits: lock, change and release in one. A frame for which that fails takes the way that it takes on virtual CPUs.
//! All of it is plain functions, for which a caller asks [`is_at_once`] first: so a build for virtual CPUs has none of them.
//!
//! | step | locked | atomic steps (read-modify-write) for a frame; in brackets with each lock taken and released |
//! |---|---|---|
//! | off the active list | the tree, the list | the entry into flight: 1 (2) |
//! | unmapped | the tree | the entry locked; the PTE to transition; the entry unlocked: 3 (5) |
//! | landed on modified or standby | the list | the entry out of flight: 1 (2) |
//! | off the modified list | the list | the entry into flight; one more written: 2 (3) |
//! | landed on standby | the list | the entry out of flight; one less written: 2 (5) |
//!
//! The CPU that holds a list's lock takes a frame into flight before the frame leaves the list, and lands it before the
//! frame joins the list. A CPU that finds an entry which says *listed* takes the list's lock before it relies on that, and
//! finds the frame there then.

use super::mappings::only_member;
use crate::machine::Machine;
use crate::memory::{
    CpuSet, Entry, FrameState, Key, ListId, LockedEntry, Pfn, ProcessId, PteFormat, Slot,
};
use crate::options::{PteLocks, Rmap, Shootdown};
use crate::runtime::{Cpu, Locked, block_on};
use crate::sync::atomic::AtomicU64;

/// Whether frames are taken and landed in single steps.
#[inline(always)]
pub(super) fn is_at_once<C: Cpu>(machine: &Machine) -> bool {
    C::STEPS_ARE_FREE && (!cfg!(feature = "bugs") || machine.options.bugs.is_empty())
}

/// Takes a frame off a shard of the active list, whose lock the caller holds, into flight; false if another CPU has the
/// frame locked.
#[inline(always)]
pub(super) fn take_active<C: Cpu>(cpu: &C, machine: &Machine, list: ListId, frame: Pfn) -> bool {
    let taken = machine.pfns.try_change(cpu, frame, |entry| Some(entry.taken_into_flight()));
    if taken {
        machine.remove(cpu, list, frame);
    }
    taken
}

/// Takes a frame off a shard of the modified list, whose lock the caller holds, to be written; false if another CPU has
/// the frame locked.
#[inline(always)]
pub(super) fn take_modified<C: Cpu>(cpu: &C, machine: &Machine, list: ListId, frame: Pfn) -> bool {
    let taken = machine.pfns.try_change(cpu, frame, |entry| Some(entry.taken_to_be_written()));
    if taken {
        machine.remove(cpu, list, frame);
        machine.begin_writing();
    }
    taken
}

/// Frames that were unmapped in single steps.
#[derive(Default)]
pub(super) struct Unmapped {
    /// How many.
    pub(super) pages: u32,
    /// The CPUs that may have used them.
    pub(super) cpus: CpuSet,
    /// The others, of which nothing is changed.
    pub(super) left: Vec<Pfn>,
}

/// Whether frames are unmapped in single steps too.
#[inline(always)]
pub(super) fn unmaps_at_once<C: Cpu>(machine: &Machine) -> bool {
    let options = &machine.options;
    is_at_once::<C>(machine)
        && options.pte_locks == PteLocks::Entry
        && options.rmap != Rmap::Family
        && options.shootdown != Shootdown::Single
}

/// Unmaps those of some frames, which this CPU has in flight, to which one PTE refers that no CPU is at work on.
pub(super) fn unmap_some<C: Cpu>(cpu: &C, machine: &Machine, victims: &[Pfn]) -> Unmapped {
    let mut unmapped = Unmapped::default();
    let _tree = block_on(machine.lock_all_members(cpu));
    for frame in victims {
        match unmap_one(cpu, machine, *frame) {
            Some(cpus) => {
                unmapped.pages += 1;
                unmapped.cpus = unmapped.cpus.union(cpus);
            }
            None => unmapped.left.push(*frame),
        }
    }
    unmapped
}

/// Makes the one PTE of a frame transition. The PTE's word, without lock bits, is its region too. Returns the CPUs that may
/// have used it.
#[inline(always)]
fn unmap_one<C: Cpu>(cpu: &C, machine: &Machine, frame: Pfn) -> Option<CpuSet> {
    let mut locked = machine.try_lock_frame(cpu, frame)?;
    let (process, cell) = only_pte(machine, &locked)?;
    let vpn = machine.pfns.key(frame).vpn;
    let seen = machine.load(cell);
    if seen.format() != PteFormat::Valid
        || !seen.refers_to(frame)
        || !machine.try_replace_pte(cpu, process, vpn, cell, seen, seen.unmapped())
    {
        return None;
    }
    if seen.is_dirty() {
        locked.entry.set_dirty(true);
    }
    locked.entry.set_rescued(false);
    // Asked after the PTE has changed.
    Some(machine.processes.get(process).cpus())
}

/// Returns the one PTE that refers to a locked frame, and its process, without a look at others where steps are single. The
/// caller, who holds the tree lock or finds the frame's owner under its lock, is sure of the table.
#[inline(always)]
pub(super) fn only_pte<'a, C: Cpu>(
    machine: &'a Machine,
    locked: &LockedEntry<'_, C>,
) -> Option<(ProcessId, &'a AtomicU64)> {
    if !is_at_once::<C>(machine) || locked.entry.share() != 1 {
        return None;
    }
    let Key { family, vpn } = machine.pfns.key(locked.frame);
    let process = match machine.options.rmap {
        Rmap::Tree => only_member(machine, family, vpn, locked.frame)?,
        Rmap::Family => return None,
        Rmap::Owner => machine.owner(locked)?,
    };
    Some((process, machine.pte(machine.processes.get(process), vpn)?))
}

/// Lands those of some frames, which were in flight to be unmapped and are, that have no copy which is outdated. Returns the
/// others, of which nothing is changed.
pub(super) fn land_some<C: Cpu>(cpu: &C, machine: &Machine, frames: &[Pfn]) -> Vec<Pfn> {
    let mut left = Vec::new();
    let mut clean = Vec::new();
    let mut held = Held::default();
    for frame in frames {
        match machine.pfns.peek(*frame).is_dirty() {
            true if held.land(cpu, machine, *frame, FrameState::Modified, listed) => {}
            true => left.push(*frame),
            false => clean.push(*frame),
        }
    }
    for frame in clean {
        if !held.land(cpu, machine, frame, FrameState::Standby, listed) {
            left.push(frame);
        }
    }
    left
}

/// Returns the entry of an unmapped frame that lands in a state; none if it is not to land so.
fn listed(mut entry: Entry, state: FrameState) -> Option<Entry> {
    let is_dirty = entry.is_dirty();
    if entry.is_rescued()
        || entry.share() == 0
        || is_dirty != (state == FrameState::Modified)
        || is_dirty && entry.slot().is_some()
    {
        return None;
    }
    entry.set_in_flight(false);
    entry.set_state(state);
    Some(entry)
}

/// Lands those of some frames on standby, which were written to slots, that no program has used meanwhile. Returns the
/// others, of which nothing is changed.
pub(super) fn land_written_some<C: Cpu>(
    cpu: &C,
    machine: &Machine,
    written: Vec<(Pfn, Slot)>,
) -> Vec<(Pfn, Slot)> {
    let mut left = Vec::new();
    let mut held = Held::default();
    for (frame, slot) in written {
        // No PTE names the slot yet, so nobody asks for its keeper.
        machine.swap.set_cached(slot, Some(frame));
        let kept = |mut entry: Entry, state| {
            if entry.is_rescued() || entry.share() == 0 {
                return None;
            }
            entry.set_in_flight(false);
            entry.set_slot(Some(slot));
            entry.set_dirty(false);
            entry.set_written(true);
            entry.set_state(state);
            Some(entry)
        };
        if held.land(cpu, machine, frame, FrameState::Standby, kept) {
            machine.end_writing();
        } else {
            machine.swap.set_cached(slot, None);
            left.push((frame, slot));
        }
    }
    left
}

/// The list that was locked last, and stays locked for the frames that join it next.
struct Held<'a, C: Cpu>(Option<(ListId, Locked<'a, C>)>);

impl<C: Cpu> Default for Held<'_, C> {
    fn default() -> Self {
        Self(None)
    }
}

impl<'a, C: Cpu> Held<'a, C> {
    /// Makes the entry of a frame that this CPU has in flight what `land` returns, and puts it on the list of that state.
    #[inline(always)]
    fn land(
        &mut self,
        cpu: &'a C,
        machine: &'a Machine,
        frame: Pfn,
        state: FrameState,
        land: impl FnOnce(Entry, FrameState) -> Option<Entry>,
    ) -> bool {
        let list = machine.lists.list_of(state, frame);
        if self.0.as_ref().is_none_or(|(held, _)| *held != list) {
            // The one before first: no CPU waits for a list with another in hand.
            self.0 = None;
            self.0 = Some((list, block_on(machine.lock_list(cpu, list))));
        }
        let has_landed = machine.pfns.try_change(cpu, frame, |entry| land(entry, state));
        if has_landed {
            machine.push_back(cpu, list, frame);
        }
        has_landed
    }
}
