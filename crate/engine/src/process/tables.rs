//! Page directories and tables are protected frames, charged to the machine (P10, P16, P19).
//!
//! A directory has an entry for each table that is there; a table is there while one of its pages
//! is. A PTE of a page that the process does not have is absent, also after its last page. Tables
//! come and go under the process lock alone. An operation that needs n table frames takes them one by
//! one, counted as protected, and gives all back when it gets no more.

use crate::machine::Machine;
use crate::memory::{
    CpuSet, DirectoryEntry, FrameState, Key, NIL, Pfn, ProcessId, ProtectedKind, Pte,
    TABLE_ENTRIES, Vpn,
};
use crate::paging::shootdown::{wait_for_pins_so_far, wait_until_unheld};
use crate::paging::{Failure, TakenFrame, Wanted, give_back, take_frame, wait_for_frame};
use crate::runtime::{Cpu, Step};
use crate::sync::atomic::Ordering;

/// A directory and its tables, which belong to no process yet.
#[derive(Debug)]
pub(super) struct Tables {
    pub(super) directory: Pfn,
    tables: Vec<Pfn>,
}

impl Tables {
    /// Takes frames for a process of this many pages, with the tables of these indices; every PTE is zero.
    ///
    /// # Errors
    /// [`Failure::OutOfMemory`] or [`Failure::OutOfSwap`]; nothing is kept then.
    pub(super) async fn new<C: Cpu>(
        cpu: &C,
        machine: &Machine,
        pages: u32,
        indices: &[u32],
    ) -> Result<Self, Failure> {
        let directory = protected_frame(cpu, machine, ProtectedKind::Directory).await?;
        let tables = match new_tables(cpu, machine, indices.len()).await {
            Ok(tables) => tables,
            Err(failure) => {
                free(cpu, machine, [directory]).await;
                return Err(failure);
            }
        };
        for (index, table) in indices.iter().zip(&tables) {
            let after = pages.saturating_sub(index * TABLE_ENTRIES).min(TABLE_ENTRIES);
            make_absent(machine, *table, after);
            link(machine, directory, *index, *table);
        }
        Ok(Self { directory, tables })
    }

    /// Gives the frames to a process: their keys name it.
    pub(super) fn give_to(&self, machine: &Machine, process: ProcessId, pages: u32) {
        for frame in std::iter::once(&self.directory).chain(&self.tables) {
            let kind = machine.pfns.key(*frame).vpn;
            machine.pfns.set_key(*frame, Key { family: process.0, vpn: kind });
        }
        machine.processes.get(process).set_tables(self.directory, pages);
    }

    /// Frees the frames again.
    pub(super) async fn give_up<C: Cpu>(self, cpu: &C, machine: &Machine) {
        free(cpu, machine, self.tables).await;
        free(cpu, machine, [self.directory]).await;
    }
}

/// Returns the tables that a process has, each with its index.
pub(crate) fn tables_of(machine: &Machine, process: ProcessId) -> impl Iterator<Item = (u32, Pfn)> {
    let record = machine.processes.get(process);
    (0..TABLE_ENTRIES).filter_map(move |index| Some((index, machine.table(record, index)?)))
}

/// Adds the tables that pages `first` to `end` need and the process does not have; their PTEs are
/// absent. The process lock is held.
///
/// # Errors
/// [`Failure::OutOfMemory`] or [`Failure::OutOfSwap`]; no table is added then.
pub(super) async fn add_tables<C: Cpu>(
    cpu: &C,
    machine: &Machine,
    process: ProcessId,
    first: u32,
    end: u32,
) -> Result<(), Failure> {
    let record = machine.processes.get(process);
    let needed = first / TABLE_ENTRIES..end.div_ceil(TABLE_ENTRIES);
    let missing: Vec<u32> =
        needed.filter(|index| machine.table(record, *index).is_none()).collect();
    let tables = new_tables(cpu, machine, missing.len()).await?;
    for (index, table) in missing.into_iter().zip(tables) {
        machine
            .pfns
            .set_key(table, Key { family: process.0, vpn: Vpn(ProtectedKind::Table as u32) });
        make_absent(machine, table, 0);
        link(machine, record.directory(), index, table);
    }
    Ok(())
}

