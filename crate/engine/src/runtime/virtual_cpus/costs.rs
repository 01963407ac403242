//! Costs: the price of each step in virtual time, the table behind every virtual run.
//!
//! The defaults are this engine on one computer, as `faultline calibrate` measures it: a virtual
//! machine with two threads of one core of an AMD EPYC, so that a lock travels less far than
//! between cores. `docs/scale.md` has the measurement. Those of the disk and of a context switch are not
//! measured: they are a fast disk's and a kernel's. Each can be changed in a scenario.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::runtime::cpu::Step;

/// Makes [`Costs`] from a table of costs in nanoseconds, each with what it is and its default. How much the disk does
/// at one time, which is no duration, stands between two parts of the table.
macro_rules! costs {
    (
        $($(#[$doc:meta])* $cost:ident = $usual:literal,)*
        --
        $($(#[$last_doc:meta])* $last:ident = $last_usual:literal,)*
    ) => {
        /// Costs in nanoseconds of virtual time, each at most a thousand seconds, so that a sum never
        /// overflows; and how much the disk does at one time.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
        #[serde(default, deny_unknown_fields)]
        pub struct Costs {
            $(
                $(#[$doc])*
                #[schemars(range(min = 0, max = 1_000_000_000_000_u64))]
                pub $cost: u64,
            )*
            /// Reads and writes that the disk serves at one time; a request that finds all channels busy
            /// waits its turn.
            #[schemars(range(min = 1, max = 1024))]
            pub disk_channels: u32,
            $(
                $(#[$last_doc])*
                #[schemars(range(min = 0, max = 1_000_000_000_000_u64))]
                pub $last: u64,
            )*
        }

        impl Default for Costs {
            fn default() -> Self {
                Self { $($cost: $usual,)* disk_channels: 32, $($last: $last_usual,)* }
            }
        }

        impl Costs {
            /// Returns costs under which nothing takes time: which task goes next is the seed's draw at every step.
            pub fn none() -> Self {
                Self { $($cost: 0,)* disk_channels: 1024, $($last: 0,)* }
            }
        }
    };
}

costs! {
    /// A marked step of the engine that is nothing else: a few instructions.
    step = 1,
    /// A walk from the page directory to the PTE, and the load or store itself.
    walk = 1,
    /// What a fault takes besides all that has a price of its own: its way in and out, its counts,
    /// the claim of its PTE and the end of it.
    fault = 45,
    /// Taking and later releasing a lock that no CPU holds.
    lock = 20,
    /// Getting a contended lock from the CPU that held it, or any word that another CPU has written
    /// last: a cache line has to travel.
    lock_handover = 40,
    /// Zeroing a frame that is not in the CPU's cache.
    zero_cold = 210,
    /// Zeroing a frame that this CPU used a moment ago.
    zero_hot = 32,
    /// Copying a frame to or from memory that is not in the CPU's cache.
    copy_cold = 390,
    /// Copying a frame within the CPU's cache.
    copy_hot = 53,
    /// Putting a frame on a list or taking it off.
    list = 2,
    /// Rewriting a PTE of a page that is evicted, shared or dropped.
    pte = 6,
    /// Looking at one frame in search of a victim.
    look = 19,
    /// Looking at one slot, or one word of the bitmap, in search of a free slot.
    look_slot = 1,
    /// A shootdown, whatever its size.
    shootdown = 30,
    /// What each other CPU that is online adds to a shootdown.
    shootdown_cpu = 530,
    /// What each page adds to a shootdown.
    shootdown_page = 70,
    /// Reading one slot of swap.
    disk_read = 80_000,
    /// Writing one slot of swap.
    disk_write = 80_000,
    --
    /// What a cache line takes from CPU to CPU, where virtual CPUs know cache lines (`coherence`). It stands in
    /// place of `lock_handover` then.
    line_transfer = 34,
    /// What each slot after the first adds to a read of several, but no more than `disk_read`.
    disk_read_more = 2_000,
    /// A context switch, with the way into a kernel and out of it.
    switch = 1_500,
}

impl Costs {
    /// Returns what a step costs in nanoseconds.
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
            Step::DiskRead { pages } => {
                let more = u64::from(pages.saturating_sub(1));
                self.disk_read + more * self.disk_read_more.min(self.disk_read)
            }
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

    /// Returns the part of [`Costs::lock`] before the lock is taken.
    pub(super) fn taking_a_lock(&self) -> u64 {
        self.lock - self.releasing_a_lock()
    }

    /// Returns the part in which other CPUs find it taken, however little its holder does.
    pub(super) fn releasing_a_lock(&self) -> u64 {
        self.lock / 2
    }
}
