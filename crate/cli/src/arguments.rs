//! The command line has the subcommands of `faultline`. Each subcommand's options stand beside its code.

use clap::{Parser, Subcommand};

use crate::calibrate::CalibrateOptions;
use crate::explore::ExploreOptions;
use crate::run::RunOptions;
use crate::scale::ScaleOptions;
use crate::why::WhyOptions;

/// A virtual-memory laboratory: runs scenarios of processes, copy-on-write, eviction and swap.
#[derive(Debug, Parser)]
#[command(name = "faultline", version, arg_required_else_help = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run a scenario and print its report.
    Run(RunOptions),
    /// Search the schedules of a scenario for one under which something is wrong.
    Explore(ExploreOptions),
    /// Narrate the history of a frame, a page or a slot, in sentences.
    Why(WhyOptions),
    /// Measure what things cost on this machine, as the table that virtual CPUs charge by.
    Calibrate(CalibrateOptions),
    /// Run a scenario, or each kind of fault, on more and more virtual CPUs, for each value of some switches.
    Scale(ScaleOptions),
    /// Print the JSON Schema of scenarios.
    Schema,
}
