//! Measures how many steps virtual CPUs make a second natively, on the notes' machine with long workloads.
//! `npm run --silent pace` runs the same scenarios in Chromium.

use clap::Args;
use faultline::options::MAX_CPUS;
use faultline::runtime::now_ns;
use faultline::scenario::{Session, Traces, parse};
use serde_json::{Value, json};

use crate::output::print;
use crate::repository;

#[derive(Args, Debug)]
pub(crate) struct PaceOptions {
    /// Accesses of each run.
    #[arg(long, value_name = "N", default_value_t = 1_000_000, value_parser = clap::value_parser!(u64).range(1..=1_000_000_000))]
    accesses: u64,
    /// How often each runs.
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=1000))]
    rounds: u32,
    /// How many CPUs are at work.
    #[arg(long, value_name = "N,...", value_delimiter = ',', default_value = "1,8,64", value_parser = clap::value_parser!(u32).range(1..=i64::from(MAX_CPUS)))]
    cpus: Vec<u32>,
    /// Let virtual CPUs know cache lines.
    #[arg(long)]
    coherence: bool,
}

/// Prints for each number of CPUs the scenario, its steps, the nanoseconds that each round took and its
/// trace hash, as a line of JSON.
pub(crate) fn pace(options: &PaceOptions) -> Result<bool, String> {
    let notes: Value = serde_json::from_str(&repository::read("scenarios/notes-machine.json")?)
        .map_err(|error| error.to_string())?;
    for cpus in &options.cpus {
        let mut scenario = scenario(notes.clone(), *cpus, options.accesses);
        if options.coherence {
            scenario["runtime"]["coherence"] = true.into();
        }
        let text = scenario.to_string();
        let measured = measure(&text, options.rounds)?;
        print(&json!({"cpus": cpus, "scenario": text, "measured": measured}).to_string())?;
    }
    Ok(true)
}

/// Makes the notes' machine with `cpus` CPUs at work, on half as many pages again as it has frames.
fn scenario(mut notes: Value, cpus: u32, accesses: u64) -> Value {
    let run = |writes: f64| {
        json!({"op": "run", "process": "notes", "cpus": cpus, "pattern": "uniform",
            "pages": [0, 1500], "accesses": accesses.div_ceil(2), "writes": writes, "seed": 1})
    };
    let spawn = json!({"op": "spawn", "as": "notes", "pages": 2047});
    notes["machine"]["cpus"] = cpus.into();
    notes["script"] = json!([spawn, run(0.3), run(0.0)]);
    notes
}

/// Runs a scenario again and again.
fn measure(text: &str, rounds: u32) -> Result<Value, String> {
    let scenario = parse(text).map_err(|error| error.to_string())?;
    let (mut steps, mut trace, mut times) = (None, None, Vec::new());
    for _ in 0..rounds {
        let mut session =
            Session::open(&scenario, Traces::default()).map_err(|error| error.to_string())?;
        let start = now_ns();
        session.apply_all(&scenario.script);
        times.push(now_ns() - start);
        steps = session.steps();
        trace = session.finish().trace_hash;
    }
    let steps = steps.ok_or("/runtime/kind: threads take no steps; virtual is legal here")?;
    Ok(json!({"steps": steps, "ns": times, "trace_hash": trace}))
}
