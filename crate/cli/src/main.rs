//! The program `faultline`.

#![forbid(unsafe_code)]

use std::process::ExitCode;

fn main() -> ExitCode {
    faultline_cli::main()
}
