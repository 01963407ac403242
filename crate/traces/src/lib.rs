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
//! * `line`: what one line of a trace can say
//! * `reference`: a reference to a page
//! * `page_lines`: short lines of the project's own format
//! * `columns`: the columns of a csv file
//! * `formats`: the formats, a file each, and the table of them
//! * `options`: what a caller may say about a trace, and the limits
//! * `unpack`: gzip and zstd, in pieces
//! * `pages`: the numbers of pages by first use
//! * `ranges`: the ranges of addresses that a trace touches
//! * `summary`: what was in a trace
//! * `thinning`: what is left out of a trace
//! * `body`: what follows once the format is known
//! * `reader`: the reader
//! * `text`: the project's own format, written
//! * `attached`: what the page attaches to a scenario

#![forbid(unsafe_code)]

mod attached;
mod body;
mod columns;
mod error;
mod formats;
mod line;
mod number;
mod options;
mod page_lines;
mod pages;
mod ranges;
mod reader;
mod reference;
mod summary;
mod text;
mod thinning;
mod unpack;

pub use attached::{Attached, Attachment, InSample};
pub use body::LONGEST_LINE;
pub use columns::Columns;
pub use error::{Problem, TraceError};
pub use formats::{FORMATS, Format, format_named};
pub use line::{LARGEST_PAGE, RangeKind};
pub use options::{Limits, MOST_RECENT, Options};
pub use ranges::{Place, Range};
pub use reader::{Reader, read};
pub use reference::Reference;
pub use summary::{Cut, Summary};
pub use text::Text;
