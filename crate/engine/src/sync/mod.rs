//! Where atomics, mutexes and giving way come from: the standard library, or loom, which tries
//! every interleaving and every value that the memory model allows (`tests/loom`), or, with the
//! feature `footprints`, the standard library's with a note of what passes through them
//! ([`footprints`]), by which the explorer knows a machine's state again; or, in WebAssembly without
//! threads, plain words (`sync/one_thread.rs`).
//!
//! The one folder that knows of `cfg(loom)` and of those builds. Everything that threads share is
//! built on what stands here, so the models and the explorer run the engine's own code.

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
