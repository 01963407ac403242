//! Searches for victims without the active list: takes a batch of frames off it, lets the list go, and then looks
//! at their PTEs, as Linux's reclaim does.
//!
//! The list's lock is held for the moves alone. A frame of the batch is off every list with its lock held, by a
//! try-lock (S13): its entry stays as it is, other CPUs that want it wait a batch's looks, and the searcher waits
//! for locks of higher rank only, the tree's or a family's and then the list's. The batch is no larger than what is
//! wanted, so none is left over; what is spared goes back under the same hold. Frames that others have taken off
//! meanwhile are not on the list: a round is as long as the list was when it began.
//!
//! A search that finds a shard of the list empty because others look at all its frames waits for those, polling: two searches of
//! several rounds, each of which gave up because the other had the frames just then, could do so for ever. The wait
//! ends. The one that waits holds no lock and no frame of a batch; the others wait for locks alone, as said above,
//! before they put their batch back or have it in flight; and each such batch is one of a search whose rounds are
//! counted, so that others make progress while it waits.

use super::looks::{LOOKS_AT_ONCE, examined};
use super::place::Place;
use super::replacement::{Accessed, Look, Replacement, Verdict};
use crate::machine::Machine;
use crate::memory::{FrameState, ListId, LockedEntry, Pfn};
use crate::paging::flight::take_into_flight;
use crate::paging::mappings::Mappings;
use crate::paging::progress::Progress;
use crate::runtime::{Cpu, Locked, Step};

/// Takes batches off the active list, and takes those into flight that a policy's verdicts evict.
pub(super) async fn search<C: Cpu>(
    cpu: &C,
    machine: &Machine,
    want: usize,
    progress: &mut Progress,
    policy: &dyn Replacement,
) -> Vec<Pfn> {
    let mut victims = Vec::with_capacity(want);
    let mut place = Place::of(cpu, &machine.lists);
    let mut left = frames_of_a_round(cpu, machine, place.list()).await;
    while victims.len() < want && place.round() < policy.rounds() {
        if left == 0 {
            if !place.skip() {
                break;
            }
            left = frames_of_a_round(cpu, machine, place.list()).await;
            continue;
        }
        let (list, round) = (place.list(), place.round());
        let most = (want - victims.len()).min(left.min(LOOKS_AT_ONCE) as usize);
        let Some((batch, busy)) = isolate(cpu, machine, list, most, policy.has_hand()).await else {
            left = frames_of_a_round(cpu, machine, list).await;
            continue;
        };
        let taken = batch.len() as u32;
        progress.busy += busy;
        let passed = batch.len() as u32 + busy;
        let mut spared = Vec::new();
        let mut kept = Vec::new();
        {
            let _tree = machine.lock_all_members(cpu).await;
            for mut locked in batch {
                let look = look(cpu, machine, &locked, round, policy.accessed(round)).await;
                match policy.judge(&look) {
                    Verdict::Evict => {
                        take_into_flight(&mut locked);
                        victims.push(locked.frame);
                    }
                    Verdict::GoRound => spared.push(locked),
                    Verdict::Keep => kept.push(locked),
                }
            }
            examined(cpu, machine, passed).await;
        }
        put_back(cpu, machine, list, &spared, &kept).await;
        machine.lists.has_looked_at(list, taken);
        left = left.saturating_sub(passed);
        drop((spared, kept));
        if left == 0 {
            place.go_on();
            left = frames_of_a_round(cpu, machine, place.list()).await;
        }
    }
    victims
}

/// Returns how many frames of a shard a round has, when others do not look at all there are.
async fn frames_of_a_round<C: Cpu>(cpu: &C, machine: &Machine, list: ListId) -> u32 {
    let hint = machine.lists.count(list);
    if hint > 0 {
        return hint;
    }
    let _guard = lock_members(cpu, machine, list).await;
    machine.lists.count(list)
}

/// Takes up to `most` frames off a shard of the active list, from its head or the policy's hand on, each locked. Returns also
/// how many were passed because another CPU has them locked; none when the shard is empty.
async fn isolate<'a, C: Cpu>(
    cpu: &'a C,
    machine: &'a Machine,
    list: ListId,
    most: usize,
    from_hand: bool,
) -> Option<(Vec<LockedEntry<'a, C>>, u32)> {
    let mut batch = Vec::with_capacity(most);
    let mut busy = 0;
    let _guard = machine.lock_list(cpu, list).await;
    let mut next = if from_hand { machine.lists.hand(list) } else { None };
    next = next.or_else(|| machine.lists.first(list));
    next?;
    while let Some(frame) = next
        && batch.len() + (busy as usize) < most
    {
        next = machine.lists.next(frame);
        match machine.try_lock_frame(cpu, frame) {
            Some(locked) => {
                machine.remove(cpu, list, frame);
                batch.push(locked);
            }
            None => busy += 1,
        }
    }
    if from_hand {
        machine.lists.set_hand(list, next);
    }
    let taken = batch.len() as u32;
    machine.lists.isolate(list, taken);
    cpu.step(Step::TryLock { times: taken + busy }).await;
    cpu.step(Step::List { frames: taken }).await;
    Some((batch, busy))
}

