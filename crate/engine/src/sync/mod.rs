//! Where atomics, mutexes and giving way come from: the standard library, or loom, which tries
//! every interleaving and every value that the memory model allows (`tests/loom`), or, with the
//! feature `footprints`, the standard library's with a note of what passes through them
//! ([`footprints`]), by which the explorer knows a machine's state again; or, in WebAssembly without
//! threads, plain words (`sync/one_thread.rs`).
//!
//! The one place that knows of `cfg(loom)` and of those builds. Everything that threads share is
//! built on what stands here, so the models and the explorer run the engine's own code.

#[cfg(feature = "footprints")]
pub(crate) mod footprints;
#[cfg(all(target_family = "wasm", not(feature = "threads")))]
mod one_thread;
#[cfg(not(feature = "footprints"))]
mod unseen;
#[cfg(feature = "footprints")]
pub(crate) mod unsteady;

/// The atomics of words on which nobody's progress depends (counters, the trace), so that neither
/// loom nor a search need see them.
#[allow(unreachable_pub, reason = "one is public, in some of the builds")]
pub(crate) mod aside {
    #[cfg(all(target_family = "wasm", not(feature = "threads")))]
    pub use super::one_thread::*;
    #[cfg(not(all(target_family = "wasm", not(feature = "threads"))))]
    pub use std::sync::atomic::*;
}

#[cfg(not(loom))]
mod primitive {
    #[cfg(not(feature = "footprints"))]
    pub(crate) use super::aside as atomic;
    pub(crate) use std::hint::spin_loop;
    #[cfg(not(feature = "footprints"))]
    pub(crate) use std::sync::{Condvar, Mutex};
    pub(crate) use std::thread::yield_now;

    #[cfg(feature = "footprints")]
    pub(crate) use super::footprints::{Mutex, atomic};
    #[cfg(feature = "footprints")]
    pub(crate) use std::sync::Condvar;

    /// How often a lock is tried before its waiter sleeps: about as long as a short critical
    /// section.
    pub(crate) const SPINS: u32 = 64;
    /// Whether an atomic is plain memory with the layout of its value.
    pub(crate) const ATOMICS_ARE_PLAIN: bool = true;
}

#[cfg(loom)]
mod primitive {
    pub(crate) use loom::hint::spin_loop;
    pub(crate) use loom::sync::{Condvar, Mutex, atomic};
    pub(crate) use loom::thread::yield_now;

    pub(crate) const SPINS: u32 = 1;
    pub(crate) const ATOMICS_ARE_PLAIN: bool = false;
}

#[cfg(feature = "footprints")]
pub(crate) use footprints::{forget, note, queue, turn, unseen, write_page};
pub(crate) use primitive::*;
#[cfg(not(feature = "footprints"))]
pub(crate) use unseen::{forget, note, queue, turn, unseen, write_page};
