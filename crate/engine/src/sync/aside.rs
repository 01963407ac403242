//! Untracked atomics, for words on which no task's progress depends (counters, the trace): neither loom nor a
//! search of schedules need see them.
#![allow(unreachable_pub, reason = "one is public, in some of the builds")]

#[cfg(all(target_family = "wasm", not(feature = "threads")))]
pub use super::one_thread::*;
#[cfg(not(all(target_family = "wasm", not(feature = "threads"))))]
pub use std::sync::atomic::*;
