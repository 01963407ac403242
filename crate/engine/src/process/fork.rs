//! Forks a process: the child shares every page, and no data is copied (P10).
//!
//! Pages that were private become read-only on both sides. When other CPUs run in the parent, they
//! must have stopped storing before a frame is shared; so a first pass takes the right to store
//! from all PTEs, one shootdown makes it so, and the second pass shares. A page that a fault has
//! made writable again in between is shot down alone, under its region's lock.

use super::tables::{Tables, tables_of};
use crate::bugs::has_bug;
use crate::machine::Machine;
use crate::memory::{CpuSet, ProcessId, Pte, PteFormat, TABLE_ENTRIES, Vpn};
use crate::observe::{Event, EventKind};
use crate::options::{Rmap, Shootdown};
use crate::paging::{
    AddressSpace, Failure, TakenFrame, Wanted, activate_dirty, shootdown, take_frame,
};
use crate::runtime::{Cpu, Step, emit};
use crate::sync::atomic::AtomicU64;

/// Forks the process whose address space this is; the child sleeps.
///
/// # Errors
/// [`Failure::OutOfMemory`] or [`Failure::OutOfSwap`] when the child's tables find no frames,
/// [`Failure::NotRunning`] when the parent is killed meanwhile, [`Failure::TooManyProcesses`] when there
/// are as many as there can be.
pub async fn fork<C: Cpu>(
    cpu: &C,
    machine: &Machine,
    space: &AddressSpace<'_, C>,
) -> Result<ProcessId, Failure> {
    let parent_id = space.id();
    let parent = machine.processes.get(parent_id);
    let _away = space.leave_for_a_while();
    let _life = machine.lock_process(cpu, parent_id).await;
    space.check_running()?;
    let pages = parent.pages();
    let indices: Vec<u32> = tables_of(machine, parent_id).map(|(index, _)| index).collect();
    let tables = Tables::new(cpu, machine, pages, &indices).await?;
    let claimed = {
        let _tree = machine.lock_all_members(cpu).await;
        let family = machine.processes.family_for(Some(parent_id));
        let _family = machine.lock_members(cpu, family).await;
        let spare = family.filter(|_| machine.options.rmap != Rmap::Tree);
        let spare = spare.and_then(|family| machine.processes.spare_of(family));
        let claimed = match machine.refusals.refuses() {
            true => None,
            false => machine.processes.claim(Some(parent_id), spare),
        };
        if let Some(child) = claimed {
            machine.forget_regions_of(child);
            tables.give_to(machine, child, pages);
        }
        claimed
    };
    let Some(child) = claimed else {
        tables.give_up(cpu, machine).await;
        return Err(Failure::TooManyProcesses);
    };
    let event = Event::of(EventKind::Fork, parent_id.0).in_process(child.0);
    emit(cpu, event.with(pages.into(), 0));
    let fork = Fork { cpu, machine, parent: parent_id, child };
    let size = fork.region_size();
    if !fork.others().is_empty() {
        let mut changed = 0;
        for first in (0..pages).step_by(size as usize) {
            changed += fork.write_protect(first, (first + size).min(pages)).await;
        }
        // Under `lazy` no epoch begins where nothing was taken away: whoever took the right to store from these PTEs
        // before has waited for the CPUs that had it.
        if changed > 0 || machine.options.shootdown != Shootdown::Lazy {
            shootdown(cpu, machine, fork.others(), changed).await;
        }
    }
    for first in (0..pages).step_by(size as usize) {
        fork.share(first, (first + size).min(pages)).await;
    }
    Ok(child)
}

struct Fork<'a, C: Cpu> {
    cpu: &'a C,
    machine: &'a Machine,
    parent: ProcessId,
    child: ProcessId,
}

