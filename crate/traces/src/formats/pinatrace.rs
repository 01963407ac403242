//! Pin's pinatrace: the instruction's address, `R` or `W`, and the data's address; `#eof` ends it.
//!
//! ```text
//! 0x7f0b5a6c1093: W 0x7ffd3a1c1f08
//! ```
//!
//! It tells no sizes: an access is taken to be within its page.

use super::format::{Format, Unit};
use crate::line::{Kind, Line};
use crate::number;

pub(crate) const FORMAT: Format = Format {
    name: "pinatrace",
    title: "Pin's pinatrace",
    legal: "an instruction, R or W, and an address, as in \"0x7f0b5a6c1093: W 0x7ffd3a1c1f08\"",
    unit: Unit::Lines,
    by_program: true,
    stack: None,
    parser: |_, _| Box::new(line),
};

fn line(line: &[u8]) -> Line {
    if line.is_empty() || line.starts_with(b"#") {
        return Line::Nothing;
    }
    let mut words = number::words(line);
    let mut next = || words.next().unwrap_or_default();
    let (instruction, kind, address) = (next(), next(), next());
    if instruction.strip_suffix(b":").and_then(number::prefixed_hex).is_none() {
        return Line::Bad("has no instruction's address");
    }
    let kind = match kind {
        b"R" => Kind::Read,
        b"W" => Kind::Write,
        _ => return Line::Bad("is neither R nor W"),
    };
    match number::prefixed_hex(address) {
        Some(address) => Line::access(address, 1, kind),
        None => Line::Bad("has no address of at most 64 bits"),
    }
}
