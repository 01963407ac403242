//! All state of a machine in one place, with the ways to lock and change it.

use std::sync::{Arc, Mutex, PoisonError};

use super::doorbell::Doorbell;
use super::forecast::Forecast;
use super::refusals::Refusals;
use crate::memory::{
    CpuRecord, Device, FrameState, ListId, Lists, LockedEntry, Pages, Pfn, PfnDatabase, Process,
    ProcessId, ProcessTable, Pte, PteFormat, Swap, TABLE_ENTRIES, Vpn, pte,
};
use crate::observe::{Counter, Detail, Event, EventKind, Stats, Trace};
use crate::options::{MachineOptions, PteLocks};
use crate::runtime::{
    Condition, Cpu, CpuLocal, DAEMONS, Epochs, LockClass, LockId, LockProfile, LockWord, Locked,
    Presence, Regions, lock,
};
use crate::sync::aside;
use crate::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
#[cfg(feature = "footprints")]
use crate::sync::footprints::Region;

/// The most processes that live at one time.
pub const MAX_PROCESSES: usize = 4096;
/// The most regions of PTEs whose locks' costs are told apart.
const MOST_REGIONS: usize = 4096;
/// The host has not enough memory for a machine of this size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutOfHost;

/// The state of a machine.
#[derive(Debug)]
pub struct Machine {
    /// What it was built from.
    pub options: MachineOptions,
    /// Frames: real bytes.
    pub frames: Pages,
    /// One entry a frame.
    pub pfns: PfnDatabase,
    /// Lists of frames.
    pub lists: Lists,
    /// Slots.
    pub swap: Swap,
    /// Processes and their tables.
    pub processes: ProcessTable,
    /// CPUs, without the daemons.
    pub cpus: Box<[CpuRecord]>,
    /// Counters and latencies.
    pub stats: Stats,
    /// Events.
    pub trace: Arc<Trace>,
    /// The universal zero page (P14).
    pub zero_page: Pfn,
    /// The shootdown epoch, and which CPUs have acknowledged it.
    pub epochs: Arc<Epochs>,
    /// Signalled when a frame may have become available.
    pub frames_available: Condition,
    /// The daemons' bells, by [`DaemonId`].
    pub doorbells: [Doorbell; DAEMONS],
    /// For the predictive trigger.
    pub forecast: Forecast,
    /// Set when the daemons are to end.
    pub stop: AtomicBool,
    /// The one PTE lock of granularity `machine`.
    machine_lock: AtomicU64,
    profiles: Box<[Arc<LockProfile>]>,
    /// What the locks of regions of PTEs have cost.
    pub regions: Arc<Regions>,
    protected: AtomicU32,
    /// Frames on their way to swap, on no list. How many there are follows from the frames' entries, so a
    /// search of interleavings need not tell states apart by it.
    writing: aside::AtomicU32,
    /// A word of the replacement policy's own for each frame.
    notes: Box<[AtomicU64]>,
    /// Accesses stamped so far, under the policy that stamps each.
    stamps: AtomicU64,
    /// Under that policy: the active list is in the order of the stamps up to this one.
    sorted: AtomicU64,
    /// Clock ticks so far, under the policies that have them.
    pub ticks: AtomicU64,
    violations: Mutex<Vec<String>>,
    /// Requests for frames, slots and process records that a test has refused.
    pub refusals: Refusals,
    seed: u64,
}

impl Machine {
    /// A machine at boot (S16): every frame but the zero page on the free lists, nothing else.
    ///
    /// # Errors
    /// [`OutOfHost`] when the frames or slots do not fit the host's memory.
    pub fn new(options: MachineOptions, seed: u64, traced: bool) -> Result<Self, OutOfHost> {
        let device = Device::memory(options.slots).ok_or(OutOfHost)?;
        Self::on_device(options, seed, traced, device)
    }

    /// The same with its slots on a device that has room for them.
    ///
    /// # Errors
    /// [`OutOfHost`] when the frames do not fit the host's memory.
    pub fn on_device(
        options: MachineOptions,
        seed: u64,
        traced: bool,
        device: Device,
    ) -> Result<Self, OutOfHost> {
        let threads = options.cpus as usize + DAEMONS;
        let rings = threads + 1;
        // On threads a ring that a CPU's cache holds: what it has to say soon is too much to keep.
        let (all, most) = if traced { (1 << 18, 1 << 14) } else { (1 << 16, 1 << 12) };
        let ring: usize = all / rings.next_power_of_two();
        let trace = Trace::new(rings, ring.clamp(256, most), traced);
        trace.keep(if traced { Detail::Moves } else { Detail::Nothing });
        let stats = Stats::new(threads, if traced { 1 } else { options.cpus as usize });
        Self::with(options, seed, device, MAX_PROCESSES, stats, trace)
    }

