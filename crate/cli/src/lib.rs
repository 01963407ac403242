//! The command `faultline` runs scenarios on real threads or virtual CPUs, searches their schedules, measures the
//! costs of the engine's steps, reads traces of real programs, replays them under replacement policies, and prints the
//! format's JSON Schema. The development crate uses its search of schedules and its output.
//!
//! Exit status: 0 all held; 1 an expectation, a check or the audit failed; 2 the scenario or the
//! call was wrong; 130 a run that writes a timeline, or a conversion, was
//! interrupted.

#![forbid(unsafe_code)]

mod arguments;
mod calibrate;
mod drawing;
pub mod explore;
mod files;
mod input;
mod link;
pub mod output;
mod picture;
mod progress;
mod replay;
mod run;
mod scale;
mod timeline;
mod trace;
mod trace_library;
mod why;

use std::process::ExitCode;

use clap::Parser;

use arguments::{Arguments, Command};

/// The scenario or the call was wrong.
const WRONG: u8 = 2;

/// Executes the command line, and returns the exit status.
pub fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Run(options) => run::run(&options),
        Command::Explore(options) => explore::explore(&options),
        Command::Why(options) => why::why(&options),
        Command::Calibrate(options) => calibrate::calibrate(&options),
        Command::Scale(options) => scale::scale(&options),
        Command::Link(options) => link::link(&options),
        Command::Open(options) => link::open(&options),
        Command::Embed(options) => link::embed(&options),
        Command::FromLink(options) => link::from_link(&options),
        Command::Trace(options) => trace::trace(&options),
        Command::Replay(options) => replay::replay(&options),
        Command::Picture(options) => picture::picture(&options),
        Command::Schema => output::print(&faultline::scenario::schema()).map(|()| true),
    };
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(message) => {
            output::say(&message);
            ExitCode::from(WRONG)
        }
    }
}
