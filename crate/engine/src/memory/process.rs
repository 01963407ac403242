//! One process: its record, the pins on its page tables, and the CPUs that are online in it.
//!
//! A process's directory and tables are protected frames. They are there from its start to its kill, so a
//! walk needs no lock; the CPU records' `inside` and the `pins` keep a kill from freeing them under a walker.
//! Fields by the lock that guards them:
//!
//! | guarded by | fields |
//! |---|---|
//! | the process lock | state, pages, directory |
//! | the lock of its family, or the tree lock where families have none | parent, family, next in family, generation |
//! | nothing (atomic) | whether it is taken, pins, CPU mask, whether it has had company, where it was dispatched |
//!
//! Every access reads the state and the directory, so they share no cache line with what CPUs write that enter,
//! leave, lock or pin a process.

use super::cpu_set::CpuSet;
use super::word::{NIL, Pfn, ProcessId, some};
use crate::fields::fields;
use crate::parts::NewLine;
use crate::sync::aside;
use crate::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering, fence};

/// A process's state (P1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProcessState {
    /// The record belongs to no process.
    Unused,
    /// Exists, but does not run.
    Sleeping,
    /// Runs, or would if a CPU had something to do for it.
    Running,
    /// Killed; its memory is gone.
    Terminated,
}

/// The states with their names, in the order of their numbers.
pub(crate) const PROCESS_STATES: [(ProcessState, &str); 4] = [
    (ProcessState::Unused, "unused"),
    (ProcessState::Sleeping, "sleeping"),
    (ProcessState::Running, "running"),
    (ProcessState::Terminated, "terminated"),
];

/// One process.
#[derive(Debug)]
#[repr(C, align(64))]
pub struct Process {
    state: AtomicU32,
    pub(super) generation: AtomicU32,
    parent: AtomicU32,
    pub(super) family: AtomicU32,
    directory: AtomicU32,
    pub(super) pages: AtomicU32,
    pub(super) family_next: AtomicU32,
    /// Whether two CPUs have worked in it at one time, as far as anybody has asked.
    pub(super) had_company: AtomicBool,
    /// Whether the record is a process's. Who makes it so fills it, whatever others do.
    pub(super) taken: AtomicBool,
    others: NewLine,
    /// The lock word of the process lock.
    pub lock_word: AtomicU64,
    /// Which of the two counts of pins new pins go to.
    pin_side: AtomicU32,
    /// Pins: reverse-mapping walkers and evictions that hold this process's tables.
    pins: [AtomicU32; 2],
    /// CPUs that it has been dispatched to since it began: those that have it are among them. What a task does
    /// follows from the CPUs' records, so a search of schedules need not distinguish states by it.
    dispatched: [aside::AtomicU64; 2],
    comers: NewLine,
    /// CPUs that have been online in this address space since it last lost them all.
    mask: [AtomicU64; 2],
}

/// A pin on a process's tables, until [`Process::unpin`] takes it back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "a pin that is not given back keeps the tables for ever"]
pub struct Pin(usize);

impl Process {
    /// Where its fields are.
    pub(crate) const FIELDS: [(&str, usize); 6] =
        fields!(Self { state, generation, parent, family, directory, pages });
    /// The classes of its words, for what their cache lines cost.
    pub(crate) const WORDS: [(&str, usize); 7] =
        fields!(Self { state, family_next, had_company, lock_word, pin_side, pins, mask });

    pub(super) fn unused() -> Self {
        Self {
            state: AtomicU32::new(0),
            generation: AtomicU32::new(0),
            parent: AtomicU32::new(NIL),
            family: AtomicU32::new(NIL),
            directory: AtomicU32::new(NIL),
            pages: AtomicU32::new(0),
            family_next: AtomicU32::new(NIL),
            had_company: AtomicBool::new(false),
            taken: AtomicBool::new(false),
            others: NewLine,
            lock_word: AtomicU64::new(0),
            pin_side: AtomicU32::new(0),
            pins: [AtomicU32::new(0), AtomicU32::new(0)],
            dispatched: [aside::AtomicU64::new(0), aside::AtomicU64::new(0)],
            comers: NewLine,
            mask: [AtomicU64::new(0), AtomicU64::new(0)],
        }
    }

