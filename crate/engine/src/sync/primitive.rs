//! Selects the atomics, mutexes and yields of this build: the standard library's, or loom's.

#[cfg(not(loom))]
mod built {
    #[cfg(not(any(feature = "footprints", feature = "coherence")))]
    pub(crate) use crate::sync::aside as atomic;
    #[cfg(any(feature = "footprints", feature = "coherence"))]
    pub(crate) use crate::sync::told as atomic;
    pub(crate) use std::hint::spin_loop;
    #[cfg(not(feature = "footprints"))]
    pub(crate) use std::sync::{Condvar, Mutex};
    pub(crate) use std::thread::yield_now;

    #[cfg(feature = "footprints")]
    pub(crate) use crate::sync::footprints::Mutex;
    #[cfg(feature = "footprints")]
    pub(crate) use std::sync::Condvar;

    /// How often a lock is tried before its waiter sleeps: about as long as a short critical section.
    pub(crate) const SPINS: u32 = 64;
    /// Whether an atomic is plain memory with the layout of its value.
    pub(crate) const ATOMICS_ARE_PLAIN: bool = true;
}

#[cfg(loom)]
mod built {
    pub(crate) use loom::hint::spin_loop;
    pub(crate) use loom::sync::{Condvar, Mutex, atomic};
    pub(crate) use loom::thread::yield_now;

    pub(crate) const SPINS: u32 = 1;
    pub(crate) const ATOMICS_ARE_PLAIN: bool = false;
}

pub(crate) use built::*;
