//! Where atomics, mutexes and giving way come from: the standard library, or loom, which tries
//! every interleaving and every value that the memory model allows (`tests/loom`), or, with the
//! feature `footprints`, the standard library's with a note of what passes through them
//! ([`footprints`]), by which the explorer knows a machine's state again.
//!
//! The one place that knows of `cfg(loom)` and of that feature. Everything that threads share is
//! built on what stands here, so the models and the explorer run the engine's own code.

#[cfg(feature = "footprints")]
pub(crate) mod footprints;
#[cfg(not(feature = "footprints"))]
mod unseen;
#[cfg(feature = "footprints")]
pub(crate) mod unsteady;

/// The atomics of words on which nobody's progress depends (counters, the trace), so that neither
/// loom nor a search need see them.
pub(crate) use std::sync::atomic as aside;

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
