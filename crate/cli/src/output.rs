//! Standard output, which may be a pipe that closes early.

use std::io::{self, ErrorKind, Write};

/// Prints a text and ends its line. A reader that has gone (`faultline schema | head`) is no error.
pub(crate) fn print(text: &str) -> Result<(), String> {
    let mut output = io::stdout().lock();
    match output
        .write_all(text.trim_end().as_bytes())
        .and_then(|()| output.write_all(b"\n"))
        .and_then(|()| output.flush())
    {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(format!("standard output: {error}"))
        }
        _ => Ok(()),
    }
}
