//! The command line has the subcommands of `faultline`. Each subcommand's options stand beside its code.

use clap::{Parser, Subcommand};

use crate::calibrate::CalibrateOptions;
use crate::explore::ExploreOptions;
use crate::link::{EmbedOptions, FromLinkOptions, LinkOptions};
use crate::picture::PictureOptions;
use crate::replay::ReplayOptions;
use crate::run::RunOptions;
use crate::scale::ScaleOptions;
use crate::trace::TraceOptions;
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
    /// Print the address that opens a scenario on the page.
    Link(LinkOptions),
    /// Open a scenario on the page, in your browser.
    Open(LinkOptions),
    /// Print the frame that shows a scenario in another page.
    Embed(EmbedOptions),
    /// Print the scenario that a link carries.
    FromLink(FromLinkOptions),
    /// Read traces of real programs: convert them, tell what is in them, record them.
    Trace(TraceOptions),
    /// Count the faults of replacement policies on a trace, in memories of many sizes; no machine runs.
    Replay(ReplayOptions),
    /// Show where and when a trace refers to memory, its working set, how far apart its uses of a page are, or how many
    /// processes of it make a memory thrash.
    Picture(PictureOptions),
    /// Print the JSON Schema of scenarios.
    Schema,
}
