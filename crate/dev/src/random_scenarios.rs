//! Random scenarios with what they come to natively, a line each: what another platform has to
//! come to as well (`web/e2e/everywhere.test.ts`).

#[path = "../tests/support/mod.rs"]
mod support;

use std::io::{self, BufWriter, Write};

use clap::Parser;
use faultline::scenario::parse;
use proptest::strategy::ValueTree;
use serde_json::json;
use support::model::RandomScenarios;
use support::run_it;

/// Prints the first random scenarios: the document, its trace hash and its state hash, as JSON lines.
#[derive(Debug, Parser)]
struct Arguments {
    /// How many.
    #[arg(default_value_t = 1000)]
    count: u32,
}

fn main() -> io::Result<()> {
    let mut output = BufWriter::new(io::stdout().lock());
    let mut scenarios = RandomScenarios::new();
    for _ in 0..Arguments::parse().count {
        let document = scenarios.next().current();
        let scenario = parse(&document.to_string()).map_err(io::Error::other)?;
        let report = run_it(&scenario);
        let line = json!({"scenario": document.to_string(), "ok": report.ok,
            "trace_hash": report.trace_hash, "state_hash": report.state_hash});
        writeln!(output, "{line}")?;
    }
    output.flush()
}
