//! What a format is.

use std::fmt;

use crate::columns::Columns;
use crate::line::Parse;

/// What a trace consists of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    /// Lines of text.
    Lines,
    /// Records of so many bytes.
    Records(usize),
}

/// A format of traces.
pub struct Format {
    /// Its name in options.
    pub name: &'static str,
    /// What writes it.
    pub title: &'static str,
    /// What a line of it can be.
    pub legal: &'static str,
    pub(crate) unit: Unit,
    /// Whether a program writes it and ends every line: a last line without an end is cut then.
    pub(crate) by_program: bool,
    /// The addresses of the main thread's stack, first and last, where the format's writer has one place for it.
    pub(crate) stack: Option<(u64, u64)>,
    /// Makes a parser for a trace that begins so.
    pub(crate) parser: fn(&Columns, &[u8]) -> Box<dyn Parse>,
}

impl fmt::Debug for Format {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name)
    }
}
