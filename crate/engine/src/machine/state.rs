//! The machine: all its state in one place, and how it is built.

use std::sync::{Arc, Mutex, PoisonError};

use super::doorbell::Doorbell;
use super::forecast::Forecast;
use super::refusals::Refusals;
use crate::memory::{
    CpuRecord, Device, FrameState, Lists, Pages, Pfn, PfnDatabase, ProcessId, ProcessTable, Swap,
};
use crate::observe::{Counter, Detail, LineCosts, Recording, Stats, Trace};
use crate::options::{MachineOptions, PteLocks, ReadAheadBy};
use crate::runtime::{
    Condition, Cpu, CpuLocal, DaemonId, Epochs, LockProfile, Presence, RegionCosts, Task, Tasks,
};
use crate::sync::atomic::{AtomicBool, AtomicU32, AtomicU64};
use crate::sync::{Padded, aside};

/// The most processes that live at one time.
pub const MAX_PROCESSES: usize = 4096;
/// The most regions of PTEs whose locks' costs are counted apart.
const MOST_REGIONS: usize = 4096;

/// The host has not enough memory for a machine of this size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutOfHost;

/// A machine: all its state, grouped by what guards it.
#[derive(Debug)]
pub struct Machine {
    // Set at boot, and never changed.
    /// What it was built from.
    pub options: MachineOptions,
    /// The universal zero page (P14).
    pub zero_page: Pfn,
    seed: u64,

    // Each part by locks of its own, which its type describes.
    /// Frames: real bytes. A page's are guarded by the PTEs that name its frame.
    pub frames: Pages,
    /// One entry a frame, each under its lock (B).
    pub pfns: PfnDatabase,
    /// Lists of frames, each under its lock (C).
    pub lists: Lists,
    /// Slots; the bitmap of those that are free under its lock (D).
    pub swap: Swap,
    /// Processes and their tables, under the process locks and the tree lock.
    pub processes: ProcessTable,
    /// The one PTE lock (A) of granularity `machine`; others are in the PTEs.
    pub(super) machine_lock: AtomicU64,

    // Under the active list's lock, by the policy that goes along it.
    /// A word of the replacement policy's own for each frame.
    pub(super) notes: Box<[AtomicU64]>,
    /// The active list is in the order of the stamps up to this one.
    pub(super) sorted: AtomicU64,

    // Written by one CPU or daemon each, read by all.
    /// CPUs, without the daemons.
    pub cpus: Box<[CpuRecord]>,
    /// Counters and latencies.
    pub stats: Stats,
    /// Events.
    pub trace: Arc<Trace>,
    profiles: Box<[Arc<LockProfile>]>,

    // Atomic: any CPU changes each word, in one step.
    /// The shootdown epoch, and which CPUs have acknowledged it.
    pub epochs: Arc<Epochs>,
    /// Signalled when a frame may have become available.
    pub frames_available: Condition,
    /// The daemons' bells, in the order of the daemons; the last ones are nobody's.
    pub(super) doorbells: [Doorbell; Tasks::MOST_DAEMONS],
    /// For the predictive trigger.
    pub forecast: Forecast,
    /// Set when the daemons are to end.
    pub stop: AtomicBool,
    /// What the locks of regions of PTEs have cost.
    pub region_costs: Arc<RegionCosts>,
    /// Where the clock's hand in the page tables is: the process in the high half, the page in the low.
    pub(super) table_hand: AtomicU64,
    /// What cache lines have cost, on virtual CPUs that know them.
    pub line_costs: Arc<LineCosts>,
    /// Accesses stamped so far, under the policy that stamps each.
    pub(super) stamps: AtomicU64,
    /// Clock ticks so far, under the policies that have them.
    pub ticks: AtomicU64,
    /// Protected frames, of which the zero page is the first: each part of the count has those that some CPUs have
    /// protected, less those that they have freed.
    pub(super) protected: Box<[Padded<AtomicU32>]>,
    /// Frames on their way to swap, on no list. How many there are follows from the frames' entries, so a
    /// search of schedules need not distinguish states by it.
    pub(super) writing: aside::AtomicU32,
    /// Frames that trimmers have set out to unmap, where there are several trimmers.
    pub(super) trimming: AtomicU32,
    /// Requests for frames, slots and process records that a test has refused.
    pub refusals: Refusals,

