//! Faultline is a virtual-memory engine: it runs the paging of a machine, its faults, reclaim, fork and swap,
//! on simulated frames.
//!
//! A folder uses only the folders above it in this list.
//!
//! * `hash`: the hash of a word, and a map keyed by addresses
//! * `fields`: where the fields of a record stand in it
//! * [`parts`]: where the records of a part of memory stand
//! * [`bugs`]: mistakes that a teaching build can switch on
//! * [`policy_rule`]: a replacement rule of one's own, as an option
//! * [`options`]: what a machine is built from
//! * [`division`]: what a machine of many CPUs has of it where nobody says
//! * `sync`: atomics, mutexes and yields, as each build provides them
//! * [`observe`]: counters, latencies and the trace
//! * [`runtime`]: what the engine runs on: real threads or virtual CPUs, ranked locks, schedulers
//! * [`memory`]: what a machine is made of: words, frames, lists, swap, the process table
//! * [`machine`]: the machine: all of that in one place, with the ways to lock and change it
//! * [`paging`]: accesses, faults, reclaim, the daemons, the replacement policies
//! * [`process`]: spawn, fork, kill, map, dispatch
//! * [`audit`]: the invariants of a machine at rest, hashes of what it holds, the word each thread waits for
//! * [`narration`]: events reported to people: a timeline for Perfetto, histories in sentences
//! * [`scenario`]: the document that describes a machine and a script, its interpreter and report
//! * [`formats`]: what a reader in place has to know of all that, as constants with names
//!
//! # Invariants
//!
//! [`audit::audit`] checks them at every quiescent point:
//!
//! * each frame is in exactly one state, on exactly that state's list (G1);
//! * a slot is in use exactly while something refers to it, as often as its count says (G2);
//! * a frame's share count is the number of PTEs that refer to it (G4);
//! * every read returns what the process last wrote there (G3), whatever is evicted, forked or
//!   killed meanwhile (G5); workloads and the reference model in the tests check that.
//!
//! # Lock ranks
//!
//! process, PTE region, frame, tree, list, slot: see [`runtime::LockClass`].

pub mod audit;
pub mod bugs;
pub mod division;
mod fields;
pub mod formats;
mod hash;
pub mod machine;
pub mod memory;
pub mod narration;
pub mod observe;
pub mod options;
pub mod paging;
pub mod parts;
pub mod policy_rule;
pub mod process;
pub mod runtime;
pub mod scenario;
mod sync;
