//! Accesses of programs, on the hit path: a walk and a plain load or store, without a lock or a
//! read-modify-write.
//!
//! The rules for the accessed and dirty bits are the hardware's. A CPU sets *accessed* in a valid PTE by
//! compare-and-swap on the first touch. The first store also sets *dirty*, under the region and frame locks,
//! because a frame's copy on swap is dropped at that moment. Both stay set, so every later access is plain.
//! Clearing *accessed* needs no shootdown: a stale bit only makes a page look younger. Taking *valid*,
//! *writable* or *dirty* away does.

use super::failure::Failure;
use super::references::drop_copy;
use super::shootdown;
use super::transfer::glance_at;
use crate::bugs::has_bug;
use crate::machine::Machine;
use crate::memory::{
    CpuRecord, DirectoryEntry, Pfn, Process, ProcessId, ProcessState, Pte, PteFormat,
    TABLE_ENTRIES, TableHold, Vpn,
};
use crate::observe::{Event, EventKind};
use crate::options::{Policy, Reads, Shootdown};
use crate::runtime::{Away, Cpu, EpochWords, Step, emit};
use crate::sync::atomic::{AtomicU64, Ordering};

/// How often an access may start again before it counts as failed: far beyond what contention
/// makes, so that reaching it is a bug of the engine (S19).
pub(super) const ATTEMPTS: u32 = 1_000_000;

/// A CPU at work in a process's address space. While it exists the process's tables do.
#[derive(Debug)]
pub struct AddressSpace<'a, C: Cpu> {
    pub(super) cpu: &'a C,
    pub(super) machine: &'a Machine,
    pub(super) id: ProcessId,
    pub(super) process: &'a Process,
    record: &'a CpuRecord,
    pub(super) epochs: EpochWords<'a>,
    /// The page directory's entries; the tables behind them stay where they are.
    directory: &'a [AtomicU64],
}

impl<'a, C: Cpu> AddressSpace<'a, C> {
    /// Enters the address space of a running process.
    ///
    /// # Errors
    /// [`Failure::NotRunning`].
    ///
    /// # Panics
    /// On a daemon, which works in no address space.
    pub fn enter(cpu: &'a C, machine: &'a Machine, id: ProcessId) -> Result<Self, Failure> {
        const NO_DAEMON: &str = "daemons work in no address space";
        let record = machine.record(cpu).expect(NO_DAEMON);
        let epochs = cpu.local().presence.words().expect(NO_DAEMON);
        let process = machine.processes.get(id);
        shootdown::enter(cpu, record, id, process);
        if machine.options.shootdown == Shootdown::Lazy {
            process.meet(cpu.local().index);
        }
        let mut space = Self { cpu, machine, id, process, record, epochs, directory: &[] };
        space.check_running()?;
        // It runs, so its directory is there, and stays while this CPU is inside.
        space.directory = machine.frames.words(process.directory().0);
        Ok(space)
    }

    /// Returns the process whose address space it is.
    pub fn id(&self) -> ProcessId {
        self.id
    }

    /// Takes the CPU offline until the guard is dropped, so that no shootdown waits for it.
    pub fn leave_for_a_while(&self) -> Away<'a> {
        self.cpu.local().presence.away()
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

    /// Loads a word (0 to 511) of a page if that is a hit. Where steps are scheduling points nothing
    /// counts as a hit here, because [`AddressSpace::load`] has them.
    #[inline(always)]
    pub fn try_load(&self, vpn: Vpn, word: usize) -> Option<u64> {
        let pte = self.machine.load(self.walk(vpn)?);
        pte.allows_load().then(|| self.word(pte.frame(), word).load(Ordering::Relaxed))
    }

    /// Stores a word (0 to 511) of a page if that is a hit; false if it is none.
    #[inline(always)]
    pub fn try_store(&self, vpn: Vpn, word: usize, value: u64) -> bool {
        let Some(cell) = self.walk(vpn) else { return false };
        let pte = self.machine.load(cell);
        let hit = pte.allows_store();
        if hit {
            self.word(pte.frame(), word).store(value, Ordering::Relaxed);
        }
        hit
    }

