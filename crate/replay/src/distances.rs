//! Measures LRU stack distances: for each reference, how many pages were used since the last use of its page, that
//! one among them (Mattson and others, "Evaluation techniques for storage hierarchies", 1970). A memory of c frames
//! under LRU hits exactly where the distance is at most c, so one pass has all sizes.
//!
//! Each page has a slot of time, that of its last use, and a bit says for each slot whether a page has it. The
//! distance is the number of bits from the page's slot on (after Olken, "Efficient methods for calculating the
//! success function of fixed space replacement policies", 1981, whose tree is here two levels of sums, which are
//! cheaper where most distances are short). When the slots are used up, the pages move together to the first.

use crate::stream::Stream;

/// Words of a block, and blocks of a group.
const BLOCK: usize = 8;
const GROUP: usize = 64;

/// How often each stack distance occurs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Distances {
    /// The references of distance 1, 2 and so on, up to the largest.
    pub counts: Vec<u64>,
    /// The first references to pages, which have no distance.
    pub first: u64,
}

impl Distances {
    /// Returns how often LRU faults in a memory of so many frames.
    #[must_use]
    pub fn faults(&self, frames: u32) -> u64 {
        self.first + self.counts.iter().skip(frames as usize).sum::<u64>()
    }
}

/// Measures all stack distances of a stream.
#[must_use]
pub fn distances(stream: &Stream) -> Distances {
    let mut recency = Recency::new(stream.pages());
    let mut found = Distances { counts: vec![0; stream.pages()], first: 0 };
    for (page, _) in stream.iter() {
        match recency.use_again(page) {
            Some(distance) => found.counts[distance as usize - 1] += 1,
            None => found.first += 1,
        }
    }
    let used = found.counts.iter().rposition(|count| *count > 0).map_or(0, |last| last + 1);
    found.counts.truncate(used);
    found
}

/// The pages by the slots of their last uses.
struct Recency {
    /// A bit for each slot.
    words: Vec<u64>,
    /// How many bits are set in each block of words, and in each group of blocks.
    blocks: Vec<u16>,
    groups: Vec<u32>,
    /// The page that has or had each slot, and the slot of each page.
    pages: Vec<u32>,
    slots: Vec<u32>,
    next: u32,
}

/// A page that has no slot.
const UNUSED: u32 = u32::MAX;

impl Recency {
    fn new(pages: usize) -> Self {
        let words = (pages / 16).max(8).next_multiple_of(BLOCK);
        Self {
            words: vec![0; words],
            blocks: vec![0; words / BLOCK],
            groups: vec![0; (words / BLOCK).div_ceil(GROUP)],
            pages: vec![0; words * 64],
            slots: vec![UNUSED; pages],
            next: 0,
        }
    }

    /// Notes a use of a page, and returns its distance from the last.
    fn use_again(&mut self, page: u32) -> Option<u32> {
        let slot = self.slots[page as usize];
        if slot != UNUSED && slot + 1 == self.next {
            return Some(1);
        }
        let mut distance = None;
        if slot != UNUSED {
            distance = Some(self.count_from(slot as usize));
            self.change(slot as usize, false);
        }
        if self.next as usize == self.pages.len() {
            self.move_together();
        }
        self.take_next(page);
        distance
    }

    fn take_next(&mut self, page: u32) {
        let slot = self.next;
        self.slots[page as usize] = slot;
        self.pages[slot as usize] = page;
        self.change(slot as usize, true);
        self.next += 1;
    }

    fn change(&mut self, slot: usize, is_set: bool) {
        let (word, bit) = (slot / 64, 1_u64 << (slot % 64));
        let (block, group) = (word / BLOCK, word / BLOCK / GROUP);
        if is_set {
            self.words[word] |= bit;
            self.blocks[block] += 1;
            self.groups[group] += 1;
        } else {
            self.words[word] &= !bit;
            self.blocks[block] -= 1;
            self.groups[group] -= 1;
        }
    }

    /// Returns how many slots from this one on are those of a page.
    fn count_from(&self, slot: usize) -> u32 {
        let word = slot / 64;
        let block = word / BLOCK;
        let group = block / GROUP;
        let end = (self.next as usize).div_ceil(64);
        let of_words = |words: &[u64]| words.iter().map(|word| word.count_ones()).sum::<u32>();
        let block_end = ((block + 1) * BLOCK).min(end);
        let mut count = (self.words[word] >> (slot % 64)).count_ones();
        count += of_words(&self.words[word + 1..block_end]);
        let blocks = end.div_ceil(BLOCK);
        let group_end = ((group + 1) * GROUP).min(blocks);
        count += self.blocks[block + 1..group_end.max(block + 1)]
            .iter()
            .map(|sum| u32::from(*sum))
            .sum::<u32>();
        count + self.groups[group + 1..].iter().sum::<u32>()
    }

    fn move_together(&mut self) {
        self.next = 0;
        for word in 0..self.words.len() {
            let mut bits = std::mem::take(&mut self.words[word]);
            while bits != 0 {
                let slot = word * 64 + bits.trailing_zeros() as usize;
                bits &= bits - 1;
                let page = self.pages[slot];
                // A page moves to its own slot or one before it, which has been read already.
                self.slots[page as usize] = self.next;
                self.pages[self.next as usize] = page;
                self.next += 1;
            }
        }
        self.blocks.fill(0);
        self.groups.fill(0);
        (0..self.next as usize).for_each(|slot| self.change(slot, true));
    }
}
