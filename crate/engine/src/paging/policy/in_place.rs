//! Searches the active list for victims while it is locked, and the process tree with it, so that what is looked
//! at stands where it is.

use super::looks::{LOOKS_AT_ONCE, examined};
use super::lowest::Lowest;
use super::place::Place;
use super::replacement::{Accessed, Look, Replacement, Verdict};
use crate::bugs::has_bug;
use crate::machine::Machine;
use crate::memory::{FrameState, ListId, Pfn};
use crate::paging::flight::take_into_flight;
use crate::paging::mappings::{clear_accessed, is_accessed};
use crate::paging::progress::Progress;
use crate::paging::reclaim_at_once::{is_at_once, take_active};
use crate::runtime::{Cpu, Step};

/// Goes along the active list by a policy's verdicts, and takes its victims into flight.
pub(super) async fn search<C: Cpu>(
    cpu: &C,
    machine: &Machine,
    want: usize,
    progress: &mut Progress,
    policy: &dyn Replacement,
) -> Vec<Pfn> {
    let mut victims = Vec::with_capacity(want);
    let mut place = Place::of(cpu, &machine.lists);
    // Frames of this shard that are left in this round. One that is locked or spared is passed once a round.
    let mut left = machine.lists.count(place.list());
    while victims.len() < want && place.round() < policy.rounds() {
        if place.skips(left) {
            if !place.skip() {
                break;
            }
            left = machine.lists.count(place.list());
            continue;
        }
        let list = place.list();
        // Accessed bits are read through the families, so the tree before the list.
        let tree = machine.lock_tree(cpu).await;
        let guard = machine.lock_list(cpu, list).await;
        let mut next = if policy.has_hand() { machine.lists.hand(list) } else { None };
        next = next.or_else(|| machine.lists.first(list));
        if next.is_none() {
            left = 0;
            if place.skips(left) {
                continue;
            }
            break;
        }
        let (had, was_busy) = (victims.len(), progress.busy);
        let mut looks_left = LOOKS_AT_ONCE;
        while let Some(frame) = next
            && victims.len() < want
            && looks_left > 0
            && place.round() < policy.rounds()
            && place.list() == list
        {
            looks_left -= 1;
            next = machine.lists.next(frame);
            match policy.judge(&look(
                cpu,
                machine,
                frame,
                place.round(),
                policy.accessed(place.round()),
            )) {
                Verdict::Keep => {}
                Verdict::GoRound => {
                    machine.remove(cpu, list, frame);
                    machine.push_back(cpu, list, frame);
                }
                Verdict::Evict if take_off(cpu, machine, list, frame) => victims.push(frame),
                Verdict::Evict => progress.busy += 1,
            }
            left = left.saturating_sub(1);
            if left == 0 {
                place.go_on();
                left = machine.lists.count(place.list());
            }
        }
        if policy.has_hand() {
            machine.lists.set_hand(list, next);
        }
        examined(cpu, machine, LOOKS_AT_ONCE - looks_left).await;
        charge_taken(cpu, victims.len() - had, progress.busy - was_busy).await;
        drop(guard);
        drop(tree);
    }
    #[cfg(feature = "bugs")]
    leave_late(cpu, machine, &victims).await;
    victims
}

