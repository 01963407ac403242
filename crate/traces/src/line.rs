//! What one line of a trace, or one record, can say.

use serde::Serialize;

/// What a range of addresses is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum RangeKind {
    /// Instructions are fetched from it.
    Text,
    /// What `brk` gives.
    Heap,
    /// A thread's stack.
    Stack,
    /// What `mmap` gives.
    Mapping,
    /// Addresses of which no more is known.
    Data,
}

/// All kinds of ranges with their names.
pub(crate) const RANGE_KINDS: [(RangeKind, &str); 5] = [
    (RangeKind::Text, "text"),
    (RangeKind::Heap, "heap"),
    (RangeKind::Stack, "stack"),
    (RangeKind::Mapping, "mapping"),
    (RangeKind::Data, "data"),
];

impl RangeKind {
    /// Returns its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        RANGE_KINDS.iter().find(|(kind, _)| *kind == self).map_or("data", |(_, name)| *name)
    }
}

/// The most bytes that a page may have.
pub const LARGEST_PAGE: u64 = 1 << 30;

/// How an access uses what it touches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// An instruction is fetched.
    Fetch,
    /// Data is read.
    Read,
    /// Data is written, or read and written.
    Write,
}

impl Kind {
    pub(crate) fn of_write(write: bool) -> Self {
        if write { Self::Write } else { Self::Read }
    }
}

/// A mapping of addresses that a trace tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mapping {
    /// The first address.
    pub(crate) start: u64,
    /// The last address.
    pub(crate) last: u64,
    /// What it is used for.
    pub(crate) kind: RangeKind,
    /// What is mapped, such as a file; empty where the trace does not say.
    pub(crate) name: String,
}

/// What a line says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Line {
    /// An access to `bytes` bytes, at least one, from an address on.
    Access { address: u64, bytes: u64, kind: Kind },
    /// An access to an object, which is a page by itself.
    Object { object: u64, kind: Kind },
    /// An access to a page that has its number already.
    Page { page: u32, kind: Kind },
    /// A mapping.
    Mapping(Mapping),
    /// Where the pages from `page` on have been, `count` of them: a comment of the project's own format.
    Place { page: u32, count: u32, address: u64 },
    /// The bytes of a page: a comment of the project's own format.
    PageSize(u64),
    /// Something legal that touches nothing.
    Nothing,
    /// No line of the format: what is wrong, after the words `line 3: "found"`.
    Bad(&'static str),
}

/// The most bytes that an instruction touches: the state that XSAVE stores, with room.
pub(crate) const LARGEST_ACCESS: u64 = 16 * 1024;

impl Line {
    /// An access of a program, whose size has to be one that an instruction can have.
    pub(crate) fn access(address: u64, bytes: u64, kind: Kind) -> Self {
        match bytes {
            0..=LARGEST_ACCESS => Self::Access { address, bytes: bytes.max(1), kind },
            _ => Self::Bad("touches more bytes than an instruction can, 16384"),
        }
    }
}

/// A parser of one format's lines, or records.
pub(crate) trait Parse: Send {
    /// Reads a line, without its end.
    fn line(&mut self, line: &[u8]) -> Line;
}

impl<Function: FnMut(&[u8]) -> Line + Send> Parse for Function {
    fn line(&mut self, line: &[u8]) -> Line {
        self(line)
    }
}
