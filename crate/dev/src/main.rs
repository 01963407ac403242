//! The program `faultline-dev` has the tools that develop the engine, each a subcommand that calls it:
//! measurements, searches of schedules, soaks, and what is generated from the Rust types.
//!
//! Exit status: 0 all held; 1 a check failed; 2 the call was wrong.

#![forbid(unsafe_code)]

mod against_libcachesim;
#[cfg(feature = "teaching")]
mod bugs;
#[cfg(feature = "teaching")]
mod explore;
mod lengths;
mod miss_counts;
mod objects;
mod output;
mod pace;
mod random_scenarios;
mod repository;
mod shared_list;
mod soak;
mod tradeoffs;
mod types;

/// Support of the engine's tests that is used here too: storms, scripts on scarce machines, random scenarios.
#[path = "../../engine/tests/support/mod.rs"]
#[expect(dead_code, reason = "the tests use the rest")]
mod support;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Tools that develop the engine.
#[derive(Debug, Parser)]
#[command(name = "faultline-dev", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Compare the counts of `faultline replay` with those of libCacheSim's command, and its speed.
    AgainstLibcachesim(against_libcachesim::AgainstOptions),
    /// Search each bug's scenario for the bug, and print the findings as a table.
    #[cfg(feature = "teaching")]
    Bugs(bugs::BugsOptions),
    /// Search the schedules of the shipped scenarios, and print their numbers as a table.
    #[cfg(feature = "teaching")]
    Explore(explore::ExploreOptions),
    /// Count how often a published trace faults under each policy, on one CPU with given numbers of frames.
    MissCounts(miss_counts::MissCountsOptions),
    /// Run the notes' machine on virtual CPUs, and print steps and times as JSON lines.
    Pace(pace::PaceOptions),
    /// Print random scenarios with their hashes as JSON lines.
    RandomScenarios(random_scenarios::RandomScenariosOptions),
    /// Let virtual CPUs that know cache lines take nodes from one list, beside published figures.
    SharedList(shared_list::SharedListOptions),
    /// Play storms of processes on machines nearly out of frames and slots, on more threads than cores.
    Soak(soak::SoakOptions),
    /// Measure both sides of each switch of the ladder, on threads and on virtual CPUs.
    Tradeoffs(tradeoffs::TradeoffsOptions),
    /// Print the schemas of the types that the page uses, and the reference of the scenario, as JSON.
    Types,
}

/// The call was wrong.
const WRONG: u8 = 2;

fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::AgainstLibcachesim(options) => against_libcachesim::against(&options),
        #[cfg(feature = "teaching")]
        Command::Bugs(options) => bugs::bugs(&options),
        #[cfg(feature = "teaching")]
        Command::Explore(options) => explore::explore(&options),
        Command::MissCounts(options) => miss_counts::miss_counts(&options),
        Command::Pace(options) => pace::pace(&options),
        Command::RandomScenarios(options) => random_scenarios::random_scenarios(&options),
        Command::SharedList(options) => shared_list::shared_list(&options),
        Command::Soak(options) => soak::soak(&options),
        Command::Tradeoffs(options) => tradeoffs::tradeoffs(&options),
        Command::Types => types::types(),
    };
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::from(WRONG)
        }
    }
}
