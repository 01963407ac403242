//! Runs a program in more and more processes on one memory, for the picture of thrashing. It is compiled for the
//! teaching build alone, so that no visit fetches it unless it opens that picture.

use faultline::scenario::{self, Crowd, Load, ScenarioError, Traces};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::laboratory::read_traces;
use crate::scenario::to_js;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = "/** What so many processes did; rates are of a second of virtual time. */
export interface Load {
  processes: number; accesses_per_s: number; faults_per_s: number; reads_per_s: number; cpu_use: number;
  accesses: number; faults: number; reads: number; time_ns: number; trace_hash: string;
}
/** The processes that do the most useful work, and the fewest beyond that do at least a tenth less. */
export interface Knee { processes: number; thrashing: number; }";

/// A program, and the machine that it runs on in any number of processes.
#[wasm_bindgen]
pub struct Crowds {
    crowd: Crowd,
    traces: Traces,
    loads: Vec<Load>,
}

#[wasm_bindgen]
impl Crowds {
    /// Takes the program of a scenario, or the usual one where the text is left out, for at most `most` processes.
    /// Throws `{path, found, legal, message}` if that cannot be.
    #[wasm_bindgen(constructor)]
    pub fn new(
        text: Option<String>,
        #[wasm_bindgen(unchecked_param_type = "Record<string, string>")] traces: JsValue,
        most: u32,
        frames: Option<u32>,
    ) -> Result<Self, JsValue> {
        Self::of(text, traces, most, frames).map_err(|problem| to_js(&problem))
    }

    fn of(
        text: Option<String>,
        traces: JsValue,
        most: u32,
        frames: Option<u32>,
    ) -> Result<Self, ScenarioError> {
        let scenario =
            text.map_or_else(|| Ok(scenario::usual_program()), |text| scenario::parse(&text))?;
        let traces = read_traces(traces)?;
        traces.check(&scenario)?;
        let crowd = Crowd::new(&scenario, &traces, most, frames, scenario::USUAL_ACCESSES)?;
        Ok(Self { crowd, traces, loads: Vec::new() })
    }

    /// Returns the frames of the machine.
    pub fn frames(&self) -> u32 {
        self.crowd.frames()
    }

    /// Returns the pages of the program.
    pub fn pages(&self) -> u32 {
        self.crowd.pages()
    }

    /// Returns how many accesses each process makes.
    #[wasm_bindgen(js_name = accessesOfEach)]
    pub fn accesses_of_each(&self) -> f64 {
        self.crowd.accesses() as f64
    }

    /// Measures so many processes. Throws `{path, found, legal, message}` if one of them fails.
    #[wasm_bindgen(unchecked_return_type = "Load")]
    pub fn measure(&mut self, processes: u32) -> Result<JsValue, JsValue> {
        let load = self.crowd.measure(processes, self.traces.clone());
        let load = load.map_err(|problem| to_js(&problem))?;
        let told = to_js(&load);
        self.loads.push(load);
        Ok(told)
    }

    /// Returns the knee of what was measured, if there is one.
    #[wasm_bindgen(unchecked_return_type = "Knee | undefined")]
    pub fn knee(&self) -> JsValue {
        scenario::knee(&self.loads).map_or(JsValue::UNDEFINED, |knee| to_js(&knee))
    }

    /// Returns the text of the scenario with so many processes.
    pub fn scenario(&self, processes: u32) -> String {
        let scenario = self.crowd.scenario(processes);
        serde_json::to_string(&scenario).expect("a scenario is plain JSON")
    }
}