/// Puts frames back on their shard of the active list: at its end, or where the policy's hand has passed.
async fn put_back<C: Cpu>(
    cpu: &C,
    machine: &Machine,
    list: ListId,
    spared: &[LockedEntry<'_, C>],
    kept: &[LockedEntry<'_, C>],
) {
    if spared.is_empty() && kept.is_empty() {
        return;
    }
    let _guard = machine.lock_list(cpu, list).await;
    for locked in spared {
        machine.push_back(cpu, list, locked.frame);
    }
    for locked in kept {
        machine.insert_behind_hand(cpu, list, locked.frame);
    }
    cpu.step(Step::List { frames: (spared.len() + kept.len()) as u32 }).await;
}

/// Ranks the active frames: returns the rank, the place in its shard and the number of each that is still there, or none
/// when the list is empty. A shard is held to read its members; each is looked at with its own lock alone, so ranks
/// are not of one moment.
pub(super) async fn ranked<C: Cpu>(
    cpu: &C,
    machine: &Machine,
    rank: &mut impl FnMut(&Look<'_>) -> u64,
) -> Option<Vec<(u64, u32, Pfn)>> {
    let members = members(cpu, machine).await;
    let mut ranked = Vec::with_capacity(members.len());
    for (place, frame) in members.iter().copied() {
        let Some(locked) = lock_listed(cpu, machine, frame).await else { continue };
        let _tree = machine.lock_all_members(cpu).await;
        let rank = rank(&look(cpu, machine, &locked, 0, Accessed::Read).await);
        examined(cpu, machine, 1).await;
        ranked.push((rank, place, frame));
    }
    (!members.is_empty()).then_some(ranked)
}

/// Calls `see` for each active frame, in the order of the list, with whether one of its mappings was accessed,
/// which is so no longer.
pub(super) async fn clear_all<C: Cpu>(cpu: &C, machine: &Machine, mut see: impl FnMut(Pfn, bool)) {
    for (_, frame) in members(cpu, machine).await {
        let Some(locked) = lock_listed(cpu, machine, frame).await else { continue };
        let _tree = machine.lock_all_members(cpu).await;
        let accessed = look(cpu, machine, &locked, 0, Accessed::Cleared).await.accessed;
        see(frame, accessed);
        examined(cpu, machine, 1).await;
    }
}

/// Returns the members of the active list, shard by shard in order, each with its place in its shard.
async fn members<C: Cpu>(cpu: &C, machine: &Machine) -> Vec<(u32, Pfn)> {
    let mut members = Vec::new();
    for list in machine.lists.shards_of(FrameState::Active) {
        let _guard = lock_members(cpu, machine, list).await;
        let had = members.len();
        let after = |frame: &Pfn| machine.lists.next(*frame);
        members.extend((0..).zip(std::iter::successors(machine.lists.first(list), after)));
        cpu.step(Step::List { frames: (members.len() - had) as u32 }).await;
    }
    members
}

/// Locks a shard of the active list, when others do not look at all its frames: frames are taken off and put back under
/// its lock, so it is empty then only if there are none.
pub(super) async fn lock_members<'a, C: Cpu>(
    cpu: &'a C,
    machine: &'a Machine,
    list: ListId,
) -> Locked<'a, C> {
    loop {
        let guard = machine.lock_list(cpu, list).await;
        if machine.lists.count(list) > 0 || !machine.lists.is_looked_at(list) {
            return guard;
        }
        drop(guard);
        cpu.step(Step::Relax).await;
    }
}

/// Locks a frame that was on the active list; none if it is not there any more.
async fn lock_listed<'a, C: Cpu>(
    cpu: &'a C,
    machine: &'a Machine,
    frame: Pfn,
) -> Option<LockedEntry<'a, C>> {
    let locked = machine.lock_frame(cpu, frame).await;
    let is_listed = locked.entry.state() == FrameState::Active && !locked.entry.is_in_flight();
    is_listed.then_some(locked)
}

/// Looks at a locked active frame.
async fn look<'a, C: Cpu>(
    cpu: &C,
    machine: &'a Machine,
    locked: &LockedEntry<'_, C>,
    round: u32,
    accessed: Accessed,
) -> Look<'a> {
    let frame = locked.frame;
    let accessed = match accessed {
        Accessed::Ignored => false,
        Accessed::Read => Mappings::of(cpu, machine, locked).await.is_accessed(frame),
        Accessed::Cleared => Mappings::of(cpu, machine, locked).await.clear_accessed(cpu, frame),
    };
    let (dirty, shared) = (locked.entry.is_dirty(), locked.entry.share() > 1);
    Look { accessed, dirty, shared, round, note: machine.note(frame) }
}
