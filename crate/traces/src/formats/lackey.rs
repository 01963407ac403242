//! Valgrind's lackey (`valgrind --tool=lackey --trace-mem=yes`): an access a line, of instructions, loads, stores and
//! instructions that do both.
//!
//! ```text
//! I  0401ab70,3
//!  L 1fff000768,8
//!  S 1fff000768,8
//!  M 04033e06,1
//! ```
//!
//! Valgrind's own messages begin with `==` and the number of the process, those of the program's debugging with `**`
//! or `--`. With `--trace-syscalls=yes` there are lines of system calls too, which tell mappings.

use super::format::{Format, Unit};
use super::system_calls::SystemCalls;
use crate::line::{Kind, Line};
use crate::number;

pub(crate) const FORMAT: Format = Format {
    name: "lackey",
    title: "valgrind --tool=lackey --trace-mem=yes",
    legal: "I, L, S or M, an address in hexadecimal, a comma and a size, as in \" S 1fff000768,8\"",
    unit: Unit::Lines,
    by_program: true,
    // On 64-bit x86: valgrind puts the stack below 0x1fff001000, and it grows to 16 MiB by default.
    stack: Some((0x1f_fe00_1000, 0x1f_ff00_0fff)),
    parser: |_, _| {
        let mut calls = SystemCalls::default();
        Box::new(move |text: &[u8]| match text.starts_with(b"SYSCALL") {
            true => calls.line(text),
            false => line(text),
        })
    },
};

fn line(line: &[u8]) -> Line {
    let (kind, rest) = match line {
        [b'I', b' ', b' ', rest @ ..] => (Kind::Fetch, rest),
        [b' ', b'L', b' ', rest @ ..] => (Kind::Read, rest),
        [b' ', b'S' | b'M', b' ', rest @ ..] => (Kind::Write, rest),
        // The result of a call that valgrind itself refuses stands on a line of its own.
        [b' ', b'-', b'-', b'>', ..]
        | []
        | [b'=', b'=', ..]
        | [b'*', b'*', ..]
        | [b'-', b'-', ..] => return Line::Nothing,
        _ => return Line::Bad("is no access"),
    };
    let Some(comma) = rest.iter().position(|byte| *byte == b',') else {
        return Line::Bad("has no comma before a size");
    };
    match (number::hex(&rest[..comma]), number::decimal(&rest[comma + 1..])) {
        (Some(address), Some(bytes)) => Line::access(address, bytes, kind),
        (None, _) => Line::Bad("has no address of at most 64 bits"),
        (_, None) => Line::Bad("has no size"),
    }
}
