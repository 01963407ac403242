//! What a reader refuses: where, what was found, and what is legal.

use std::fmt;

use serde::Serialize;

/// A line that is no line of its format.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// The line, or in a binary format the record; the first is 1.
    pub line: u64,
    /// The beginning of it, in quotes and with control characters escaped.
    pub found: String,
    /// What is wrong with it.
    pub message: String,
    /// What a line can be.
    pub legal: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { line, found, message, legal } = self;
        write!(out, "line {line}: {found} {message}; legal: {legal}")
    }
}

/// Why a reader stopped. Its text is one line.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TraceError {
    /// The first lines are of no format that is known.
    UnknownFormat {
        /// What they are instead.
        found: String,
        /// The names of the formats.
        legal: String,
    },
    /// More lines than the limit allows are no lines of the format.
    BadLines {
        /// The first of them.
        problem: Problem,
        /// How many there are up to the line where the reader stopped.
        count: u64,
        /// The limit.
        limit: u64,
    },
    /// The trace touches more pages than the limit allows.
    Pages(u32),
    /// The trace has more bytes, unpacked, than the limit allows.
    Bytes(u64),
    /// The trace has more references than the limit allows.
    References(u64),
    /// The packed data is no data of its packing.
    Damaged {
        /// gzip or zstd.
        packing: &'static str,
        /// How many packed bytes were taken before.
        at: u64,
        /// What the decoder says.
        message: String,
    },
    /// The trace has no reference; the first line that is none of its format, if there is one.
    Empty(Option<Box<Problem>>),
    /// The system has no more memory.
    Memory,
    /// An option is out of its range.
    Option {
        /// The option's name.
        option: &'static str,
        /// What was given.
        found: String,
        /// What is legal.
        legal: String,
    },
    /// The source could not be read.
    Source(String),
}

impl std::error::Error for TraceError {}

impl fmt::Display for TraceError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownFormat { found, legal } => {
                write!(out, "{found}, no trace of a known format; legal: {legal}")
            }
            Self::BadLines { problem, count: 1, limit: 0 } => write!(out, "{problem}"),
            Self::BadLines { problem, count, limit } => {
                write!(
                    out,
                    "{count} lines are none of this format, at most {limit} may be; the first: {problem}"
                )
            }
            Self::Pages(limit) => {
                write!(
                    out,
                    "touches more than {limit} pages; legal: at most so many, with larger pages or a higher limit of pages"
                )
            }
            Self::Bytes(limit) => {
                write!(
                    out,
                    "has more than {limit} bytes, unpacked; legal: at most so many, or a higher limit of bytes"
                )
            }
            Self::References(limit) => {
                write!(
                    out,
                    "has more than {limit} references; legal: at most so many, or a higher limit of references"
                )
            }
            Self::Damaged { packing, at, message } => {
                write!(
                    out,
                    "after {at} packed bytes: {message}; legal: whole {packing} data; unpack it to see what is left of it"
                )
            }
            Self::Empty(None) => write!(out, "the trace has no reference; legal: at least one"),
            Self::Empty(Some(problem)) => write!(out, "the trace has no reference; {problem}"),
            Self::Memory => write!(
                out,
                "there is not enough memory for its table of pages; legal: a trace of fewer pages, or larger pages"
            ),
            Self::Option { option, found, legal } => {
                write!(out, "{option}: {found}; legal: {legal}")
            }
            Self::Source(message) => write!(out, "{message}"),
        }
    }
}

/// The most characters of a line that a message repeats.
const SHOWN: usize = 40;

/// Quotes the beginning of a line.
pub(crate) fn quoted(line: &[u8]) -> String {
    // A character has at most four bytes, and a broken one becomes one character.
    let beginning = &line[..line.len().min(4 * SHOWN)];
    let text: String = String::from_utf8_lossy(beginning).chars().take(SHOWN).collect();
    format!("{text:?}")
}
