//! The granularity says how many PTEs one lock guards, as the command line names it.

use std::fmt;
use std::str::FromStr;

use faultline::memory::TABLE_ENTRIES;
use faultline::options::PteLocks;

/// A granularity of PTE locks: `machine`, `table`, `entry` or `region:N`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Granularity(pub(crate) PteLocks);

impl Granularity {
    /// Those that are compared unless others are wanted.
    pub(crate) const USUAL: [Self; 4] = [
        Self(PteLocks::Machine),
        Self(PteLocks::Table),
        Self(PteLocks::Region(64)),
        Self(PteLocks::Entry),
    ];
}

impl FromStr for Granularity {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let region = |text: &str| {
            let size = text.strip_prefix("region:")?.parse::<u32>().ok()?;
            ((1..=TABLE_ENTRIES).contains(&size) && size.is_power_of_two())
                .then_some(PteLocks::Region(size))
        };
        match text {
            "machine" => Ok(PteLocks::Machine),
            "table" => Ok(PteLocks::Table),
            "entry" => Ok(PteLocks::Entry),
            _ => region(text).ok_or_else(|| {
                format!(
                    "legal are machine, table, region:N with N a power of two from 1 to {TABLE_ENTRIES}, and entry"
                )
            }),
        }
        .map(Self)
    }
}

impl fmt::Display for Granularity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            PteLocks::Machine => formatter.write_str("machine"),
            PteLocks::Table => formatter.write_str("table"),
            PteLocks::Entry => formatter.write_str("entry"),
            PteLocks::Region(size) => write!(formatter, "region:{size}"),
        }
    }
}