    /// Returns the state.
    pub fn state(&self) -> ProcessState {
        PROCESS_STATES[self.state.load(Ordering::SeqCst) as usize & 3].0
    }

    /// Sets the state.
    pub fn set_state(&self, state: ProcessState) {
        self.state.store(state as u32, Ordering::SeqCst);
    }

    /// Returns how many pages it has.
    pub fn pages(&self) -> u32 {
        self.pages.load(Ordering::Acquire)
    }

    /// Returns its page directory.
    #[inline]
    pub fn directory(&self) -> Pfn {
        Pfn(self.directory.load(Ordering::Acquire))
    }

    /// Returns its family.
    pub fn family(&self) -> u32 {
        self.family.load(Ordering::Acquire)
    }

    /// Returns its parent, while that lives.
    pub fn parent(&self) -> Option<ProcessId> {
        some(self.parent.load(Ordering::Acquire), ProcessId)
    }

    /// Sets the parent; the caller holds the lock of the family, or the tree lock where that has none.
    pub fn set_parent(&self, parent: Option<ProcessId>) {
        self.parent.store(parent.map_or(NIL, |parent| parent.0), Ordering::Release);
    }

    /// Returns how often this record has been given to a process.
    pub fn generation(&self) -> u32 {
        self.generation.load(Ordering::Acquire)
    }

    /// Gives the process its page directory and size.
    pub fn set_tables(&self, directory: Pfn, pages: u32) {
        self.directory.store(directory.0, Ordering::Release);
        self.pages.store(pages, Ordering::Release);
    }

    /// Sets how many pages it has; the caller holds the process lock.
    pub fn set_pages(&self, pages: u32) {
        self.pages.store(pages, Ordering::Release);
    }

    /// Pins the process's tables; the caller holds the tree lock, and has found the process alive under it.
    pub fn pin(&self) -> Pin {
        let side = self.pin_side.load(Ordering::Relaxed) as usize & 1;
        self.pins[side].fetch_add(1, Ordering::SeqCst);
        Pin(side)
    }

    /// Pins the process's tables without the tree lock. The caller holds the lock of a frame to which a PTE of the
    /// process refers, so the process is not killed before this returns; or it knows by the lock that guards the
    /// family that the process is in it.
    ///
    /// A pin on the side that is in use after it was added is seen by whoever turns the pins next. One on the
    /// other side may have been missed, and is added again.
    pub fn pin_where_it_lasts(&self) -> Pin {
        loop {
            let side = self.pin_side.load(Ordering::SeqCst) as usize & 1;
            self.pins[side].fetch_add(1, Ordering::SeqCst);
            // Here a pin and then the side, there the side and then the pins: one of the two sees the other.
            fence(Ordering::SeqCst);
            if self.pin_side.load(Ordering::SeqCst) as usize & 1 == side {
                return Pin(side);
            }
            self.pins[side].fetch_sub(1, Ordering::SeqCst);
        }
    }

    /// Takes the pin back.
    pub fn unpin(&self, Pin(side): Pin) {
        self.pins[side].fetch_sub(1, Ordering::SeqCst);
    }

    /// Sends new pins to the other count and returns the pins there are: once [`Process::holds_pins`] is
    /// false for them, every walker that could have seen a table unlinked before is gone. The caller holds
    /// the process lock, and the tree lock where pins are made under it, and has waited for the pins of the turn
    /// before.
    pub fn turn_pins(&self) -> Pin {
        let side = self.pin_side.load(Ordering::Relaxed) as usize & 1;
        self.pin_side.store(1 - side as u32, Ordering::SeqCst);
        fence(Ordering::SeqCst);
        Pin(side)
    }

    /// Whether pins of that count are held.
    pub fn holds_pins(&self, Pin(side): Pin) -> bool {
        self.pins[side].load(Ordering::SeqCst) > 0
    }

    /// Whether any pin is held.
    pub fn is_pinned(&self) -> bool {
        [Pin(0), Pin(1)].into_iter().any(|pin| self.holds_pins(pin))
    }

