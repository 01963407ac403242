//! Walks to the PTEs of a machine, changes them and records the change, and takes the locks of their regions.

use super::state::Machine;
use crate::memory::{
    DirectoryEntry, FrameState, Pfn, Process, ProcessId, Pte, PteFormat, TABLE_ENTRIES, Vpn,
    change_pte, change_pte_and_unlock, load_pte, lock_region, try_claim, try_lock_region,
    try_replace_pte, wait_for_transit,
};
use crate::observe::{Event, EventKind};
use crate::options::PteLocks;
use crate::runtime::{Cpu, LockClass, LockId, Locked};
use crate::sync::atomic::{AtomicU64, Ordering};

impl Machine {
    /// Walks to the PTE of a page. None beyond the process's pages or after its kill.
    #[inline]
    pub fn pte(&self, process: &Process, vpn: Vpn) -> Option<&AtomicU64> {
        let table = self.table(process, vpn.0 / TABLE_ENTRIES)?;
        Some(self.frames.word(table.0, (vpn.0 % TABLE_ENTRIES) as usize))
    }

    /// Returns a page table of a process, by its index in the directory.
    #[inline]
    pub fn table(&self, process: &Process, index: u32) -> Option<Pfn> {
        let directory = process.directory();
        if index >= TABLE_ENTRIES || directory.0 >= self.pfns.count() {
            return None;
        }
        let entry = self.frames.word(directory.0, index as usize).load(Ordering::Acquire);
        DirectoryEntry(entry).table()
    }

    /// Whether a frame is a page directory or a page table now.
    pub fn is_table(&self, frame: Pfn) -> bool {
        frame != self.zero_page && self.pfns.peek(frame).state() == FrameState::Protected
    }

    /// Returns the value of a PTE.
    #[inline]
    pub fn load(&self, cell: &AtomicU64) -> Pte {
        load_pte(cell)
    }

    /// Changes a PTE by `change`, which gets the value without lock bits and returns the new one, or none to
    /// leave it. Wakes the tasks that waited for the fault when *in transit* ends. Returns the old value if
    /// it changed. See `memory/word/pte.rs` for which CPU may call this.
    pub fn change_pte<C: Cpu>(
        &self,
        cpu: &C,
        process: ProcessId,
        vpn: Vpn,
        cell: &AtomicU64,
        change: impl Fn(Pte) -> Option<Pte>,
    ) -> Option<Pte> {
        change_pte(cpu, cell, Self::pte_event(process, vpn), change)
    }

    /// Changes a PTE as [`Machine::change_pte`] does and releases its region's lock, in one step where
    /// both are the same word.
    pub fn change_pte_and_unlock<C: Cpu>(
        &self,
        cpu: &C,
        process: ProcessId,
        vpn: Vpn,
        cell: &AtomicU64,
        region: Locked<'_, C>,
        change: impl Fn(Pte) -> Pte,
    ) {
        change_pte_and_unlock(cpu, cell, region, Self::pte_event(process, vpn), change);
    }

    /// Returns the event of a changed PTE.
    fn pte_event(process: ProcessId, vpn: Vpn) -> impl Fn(Pte, Pte) -> Event {
        move |old, new| {
            let kind =
                if old.settled() == new.settled() { EventKind::Claim } else { EventKind::Pte };
            let event = Event::of(kind, vpn.0).in_process(process.0);
            event.with(old.0, new.0)
        }
    }

    /// Marks a PTE *in transit* in one step where it has a lock of its own, as a CPU would that takes the
    /// lock, marks it and releases the lock. Returns the old value of the PTE; none if it is locked or in
    /// transit, or its format is not one of `formats`.
    #[inline(always)]
    pub fn try_claim<C: Cpu>(
        &self,
        cpu: &C,
        process: ProcessId,
        vpn: Vpn,
        cell: &AtomicU64,
        formats: [PteFormat; 2],
    ) -> Option<Pte> {
        let id = LockId::of_region(process.0, vpn.0);
        try_claim(cpu, id, cell, Self::pte_event(process, vpn), formats)
    }

    /// Changes a PTE from `old`, on which no CPU is at work, to `new` in one step; false, and nothing is changed, if
    /// it is another by now.
    #[inline(always)]
    pub fn try_replace_pte<C: Cpu>(
        &self,
        cpu: &C,
        process: ProcessId,
        vpn: Vpn,
        cell: &AtomicU64,
        old: Pte,
        new: Pte,
    ) -> bool {
        try_replace_pte(cpu, cell, Self::pte_event(process, vpn), (old, new))
    }

    /// Sleeps until the fault at work on a PTE has ended. The caller holds no lock.
    pub async fn wait_for_transit<C: Cpu>(&self, cpu: &C, cell: &AtomicU64) {
        wait_for_transit(cpu, cell).await;
    }

    /// PTEs that one lock guards; none if one lock guards all.
    #[inline]
    pub fn ptes_per_lock(&self) -> Option<u32> {
        match self.options.pte_locks {
            PteLocks::Machine => None,
            PteLocks::Table => Some(TABLE_ENTRIES),
            PteLocks::Entry => Some(1),
            PteLocks::Region(size) => Some(size),
        }
    }

    /// The lock of the region that a page's PTE is in, and its word.
    pub fn region(&self, process: ProcessId, vpn: Vpn) -> Option<(LockId, &AtomicU64)> {
        let Some(size) = self.ptes_per_lock() else {
            return Some((LockId::new(LockClass::Pte, 0), &self.machine_lock));
        };
        let first = Vpn(vpn.0 & !(size - 1));
        let id = LockId::of_region(process.0, first.0);
        Some((id, self.pte(self.processes.get(process), first)?))
    }

    /// Locks a region of PTEs (A).
    #[track_caller]
    pub fn lock_region<'a, C: Cpu>(
        &'a self,
        cpu: &'a C,
        region: (LockId, &'a AtomicU64),
    ) -> impl Future<Output = Locked<'a, C>> {
        lock_region(cpu, region)
    }

    /// Locks a region of PTEs if no other CPU has locked it; allowed against the lock order.
    #[track_caller]
    pub fn try_lock_region<'a, C: Cpu>(
        &'a self,
        cpu: &'a C,
        region: (LockId, &'a AtomicU64),
    ) -> Option<Locked<'a, C>> {
        try_lock_region(cpu, region)
    }
}
