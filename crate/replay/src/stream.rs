//! A stream of references, whose pages are numbered in the order of their first use, so that a page is an index.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::ops::Range;

use crate::hash::mix;
use crate::words::{NARROW_PAGES, Words};

/// One reference to a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reference {
    /// The page, by the number that its trace gives it.
    pub page: u64,
    /// Whether it is written.
    pub write: bool,
}

impl From<faultline_traces::Reference> for Reference {
    fn from(found: faultline_traces::Reference) -> Self {
        Self { page: found.page.into(), write: found.write }
    }
}

/// Why references are no stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StreamError {
    /// There is no reference.
    Empty,
    /// There are more references, or more pages, than [`Stream::MOST`].
    TooLong,
}

impl std::fmt::Display for StreamError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Empty => formatter.write_str("there is no reference; legal: one or more"),
            Self::TooLong => {
                write!(
                    formatter,
                    "there are more references than can be replayed, {}",
                    Stream::MOST
                )
            }
        }
    }
}

impl std::error::Error for StreamError {}

/// Hashes page numbers, which are many, by a key that a trace cannot know.
#[derive(Clone, Debug)]
struct Keyed(u64);

impl Default for Keyed {
    fn default() -> Self {
        Self(RandomState::new().build_hasher().finish())
    }
}

impl BuildHasher for Keyed {
    type Hasher = Self;

    fn build_hasher(&self) -> Self {
        self.clone()
    }
}

impl Hasher for Keyed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_u64((*byte).into()));
    }

    fn write_u64(&mut self, word: u64) {
        self.0 = mix(self.0 ^ word);
    }
}

/// Makes a stream of references that come some at a time.
#[derive(Debug, Default)]
pub struct StreamBuilder {
    words: Words,
    names: Vec<u64>,
    /// By the number of a page in its trace one above the page; in the table 0 is none.
    table: Vec<u32>,
    map: HashMap<u64, u32, Keyed>,
}

impl StreamBuilder {
    /// Appends references.
    ///
    /// # Errors
    /// There are too many.
    pub fn extend(
        &mut self,
        references: impl ExactSizeIterator<Item = Reference>,
    ) -> Result<(), StreamError> {
        let Self { words, names, table, map } = self;
        if words.len() + references.len() > Stream::MOST {
            return Err(StreamError::TooLong);
        }
        if table.is_empty() {
            // All at once: memory of zeros costs nothing until it is touched.
            *table = vec![0; TABLE as usize];
        }
        // Each may be to a page that is new.
        let narrow = names.len() + references.len() <= NARROW_PAGES;
        let references = references.map(
            #[inline(always)]
            |Reference { page: name, write }| {
                let known = usize::try_from(name).ok().and_then(|name| table.get(name));
                let page = match known {
                    Some(known) if *known != 0 => *known - 1,
                    _ => page_of(name, names, table, map),
                };
                (page, write)
            },
        );
        words.extend(references, narrow);
        Ok(())
    }

    /// Returns the stream.
    ///
    /// # Errors
    /// There is no reference.
    pub fn finish(self) -> Result<Stream, StreamError> {
        let Self { words, names, .. } = self;
        if words.len() == 0 { Err(StreamError::Empty) } else { Ok(Stream { words, names }) }
    }
}

/// Returns the page of a number that may be new, or is past the table.
#[cold]
#[inline(never)]
fn page_of(
    name: u64,
    names: &mut Vec<u64>,
    table: &mut [u32],
    map: &mut HashMap<u64, u32, Keyed>,
) -> u32 {
    let known = match usize::try_from(name).ok().and_then(|name| table.get_mut(name)) {
        Some(known) => known,
        None => map.entry(name).or_insert(0),
    };
    if *known == 0 {
        names.push(name);
        *known = names.len() as u32;
    }
    *known - 1
}

/// A stream of references. It has at least one.
#[derive(Clone, Debug)]
pub struct Stream {
    words: Words,
    /// The number of each page in its trace.
    names: Vec<u64>,
}

/// The references of a part; fewer in tests, whose short streams are to have several.
const PART: usize = if cfg!(test) { 1 << 6 } else { 1 << 14 };

/// Page numbers below this are found through a table, and others through a map.
const TABLE: u64 = 1 << 20;

impl Stream {
    /// The most references and the most pages of a stream.
    pub const MOST: usize = (1 << 31) - 2;