    // Under a mutex, out of every path.
    violations: Mutex<Vec<String>>,
}

impl Machine {
    /// A machine at boot (S16): every frame but the zero page on the free lists, nothing else.
    ///
    /// # Errors
    /// [`OutOfHost`] when the frames or slots do not fit the host's memory.
    pub fn new(
        options: MachineOptions,
        seed: u64,
        recording: Recording,
    ) -> Result<Self, OutOfHost> {
        let device = Device::memory(options.slots).ok_or(OutOfHost)?;
        Self::on_device(options, seed, recording, device)
    }

    /// Boots a machine with its slots on a device that has room for them.
    ///
    /// # Errors
    /// [`OutOfHost`] when the frames do not fit the host's memory.
    pub fn on_device(
        options: MachineOptions,
        seed: u64,
        recording: Recording,
        device: Device,
    ) -> Result<Self, OutOfHost> {
        let threads = Tasks::of(&options).count();
        let rings = threads + 1;
        let (all, most, kept, latency_rows) = match recording {
            Recording::Everything => (1 << 18, 1 << 14, Detail::Moves, 1),
            // On threads a ring fits a CPU's cache: a machine soon has more events than can be kept.
            Recording::OnDemand => (1 << 16, 1 << 12, Detail::Nothing, options.cpus as usize),
        };
        let ring: usize = all / rings.next_power_of_two();
        let trace = Trace::new(rings, ring.clamp(256, most), recording);
        trace.keep(kept);
        let stats = Stats::new(threads, latency_rows);
        Self::with(options, seed, device, MAX_PROCESSES, stats, trace)
    }

    /// Boots a machine that is quick to build: for so many processes, without a trace or latencies.
    ///
    /// # Errors
    /// [`OutOfHost`] when the frames or slots do not fit the host's memory.
    pub fn bare(options: MachineOptions, seed: u64, processes: usize) -> Result<Self, OutOfHost> {
        let threads = Tasks::of(&options).count();
        let device = Device::memory(options.slots).ok_or(OutOfHost)?;
        let stats = Stats::new(threads, 0);
        Self::with(
            options,
            seed,
            device,
            processes,
            stats,
            Trace::new(threads + 1, 2, Recording::OnDemand),
        )
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
        let threads = Tasks::of(&options).count();
        let frames = options.frames as usize;
        let finder = options.slot_finder;
        let mut swap = Swap::new(device, options.slots, finder, threads, options.drain_hands);
        if options.read_ahead > 0 && options.read_ahead_by == ReadAheadBy::Slot {
            swap = swap.knowing_pages();
        }
        let region_costs = Arc::new(RegionCosts::new(processes.min(MOST_REGIONS)));
        let machine = Self {
            frames: Pages::new(frames).ok_or(OutOfHost)?,
            pfns: PfnDatabase::new(frames),
            lists: Lists::new(
                frames,
                options.free_lists as usize,
                options.list_shards as usize,
                cpus,
                options.cpu_cache,
            ),
            swap,
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
            protected: (0..options.list_shards)
                .map(|part| Padded(AtomicU32::new(u32::from(part == 0))))
                .collect(),
            writing: aside::AtomicU32::new(0),
            trimming: AtomicU32::new(0),
            notes: (0..frames).map(|_| AtomicU64::new(0)).collect(),
            table_hand: AtomicU64::new(0),
            stamps: AtomicU64::new(0),
            sorted: AtomicU64::new(0),
            ticks: AtomicU64::new(0),
            violations: Mutex::default(),
            refusals: Refusals::default(),
            profiles: (0..threads)
                .map(|_| LockProfile::new(Arc::clone(&region_costs)).into())
                .collect(),
            region_costs,
            line_costs: Arc::default(),
            seed,
            options,
        };
        machine.pfns.corrupt(machine.zero_page, |entry| entry.set_state(FrameState::Protected));
        for frame in (1..frames as u32).map(Pfn) {
            machine.lists.push_back(machine.lists.home(frame), frame);
        }
        Ok(machine)
    }

