//! Unmaps a batch of frames: PTEs to transition, one shootdown, and on to the next list (S9, S11).
//!
//! A region's lock ranks before a frame's, so the processes that refer to a frame are found and pinned first, and
//! their regions and the frame are locked then. A frame with an owner is spared that: with its lock held the
//! owner's tables stay (`machine/owners.rs`), and the region is tried; only if it is busy is the owner pinned and
//! waited for. Which processes refer to the frame is asked again under its lock either way.

use super::arrivals::arrive;
use super::flight::land_unmapped;
use super::progress::Progress;
use super::reclaim_at_once::{unmap_some, unmaps_at_once};
use super::references::unlist;
use super::shootdown::shootdown;
use crate::bugs::has_bug;
use crate::machine::Machine;
use crate::memory::{
    CpuSet, FrameState, Key, LockedEntry, Pfn, Pin, ProcessId, Pte, PteFormat, Vpn,
};
use crate::observe::Counter;
use crate::options::{Rmap, Shootdown};
use crate::runtime::{Cpu, LockId, Locked, Step};
use crate::sync::atomic::AtomicU64;

/// Unmaps frames that this CPU has in flight, and lands them: on modified or standby if they were
/// unmapped, on active if not.
pub(super) async fn unmap<C: Cpu>(cpu: &C, machine: &Machine, victims: &[Pfn]) -> Progress {
    let some = unmaps_at_once::<C>(machine).then(|| unmap_some(cpu, machine, victims));
    let (mut pages, mut cpus) =
        some.as_ref().map_or((0, CpuSet::default()), |some| (some.pages, some.cpus));
    let left = some.as_ref().map_or(victims, |some| &some.left);
    let mut progress = Progress { moved: pages, ..Progress::default() };
    let mut unmapper = Unmapper::new(cpu, machine);
    if machine.options.rmap != Rmap::Owner && !left.is_empty() {
        unmapper.pin_sharers(0, left).await;
    }
    for (victim, frame) in left.iter().enumerate() {
        let unmapped = match machine.options.rmap {
            Rmap::Tree | Rmap::Family => unmapper.unmap(victim, *frame).await,
            Rmap::Owner => unmapper.unmap_owned(victim, *frame).await,
        };
        match unmapped {
            Some(mapped_by) => {
                progress.moved += 1;
                if machine.options.shootdown == Shootdown::Single {
                    shootdown(cpu, machine, mapped_by, 1).await;
                } else {
                    cpus = cpus.union(mapped_by);
                    pages += 1;
                }
            }
            None => progress.busy += 1,
        }
    }
    drop(unmapper);
    if pages > 0 {
        shootdown(cpu, machine, cpus, pages).await;
    }
    land_unmapped(cpu, machine, victims).await;
    machine.stats.add(cpu.local().index, Counter::Trims, progress.moved.into());
    machine.frames_available.signal(cpu);
    progress
}

/// Unmaps one frame that this CPU has in flight, and lands it. What is returned can map it again as it was;
/// none if another CPU is at work on it, and it is on the active list again.
pub(super) async fn unmap_one<'a, C: Cpu>(
    cpu: &'a C,
    machine: &'a Machine,
    frame: Pfn,
) -> Option<Unmapper<'a, C>> {
    let mut unmapper = Unmapper::new(cpu, machine);
    unmapper.before = Some(Vec::new());
    unmapper.pin_sharers(0, &[frame]).await;
    let unmapped = unmapper.unmap(0, frame).await;
    if let Some(mapped_by) = unmapped {
        shootdown(cpu, machine, mapped_by, 1).await;
        machine.count(cpu, Counter::Trims);
    }
    land_unmapped(cpu, machine, &[frame]).await;
    machine.frames_available.signal(cpu);
    unmapped.map(|_| unmapper)
}

/// Finds and changes the PTEs of a batch of frames. While it exists it pins the processes concerned:
/// their tables stay.
pub(super) struct Unmapper<'a, C: Cpu> {
    cpu: &'a C,
    machine: &'a Machine,
    pinned: Vec<(ProcessId, Pin)>,
    /// The processes that refer to each victim, in the victims' order.
    sharers: Vec<(usize, ProcessId)>,
    /// Sharers before this one belong to victims that are done.
    done: usize,
    regions: Vec<(LockId, &'a AtomicU64)>,
    guards: Vec<Locked<'a, C>>,
    /// The valid PTEs as they were, if they are to be kept.
    before: Option<Vec<(ProcessId, Pte)>>,
}

