//! Where frames come from and go to: the CPU's own, the free and zeroed lists, standby, and, last,
//! what other CPUs keep at hand.

use super::forecast::low;
use super::repurpose::repurpose;
use super::slots::free_slot;
use super::{ring, runs};
use crate::bugs::has_bug;
use crate::machine::Machine;
use crate::memory::{Entry, FrameState, Key, ListId, LockedEntry, Pfn, Slot, Vpn};
use crate::options::{Policy, Trigger};
use crate::runtime::{Cpu, DaemonId, Step};
use crate::sync::atomic::{Ordering, fence};

/// A frame in hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hand {
    /// The frame.
    pub frame: Pfn,
    /// Every byte is zero.
    pub zeroed: bool,
    /// This CPU used it a moment ago.
    pub hot: bool,
}

/// Takes a frame if one can be had without waiting; zeroed rather than not when `zeroed`.
pub async fn take_frame<C: Cpu>(cpu: &C, machine: &Machine, zeroed: bool) -> Option<Hand> {
    if machine.refusals.refuses() {
        return None;
    }
    if let Some(frame) = machine.take_from_hand(cpu) {
        let zeroed = has_bug!(machine, NotZeroed);
        return Some(Hand { frame, zeroed, hot: true });
    }
    let taken = match take_from_lists(cpu, machine, zeroed).await {
        Some(hand) => Some(hand),
        None => match take_from_standby(cpu, machine).await {
            Some(hand) => Some(hand),
            None => steal(cpu, machine).await,
        },
    };
    wake_trimmer_if_low(cpu, machine);
    taken
}

fn wake_trimmer_if_low<C: Cpu>(cpu: &C, machine: &Machine) {
    if !runs(machine, DaemonId::Trimmer) {
        return;
    }
    let low = match machine.options.trim.trigger {
        Trigger::EveryFault => u32::MAX,
        Trigger::Watermark => machine.options.trim.low,
        Trigger::Predictive => low(machine),
    };
    if machine.available() < low {
        ring(cpu, machine, DaemonId::Trimmer);
    }
}

async fn take_from_lists<C: Cpu>(cpu: &C, machine: &Machine, zeroed: bool) -> Option<Hand> {
    let shards = machine.lists.shards();
    let preferred = cpu.local().shard.get();
    for first in [zeroed, !zeroed] {
        for shard in preferred..preferred + shards {
            let list = if first { machine.lists.zeroed(shard) } else { machine.lists.free(shard) };
            if machine.lists.count(list) == 0 {
                continue;
            }
            if let Some(frame) = pop(cpu, machine, list, !first).await {
                cpu.local().shard.set(shard % shards);
                if zeroed && !first && runs(machine, DaemonId::Zeroer) {
                    ring(cpu, machine, DaemonId::Zeroer);
                }
                return Some(Hand { frame, zeroed: first, hot: false });
            }
        }
    }
    None
}

/// Takes the first frame of a list, and a few more for the CPU when `refill`.
async fn pop<C: Cpu>(cpu: &C, machine: &Machine, list: ListId, refill: bool) -> Option<Pfn> {
    let guard = machine.lock_list(cpu, list).await;
    let frame = machine.pop_front(cpu, list)?;
    let mut frames = 1;
    if refill && let Some(record) = machine.record(cpu) {
        // Half, so that frames that come back find room.
        let limit = machine.options.cpu_cache as usize / 2;
        // Off the list before it is at hand: from there another CPU may take it at once.
        while record.has_room(limit)
            && let Some(next) = machine.pop_front(cpu, list)
        {
            machine.keep_at_hand(cpu, next, limit);
            frames += 1;
        }
    }
    cpu.step(Step::List { frames }).await;
    drop(guard);
    Some(frame)
}

