//! What was in a trace.

use std::fmt;

use serde::Serialize;

use crate::error::Problem;
use crate::ranges::{Place, Range};

/// What was in a trace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// The name of its format.
    pub format: &'static str,
    /// gzip or zstd, if it was packed.
    pub packing: Option<&'static str>,
    /// Its bytes as they came.
    pub bytes: u64,
    /// Its bytes, unpacked.
    pub unpacked_bytes: u64,
    /// Its lines, or records.
    pub lines: u64,
    /// References to pages that were given on. Reads and writes add up to them.
    pub references: u64,
    /// Those that read.
    pub reads: u64,
    /// Those that write.
    pub writes: u64,
    /// Accesses that fetch instructions, kept as reads or left out.
    pub fetches: u64,
    /// Whether fetches were left out.
    pub fetches_left_out: bool,
    /// Accesses that touch two pages or more.
    pub crossing: u64,
    /// References that were merged with the one before, to the same page.
    pub merged: u64,
    /// References that were left out because their page was among those touched last.
    pub repeated: u64,
    /// Pages that are touched.
    pub pages: u32,
    /// Pages that are written.
    pub pages_written: u32,
    /// The highest number of a page.
    pub highest_page: u32,
    /// The bytes of a page; none where pages are objects, or numbers without addresses.
    pub page_size: Option<u64>,
    /// The ranges of addresses, in order.
    pub ranges: Vec<Range>,
    /// The addresses of the pages.
    #[serde(skip)]
    pub places: Vec<Place>,
    /// Lines that were none of the format, and were passed over.
    pub bad_lines: u64,
    /// The first of them.
    pub problems: Vec<Problem>,
    /// Where the trace is cut, if it is.
    pub cut: Option<Cut>,
}

/// Where a trace is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Cut {
    /// The last line, or record, that was read.
    pub after_line: u64,
    /// gzip or zstd, if packed data ends early.
    pub packing: Option<&'static str>,
}

impl fmt::Display for Cut {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.packing {
            Some(packing) => write!(out, "the {packing} data ends too early")?,
            None => write!(out, "its last line is not whole")?,
        }
        write!(out, ": it is cut, and was read up to line {}", self.after_line)
    }
}
