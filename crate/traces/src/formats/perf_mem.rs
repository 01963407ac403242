//! `perf mem report -D`: the samples of `perf mem record`, one a line, with the columns that its first line names.
//!
//! ```text
//! # PID, TID, IP, ADDR, LOCAL WEIGHT, DSRC, SYMBOL
//! 6887 6887 0x7f5bd36e7b70 0x7f5bd3701110 0 0x1e05080021 /usr/lib/ld-linux-x86-64.so.2:_start
//! ```

use super::format::{Format, Unit};
use crate::line::{Kind, Line, Parse};
use crate::number;

pub(crate) const FORMAT: Format = Format {
    name: "perf-mem",
    title: "perf mem report -D",
    legal: "numbers of a process, a thread, an instruction, data, weight and source: perf mem report -D",
    unit: Unit::Lines,
    by_program: true,
    stack: None,
    parser: |_, _| Box::new(PerfMem { address: 3, source: 5 }),
};

/// Of the source of the data (`perf_mem_data_src`): the bit of a store.
const STORE: u64 = 4;

/// Where the columns are, of which the first is 0.
struct PerfMem {
    address: usize,
    source: usize,
}

impl Parse for PerfMem {
    fn line(&mut self, line: &[u8]) -> Line {
        if let Some(names) = line.strip_prefix(b"#") {
            let mut names = names.split(|byte| *byte == b',').map(<[u8]>::trim_ascii);
            if let Some(at) = names.clone().position(|name| name == b"ADDR") {
                self.address = at;
                self.source = names.position(|name| name == b"DSRC").unwrap_or(usize::MAX);
            }
            return Line::Nothing;
        }
        if line.is_empty() {
            return Line::Nothing;
        }
        // Separated by spaces, or by what was given to -x.
        let is_end = |byte: &u8| matches!(byte, b',' | b';' | b'|' | b'\t' | b' ');
        let mut words = line.split(is_end).filter(|word| !word.is_empty());
        let columns: [&[u8]; 10] = std::array::from_fn(|_| words.next().unwrap_or_default());
        let is_sample = number::decimal(columns[0]).is_some()
            && number::decimal(columns[1]).is_some()
            && number::prefixed_hex(columns[2]).is_some();
        if !is_sample {
            return Line::Bad("is no sample");
        }
        let word = columns.get(self.address).copied().unwrap_or_default();
        // In the first line perf writes 0x016 for a format of its own; no other address begins with a zero.
        let digits = word.strip_prefix(b"0x016").or_else(|| word.strip_prefix(b"0x"));
        match digits.and_then(number::hex) {
            Some(0) => Line::Nothing,
            Some(address) => {
                let source = columns.get(self.source).and_then(|word| number::prefixed_hex(word));
                let write = source.is_some_and(|source| source & STORE != 0);
                Line::access(address, 1, Kind::of_write(write))
            }
            None => Line::Bad("has no data address"),
        }
    }
}
