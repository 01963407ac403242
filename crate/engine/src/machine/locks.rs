//! Takes the locks of a machine by rank, except those of PTEs.

use super::state::Machine;
use crate::memory::{ListId, LockedEntry, NIL, Pfn, ProcessId, Slot};
use crate::options::Rmap;
use crate::runtime::{Cpu, LockClass, LockId, LockWord, Locked, Step, lock};

/// For which lists a CPU waits that would take frames off them, where lists are divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Patience {
    /// For none: it goes on to the next.
    None,
    /// For those with as many frames as there are CPUs. With fewer it would wait with others for the last of them.
    WhereFramesAreMany,
}

impl Machine {
    /// Locks a process's life.
    #[track_caller]
    pub fn lock_process<'a, C: Cpu>(
        &'a self,
        cpu: &'a C,
        process: ProcessId,
    ) -> impl Future<Output = Locked<'a, C>> {
        let id = LockId::new(LockClass::Process, u64::from(process.0));
        let word = &self.processes.get(process).lock_word;
        lock(cpu, id, LockWord::alone(word))
    }

    /// Locks a frame's entry (B).
    #[track_caller]
    pub fn lock_frame<'a, C: Cpu>(
        &'a self,
        cpu: &'a C,
        frame: Pfn,
    ) -> impl Future<Output = LockedEntry<'a, C>> {
        self.pfns.lock(cpu, frame)
    }

    /// Locks a frame's entry if no other CPU has locked it; allowed against the lock order.
    #[inline(always)]
    #[track_caller]
    pub fn try_lock_frame<'a, C: Cpu>(
        &'a self,
        cpu: &'a C,
        frame: Pfn,
    ) -> Option<LockedEntry<'a, C>> {
        self.pfns.try_lock(cpu, frame)
    }

    /// Locks the process tree.
    #[track_caller]
    pub fn lock_tree<'a, C: Cpu>(&'a self, cpu: &'a C) -> impl Future<Output = Locked<'a, C>> {
        self.processes.lock_tree(cpu)
    }

    /// Locks a family's members: with the family's lock; nothing where the tree lock guards them all, which the
    /// caller holds then.
    pub async fn lock_members<'a, C: Cpu>(
        &'a self,
        cpu: &'a C,
        family: Option<u32>,
    ) -> Option<Locked<'a, C>> {
        match family.filter(|_| self.options.rmap != Rmap::Tree) {
            Some(family) => Some(self.processes.lock_family(cpu, family).await),
            None => None,
        }
    }

    /// Locks what guards the members of a process's family; none if the process is in no family any more. While it is
    /// held a process that is in its family stays there: a kill leaves under this lock, and waits for pins after that.
    pub async fn lock_family_of<'a, C: Cpu>(
        &'a self,
        cpu: &'a C,
        process: ProcessId,
    ) -> Option<Locked<'a, C>> {
        if self.options.rmap == Rmap::Tree {
            return Some(self.lock_tree(cpu).await);
        }
        let record = self.processes.get(process);
        let family = record.family();
        if family == NIL {
            return None;
        }
        let guard = self.processes.lock_family(cpu, family).await;
        // Meanwhile it may have left, and its record may have become another's.
        (record.family() == family).then_some(guard)
    }

    /// Locks the process tree if it guards the members of all families; nothing where each has a lock.
    pub async fn lock_all_members<'a, C: Cpu>(&'a self, cpu: &'a C) -> Option<Locked<'a, C>> {
        match self.options.rmap {
            Rmap::Tree => Some(self.lock_tree(cpu).await),
            Rmap::Family | Rmap::Owner => None,
        }
    }

    /// Locks a list of frames (C).
    #[track_caller]
    pub fn lock_list<'a, C: Cpu>(
        &'a self,
        cpu: &'a C,
        list: ListId,
    ) -> impl Future<Output = Locked<'a, C>> {
        self.lists.lock(cpu, list)
    }

    /// Locks a list to take frames off it. Where lists are divided a CPU that others would hold up [passes](Patience) the
    /// list: None. So it may find no frame while there are some, and then reclaims, which it gives up only where none is
    /// on any list by the counts (`paging/waiting.rs`).
    pub async fn lock_list_or_pass<'a, C: Cpu>(
        &'a self,
        cpu: &'a C,
        list: ListId,
        patience: Patience,
    ) -> Option<Locked<'a, C>> {
        let waits = match patience {
            Patience::None => false,
            Patience::WhereFramesAreMany => self.lists.count(list) >= self.options.cpus,
        };
        if waits || !self.lists.are_divided() {
            return Some(self.lock_list(cpu, list).await);
        }
        cpu.step(Step::TryLock { times: 1 }).await;
        self.lists.try_lock(cpu, list)
    }

    /// Locks the cluster of slots that a CPU takes from (D); returns its number too.
    pub async fn lock_cluster_for<'a, C: Cpu>(&'a self, cpu: &'a C) -> (usize, Locked<'a, C>) {
        let (cluster, word) = self.swap.cluster_for(cpu.local().index);
        (cluster, lock(cpu, LockId::of_cluster(cluster), LockWord::alone(word)).await)
    }

    /// Locks the cluster that a slot is in (D).
    pub async fn lock_cluster_of<'a, C: Cpu>(&'a self, cpu: &'a C, slot: Slot) -> Locked<'a, C> {
        let (cluster, word) = self.swap.cluster_of(slot);
        lock(cpu, LockId::of_cluster(cluster), LockWord::alone(word)).await
    }

    /// Locks the slot bitmap (D).
    #[track_caller]
    pub fn lock_slots<'a, C: Cpu>(&'a self, cpu: &'a C) -> impl Future<Output = Locked<'a, C>> {
        let id = LockId::new(LockClass::Slot, 0);
        lock(cpu, id, LockWord::alone(&self.swap.lock_word))
    }
}
