//! Tests of the command: the real binary, as people and scripts call it.

mod command;
#[cfg(unix)]
mod files;
mod link;
mod picture;
mod replay;
mod scale;
#[path = "../support/mod.rs"]
mod support;
#[cfg(unix)]
mod trace;