    /// A machine that is quick to build: for so many processes, without a trace or latencies.
    ///
    /// # Errors
    /// [`OutOfHost`] when the frames or slots do not fit the host's memory.
    pub fn bare(options: MachineOptions, seed: u64, processes: usize) -> Result<Self, OutOfHost> {
        let threads = options.cpus as usize + DAEMONS;
        let device = Device::memory(options.slots).ok_or(OutOfHost)?;
        let stats = Stats::new(threads, 0);
        Self::with(options, seed, device, processes, stats, Trace::new(threads + 1, 2, false))
    }

    fn with(
        options: MachineOptions,
        seed: u64,
        device: Device,
        processes: usize,
        stats: Stats,
        trace: Trace,
    ) -> Result<Self, OutOfHost> {
        let cpus = options.cpus as usize;
        let threads = cpus + DAEMONS;
        let frames = options.frames as usize;
        let regions = Arc::new(Regions::new(processes.min(MOST_REGIONS)));
        let machine = Self {
            frames: Pages::new(frames).ok_or(OutOfHost)?,
            pfns: PfnDatabase::new(frames),
            lists: Lists::new(frames, options.free_lists as usize, cpus, options.cpu_cache),
            swap: Swap::new(device, options.slots, options.slot_finder, threads),
            processes: ProcessTable::new(processes),
            cpus: (0..cpus).map(|_| CpuRecord::default()).collect(),
            stats,
            trace: Arc::new(trace),
            zero_page: Pfn(0),
            epochs: Arc::new(Epochs::new(cpus)),
            frames_available: Condition::default(),
            doorbells: Default::default(),
            forecast: Forecast::default(),
            stop: AtomicBool::new(false),
            machine_lock: AtomicU64::new(0),
            protected: AtomicU32::new(1),
            writing: aside::AtomicU32::new(0),
            notes: (0..frames).map(|_| AtomicU64::new(0)).collect(),
            stamps: AtomicU64::new(0),
            sorted: AtomicU64::new(0),
            ticks: AtomicU64::new(0),
            violations: Mutex::default(),
            refusals: Refusals::default(),
            profiles: (0..threads).map(|_| LockProfile::new(Arc::clone(&regions)).into()).collect(),
            regions,
            seed,
            options,
        };
        machine.pfns.corrupt(machine.zero_page, |entry| entry.set_state(FrameState::Protected));
        for frame in (1..frames as u32).map(Pfn) {
            machine.lists.push_back(machine.lists.home(frame), frame);
        }
        Ok(machine)
    }

    /// Where tasks share memory, the same parts in the same order for every machine of these
    /// options. Nobody acts on counters, except a script that expects something of them and a policy whose
    /// clock they are.
    #[cfg(feature = "footprints")]
    pub fn regions(&self, counters_matter: bool) -> Vec<Region> {
        let ignored = |region: Region| Region { matters: false, ..region };
        let rows = self.stats.region();
        let mut regions = vec![
            Region::of(std::slice::from_ref(self)),
            self.frames.region(),
            self.pfns.region(),
            Region::of(&self.cpus),
            Region::of(&self.notes),
            if counters_matter || self.options.policy.depends_on_counters() {
                rows
            } else {
                ignored(rows)
            },
        ];
        regions.extend(self.lists.regions());
        regions.extend(self.swap.regions());
        regions.extend(self.processes.regions());
        regions.extend(self.epochs.regions());
        regions
    }

    /// The private state of CPU or daemon `index`.
    pub fn local(&self, index: usize) -> CpuLocal {
        let presence = Presence::new(Arc::clone(&self.epochs), index);
        CpuLocal::new(index, self.seed, Arc::clone(&self.profiles[index]), presence)
            .recording(Arc::clone(&self.trace))
    }

    /// The lock profiles of all CPUs and daemons.
    pub fn profiles(&self) -> &[Arc<LockProfile>] {
        &self.profiles
    }

    /// Whose a ring of events is: a CPU's, a daemon's or the script's.
    pub fn ring_name(&self, ring: usize) -> String {
        match ring.checked_sub(self.cpus.len()) {
            None => format!("cpu {ring}"),
            Some(0) => "trimmer".to_owned(),
            Some(1) => "writer".to_owned(),
            Some(2) => "zeroer".to_owned(),
            Some(_) => "script".to_owned(),
        }
    }

