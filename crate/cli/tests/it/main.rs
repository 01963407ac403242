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
mod swap_file;
#[cfg(unix)]
mod trace;
