//! Runs the engine: the [`Cpu`] trait it is written against, ranked locks, and the two runtimes, real threads
//! and virtual CPUs.

mod acquire;
mod condition;
mod cpu;
mod epochs;
#[cfg(feature = "footprints")]
pub mod explorer;
mod halt;
mod locks;
mod random;
mod schedulers;
mod task;
mod threads;
mod virtual_cpus;

pub use crate::hash::mix;
/// A word that tasks share.
pub use crate::sync::atomic::AtomicU64 as Word;
/// A part of memory that tasks share.
#[cfg(feature = "footprints")]
pub use crate::sync::footprints::SharedPart;
#[cfg(feature = "footprints")]
pub use crate::sync::unsteady::hesitate_after_one_in;
pub use acquire::{Locked, lock, try_lock};
pub use condition::Condition;
pub use cpu::{Cpu, CpuLocal, Step, emit, emit_if};
pub use epochs::{Away, EpochWords, Epochs, Presence};
pub use halt::Halt;
pub(crate) use locks::format;
pub use locks::{
    HeldLocks, LockClass, LockCost, LockId, LockProfile, LockWord, RANK_COUNT, RegionCosts,
    Sleeper, region_of, wait_for,
};
pub use random::Random;
pub use schedulers::{Choice, Chooser, Deviation, Pause, Replay};
pub use task::{DaemonId, DaemonKind, Task, Tasks};
pub use threads::{ThreadCpu, ThreadRuntime, block_on, now_ns, set_clock};
pub use virtual_cpus::{
    Costs, FalseSharing, Lines, LockKind, VirtualCpu, VirtualRuntime, running_task,
};