    /// Forgets what the PTE locks of a process have cost: its record belongs to another from now on.
    pub fn forget_regions_of(&self, process: ProcessId) {
        if self.options.pte_locks != PteLocks::Machine {
            self.regions.forget(process.0);
        }
    }

    /// Keeps what the rank checker found (S13).
    pub fn report_violations(&self, found: Vec<String>) {
        if !found.is_empty() {
            self.violations.lock().unwrap_or_else(PoisonError::into_inner).extend(found);
        }
    }

    /// What the rank checker has found so far.
    pub fn violations(&self) -> Vec<String> {
        self.violations.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Adds one to a counter of this CPU.
    #[inline]
    pub fn count<C: Cpu>(&self, cpu: &C, counter: Counter) {
        self.stats.add(cpu.local().index, counter, 1);
    }

    /// The public record of this CPU; none for a daemon.
    #[inline]
    pub fn record<C: Cpu>(&self, cpu: &C) -> Option<&CpuRecord> {
        self.cpus.get(cpu.local().index)
    }

    /// The replacement policy's word for a frame; 0 when the frame becomes active.
    pub fn note(&self, frame: Pfn) -> &AtomicU64 {
        &self.notes[frame.0 as usize]
    }

    /// The address of these words, for a reader in place.
    pub fn notes_address(&self) -> usize {
        self.notes.as_ptr().addr()
    }

    /// Stamps a frame as the one used last.
    pub fn stamp(&self, frame: Pfn) {
        let stamp = self.stamps.fetch_add(1, Ordering::Relaxed) + 1;
        self.note(frame).store(stamp, Ordering::Relaxed);
    }

    /// The stamp up to which the active list is sorted; the caller holds the list's lock.
    pub fn sorted_up_to(&self) -> u64 {
        self.sorted.load(Ordering::Relaxed)
    }

    /// Says that the active list is in the order of the stamps up to this one; the caller holds its lock.
    pub fn set_sorted_up_to(&self, stamp: u64) {
        self.sorted.store(stamp, Ordering::Relaxed);
    }

    // Page tables.

    /// The PTE of a page: the walk. None beyond the process's pages or after its kill.
    #[inline]
    pub fn pte(&self, process: &Process, vpn: Vpn) -> Option<&AtomicU64> {
        let table = self.table(process, vpn.0 / TABLE_ENTRIES)?;
        Some(self.frames.word(table.0, (vpn.0 % TABLE_ENTRIES) as usize))
    }

    /// A page table of a process, by its index in the directory.
    #[inline]
    pub fn table(&self, process: &Process, index: u32) -> Option<Pfn> {
        let directory = process.directory();
        if index >= TABLE_ENTRIES || directory.0 >= self.pfns.count() {
            return None;
        }
        let entry = self.frames.word(directory.0, index as usize).load(Ordering::Acquire);
        (entry & 1 == 1).then_some(Pfn((entry >> 12) as u32))
    }

    /// What a PTE says now.
    #[inline]
    pub fn load(&self, cell: &AtomicU64) -> Pte {
        pte::load(cell)
    }

    /// Changes a PTE by `change`, which sees the value without lock bits and gives the new one,
    /// or none to leave it. Wakes who waited for the fault when *in transit* ends. Returns the
    /// old value if it changed. See `memory/word.rs` for who may call this.
    pub fn change_pte<C: Cpu>(
        &self,
        cpu: &C,
        process: ProcessId,
        vpn: Vpn,
        cell: &AtomicU64,
        change: impl Fn(Pte) -> Option<Pte>,
    ) -> Option<Pte> {
        pte::change(cpu, cell, Self::pte_event(process, vpn), change)
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
        pte::change_and_unlock(cpu, cell, region, Self::pte_event(process, vpn), change);
    }

    /// What is told of a changed PTE.
    fn pte_event(process: ProcessId, vpn: Vpn) -> impl Fn(Pte, Pte) -> Event {
        move |old, new| {
            let kind =
                if old.settled() == new.settled() { EventKind::Claim } else { EventKind::Pte };
            let event = Event::of(kind, vpn.0).in_process(process.0);
            event.with(old.0, new.0)
        }
    }

    /// Marks a PTE *in transit* in one step where it has a lock of its own, as a CPU would that takes
    /// the lock, marks it and lets the lock go. Returns what the PTE said; none if it is locked or in
    /// transit, or its format is not one of `formats`.
    pub fn try_claim<C: Cpu>(
        &self,
        cpu: &C,
        process: ProcessId,
        vpn: Vpn,
        cell: &AtomicU64,
        formats: [PteFormat; 2],
    ) -> Option<Pte> {
        let id = LockId::new(LockClass::Pte, region_index(process, vpn));
        pte::try_claim(cpu, id, cell, Self::pte_event(process, vpn), formats)
    }

    /// Sleeps until the fault at work on a PTE is done. The caller holds no lock.
    pub async fn wait_for_transit<C: Cpu>(&self, cpu: &C, cell: &AtomicU64) {
        pte::wait_for_transit(cpu, cell).await;
    }

    // Locks, by rank.

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

    /// The lock of the region that a page's PTE is in, and its word.
    pub fn region(&self, process: ProcessId, vpn: Vpn) -> Option<(LockId, &AtomicU64)> {
        let size = match self.options.pte_locks {
            PteLocks::Machine => return Some((LockId::new(LockClass::Pte, 0), &self.machine_lock)),
            PteLocks::Table => TABLE_ENTRIES,
            PteLocks::Entry => 1,
            PteLocks::Region(size) => size,
        };
        let first = Vpn(vpn.0 & !(size - 1));
        let id = LockId::new(LockClass::Pte, region_index(process, first));
        Some((id, self.pte(self.processes.get(process), first)?))
    }

    /// Locks a region of PTEs (A).
    #[track_caller]
    pub fn lock_region<'a, C: Cpu>(
        &'a self,
        cpu: &'a C,
        region: (LockId, &'a AtomicU64),
    ) -> impl Future<Output = Locked<'a, C>> {
        pte::lock_region(cpu, region)
    }

