//! Prints random scenarios with their native hashes, a line each, which other platforms have to give too
//! (`web/e2e/everywhere.test.ts`).

use clap::Args;
use faultline::scenario::{Traces, parse, run};
use proptest::strategy::ValueTree;
use serde_json::json;

use crate::output::print;
use crate::support::model::RandomScenarios;

#[derive(Args, Debug)]
pub(crate) struct RandomScenariosOptions {
    /// How many scenarios.
    #[arg(default_value_t = 1000)]
    count: u32,
}

/// Prints the first random scenarios, every second one on CPUs that know cache lines: the document, its trace hash and its state hash, as JSON lines.
pub(crate) fn random_scenarios(options: &RandomScenariosOptions) -> Result<bool, String> {
    let mut scenarios = RandomScenarios::new();
    for number in 0..options.count {
        let mut document = scenarios.next().current();
        // Every second one knows cache lines.
        if number % 2 == 1 {
            document["runtime"]["coherence"] = true.into();
        }
        let document = document.to_string();
        let report = parse(&document)
            .and_then(|scenario| run(&scenario, Traces::default(), &mut |_, _| {}))
            .map_err(|error| format!("{error}\n{document}"))?;
        let line = json!({"scenario": document, "ok": report.ok,
            "trace_hash": report.trace_hash, "state_hash": report.state_hash});
        print(&line.to_string())?;
    }
    Ok(true)
}
