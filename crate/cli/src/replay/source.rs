//! Reads the references: a trace of any format that is known, or page numbers of the call.

use std::path::Path;

use clap::Args;
use faultline_replay::{Addresses, Reference, Stream, StreamBuilder, StreamError};
use faultline_traces::{Limits, Options, TraceError, format_named};

use crate::files::Files;
use crate::output::say;
use crate::trace::Source;
use crate::trace_library::{shipped, shipped_names};

/// The format whose numbers are pages.
const PAGES: &str = "faultline";

/// What a trace may have at most. A small file can unpack to as much as the disk holds, and all of its references are in
/// memory at once.
#[derive(Args, Clone, Copy, Debug)]
pub(crate) struct Most {
    /// Stop at a trace that has more references; each takes 2 bytes, or 4 where pages are more than some 32,000.
    #[arg(long, value_name = "N", default_value_t = Most::default().max_references,
        value_parser = clap::value_parser!(u64).range(1..=Stream::MOST as u64))]
    max_references: u64,
    /// Stop at a trace that touches more pages; each takes up to 120 bytes, and some more for each size of the memory.
    #[arg(long, value_name = "N", default_value_t = Most::default().max_pages,
        value_parser = clap::value_parser!(u32).range(1..=Stream::MOST as i64))]
    max_pages: u32,
    /// Stop at a trace that has more bytes, unpacked.
    #[arg(long, value_name = "N", default_value_t = Most::default().max_bytes)]
    max_bytes: u64,
}

impl Default for Most {
    fn default() -> Self {
        Self { max_references: 1 << 29, max_pages: 1 << 24, max_bytes: 4 << 30 }
    }
}

impl Most {
    /// Returns how a trace is read: each line has to be right.
    fn options(self) -> Options {
        let Self { max_references: references, max_pages: pages, max_bytes: bytes } = self;
        Options { limits: Limits { bad_lines: 0, pages, bytes, references }, ..Options::default() }
    }
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
pub(super) fn from_trace(trace: &str, most: Most, files: &mut Files) -> Result<Stream, String> {
    from_trace_with_addresses(trace, most, files).map(|(stream, _)| stream)
}

/// Reads the same, and what the trace tells of its addresses.
pub(crate) fn from_trace_with_addresses(
    trace: &str,
    most: Most,
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
    let summary = source.read(most.options(), |found| stream.extend(found), || Ok(true))?;
    if let Some(summary) = summary.as_ref().filter(|summary| summary.format != PAGES) {
        let pages = summary.page_size.map(|size| format!(", in pages of {size} bytes"));
        say(&format!("{name}: is read as {}{}", summary.format, pages.unwrap_or_default()));
    }
    let addresses = summary.as_ref().map_or_else(Addresses::default, Addresses::of);
    Ok((stream.finish(&name)?, addresses))
}

/// Reads page numbers of the call: they stand between spaces, commas and line ends, and a comment goes from # to the
/// end of its line.
pub(super) fn from_text(name: &str, text: &str, most: Most) -> Result<Stream, String> {
    let numbers = text.lines().flat_map(|line| {
        let numbers = line.split('#').next().unwrap_or_default();
        numbers.split([' ', '\t', '\r', ',']).filter(|number| !number.is_empty())
    });
    let lines = numbers.collect::<Vec<_>>().join("\n");
    let options = Options { format: format_named(PAGES), ..most.options() };
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
        let stream = from_text("text", text, Most::default()).unwrap();
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
        let refused = |text: &str| from_text("t", text, Most::default()).unwrap_err();
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
