//! Takes a frame, if one can be had without waiting: from the CPU's cache, from the free and zeroed lists,
//! from standby and, last, from other CPUs' caches.

use super::daemons::{ring, runs};
use super::predictive::low;
use super::reclaim_at_once::is_at_once;
use super::repurpose::repurpose;
use crate::bugs::has_bug;
use crate::machine::{Machine, Patience};
use crate::memory::{ListId, Pfn};
use crate::options::Trigger;
use crate::runtime::{Cpu, DaemonId, DaemonKind, Locked, Step};

/// A frame that a CPU has taken: free or zeroed by its state, off every list, referred to by no PTE.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TakenFrame {
    /// The frame.
    pub frame: Pfn,
    /// Whether every byte is known to be zero.
    pub zeroed: bool,
    /// Whether this CPU used it a moment ago.
    pub hot: bool,
}

/// Which frame an operation would rather have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// One that is zero already.
    Zeroed,
    /// One with any bytes, which are about to be overwritten.
    Any,
}

/// How far a CPU looks for a frame that is on standby or at hand with others, where lists are divided among many CPUs.
/// Where they are not it looks everywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// The shards next to its own: if they have none the others have few, and to reclaim a batch from its own shards costs
    /// less than to look at the lines of all others.
    Near,
    /// Everywhere: before it says that there is none.
    All,
}

/// Returns how many shards are near: those of eight CPUs, so that eight or fewer look everywhere.
fn near(machine: &Machine) -> usize {
    const CPUS: usize = 8;
    let shards = machine.lists.list_shards();
    (CPUS * shards).div_ceil(machine.options.cpus as usize).min(shards)
}

/// Whether some shards are not near.
fn has_far_shards(machine: &Machine) -> bool {
    near(machine) < machine.lists.list_shards()
}

/// Takes a frame if one can be had without waiting, of the kind that is wanted rather than the other. Where lists are
/// divided among many CPUs it looks only [nearby](Reach::Near) for one that is not free.
pub async fn take_frame<C: Cpu>(cpu: &C, machine: &Machine, wanted: Wanted) -> Option<TakenFrame> {
    take_frame_within(cpu, machine, wanted, Reach::Near).await
}

/// Takes a frame if one can be had without waiting as far as the CPU looks.
pub(super) async fn take_frame_within<C: Cpu>(
    cpu: &C,
    machine: &Machine,
    wanted: Wanted,
    reach: Reach,
) -> Option<TakenFrame> {
    if machine.refusals.refuses() {
        return None;
    }
    if let Some(frame) = machine.take_from_hand(cpu) {
        // Frames in the cache are never known to be zero.
        let believed_zeroed = has_bug!(machine, NotZeroed);
        return Some(TakenFrame { frame, zeroed: believed_zeroed, hot: true });
    }
    let taken = take_from_elsewhere(cpu, machine, wanted, reach).await;
    wake_trimmer_if_low(cpu, machine);
    taken
}

/// Takes a frame for what nobody needs yet: one that leaves at least as many available as the low watermark, and is in
/// no CPU's cache. Requests that a test refuses are not counted, because nothing fails for want of it.
pub(super) async fn take_spare_frame<C: Cpu>(cpu: &C, machine: &Machine) -> Option<Pfn> {
    let left = match machine.options.trim.trigger {
        Trigger::EveryFault | Trigger::Watermark => machine.options.trim.low,
        Trigger::Predictive => low(machine),
    };
    if !machine.has_available(cpu, left + 1) {
        return None;
    }
    let taken = match take_from_lists(cpu, machine, Wanted::Any).await {
        Some(taken) => Some(taken),
        None => take_from_standby(cpu, machine, near(machine)).await,
    };
    taken.map(|taken| taken.frame)
}

async fn take_from_elsewhere<C: Cpu>(
    cpu: &C,
    machine: &Machine,
    wanted: Wanted,
    reach: Reach,
) -> Option<TakenFrame> {
    if let Some(taken) = take_from_lists(cpu, machine, wanted).await {
        return Some(taken);
    }
    let shards = match reach {
        Reach::Near => near(machine),
        Reach::All => machine.lists.list_shards(),
    };
    match take_from_standby(cpu, machine, shards).await {
        None if shards == machine.lists.list_shards() => steal(cpu, machine).await,
        taken => taken,
    }
}

fn wake_trimmer_if_low<C: Cpu>(cpu: &C, machine: &Machine) {
    if !runs(machine, DaemonKind::Trimmer) {
        return;
    }
    let is_low = match machine.options.trim.trigger {
        Trigger::EveryFault => true,
        Trigger::Watermark => !has_enough(cpu, machine, machine.options.trim.low),
        Trigger::Predictive => !has_enough(cpu, machine, low(machine)),
    };
    if is_low {
        ring(cpu, machine, DaemonId::TRIMMER);
    }
}

