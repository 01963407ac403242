//! How the engine runs: the [`Cpu`] trait it is written against, ranked locks, and the two
//! runtimes, real threads and virtual CPUs.

mod brake;
mod clock;
mod costs;
mod cpu;
mod lock;
mod lock_profile;
mod order;
mod parking;
mod presence;
mod random;
mod threads;
mod virtual_cpus;

pub use brake::Brake;
pub use clock::{now_ns, set_clock};
pub use costs::Costs;
pub use cpu::{Cpu, CpuLocal, Step};
pub use lock::{Event, HeldLocks, LockClass, LockId, Locked, RANK_COUNT, lock, try_lock};
pub use lock_profile::{LockCost, LockProfile};
pub use order::{Choice, Chooser, Pause};
pub use parking::ParkingLot;
pub use presence::{Away, EpochWords, Epochs, Presence};
pub use random::{Random, mix};
pub use threads::{ThreadCpu, ThreadRuntime, block_on};
pub use virtual_cpus::{Halt, VirtualCpu, VirtualRuntime};
