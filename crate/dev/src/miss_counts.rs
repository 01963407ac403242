//! Counts how often a published trace faults in so many frames under each policy (`npm run miss-counts`).
//!
//! A trace is a file of libCacheSim's `oracleGeneral` records, or of one number a line. Each object is a page.

#[path = "../tests/support/mod.rs"]
mod support;

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use support::misses::{read_trace, run_in};
use support::reference_policies::POLICIES;

/// Misses of the real machine: one CPU, synchronous eviction, exactly so many frames for pages.
#[derive(Debug, Parser)]
struct Arguments {
    /// The trace: oracleGeneral records, or one number a line.
    trace: PathBuf,
    /// The policies.
    #[arg(long, value_delimiter = ',', default_value = "fifo,clock,lru,sieve", value_parser = POLICIES)]
    policies: Vec<String>,
    /// Frames for pages; the machine has some more for its tables.
    #[arg(long, value_delimiter = ',', default_value = "5,20,128,256,512,1024",
        value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    frames: Vec<u32>,
}

fn main() -> ExitCode {
    match count(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

fn count(arguments: &Arguments) -> Result<(), String> {
    let at = |message: String| format!("{}: {message}", arguments.trace.display());
    let bytes = fs::read(&arguments.trace).map_err(|error| at(error.to_string()))?;
    let trace = read_trace(&bytes).map_err(at)?;
    println!("{} references", trace.len());
    print!("{:<12}", "frames");
    arguments.frames.iter().for_each(|frames| print!("{frames:>10}"));
    println!();
    for policy in &arguments.policies {
        print!("{policy:<12}");
        for frames in &arguments.frames {
            let report = run_in(&trace, policy, *frames).map_err(at)?;
            print!("{:>10}", report.counters.faults);
        }
        println!();
    }
    Ok(())
}
