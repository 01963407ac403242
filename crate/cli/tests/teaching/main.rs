//! Tests of what only a teaching build of the command has, which is built for speed (`--profile explore`).

mod explore;
#[path = "../support/mod.rs"]
mod support;