impl<'a, C: Cpu> Unmapper<'a, C> {
    fn new(cpu: &'a C, machine: &'a Machine) -> Self {
        Self {
            cpu,
            machine,
            pinned: Vec::new(),
            sharers: Vec::new(),
            done: 0,
            regions: Vec::new(),
            guards: Vec::new(),
            before: None,
        }
    }

    /// Finds and pins the members of each victim's family that refer to it, for the victims from `first` on.
    async fn pin_sharers(&mut self, first: usize, victims: &[Pfn]) {
        let (cpu, machine) = (self.cpu, self.machine);
        let _tree = machine.lock_all_members(cpu).await;
        let mut locked_family = None;
        for (victim, frame) in (first..).zip(victims) {
            // In flight, so the key stays.
            let Key { family, vpn } = machine.pfns.key(*frame);
            if locked_family.as_ref().is_none_or(|(locked, _)| *locked != family) {
                // The one before first: no CPU waits for a family with another in hand.
                drop(locked_family.take());
                locked_family = Some((family, machine.lock_members(cpu, Some(family)).await));
            }
            for member in machine.processes.members(family) {
                let process = machine.processes.get(member);
                let cell = machine.pte(process, vpn);
                if cell.is_some_and(|cell| machine.load(cell).refers_to(*frame)) {
                    self.add_sharer(victim, member);
                }
            }
        }
        drop(locked_family);
        cpu.step(Step::Look { entries: victims.len() as u32 }).await;
    }

    /// Adds a process that refers to a victim. The caller keeps the process alive until this returns.
    fn add_sharer(&mut self, victim: usize, process: ProcessId) {
        if !self.pinned.iter().any(|(pinned, _)| *pinned == process) {
            let record = self.machine.processes.get(process);
            let pin = match self.machine.options.rmap {
                Rmap::Tree => record.pin(),
                Rmap::Family | Rmap::Owner => record.pin_where_it_lasts(),
            };
            self.pinned.push((process, pin));
        }
        self.sharers.push((victim, process));
    }

    /// Unmaps a victim whose sharers are not known yet, as [`unmap`](Self::unmap) does.
    async fn unmap_owned(&mut self, victim: usize, frame: Pfn) -> Option<CpuSet> {
        let (cpu, machine) = (self.cpu, self.machine);
        let vpn = machine.pfns.key(frame).vpn;
        let mut locked = machine.lock_frame(cpu, frame).await;
        let Some(owner) = machine.owner(&locked) else {
            drop(locked);
            self.pin_sharers(victim, &[frame]).await;
            return self.unmap(victim, frame).await;
        };
        let region = machine.region(owner, vpn)?;
        cpu.step(Step::TryLock { times: 1 }).await;
        let Some(guard) = machine.try_lock_region(cpu, region) else {
            self.add_sharer(victim, owner);
            drop(locked);
            return self.unmap(victim, frame).await;
        };
        let unmapped = self.rewrite(&mut locked, &[(victim, owner)], vpn).await;
        // The frame's lock keeps the table that the region's lock is in.
        drop(guard);
        drop(locked);
        unmapped
    }

    /// Makes every PTE of a victim transition. Returns the CPUs that may have used one; none if another CPU
    /// is at work on one of them, and then nothing is changed.
    async fn unmap(&mut self, victim: usize, frame: Pfn) -> Option<CpuSet> {
        let (cpu, machine) = (self.cpu, self.machine);
        let Key { vpn, .. } = machine.pfns.key(frame);
        let first = self.done;
        let theirs = self.sharers[first..].iter().take_while(|(of, _)| *of == victim).count();
        self.done = first + theirs;
        self.lock_regions(first, vpn).await?;
        let mut locked = machine.lock_frame(cpu, frame).await;
        let sharers = std::mem::take(&mut self.sharers);
        let unmapped = self.rewrite(&mut locked, &sharers[first..self.done], vpn).await;
        self.sharers = sharers;
        drop(locked);
        self.guards.clear();
        unmapped
    }

