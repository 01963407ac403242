//! The process table: one record a process, and the page tables behind it.
//!
//! A process's directory and tables are protected frames. They are there from its start to its kill, so a
//! walk needs no lock; the CPU records' `inside` and the `pins` keep a kill from freeing them under a walker.
//! Fields by the lock that guards them:
//!
//! | guarded by | fields |
//! |---|---|
//! | the process lock | state, pages, directory |
//! | the tree lock | parent, family, next in family, generation |
//! | the family's lock too, where there is one | a family's first member, next in family |
//! | nothing (atomic) | pins, CPU mask, whether it has had company |
//!
//! Every access reads the state and the directory, so they share no cache line with what CPUs write that enter,
//! leave, lock or pin a process.

use super::word::{NIL, Pfn, ProcessId, some};
use crate::fields::fields;
use crate::options::MAX_CPUS;
use crate::parts::{MemoryPart, NewLine};
use crate::runtime::{Cpu, LockClass, LockId, LockWord, Locked, lock};
use crate::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering, fence};
use crate::sync::unheard;

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
    generation: AtomicU32,
    parent: AtomicU32,
    family: AtomicU32,
    directory: AtomicU32,
    pages: AtomicU32,
    family_next: AtomicU32,
    /// Whether two CPUs have worked in it at one time, as far as anybody has asked.
    had_company: AtomicBool,
    others: NewLine,
    /// The lock word of the process lock.
    pub lock_word: AtomicU64,
    /// Which of the two counts of pins new pins go to.
    pin_side: AtomicU32,
    /// Pins: reverse-mapping walkers and evictions that hold this process's tables.
    pins: [AtomicU32; 2],
    comers: NewLine,
    /// CPUs that have been online in this address space since it last lost them all.
    mask: [AtomicU64; 2],
}

/// A pin on a process's tables, until [`Process::unpin`] takes it back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "a pin that is not given back keeps the tables for ever"]
pub struct Pin(usize);

/// A set of CPUs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CpuSet(pub [u64; 2]);

const _: () = assert!(MAX_CPUS as usize <= 128);

impl CpuSet {
    /// Returns the set of the first CPUs.
    pub fn first(cpus: usize) -> Self {
        let bits = |from: usize| match cpus.saturating_sub(from) {
            64.. => u64::MAX,
            some => (1 << some) - 1,
        };
        Self([bits(0), bits(64)])
    }

    /// Returns the CPUs in either set.
    pub fn union(self, other: Self) -> Self {
        Self([self.0[0] | other.0[0], self.0[1] | other.0[1]])
    }

    /// Returns the set without one CPU.
    pub fn without(mut self, cpu: usize) -> Self {
        if cpu < 128 {
            self.0[cpu / 64] &= !(1 << (cpu % 64));
        }
        self
    }

    /// Whether the set has no CPU.
    pub fn is_empty(self) -> bool {
        self.0 == [0, 0]
    }

    /// Returns the CPUs in order.
    pub fn iter(self) -> impl Iterator<Item = usize> {
        let mut left = self.0;
        std::iter::from_fn(move || {
            let word = left.iter().position(|word| *word != 0)?;
            let bit = left[word].trailing_zeros() as usize;
            left[word] &= left[word] - 1;
            Some(64 * word + bit)
        })
    }
}

impl Process {
    /// Where its fields are.
    pub(crate) const FIELDS: [(&str, usize); 6] =
        fields!(Self { state, generation, parent, family, directory, pages });
    /// The classes of its words, for what their cache lines cost.
    pub(crate) const WORDS: [(&str, usize); 7] =
        fields!(Self { state, family_next, had_company, lock_word, pin_side, pins, mask });

