//! The formats, a file each, and the table of them.

mod csv;
mod damo;
mod drmemtrace;
mod faultline;
mod format;
mod lackey;
mod memtrace;
mod oracle_general;
mod perf_mem;
mod perf_script;
mod pinatrace;
mod plain;
mod system_calls;

use crate::columns::Columns;
use crate::error::{TraceError, quoted};
use crate::line::Line;
pub use format::Format;
pub(crate) use format::Unit;

/// All formats. Of two that read the first lines equally well the earlier one is taken.
pub static FORMATS: &[Format] = &[
    faultline::FORMAT,
    lackey::FORMAT,
    perf_script::FORMAT,
    perf_mem::FORMAT,
    drmemtrace::FORMAT,
    memtrace::FORMAT,
    pinatrace::FORMAT,
    damo::FORMAT,
    csv::FORMAT,
    plain::FORMAT,
    oracle_general::FORMAT,
];

/// Finds a format by its name.
#[must_use]
pub fn format_named(name: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.name == name)
}

/// The most lines by which a format is recognised.
const LINES: usize = 1000;

/// Recognises the format of a trace by its first bytes, of which there are more unless `whole`: the format of which
/// most of the first lines are, and fewest are not.
pub(crate) fn recognise(
    head: &[u8],
    whole: bool,
    columns: &Columns,
) -> Result<&'static Format, TraceError> {
    if head.contains(&0) {
        return if oracle_general::are_records(head) {
            Ok(&oracle_general::FORMAT)
        } else {
            Err(unknown("begins with bytes that are no text".into()))
        };
    }
    // A last line without an end may be cut, and then look like one of another format.
    let end = memchr::memrchr(b'\n', head).unwrap_or(if whole { head.len() } else { 0 });
    let lines = || head[..end].split(|byte| *byte == b'\n').map(trim_end).take(LINES);
    let mut best = (-1, None);
    for format in FORMATS.iter().filter(|format| format.unit == Unit::Lines) {
        let mut parser = (format.parser)(columns, head);
        let (mut surplus, mut is_any) = (0, false);
        for line in lines() {
            match parser.line(line) {
                Line::Nothing => {}
                Line::Bad(_) => surplus -= 1,
                _ => (surplus, is_any) = (surplus + 1, true),
            }
        }
        if is_any && surplus > best.0 {
            best = (surplus, Some(format));
        }
    }
    best.1.ok_or_else(|| {
        let is_comment = |line: &&[u8]| line.is_empty() || line.starts_with(b"#");
        let first = (1..).zip(lines()).find(|(_, line)| !is_comment(line));
        match first {
            Some((number, line)) => {
                let found = format!("line {number}: {}", quoted(line));
                unknown(found)
            }
            None if whole => TraceError::Empty(None),
            None => {
                let what = if end == 0 { "no end of a line" } else { "nothing but comments" };
                unknown(format!("the first {} bytes have {what}", head.len()))
            }
        }
    })
}

/// The error of a trace of no known format.
fn unknown(found: String) -> TraceError {
    let names: Vec<_> = FORMATS.iter().map(|format| format.name).collect();
    TraceError::UnknownFormat { found, legal: names.join(", ") }
}

/// Removes the carriage return of a line that ends with one.
pub(crate) fn trim_end(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\r").unwrap_or(line)
}