    /// Returns the CPUs that may be online in this address space. The caller asks after it has changed PTEs,
    /// not before: a CPU that is not in the set yet will see the change.
    pub fn cpus(&self) -> CpuSet {
        fence(Ordering::SeqCst);
        CpuSet([self.mask[0].load(Ordering::SeqCst), self.mask[1].load(Ordering::SeqCst)])
    }

    /// Adds a CPU to those that may be online here.
    pub fn add_cpu(&self, cpu: usize) {
        self.mask[cpu / 64].fetch_or(1 << (cpu % 64), Ordering::SeqCst);
    }

    /// Records that other CPUs work here beside one that has just come, if so. The CPU asks before its first walk.
    pub fn meet(&self, cpu: usize) {
        let company = || !self.cpus().without(cpu).is_empty();
        if !self.had_company.load(Ordering::Relaxed) && company() {
            self.had_company.store(true, Ordering::Relaxed);
        }
        // Here `had_company` and then the walk, there the PTE and then `had_company`: one of the two sees the other.
        fence(Ordering::SeqCst);
    }

    /// Whether any two CPUs have [met](Self::meet) here. The caller asks after it has changed PTEs: a CPU that meets
    /// it later will see the change. Unlike the CPUs that are here, this is a word that seldom changes.
    pub fn had_company(&self) -> bool {
        fence(Ordering::SeqCst);
        self.had_company.load(Ordering::Relaxed)
    }

    /// Makes the record a process's, if it is nobody's; true for one CPU.
    pub(super) fn take(&self) -> bool {
        !self.taken.load(Ordering::Relaxed) && !self.taken.swap(true, Ordering::Acquire)
    }

    /// Whether the record is a process's, or is about to be.
    pub fn is_taken(&self) -> bool {
        self.taken.load(Ordering::Relaxed)
    }

    /// Gives the record back.
    pub(super) fn give_back(&self) {
        self.taken.store(false, Ordering::Release);
    }

    /// Adds a CPU to those that the process has been dispatched to. The caller holds the process lock, or has made
    /// the process run itself.
    pub fn note_dispatch(&self, cpu: usize) {
        let word = &self.dispatched[cpu / 64];
        if word.load(Ordering::Relaxed) >> (cpu % 64) & 1 == 0 {
            word.fetch_or(1 << (cpu % 64), Ordering::Relaxed);
        }
    }

    /// Forgets those CPUs; no CPU knows the process yet.
    pub(super) fn forget_dispatches(&self) {
        self.dispatched.iter().for_each(|word| word.store(0, Ordering::Relaxed));
    }

    /// Returns the CPUs that the process has been dispatched to. One that has taken the process lock since it was stopped
    /// knows all: to a process that is stopped no CPU is added.
    pub fn dispatched(&self) -> CpuSet {
        CpuSet([0, 1].map(|word: usize| self.dispatched[word].load(Ordering::Relaxed)))
    }

    /// Takes a CPU out again; it is offline.
    pub fn remove_cpu(&self, cpu: usize) {
        self.mask[cpu / 64].fetch_and(!(1 << (cpu % 64)), Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_knows_the_cpus_that_work_in_it() {
        let process = Process::unused();
        [1, 63, 64, 127].into_iter().for_each(|cpu| process.add_cpu(cpu));
        process.remove_cpu(63);
        process.remove_cpu(64);
        assert_eq!(process.cpus().iter().collect::<Vec<_>>(), [1, 127]);
        process.remove_cpu(1);
        process.meet(127);
        assert!(!process.had_company(), "it is alone");
        process.add_cpu(1);
        process.meet(1);
        process.remove_cpu(127);
        process.meet(1);
        assert!(process.had_company(), "it was not alone once");
    }

    #[test]
    fn pins_are_counted_on_the_side_that_was_turned_to_last() {
        let process = Process::unused();
        let before = process.pin();
        let turned = process.turn_pins();
        let after = process.pin();
        assert!(process.holds_pins(turned));
        process.unpin(before);
        assert!(!process.holds_pins(turned) && process.is_pinned());
        assert_eq!(process.turn_pins(), after);
        assert!(process.holds_pins(after));
        process.unpin(after);
        assert!(!process.is_pinned());
    }
}