/// Whether there are so many frames, as far as this CPU looks: where some shards are far, whether its own have their part.
/// The trimmer counts all before it trims.
fn has_enough<C: Cpu>(cpu: &C, machine: &Machine, frames: u32) -> bool {
    let lists = &machine.lists;
    if !has_far_shards(machine) {
        return machine.has_available(cpu, frames);
    }
    let own = cpu.local().shard.get();
    let there = [lists.free(own), lists.zeroed(own), lists.standby(cpu.local().index)];
    let part = frames.div_ceil(lists.list_shards() as u32);
    there.iter().map(|list| lists.count(*list)).sum::<u32>() >= part
}

/// Takes a frame that is free or zeroed, from the list on which the CPU last found one or one near it. Where there is a
/// list for each CPU it waits for one only if it has passed all others; where there are fewer, to try all of them would
/// hold up the CPUs that have locked them.
async fn take_from_lists<C: Cpu>(cpu: &C, machine: &Machine, wanted: Wanted) -> Option<TakenFrame> {
    if machine.lists.free_shards() >= machine.options.cpus as usize {
        match take_from_some_list(cpu, machine, wanted, Patience::None).await {
            Ok(taken) => return Some(taken),
            Err(0) => return None,
            Err(_) => {}
        }
    }
    take_from_some_list(cpu, machine, wanted, Patience::WhereFramesAreMany).await.ok()
}

/// Takes a frame as [`take_from_lists`] does, with one patience for all lists.
///
/// # Errors
/// How many lists with frames it has passed, when it has found none.
async fn take_from_some_list<C: Cpu>(
    cpu: &C,
    machine: &Machine,
    wanted: Wanted,
    patience: Patience,
) -> Result<TakenFrame, u32> {
    let preferred = cpu.local().shard.get();
    let wants_zeroed = wanted == Wanted::Zeroed;
    let mut passed = 0;
    for zeroed in [wants_zeroed, !wants_zeroed] {
        for shard in machine.lists.free_shards_from(preferred) {
            let list = if zeroed { machine.lists.zeroed(shard) } else { machine.lists.free(shard) };
            if machine.lists.count(list) == 0 {
                continue;
            }
            let refill = if zeroed { Refill::No } else { Refill::Yes };
            let Some(guard) = machine.lock_list_or_pass(cpu, list, patience).await else {
                passed += 1;
                continue;
            };
            if let Some(frame) = pop(cpu, machine, list, guard, refill).await {
                cpu.local().shard.set(shard);
                if wants_zeroed && !zeroed && runs(machine, DaemonKind::Zeroer) {
                    ring(cpu, machine, DaemonId::ZEROER);
                }
                return Ok(TakenFrame { frame, zeroed, hot: false });
            }
        }
    }
    Err(passed)
}

/// Whether a CPU that takes a frame puts a few more into its cache.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Refill {
    Yes,
    No,
}

/// Takes the first frame of a locked list, and a few more for the CPU's cache if it is to be refilled, and unlocks it.
async fn pop<C: Cpu>(
    cpu: &C,
    machine: &Machine,
    list: ListId,
    guard: Locked<'_, C>,
    refill: Refill,
) -> Option<Pfn> {
    let frame = machine.pop_front(cpu, list)?;
    let frames = match refill {
        // Half, so that frames that come back find room.
        Refill::Yes => 1 + machine.fill_hand(cpu, list, machine.options.cpu_cache as usize / 2),
        Refill::No => 1,
    };
    cpu.step(Step::List { frames }).await;
    drop(guard);
    Some(frame)
}

async fn take_from_standby<C: Cpu>(
    cpu: &C,
    machine: &Machine,
    shards: usize,
) -> Option<TakenFrame> {
    let hand = machine.options.cpu_cache as usize / 2;
    // On threads a list costs more than the hand, to which the frames would come from there anyway.
    let prefers_hand = machine.lists.are_divided() || is_at_once::<C>(machine);
    let keeps = prefers_hand && machine.record(cpu).is_some() && hand > 0;
    let batch = machine.options.standby_batch as usize;
    let want = if keeps { batch.min(1 + hand) } else { batch };
    let mut frames = repurpose(cpu, machine, want, shards).await;
    let frame = frames.pop()?;
    if keeps {
        // Where CPUs are many they would all come to the list that has just got frames. A CPU that is short of them may
        // steal these.
        frames.retain(|frame| !machine.keep_at_hand(cpu, *frame, hand));
    }
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
    Some(TakenFrame { frame, zeroed: false, hot: false })
}

async fn steal<C: Cpu>(cpu: &C, machine: &Machine) -> Option<TakenFrame> {
    let (frame, lines) = machine.steal(cpu);
    cpu.step(Step::Fetch { lines }).await;
    Some(TakenFrame { frame: frame?, zeroed: false, hot: false })
}
