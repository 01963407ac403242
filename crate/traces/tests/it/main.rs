//! Tests of the reader of traces: each format against a reference of a few lines, any pieces, and hostile input.

mod attached;
mod formats;
mod hostile;
mod packed;
mod pieces;
mod properties;
mod ranges;
mod reference;
mod support;
