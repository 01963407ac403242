//! `faultline trace` reads traces of memory references as others write them: converts one to this project's own
//! format, tells what is in it, or records one.

mod convert;
mod info;
mod options;
mod record;
mod source;

use clap::{Args, Subcommand};

use convert::ConvertOptions;
use info::InfoOptions;
use record::RecordOptions;
pub(crate) use source::Source;

#[derive(Args, Debug)]
pub(crate) struct TraceOptions {
    #[command(subcommand)]
    command: TraceCommand,
}

#[derive(Debug, Subcommand)]
enum TraceCommand {
    /// Convert a trace to the one that a scenario replays: a page a line, with a w after those that are written.
    Convert(ConvertOptions),
    /// Tell what is in a trace: its format, references, pages and ranges of addresses.
    Info(InfoOptions),
    /// Record a program with valgrind, and convert what it says while the program runs.
    Record(RecordOptions),
}

/// Executes a subcommand. An error if the call or the trace is wrong.
pub(crate) fn trace(options: &TraceOptions) -> Result<bool, String> {
    match &options.command {
        TraceCommand::Convert(options) => convert::convert(options),
        TraceCommand::Info(options) => info::info(options),
        TraceCommand::Record(options) => record::record(options),
    }
}
