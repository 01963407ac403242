//! The hit path: a walk and a plain load or store, without a lock or a read-modify-write.
//!
//! The rules for the accessed and dirty bits are the hardware's. A CPU sets *accessed* in a valid
//! PTE by compare-and-swap on the first touch. The first store also sets *dirty*, under the region
//! and frame locks, because a frame's copy on swap is let go at that moment. Both stay set, so
//! every later access is plain. Clearing *accessed* needs no shootdown: a stale bit only makes a
//! page look younger. Taking *valid*, *writable* or *dirty* away does.

use std::sync::atomic::{AtomicU64, Ordering};

use super::failure::Failure;
use super::shootdown::{acknowledge, go_offline, go_online};
use super::supply::drop_copy;
use crate::memory::{
    CpuRecord, Memory, Process, ProcessId, ProcessState, Pte, PteFormat, TABLE_ENTRIES, Vpn,
};
use crate::options::{Policy, Reads};
use crate::runtime::{Cpu, Step};

/// How often an access may start again before it counts as failed: far beyond what contention
/// makes, so that reaching it is a bug of the engine (S19).
const ATTEMPTS: u32 = 1_000_000;

/// A CPU at work in a process's address space. While it exists the process's tables do.
#[derive(Debug)]
pub struct AddressSpace<'a, C: Cpu> {
    pub(super) cpu: &'a C,
    pub(super) memory: &'a Memory,
    pub(super) id: ProcessId,
    pub(super) process: &'a Process,
    record: &'a CpuRecord,
}

impl<'a, C: Cpu> AddressSpace<'a, C> {
    /// Enters the address space of a running process.
    ///
    /// # Errors
    /// [`Failure::NotRunning`].
    ///
    /// # Panics
    /// On a daemon, which works in no address space.
    pub fn enter(cpu: &'a C, memory: &'a Memory, id: ProcessId) -> Result<Self, Failure> {
        let record = memory.record(cpu).expect("daemons work in no address space");
        let process = memory.processes.get(id);
        record.set_inside(Some(id));
        process.add_cpu(cpu.local().index);
        // From here a kill waits for this CPU to leave, or this sees the kill.
        let space = Self { cpu, memory, id, process, record };
        go_online(memory, record);
        space.check_running()?;
        Ok(space)
    }

    /// Whose address space it is.
    pub fn id(&self) -> ProcessId {
        self.id
    }

    /// Stops touching memory until the guard is dropped, so that no shootdown waits for this CPU.
    pub fn leave_for_a_while(&self) -> Away<'_, 'a, C> {
        self.offline();
        Away(self)
    }

    /// Fails unless the process is running.
    ///
    /// # Errors
    /// [`Failure::NotRunning`].
    pub fn check_running(&self) -> Result<(), Failure> {
        match self.process.state() {
            ProcessState::Running => Ok(()),
            _ => Err(Failure::NotRunning),
        }
    }

    /// Leaves the plain accesses for a fault: other CPUs need not wait for this one.
    pub(super) fn offline(&self) {
        go_offline(self.record);
    }

    /// Comes back from a fault.
    pub(super) fn online(&self) {
        go_online(self.memory, self.record);
    }

