//! The columns of a csv file.

/// The columns of a csv file: names of its first line, or numbers, of which the first is 1. Those that are not given
/// are found by their usual names.
#[derive(Clone, Debug, Default)]
pub struct Columns {
    /// Objects, each of which is a page.
    pub object: Option<String>,
    /// Addresses, in pages of the page size.
    pub address: Option<String>,
    /// Whether a line reads or writes.
    pub write: Option<String>,
}
