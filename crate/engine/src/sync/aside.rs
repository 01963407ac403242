//! The atomics of words on which nobody's progress depends (counters, the trace), so that neither
//! loom nor a search need see them.
#![allow(unreachable_pub, reason = "one is public, in some of the builds")]

#[cfg(all(target_family = "wasm", not(feature = "threads")))]
pub use super::one_thread::*;
#[cfg(not(all(target_family = "wasm", not(feature = "threads"))))]
pub use std::sync::atomic::*;
