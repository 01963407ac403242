//! Where atomics, mutexes and giving way come from: the standard library, or loom, which tries
//! every interleaving and every value that the memory model allows (`tests/loom`).
//!
//! The one place that knows of `cfg(loom)`. Everything that threads share is built on what stands
//! here, so the models run the engine's own code.

#[cfg(not(loom))]
mod primitive {
    pub(crate) use std::hint::spin_loop;
    pub(crate) use std::sync::{Condvar, Mutex, MutexGuard, atomic};
    pub(crate) use std::thread::yield_now;

    /// How often a lock is tried before its waiter sleeps: about as long as a short critical
    /// section.
    pub(crate) const SPINS: u32 = 64;
    /// Whether an atomic is plain memory with the layout of its value.
    pub(crate) const ATOMICS_ARE_PLAIN: bool = true;
}

#[cfg(loom)]
mod primitive {
    pub(crate) use loom::hint::spin_loop;
    pub(crate) use loom::sync::{Condvar, Mutex, MutexGuard, atomic};
    pub(crate) use loom::thread::yield_now;

    pub(crate) const SPINS: u32 = 1;
    pub(crate) const ATOMICS_ARE_PLAIN: bool = false;
}

pub(crate) use primitive::*;
