//! The texts of DynamoRIO's samples memtrace_simple and memtrace_x86.
//!
//! memtrace_simple has an address, a size, and `r`, `w` or, for an instruction, its name:
//!
//! ```text
//! 0x00007f59c2d002d3:  5, call
//! 0x00007ffeacab0ec8:  8, w
//! ```
//!
//! memtrace_x86_text has the instruction's address, `r` or `w`, a size and the data's address:
//!
//! ```text
//! 0x00007f59c2d002d3,w,8,0x00007ffeacab0ec8
//! ```

use super::format::{Format, Unit};
use crate::line::{Kind, Line};
use crate::number;

pub(crate) const FORMAT: Format = Format {
    name: "memtrace",
    title: "DynamoRIO's samples memtrace_simple and memtrace_x86_text",
    legal: "an address, a size and r, w or an instruction, as in \"0x7ffeacab0ec8: 8, w\"; or \"0x7f59c2d002d3,w,8,0x7ffeacab0ec8\"",
    unit: Unit::Lines,
    by_program: true,
    stack: None,
    parser: |_, _| Box::new(line),
};

fn line(line: &[u8]) -> Line {
    if line.is_empty() || line.starts_with(b"Format:") || line.starts_with(b"#") {
        return Line::Nothing;
    }
    let read = simple(line).or_else(|| x86(line));
    let Some((address, bytes, kind)) = read else { return Line::Bad("is no access") };
    match (number::prefixed_hex(address), number::decimal(bytes)) {
        (Some(address), Some(bytes)) => Line::access(address, bytes, kind),
        (None, _) => Line::Bad("has no address of at most 64 bits"),
        (_, None) => Line::Bad("has no size"),
    }
}

/// Splits at a byte, and trims both sides.
fn split(text: &[u8], at: u8) -> Option<(&[u8], &[u8])> {
    let place = memchr::memchr(at, text)?;
    Some((text[..place].trim_ascii(), text[place + 1..].trim_ascii()))
}

fn simple(line: &[u8]) -> Option<(&[u8], &[u8], Kind)> {
    let (address, rest) = split(line, b':')?;
    let (bytes, kind) = split(rest, b',')?;
    let kind = match kind {
        b"r" => Kind::Read,
        b"w" => Kind::Write,
        name if !name.is_empty() && name.iter().all(|byte| byte.is_ascii_graphic()) => Kind::Fetch,
        _ => return None,
    };
    Some((address, bytes, kind))
}

fn x86(line: &[u8]) -> Option<(&[u8], &[u8], Kind)> {
    let (instruction, rest) = split(line, b',')?;
    let (kind, rest) = split(rest, b',')?;
    let (bytes, address) = split(rest, b',')?;
    number::prefixed_hex(instruction)?;
    let kind = match kind {
        b"r" => Kind::Read,
        b"w" => Kind::Write,
        _ => return None,
    };
    Some((address, bytes, kind))
}
