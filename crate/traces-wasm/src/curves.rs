//! Counts how often policies fault on a trace, in memories of many sizes.

use faultline_replay::{Policy, jobs, joined};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::references::References;

#[wasm_bindgen]
impl References {
    /// Counts the faults of a policy, which is written as on the command line, in memories of these sizes, which are in
    /// ascending order and above 0. Throws a sentence if there is no such policy.
    pub fn faults(&self, policy: &str, sizes: &[u32]) -> Result<Vec<f64>, JsValue> {
        let policy: Policy = policy.parse().map_err(|error| JsValue::from(format!("{error}")))?;
        if sizes.contains(&0) {
            return Err(JsValue::from("a memory has 0 frames; legal: 1 or more"));
        }
        let policies = [policy];
        let jobs = jobs(&policies, sizes, 1);
        let counts: Vec<_> = jobs.iter().map(|job| job.run(&self.stream)).collect();
        let curves = joined(&policies, &jobs, &counts);
        let points = curves.iter().flat_map(|curve| &curve.points);
        Ok(points.map(|(_, faults)| *faults as f64).collect())
    }
}
