//! Analyses a stream of references to pages: how often each replacement policy faults in memories of many sizes,
//! with no machine behind it.
//!
//! There are no frames with bytes here, no page tables, no locks and no daemons, only page numbers; the engine
//! (`crate/engine`) is the machine. What both have counts the same faults on the same references.
//!
//! A policy stands in a file of its own in `policy`, with its paper and with what it decides where sources differ.
//! Most policies do nothing on a hit but set bits. One pass over the stream runs those for up to 32 sizes at once
//! (`lanes`). LRU and the optimal policy keep the pages of a smaller memory in every larger one, so one pass has
//! all sizes. The others run size by size. All parts are independent jobs (`curve`), for as many cores as there are.
//!
//! What pictures show of a stream, beside its curves, is counted in `picture`.
//!
//! It compiles for the browser too, where a job is what a worker can be given.

#![forbid(unsafe_code)]

mod curve;
mod distances;
mod few;
mod hash;
mod lanes;
mod list;
mod picture;
mod policy;
mod sample;
mod steps;
mod stream;
#[cfg(test)]
mod tests;
mod words;

pub use curve::{Curve, Job, jobs, joined};
#[cfg(not(target_arch = "wasm32"))]
pub use curve::{curves, in_parallel};
pub use distances::{Distances, distances};
pub use picture::{
    Addresses, Area, Bucket, Heat, Layout, Named, Part, Placed, WorkingSet, buckets, by_area, heat,
    working_set,
};
pub use policy::{
    Bits, Counts, Given, Hand, LfuTies, OnFault, OptTies, Policy, PolicyError, Seed, Share,
    Summary, Unit, Uses, summaries,
};
pub use sample::{Estimate, Sample, in_sample};
pub use steps::{Step, steps};
pub use stream::{Reference, Stream, StreamBuilder, StreamError};
