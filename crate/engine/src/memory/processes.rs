//! The process table: one record a process, and the families.
//!
//! A family is its processes in a list, from its first member on through the records. The tree lock guards all families;
//! or each family has a lock of its own for its members, and the tree lock only keeps two processes from beginning the same
//! family: forks and kills of different families share nothing then. A record is taken by an atomic step, whoever looks
//! for one.

use super::process::{Process, ProcessState};
use super::word::{NIL, ProcessId, some};
use crate::parts::MemoryPart;
use crate::runtime::{Cpu, LockClass, LockId, LockWord, Locked, lock};
use crate::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use crate::sync::unheard;

/// All processes, and the members of each family.
#[derive(Debug)]
pub struct ProcessTable {
    /// The lock word of the tree lock.
    pub tree_lock: AtomicU64,
    processes: Box<[Process]>,
    /// Records that were ever used: no process is beyond them. It only grows.
    used: AtomicU32,
    /// The families, by number.
    families: Box<[Family]>,
}

/// A family, on a cache line of its own.
#[derive(Debug)]
#[repr(align(64))]
struct Family {
    /// The lock word of its members, where the tree lock does not guard them.
    lock: AtomicU64,
    /// The first member.
    head: AtomicU32,
    /// The record of a process that has left it, for its next one.
    spare: AtomicU32,
}

impl Family {
    fn empty() -> Self {
        Self { lock: AtomicU64::new(0), head: AtomicU32::new(NIL), spare: AtomicU32::new(NIL) }
    }
}

impl ProcessTable {
    /// Returns a table of unused records.
    pub fn new(count: usize) -> Self {
        Self {
            tree_lock: AtomicU64::new(0),
            processes: (0..count).map(|_| Process::unused()).collect(),
            used: AtomicU32::new(0),
            families: (0..count).map(|_| Family::empty()).collect(),
        }
    }

    /// Locks the process tree.
    #[track_caller]
    pub fn lock_tree<'a, C: Cpu>(&'a self, cpu: &'a C) -> impl Future<Output = Locked<'a, C>> {
        let id = LockId::new(LockClass::Tree, 0);
        lock(cpu, id, LockWord::alone(&self.tree_lock))
    }