    /// Makes the PTEs of a locked victim transition, whose regions are locked, if it has no others and none is at
    /// work.
    async fn rewrite(
        &mut self,
        locked: &mut LockedEntry<'_, C>,
        sharers: &[(usize, ProcessId)],
        vpn: Vpn,
    ) -> Option<CpuSet> {
        let (cpu, machine, frame) = (self.cpu, self.machine, locked.frame);
        let cell = |process: ProcessId| machine.pte(machine.processes.get(process), vpn);
        let steady = |(_, sharer): &(usize, ProcessId)| {
            cell(*sharer).is_some_and(|cell| {
                let pte = machine.load(cell);
                pte.refers_to(frame) && !pte.is_in_transit()
            })
        };
        let all = locked.entry.share() as usize == sharers.len() && sharers.iter().all(steady);
        let mut cpus = CpuSet::default();
        for (_, sharer) in sharers.iter().filter(|_| all) {
            let Some(cell) = cell(*sharer) else { continue };
            let old = machine.change_pte(cpu, *sharer, vpn, cell, |pte| {
                (pte.format() == PteFormat::Valid).then(|| pte.unmapped())
            });
            if let Some(old) = old {
                // Unmapping folds the PTE's dirty bit into the frame's.
                if old.is_dirty() && !has_bug!(machine, DirtyNotFolded) {
                    locked.entry.set_dirty(true);
                }
                if let Some(before) = &mut self.before {
                    before.push((*sharer, old));
                }
                cpus = cpus.union(machine.processes.get(*sharer).cpus());
            }
        }
        if all {
            locked.entry.set_rescued(false);
        }
        cpu.step(Step::Rewrite { ptes: sharers.len() as u32 }).await;
        all.then_some(cpus)
    }

    /// Locks the regions of the PTEs of the sharers from `first` on, by their order.
    async fn lock_regions(&mut self, first: usize, vpn: Vpn) -> Option<()> {
        self.regions.clear();
        for (_, sharer) in &self.sharers[first..self.done] {
            self.regions.push(self.machine.region(*sharer, vpn)?);
        }
        self.regions.sort_by_key(|(id, _)| id.index);
        self.regions.dedup_by_key(|(id, _)| id.index);
        for region in &self.regions {
            self.guards.push(self.machine.lock_region(self.cpu, *region).await);
        }
        Some(())
    }

    /// Maps the one frame that was unmapped again as it was, because it could not be written; leaves it alone
    /// if any CPU has rescued, forked, dropped or written it meanwhile.
    pub(super) async fn map_again(mut self, frame: Pfn, vpn: Vpn) {
        let (cpu, machine) = (self.cpu, self.machine);
        let Some(before) = self.before.take() else { return };
        if self.lock_regions(0, vpn).await.is_none() {
            return;
        }
        let mut locked = machine.lock_frame(cpu, frame).await;
        let cell = |process: ProcessId| machine.pte(machine.processes.get(process), vpn);
        let is_unmapped = |(sharer, old): &(ProcessId, Pte)| {
            cell(*sharer).is_some_and(|cell| machine.load(cell) == old.unmapped())
        };
        let entry = locked.entry;
        let waits = entry.state() == FrameState::Modified && !entry.is_in_flight();
        if waits && entry.share() as usize == self.sharers.len() && before.iter().all(is_unmapped) {
            unlist(cpu, machine, &locked).await;
            locked.entry.set_state(FrameState::Active);
            arrive(cpu, machine, frame).await;
            for (sharer, old) in before {
                let Some(cell) = cell(sharer) else { continue };
                machine.change_pte(cpu, sharer, vpn, cell, |_| Some(old));
            }
            cpu.step(Step::Rewrite { ptes: self.sharers.len() as u32 }).await;
        }
        drop(locked);
        self.guards.clear();
    }
}

impl<C: Cpu> Drop for Unmapper<'_, C> {
    fn drop(&mut self) {
        for (process, pin) in &self.pinned {
            self.machine.processes.get(*process).unpin(*pin);
        }
    }
}
