//! Plain addresses: one a line, with a word for the kind of access before or after it, and a size behind it.
//!
//! ```text
//! 0x7ffeacab0ec8 w
//! R,4096
//! read 0xbefffacc 4
//! ```
//!
//! Numbers are decimal unless they begin with `0x`. If one of the first has a hexadecimal digit and no `0x`, all are
//! hexadecimal.

use super::format::{Format, Unit};
use crate::columns::Columns;
use crate::line::{Kind, Line, Parse};
use crate::number;

pub(crate) const FORMAT: Format = Format {
    name: "plain",
    title: "plain addresses, hexadecimal or decimal, with or without r or w",
    legal: "an address, hexadecimal or decimal, with r or w before or after it, and a size last, as in \"0x7ffeacab0ec8 w 8\"",
    unit: Unit::Lines,
    by_program: false,
    stack: None,
    parser: new,
};

struct Plain {
    is_hex: bool,
}

fn new(_: &Columns, head: &[u8]) -> Box<dyn Parse> {
    let numbers = head.split(|byte| is_end(*byte) || *byte == b'\n');
    let mut numbers = numbers.filter(|word| kind(word).is_none());
    let is_hex = numbers.any(|word| number::decimal(word).is_none() && number::hex(word).is_some());
    Box::new(Plain { is_hex })
}

/// Whether a byte stands between words.
fn is_end(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b',' | b';' | b':' | b'\r')
}

/// The kind of access that a word names.
fn kind(word: &[u8]) -> Option<Kind> {
    let is = |names: &[&str]| names.iter().any(|name| word.eq_ignore_ascii_case(name.as_bytes()));
    if is(&["r", "l", "read", "load", "readd"]) {
        Some(Kind::Read)
    } else if is(&["w", "s", "m", "write", "store", "modify"]) {
        Some(Kind::Write)
    } else if is(&["i", "x", "ifetch", "fetch", "readi"]) {
        Some(Kind::Fetch)
    } else {
        None
    }
}

impl Parse for Plain {
    fn line(&mut self, line: &[u8]) -> Line {
        if line.starts_with(b"#") {
            return Line::Nothing;
        }
        let (mut address, mut bytes, mut kind) = (None, None, None);
        let mut words = line.split(|byte| is_end(*byte)).filter(|word| !word.is_empty()).peekable();
        if words.peek().is_none() {
            return Line::Nothing;
        }
        for word in words {
            if let Some(found) = self::kind(word) {
                if kind.replace(found).is_some() {
                    return Line::Bad("names two kinds of access");
                }
            } else if address.is_none() {
                let found = number::prefixed_hex(word);
                let digits = if self.is_hex { number::hex } else { number::decimal };
                address = found.or_else(|| digits(word));
                if address.is_none() {
                    return Line::Bad("has no address of at most 64 bits");
                }
            } else if bytes.is_none() {
                bytes = number::decimal(word);
                if bytes.is_none() {
                    return Line::Bad("has no size after its address");
                }
            } else {
                return Line::Bad("has more than an address, a size and a kind");
            }
        }
        match address {
            Some(address) => Line::access(address, bytes.unwrap_or(1), kind.unwrap_or(Kind::Read)),
            None => Line::Bad("has no address"),
        }
    }
}
