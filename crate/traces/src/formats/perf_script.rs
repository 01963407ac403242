//! `perf script` of samples that were recorded with data addresses (`perf record -d`, `perf mem record`).
//!
//! Which fields a line has is told to perf. These have the address, after the event's name:
//!
//! ```text
//!   ls  8418 62921.379439:  1 page-faults:  7f9ee29ffe06 _rtld_global+0xde6 (/lib/ld.so) 7f9ee29e77ad _dl_start+0x3d (/lib/ld.so)
//! page-faults:     55a137a7b1e0
//!   app 46572 [002] 544966.882384: 10000 mem-loads: 7ffdf1391b0c 10268100142 |OP LOAD|LVL L1 hit|SNP None| ...
//! ```
//!
//! A line whose only number after the event has a symbol behind it has the instruction's address, and not the
//! data's. Mappings (`--show-mmap-events`) are read too. Samples tell reads from writes only where the event or the
//! source of the data (`data_src`) does; all others are reads.

use super::format::{Format, Unit};
use crate::line::{Kind, Line, Mapping, RangeKind};
use crate::number;

pub(crate) const FORMAT: Format = Format {
    name: "perf-script",
    title: "perf script of samples with data addresses",
    legal: "a sample with its data address after the event: perf record -d -e page-faults -c 1 COMMAND, then perf script -F event,addr",
    unit: Unit::Lines,
    by_program: true,
    stack: None,
    parser: |_, _| Box::new(line),
};

/// The fewest digits of an address: fewer are a count, or no address at all.
const DIGITS: usize = 4;

fn address(word: &[u8]) -> Option<u64> {
    if word.len() < DIGITS { None } else { number::hex(word) }
}

fn line(line: &[u8]) -> Line {
    if line.is_empty() || line.starts_with(b"#") {
        return Line::Nothing;
    }
    if let Some(at) = find(line, b"PERF_RECORD_") {
        return mapping(&line[at..]).map_or(Line::Nothing, Line::Mapping);
    }
    let words: Vec<_> = number::words(line).collect();
    let time = words.iter().position(|word| is_time(word));
    let rest = &words[time.map_or(0, |time| time + 1)..];
    let event = rest.iter().position(|word| is_event(word));
    let (event, values) = match event {
        Some(event) => (rest[event], &rest[event + 1..]),
        None if time.is_some() => (&b""[..], rest),
        // An entry of a call chain stands below its sample: an address and a symbol.
        None => {
            let is_entry =
                line[0].is_ascii_whitespace() && words.len() > 1 && address(words[0]).is_some();
            return if is_entry { Line::Nothing } else { Line::Bad("is no sample") };
        }
    };
    let Some(first) = values.first() else {
        // The sample's addresses are in the call chain below it.
        return Line::Nothing;
    };
    if *first == b"0" {
        // The hardware could not tell the address.
        return Line::Nothing;
    }
    let source = values.iter().position(|word| word.starts_with(b"|OP"));
    let is_data = match source {
        Some(source) => source > 1,
        // The address of the instruction comes after that of the data.
        None => values.len() == 1 || values[1..].iter().any(|word| address(word).is_some()),
    };
    match address(first) {
        Some(address) if is_data => {
            let operation = source.and_then(|source| values.get(source + 1));
            let stores = match operation {
                Some(operation) => operation.starts_with(b"STORE"),
                None => find(event, b"store").or_else(|| find(event, b"STORE")).is_some(),
            };
            Line::access(address, 1, Kind::of_write(stores))
        }
        _ => Line::Bad("has no data address"),
    }
}

/// Whether a word is the time of a sample, as in `62921.379439:`.
fn is_time(word: &[u8]) -> bool {
    word.strip_suffix(b":").is_some_and(|time| {
        time.contains(&b'.') && time.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.')
    })
}

/// Whether a word is the name of an event, as in `page-faults:`. A number is none.
fn is_event(word: &[u8]) -> bool {
    word.strip_suffix(b":").is_some_and(|name| {
        !name.is_empty() && number::hex(name).is_none() && number::any(name).is_none()
    })
}

/// Reads `PERF_RECORD_MMAP2 8418/8418: [0x555fe134d000(0x16000) @ 0x4000 fe:00 247497 0]: r-xp /usr/bin/ls`.
fn mapping(text: &[u8]) -> Option<Mapping> {
    if !text.starts_with(b"PERF_RECORD_MMAP") {
        return None;
    }
    let rest = &text[find(text, b"[")? + 1..];
    let (start, rest) = rest.split_at(find(rest, b"(")?);
    let (length, rest) = rest[1..].split_at(find(&rest[1..], b")")?);
    let (start, length) = (number::prefixed_hex(start)?, number::prefixed_hex(length)?);
    let mut words = number::words(&rest[find(rest, b"]: ")? + 3..]);
    let (rights, name) = (words.next()?, words.next()?);
    let kind = match name {
        b"[stack]" => RangeKind::Stack,
        b"[heap]" => RangeKind::Heap,
        _ if rights.contains(&b'x') => RangeKind::Text,
        _ => RangeKind::Mapping,
    };
    let name = String::from_utf8_lossy(&name[..name.len().min(256)]).into_owned();
    Some(Mapping { start, last: start.checked_add(length.checked_sub(1)?)?, kind, name })
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    memchr::memmem::find(text, wanted)
}