    /// Returns the private state of CPU or daemon `index`.
    pub fn local(&self, index: usize) -> CpuLocal {
        let presence = Presence::new(Arc::clone(&self.epochs), index);
        let profile = Arc::clone(&self.profiles[index]);
        CpuLocal::new(index, self.seed, profile, presence)
            .searching_from(self.first_shard(index), self.first_keeper(index))
            .recording(Arc::clone(&self.trace))
    }

    /// Returns the shard with which the searches of a CPU or daemon begin: a CPU's own; those of several daemons of a kind are
    /// as far apart as can be, or one would come after the other to the same few.
    fn first_shard(&self, index: usize) -> usize {
        let shards = self.lists.list_shards();
        if let Task::Daemon(daemon) = self.task(index) {
            let daemons = self.tasks().count_of(daemon.kind);
            if daemons > 1 {
                return usize::from(daemon.nth) * shards / daemons;
            }
        }
        index % shards
    }

    /// Returns the frame with which the searches of a CPU or daemon for slots that only frames keep begin: where lists are
    /// divided, far from those of others.
    fn first_keeper(&self, index: usize) -> u32 {
        match self.lists.are_divided() {
            true => (self.frames.count() * index / self.profiles.len()) as u32,
            false => 0,
        }
    }

    /// Returns the lock profiles of all CPUs and daemons.
    pub fn profiles(&self) -> &[Arc<LockProfile>] {
        &self.profiles
    }

    /// The CPU or daemon that writes a ring of events, or the script.
    pub fn task(&self, ring: usize) -> Task {
        self.tasks().task(ring)
    }

    /// Returns how many CPUs and daemons there are.
    pub fn tasks(&self) -> Tasks {
        Tasks::of(&self.options)
    }

    /// Returns the daemons' bells, in the order of the daemons.
    pub fn doorbells(&self) -> &[Doorbell] {
        &self.doorbells[..self.tasks().count() - self.cpus.len()]
    }

    /// Returns a daemon's bell.
    pub fn doorbell(&self, daemon: DaemonId) -> &Doorbell {
        &self.doorbells[self.tasks().place(daemon)]
    }

    /// Forgets what the PTE locks of a process have cost: its record belongs to another process from now on.
    pub fn forget_regions_of(&self, process: ProcessId) {
        if self.options.pte_locks != PteLocks::Machine {
            self.region_costs.forget(process.0);
        }
    }

    /// Keeps what the rank checker found (S13).
    pub fn report_violations(&self, found: Vec<String>) {
        if !found.is_empty() {
            self.violations.lock().unwrap_or_else(PoisonError::into_inner).extend(found);
        }
    }

    /// Returns what the rank checker has found so far.
    pub fn violations(&self) -> Vec<String> {
        self.violations.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Adds one to a counter of this CPU.
    #[inline]
    pub fn count<C: Cpu>(&self, cpu: &C, counter: Counter) {
        self.stats.add(cpu.local().index, counter, 1);
    }

    /// Dispatches a process, which runs, to a CPU. The caller holds the process lock, or has made it run itself.
    pub fn dispatch(&self, cpu: usize, process: ProcessId) {
        self.processes.get(process).note_dispatch(cpu);
        self.cpus[cpu].set_current(Some(process));
    }

    /// Returns the public record of this CPU; none for a daemon.
    #[inline]
    pub fn record<C: Cpu>(&self, cpu: &C) -> Option<&CpuRecord> {
        self.cpus.get(cpu.local().index)
    }
}
