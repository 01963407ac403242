//! `faultline picture` shows what a trace does: where it refers to and when, how many pages it works on at a time, and
//! how far apart the uses of a page are. That is the analysis of a stream of references, and no machine runs. One
//! picture more shows what machines do: how much useful work is left when more and more processes share a memory.

mod addresses;
mod common;
mod reuse;
mod thrashing;
mod ticks;
mod working_set;

use clap::{Args, Subcommand};

use addresses::AddressesOptions;
use reuse::ReuseOptions;
use thrashing::ThrashingOptions;
use working_set::WorkingSetOptions;

#[derive(Args, Debug)]
pub(crate) struct PictureOptions {
    #[command(subcommand)]
    command: PictureCommand,
}

#[derive(Debug, Subcommand)]
enum PictureCommand {
    /// Count references by time and address, as a picture of where the program is when.
    Addresses(AddressesOptions),
    /// Measure how many pages were used within the last so many references, over time.
    WorkingSet(WorkingSetOptions),
    /// Count how many other pages are used between two uses of a page.
    Reuse(ReuseOptions),
    /// Run a program in more and more processes on one memory, and find where useful work begins to fall.
    Thrashing(ThrashingOptions),
}

/// Executes a subcommand. An error if the call or the trace is wrong.
pub(crate) fn picture(options: &PictureOptions) -> Result<bool, String> {
    match &options.command {
        PictureCommand::Addresses(options) => addresses::picture(options),
        PictureCommand::WorkingSet(options) => working_set::picture(options),
        PictureCommand::Reuse(options) => reuse::picture(options),
        PictureCommand::Thrashing(options) => thrashing::picture(options),
    }
}
