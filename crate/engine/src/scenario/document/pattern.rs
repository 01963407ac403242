//! Patterns define which pages a workload touches, in which order.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::page_reference::Reference;

/// A pattern chooses the pages that a run touches, and their order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Pattern {
    /// Each page after the one before, round and round.
    Sequential,
    /// Any page, all equally likely.
    Uniform,
    /// Every n-th page, round and round.
    Stride(#[schemars(range(min = 1, max = 4_294_967_295_u64))] u32),
    /// The k-th page with a probability proportional to 1/k^s.
    Zipf(#[schemars(range(min = 0.0, max = 10.0))] f64),
    /// One phase after the other, round and round.
    Phases(#[schemars(length(min = 1, max = 1024))] Vec<Phase>),
    /// The references of an attached trace, in its order.
    Trace(#[schemars(length(min = 1, max = 64))] String),
    /// These references, in this order, as a textbook has them: `[7, 0, 1, "0w"]` reads pages 7, 0 and 1, and
    /// writes page 0. A page is counted from the first of the run's.
    Pages(#[schemars(length(min = 1, max = 65_536))] Vec<Reference>),
}

/// A part of a run with a pattern of its own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Phase {
    /// Which pages, in which order.
    pub pattern: SteadyPattern,
    /// The first page and the one after the last; the run's own when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pages: Option<[u32; 2]>,
    /// How long the phase lasts; an equal part of the run when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 9_007_199_254_740_991_u64))]
    pub accesses: Option<u64>,
    /// The share of writes, 0 to 1; the run's own when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0.0, max = 1.0))]
    pub writes: Option<f64>,
}

/// A pattern that a phase can have: one that does not change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SteadyPattern {
    /// Each page after the one before, round and round.
    Sequential,
    /// Any page, all equally likely.
    Uniform,
    /// Every n-th page, round and round.
    Stride(#[schemars(range(min = 1, max = 4_294_967_295_u64))] u32),
    /// The k-th page with a probability proportional to 1/k^s.
    Zipf(#[schemars(range(min = 0.0, max = 10.0))] f64),
}
