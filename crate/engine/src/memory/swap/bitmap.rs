//! A set of numbers as a bitmap of two levels: a summary bit says that a word has a bit set, so the lowest
//! member is found in a few steps however many there could be (S7).
//!
//! The caller guards it by a lock of its own. The words are atomics only so that it can be shared.

use crate::parts::MemoryPart;
use crate::sync::atomic::{AtomicU32, AtomicU64, Ordering};

const BITS: u32 = u64::BITS;

/// A set of numbers below a bound.
#[derive(Debug)]
pub(super) struct Bitmap {
    words: Box<[AtomicU64]>,
    /// A set bit is a word that is not zero.
    summary: Box<[AtomicU64]>,
    /// No summary word before this one has a bit set.
    lowest: AtomicU32,
    count: AtomicU32,
}

impl Bitmap {
    /// Returns the empty set of numbers below `bound`.
    pub(super) fn new(bound: u32) -> Self {
        let zeros = |count: u32| (0..count).map(|_| AtomicU64::new(0)).collect();
        let words = bound.div_ceil(BITS);
        Self {
            words: zeros(words),
            summary: zeros(words.div_ceil(BITS)),
            lowest: AtomicU32::new(0),
            count: AtomicU32::new(0),
        }
    }

    /// Returns its words, as parts of memory, each with its name.
    pub(crate) fn parts(&self) -> [(&'static str, MemoryPart); 2] {
        [("bitmap", MemoryPart::of(&self.words)), ("bitmap_summary", MemoryPart::of(&self.summary))]
    }

    /// Returns how many members there are; a hint without the lock.
    pub(super) fn count(&self) -> u32 {
        self.count.load(Ordering::Relaxed)
    }

    /// Whether a number is in the set; a hint without the lock.
    pub(super) fn contains(&self, number: u32) -> bool {
        let (word, bit) = place(number);
        self.words[word].load(Ordering::Relaxed) & bit != 0
    }

    /// Adds a number; false when it is in the set already.
    pub(super) fn insert(&self, number: u32) -> bool {
        if self.contains(number) {
            return false;
        }
        let (word, bit) = place(number);
        set(&self.words[word], bit);
        let (group, bit) = place(word as u32);
        set(&self.summary[group], bit);
        self.lowest.store(self.lowest.load(Ordering::Relaxed).min(group as u32), Ordering::Relaxed);
        self.count.store(self.count() + 1, Ordering::Relaxed);
        true
    }

    /// Takes a number out; false when it is not in the set.
    pub(super) fn remove(&self, number: u32) -> bool {
        if !self.contains(number) {
            return false;
        }
        let (word, bit) = place(number);
        if clear(&self.words[word], bit) == 0 {
            let (group, bit) = place(word as u32);
            clear(&self.summary[group], bit);
        }
        self.count.store(self.count() - 1, Ordering::Relaxed);
        true
    }

    /// Takes the lowest number out. Adds to `looks` how many words it looked at to find it.
    pub(super) fn pop(&self, looks: &mut u32) -> Option<u32> {
        let mut group = self.lowest.load(Ordering::Relaxed);
        let set = loop {
            *looks += 1;
            let set = self.summary.get(group as usize)?.load(Ordering::Relaxed);
            if set != 0 {
                break set;
            }
            group += 1;
            self.lowest.store(group, Ordering::Relaxed);
        };
        let word = group * BITS + set.trailing_zeros();
        let bits = self.words[word as usize].load(Ordering::Relaxed);
        let number = word * BITS + bits.trailing_zeros();
        self.remove(number);
        Some(number)
    }

    /// Whether the two levels and the count agree.
    pub(super) fn is_sound(&self) -> bool {
        let members = self.words.iter().map(|word| word.load(Ordering::Relaxed).count_ones());
        let lowest = self.lowest.load(Ordering::Relaxed) as usize;
        members.sum::<u32>() == self.count()
            && self.words.iter().enumerate().all(|(word, bits)| {
                let (group, bit) = place(word as u32);
                let summary = self.summary[group].load(Ordering::Relaxed) & bit != 0;
                let set = bits.load(Ordering::Relaxed) != 0;
                set == summary && (!set || lowest <= group)
            })
    }

    /// Clears a summary bit, so that a test can see the audit find it.
    pub(super) fn corrupt(&self) {
        self.summary[0].fetch_and(!1, Ordering::Relaxed);
    }
}

fn place(number: u32) -> (usize, u64) {
    ((number / BITS) as usize, 1 << (number % BITS))
}

fn set(word: &AtomicU64, bit: u64) {
    word.store(word.load(Ordering::Relaxed) | bit, Ordering::Relaxed);
}

/// Clears a bit; returns the word that is left.
fn clear(word: &AtomicU64, bit: u64) -> u64 {
    let left = word.load(Ordering::Relaxed) & !bit;
    word.store(left, Ordering::Relaxed);
    left
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s7_a_bitmap_is_a_set_whose_lowest_member_comes_first() {
        let bitmap = Bitmap::new(10_000);
        let numbers = [4096, 0, 9999, 63, 64, 4095, 127];
        for (count, number) in (1..).zip(numbers) {
            assert!(!bitmap.contains(number));
            assert!(bitmap.insert(number) && !bitmap.insert(number));
            assert!(bitmap.contains(number) && bitmap.is_sound());
            assert_eq!(bitmap.count(), count);
        }
        assert!(bitmap.remove(127) && !bitmap.remove(127) && bitmap.is_sound());
        let popped: Vec<_> = std::iter::from_fn(|| bitmap.pop(&mut 0)).collect();
        assert_eq!(popped, [0, 63, 64, 4095, 4096, 9999]);
        assert_eq!(bitmap.count(), 0);
        assert!(bitmap.is_sound());
    }

    /// A word of the summary stands for 4,096 numbers. What was empty is not looked at again until
    /// something is put there.
    #[test]
    fn s7_a_pop_looks_at_each_empty_word_of_the_summary_once() {
        let bitmap = Bitmap::new(200_000);
        let pop = || {
            let mut looks = 0;
            (bitmap.pop(&mut looks), looks)
        };
        bitmap.insert(131_072);
        bitmap.insert(131_073);
        assert_eq!(pop(), (Some(131_072), 33));
        assert_eq!(pop(), (Some(131_073), 1));
        // The 17 that are left of 49, and the end.
        assert_eq!(pop(), (None, 18));
        assert_eq!(pop(), (None, 1));
        bitmap.insert(8_200);
        bitmap.insert(4_100);
        assert_eq!(pop(), (Some(4_100), 1));
        assert_eq!(pop(), (Some(8_200), 2));
    }

    #[test]
    fn g2_a_bitmap_whose_levels_disagree_is_not_sound() {
        let bitmap = Bitmap::new(10_000);
        bitmap.insert(5_000);
        for (word, bit) in [(&bitmap.words[0], 1), (&bitmap.summary[0], 4), (&bitmap.summary[1], 1)]
        {
            let flip = || word.store(word.load(Ordering::Relaxed) ^ bit, Ordering::Relaxed);
            flip();
            assert!(!bitmap.is_sound());
            flip();
            assert!(bitmap.is_sound());
        }
        for (word, wrong, right) in [(&bitmap.count, 2, 1), (&bitmap.lowest, 2, 1)] {
            word.store(wrong, Ordering::Relaxed);
            assert!(!bitmap.is_sound());
            word.store(right, Ordering::Relaxed);
            assert!(bitmap.is_sound());
        }
    }
}
