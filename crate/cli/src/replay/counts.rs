//! What was counted, as it is printed: as JSON in these words.

use faultline_replay::{Estimate, Policy, Sample, Stream};
use serde::Serialize;

/// The counts of a call.
#[derive(Debug, Serialize)]
pub(super) struct Counts {
    pub(super) trace: String,
    pub(super) references: usize,
    pub(super) pages: usize,
    /// The sample that they were estimated from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) sample: Option<Sampled>,
    pub(super) curves: Vec<Curve>,
}

#[derive(Debug, Serialize)]
pub(super) struct Sampled {
    pub(super) rate: f64,
    pub(super) pages: usize,
    pub(super) references: usize,
}

/// The faults under one policy.
#[derive(Debug, Serialize)]
pub(super) struct Curve {
    pub(super) policy: String,
    pub(super) points: Vec<Row>,
}

/// The faults in one memory.
#[derive(Debug, Serialize)]
pub(super) struct Row {
    pub(super) frames: u32,
    #[serde(rename = "misses")]
    pub(super) faults: u64,
    /// The faults that did not find a free frame.
    pub(super) evictions: u64,
    /// Faults for each reference.
    pub(super) miss_ratio: f64,
    #[serde(flatten)]
    pub(super) bounds: Option<Bounds>,
}

/// What the faults are at least and at most, where they are estimated.
#[derive(Clone, Copy, Debug, Serialize)]
pub(super) struct Bounds {
    pub(super) least: u64,
    pub(super) most: u64,
}

impl Row {
    pub(super) fn exact(frames: u32, faults: u64, stream: &Stream) -> Self {
        // A memory begins empty, and a frame that is taken stays so.
        let free = u64::from(frames).min(stream.pages() as u64);
        let miss_ratio = faults as f64 / stream.len() as f64;
        Self { frames, faults, evictions: faults.saturating_sub(free), miss_ratio, bounds: None }
    }

    pub(super) fn estimated(estimate: Estimate, stream: &Stream) -> Self {
        let Estimate { frames, faults, least, most } = estimate;
        let bounds = Bounds { least: least.floor() as u64, most: most.ceil() as u64 };
        Self { bounds: Some(bounds), ..Self::exact(frames, faults.round() as u64, stream) }
    }
}

impl Counts {
    pub(super) fn new(
        trace: String,
        stream: &Stream,
        sample: Option<(f64, &Sample)>,
        curves: Vec<(Policy, Vec<Row>)>,
    ) -> Self {
        let sample = sample.map(|(rate, sample)| {
            let (pages, references) = (sample.pages(), sample.references());
            Sampled { rate, pages, references }
        });
        let curve = |(policy, points): (Policy, _)| Curve { policy: policy.to_string(), points };
        let curves = curves.into_iter().map(curve).collect();
        Self { trace, references: stream.len(), pages: stream.pages(), sample, curves }
    }
}
