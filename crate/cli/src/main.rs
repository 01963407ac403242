//! The command `faultline`: runs scenarios on real threads or virtual CPUs, and prints the format's
//! JSON Schema.
//!
//! Exit status: 0 all held; 1 an expectation, a check or the audit failed; 2 the scenario or the
//! call was wrong.

mod arguments;
mod output;
mod progress;
mod run;
mod setting;
mod trace_library;

use std::process::ExitCode;

use clap::Parser;

use arguments::{Arguments, Command};

/// The scenario or the call was wrong.
const WRONG: u8 = 2;

fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Run(options) => run::run(&options),
        Command::Schema => output::print(&faultline::scenario::schema()).map(|()| true),
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
