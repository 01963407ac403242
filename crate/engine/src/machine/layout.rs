//! The layout of a machine: where its parts stand in the host's memory, for a reader in place.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::state::Machine;
use crate::memory::{CpuRecord, Process};
use crate::observe::{Counter, EventKind, FaultKind, Stats};
use crate::runtime::{DAEMONS, LockProfile, RegionCosts};

/// The parts of a machine; addresses and strides are in bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Layout {
    /// How many frames there are.
    pub frames: u32,
    /// How many slots there are, slot 0 not counted.
    pub slots: u32,
    /// How many CPUs there are.
    pub cpus: u32,
    /// How many process records there are.
    pub max_processes: u32,
    /// Threads with a row of counters and a ring of events: the CPUs, then the daemons.
    pub rows: u32,
    /// Rings of events: those of the rows, then the script's.
    pub rings: u32,
    /// Where each part begins.
    pub addresses: Addresses,
    /// How far apart its records are.
    pub strides: Strides,
    /// What each word of a row of counters counts.
    pub counter_names: Vec<String>,
    /// The name of each list.
    pub list_names: Vec<String>,
    /// The name of each kind of event, by number.
    pub event_kinds: Vec<String>,
    /// How many records a ring of events holds.
    pub event_capacity: u32,
    /// Rows of latencies, and buckets of each kind of fault in a row, 32 bits each.
    pub latency_rows: u32,
    /// See `latency_rows`.
    pub latency_buckets: u32,
    /// Records of regions of PTEs whose locks have cost something.
    pub lock_regions: u32,
    /// PTEs that one lock guards; 0 if one lock guards all.
    pub pages_per_lock: u32,
    /// Available frames below which the trimmer is woken, and up to which it trims.
    pub trim_low: u32,
    /// See `trim_low`.
    pub trim_high: u32,
    /// Frames that a CPU may keep at hand.
    pub cpu_cache: u32,
}

/// Where each part of a machine begins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Addresses {
    /// The bytes of the frames.
    pub frame_bytes: usize,
    /// The PFN database.
    pub pfn: usize,
    /// The links of the lists.
    pub links: usize,
    /// The replacement policy's word for each frame: under `aging` its counter.
    pub notes: usize,
    /// The lists.
    pub lists: usize,
    /// The process table.
    pub processes: usize,
    /// The CPUs' records.
    pub cpus: usize,
    /// The rows of counters.
    pub counters: usize,
    /// The reference counts of the slots, slot 0 first.
    pub slot_counts: usize,
    /// The rings of events.
    pub events: usize,
    /// The rows of latencies.
    pub latencies: usize,
    /// The frames that each CPU holds back on their way to the active list.
    pub arrivals: usize,
    /// The records of regions of PTEs.
    pub regions: usize,
    /// The profile of locks of each row.
    pub locks: Vec<usize>,
}

/// How far apart the records of a part are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Strides {
    /// From list to list.
    pub list: usize,
    /// From process to process.
    pub process: usize,
    /// From CPU to CPU.
    pub cpu: usize,
    /// From row to row of counters.
    pub counters: usize,
    /// From ring to ring of events.
    pub events: usize,
    /// From row to row of latencies.
    pub latencies: usize,
    /// From CPU to CPU of arrivals.
    pub arrivals: usize,
    /// From region to region of PTEs.
    pub regions: usize,
    /// Bytes of a profile of locks.
    pub locks: usize,
}

impl Machine {
    /// Returns where this machine's parts stand.
    pub fn layout(&self) -> Layout {
        let (links, lists, list_stride) = self.lists.layout();
        let (events, ring, capacity) = self.trace.layout();
        let (latencies, latency_rows, latency_buckets) = self.stats.latency_layout();
        let (arrivals, arrivals_stride) = self.lists.arrivals_layout();
        let (regions, lock_regions) = self.region_costs.layout();
        Layout {
            frames: self.pfns.count(),
            slots: self.swap.slots(),
            cpus: self.cpus.len() as u32,
            max_processes: self.processes.capacity() as u32,
            rows: (self.cpus.len() + DAEMONS) as u32,
            rings: self.trace.rings() as u32,
            addresses: Addresses {
                frame_bytes: self.frames.address(),
                pfn: self.pfns.address(),
                links,
                notes: self.notes_address(),
                lists,
                processes: self.processes.address(),
                cpus: self.cpus.as_ptr().addr(),
                counters: self.stats.address(),
                slot_counts: self.swap.address(),
                events,
                latencies,
                arrivals,
                regions,
                locks: self.profiles().iter().map(|profile| profile.address()).collect(),
            },
            strides: Strides {
                list: list_stride,
                process: size_of::<Process>(),
                cpu: size_of::<CpuRecord>(),
                counters: Stats::ROW_BYTES,
                events: ring,
                latencies: latency_buckets * FaultKind::ALL.len() * size_of::<u32>(),
                arrivals: arrivals_stride,
                regions: RegionCosts::RECORD_BYTES,
                locks: LockProfile::SHOWN_BYTES,
            },
            counter_names: Counter::ALL.iter().map(|(_, name)| (*name).to_owned()).collect(),
            list_names: self.lists.all().map(|list| self.lists.name(list)).collect(),
            event_kinds: EventKind::NAMES.iter().map(|name| (*name).to_owned()).collect(),
            event_capacity: capacity as u32,
            latency_rows: latency_rows as u32,
            latency_buckets: latency_buckets as u32,
            lock_regions: lock_regions as u32,
            pages_per_lock: self.ptes_per_lock().unwrap_or(0),
            trim_low: self.options.trim.low,
            trim_high: self.options.trim.high,
            cpu_cache: self.options.cpu_cache,
        }
    }
}
