//! A reference to a page.

use crate::line::Kind;

/// One reference to a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Reference {
    /// The page. Pages are numbered from 0 in the order of their first use; the project's own format has numbers of
    /// its own, which are kept.
    pub page: u32,
    /// Whether it is written.
    pub write: bool,
}

impl Reference {
    pub(crate) fn of(page: u32, kind: Kind) -> Self {
        Self { page, write: kind == Kind::Write }
    }
}
