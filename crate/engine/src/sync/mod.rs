//! Provides atomics, mutexes and yields for each build: those of the standard library; or loom's, which tries
//! every interleaving and every value that the memory model allows (`tests/loom`); or, with the feature
//! `footprints`, the standard library's, recording what passes through them ([`footprints`]), by which the
//! explorer recognizes a state of the machine; or, in WebAssembly without threads, plain words
//! (`sync/one_thread.rs`).
//!
//! This is the one folder that knows of `cfg(loom)` and of those builds. Everything that threads share is
//! built on what is defined here, so the models and the explorer run the engine's own code.

pub(crate) mod aside;
#[cfg(feature = "footprints")]
pub(crate) mod footprints;
#[cfg(all(target_family = "wasm", not(feature = "threads")))]
mod one_thread;
mod primitive;
#[cfg(not(feature = "footprints"))]
mod unseen;
#[cfg(feature = "footprints")]
pub(crate) mod unsteady;

#[cfg(feature = "footprints")]
pub(crate) use footprints::{forget, note, queue, turn, unseen, write_page};
pub(crate) use primitive::*;
#[cfg(not(feature = "footprints"))]
pub(crate) use unseen::{forget, note, queue, turn, unseen, write_page};