    /// Walks for a hit: returns the PTE of a page, unless there is no page table or there was a shootdown to
    /// acknowledge.
    #[inline(always)]
    pub(super) fn walk(&self, vpn: Vpn) -> Option<&'a AtomicU64> {
        if !C::STEPS_ARE_FREE || !self.epochs.are_equal() {
            return None;
        }
        let entry = self.directory.get((vpn.0 / TABLE_ENTRIES) as usize)?.load(Ordering::Acquire);
        let table = DirectoryEntry(entry).table()?;
        Some(self.machine.frames.word(table.0, (vpn.0 % TABLE_ENTRIES) as usize))
    }

    #[inline(always)]
    pub(super) fn word(&self, frame: Pfn, word: usize) -> &'a AtomicU64 {
        self.machine.frames.word(frame.0, word)
    }

    /// Walks for any access.
    ///
    /// # Errors
    /// [`Failure::NotRunning`] after a kill or a sleep, [`Failure::OutOfRange`].
    async fn walk_and_check(&self, vpn: Vpn) -> Result<(&'a AtomicU64, Pte), Failure> {
        if self.acknowledge() {
            self.cpu.step(Step::Fetch { lines: 1 }).await;
        }
        // A CPU that stops a process shoots it down, so a change of state shows here.
        self.check_running()?;
        if vpn.0 >= self.process.pages() {
            return Err(Failure::OutOfRange);
        }
        let cell = self.machine.pte(self.process, vpn).ok_or(Failure::OutOfRange)?;
        self.cpu.step(Step::Walk).await;
        let pte = self.machine.load(cell);
        // Between the walk and the access another CPU may unmap the page.
        self.cpu.step(Step::Instruction).await;
        #[cfg(feature = "bugs")]
        if has_bug!(self.machine, AcknowledgedTooEarly) {
            self.epochs.acknowledge();
            self.cpu.step(Step::Instruction).await;
        }
        if pte.is_absent() { Err(Failure::OutOfRange) } else { Ok((cell, pte)) }
    }

    /// Holds the page table of a PTE that was just walked to, so that the CPU may wait with a reference to
    /// it.
    pub(super) fn hold_table(&self) -> TableHold<'a> {
        self.record.hold_table(self.epochs.acknowledged())
    }

    /// Returns the time at which a walk begins, where the clock is free.
    fn began(&self) -> Option<u64> {
        C::CLOCK_IS_FREE.then(|| self.cpu.now())
    }

    /// Acknowledges a shootdown; true if there was one.
    fn acknowledge(&self) -> bool {
        let epoch = self.epochs.catch_up();
        if let Some(epoch) = epoch {
            let event = Event::of(EventKind::ShootdownAcknowledge, 0).in_process(self.id.0);
            emit(self.cpu, event.with(epoch, 0));
        }
        epoch.is_some()
    }

    /// Loads a word (0 to 511) of a page.
    ///
    /// # Errors
    /// Any [`Failure`] but [`Failure::ReadOnly`].
    pub async fn load(&self, vpn: Vpn, word: usize) -> Result<u64, Failure> {
        let loaded = match self.resolve_at_once(vpn, false) {
            Some(frame) => Ok(self.word(frame, word).load(Ordering::Relaxed)),
            None => self.load_or_fault(vpn, word).await,
        };
        self.cpu.local().has_ended_something();
        loaded
    }

    async fn load_or_fault(&self, vpn: Vpn, word: usize) -> Result<u64, Failure> {
        if self.machine.options.reads == Reads::Peek {
            return self.peek(vpn, word).await;
        }
        let mut faulted = false;
        for _ in 0..ATTEMPTS {
            let began = self.began();
            let (cell, pte) = self.walk_and_check(vpn).await?;
            if pte.allows_load() {
                return Ok(self.word(pte.frame(), word).load(Ordering::Relaxed));
            }
            if pte.format() == PteFormat::Zero && self.machine.options.reads == Reads::Hardware {
                return Ok(self.word(self.machine.zero_page, word).load(Ordering::Relaxed));
            }
            if pte.format() != PteFormat::Valid {
                self.fault(vpn, cell, false, began).await?;
                faulted = true;
            } else if self.stays_unmarked(pte, faulted) {
                return Ok(self.word(pte.frame(), word).load(Ordering::Relaxed));
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
    pub async fn store(&self, vpn: Vpn, word: usize, value: u64) -> Result<(), Failure> {
        let stored = match self.resolve_at_once(vpn, true) {
            Some(frame) => {
                self.word(frame, word).store(value, Ordering::Relaxed);
                Ok(())
            }
            None => self.store_or_fault(vpn, word, value).await,
        };
        self.cpu.local().has_ended_something();
        stored
    }

    async fn store_or_fault(&self, vpn: Vpn, word: usize, value: u64) -> Result<(), Failure> {
        let mut faulted = false;
        for _ in 0..ATTEMPTS {
            let began = self.began();
            let (cell, pte) = self.walk_and_check(vpn).await?;
            if pte.allows_store() {
                self.word(pte.frame(), word).store(value, Ordering::Relaxed);
                return Ok(());
            }
            if pte.is_read_only() {
                return Err(Failure::ReadOnly);
            }
            if pte.format() != PteFormat::Valid || !pte.is_writable() || pte.is_in_transit() {
                self.fault(vpn, cell, true, began).await?;
                faulted = true;
            } else if !pte.is_dirty() {
                self.mark_dirty(vpn, cell).await;
            } else if self.stays_unmarked(pte, faulted) {
                self.word(pte.frame(), word).store(value, Ordering::Relaxed);
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
    /// [`Failure::NotRunning`], [`Failure::OutOfRange`], [`Failure::SwapFailed`].
    pub async fn peek(&self, vpn: Vpn, word: usize) -> Result<u64, Failure> {
        self.walk_and_check(vpn).await?;
        let _held = self.hold_table();
        read_without_fault(self.cpu, self.machine, self.id, vpn, word).await
    }

    /// Whether an access to a valid page leaves the page's PTE as it is, not marked accessed. Under LRU
    /// every access does, and stamps the frame instead, which keeps the PTE off the plain path. Under SIEVE
    /// the access that faulted does, because it is no visit: the next one is the first.
    fn stays_unmarked(&self, pte: Pte, faulted: bool) -> bool {
        match self.machine.options.policy {
            Policy::Lru => {
                self.machine.stamp(pte.frame());
                true
            }
            Policy::Sieve => faulted && !pte.is_accessed(),
            _ => false,
        }
    }

    /// Returns a PTE as it is put in place of `old`: not marked accessed under LRU, and under SIEVE where the
    /// page was not mapped to the same frame already.
    #[inline(always)]
    pub(super) fn as_mapped(&self, old: Pte, new: Pte) -> Pte {
        let is_unmarked = match self.machine.options.policy {
            Policy::Lru => true,
            Policy::Sieve => old.format() != PteFormat::Valid || !new.refers_to(old.frame()),
            _ => false,
        };
        if is_unmarked { new.not_accessed() } else { new }
    }

    /// Marks a mapped page accessed, on its first touch since the bit was cleared.
    fn mark_accessed(&self, vpn: Vpn, cell: &AtomicU64) {
        self.machine.change_pte(self.cpu, self.id, vpn, cell, |pte| {
            (pte.format() == PteFormat::Valid && !pte.is_accessed()).then(|| pte.accessed())
        });
    }

    /// Marks a page that is mapped writable dirty, on the first store.
    async fn mark_dirty(&self, vpn: Vpn, cell: &AtomicU64) {
        let _held = self.hold_table();
        if let Some(region) = self.machine.region(self.id, vpn) {
            let guard = self.machine.lock_region(self.cpu, region).await;
            let pte = self.machine.load(cell);
            if pte.format() == PteFormat::Valid && pte.is_writable() && !pte.is_in_transit() {
                let mut locked = self.machine.lock_frame(self.cpu, pte.frame()).await;
                if !has_bug!(self.machine, DirtyNotFolded) {
                    drop_copy(self.cpu, self.machine, &mut locked).await;
                    locked.entry.set_dirty(true);
                }
                let stored = |pte: Pte| Some(self.as_mapped(pte, pte.stored_to()));
                self.machine.change_pte(self.cpu, self.id, vpn, cell, stored);
            }
            drop(guard);
        }
    }
}

impl<C: Cpu> Drop for AddressSpace<'_, C> {
    fn drop(&mut self) {
        shootdown::leave(self.cpu, self.record, self.process);
    }
}

/// Reads a word of a page of a process whose tables stay, without changing anything. The page is
/// below the process's last table's end.
async fn read_without_fault<C: Cpu>(
    cpu: &C,
    machine: &Machine,
    process: ProcessId,
    vpn: Vpn,
    word: usize,
) -> Result<u64, Failure> {
    debug_assert!(vpn.0 < TABLE_ENTRIES * TABLE_ENTRIES);
    loop {
        let Some(region) = machine.region(process, vpn) else { return Ok(0) };
        let guard = machine.lock_region(cpu, region).await;
        let Some(cell) = machine.pte(machine.processes.get(process), vpn) else { return Ok(0) };
        let pte: Pte = machine.load(cell);
        let words = match pte.format() {
            PteFormat::Zero => machine.frames.words(machine.zero_page.0),
            PteFormat::Valid => machine.frames.words(pte.frame().0),
            PteFormat::Transition => {
                let look = || machine.frames.word(pte.frame().0, word).load(Ordering::Relaxed);
                match machine.pfns.look_through(cpu, cell, pte.frame(), look).await {
                    Some(value) => return Ok(value),
                    None => continue,
                }
            }
            PteFormat::Swapped => {
                // A device may take its time, so not under the region's lock.
                let glance = machine.swap.glance(pte.slot());
                // As below: a fault may have ended since, and its slot be another page's.
                if machine.load(cell) != pte {
                    continue;
                }
                drop(guard);
                match glance_at(cpu, machine, glance, word).await {
                    Some(value) => return Ok(value?),
                    None => continue,
                }
            }
        };
        let value = words[word].load(Ordering::Acquire);
        // A fault at work on the page ends without the region's lock, and then drops its reference to the
        // frame. With that lock held here, the PTE cannot come back to what it was.
        if machine.load(cell) == pte {
            return Ok(value);
        }
    }
}