/// Takes the frames of the lowest ranks, of equal ones those that have been on the active list longest, where that is
/// one list. It looks at all of them while the list is locked, so that they are ranked as of one moment.
pub(super) async fn lowest<C: Cpu>(
    cpu: &C,
    machine: &Machine,
    want: usize,
    progress: &mut Progress,
    mut rank: impl FnMut(&Look<'_>) -> u64,
) -> Vec<Pfn> {
    let list = machine.lists.active(0);
    let mut victims = Vec::with_capacity(want);
    let tree = machine.lock_tree(cpu).await;
    let guard = machine.lock_list(cpu, list).await;
    let mut ranked = Vec::new();
    rank_members(cpu, machine, list, &mut rank, &mut ranked).await;
    let was_busy = progress.busy;
    for frame in Lowest::of(ranked) {
        if victims.len() == want {
            break;
        }
        if take_off(cpu, machine, list, frame) {
            victims.push(frame);
        } else {
            progress.busy += 1;
        }
    }
    charge_taken(cpu, victims.len(), progress.busy - was_busy).await;
    drop(guard);
    drop(tree);
    #[cfg(feature = "bugs")]
    leave_late(cpu, machine, &victims).await;
    victims
}

/// Ranks the active frames, those of each shard as of one moment: returns the rank, the place in its shard and the number
/// of each, or none when there are none.
pub(super) async fn ranked<C: Cpu>(
    cpu: &C,
    machine: &Machine,
    rank: &mut impl FnMut(&Look<'_>) -> u64,
) -> Option<Vec<(u64, u32, Pfn)>> {
    let mut ranked = Vec::new();
    for list in machine.lists.round(FrameState::Active, 0) {
        let _tree = machine.lock_tree(cpu).await;
        let _guard = machine.lock_list(cpu, list).await;
        rank_members(cpu, machine, list, rank, &mut ranked).await;
    }
    (!ranked.is_empty()).then_some(ranked)
}

/// Ranks the frames of one shard, whose lock the caller holds, and the tree's.
async fn rank_members<C: Cpu>(
    cpu: &C,
    machine: &Machine,
    list: ListId,
    rank: &mut impl FnMut(&Look<'_>) -> u64,
    ranked: &mut Vec<(u64, u32, Pfn)>,
) {
    ranked.reserve(machine.lists.count(list) as usize);
    let mut next = machine.lists.first(list);
    let mut place: u32 = 0;
    while let Some(frame) = next {
        next = machine.lists.next(frame);
        ranked.push((rank(&look(cpu, machine, frame, 0, Accessed::Read)), place, frame));
        place += 1;
    }
    examined(cpu, machine, place).await;
}

/// Looks at an active frame; the caller holds the tree lock.
fn look<'a, C: Cpu>(
    cpu: &C,
    machine: &'a Machine,
    frame: Pfn,
    round: u32,
    accessed: Accessed,
) -> Look<'a> {
    let accessed = match accessed {
        Accessed::Ignored => false,
        Accessed::Read => is_accessed(machine, frame),
        Accessed::Cleared => clear_accessed(cpu, machine, frame),
    };
    let entry = machine.pfns.peek(frame);
    let (dirty, shared) = (entry.is_dirty(), entry.share() > 1);
    Look { accessed, dirty, shared, round, note: machine.note(frame) }
}

/// Takes a frame off its shard of the active list, whose lock the caller holds, into flight; false if another CPU has the
/// frame locked: list before frame is against the order, so only a try-lock (S13).
fn take_off<C: Cpu>(cpu: &C, machine: &Machine, list: ListId, frame: Pfn) -> bool {
    if is_at_once::<C>(machine) {
        return take_active(cpu, machine, list, frame);
    }
    let Some(mut locked) = machine.try_lock_frame(cpu, frame) else { return false };
    if !has_bug!(machine, VictimTakenTwice) {
        machine.remove(cpu, list, frame);
    }
    take_into_flight(&mut locked);
    true
}

/// Charges for frames taken and for those that were locked.
async fn charge_taken<C: Cpu>(cpu: &C, taken: usize, busy: u32) {
    let taken = taken as u32;
    if taken > 0 {
        cpu.step(Step::TryLock { times: taken + busy }).await;
        cpu.step(Step::List { frames: taken }).await;
    }
}

/// Takes victims off their list late, for [`Bug::VictimTakenTwice`](crate::bugs::Bug::VictimTakenTwice).
#[cfg(feature = "bugs")]
async fn leave_late<C: Cpu>(cpu: &C, machine: &Machine, victims: &[Pfn]) {
    if has_bug!(machine, VictimTakenTwice) {
        for list in machine.lists.shards_of(FrameState::Active) {
            let _guard = machine.lock_list(cpu, list).await;
            let is_there =
                |frame: &&Pfn| machine.lists.list_of(FrameState::Active, **frame) == list;
            victims.iter().filter(is_there).for_each(|frame| machine.remove(cpu, list, *frame));
        }
    }
}
