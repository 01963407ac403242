//! The references of a stream are words: each has a page, and whether it is a write. A word takes two bytes while pages
//! are few, and four from where they no longer have room in two. Memory that is written for the first time costs a fault
//! of the computer's own for each page of it, which is a tenth of a replay.

use std::ops::Range;

/// How many pages have room in two bytes.
pub(crate) const NARROW_PAGES: usize = 1 << (u16::BITS - 1);

/// References, each a page and whether it is a write.
#[derive(Clone, Debug, Default)]
pub(crate) struct Words {
    narrow: Vec<u16>,
    wide: Vec<u32>,
}

fn word(page: u32, write: bool) -> u32 {
    page << 1 | u32::from(write)
}

fn reference(word: u32) -> (u32, bool) {
    (word >> 1, word & 1 != 0)
}

impl Words {
    pub(crate) fn len(&self) -> usize {
        self.narrow.len() + self.wide.len()
    }

    /// Appends references. `narrow` says that each is to a page below [`NARROW_PAGES`].
    pub(crate) fn extend(&mut self, references: impl Iterator<Item = (u32, bool)>, narrow: bool) {
        let words = references.map(|(page, write)| word(page, write));
        if narrow && self.wide.is_empty() {
            self.narrow.extend(words.map(|word| word as u16));
        } else {
            self.wide.extend(words);
        }
    }

    /// Returns the page of a reference.
    pub(crate) fn page(&self, index: usize) -> u32 {
        let wide = index.checked_sub(self.narrow.len());
        wide.map_or_else(|| u32::from(self.narrow[index]), |index| self.wide[index]) >> 1
    }

    /// Goes through the references of these numbers.
    pub(crate) fn iter(&self, part: Range<usize>) -> impl Iterator<Item = (u32, bool)> + '_ {
        let narrow = self.narrow.len();
        let (of_narrow, of_wide) = (
            part.start.min(narrow)..part.end.min(narrow),
            part.start.max(narrow) - narrow..part.end.max(narrow) - narrow,
        );
        let narrow = self.narrow[of_narrow].iter().map(|word| u32::from(*word));
        narrow.chain(self.wide[of_wide].iter().copied()).map(reference)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s6_references_are_the_same_in_two_bytes_and_in_four() {
        let last = NARROW_PAGES as u32 - 1;
        let few = [(0, false), (last, true), (last, false), (1, true)];
        let many = [(last + 1, true), (0, true), (u32::MAX >> 1, false)];
        let mut words = Words::default();
        words.extend(few.into_iter(), true);
        assert_eq!((words.narrow.len(), words.wide.len()), (4, 0));
        words.extend(many.into_iter(), false);
        // None goes in front of those.
        words.extend(few.into_iter(), true);
        assert_eq!((words.narrow.len(), words.wide.len()), (4, 7));
        let expected = [&few[..], &many, &few].concat();
        for part in [0..11, 0..4, 4..11, 3..5, 5..5] {
            assert_eq!(words.iter(part.clone()).collect::<Vec<_>>(), expected[part]);
        }
        let pages: Vec<_> = (0..words.len()).map(|index| words.page(index)).collect();
        assert_eq!(pages, expected.iter().map(|(page, _)| *page).collect::<Vec<_>>());
    }
}
