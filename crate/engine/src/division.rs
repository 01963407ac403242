//! The division of a machine says which options it has among its CPUs where its scenario does not say.

use serde::Serialize;

use crate::options::{
    MAX_LIST_SHARDS, MOST_OF_A_DAEMON, MachineOptions, Rmap, Shootdown, SlotFinder,
};

/// The most CPUs of a machine that is not divided among them unless its scenario says so.
pub const MOST_UNDIVIDED: u32 = 8;

/// How a machine is divided among its CPUs where the scenario does not say: up to [`MOST_UNDIVIDED`] share few lists, each
/// with a lock; more of them have lists, frames at hand and slots of their own, and wait for each other as little as can be.
#[derive(Clone, Debug, Serialize)]
pub struct Division {
    free_lists: u32,
    list_shards: u32,
    cpu_cache: u32,
    trimmers: u32,
    writers: u32,
    kill_batch: u32,
    zeroer: bool,
    rmap: Rmap,
    slot_finder: SlotFinder,
    shootdown: Shootdown,
}

impl Division {
    /// Returns the usual division of so many frames among so many CPUs; none where a machine is undivided.
    pub fn usual(frames: u32, cpus: u32) -> Option<Self> {
        (cpus > MOST_UNDIVIDED).then(|| Self::among(frames, cpus))
    }

    /// Returns the division of so many frames among so many CPUs, however few.
    pub fn among(frames: u32, cpus: u32) -> Self {
        // Each list has some frames, and most are on lists, not at hand.
        const LEAST_OF_A_LIST: u32 = 16;
        // More of them fight over the lists, fewer leave CPUs to reclaim for themselves.
        const CPUS_OF_A_DAEMON: u32 = 4;
        let lists = cpus.next_power_of_two().min(frames / LEAST_OF_A_LIST).max(1);
        let Self { free_lists, cpu_cache, .. } = Self::none();
        Self {
            free_lists: lists.max(free_lists),
            list_shards: lists.min(MAX_LIST_SHARDS),
            cpu_cache: (frames / (4 * cpus)).clamp(cpu_cache, 64),
            trimmers: (cpus / CPUS_OF_A_DAEMON).clamp(1, MOST_OF_A_DAEMON),
            writers: (cpus / CPUS_OF_A_DAEMON).clamp(1, MOST_OF_A_DAEMON),
            kill_batch: 16,
            zeroer: false,
            rmap: Rmap::Owner,
            slot_finder: SlotFinder::Rows,
            shootdown: Shootdown::Lazy,
        }
    }

    /// Returns what an undivided machine has.
    pub fn none() -> Self {
        let machine = MachineOptions::default();
        Self {
            free_lists: machine.free_lists,
            list_shards: machine.list_shards,
            cpu_cache: machine.cpu_cache,
            trimmers: machine.trimmers,
            writers: machine.writers,
            kill_batch: machine.kill_batch,
            zeroer: machine.zeroer,
            rmap: machine.rmap,
            slot_finder: machine.slot_finder,
            shootdown: machine.shootdown,
        }
    }
}
