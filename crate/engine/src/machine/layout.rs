//! The layout of a machine: where its parts stand in the host's memory, for a reader in place.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::parts::Parts;
use super::state::Machine;
use crate::observe::format::BUCKETS;
use crate::observe::{Counter, EventKind};
use crate::runtime::DaemonId;

/// The sizes of a machine, the names of what it has, and its parts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Layout {
    /// How many frames there are.
    pub frames: u32,
    /// How many slots there are, slot 0 not counted.
    pub slots: u32,
    /// How many CPUs there are.
    pub cpus: u32,
    /// Where each part begins, how far apart its records are, and how many there are.
    pub parts: Parts,
    /// What each word of a row of counters counts.
    pub counter_names: Vec<String>,
    /// The name of each daemon, whose rows follow the CPUs'.
    pub daemon_names: Vec<String>,
    /// The name of each list.
    pub list_names: Vec<String>,
    /// The name of each class of words whose cache lines are told apart.
    pub line_names: Vec<String>,
    /// The name of each kind of event, by number.
    pub event_kinds: Vec<String>,
    /// How many records a ring of events holds.
    pub event_capacity: u32,
    /// Buckets of each kind of fault in a row of latencies, 32 bits each.
    pub latency_buckets: u32,
    /// PTEs that one lock guards; 0 if one lock guards all.
    pub pages_per_lock: u32,
    /// Available frames below which the trimmer is woken, and up to which it trims.
    pub trim_low: u32,
    /// See `trim_low`.
    pub trim_high: u32,
    /// Frames that a CPU may keep at hand.
    pub cpu_cache: u32,
}

impl Machine {
    /// Returns where this machine's parts stand.
    pub fn layout(&self) -> Layout {
        Layout {
            frames: self.pfns.count(),
            slots: self.swap.slots(),
            cpus: self.cpus.len() as u32,
            parts: self.parts(),
            counter_names: Counter::ALL.iter().map(|(_, name)| (*name).to_owned()).collect(),
            daemon_names: self.tasks().daemons().map(DaemonId::name).collect(),
            list_names: self.lists.all().map(|list| self.lists.name(list)).collect(),
            line_names: self.line_classes(),
            event_kinds: EventKind::NAMES.iter().map(|name| (*name).to_owned()).collect(),
            event_capacity: self.trace.capacity() as u32,
            latency_buckets: BUCKETS as u32,
            pages_per_lock: self.ptes_per_lock().unwrap_or(0),
            trim_low: self.options.trim.low,
            trim_high: self.options.trim.high,
            cpu_cache: self.options.cpu_cache,
        }
    }
}
