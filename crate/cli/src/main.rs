//! The command `faultline`: runs scenarios on real threads or virtual CPUs, measures what things cost
//! here, and prints the format's JSON Schema.
//!
//! Exit status: 0 all held; 1 an expectation, a check or the audit failed; 2 the scenario or the
//! call was wrong; 130 a run was interrupted that writes a timeline.

#![forbid(unsafe_code)]

mod arguments;
mod calibrate;
#[cfg(feature = "teaching")]
mod explore;
mod files;
#[cfg(feature = "teaching")]
mod found;
mod output;
mod progress;
mod run;
mod scale;
mod timeline;
mod trace_library;
mod why;

use std::process::ExitCode;

use clap::Parser;

use arguments::{Arguments, Command};

/// What `faultline explore` says in a build without it.
#[cfg(not(feature = "teaching"))]
const NOT_HERE: &str = "faultline explore is not in this build, whose memory is not watched. Build it with \
    `cargo run --profile explore -p faultline-cli --features teaching -- explore FILE`, \
    or `npm run --silent explore -- FILE`";

/// The scenario or the call was wrong.
const WRONG: u8 = 2;

fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Run(options) => run::run(&options),
        #[cfg(feature = "teaching")]
        Command::Explore(options) => explore::explore(&options),
        #[cfg(not(feature = "teaching"))]
        Command::Explore(_) => Err(NOT_HERE.to_owned()),
        Command::Why(options) => why::why(&options),
        Command::Calibrate(options) => calibrate::calibrate(&options),
        Command::Scale(options) => scale::scale(&options),
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
