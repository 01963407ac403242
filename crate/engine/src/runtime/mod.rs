//! How the engine runs: the [`Cpu`] trait it is written against, ranked locks, and the two
//! runtimes, real threads and virtual CPUs.

mod by_address;
mod chosen;
mod clock;
mod costs;
mod cpu;
#[cfg(feature = "footprints")]
pub mod explorer;
mod livelock;
mod lock;
mod lock_profile;
mod order;
mod parking;
mod presence;
mod random;
mod regions;
mod schedule;
mod threads;
mod virtual_cpus;
mod wait_for;

/// A word that tasks share.
pub use crate::sync::atomic::AtomicU64 as Word;
/// A part of memory that tasks share.
#[cfg(feature = "footprints")]
pub use crate::sync::footprints::Region;
#[cfg(feature = "footprints")]
pub use crate::sync::unsteady::hesitate_after_one_in;
pub use clock::{now_ns, set_clock};
pub use costs::Costs;
pub use cpu::{Cpu, CpuLocal, Step, emit, emit_if};
pub use lock::{Event, HeldLocks, LockClass, LockId, Locked, RANK_COUNT, lock, try_lock};
pub use lock_profile::{LockCost, LockProfile};
pub use order::{Choice, Chooser, Pause};
pub use parking::ParkingLot;
pub use presence::{Away, EpochWords, Epochs, Presence};
pub use random::{Random, mix};
pub use regions::Regions;
pub use schedule::{Deviation, Replay, task_name};
pub use threads::{ThreadCpu, ThreadRuntime, block_on};
pub use virtual_cpus::{Halt, Sleeper, VirtualCpu, VirtualRuntime, running_task};
pub use wait_for::wait_for;
