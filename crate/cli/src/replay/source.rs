//! Reads the references: a trace of any format that is known, or page numbers of the call.

use std::path::Path;

use faultline_replay::{Addresses, Reference, Stream, StreamBuilder, StreamError};
use faultline_traces::{Limits, Options, TraceError, format_named};

use crate::files::Files;
use crate::output::say;
use crate::trace::Source;
use crate::trace_library::{shipped, shipped_names};

/// The format whose numbers are pages.
const PAGES: &str = "faultline";

/// The most references of a trace. A stream takes 4 bytes for each, so that is 2 GiB.
const REFERENCES: u64 = 1 << 29;

/// Returns how a trace is read: each line has to be right, and a stream may have more pages than a machine. A small
/// file can unpack to as much as the disk holds, so its bytes and its references have limits too.
fn options() -> Options {
    let limits = Limits { bad_lines: 0, pages: u32::MAX, bytes: 4 << 30, references: REFERENCES };
    Options { limits, ..Options::default() }
}

/// A stream that is read, or why it is none.
struct Building(Result<StreamBuilder, StreamError>);

impl Building {
    fn new() -> Self {
        Self(Ok(StreamBuilder::default()))
    }

    fn extend(&mut self, found: &[faultline_traces::Reference]) {
        if let Ok(stream) = &mut self.0
            && let Err(error) = stream.extend(found.iter().copied().map(Reference::from))
        {
            self.0 = Err(error);
        }
    }

    fn finish(self, name: &str) -> Result<Stream, String> {
        self.0.and_then(StreamBuilder::finish).map_err(|error| format!("{name}: {error}"))
    }
}

/// Reads a file, standard input or a shipped trace.
pub(super) fn from_trace(trace: &str, files: &mut Files) -> Result<Stream, String> {
    from_trace_with_addresses(trace, files).map(|(stream, _)| stream)
}

/// Reads the same, and what the trace tells of its addresses.
pub(crate) fn from_trace_with_addresses(
    trace: &str,
    files: &mut Files,
) -> Result<(Stream, Addresses), String> {
    let path = Path::new(trace);
    let source = match shipped(trace) {
        Some(packed) if !path.exists() => Source::of(trace, Box::new(packed)),
        _ => Source::open(path, files)
            .map_err(|error| format!("{error}; legal: a file, {}, or -", shipped_names()))?,
    };
    let name = source.name().to_owned();
    let mut stream = Building::new();
    let summary = source.read(options(), |found| stream.extend(found), || Ok(true))?;
    if let Some(summary) = summary.as_ref().filter(|summary| summary.format != PAGES) {
        let pages = summary.page_size.map(|size| format!(", in pages of {size} bytes"));
        say(&format!("{name}: is read as {}{}", summary.format, pages.unwrap_or_default()));
    }
    let addresses = summary.as_ref().map_or_else(Addresses::default, Addresses::of);
    Ok((stream.finish(&name)?, addresses))
}

/// Reads page numbers of the call: they stand between spaces, commas and line ends, and a comment goes from # to the
/// end of its line.
pub(super) fn from_text(name: &str, text: &str) -> Result<Stream, String> {
    let numbers = text.lines().flat_map(|line| {
        let numbers = line.split('#').next().unwrap_or_default();
        numbers.split([' ', '\t', '\r', ',']).filter(|number| !number.is_empty())
    });
    let lines = numbers.collect::<Vec<_>>().join("\n");
    let options = Options { format: format_named(PAGES), ..options() };
    let mut stream = Building::new();
    let take = &mut |found: &[faultline_traces::Reference]| stream.extend(found);
    faultline_traces::read(lines.as_bytes(), options, take).map_err(|error| match error {
        // What is a line to the reader is a reference of the call.
        TraceError::BadLines { problem, .. } => format!(
            "{name}: reference {}: {} {}; legal: {}",
            problem.line, problem.found, problem.message, problem.legal
        ),
        error => format!("{name}: {error}"),
    })?;
    stream.finish(name)
}

#[cfg(test)]
mod tests {
    use faultline_replay::{Policy, steps};

    use super::*;

    fn references(text: &str) -> Vec<(u64, bool)> {
        let stream = from_text("text", text).unwrap();
        let steps = steps(&stream, &Policy::Fifo, 1);
        steps.iter().map(|step| (step.reference.page, step.reference.write)).collect()
    }

    #[test]
    fn r5_page_numbers_stand_on_lines_or_between_spaces_and_commas() {
        let expected = [(7, false), (0, true), (4_294_967_294, false), (7, false)];
        assert_eq!(references("# a comment, 5\n7\r\n0w\n\n4294967294\n7"), expected);
        assert_eq!(references(" 7, 0w,4294967294\t7 # 1 2"), expected);
    }

    #[test]
    fn r5_what_is_no_page_number_is_refused_with_its_place() {
        const LEGAL: &str = "legal: a page number, with a w after it for a write";
        let refused = |text: &str| from_text("t", text).unwrap_err();
        let expected = format!("t: reference 2: \"2x\" is no reference; {LEGAL}");
        assert_eq!(refused("1\n2x\n3"), expected);
        for wrong in ["w", "1w2", "1ww", "-1", "1.5", "é"] {
            let expected = format!("t: reference 1: {wrong:?} is no reference; {LEGAL}");
            assert_eq!(refused(wrong), expected);
        }
        for large in ["4294967295", "18446744073709551616w", "99999999999999999999999"] {
            let what = "is past the last page that has a number, 4294967294";
            assert_eq!(refused(large), format!("t: reference 1: {large:?} {what}; {LEGAL}"));
        }
        assert_eq!(refused("# nothing\n"), "t: the trace has no reference; legal: at least one");
        assert!(refused(&"9".repeat(1 << 20)).len() < 200);
    }
}