impl<C: Cpu> Fork<'_, C> {
    /// Returns the other CPUs in the parent. Asked after PTEs have changed: a CPU that comes later sees the
    /// change.
    fn others(&self) -> CpuSet {
        self.machine.processes.get(self.parent).cpus().without(self.cpu.local().index)
    }

    /// Returns how many PTEs one region lock guards, at most a table's.
    fn region_size(&self) -> u32 {
        self.machine.ptes_per_lock().unwrap_or(TABLE_ENTRIES)
    }

    /// Returns the parent's and the child's PTE of a page.
    fn cells(&self, vpn: Vpn) -> Option<(&AtomicU64, &AtomicU64)> {
        let processes = &self.machine.processes;
        let parent = self.machine.pte(processes.get(self.parent), vpn)?;
        let child = self.machine.pte(processes.get(self.child), vpn)?;
        Some((parent, child))
    }

    /// Takes the right to store from a region's valid PTEs; returns how many had it.
    async fn write_protect(&self, first: u32, end: u32) -> u32 {
        let Some(region) = self.machine.region(self.parent, Vpn(first)) else { return 0 };
        let _guard = self.machine.lock_region(self.cpu, region).await;
        let mut changed = 0;
        for vpn in (first..end).map(Vpn) {
            let Some((cell, _)) = self.cells(vpn) else { continue };
            let old = self.machine.change_pte(self.cpu, self.parent, vpn, cell, |pte| {
                // A valid page in transit is read-only already: it is being copied.
                let writable = pte.format() == PteFormat::Valid && pte.is_writable();
                (writable && !pte.is_in_transit()).then(|| pte.write_protected())
            });
            changed += u32::from(old.is_some());
        }
        self.cpu.step(Step::Rewrite { ptes: end - first }).await;
        changed
    }

    /// Shares a region's pages with the child.
    async fn share(&self, first: u32, end: u32) {
        let mut next = first;
        while next < end {
            let Some(region) = self.machine.region(self.parent, Vpn(first)) else { return };
            let guard = self.machine.lock_region(self.cpu, region).await;
            let mut busy = None;
            let begun_at = next;
            while next < end && busy.is_none() {
                let Some((parent, child)) = self.cells(Vpn(next)) else { return };
                if self.machine.load(parent).is_in_transit() {
                    busy = Some(parent);
                } else {
                    self.share_page(Vpn(next), parent, child).await;
                    next += 1;
                }
            }
            self.cpu.step(Step::Rewrite { ptes: next - begun_at }).await;
            drop(guard);
            if let Some(cell) = busy {
                self.machine.wait_for_transit(self.cpu, cell).await;
            }
        }
    }

    /// Shares one page; the parent's region is locked. The child's PTE is written under the frame's
    /// lock, so that the frame's share count and its PTEs agree whenever that lock is free.
    async fn share_page(&self, vpn: Vpn, parent: &AtomicU64, child: &AtomicU64) {
        let (cpu, machine) = (self.cpu, self.machine);
        loop {
            let pte = machine.load(parent);
            match pte.format() {
                PteFormat::Zero => {
                    machine.change_pte(cpu, self.child, vpn, child, |_| {
                        // The child's pages are zero to begin with.
                        (pte != Pte::ZERO).then_some(pte)
                    });
                    return;
                }
                PteFormat::Swapped => {
                    machine.swap.add_references(pte.slot(), 1);
                    self.write_both(vpn, parent, child);
                    return;
                }
                PteFormat::Valid | PteFormat::Transition => {
                    if has_bug!(machine, ForkCopies) && self.copy_page(vpn, pte, child).await {
                        return;
                    }
                    if pte.format() == PteFormat::Valid && pte.is_writable() {
                        machine.change_pte(cpu, self.parent, vpn, parent, |pte| {
                            Some(pte.write_protected())
                        });
                        if !self.others().is_empty() {
                            shootdown(cpu, machine, self.others(), 1).await;
                        }
                    }
                    let mut locked = machine.lock_frame(cpu, pte.frame()).await;
                    // A transition PTE is trusted only under the frame's lock (S14).
                    if !machine.load(parent).refers_to(pte.frame()) {
                        continue;
                    }
                    let share = locked.entry.share() + 1;
                    locked.entry.set_share(share);
                    machine.set_owner(&locked, None);
                    self.write_both(vpn, parent, child);
                    return;
                }
            }
        }
    }

    /// Copies a valid page, as [`Bug::ForkCopies`](crate::bugs::Bug::ForkCopies) does, if there is a frame
    /// for it.
    async fn copy_page(&self, vpn: Vpn, pte: Pte, child: &AtomicU64) -> bool {
        let (cpu, machine) = (self.cpu, self.machine);
        if pte.format() != PteFormat::Valid {
            return false;
        }
        let Some(TakenFrame { frame, hot, .. }) = take_frame(cpu, machine, Wanted::Any).await
        else {
            return false;
        };
        activate_dirty(cpu, machine, frame, machine.pfns.key(pte.frame()), self.child).await;
        machine.frames.copy(frame.0, &machine.frames, pte.frame().0);
        cpu.step(Step::Copy { hot }).await;
        machine.change_pte(cpu, self.child, vpn, child, |_| Some(Pte::valid(frame, true, true)));
        true
    }

    fn write_both(&self, vpn: Vpn, parent: &AtomicU64, child: &AtomicU64) {
        let (cpu, machine) = (self.cpu, self.machine);
        machine.change_pte(cpu, self.parent, vpn, parent, |pte| {
            pte.is_writable().then(|| pte.write_protected())
        });
        let shared = machine.load(parent).shared_with_child();
        machine.change_pte(cpu, self.child, vpn, child, |_| Some(shared));
    }
}
