//! damo's records as text (`damo report access --raw_form`, in earlier versions `damo report raw`): how often DAMON
//! saw each region of addresses accessed, snapshot by snapshot.
//!
//! ```text
//! monitoring_start:          104.599 ms
//! nr_regions: 16
//! # start_addr     end_addr        length  nr_accesses   age
//! 563ebaa00000-563ebaaca000 ( 808.000 KiB)           0    -1
//! ```
//!
//! DAMON looks at one page of a region at a time and takes the others for alike. So does this: each page of a region
//! that was accessed is read once in each snapshot, in the order of addresses. The order within a snapshot, and what
//! was written, is not known.

use super::format::{Format, Unit};
use crate::line::{Kind, Line};
use crate::number;

pub(crate) const FORMAT: Format = Format {
    name: "damo",
    title: "damo report access --raw_form",
    legal: "a region and how often it was accessed: damo report access --raw_form",
    unit: Unit::Lines,
    by_program: true,
    stack: None,
    parser: |_, _| Box::new(line),
};

const KEYS: [&[u8]; 8] = [
    b"base_time_absolute:",
    b"data source:",
    b"monitoring_start:",
    b"monitoring_end:",
    b"monitoring_duration:",
    b"target_id:",
    b"nr_regions:",
    b"monitoring intervals",
];

fn line(line: &[u8]) -> Line {
    if line.trim_ascii().is_empty()
        || line.starts_with(b"#")
        || KEYS.iter().any(|key| line.starts_with(key))
    {
        return Line::Nothing;
    }
    region(line).unwrap_or(Line::Bad("is no region"))
}

/// Reads `563ebaa00000-563ebaaca000 ( 808.000 KiB)           0    -1`; the last number is left out in earlier versions.
fn region(line: &[u8]) -> Option<Line> {
    let dash = memchr::memchr(b'-', line)?;
    let open = memchr::memchr(b'(', line).filter(|open| *open > dash)?;
    let close = memchr::memchr(b')', line).filter(|close| *close > open)?;
    let start = number::hex(&line[..dash])?;
    let end = number::hex(line[dash + 1..open].trim_ascii())?;
    let rest = line[close + 1..].strip_prefix(b":").unwrap_or(&line[close + 1..]);
    let count = number::decimal(number::words(rest).next()?)?;
    let bytes = end.checked_sub(start).filter(|bytes| *bytes > 0)?;
    Some(match count {
        0 => Line::Nothing,
        _ => Line::Access { address: start, bytes, kind: Kind::Read },
    })
}