async fn take_from_standby<C: Cpu>(cpu: &C, machine: &Machine) -> Option<Hand> {
    let mut frames = repurpose(cpu, machine, machine.options.standby_batch as usize).await;
    let frame = frames.pop()?;
    // The rest goes to the free lists in one batch (S10).
    if !frames.is_empty() {
        let list = machine.lists.free(cpu.local().index);
        let guard = machine.lock_list(cpu, list).await;
        for frame in &frames {
            machine.push_back(cpu, list, *frame);
        }
        cpu.step(Step::List { frames: frames.len() as u32 }).await;
        drop(guard);
        machine.frames_available.signal(cpu);
    }
    Some(Hand { frame, zeroed: false, hot: false })
}

async fn steal<C: Cpu>(cpu: &C, machine: &Machine) -> Option<Hand> {
    let (frame, lines) = machine.steal(cpu);
    cpu.step(Step::Fetch { lines }).await;
    Some(Hand { frame: frame?, zeroed: false, hot: false })
}

/// Gives back a frame in hand.
pub async fn give_back<C: Cpu>(cpu: &C, machine: &Machine, frame: Pfn) {
    let locked = machine.lock_frame(cpu, frame).await;
    release(cpu, machine, locked).await;
}

/// Frees a locked frame that is off every list and referred to by nobody.
///
/// Its entry is free before anybody can find it. Who took it while the entry still said active could
/// hold it back for the active list, from where a trimmer would evict it before it is in use.
pub(super) async fn release<C: Cpu>(cpu: &C, machine: &Machine, mut locked: LockedEntry<'_, C>) {
    let frame = locked.frame;
    if let Some(slot) = locked.entry.slot() {
        machine.swap.set_cached(slot, None);
        drop_slot_reference(cpu, machine, slot).await;
    }
    debug_assert_eq!(locked.entry.share(), 0);
    locked.entry.0 = FrameState::Free as u64;
    machine.pfns.set_key(frame, Key { family: 0, vpn: Vpn(0) });
    #[cfg(feature = "bugs")]
    if has_bug!(machine, FoundBeforeFree) {
        make_available(cpu, machine, frame).await;
        cpu.step(Step::Relax).await;
        return;
    }
    drop(locked);
    make_available(cpu, machine, frame).await;
}

/// Puts a free frame where this CPU, or anybody, finds it.
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
    let list = match locked.entry.state() {
        FrameState::Active => machine.lists.active(),
        FrameState::Modified => machine.lists.modified(),
        FrameState::Standby => machine.lists.standby(),
        state => unreachable!("a frame that is {state:?} is on no list that frames leave early"),
    };
    let guard = machine.lock_list(cpu, list).await;
    machine.remove(cpu, list, locked.frame);
    cpu.step(Step::List { frames: 1 }).await;
    drop(guard);
}

/// Tells the policy that a frame becomes active: its page is about to be used.
fn note_arrival(machine: &Machine, frame: Pfn) {
    match machine.options.policy {
        // As young as can be, or two CPUs could evict each other's page before its first use.
        Policy::Lru => machine.stamp(frame),
        _ => machine.note(frame).store(0, Ordering::Relaxed),
    }
}

/// Puts a frame that is about to be active where the policy finds it: on the active list, or among
/// this CPU's arrivals, which go there together.
pub(super) async fn arrive<C: Cpu>(cpu: &C, machine: &Machine, frame: Pfn) {
    note_arrival(machine, frame);
    if machine.arrive(cpu, frame) {
        cpu.step(Step::Instruction).await;
    } else {
        let guard = machine.lock_list(cpu, machine.lists.active()).await;
        let admitted = machine.admit_own(cpu);
        machine.push_back(cpu, machine.lists.active(), frame);
        cpu.step(Step::List { frames: admitted + 1 }).await;
        drop(guard);
    }
}

/// Whether an arrival may go on the active list: not before its entry says that it is active.
pub(super) fn is_active(machine: &Machine, frame: Pfn) -> bool {
    machine.pfns.is_active(frame)
}