    /// Locks the members of a family. The tree lock is taken before it, if at all.
    #[track_caller]
    pub fn lock_family<'a, C: Cpu>(
        &'a self,
        cpu: &'a C,
        family: u32,
    ) -> impl Future<Output = Locked<'a, C>> {
        let word = &self.families[family as usize].lock;
        lock(cpu, LockId::of_family(family), LockWord::alone(word))
    }

    /// Returns the family whose lock is at an address.
    pub(crate) fn family_at(&self, address: usize) -> Option<usize> {
        MemoryPart::of(&self.families).record_at(address)
    }

    /// Returns how many processes there can be.
    pub fn capacity(&self) -> usize {
        self.processes.len()
    }

    /// Returns how many records were ever used; no process has a number beyond them.
    pub fn used(&self) -> u32 {
        self.used.load(Ordering::Acquire)
    }

    /// Returns a process.
    #[inline]
    pub fn get(&self, process: ProcessId) -> &Process {
        &self.processes[process.0 as usize]
    }

    /// Returns the processes that exist and are not terminated.
    pub fn living(&self) -> impl Iterator<Item = ProcessId> + '_ {
        (0..self.processes.len() as u32).map(ProcessId).filter(|process| {
            matches!(self.get(*process).state(), ProcessState::Sleeping | ProcessState::Running)
        })
    }

    /// Returns the processes that are in a family: those that live, and those that are being killed and have not left it. The
    /// caller holds the tree lock.
    pub fn related(&self) -> impl Iterator<Item = ProcessId> + '_ {
        let all = (0..self.used()).map(ProcessId);
        all.filter(|id| self.get(*id).state() != ProcessState::Unused)
            .filter(|id| self.get(*id).family() != NIL)
    }

    /// Returns the family of a process to be: its parent's, or one without members, if there is one. The caller
    /// holds the tree lock, and so nobody else begins that family; or the parent's process lock, and so the parent stays.
    pub fn family_for(&self, parent: Option<ProcessId>) -> Option<u32> {
        match parent {
            Some(parent) => Some(self.get(parent).family()),
            None => {
                let is_empty = |family: &Family| family.head.load(Ordering::Relaxed) == NIL;
                self.families.iter().position(is_empty).map(|family| family as u32)
            }
        }
    }

    /// Takes an unused record for a sleeping process, in its parent's family or in one of its
    /// own; the caller holds the lock that guards the members of the [family](Self::family_for), and the tree lock where
    /// the family is new. None when all are taken. It takes the `spare` one, if that is unused by now, or else
    /// the first.
    pub fn claim(&self, parent: Option<ProcessId>, spare: Option<ProcessId>) -> Option<ProcessId> {
        let family = self.family_for(parent)?;
        let take = |id: &ProcessId| self.get(*id).take();
        let mut all = (0..self.processes.len() as u32).map(ProcessId);
        let id = spare.filter(take).or_else(|| all.find(take))?;
        let process = self.get(id);
        process.generation.fetch_add(1, Ordering::AcqRel);
        process.had_company.store(false, Ordering::Relaxed);
        process.forget_dispatches();
        process.set_parent(parent);
        process.pages.store(0, Ordering::Release);
        process.family.store(family, Ordering::Release);
        let head = &self.families[family as usize].head;
        process.family_next.store(head.load(Ordering::Relaxed), Ordering::Relaxed);
        head.store(id.0, Ordering::Relaxed);
        let mut used = self.used.load(Ordering::Relaxed);
        while used <= id.0
            && let Err(now) =
                self.used.compare_exchange(used, id.0 + 1, Ordering::Release, Ordering::Relaxed)
        {
            used = now;
        }
        process.set_state(ProcessState::Sleeping);
        Some(id)
    }

    /// Gives the record of a killed process back. The kill is over, and no job names the process any more:
    /// until then the record must not become another process's under a job that names it.
    pub fn retire(&self, id: ProcessId) {
        debug_assert!(unheard(|| self.get(id).state()) == ProcessState::Terminated);
        self.get(id).set_state(ProcessState::Unused);
        self.get(id).give_back();
    }

    /// Takes a process out of its family; the caller holds the lock that guards the family's members.
    pub fn leave_family(&self, id: ProcessId) {
        let process = self.get(id);
        let next = process.family_next.load(Ordering::Relaxed);
        let head = &self.families[process.family() as usize].head;
        if head.load(Ordering::Relaxed) == id.0 {
            head.store(next, Ordering::Relaxed);
        } else {
            let before = self
                .members(process.family())
                .find(|member| self.get(*member).family_next.load(Ordering::Relaxed) == id.0);
            if let Some(before) = before {
                self.get(before).family_next.store(next, Ordering::Relaxed);
            }
        }
        process.family_next.store(NIL, Ordering::Relaxed);
        process.family.store(NIL, Ordering::Release);
    }

    /// Spares the record of a process that has left a family for the next process of it: a CPU that forks that one is
    /// likely to have its lines, and to look for another would take those of many. The caller holds the family's lock.
    pub fn spare(&self, family: u32, id: ProcessId) {
        self.families[family as usize].spare.store(id.0, Ordering::Relaxed);
    }

    /// Returns the record that was spared last for a family, which another may have taken since; the caller holds the
    /// family's lock.
    pub fn spare_of(&self, family: u32) -> Option<ProcessId> {
        some(self.families[family as usize].spare.load(Ordering::Relaxed), ProcessId)
    }

    /// Returns the members of a family; the caller holds the lock that guards them.
    pub fn members(&self, family: u32) -> impl Iterator<Item = ProcessId> + '_ {
        let mut next = some(self.families[family as usize].head.load(Ordering::Relaxed), ProcessId);
        std::iter::from_fn(move || {
            let id = next?;
            next = some(self.get(id).family_next.load(Ordering::Relaxed), ProcessId);
            Some(id)
        })
    }

    /// Returns the records, as a part of memory.
    pub fn part(&self) -> MemoryPart {
        MemoryPart::of(&self.processes)
    }

    /// Returns the families, as a part of memory.
    pub(crate) fn families_part(&self) -> MemoryPart {
        MemoryPart::of(&self.families)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p3_a_record_is_used_again_once_it_is_given_back() {
        let table = ProcessTable::new(2);
        let first = table.claim(None, None).unwrap();
        let child = table.claim(Some(first), None).unwrap();
        assert_eq!([first, child].map(|id| table.get(id).generation()), [1, 1]);
        assert_eq!(table.members(table.get(first).family()).collect::<Vec<_>>(), [child, first]);
        assert_eq!(table.claim(None, None), None);
        table.leave_family(child);
        table.get(child).set_state(ProcessState::Terminated);
        assert_eq!(table.claim(None, None), None, "a job may name it still");
        table.retire(child);
        assert_eq!(table.claim(None, None), Some(child));
        assert_eq!((table.get(child).generation(), table.get(child).parent()), (2, None));
    }
}
