//! How fast virtual CPUs run: steps a second of a scenario, natively. `npm run --silent pace` runs it beside
//! the same in Chromium.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use faultline::runtime::now_ns;
use faultline::scenario::{Session, Traces, parse};
use serde_json::json;

/// Runs a scenario on virtual CPUs, and prints its steps, the nanoseconds that each round took and its
/// trace hash as one JSON object.
#[derive(Debug, Parser)]
struct Arguments {
    /// The scenario, on virtual CPUs and without reference traces.
    file: PathBuf,
    /// How often it runs.
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,
}

fn main() -> ExitCode {
    match pace(&Arguments::parse()) {
        Ok(result) => {
            println!("{result}");
            ExitCode::SUCCESS
        }
        Err(message) => {
            eprintln!("{message}");
            ExitCode::from(2)
        }
    }
}

fn pace(arguments: &Arguments) -> Result<String, String> {
    let text = std::fs::read_to_string(&arguments.file)
        .map_err(|error| format!("{}: {error}", arguments.file.display()))?;
    let scenario = parse(&text).map_err(|error| error.to_string())?;
    let (mut steps, mut trace, mut rounds) = (None, None, Vec::new());
    for _ in 0..arguments.rounds {
        let mut session =
            Session::open(&scenario, Traces::default()).map_err(|error| error.to_string())?;
        let start = now_ns();
        for (index, op) in scenario.script.iter().enumerate() {
            session.apply(op, &format!("/script/{index}"));
        }
        rounds.push(now_ns() - start);
        steps = session.steps();
        trace = session.finish().trace_hash;
    }
    let steps = steps.ok_or("/runtime/kind: threads take no steps; virtual is legal here")?;
    Ok(json!({"steps": steps, "ns": rounds, "trace_hash": trace}).to_string())
}
