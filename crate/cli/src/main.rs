//! The program `faultline` is the command of the library beside it.

#![forbid(unsafe_code)]

use std::process::ExitCode;

fn main() -> ExitCode {
    faultline_cli::main()
}
