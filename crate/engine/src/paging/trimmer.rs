//! The trimmer: unmaps victims ahead of need, from active to modified or standby.
//!
//! Victims are taken off the active list in a batch, each by a try-lock on the frame, so no frame
//! is in two batches (S9): a frame that is off the list is in flight, and its owner lands it.

use std::sync::atomic::Ordering;

use super::unmap::{Progress, SecondChance, unmap};
use super::{ring, rung};
use crate::memory::{DaemonId, FrameState, LockedEntry, Memory, Pfn};
use crate::options::Policy;
use crate::runtime::Cpu;

/// The trimmer's life.
pub async fn trimmer<C: Cpu>(cpu: &C, memory: &Memory) {
    let trim_options = memory.options.trim;
    while rung(cpu, memory, DaemonId::Trimmer).await {
        // Frames on their way through modified count, or trimming would overshoot.
        while memory.available() + memory.lists.count(memory.lists.modified()) < trim_options.high
            && !memory.stop.load(Ordering::Relaxed)
        {
            let progress = trim(cpu, memory, trim_options.batch as usize).await;
            ring(cpu, memory, DaemonId::Writer);
            if progress.moved == 0 {
                break;
            }
        }
    }
}

/// Trims up to `want` frames by the machine's policy.
pub(super) async fn trim<C: Cpu>(cpu: &C, memory: &Memory, want: usize) -> Progress {
    let mut total = Progress::default();
    // Two rounds: the second finds every page that the first has marked as not accessed.
    let mut left = 2 * memory.lists.count(memory.lists.active()) as usize;
    while (total.moved as usize) < want && left > 0 {
        let batch = (want - total.moved as usize).min(left);
        let victims = match memory.options.policy {
            Policy::Random => take_at_random(cpu, memory, batch).await,
            _ => take_from_head(cpu, memory, batch, &mut total).await,
        };
        if victims.is_empty() {
            break;
        }
        left -= victims.len();
        let chance = match memory.options.policy {
            Policy::Clock => SecondChance::Given,
            _ => SecondChance::Refused,
        };
        let progress = unmap(cpu, memory, &victims, chance).await;
        total.moved += progress.moved;
        total.busy += progress.busy;
        if progress.busy as usize == victims.len() {
            break;
        }
    }
    total
}

/// Marks a locked active frame, just off its list, as owned by this CPU.
pub(super) fn take_into_flight<C: Cpu>(locked: &mut LockedEntry<'_, C>) {
    locked.entry.set_in_flight(true);
    // Mapped until it is unmapped: if that fails it lands on the active list again.
    locked.entry.set_rescued(true);
}

async fn take_from_head<C: Cpu>(
    cpu: &C,
    memory: &Memory,
    want: usize,
    progress: &mut Progress,
) -> Vec<Pfn> {
    let list = memory.lists.active();
    let mut victims = Vec::with_capacity(want);
    let _guard = memory.lock_list(cpu, list).await;
    let mut next = memory.lists.first(list);
    while let Some(frame) = next
        && victims.len() < want
    {
        next = memory.lists.next(frame);
        // List before frame is against the order, so only a try-lock (S13).
        match memory.try_lock_frame(cpu, frame) {
            Some(mut locked) => {
                memory.lists.remove(list, frame);
                take_into_flight(&mut locked);
                victims.push(frame);
            }
            None => progress.busy += 1,
        }
    }
    victims
}

async fn take_at_random<C: Cpu>(cpu: &C, memory: &Memory, want: usize) -> Vec<Pfn> {
    let frames = memory.pfns.count();
    let mut victims = Vec::with_capacity(want);
    while victims.len() < want {
        let start = cpu.local().random.borrow_mut().below(frames.into()) as u32;
        let candidate = (0..frames).map(|step| Pfn((start + step) % frames)).find(|frame| {
            let entry = memory.pfns.peek(*frame);
            entry.state() == FrameState::Active && !entry.is_in_flight()
        });
        let Some(frame) = candidate else { break };
        take_active(cpu, memory, frame).await.then(|| victims.push(frame));
    }
    victims
}

/// Takes one frame off the active list into flight; false when it is no longer there.
pub(super) async fn take_active<C: Cpu>(cpu: &C, memory: &Memory, frame: Pfn) -> bool {
    let mut locked = memory.lock_frame(cpu, frame).await;
    let there = locked.entry.state() == FrameState::Active && !locked.entry.is_in_flight();
    if there {
        super::supply::unlist(cpu, memory, &locked).await;
        take_into_flight(&mut locked);
    }
    there
}