    /// Makes a stream of references.
    ///
    /// # Errors
    /// There are none, or too many.
    pub fn new(references: impl IntoIterator<Item = Reference>) -> Result<Self, StreamError> {
        let mut builder = StreamBuilder::default();
        for reference in references {
            builder.extend(std::iter::once(reference))?;
        }
        builder.finish()
    }
    /// Returns how many references there are.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "no stream is empty")]
    pub fn len(&self) -> usize {
        self.words.len()
    }

    /// Returns how many pages are referred to.
    #[must_use]
    pub fn pages(&self) -> usize {
        self.names.len()
    }

    /// Returns the number of a page in its trace.
    pub(crate) fn name(&self, page: u32) -> u64 {
        self.names[page as usize]
    }

    /// Returns the page of a reference.
    pub(crate) fn page(&self, index: usize) -> u32 {
        self.words.page(index)
    }

    /// Goes through the references: each page, and whether it is written.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (u32, bool)> + '_ {
        self.words.iter(0..self.len())
    }

    /// Goes through the references of these numbers.
    pub(crate) fn iter_part(&self, part: Range<usize>) -> impl Iterator<Item = (u32, bool)> + '_ {
        self.words.iter(part)
    }

    /// Returns the numbers of the references in parts of some thousands.
    pub(crate) fn parts(&self) -> impl Iterator<Item = Range<usize>> + use<> {
        let len = self.len();
        (0..len).step_by(PART).map(move |first| first..len.min(first + PART))
    }

    /// Returns the stream of the references to some of the pages, those whose number in the trace `keeps` takes.
    /// It may be empty.
    pub(crate) fn only(&self, keeps: impl Fn(u64) -> bool) -> Self {
        const LEFT_OUT: u32 = u32::MAX;
        let mut names = Vec::new();
        let mut page_of = Vec::with_capacity(self.names.len());
        for name in &self.names {
            if keeps(*name) {
                page_of.push(names.len() as u32);
                names.push(*name);
            } else {
                page_of.push(LEFT_OUT);
            }
        }
        let kept = self.iter().filter_map(|(page, write)| {
            let page = page_of[page as usize];
            (page != LEFT_OUT).then_some((page, write))
        });
        let mut words = Words::default();
        words.extend(kept, names.len() <= NARROW_PAGES);
        Self { words, names }
    }

    /// Returns for each reference the index of the next to the same page, or [`Self::NEVER`].
    pub(crate) fn next_uses(&self) -> Vec<u32> {
        let mut next_of_page = vec![Self::NEVER; self.pages()];
        let mut next_uses = vec![0; self.len()];
        for (index, next_use) in next_uses.iter_mut().enumerate().rev() {
            let next = &mut next_of_page[self.page(index) as usize];
            *next_use = std::mem::replace(next, index as u32);
        }
        next_uses
    }

    /// The next use of a page that is not used again.
    pub(crate) const NEVER: u32 = u32::MAX;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stream(pages: &[u64]) -> Stream {
        Stream::new(pages.iter().map(|page| Reference { page: *page, write: page % 2 == 1 }))
            .unwrap()
    }

    #[test]
    fn s6_pages_are_numbered_by_first_use_whatever_their_numbers() {
        let far = u64::MAX;
        let stream = stream(&[7, far, 7, 0, TABLE, far, TABLE - 1]);
        let found: Vec<_> = stream.iter().collect();
        let expected =
            [(0, true), (1, true), (0, true), (2, false), (3, false), (1, true), (4, true)];
        assert_eq!(found, expected);
        assert_eq!(stream.names, [7, far, 0, TABLE, TABLE - 1]);
        assert_eq!(stream.next_uses(), [2, 5, u32::MAX, u32::MAX, u32::MAX, u32::MAX, u32::MAX]);
        let only = stream.only(|name| name != 7);
        assert_eq!((only.names.len(), only.len(), only.page(2)), (4, 5, 2));
        assert_eq!(Stream::new([]).unwrap_err(), StreamError::Empty);
    }

    #[test]
    fn s6_pages_are_numbered_as_many_as_they_are() {
        let pages = NARROW_PAGES as u64 + 700;
        let references: Vec<_> = (0..pages)
            .chain([3, pages - 1])
            .map(|page| Reference { page, write: page % 3 == 0 })
            .collect();
        let mut some = StreamBuilder::default();
        references.chunks(512).for_each(|chunk| some.extend(chunk.iter().copied()).unwrap());
        let all = Stream::new(references.iter().copied()).unwrap();
        for stream in [some.finish().unwrap(), all.only(|_| true), all] {
            let found = stream.iter().map(|(page, write)| Reference { page: page.into(), write });
            assert_eq!(found.collect::<Vec<_>>(), references);
        }
    }
}
