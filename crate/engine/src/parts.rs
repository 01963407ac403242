//! The parts of a machine's memory: flat arrays of records, which tasks share and a reader reads in place.

use std::ops::Range;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An array of records in the host's memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MemoryPart {
    /// The address of the first record.
    pub address: usize,
    /// The bytes from record to record.
    pub stride: usize,
    /// How many records there are.
    pub count: usize,
}

impl MemoryPart {
    /// Returns the part that is an array.
    pub fn of<T>(records: &[T]) -> Self {
        Self::of_rows(records, 1)
    }

    /// Returns the part that is an array of rows of `width` words or records each.
    pub(crate) fn of_rows<T>(words: &[T], width: usize) -> Self {
        let (address, stride) = (words.as_ptr().addr(), width * size_of::<T>());
        Self { address, stride, count: words.len() / width }
    }

    /// Returns the address of a record.
    pub fn address_of(&self, record: usize) -> usize {
        self.address + record * self.stride
    }

    /// Returns how many bytes there are.
    pub(crate) fn bytes(&self) -> usize {
        self.stride * self.count
    }

    /// Returns the record that an address is in, if it is in this part.
    pub(crate) fn record_at(&self, address: usize) -> Option<usize> {
        let offset = address.wrapping_sub(self.address);
        (offset < self.bytes()).then(|| offset / self.stride)
    }
}

/// A part of memory as its cache lines are: which words they have, and how these are named.
#[derive(Clone, Debug)]
pub struct LinePart {
    /// The name, the same wherever the part stands.
    pub name: &'static str,
    /// Where it stands. The part begins on a line.
    pub part: MemoryPart,
    /// How its words are in lines.
    pub lines: LineKind,
    /// The classes of words of a record, each with its bytes; a word is of the first class that has it.
    words: Vec<(&'static str, Range<usize>)>,
}

/// How the words of a part are in cache lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineKind {
    /// As they stand, from the part's beginning on.
    AsTheyStand,
    /// As they stand, in the pages that are page tables now; nobody asks about the others.
    InTables,
    /// Each has a line of its own: where the compiler puts a field is no fact of the machine.
    Alone,
    /// Nobody asks: they are contents of pages, or the script's.
    Unasked,
}

/// Bytes of a cache line.
pub const LINE_BYTES: usize = 64;

/// Begins a new cache line in a record laid out as in C: what follows shares no line with what stands before.
#[derive(Clone, Copy, Debug, Default)]
#[repr(align(64))]
pub(crate) struct NewLine;

const _: () = assert!(align_of::<NewLine>() == LINE_BYTES && size_of::<NewLine>() == 0);

impl LinePart {
    /// Returns the part `name` of arrays, whose records have words of these classes, each with the offset in bytes
    /// at which it begins, in order; none if all words are of one class.
    pub fn new(name: &'static str, part: MemoryPart, words: &[(&'static str, usize)]) -> Self {
        let ends = words.iter().skip(1).map(|(_, begin)| *begin).chain([part.stride]);
        let words = words.iter().zip(ends).map(|((word, begin), end)| (*word, *begin..end));
        Self { name, part, lines: LineKind::AsTheyStand, words: words.collect() }
    }

    /// Returns the part `name` that is one record, whose words have lines of their own. Those that are in none of
    /// the named parts of it are `other`.
    pub fn alone(
        name: &'static str,
        part: MemoryPart,
        named: &[(&'static str, MemoryPart)],
    ) -> Self {
        let within = |word: &MemoryPart| {
            let begin = word.address - part.address;
            begin..begin + word.bytes()
        };
        let words = named.iter().map(|(word, part)| (*word, within(part)));
        let words = words.chain([("other", 0..part.stride)]).collect();
        Self { name, part, lines: LineKind::Alone, words }
    }

    /// Returns the part with its words in lines of another kind.
    #[must_use]
    pub fn with_lines(self, lines: LineKind) -> Self {
        Self { lines, ..self }
    }

    /// Returns the names of its classes of words, in their order.
    pub fn classes(&self) -> Vec<String> {
        match self.lines {
            LineKind::Unasked => Vec::new(),
            _ if self.words.is_empty() => vec![self.name.to_owned()],
            _ => self.words.iter().map(|(word, _)| format!("{}.{word}", self.name)).collect(),
        }
    }

    /// Returns the index of the class that the word at an offset in the part is of.
    #[cfg(feature = "coherence")]
    pub(crate) fn class_at(&self, offset: usize) -> usize {
        let offset = offset % self.part.stride;
        self.words.iter().position(|(_, bytes)| bytes.contains(&offset)).unwrap_or(0)
    }
}