/// Takes the tables of pages `first` to `end` that have no page any more out of the directory, and returns
/// them. The process lock is held. Other CPUs may still walk them: see [`free_unlinked`].
pub(super) async fn unlink_empty_tables<C: Cpu>(
    cpu: &C,
    machine: &Machine,
    process: ProcessId,
    first: u32,
    end: u32,
) -> Vec<Pfn> {
    let record = machine.processes.get(process);
    let mut unlinked = Vec::new();
    // Reverse-mapping walkers that do not pin the process walk under this lock, or with the lock of a frame that
    // is counted for a page which is there.
    let _tree = machine.lock_all_members(cpu).await;
    let _family = machine.lock_members(cpu, Some(record.family())).await;
    for index in first / TABLE_ENTRIES..end.div_ceil(TABLE_ENTRIES) {
        let Some(table) = machine.table(record, index) else { continue };
        if is_empty(machine, table) {
            let entry = machine.frames.word(record.directory().0, index as usize);
            entry.store(DirectoryEntry::NONE.0, Ordering::Release);
            unlinked.push(table);
        }
    }
    unlinked
}

/// Frees tables that were taken out of the directory of a process, whose lock is held, before `epoch` began:
/// waits for every walker that may have reached them before. Those are CPUs in the process, which the caller
/// has waited for until they were not behind the epoch, and pins. Both are at work on a fault or a batch, and
/// neither ever waits for the process lock.
pub(super) async fn free_unlinked<C: Cpu>(
    cpu: &C,
    machine: &Machine,
    process: ProcessId,
    tables: Vec<Pfn>,
    others: CpuSet,
    epoch: u64,
) {
    wait_until_unheld(cpu, &machine.cpus, others, epoch).await;
    wait_for_pins_so_far(cpu, &machine.processes, process, machine.options.rmap).await;
    free(cpu, machine, tables).await;
}

/// Frees the directory and tables of a process that no CPU can walk any more.
pub(super) async fn free_tables<C: Cpu>(cpu: &C, machine: &Machine, process: ProcessId) {
    let record = machine.processes.get(process);
    let tables: Vec<Pfn> = tables_of(machine, process).map(|(_, table)| table).collect();
    let directory = record.directory();
    record.set_tables(Pfn(NIL), 0);
    free(cpu, machine, tables).await;
    free(cpu, machine, [directory]).await;
}

/// Whether a table has no page.
pub(crate) fn is_empty(machine: &Machine, table: Pfn) -> bool {
    machine.frames.words(table.0).iter().all(|cell| machine.load(cell).is_absent())
}

fn link(machine: &Machine, directory: Pfn, index: u32, table: Pfn) {
    let entry = DirectoryEntry::of(table);
    machine.frames.word(directory.0, index as usize).store(entry.0, Ordering::Release);
}

/// Makes the PTEs of a table that no CPU walks absent, from the one at `first` on.
fn make_absent(machine: &Machine, table: Pfn, first: u32) {
    for cell in &machine.frames.words(table.0)[first as usize..] {
        cell.store(Pte::ABSENT.0, Ordering::Relaxed);
    }
}

/// Takes so many frames of zeros, or none.
async fn new_tables<C: Cpu>(cpu: &C, machine: &Machine, count: usize) -> Result<Vec<Pfn>, Failure> {
    let mut tables = Vec::with_capacity(count);
    for _ in 0..count {
        match protected_frame(cpu, machine, ProtectedKind::Table).await {
            Ok(frame) => tables.push(frame),
            Err(failure) => {
                free(cpu, machine, tables).await;
                return Err(failure);
            }
        }
    }
    Ok(tables)
}

async fn protected_frame<C: Cpu>(
    cpu: &C,
    machine: &Machine,
    kind: ProtectedKind,
) -> Result<Pfn, Failure> {
    let TakenFrame { frame, zeroed, hot } = match take_frame(cpu, machine, Wanted::Zeroed).await {
        Some(hand) => hand,
        None => wait_for_frame(cpu, machine).await?,
    };
    if !zeroed {
        machine.frames.zero(frame.0);
        cpu.step(Step::Zero { hot }).await;
    }
    let mut locked = machine.lock_frame(cpu, frame).await;
    locked.entry.set_state(FrameState::Protected);
    machine.pfns.set_key(frame, Key { family: NIL, vpn: Vpn(kind as u32) });
    // Counted at once: a CPU that waits for frames must not take this one for "soon available".
    machine.add_protected(cpu, 1);
    Ok(frame)
}

async fn free<C: Cpu>(cpu: &C, machine: &Machine, frames: impl IntoIterator<Item = Pfn>) {
    for frame in frames {
        machine.remove_protected(cpu, 1);
        give_back(cpu, machine, frame).await;
    }
}
