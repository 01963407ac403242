//! The project's own text: a page a line, with a `w` after it for a write. Its pages have their numbers already.
//!
//! Comments, lines that begin with `#`, say where it comes from. Three of them are read, which the writer of this crate
//! writes: `# page size 4096`; `# pages 3+2 at 0x401b000`, where pages 3 and 4 have been; and
//! `# range 0x401b000-0x401cfff text /usr/bin/sort`.

use super::format::{Format, Unit};
use crate::line::{Kind, LARGEST_PAGE, Line, Mapping, RANGE_KINDS};
use crate::number;

const LEGAL: &str = "a page number, with a w after it for a write";

pub(crate) const FORMAT: Format = Format {
    name: "faultline",
    title: "page numbers in decimal, with a w after those that are written",
    legal: LEGAL,
    unit: Unit::Lines,
    by_program: false,
    stack: None,
    parser: |_, _| Box::new(line),
};

fn line(line: &[u8]) -> Line {
    let line = line.trim_ascii();
    if line.is_empty() {
        return Line::Nothing;
    }
    if let Some(comment) = line.strip_prefix(b"#") {
        return self::comment(comment).unwrap_or(Line::Nothing);
    }
    let (digits, write) = line.strip_suffix(b"w").map_or((line, false), |digits| (digits, true));
    match number::decimal(digits) {
        Some(page) if page < u64::from(u32::MAX) => {
            Line::Page { page: page as u32, kind: Kind::of_write(write) }
        }
        Some(_) => Line::Bad("is past the last page that has a number, 4294967294"),
        None if !digits.is_empty() && digits.iter().all(u8::is_ascii_digit) => {
            Line::Bad("is past the last page that has a number, 4294967294")
        }
        None => Line::Bad("is no reference"),
    }
}

/// Reads a comment that says something about pages.
fn comment(comment: &[u8]) -> Option<Line> {
    let words: Vec<_> = number::words(comment).take(6).collect();
    match *words {
        [b"page", b"size", size] => {
            let size = number::decimal(size)?;
            (size.is_power_of_two() && size <= LARGEST_PAGE).then_some(Line::PageSize(size))
        }
        [b"pages", pages, b"at", address] => {
            let plus = memchr::memchr(b'+', pages)?;
            let page = u32::try_from(number::decimal(&pages[..plus])?).ok()?;
            let count = u32::try_from(number::decimal(&pages[plus + 1..])?).ok()?;
            page.checked_add(count)?;
            Some(Line::Place { page, count, address: number::prefixed_hex(address)? })
        }
        [b"range", addresses, kind, ref name @ ..] => {
            let dash = memchr::memchr(b'-', addresses)?;
            let (kind, _) = *RANGE_KINDS.iter().find(|(_, name)| name.as_bytes() == kind)?;
            let name = name.first().copied().unwrap_or_default();
            let mapping = Mapping {
                start: number::prefixed_hex(&addresses[..dash])?,
                last: number::prefixed_hex(&addresses[dash + 1..])?,
                kind,
                name: String::from_utf8_lossy(&name[..name.len().min(256)]).into_owned(),
            };
            (mapping.start <= mapping.last).then_some(Line::Mapping(mapping))
        }
        _ => None,
    }
}
