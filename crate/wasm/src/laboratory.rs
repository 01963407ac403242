//! A laboratory is a machine that the page runs, op by op.

use std::sync::Arc;

use faultline::narration::{ChromeTrace, Subject};
use faultline::observe::Detail;
use faultline::options::MachineOptions;
use faultline::runtime::now_ns;
use faultline::scenario::{self, Drain, Scenario, ScenarioError, Session, Traces};
use js_sys::{Array, Object};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

use crate::scenario::to_js;
use crate::worker_entry::Crew;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = "import type { Layout, Line, OpOutcome, ProcessInfo, Report } from '../src/generated/types.d.ts';";

/// A laboratory has one machine, from its scenario to its report. It belongs to the worker that made it.
#[wasm_bindgen]
pub struct Laboratory {
    pub(crate) session: Session,
    pub(crate) options: MachineOptions,
    /// The work of the machine's threads, in workers that the page starts; none if it is virtual.
    crew: Option<Arc<Crew>>,
    threads: u32,
    applied: usize,
    timeline: Option<Timeline>,
    /// What goes to the swap file, if swap is in one.
    #[cfg(feature = "threads")]
    pub(crate) traffic: Option<Arc<crate::swap_file::Traffic>>,
}

/// A run's timeline for Perfetto, and what reads the rings of events for it.
struct Timeline {
    drain: Drain,
    trace: ChromeTrace<Vec<u8>>,
}

#[wasm_bindgen]
impl Laboratory {
    /// Builds the machine of a scenario; `traces` has the texts of reference traces by name.
    /// Throws `{path, found, legal, message}` if the scenario is refused.
    #[wasm_bindgen(constructor)]
    pub fn new(
        text: &str,
        #[wasm_bindgen(unchecked_param_type = "Record<string, string>")] traces: JsValue,
    ) -> Result<Self, JsValue> {
        Self::open(text, traces, Session::open).map_err(|problem| to_js(&problem))
    }

    pub(crate) fn open(
        text: &str,
        traces: JsValue,
        open: impl FnOnce(&Scenario, Traces) -> Result<Session, ScenarioError>,
    ) -> Result<Self, ScenarioError> {
        let scenario = scenario::parse(text)?;
        let traces = read_traces(traces)?;
        traces.check(&scenario)?;
        let session = open(&scenario, traces)?;
        let crew = session.workers();
        let threads = crew.as_ref().map_or(0, |crew| crew.threads() as u32);
        let crew = crew.map(|crew| Crew::new(move |index| crew.work(index as usize)));
        Ok(Self {
            session,
            options: scenario.machine,
            crew,
            threads,
            applied: 0,
            timeline: None,
            #[cfg(feature = "threads")]
            traffic: None,
        })
    }

    /// Records events in the rings, for a page that shows them: on threads the changes, on a virtual
    /// machine moves between lists too.
    pub fn observe(&self) {
        let on_threads = self.crew.is_some();
        self.session.observe(if on_threads { Detail::Changes } else { Detail::Moves });
    }

    /// Returns where the machine's parts stand in the memory.
    #[wasm_bindgen(unchecked_return_type = "Layout")]
    pub fn layout(&self) -> JsValue {
        to_js(&self.session.layout())
    }

    /// Returns how many worker threads it needs: its CPUs, then its daemons; 0 if they are virtual.
    pub fn threads(&self) -> u32 {
        self.threads
    }

    /// Returns the address that each worker thread passes to `workerEnter`.
    pub fn pointer(&self) -> u32 {
        self.crew.as_ref().map_or(0, Crew::address)
    }

    /// Runs one op of a script to its end, and returns its outcome. Throws if the op is not one.
    #[wasm_bindgen(unchecked_return_type = "OpOutcome")]
    pub fn apply(&mut self, op: &str) -> Result<JsValue, JsValue> {
        let op = scenario::parse_op(op, &self.options).map_err(|problem| to_js(&problem))?;
        let outcome = self.session.apply(&op, &format!("/script/{}", self.applied));
        self.applied += 1;
        Ok(to_js(&outcome))
    }

    /// Returns the living processes, by name.
    #[wasm_bindgen(unchecked_return_type = "ProcessInfo[]")]
    pub fn processes(&self) -> JsValue {
        to_js(&self.session.processes())
    }

    /// Narrates the history of a `"page"` (of `process`), a `"frame"` or a `"slot"` in sentences, as far as the
    /// rings of events still have it.
    #[wasm_bindgen(unchecked_return_type = "Line[]")]
    pub fn why(&self, of: &str, number: u32, process: Option<String>) -> JsValue {
        let subject = match (of, process) {
            ("page", Some(process)) => Subject::Page { process, page: number },
            ("slot", _) => Subject::Slot(number),
            _ => Subject::Frame(number),
        };
        to_js(&self.session.why(subject))
    }

    /// Begins the timeline. At boot it will have all that happens; later, what the rings still have.
    #[wasm_bindgen(js_name = beginTrace)]
    pub fn begin_trace(&mut self, title: &str) {
        self.session.observe(Detail::Moves);
        let (machine, names) = (self.session.machine(), self.session.process_names());
        let start = if self.session.workers().is_some() { now_ns() } else { 0 };
        let trace = ChromeTrace::new(Vec::new(), title, machine, names, start);
        self.timeline = Some(Timeline { drain: Drain::new(machine), trace });
    }

    /// Returns the part of the file with what has happened since the last part. The last one ends the file.
    #[wasm_bindgen(js_name = traceMore)]
    pub fn trace_more(&mut self, is_last: bool) -> String {
        let Some(Timeline { drain, trace }) = &mut self.timeline else { return String::new() };
        drain.notify(self.session.machine(), trace);
        if is_last {
            trace.finish().expect("memory takes what is written");
        }
        let part = trace.take();
        if is_last {
            self.timeline = None;
        }
        String::from_utf8(part).expect("the format is text")
    }

    /// Lets the daemons come to rest, audits, and reports.
    #[wasm_bindgen(unchecked_return_type = "Report")]
    pub fn finish(&mut self) -> JsValue {
        to_js(&self.session.finish())
    }
}

#[cfg(test)]
impl Laboratory {
    /// Returns the machine.
    pub(crate) fn machine(&self) -> &faultline::machine::Machine {
        self.session.machine()
    }
}

pub(crate) fn read_traces(texts: JsValue) -> Result<Traces, ScenarioError> {
    let mut traces = Traces::default();
    for entry in Object::entries(&texts.unchecked_into()) {
        let entry: Array = entry.unchecked_into();
        let (Some(name), Some(text)) = (entry.get(0).as_string(), entry.get(1).as_string()) else {
            let message = "a trace is a text";
            return Err(ScenarioError::new("", "another trace", "texts by name", message));
        };
        let references = scenario::parse_trace(&text).map_err(|problem| ScenarioError {
            message: format!("the trace {name:?} is broken at {problem}"),
            ..problem
        })?;
        traces.attach(name, references);
    }
    Ok(traces)
}
