//! Tests of the command: the real binary, as people and scripts call it.

mod command;
#[cfg(feature = "teaching")]
mod explore;
#[cfg(unix)]
mod files;
mod link;
mod replay;
mod scale;
mod support;
#[cfg(unix)]
mod trace;
