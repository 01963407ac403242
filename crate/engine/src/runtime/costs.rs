//! What things cost in virtual time: the table behind every virtual run.
//!
//! The defaults are a desktop of the 2020s with a fast disk, rounded; only their proportions
//! matter to a comparison, and each can be changed in a scenario.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Costs in nanoseconds of virtual time, each at most a thousand seconds, so that a sum never
/// overflows; and how much the disk does at one time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Costs {
    /// A marked step of the engine that is nothing else: a few instructions.
    #[schemars(range(min = 0, max = 1_000_000_000_000_u64))]
    pub step: u64,
    /// A walk from the page directory to the PTE, and the load or store itself.
    #[schemars(range(min = 0, max = 1_000_000_000_000_u64))]
    pub walk: u64,
    /// Taking and later releasing a lock that nobody holds.
    #[schemars(range(min = 0, max = 1_000_000_000_000_u64))]
    pub lock: u64,
    /// Getting a contended lock from the CPU that held it: its cache line has to travel.
    #[schemars(range(min = 0, max = 1_000_000_000_000_u64))]
    pub lock_handover: u64,
    /// Zeroing a frame that is not in the CPU's cache.
    #[schemars(range(min = 0, max = 1_000_000_000_000_u64))]
    pub zero_cold: u64,
    /// Zeroing a frame that this CPU used a moment ago.
    #[schemars(range(min = 0, max = 1_000_000_000_000_u64))]
    pub zero_hot: u64,
    /// Copying a frame to or from memory that is not in the CPU's cache.
    #[schemars(range(min = 0, max = 1_000_000_000_000_u64))]
    pub copy_cold: u64,
    /// Copying a frame within the CPU's cache.
    #[schemars(range(min = 0, max = 1_000_000_000_000_u64))]
    pub copy_hot: u64,
    /// Putting a frame on a list or taking it off.
    #[schemars(range(min = 0, max = 1_000_000_000_000_u64))]
    pub list: u64,
    /// Looking at one frame in search of a victim, or at one slot or word of the bitmap in search
    /// of a free one.
    #[schemars(range(min = 0, max = 1_000_000_000_000_u64))]
    pub look: u64,
    /// A shootdown, whatever its size.
    #[schemars(range(min = 0, max = 1_000_000_000_000_u64))]
    pub shootdown: u64,
    /// What each other CPU that is online adds to a shootdown.
    #[schemars(range(min = 0, max = 1_000_000_000_000_u64))]
    pub shootdown_cpu: u64,
    /// What each page adds to a shootdown.
    #[schemars(range(min = 0, max = 1_000_000_000_000_u64))]
    pub shootdown_page: u64,
    /// Reading one slot of swap.
    #[schemars(range(min = 0, max = 1_000_000_000_000_u64))]
    pub disk_read: u64,
    /// Writing one slot of swap.
    #[schemars(range(min = 0, max = 1_000_000_000_000_u64))]
    pub disk_write: u64,
    /// Reads and writes that the disk serves at one time; who finds it busy waits its turn.
    #[schemars(range(min = 1, max = 1024))]
    pub disk_channels: u32,
    /// A context switch.
    #[schemars(range(min = 0, max = 1_000_000_000_000_u64))]
    pub switch: u64,
}

impl Default for Costs {
    fn default() -> Self {
        Self {
            step: 1,
            walk: 2,
            lock: 6,
            lock_handover: 60,
            zero_cold: 500,
            zero_hot: 40,
            copy_cold: 600,
            copy_hot: 80,
            list: 5,
            look: 2,
            shootdown: 300,
            shootdown_cpu: 200,
            shootdown_page: 20,
            disk_read: 80_000,
            disk_write: 80_000,
            disk_channels: 32,
            switch: 1_500,
        }
    }
}
