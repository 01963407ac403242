//! DynamoRIO's drmemtrace, as its tool `view` writes it (`drrun -t drmemtrace -indir TRACE -tool view`).
//!
//! ```text
//!        47445       37770:     2765543 ifetch       5 byte(s) @ 0x0000000000404a7e 48 8b 5c 24 08       mov    0x08(%rsp), %rbx
//!        47446       37770:     2765543 read         8 byte(s) @ 0x00007fdf64e2adc8 by PC 0x0000000000404a7e
//! ```
//!
//! Prefetches and flushes touch nothing here: they cannot fault.

use super::format::{Format, Unit};
use crate::line::{Kind, Line};
use crate::number;

pub(crate) const FORMAT: Format = Format {
    name: "drmemtrace",
    title: "DynamoRIO's drmemtrace, by its tool view",
    legal: "a record of drrun -t drmemtrace -tool view, as in \"1 1: 77 read 8 byte(s) @ 0x7fdf64e2adc8 by PC 0x404a7e\"",
    unit: Unit::Lines,
    by_program: true,
    stack: None,
    parser: |_, _| Box::new(line),
};

fn line(line: &[u8]) -> Line {
    let Some(at) = memchr::memmem::find(line, b" byte(s) @ ") else {
        return other(line);
    };
    let mut before = line[..at].rsplit(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
    let (size, name) = (before.next().unwrap_or_default(), before.next().unwrap_or_default());
    let kind = match name {
        b"ifetch" => Kind::Fetch,
        b"read" => Kind::Read,
        b"write" => Kind::Write,
        b"iflush" | b"dflush" => return Line::Nothing,
        name if name.starts_with(b"pref") => return Line::Nothing,
        _ => return Line::Bad("is neither ifetch, read nor write"),
    };
    let address = number::words(&line[at + b" byte(s) @ ".len()..]).next();
    match (address.and_then(number::prefixed_hex), number::decimal(size)) {
        (Some(address), Some(bytes)) => Line::access(address, bytes, kind),
        (None, _) => Line::Bad("has no address of at most 64 bits"),
        (_, None) => Line::Bad("has no size"),
    }
}

/// Reads a line that is no access: a marker, the rest of a long instruction, or what stands around the records.
fn other(line: &[u8]) -> Line {
    let around: [&[u8]; 6] =
        [b"Output format:", b"<", b"---", b"View tool results:", b"=====", b"#"];
    let mut words = number::words(line);
    let Some(first) = words.next() else { return Line::Nothing };
    let is_record = is_count(first)
        && (first.ends_with(b":") || words.next().is_some_and(|second| second.ends_with(b":")));
    if is_record || around.iter().any(|begin| line.starts_with(begin)) {
        return Line::Nothing;
    }
    Line::Bad("is no record")
}

/// Whether a word counts records or instructions, as in `47445` or `37770:`.
fn is_count(word: &[u8]) -> bool {
    number::decimal(word.strip_suffix(b":").unwrap_or(word)).is_some()
}
