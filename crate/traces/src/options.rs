//! What a caller may say about a trace, and the limits of a reader.

use crate::columns::Columns;
use crate::error::TraceError;
use crate::formats::Format;
use crate::line::LARGEST_PAGE;

/// The most pages that count as touched last: each reference is looked for among them.
pub const MOST_RECENT: u32 = 64;

/// How a trace is read.
#[derive(Clone, Debug)]
pub struct Options {
    /// The format; without one the first lines tell it.
    pub format: Option<&'static Format>,
    /// The bytes of a page, a power of two up to [`LARGEST_PAGE`]. Formats whose numbers are pages or objects do not
    /// use it.
    pub page_size: u64,
    /// Whether instruction fetches are kept, as reads.
    pub fetches: bool,
    /// Whether references to the same page one after the other become one, which writes if one of them does.
    pub merge: bool,
    /// References to so many pages touched last are left out, but for the first write to such a page; at most
    /// [`MOST_RECENT`]. In a memory of more frames LRU faults nearly as often without them.
    pub recent: u32,
    /// The columns of a csv file.
    pub columns: Columns,
    /// The limits.
    pub limits: Limits,
}

/// What a reader takes at most. Past a limit it stops with an error that names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Lines that are none of the format.
    pub bad_lines: u64,
    /// Pages. A reader takes up to 80 bytes for each that is touched.
    pub pages: u32,
    /// Bytes of the trace, unpacked.
    pub bytes: u64,
    /// References.
    pub references: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bad_lines: 100, pages: 1 << 22, bytes: 64 << 30, references: 1 << 34 }
    }
}

impl Default for Options {
    fn default() -> Self {
        Self {
            format: None,
            page_size: 4096,
            fetches: true,
            merge: false,
            recent: 0,
            columns: Columns::default(),
            limits: Limits::default(),
        }
    }
}

impl Options {
    /// Checks the page size and how many pages are recent.
    ///
    /// # Errors
    /// The size is no power of two, or one of them is too large.
    pub(crate) fn check(&self) -> Result<(), TraceError> {
        if self.recent > MOST_RECENT {
            return Err(TraceError::Option {
                option: "recent",
                found: format!("{} pages", self.recent),
                legal: format!("at most {MOST_RECENT}"),
            });
        }
        if self.page_size.is_power_of_two() && self.page_size <= LARGEST_PAGE {
            return Ok(());
        }
        Err(TraceError::Option {
            option: "page size",
            found: format!("{} is no such number of bytes", self.page_size),
            legal: format!("a power of two from 1 to {LARGEST_PAGE}"),
        })
    }
}