/// Puts what this CPU has held back on the active list.
pub async fn admit_arrivals<C: Cpu>(cpu: &C, machine: &Machine) {
    if machine.lists.has_arrivals(cpu.local().index) {
        let _guard = machine.lock_list(cpu, machine.lists.active()).await;
        let frames = machine.admit_own(cpu);
        cpu.step(Step::List { frames }).await;
    }
}

/// Makes a locked frame, whose key is set, the active frame of a page with one mapping.
pub(super) async fn activate<C: Cpu>(cpu: &C, machine: &Machine, locked: &mut LockedEntry<'_, C>) {
    locked.entry.set_state(FrameState::Active);
    locked.entry.set_share(1);
    arrive(cpu, machine, locked.frame).await;
}

/// Makes a frame in hand the active, dirty frame of a page with one mapping.
pub async fn activate_dirty<C: Cpu>(cpu: &C, machine: &Machine, frame: Pfn, key: Key) {
    activate_new(cpu, machine, frame, key, true).await;
}

/// Makes a frame in hand the active frame of a page with one mapping. A clean one has to be all zero
/// before a PTE names it.
pub(super) async fn activate_new<C: Cpu>(
    cpu: &C,
    machine: &Machine,
    frame: Pfn,
    key: Key,
    dirty: bool,
) {
    // Nobody reads the key of a frame in hand.
    machine.pfns.set_key(frame, key);
    let mut entry = Entry(FrameState::Active as u64);
    entry.set_share(1);
    entry.set_dirty(dirty);
    note_arrival(machine, frame);
    // Among the arrivals before it is active, so that whoever finds it active finds it there.
    if machine.arrive(cpu, frame) {
        cpu.step(Step::Instruction).await;
        machine.pfns.put_into_use(cpu, frame, entry).await;
    } else {
        let mut locked = machine.lock_frame(cpu, frame).await;
        locked.entry = entry;
        arrive(cpu, machine, frame).await;
    }
}

/// Drops one PTE's reference to a locked frame; the last frees it, unless a CPU has it in flight,
/// which then frees it when it lands.
pub async fn drop_reference<C: Cpu>(cpu: &C, machine: &Machine, mut locked: LockedEntry<'_, C>) {
    let share = locked.entry.share() - 1;
    locked.entry.set_share(share);
    #[cfg(feature = "bugs")]
    if share == 0 && locked.entry.is_in_flight() && has_bug!(machine, FreedInFlight) {
        return release(cpu, machine, locked).await;
    }
    if share == 0 && !locked.entry.is_in_flight() {
        unlist(cpu, machine, &locked).await;
        release(cpu, machine, locked).await;
    }
}

/// Puts a locked frame that is off every list, and to which no PTE refers, on standby for those who
/// have its page in `slot`; frees it if there is nobody.
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
    push(cpu, machine, machine.lists.standby(), locked.frame).await;
    drop(locked);
    machine.frames_available.signal(cpu);
}

/// Drops a swapped PTE's reference to its slot, and frees a frame that keeps the slot's copy for
/// nobody any more.
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

/// Lets go of the slot that keeps a copy of a locked frame: the bytes are about to differ.
pub(super) async fn drop_copy<C: Cpu>(cpu: &C, machine: &Machine, locked: &mut LockedEntry<'_, C>) {
    if let Some(slot) = locked.entry.slot() {
        machine.swap.set_cached(slot, None);
        locked.entry.set_slot(None);
        drop_slot_reference(cpu, machine, slot).await;
    }
}

/// Drops a reference to a slot; the last frees it, and the writer may go on.
pub async fn drop_slot_reference<C: Cpu>(cpu: &C, machine: &Machine, slot: Slot) {
    if machine.swap.drop_reference(slot) {
        free_slot(cpu, machine, slot).await;
        if machine.lists.count(machine.lists.modified()) > 0 && runs(machine, DaemonId::Writer) {
            ring(cpu, machine, DaemonId::Writer);
        }
    }
}
