//! Reads the references: page numbers of a trace or of the call.

use std::io::{self, BufRead, BufReader, ErrorKind, Read};
use std::path::Path;

use faultline_replay::{Reference, Stream, StreamBuilder};
use faultline_traces::{Limits, Options};
use flate2::read::MultiGzDecoder;

use crate::files::{Files, open_regular};
use crate::output::{say, visible_line};
use crate::trace_library::shipped;

const LEGAL: &str = "a page number of at most 64 bits, with a w after it for a write";

/// The most bytes of text. A small file can unpack to as much as the disk holds.
const LARGEST: u64 = 4 << 30;

/// What a file begins with that gzip packed.
const PACKED: [u8; 2] = [0x1f, 0x8b];

/// Reads a file, standard input or a shipped trace.
pub(super) fn from_trace(trace: &str, files: &mut Files) -> Result<Stream, String> {
    const WHAT: &str = "the trace itself";
    let at = |error: io::Error| format!("{}: {error}", visible_line(trace));
    if trace == "-" {
        files.reads_standard_input(WHAT);
        return read("standard input", io::stdin().lock());
    }
    let path = Path::new(trace);
    match open_regular(path) {
        Ok(file) => {
            files.reads(path, &file.metadata().map_err(at)?, WHAT);
            // What has other lines than page numbers may be of a format that another tool writes.
            read(trace, file).or_else(|refusal| foreign(path).ok_or(refusal))
        }
        Err(error) if error.kind() == ErrorKind::NotFound => match shipped(trace) {
            Some(packed) => read(trace, packed),
            None => Err(format!("{}; legal: a file, sort or perl, or -", at(error))),
        },
        Err(error) => Err(at(error)),
    }
}

/// Reads a file of a format that another tool writes, in pages of 4 KiB, if it is one and all of it is right.
fn foreign(path: &Path) -> Option<Stream> {
    let limits = Limits { bad_lines: 0, bytes: LARGEST, ..Limits::default() };
    let options = Options { limits, ..Options::default() };
    let mut stream = StreamBuilder::default();
    let mut is_whole = true;
    let take = &mut |found: faultline_traces::Reference| {
        let reference = Reference { page: found.page.into(), write: found.write };
        is_whole &= stream.push(reference).is_ok();
    };
    let file = open_regular(path).ok()?;
    let summary = faultline_traces::read(file, options, take).ok()?;
    if let Some(cut) = summary.cut {
        say(&format!("{}: {cut}", path.display()));
    }
    stream.finish().ok().filter(|_| is_whole)
}

/// Reads references from a text of the call.
pub(super) fn from_text(name: &str, text: &str) -> Result<Stream, String> {
    read(name, text.as_bytes())
}

fn read(name: &str, source: impl Read) -> Result<Stream, String> {
    let at = |error: io::Error| format!("{}: {error}", visible_line(name));
    let mut source = BufReader::with_capacity(1 << 16, source);
    if source.fill_buf().map_err(at)?.starts_with(&PACKED) {
        parse(name, BufReader::with_capacity(1 << 16, MultiGzDecoder::new(source)))
    } else {
        parse(name, source)
    }
}

fn parse(name: &str, mut source: impl BufRead) -> Result<Stream, String> {
    let name = visible_line(name);
    let at = |error: io::Error| format!("{name}: {error}");
    let mut reader = References::default();
    let mut length = 0;
    loop {
        let bytes = source.fill_buf().map_err(at)?;
        if bytes.is_empty() {
            break;
        }
        length += bytes.len() as u64;
        if length > LARGEST {
            return Err(format!(
                "{name}: has more than {LARGEST} bytes of text; legal: at most so many"
            ));
        }
        reader.feed(bytes).map_err(|error| format!("{name}: {error}"))?;
        let count = bytes.len();
        source.consume(count);
    }
    reader.finish().map_err(|error| format!("{name}: {error}"))
}

/// Reads numbers from a text that comes in parts: they stand between spaces, commas and line ends, and a line that
/// begins with # is none.
#[derive(Default)]
struct References {
    stream: StreamBuilder,
    /// How many lines have ended.
    lines: u64,
    is_comment: bool,
    /// The number so far, and its text as an error quotes it.
    page: Option<u64>,
    write: bool,
    text: Vec<u8>,
    is_wrong: bool,
}

/// The most bytes of a number that is quoted.
const QUOTED: usize = 40;

