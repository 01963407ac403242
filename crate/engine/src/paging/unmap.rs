//! Unmapping a batch of frames: PTEs to transition, one shootdown, and on to the next list (S9, S11).

use std::sync::atomic::{AtomicU64, Ordering};

use super::shootdown::shootdown;
use super::supply::{drop_copy, push, release};
use crate::memory::{CpuSet, FrameState, Key, Memory, Pfn, ProcessId, PteFormat};
use crate::observe::Counter;
use crate::options::Shootdown;
use crate::runtime::Cpu;

/// What reclaim work has come to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Frames moved on.
    pub moved: u32,
    /// Frames that could not be moved because somebody is at work on them.
    pub busy: u32,
    /// Frames wait for slots and there are none.
    pub no_slots: bool,
}

/// What became of one victim.
enum Unmapped {
    Yes(CpuSet),
    Busy,
}

/// Unmaps frames that this CPU has in flight, and lands them: on modified or standby if they were
/// unmapped, on active if not.
pub(super) async fn unmap<C: Cpu>(cpu: &C, memory: &Memory, victims: &[Pfn]) -> Progress {
    let mut progress = Progress::default();
    let mut cpus = CpuSet::default();
    let mut pages = 0;
    for frame in victims {
        match unmap_one(cpu, memory, *frame).await {
            Unmapped::Yes(mapped_by) => {
                progress.moved += 1;
                if memory.options.shootdown == Shootdown::Single {
                    shootdown(cpu, memory, mapped_by, 1).await;
                } else {
                    cpus = cpus.union(mapped_by);
                    pages += 1;
                }
            }
            Unmapped::Busy => progress.busy += 1,
        }
    }
    if pages > 0 {
        shootdown(cpu, memory, cpus, pages).await;
    }
    for frame in victims {
        land(cpu, memory, *frame).await;
    }
    memory.stats.add(cpu.local().index, Counter::Trims, progress.moved.into());
    memory.frames_available.signal(cpu);
    progress
}

/// The members of the frame's family that refer to it, pinned: their tables stay until unpinned.
async fn pin_sharers<C: Cpu>(
    cpu: &C,
    memory: &Memory,
    frame: Pfn,
    Key { family, vpn }: Key,
) -> Vec<ProcessId> {
    let _tree = memory.lock_tree(cpu).await;
    let refers = |member: &ProcessId| {
        let cell = memory.pte(memory.processes.get(*member), vpn);
        cell.is_some_and(|cell| memory.load(cell).refers_to(frame))
    };
    let sharers: Vec<_> = memory.processes.members(family).filter(refers).collect();
    for sharer in &sharers {
        memory.processes.get(*sharer).pins.fetch_add(1, Ordering::SeqCst);
    }
    sharers
}

async fn unmap_one<C: Cpu>(cpu: &C, memory: &Memory, frame: Pfn) -> Unmapped {
    // In flight, so the key stays.
    let key = memory.pfns.key(frame);
    let sharers = pin_sharers(cpu, memory, frame, key).await;
    let result = unmap_from(cpu, memory, frame, key, &sharers).await;
    for sharer in &sharers {
        memory.processes.get(*sharer).pins.fetch_sub(1, Ordering::SeqCst);
    }
    result
}

async fn unmap_from<C: Cpu>(
    cpu: &C,
    memory: &Memory,
    frame: Pfn,
    Key { vpn, .. }: Key,
    sharers: &[ProcessId],
) -> Unmapped {
    let mut cells = Vec::with_capacity(sharers.len());
    let mut regions = Vec::with_capacity(sharers.len());
    for sharer in sharers {
        let cell = memory.pte(memory.processes.get(*sharer), vpn);
        let (Some(cell), Some(region)) = (cell, memory.region(*sharer, vpn)) else {
            return Unmapped::Busy;
        };
        cells.push((*sharer, cell));
        regions.push(region);
    }
    regions.sort_by_key(|(id, _)| id.index);
    regions.dedup_by_key(|(id, _)| id.index);
    let mut guards = Vec::with_capacity(regions.len());
    for region in regions {
        guards.push(memory.lock_region(cpu, region).await);
    }
    let mut locked = memory.lock_frame(cpu, frame).await;
    let steady = |(_, cell): &(ProcessId, &AtomicU64)| {
        let pte = memory.load(cell);
        pte.refers_to(frame) && !pte.is_in_transit()
    };
    if locked.entry.share() as usize != cells.len() || !cells.iter().all(steady) {
        return Unmapped::Busy;
    }
    let mut cpus = CpuSet::default();
    for (sharer, cell) in &cells {
        let old = memory.change_pte(cpu, *sharer, vpn, cell, |pte| {
            (pte.format() == PteFormat::Valid).then(|| pte.unmapped())
        });
        if let Some(old) = old {
            // Unmapping folds the PTE's dirty bit into the frame's.
            if old.is_dirty() {
                locked.entry.set_dirty(true);
            }
            cpus = cpus.union(memory.processes.get(*sharer).cpus());
        }
    }
    locked.entry.set_rescued(false);
    Unmapped::Yes(cpus)
}

/// Ends the flight of a frame: on to the list it belongs on now.
async fn land<C: Cpu>(cpu: &C, memory: &Memory, frame: Pfn) {
    let mut locked = memory.lock_frame(cpu, frame).await;
    let rescued = locked.entry.is_rescued();
    locked.entry.set_in_flight(false);
    locked.entry.set_rescued(false);
    if locked.entry.share() == 0 {
        release(cpu, memory, &mut locked).await;
    } else if rescued {
        push(cpu, memory, memory.lists.active(), frame).await;
    } else if locked.entry.slot().is_some() && !locked.entry.is_dirty() {
        locked.entry.set_state(FrameState::Standby);
        push(cpu, memory, memory.lists.standby(), frame).await;
    } else {
        drop_copy(cpu, memory, &mut locked).await;
        locked.entry.set_dirty(true);
        locked.entry.set_state(FrameState::Modified);
        push(cpu, memory, memory.lists.modified(), frame).await;
    }
}
