//! Reads traces of memory references as people have them, and numbers the pages that they touch.
//!
//! [`Reader`] takes a trace in pieces of any length, as a file is read or a browser hands it over, and gives each
//! [`Reference`] to a function as soon as it is read; at the end a [`Summary`] says what was in it. [`FORMATS`] is the
//! table of the formats. The memory that a reader takes is bounded by its [`Limits`], whatever it is fed.
//!
//! A module uses only those above it in this list.
//!
//! * `error`: what a reader refuses, in words
//! * `number`: digits of a text as numbers
//! * `options`: what a caller may say about a trace, and the limits
//! * `line`: what one line of a trace can say
//! * `formats`: the formats, a file each, and the table of them
//! * `unpack`: gzip and zstd, in pieces
//! * `pages`: the numbers of pages by first use
//! * `ranges`: the ranges of addresses that a trace touches
//! * `summary`: what was in a trace
//! * `reader`: the reader
//! * `text`: the project's own format, written

#![forbid(unsafe_code)]

mod error;
mod formats;
mod line;
mod number;
mod options;
mod pages;
mod ranges;
mod reader;
mod summary;
mod text;
mod unpack;

pub use error::{Problem, TraceError};
pub use formats::{FORMATS, Format, format_named};
pub use line::RangeKind;
pub use options::{Columns, LARGEST_PAGE, Limits, Options};
pub use ranges::{Place, Range};
pub use reader::{LONGEST_LINE, Reader, read};
pub use summary::{Cut, Summary};
pub use text::Text;

/// One reference to a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Reference {
    /// The page. Pages are numbered from 0 in the order of their first use; the project's own format has numbers of
    /// its own, which are kept.
    pub page: u32,
    /// Whether it is written.
    pub write: bool,
}
