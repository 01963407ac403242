//! Where frames come from and go to: the CPU's own, the free and zeroed lists, standby, and, last,
//! what other CPUs keep at hand.

use super::forecast::low;
use super::repurpose::repurpose;
use super::slots::free_slot;
use super::{ring, runs};
use crate::bugs::has_bug;
use crate::memory::{
    DaemonId, Entry, FrameState, Key, ListId, LockedEntry, Memory, Pfn, Slot, Vpn,
};
use crate::options::{Policy, Trigger};
use crate::runtime::{Cpu, Step};
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
pub async fn take_frame<C: Cpu>(cpu: &C, memory: &Memory, zeroed: bool) -> Option<Hand> {
    if memory.refusals.refuses() {
        return None;
    }
    if let Some(frame) = memory.take_from_hand(cpu) {
        let zeroed = has_bug!(memory, NotZeroed);
        return Some(Hand { frame, zeroed, hot: true });
    }
    let taken = match take_from_lists(cpu, memory, zeroed).await {
        Some(hand) => Some(hand),
        None => match take_from_standby(cpu, memory).await {
            Some(hand) => Some(hand),
            None => steal(cpu, memory).await,
        },
    };
    wake_trimmer_if_low(cpu, memory);
    taken
}

fn wake_trimmer_if_low<C: Cpu>(cpu: &C, memory: &Memory) {
    if !runs(memory, DaemonId::Trimmer) {
        return;
    }
    let low = match memory.options.trim.trigger {
        Trigger::EveryFault => u32::MAX,
        Trigger::Watermark => memory.options.trim.low,
        Trigger::Predictive => low(memory),
    };
    if memory.available() < low {
        ring(cpu, memory, DaemonId::Trimmer);
    }
}

async fn take_from_lists<C: Cpu>(cpu: &C, memory: &Memory, zeroed: bool) -> Option<Hand> {
    let shards = memory.lists.shards();
    let preferred = cpu.local().shard.get();
    for first in [zeroed, !zeroed] {
        for shard in preferred..preferred + shards {
            let list = if first { memory.lists.zeroed(shard) } else { memory.lists.free(shard) };
            if memory.lists.count(list) == 0 {
                continue;
            }
            if let Some(frame) = pop(cpu, memory, list, !first).await {
                cpu.local().shard.set(shard % shards);
                if zeroed && !first && runs(memory, DaemonId::Zeroer) {
                    ring(cpu, memory, DaemonId::Zeroer);
                }
                return Some(Hand { frame, zeroed: first, hot: false });
            }
        }
    }
    None
}

/// Takes the first frame of a list, and a few more for the CPU when `refill`.
async fn pop<C: Cpu>(cpu: &C, memory: &Memory, list: ListId, refill: bool) -> Option<Pfn> {
    let guard = memory.lock_list(cpu, list).await;
    let frame = memory.pop_front(cpu, list)?;
    let mut frames = 1;
    if refill && let Some(record) = memory.record(cpu) {
        // Half, so that frames that come back find room.
        let limit = memory.options.cpu_cache as usize / 2;
        // Off the list before it is at hand: from there another CPU may take it at once.
        while record.has_room(limit)
            && let Some(next) = memory.pop_front(cpu, list)
        {
            memory.keep_at_hand(cpu, next, limit);
            frames += 1;
        }
    }
    cpu.step(Step::List { frames }).await;
    drop(guard);
    Some(frame)
}

async fn take_from_standby<C: Cpu>(cpu: &C, memory: &Memory) -> Option<Hand> {
    let mut frames = repurpose(cpu, memory, memory.options.standby_batch as usize).await;
    let frame = frames.pop()?;
    // The rest goes to the free lists in one batch (S10).
    if !frames.is_empty() {
        let list = memory.lists.free(cpu.local().index);
        let guard = memory.lock_list(cpu, list).await;
        for frame in &frames {
            memory.push_back(cpu, list, *frame);
        }
        cpu.step(Step::List { frames: frames.len() as u32 }).await;
        drop(guard);
        memory.frames_available.signal(cpu);
    }
    Some(Hand { frame, zeroed: false, hot: false })
}

async fn steal<C: Cpu>(cpu: &C, memory: &Memory) -> Option<Hand> {
    let (frame, lines) = memory.steal(cpu);
    cpu.step(Step::Fetch { lines }).await;
    Some(Hand { frame: frame?, zeroed: false, hot: false })
}

/// Gives back a frame in hand.
pub async fn give_back<C: Cpu>(cpu: &C, memory: &Memory, frame: Pfn) {
    let locked = memory.lock_frame(cpu, frame).await;
    release(cpu, memory, locked).await;
}