    /// Locks a region of PTEs if nobody has it.
    #[track_caller]
    pub fn try_lock_region<'a, C: Cpu>(
        &'a self,
        cpu: &'a C,
        region: (LockId, &'a AtomicU64),
    ) -> Option<Locked<'a, C>> {
        pte::try_lock_region(cpu, region)
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

    /// Locks a frame's entry if nobody has it; allowed against the lock order.
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

    /// Locks a list of frames (C).
    #[track_caller]
    pub fn lock_list<'a, C: Cpu>(
        &'a self,
        cpu: &'a C,
        list: ListId,
    ) -> impl Future<Output = Locked<'a, C>> {
        self.lists.lock(cpu, list)
    }

    /// Locks the slot bitmap (D).
    #[track_caller]
    pub fn lock_slots<'a, C: Cpu>(&'a self, cpu: &'a C) -> impl Future<Output = Locked<'a, C>> {
        let id = LockId::new(LockClass::Slot, 0);
        lock(cpu, id, LockWord::alone(&self.swap.lock_word))
    }

    // Sums.

    /// Frames that are never evicted: zero page, directories and tables.
    pub fn protected_frames(&self) -> u32 {
        self.protected.load(Ordering::SeqCst)
    }

    /// Counts frames that became protected.
    pub fn add_protected(&self, frames: u32) {
        self.protected.fetch_add(frames, Ordering::SeqCst);
    }

    /// Counts frames that are protected no longer.
    pub fn remove_protected(&self, frames: u32) {
        self.protected.fetch_sub(frames, Ordering::SeqCst);
    }

    /// Frames a CPU could have at once: free, zeroed and standby. A hint.
    pub fn available(&self) -> u32 {
        self.free_frames() + self.lists.count(self.lists.standby())
    }

    /// A frame that was modified is on no list from now on, until it is written.
    pub fn begin_writing(&self) {
        self.writing.fetch_add(1, Ordering::Relaxed);
    }

    /// It is somewhere else again.
    pub fn end_writing(&self) {
        self.writing.fetch_sub(1, Ordering::Relaxed);
    }

    /// Frames that will be available once they are written: modified, or on their way to swap. A hint.
    pub fn on_their_way(&self) -> u32 {
        self.lists.count(self.lists.modified()) + self.writing.load(Ordering::Relaxed)
    }

    /// Frames on the free and zeroed lists. A hint.
    pub fn free_frames(&self) -> u32 {
        (0..self.lists.shards())
            .map(|shard| {
                self.lists.count(self.lists.free(shard))
                    + self.lists.count(self.lists.zeroed(shard))
            })
            .sum()
    }
}

/// The index of the lock of the region that begins with a page; the one lock of a machine that has no
/// other is 0.
fn region_index(process: ProcessId, first: Vpn) -> u64 {
    u64::from(process.0) << 32 | u64::from(first.0)
}

/// The process and the first page of a region, by the index of its lock.
pub fn region_of(index: u64) -> (ProcessId, Vpn) {
    (ProcessId((index >> 32) as u32), Vpn(index as u32))
}
