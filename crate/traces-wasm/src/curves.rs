//! Counts how often policies fault on an attached trace, in memories of many sizes.

use faultline_replay::{Policy, Stream, StreamBuilder, jobs, joined};
use faultline_traces::{Limits, Options, format_named, read};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// The references of a trace, to be replayed.
#[wasm_bindgen]
pub struct References(Stream);

#[wasm_bindgen]
impl References {
    /// Reads the text of a trace in the project's own format. Throws a sentence if it is none.
    #[wasm_bindgen(constructor)]
    pub fn new(text: &[u8]) -> Result<Self, JsValue> {
        Self::read(text).map_err(JsValue::from)
    }

    fn read(text: &[u8]) -> Result<Self, String> {
        let mut builder = StreamBuilder::default();
        let mut pushed = Ok(());
        let limits = Limits { bad_lines: 0, ..Limits::default() };
        let options = Options { format: format_named("faultline"), limits, ..Options::default() };
        read(text, options, &mut |found| {
            let reference =
                faultline_replay::Reference { page: found.page.into(), write: found.write };
            if pushed.is_ok() {
                pushed = builder.push(reference);
            }
        })
        .map_err(|error| error.to_string())?;
        pushed.map_err(|error| error.to_string())?;
        builder.finish().map(Self).map_err(|error| error.to_string())
    }

    /// Returns how many pages are referred to.
    pub fn pages(&self) -> u32 {
        self.0.pages() as u32
    }

    /// Returns how many references there are.
    pub fn references(&self) -> f64 {
        self.0.len() as f64
    }

    /// Counts the faults of a policy, which is written as on the command line, in memories of these sizes, which are in
    /// ascending order and above 0. Throws a sentence if there is no such policy.
    pub fn faults(&self, policy: &str, sizes: &[u32]) -> Result<Vec<f64>, JsValue> {
        let policy: Policy = policy.parse().map_err(|error| JsValue::from(format!("{error}")))?;
        if sizes.contains(&0) {
            return Err(JsValue::from("a memory has 0 frames; legal: 1 or more"));
        }
        let policies = [policy];
        let jobs = jobs(&policies, sizes, 1);
        let counts: Vec<_> = jobs.iter().map(|job| job.run(&self.0)).collect();
        let curves = joined(&policies, &jobs, &counts);
        let points = curves.iter().flat_map(|curve| &curve.points);
        Ok(points.map(|(_, faults)| *faults as f64).collect())
    }
}