/// Frees a locked frame that is off every list and referred to by nobody.
///
/// Its entry is free before anybody can find it. Who took it while the entry still said active could
/// hold it back for the active list, from where a trimmer would evict it before it is in use.
pub(super) async fn release<C: Cpu>(cpu: &C, memory: &Memory, mut locked: LockedEntry<'_, C>) {
    let frame = locked.frame;
    if let Some(slot) = locked.entry.slot() {
        memory.swap.set_cached(slot, None);
        drop_slot_reference(cpu, memory, slot).await;
    }
    debug_assert_eq!(locked.entry.share(), 0);
    locked.entry.0 = FrameState::Free as u64;
    memory.pfns.set_key(frame, Key { family: 0, vpn: Vpn(0) });
    #[cfg(feature = "bugs")]
    if has_bug!(memory, FoundBeforeFree) {
        make_available(cpu, memory, frame).await;
        cpu.step(Step::Relax).await;
        return;
    }
    drop(locked);
    make_available(cpu, memory, frame).await;
}

/// Puts a free frame where this CPU, or anybody, finds it.
async fn make_available<C: Cpu>(cpu: &C, memory: &Memory, frame: Pfn) {
    let kept = memory.keep_at_hand(cpu, frame, memory.options.cpu_cache as usize);
    if !kept || has_bug!(memory, CachedAndFree) {
        push(cpu, memory, memory.lists.home(frame), frame).await;
    }
    memory.frames_available.signal(cpu);
}

/// Puts a frame at the end of a list.
pub(super) async fn push<C: Cpu>(cpu: &C, memory: &Memory, list: ListId, frame: Pfn) {
    let guard = memory.lock_list(cpu, list).await;
    memory.push_back(cpu, list, frame);
    cpu.step(Step::List { frames: 1 }).await;
    drop(guard);
}

/// Takes a frame off the list that its state names; the caller holds its lock.
pub(super) async fn unlist<C: Cpu>(cpu: &C, memory: &Memory, locked: &LockedEntry<'_, C>) {
    let list = match locked.entry.state() {
        FrameState::Active => memory.lists.active(),
        FrameState::Modified => memory.lists.modified(),
        FrameState::Standby => memory.lists.standby(),
        state => unreachable!("a frame that is {state:?} is on no list that frames leave early"),
    };
    let guard = memory.lock_list(cpu, list).await;
    memory.remove(cpu, list, locked.frame);
    cpu.step(Step::List { frames: 1 }).await;
    drop(guard);
}

/// Tells the policy that a frame becomes active: its page is about to be used.
fn note_arrival(memory: &Memory, frame: Pfn) {
    match memory.options.policy {
        // As young as can be, or two CPUs could evict each other's page before its first use.
        Policy::Lru => memory.stamp(frame),
        _ => memory.note(frame).store(0, Ordering::Relaxed),
    }
}

/// Puts a frame that is about to be active where the policy finds it: on the active list, or among
/// this CPU's arrivals, which go there together.
pub(super) async fn arrive<C: Cpu>(cpu: &C, memory: &Memory, frame: Pfn) {
    note_arrival(memory, frame);
    if memory.arrive(cpu, frame) {
        cpu.step(Step::Instruction).await;
    } else {
        let guard = memory.lock_list(cpu, memory.lists.active()).await;
        let admitted = memory.admit_own(cpu);
        memory.push_back(cpu, memory.lists.active(), frame);
        cpu.step(Step::List { frames: admitted + 1 }).await;
        drop(guard);
    }
}

/// Whether an arrival may go on the active list: not before its entry says that it is active.
pub(super) fn is_active(memory: &Memory, frame: Pfn) -> bool {
    memory.pfns.is_active(frame)
}

/// Puts what this CPU has held back on the active list.
pub async fn admit_arrivals<C: Cpu>(cpu: &C, memory: &Memory) {
    if memory.lists.has_arrivals(cpu.local().index) {
        let _guard = memory.lock_list(cpu, memory.lists.active()).await;
        let frames = memory.admit_own(cpu);
        cpu.step(Step::List { frames }).await;
    }
}

/// Makes a locked frame, whose key is set, the active frame of a page with one mapping.
pub(super) async fn activate<C: Cpu>(cpu: &C, memory: &Memory, locked: &mut LockedEntry<'_, C>) {
    locked.entry.set_state(FrameState::Active);
    locked.entry.set_share(1);
    arrive(cpu, memory, locked.frame).await;
}