impl References {
    fn feed(&mut self, bytes: &[u8]) -> Result<(), String> {
        let mut rest = bytes;
        while let Some((byte, after)) = rest.split_first() {
            if self.text.is_empty()
                && !self.is_comment
                && let Some((reference, length)) = whole(rest)
            {
                self.push(reference)?;
                rest = &rest[length..];
                continue;
            }
            rest = after;
            match byte {
                _ if self.is_comment && *byte != b'\n' => {}
                b'0'..=b'9' if !self.write => {
                    let digit = u64::from(byte - b'0');
                    let page = self
                        .page
                        .unwrap_or(0)
                        .checked_mul(10)
                        .and_then(|page| page.checked_add(digit));
                    self.is_wrong |= page.is_none();
                    self.page = page.or(Some(0));
                    self.quote(*byte);
                }
                b'w' if self.page.is_some() && !self.write => {
                    self.write = true;
                    self.quote(*byte);
                }
                b' ' | b'\t' | b'\r' | b',' | b'\n' => {
                    self.end()?;
                    if *byte == b'\n' {
                        self.lines += 1;
                        self.is_comment = false;
                    }
                }
                b'#' if self.text.is_empty() => self.is_comment = true,
                _ => {
                    self.is_wrong = true;
                    self.quote(*byte);
                }
            }
        }
        Ok(())
    }

    fn quote(&mut self, byte: u8) {
        if self.text.len() < QUOTED {
            self.text.push(byte);
        }
    }

    /// Ends the number, if there is one.
    fn end(&mut self) -> Result<(), String> {
        if self.text.is_empty() {
            return Ok(());
        }
        let text = String::from_utf8_lossy(&self.text).into_owned();
        let line = self.lines + 1;
        let page = self.page.filter(|_| !self.is_wrong);
        let page = page.ok_or_else(|| format!("line {line}: {text:?} is not {LEGAL}"))?;
        let reference = Reference { page, write: self.write };
        (self.page, self.write) = (None, false);
        self.text.clear();
        self.push(reference)
    }

    fn push(&mut self, reference: Reference) -> Result<(), String> {
        self.stream.push(reference).map_err(|error| format!("line {}: {error}", self.lines + 1))
    }

    fn finish(mut self) -> Result<Stream, String> {
        self.end()?;
        self.stream.finish().map_err(|error| format!("{error}: {LEGAL}"))
    }
}

/// Digits that are certainly less than the largest number.
const SHORT: usize = 19;

/// Reads a number that a part of a text begins with, if it is short and ends in that part: the usual case, byte by byte
/// is slower. Returns its length too.
fn whole(bytes: &[u8]) -> Option<(Reference, usize)> {
    let mut page = 0;
    let mut length = 0;
    while let Some(digit @ b'0'..=b'9') = bytes.get(length) {
        if length == SHORT {
            return None;
        }
        page = page * 10 + u64::from(digit - b'0');
        length += 1;
    }
    let write = length > 0 && bytes.get(length) == Some(&b'w');
    length += usize::from(write);
    let ends = matches!(bytes.get(length), Some(b' ' | b'\t' | b'\r' | b',' | b'\n'));
    (length > 0 && ends).then_some((Reference { page, write }, length))
}

#[cfg(test)]
mod tests {
    use faultline_replay::{Policy, steps};

    use super::*;

    fn references(text: &str) -> Vec<(u64, bool)> {
        let stream = from_text("text", text).unwrap();
        let steps = steps(&stream, Policy::Fifo, 1);
        steps.iter().map(|step| (step.reference.page, step.reference.write)).collect()
    }

    #[test]
    fn r5_page_numbers_stand_on_lines_or_between_spaces_and_commas() {
        let expected = [(7, false), (0, true), (u64::MAX, false), (7, false)];
        assert_eq!(references("# a comment, 5\n7\r\n0w\n\n18446744073709551615\n7"), expected);
        assert_eq!(references(" 7, 0w,18446744073709551615\t7 # 1 2"), expected);
    }

    #[test]
    fn r5_what_is_no_page_number_is_refused_with_its_line() {
        let refused = |text: &str| from_text("t", text).unwrap_err();
        assert_eq!(refused("1\n2x\n3"), format!("t: line 2: \"2x\" is not {LEGAL}"));
        for wrong in
            ["w", "1w2", "1ww", "-1", "1.5", "18446744073709551616", "99999999999999999999999", "é"]
        {
            assert!(refused(wrong).starts_with(&format!("t: line 1: {wrong:?} is not")), "{wrong}");
        }
        assert!(refused("# nothing\n").starts_with("t: there is no reference"));
        assert!(refused(&"9".repeat(1 << 20)).len() < 200);
    }

    #[test]
    fn r5_a_number_may_be_cut_between_two_parts_of_a_text() {
        let mut reader = References::default();
        for part in ["1", "2", "3w", "", "\n4", "5"] {
            reader.feed(part.as_bytes()).unwrap();
        }
        let stream = reader.finish().unwrap();
        let steps = steps(&stream, Policy::Fifo, 1);
        let found: Vec<_> =
            steps.iter().map(|step| (step.reference.page, step.reference.write)).collect();
        assert_eq!(found, [(123, true), (45, false)]);
    }
}
