//! Repurposes standby frames: their pages stay on swap, or are zero again, and the frames become free.
//!
//! This is the sanctioned exception to the lock order (S14). The transition PTEs of a standby frame are
//! rewritten under the frame's lock alone, without their regions' locks; so a fault trusts a transition PTE
//! only after it has locked the frame and read the PTE again.

use super::mappings::Mappings;
use super::reclaim_at_once::only_pte;
use super::references::{count_if_missed, drop_slot_reference, unlist};
use super::shootdown::wait_for_readers;
use crate::bugs::has_bug;
use crate::machine::{Machine, Patience};
use crate::memory::{FrameState, Key, ListId, LockedEntry, Pfn, ProcessId, Pte, Slot};
use crate::observe::Counter;
use crate::runtime::{Cpu, Locked, Step};

/// Takes up to `want` frames from the head of the standby list, and frees them for the caller: from the first of its
/// shards that gives any, from the CPU's own on, in an order in which CPUs do not meet. It ends after so many
/// `shards`, or one round of all, none of which gave any; it holds nothing when it goes on to the next.
pub(super) async fn repurpose<C: Cpu>(
    cpu: &C,
    machine: &Machine,
    want: usize,
    shards: usize,
) -> Vec<Pfn> {
    let lists = &machine.lists;
    let me = cpu.local().index;
    let has_frames = |list: &ListId| lists.count(*list) > 0;
    for list in lists.shards_from(FrameState::Standby, me).take(shards).filter(has_frames) {
        let believed = if has_bug!(machine, OwnerBelieved) {
            let first = machine.lists.first(list);
            first.and_then(|frame| Some((frame, machine.pfns.owner(frame)?)))
        } else {
            None
        };
        let patience = Patience::WhereFramesAreMany;
        let Some(guard) = machine.lock_list_or_pass(cpu, list, patience).await else { continue };
        let taken = take(cpu, machine, list, guard, want).await;
        if !taken.is_empty() {
            return forget_pages(cpu, machine, taken, believed).await;
        }
    }
    Vec::new()
}

/// Takes up to `want` frames off a locked shard of the standby list, from its head on, each locked, and unlocks it.
async fn take<'a, C: Cpu>(
    cpu: &'a C,
    machine: &'a Machine,
    list: ListId,
    _guard: Locked<'a, C>,
    want: usize,
) -> Vec<LockedEntry<'a, C>> {
    let mut taken = Vec::with_capacity(want.min(machine.lists.count(list) as usize));
    let mut next = machine.lists.first(list);
    let mut times = 0;
    while let Some(frame) = next
        && taken.len() < want
    {
        times += 1;
        next = machine.lists.next(frame);
        // List before frame is against the order, so only a try-lock (S13).
        if let Some(locked) = machine.try_lock_frame(cpu, frame) {
            machine.remove(cpu, list, frame);
            taken.push(locked);
        }
    }
    cpu.step(Step::TryLock { times }).await;
    cpu.step(Step::List { frames: taken.len() as u32 }).await;
    taken
}

/// Repurposes one standby frame that the caller has locked.
pub(super) async fn repurpose_one<C: Cpu>(
    cpu: &C,
    machine: &Machine,
    locked: LockedEntry<'_, C>,
) -> Pfn {
    unlist(cpu, machine, &locked).await;
    let frame = locked.frame;
    forget_pages(cpu, machine, vec![locked], None).await;
    frame
}

/// Rewrites the PTEs of locked frames, and frees those. The owner of one is `believed`, not asked, by a bug.
async fn forget_pages<C: Cpu>(
    cpu: &C,
    machine: &Machine,
    mut taken: Vec<LockedEntry<'_, C>>,
    believed: Option<(Pfn, ProcessId)>,
) -> Vec<Pfn> {
    wait_for_readers(cpu, machine, &mut taken).await;
    let mut frames = Vec::with_capacity(taken.len());
    let mut unneeded = Vec::new();
    let tree = machine.lock_all_members(cpu).await;
    let mut ptes = 0;
    for mut locked in taken {
        let frame = locked.frame;
        // None for a page that was read and never stored to: it is all zero.
        let slot = locked.entry.slot();
        let page @ Key { vpn, .. } = machine.pfns.key(frame);
        let share = locked.entry.share();
        // Before a PTE names the slot: a fault that reads it there may drop its reference at once.
        if let Some(slot) = slot
            && !has_bug!(machine, NamedBeforeCounted)
        {
            machine.swap.note_page(slot, page);
            give_to_ptes(machine, slot, share);
        }
        let gone = |pte: Pte| {
            let gone = || slot.map_or(pte.zero_again(), |slot| pte.swapped_to(slot));
            pte.refers_to(frame).then(gone)
        };
        let mut rewritten = 0;
        if let Some((member, cell)) = only_pte(machine, &locked) {
            rewritten += u32::from(machine.change_pte(cpu, member, vpn, cell, gone).is_some());
        } else if share > 0 {
            let mut mappings = Mappings::of(cpu, machine, &locked).await;
            if let Some((_, owner)) = believed.filter(|(seen, _)| *seen == frame) {
                mappings.believe(owner);
            }
            for member in mappings.processes() {
                let Some(cell) = machine.pte(machine.processes.get(member), vpn) else { continue };
                if has_bug!(machine, SharerForgotten) && rewritten > 0 {
                    break;
                }
                #[cfg(feature = "bugs")]
                let _region = match machine.region(member, vpn) {
                    Some(region) if has_bug!(machine, LockAgainstOrder) => {
                        Some(machine.lock_region(cpu, region).await)
                    }
                    _ => None,
                };
                let changed = machine.change_pte(cpu, member, vpn, cell, gone);
                rewritten += u32::from(changed.is_some());
            }
        }
        debug_assert!(cfg!(feature = "bugs") || rewritten == share);
        ptes += rewritten;
        #[cfg(feature = "bugs")]
        if let Some(slot) = slot
            && has_bug!(machine, NamedBeforeCounted)
        {
            cpu.step(Step::Instruction).await;
            give_to_ptes(machine, slot, share);
        }
        if share == 0 {
            // The frame's own reference is the last one when no page needs the copy any more.
            unneeded.extend(slot);
        }
        machine.count(cpu, Counter::Evictions);
        if !locked.entry.is_written() {
            machine.count(cpu, Counter::CleanDrops);
        }
        count_if_missed(cpu, machine, &locked);
        machine.pfns.set_free(&mut locked);
        frames.push(frame);
    }
    cpu.step(Step::Rewrite { ptes }).await;
    drop(tree);
    for slot in unneeded {
        drop_slot_reference(cpu, machine, slot).await;
    }
    frames
}

/// Gives a frame's reference to the slot that it keeps to so many PTEs.
fn give_to_ptes(machine: &Machine, slot: Slot, ptes: u32) {
    machine.swap.add_references(slot, ptes.saturating_sub(1));
    machine.swap.set_cached(slot, None);
}