    fn unused() -> Self {
        Self {
            state: AtomicU32::new(0),
            generation: AtomicU32::new(0),
            parent: AtomicU32::new(NIL),
            family: AtomicU32::new(NIL),
            directory: AtomicU32::new(NIL),
            pages: AtomicU32::new(0),
            family_next: AtomicU32::new(NIL),
            had_company: AtomicBool::new(false),
            others: NewLine,
            lock_word: AtomicU64::new(0),
            pin_side: AtomicU32::new(0),
            pins: [AtomicU32::new(0), AtomicU32::new(0)],
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

    /// Sets the parent; the caller holds the tree lock.
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
    /// process refers, so the process is not killed before this returns; or it knows by the tree lock that the
    /// process lives.
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

    /// Takes a CPU out again; it is offline.
    pub fn remove_cpu(&self, cpu: usize) {
        self.mask[cpu / 64].fetch_and(!(1 << (cpu % 64)), Ordering::SeqCst);
    }
}

/// All processes, and the members of each family.
#[derive(Debug)]
pub struct ProcessTable {
    /// The lock word of the tree lock.
    pub tree_lock: AtomicU64,
    processes: Box<[Process]>,
    /// Records that were ever used: no process is beyond them. Changes under the tree lock.
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
}

impl Family {
    fn empty() -> Self {
        Self { lock: AtomicU64::new(0), head: AtomicU32::new(NIL) }
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

    /// Returns the family of a process to be: its parent's, or one without members, if there is one. The caller
    /// holds the tree lock.
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
    /// own; the caller holds the tree lock and, where there is one, the lock of the
    /// [family](Self::family_for). None when all are taken.
    pub fn claim(&self, parent: Option<ProcessId>) -> Option<ProcessId> {
        let index =
            self.processes.iter().position(|process| process.state() == ProcessState::Unused)?;
        let id = ProcessId(index as u32);
        let process = self.get(id);
        let family = self.family_for(parent)?;
        process.generation.fetch_add(1, Ordering::AcqRel);
        process.had_company.store(false, Ordering::Relaxed);
        process.set_parent(parent);
        process.pages.store(0, Ordering::Release);
        process.family.store(family, Ordering::Release);
        let head = &self.families[family as usize].head;
        process.family_next.store(head.load(Ordering::Relaxed), Ordering::Relaxed);
        head.store(id.0, Ordering::Relaxed);
        if id.0 >= self.used.load(Ordering::Relaxed) {
            self.used.store(id.0 + 1, Ordering::Release);
        }
        process.set_state(ProcessState::Sleeping);
        Some(id)
    }

    /// Gives the record of a killed process back. The kill is over, and no job names the process any more:
    /// until then the record must not become another process's under a job that names it.
    pub fn retire(&self, id: ProcessId) {
        debug_assert!(unheard(|| self.get(id).state()) == ProcessState::Terminated);
        self.get(id).set_state(ProcessState::Unused);
    }

    /// Takes a process out of its family; the caller holds the tree lock and the family's, where there is one.
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
    fn a_set_of_cpus_is_joined_and_loses_one() {
        let both = CpuSet([0b101, 0]).union(CpuSet([0b100, 1]));
        assert_eq!(both.iter().collect::<Vec<_>>(), [0, 2, 64]);
        assert_eq!(both.without(2).iter().collect::<Vec<_>>(), [0, 64]);
        assert_eq!(both.without(64), CpuSet([0b101, 0]));
        assert_eq!(both.without(128), both, "a daemon is in no set");
        assert!(both.without(0).without(2).without(64).is_empty());
        for count in [0, 1, 63, 64, 65, 127, 128] {
            assert_eq!(
                CpuSet::first(count).iter().collect::<Vec<_>>(),
                (0..count).collect::<Vec<_>>()
            );
        }
    }

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
    fn p3_a_record_is_used_again_once_it_is_given_back() {
        let table = ProcessTable::new(2);
        let first = table.claim(None).unwrap();
        let child = table.claim(Some(first)).unwrap();
        assert_eq!([first, child].map(|id| table.get(id).generation()), [1, 1]);
        assert_eq!(table.members(table.get(first).family()).collect::<Vec<_>>(), [child, first]);
        assert_eq!(table.claim(None), None);
        table.leave_family(child);
        table.get(child).set_state(ProcessState::Terminated);
        assert_eq!(table.claim(None), None, "a job may name it still");
        table.retire(child);
        assert_eq!(table.claim(None), Some(child));
        assert_eq!((table.get(child).generation(), table.get(child).parent()), (2, None));
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