    /// The PTE of a page, for an access that begins now.
    ///
    /// # Errors
    /// [`Failure::NotRunning`] after a kill or a sleep, [`Failure::OutOfRange`].
    #[inline]
    fn walk(&self, vpn: Vpn) -> Result<&'a AtomicU64, Failure> {
        if acknowledge(self.memory, self.record) {
            // Whoever stops a process shoots it down, so a change of state shows here.
            self.check_running()?;
        }
        if vpn.0 >= self.process.pages() {
            return Err(Failure::OutOfRange);
        }
        self.memory.pte(self.process, vpn).ok_or(Failure::OutOfRange)
    }

    /// Loads a word (0 to 511) of a page.
    ///
    /// # Errors
    /// Any [`Failure`] but [`Failure::ReadOnly`].
    #[inline]
    pub async fn load(&self, vpn: Vpn, word: usize) -> Result<u64, Failure> {
        if self.memory.options.reads == Reads::Peek {
            return self.peek(vpn, word).await;
        }
        for _ in 0..ATTEMPTS {
            let cell = self.walk(vpn)?;
            self.cpu.step(Step::Walk).await;
            let pte = self.memory.load(cell);
            // Between the walk and the load another CPU may unmap the page.
            self.cpu.step(Step::Instruction).await;
            if pte.allows_load() {
                return Ok(self.memory.frames.word(pte.frame().0, word).load(Ordering::Relaxed));
            }
            if pte.is_absent() {
                return Err(Failure::OutOfRange);
            }
            if pte.format() == PteFormat::Zero && self.memory.options.reads == Reads::Hardware {
                let zero = self.memory.frames.word(self.memory.zero_page.0, word);
                return Ok(zero.load(Ordering::Relaxed));
            }
            if pte.format() != PteFormat::Valid {
                self.fault(vpn, cell, false).await?;
            } else if self.stamps() {
                self.memory.stamp(pte.frame());
                return Ok(self.memory.frames.word(pte.frame().0, word).load(Ordering::Relaxed));
            } else {
                self.mark_accessed(vpn, cell);
            }
        }
        unreachable!("a load was retried {ATTEMPTS} times")
    }

    /// Stores a word (0 to 511) of a page.
    ///
    /// # Errors
    /// Any [`Failure`]; nothing is stored then.
    #[inline]
    pub async fn store(&self, vpn: Vpn, word: usize, value: u64) -> Result<(), Failure> {
        for _ in 0..ATTEMPTS {
            let cell = self.walk(vpn)?;
            self.cpu.step(Step::Walk).await;
            let pte = self.memory.load(cell);
            self.cpu.step(Step::Instruction).await;
            if pte.allows_store() {
                self.memory.frames.word(pte.frame().0, word).store(value, Ordering::Relaxed);
                return Ok(());
            }
            if pte.is_absent() {
                return Err(Failure::OutOfRange);
            }
            if pte.is_read_only() {
                return Err(Failure::ReadOnly);
            }
            if pte.format() != PteFormat::Valid || !pte.is_writable() || pte.is_in_transit() {
                self.fault(vpn, cell, true).await?;
            } else if !pte.is_dirty() {
                self.mark_dirty(vpn, cell).await;
            } else if self.stamps() {
                self.memory.stamp(pte.frame());
                self.memory.frames.word(pte.frame().0, word).store(value, Ordering::Relaxed);
                return Ok(());
            } else {
                self.mark_accessed(vpn, cell);
            }
        }
        unreachable!("a store was retried {ATTEMPTS} times")
    }

    /// Reads a word without changing the machine (P8): from the frame or the slot, in place.
    ///
    /// # Errors
    /// [`Failure::NotRunning`], [`Failure::OutOfRange`].
    pub async fn peek(&self, vpn: Vpn, word: usize) -> Result<u64, Failure> {
        if self.memory.load(self.walk(vpn)?).is_absent() {
            return Err(Failure::OutOfRange);
        }
        self.offline();
        let value = peek(self.cpu, self.memory, self.id, vpn, word).await;
        self.online();
        Ok(value)
    }

    /// Whether each access is stamped, which keeps every PTE off the plain path.
    fn stamps(&self) -> bool {
        self.memory.options.policy == Policy::Lru
    }

    /// A PTE as it is put in place: under the policy that stamps, never marked accessed.
    pub(super) fn as_mapped(&self, pte: Pte) -> Pte {
        if self.stamps() { pte.not_accessed() } else { pte }
    }

    /// The first touch of a mapped page since its bit was cleared.
    fn mark_accessed(&self, vpn: Vpn, cell: &AtomicU64) {
        self.memory.change_pte(self.cpu, self.id, vpn, cell, |pte| {
            (pte.format() == PteFormat::Valid && !pte.is_accessed()).then(|| pte.accessed())
        });
    }

    /// The first store to a page that is mapped writable.
    async fn mark_dirty(&self, vpn: Vpn, cell: &AtomicU64) {
        self.offline();
        if let Some(region) = self.memory.region(self.id, vpn) {
            let guard = self.memory.lock_region(self.cpu, region).await;
            let pte = self.memory.load(cell);
            if pte.format() == PteFormat::Valid && pte.is_writable() && !pte.is_in_transit() {
                let mut locked = self.memory.lock_frame(self.cpu, pte.frame()).await;
                drop_copy(self.cpu, self.memory, &mut locked).await;
                locked.entry.set_dirty(true);
                let stored = |pte: Pte| Some(self.as_mapped(pte.stored_to()));
                self.memory.change_pte(self.cpu, self.id, vpn, cell, stored);
            }
            drop(guard);
        }
        self.online();
    }
}

/// A CPU in an address space that touches none of its memory.
#[derive(Debug)]
pub struct Away<'s, 'a, C: Cpu>(&'s AddressSpace<'a, C>);

impl<C: Cpu> Drop for Away<'_, '_, C> {
    fn drop(&mut self) {
        self.0.online();
    }
}

impl<C: Cpu> Drop for AddressSpace<'_, C> {
    fn drop(&mut self) {
        go_offline(self.record);
        self.process.remove_cpu(self.cpu.local().index);
        self.record.set_inside(None);
    }
}

/// Reads a word of a page of a process whose tables stay, without changing anything. The page is
/// below the process's last table's end.
async fn peek<C: Cpu>(cpu: &C, memory: &Memory, process: ProcessId, vpn: Vpn, word: usize) -> u64 {
    debug_assert!(vpn.0 < TABLE_ENTRIES * TABLE_ENTRIES);
    let Some(region) = memory.region(process, vpn) else { return 0 };
    let guard = memory.lock_region(cpu, region).await;
    let Some(cell) = memory.pte(memory.processes.get(process), vpn) else { return 0 };
    let value = loop {
        let pte: Pte = memory.load(cell);
        let words = match pte.format() {
            PteFormat::Zero => memory.frames.words(memory.zero_page.0),
            PteFormat::Valid => memory.frames.words(pte.frame().0),
            PteFormat::Transition => {
                // Believed only under the frame's lock (S14).
                let _locked = memory.lock_frame(cpu, pte.frame()).await;
                if memory.load(cell).refers_to(pte.frame()) {
                    break memory.frames.word(pte.frame().0, word).load(Ordering::Relaxed);
                }
                continue;
            }
            PteFormat::Swapped => memory.swap.device().words(pte.slot().0),
        };
        let value = words[word].load(Ordering::Acquire);
        // A fault at work on the page ends without the region's lock, and then lets go of the frame
        // or slot. With that lock held here, the PTE cannot come back to what it was.
        if memory.load(cell) == pte {
            break value;
        }
    };
    drop(guard);
    value
}
