//! Searches the active list for victims while it is locked, and the process tree with it, so that what is looked
//! at stands where it is.

use super::looks::{LOOKS_AT_ONCE, examined};
use super::lowest::Lowest;
use super::replacement::{Accessed, Look, Replacement, Verdict};
use crate::bugs::has_bug;
use crate::machine::Machine;
use crate::memory::Pfn;
use crate::paging::flight::take_into_flight;
use crate::paging::mappings::{clear_accessed, is_accessed};
use crate::paging::progress::Progress;
use crate::runtime::{Cpu, Step};

/// Goes along the active list by a policy's verdicts, and takes its victims into flight.
pub(super) async fn search<C: Cpu>(
    cpu: &C,
    machine: &Machine,
    want: usize,
    progress: &mut Progress,
    policy: &dyn Replacement,
) -> Vec<Pfn> {
    let list = machine.lists.active();
    let mut victims = Vec::with_capacity(want);
    // Frames of this round that are left. One that is locked or spared is passed once a round.
    let mut left = machine.lists.count(list);
    let mut round = 0;
    while victims.len() < want && round < policy.rounds() {
        // Accessed bits are read through the families, so the tree before the list.
        let tree = machine.lock_tree(cpu).await;
        let guard = machine.lock_list(cpu, list).await;
        let mut next = if policy.has_hand() { machine.lists.hand(list) } else { None };
        next = next.or_else(|| machine.lists.first(list));
        if next.is_none() {
            break;
        }
        let (had, was_busy) = (victims.len(), progress.busy);
        let mut looks_left = LOOKS_AT_ONCE;
        while let Some(frame) = next
            && victims.len() < want
            && looks_left > 0
            && round < policy.rounds()
        {
            looks_left -= 1;
            next = machine.lists.next(frame);
            match policy.judge(&look(cpu, machine, frame, round, policy.accessed(round))) {
                Verdict::Keep => {}
                Verdict::GoRound => {
                    machine.remove(cpu, list, frame);
                    machine.push_back(cpu, list, frame);
                }
                Verdict::Evict if take_off(cpu, machine, frame) => victims.push(frame),
                Verdict::Evict => progress.busy += 1,
            }
            left = left.saturating_sub(1);
            if left == 0 {
                round += 1;
                left = machine.lists.count(list);
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

/// Takes the frames of the lowest ranks, of equal ones those that have been on the active list longest.
/// It looks at all of them while the list is locked, so that they are ranked as of one moment.
pub(super) async fn lowest<C: Cpu>(
    cpu: &C,
    machine: &Machine,
    want: usize,
    progress: &mut Progress,
    mut rank: impl FnMut(&Look<'_>) -> u64,
) -> Vec<Pfn> {
    let list = machine.lists.active();
    let mut victims = Vec::with_capacity(want);
    let tree = machine.lock_tree(cpu).await;
    let guard = machine.lock_list(cpu, list).await;
    let mut ranked = Vec::with_capacity(machine.lists.count(list) as usize);
    let mut next = machine.lists.first(list);
    let mut place: u32 = 0;
    while let Some(frame) = next {
        next = machine.lists.next(frame);
        ranked.push((rank(&look(cpu, machine, frame, 0, Accessed::Read)), place, frame));
        place += 1;
    }
    examined(cpu, machine, place).await;
    let was_busy = progress.busy;
    for frame in Lowest::of(ranked) {
        if victims.len() == want {
            break;
        }
        if take_off(cpu, machine, frame) {
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

/// Takes a frame off the active list, whose lock the caller holds, into flight; false if another CPU has the
/// frame locked: list before frame is against the order, so only a try-lock (S13).
fn take_off<C: Cpu>(cpu: &C, machine: &Machine, frame: Pfn) -> bool {
    let Some(mut locked) = machine.try_lock_frame(cpu, frame) else { return false };
    if !has_bug!(machine, VictimTakenTwice) {
        machine.remove(cpu, machine.lists.active(), frame);
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
        let list = machine.lists.active();
        let _guard = machine.lock_list(cpu, list).await;
        victims.iter().for_each(|victim| machine.remove(cpu, list, *victim));
    }
}
