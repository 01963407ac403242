//! What things cost in virtual time: the table behind every virtual run.
//!
//! The defaults are this engine on one computer, as `faultline calibrate` measures it: a virtual
//! machine with two threads of one core of an AMD EPYC, so that a lock travels less far than
//! between cores. `docs/scale.md` has the measurement. Those of the disk and of a context switch are not
//! measured: they are a fast disk's and a kernel's. Each can be changed in a scenario.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::runtime::cpu::Step;

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
    /// What a fault takes besides all that has a price of its own: its way in and out, its counts,
    /// the claim of its PTE and the end of it.
    #[schemars(range(min = 0, max = 1_000_000_000_000_u64))]
    pub fault: u64,
    /// Taking and later releasing a lock that nobody holds.
    #[schemars(range(min = 0, max = 1_000_000_000_000_u64))]
    pub lock: u64,
    /// Getting a contended lock from the CPU that held it, or any word that another CPU has written
    /// last: a cache line has to travel.
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
    /// Rewriting a PTE of a page that is taken, shared or forgotten.
    #[schemars(range(min = 0, max = 1_000_000_000_000_u64))]
    pub pte: u64,
    /// Looking at one frame in search of a victim.
    #[schemars(range(min = 0, max = 1_000_000_000_000_u64))]
    pub look: u64,
    /// Looking at one slot, or one word of the bitmap, in search of a free slot.
    #[schemars(range(min = 0, max = 1_000_000_000_000_u64))]
    pub look_slot: u64,
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
    /// A context switch, with the way into a kernel and out of it.
    #[schemars(range(min = 0, max = 1_000_000_000_000_u64))]
    pub switch: u64,
}

impl Default for Costs {
    fn default() -> Self {
        Self {
            step: 1,
            walk: 1,
            fault: 45,
            lock: 20,
            lock_handover: 40,
            zero_cold: 210,
            zero_hot: 32,
            copy_cold: 390,
            copy_hot: 53,
            list: 2,
            pte: 6,
            look: 19,
            look_slot: 1,
            shootdown: 30,
            shootdown_cpu: 530,
            shootdown_page: 70,
            disk_read: 80_000,
            disk_write: 80_000,
            disk_channels: 32,
            switch: 1_500,
        }
    }
}

impl Costs {
    /// What a step costs in nanoseconds.
    #[inline]
    pub fn of(&self, step: Step) -> u64 {
        match step {
            Step::Instruction => self.step,
            Step::Walk => self.walk,
            Step::Fault => self.fault,
            Step::TryLock { times } => u64::from(times) * self.lock,
            Step::List { frames } => u64::from(frames) * self.list,
            Step::Rewrite { ptes } => u64::from(ptes) * self.pte,
            Step::Look { entries } => u64::from(entries) * self.look,
            Step::LookForSlot { entries } => u64::from(entries) * self.look_slot,
            Step::Fetch { lines } => u64::from(lines) * self.lock_handover,
            Step::Zero { hot: true } => self.zero_hot,
            Step::Zero { hot: false } => self.zero_cold,
            Step::Copy { hot: true } => self.copy_hot,
            Step::Copy { hot: false } => self.copy_cold,
            Step::DiskRead => self.disk_read,
            Step::DiskWrite => self.disk_write,
            Step::Shootdown { cpus, pages } => {
                self.shootdown
                    + u64::from(cpus) * self.shootdown_cpu
                    + u64::from(pages) * self.shootdown_page
            }
            Step::Switch => self.switch,
            // As long as a lock takes to travel, and never nothing: time has to pass.
            Step::Relax => self.lock_handover.max(1),
        }
    }

    /// The part of [`Costs::lock`] before the lock is taken.
    pub(super) fn taking_a_lock(&self) -> u64 {
        self.lock - self.releasing_a_lock()
    }

    /// The part in which others find it taken, however little its holder does.
    pub(super) fn releasing_a_lock(&self) -> u64 {
        self.lock / 2
    }

    /// Nothing takes time: whoever goes next is the seed's draw at every step.
    pub fn none() -> Self {
        Self {
            step: 0,
            walk: 0,
            fault: 0,
            lock: 0,
            lock_handover: 0,
            zero_cold: 0,
            zero_hot: 0,
            copy_cold: 0,
            copy_hot: 0,
            list: 0,
            pte: 0,
            look: 0,
            look_slot: 0,
            shootdown: 0,
            shootdown_cpu: 0,
            shootdown_page: 0,
            disk_read: 0,
            disk_write: 0,
            disk_channels: 1024,
            switch: 0,
        }
    }
}
