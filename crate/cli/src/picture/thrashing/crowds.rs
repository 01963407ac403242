//! Reads the program, and runs it in each number of processes, on all cores.

use std::num::NonZero;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use faultline::scenario::{
    Crowd, Knee, Load, Overrides, Scenario, Setting, Traces, knee, usual_program,
};
use serde_json::json;

use super::is_scenario;
use crate::files::Files;
use crate::input::{attach_traces, parse, read};
use crate::progress::Progress;
use crate::trace_library::machine_trace;

/// A scenario whose first run is the program, with the traces that it names.
pub(super) struct Program {
    pub(super) name: String,
    pub(super) scenario: Scenario,
    pub(super) traces: Traces,
}

impl Program {
    /// Reads a scenario or a trace, or makes the usual program.
    pub(super) fn read(
        file: Option<&Path>,
        set: &[Setting],
        files: &mut Files,
    ) -> Result<Self, String> {
        let overrides = Overrides::of(set);
        if let Some(file) = file.filter(|file| is_scenario(file)) {
            let scenario = parse(&read(file, files)?, &overrides)?;
            let traces = attach_traces(&scenario, file, files)?;
            let name = match scenario.title.is_empty() {
                true => file.display().to_string(),
                false => scenario.title.clone(),
            };
            return Ok(Self { name, scenario, traces });
        }
        let Some(file) = file else {
            let text =
                serde_json::to_string(&usual_program()).map_err(|error| error.to_string())?;
            let scenario = parse(&text, &overrides)?;
            return Ok(Self { name: scenario.title.clone(), scenario, traces: Traces::default() });
        };
        let references = machine_trace(file, files)?;
        let last = references.iter().map(|reference| reference.page).max().unwrap_or(0);
        let stem = file.file_stem().unwrap_or_default().to_string_lossy();
        let name: String = stem.chars().take(LONGEST_NAME).collect();
        let mut traces = Traces::default();
        traces.attach(name.clone(), references);
        let document = json!({
            "faultline": 1,
            "title": name,
            // A page that a program reads has been filled from somewhere.
            "machine": {"reads": "allocate"},
            "script": [
                {"op": "spawn", "as": "p", "pages": last + 1},
                {"op": "run", "process": "p", "pattern": {"trace": name}}
            ],
        });
        Ok(Self { name, scenario: parse(&document.to_string(), &overrides)?, traces })
    }
}

/// The most characters that the name of a trace has in a scenario.
const LONGEST_NAME: usize = 64;

/// The whole curve.
pub(super) struct Curve {
    pub(super) name: String,
    pub(super) frames: u32,
    pub(super) pages: u32,
    /// What each process makes.
    pub(super) accesses: u64,
    pub(super) loads: Vec<Load>,
    pub(super) knee: Option<Knee>,
}

impl Curve {
    /// Runs the program in each number of processes.
    pub(super) fn measure(
        name: String,
        crowd: &Crowd,
        traces: &Traces,
        processes: &[u32],
    ) -> Result<Self, String> {
        let progress = Progress::of("machine", processes.len() as u64);
        let (next, loads) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
        let work = || {
            // Those that take longest come first.
            while let Some(number) =
                processes.iter().rev().nth(next.fetch_add(1, Ordering::Relaxed))
            {
                let load = crowd.measure(*number, traces.clone());
                let mut loads = loads.lock().unwrap_or_else(PoisonError::into_inner);
                loads.push((*number, load));
                progress.show(loads.len() as u64);
            }
        };
        let cores = thread::available_parallelism().map_or(1, NonZero::get);
        thread::scope(|scope| {
            for _ in 0..cores.min(processes.len()) {
                scope.spawn(work);
            }
        });
        drop(progress);
        let mut loads = loads.into_inner().unwrap_or_else(PoisonError::into_inner);
        loads.sort_by_key(|(number, _)| *number);
        let loads: Result<Vec<_>, _> = loads.into_iter().map(|(_, load)| load).collect();
        let loads = loads.map_err(|error| format!("{name}: {error}; legal: {}", error.legal))?;
        let knee = knee(&loads);
        let (frames, pages, accesses) = (crowd.frames(), crowd.pages(), crowd.accesses());
        Ok(Self { name, frames, pages, accesses, loads, knee })
    }

    /// Says what was run.
    pub(super) fn title(&self) -> String {
        let Self { frames, pages, accesses, .. } = self;
        format!("{frames} frames; each process has {pages} pages and makes {accesses} accesses")
    }

    /// Says where useful work begins to fall, in a sentence.
    pub(super) fn in_words(&self) -> String {
        match self.knee {
            Some(Knee { processes, thrashing }) => format!(
                "The knee is at {processes}: so many processes do the most useful work, and {thrashing} at least a \
                 tenth less."
            ),
            None => "There is no knee: useful work falls nowhere by a tenth.".to_owned(),
        }
    }
}