/// Makes a frame in hand the active, dirty frame of a page with one mapping.
pub async fn activate_dirty<C: Cpu>(cpu: &C, memory: &Memory, frame: Pfn, key: Key) {
    activate_new(cpu, memory, frame, key, true).await;
}

/// Makes a frame in hand the active frame of a page with one mapping. A clean one has to be all zero
/// before a PTE names it.
pub(super) async fn activate_new<C: Cpu>(
    cpu: &C,
    memory: &Memory,
    frame: Pfn,
    key: Key,
    dirty: bool,
) {
    // Nobody reads the key of a frame in hand.
    memory.pfns.set_key(frame, key);
    let mut entry = Entry(FrameState::Active as u64);
    entry.set_share(1);
    entry.set_dirty(dirty);
    note_arrival(memory, frame);
    // Among the arrivals before it is active, so that whoever finds it active finds it there.
    if memory.arrive(cpu, frame) {
        cpu.step(Step::Instruction).await;
        memory.pfns.put_into_use(cpu, frame, entry).await;
    } else {
        let mut locked = memory.lock_frame(cpu, frame).await;
        locked.entry = entry;
        arrive(cpu, memory, frame).await;
    }
}

/// Drops one PTE's reference to a locked frame; the last frees it, unless a CPU has it in flight,
/// which then frees it when it lands.
pub async fn drop_reference<C: Cpu>(cpu: &C, memory: &Memory, mut locked: LockedEntry<'_, C>) {
    let share = locked.entry.share() - 1;
    locked.entry.set_share(share);
    #[cfg(feature = "bugs")]
    if share == 0 && locked.entry.is_in_flight() && has_bug!(memory, FreedInFlight) {
        return release(cpu, memory, locked).await;
    }
    if share == 0 && !locked.entry.is_in_flight() {
        unlist(cpu, memory, &locked).await;
        release(cpu, memory, locked).await;
    }
}

/// Puts a locked frame that is off every list, and to which no PTE refers, on standby for those who
/// have its page in `slot`; frees it if there is nobody.
pub(super) async fn keep_for_others<C: Cpu>(
    cpu: &C,
    memory: &Memory,
    mut locked: LockedEntry<'_, C>,
    slot: Slot,
) {
    debug_assert!(locked.entry.slot() == Some(slot) && locked.entry.share() == 0);
    // The slot named this frame before: see `drop_swapped_page`.
    fence(Ordering::SeqCst);
    if memory.swap.count(slot) == 1 {
        return release(cpu, memory, locked).await;
    }
    locked.entry.set_state(FrameState::Standby);
    push(cpu, memory, memory.lists.standby(), locked.frame).await;
    drop(locked);
    memory.frames_available.signal(cpu);
}

/// Drops a swapped PTE's reference to its slot, and frees a frame that keeps the slot's copy for
/// nobody any more.
///
/// The slot names its keeper before that frame lands on standby, and the count is looked at after
/// that; here the count falls first, and then the keeper is asked for. So one of the two sees the
/// other, and both hold the frame's lock when they act.
pub async fn drop_swapped_page<C: Cpu>(cpu: &C, memory: &Memory, slot: Slot) {
    drop_slot_reference(cpu, memory, slot).await;
    fence(Ordering::SeqCst);
    let Some(frame) = memory.swap.cached(slot) else { return };
    let locked = memory.lock_frame(cpu, frame).await;
    let needless = locked.entry.state() == FrameState::Standby
        && locked.entry.share() == 0
        && locked.entry.slot().is_some_and(|slot| memory.swap.count(slot) == 1);
    if needless {
        unlist(cpu, memory, &locked).await;
        release(cpu, memory, locked).await;
    }
}

/// Lets go of the slot that keeps a copy of a locked frame: the bytes are about to differ.
pub(super) async fn drop_copy<C: Cpu>(cpu: &C, memory: &Memory, locked: &mut LockedEntry<'_, C>) {
    if let Some(slot) = locked.entry.slot() {
        memory.swap.set_cached(slot, None);
        locked.entry.set_slot(None);
        drop_slot_reference(cpu, memory, slot).await;
    }
}

/// Drops a reference to a slot; the last frees it, and the writer may go on.
pub async fn drop_slot_reference<C: Cpu>(cpu: &C, memory: &Memory, slot: Slot) {
    if memory.swap.drop_reference(slot) {
        free_slot(cpu, memory, slot).await;
        if memory.lists.count(memory.lists.modified()) > 0 && runs(memory, DaemonId::Writer) {
            ring(cpu, memory, DaemonId::Writer);
        }
    }
}
