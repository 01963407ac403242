//! The searches of schedules are a program of their own, which needs the feature `footprints`: it is built for speed
//! (`--profile explore`), and the other tests are not compiled a second time for it.
//!
//! They share a process and its threads: a test that sets what the whole process sees runs itself in
//! another process (`hesitating_threads`).

#[path = "../support/mod.rs"]
#[expect(dead_code, reason = "other tests use the rest")]
mod support;

mod alone;
#[cfg(feature = "bugs")]
mod bugs;
mod engine;
mod explorer;
mod found;
mod hesitating_threads;
mod interleavings;
mod kept;
mod plays;
mod read_ahead;
mod together;
mod toys;
mod ways;
