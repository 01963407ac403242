//! The paths of the machine: accesses and faults, reclaim and the daemons.
//!
//! # Which CPU owns a frame
//!
//! A frame's state and the list it is on change together, under the frame's lock. A frame is
//! * *listed*: its state names its list;
//! * *in flight*: off every list, owned by one trim, write or read, which alone lands it again;
//!   others only drop references to it or mark it rescued;
//! * *taken*: off every list, by a CPU that has just taken it (`TakenFrame`), free or zeroed by its state,
//!   referred to by no PTE.
//!
//! A CPU that makes something reachable has written first what the CPU that finds it will rely on: a frame is
//! free by its entry before it is at hand or on a free list, and a slot has all its references, and no
//! keeper, before a PTE names it. No await stands between, so virtual CPUs cannot see the order.
//!
//! No CPU waits for a frame while a PTE is in transit or a region is locked on its behalf: it gives up its
//! claim, takes a frame, and starts the fault again. So the CPUs that wait never hold what the others need.
//!
//! # What each operation needs at one time, and why it ends
//!
//! It succeeds, or fails with a code and has changed nothing; a `run` is many accesses, each of them
//! so. Frames for tables count as frames.
//!
//! | operation | frames | slots | why it ends |
//! |---|---|---|---|
//! | load, store | 1 (`fault.rs`), and up to `read_ahead` that are to spare (`read_ahead.rs`) | 0 | a turn ends the fault, or another fault, trim or kill made progress |
//! | wait for a frame | 0 while it waits | 0 | see `waiting.rs` |
//! | spawn | 1 directory, 1 for each 512 pages | 0 | goes once over the tables |
//! | fork | 1 directory, 1 for each table of the parent | 0 | goes once over the pages; waits for faults under way |
//! | map | 1 for each table that is missing | 0 | goes once over the pages |
//! | unmap | 0 | 0 | the same; waits for faults and pins from before it, which need nothing it holds |
//! | evict | 0 | 1, taken before anything changes | each turn is a step nearer to swap (`evict.rs`) |
//! | kill | 0 | 0 | waits for the CPUs inside, which see the state at their next step; then once over the pages, with up to `kill_batch` frames locked that only it frees; waits for pins |
//! | sleep, wake, switch | 0 | 0 | waits for the CPUs online, which acknowledge at their next step |
//! | trimmer | 0 | 0 | a batch that moves no frame ends a wake-up |
//! | writer | 0 | one for each frame of a batch; those not used go back | a batch that writes nothing ends a wake-up |
//! | zeroer | 1, off its list | 0 | until enough are zeroed, or none is free |
//! | settle | 0 | 0 | every daemon's wake-up ends |
//!
//! Frames for tables are taken one by one, counted as protected at once and given back when the next is
//! refused, so two forks that are short together fail rather than wait for each other.
//!
//! A loop that starts again because another CPU was faster has a bound, `ATTEMPTS` (`access.rs`), beyond all
//! contention; reaching it ends the run and reports what was tried. Virtual CPUs find a livelock long before
//! (`runtime/virtual_cpus/livelock.rs`), and a script does not wait for threads that stand still
//! (`scenario/run/mailboxes.rs`).

mod access;
mod arrivals;
mod at_once;
mod copy_on_write;
mod daemons;
mod dirty_at_once;
mod drops;
mod evict;
mod failure;
mod fault;
mod flight;
mod hard_at_once;
mod mappings;
mod policy;
mod predictive;
mod progress;
mod read_ahead;
mod read_in;
mod reclaim_at_once;
mod references;
mod repurpose;
pub mod shootdown;
mod slots;
mod supply;
mod transfer;
mod trimmer;
mod unmap;
mod waiting;
mod writer;
mod zeroer;

pub use access::AddressSpace;
pub use arrivals::{activate_dirty, admit_arrivals};
pub use daemons::{ring, settle};
pub use drops::Drops;
pub use evict::evict;
pub use failure::Failure;
pub use policy::{references_until_tick, tick_if_due};
pub use progress::Progress;
pub use references::{drop_reference, drop_slot_reference, drop_swapped_page, give_back};
pub use shootdown::shootdown;
pub use slots::take_slots;
pub use supply::{TakenFrame, Wanted, take_frame};
pub use trimmer::{trim, trimmer};
pub use waiting::wait_for_frame;
pub use writer::writer;
pub use zeroer::zeroer;
