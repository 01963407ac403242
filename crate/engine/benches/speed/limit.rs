//! Measures the limits: the same work on the computer's memory, with no bookkeeping at all.

use std::hint::black_box;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::linux::ask_for_huge_pages;
use crate::timing::Stopwatch;

/// Words in a page.
pub(crate) const PAGE_WORDS: usize = 512;
/// Pages touched together where frames are to stay hot.
pub(crate) const BATCH: usize = 64;

/// An array of pages, aligned as frames are.
pub(crate) struct Buffer {
    words: Vec<u64>,
    skip: usize,
}

impl Buffer {
    pub(crate) fn new(pages: usize) -> Self {
        let mut words = vec![0_u64; (pages + 1) * PAGE_WORDS];
        ask_for_huge_pages(&mut words);
        let skip = words.as_ptr().align_offset(4096);
        // Touched once, so that the host's own page faults are over.
        let mut buffer = Self { words, skip };
        for page in 0..pages {
            buffer.page(page)[0] = 1;
        }
        buffer
    }

    pub(crate) fn page(&mut self, page: usize) -> &mut [u64] {
        let start = self.skip + page * PAGE_WORDS;
        &mut self.words[start..start + PAGE_WORDS]
    }

    fn two(&mut self, to: usize, from: usize) -> (&mut [u64], &[u64]) {
        let skip = self.skip;
        let words = &mut self.words[skip..];
        let (low, high) = words.split_at_mut(to.max(from) * PAGE_WORDS);
        let (first, second) =
            (&mut low[to.min(from) * PAGE_WORDS..][..PAGE_WORDS], &mut high[..PAGE_WORDS]);
        if to < from { (first, second) } else { (second, first) }
    }
}

/// Zeroes `pages` pages one after the other, again and again; nanoseconds a page.
pub(crate) fn zero(buffer: &mut Buffer, pages: usize, times: usize) -> f64 {
    let mut watch = Stopwatch::default();
    for _ in 0..times {
        watch.time(pages as u64, || {
            for page in 0..pages {
                black_box(&mut *buffer.page(page)).fill(0);
            }
        });
    }
    watch.per_operation()
}

/// Words of pages that a soft fault changes: a PTE, a frame's entry, and the links of a list.
pub(crate) struct Words {
    ptes: Vec<AtomicU64>,
    entries: Vec<AtomicU64>,
    links: Vec<AtomicU64>,
}

impl Words {
    pub(crate) fn new(pages: usize) -> Self {
        let words = || (0..pages).map(|_| AtomicU64::new(0)).collect();
        Self { ptes: words(), entries: words(), links: words() }
    }
}

/// Takes the atomic steps that no soft fault can do without, page after page, again and again: the PTE is claimed, the
/// frame's entry changed, the frame taken off its list, and the PTE put into place. Nanoseconds a page.
pub(crate) fn atomic_steps(words: &Words, times: usize) -> f64 {
    let step = |word: &AtomicU64, old: u64, new: u64| {
        let _ = word.compare_exchange(old, new, Ordering::AcqRel, Ordering::Acquire);
    };
    let mut watch = Stopwatch::default();
    for time in 0..times as u64 {
        watch.time(words.ptes.len() as u64, || {
            for ((pte, entry), link) in words.ptes.iter().zip(&words.entries).zip(&words.links) {
                step(pte, 2 * time, 2 * time + 1);
                step(entry, time, time + 1);
                link.store(time, Ordering::Relaxed);
                step(pte, 2 * time + 1, 2 * time + 2);
            }
        });
    }
    for (index, word) in words.ptes.iter().chain(&words.entries).enumerate() {
        let each = if index < words.ptes.len() { 2 } else { 1 };
        assert_eq!(word.swap(0, Ordering::Relaxed), each * times as u64, "a step failed");
    }
    watch.per_operation()
}

/// Copies `pages` pages to as many others; nanoseconds a page.
pub(crate) fn copy(buffer: &mut Buffer, pages: usize, times: usize) -> f64 {
    let mut watch = Stopwatch::default();
    for _ in 0..times {
        watch.time(pages as u64, || {
            for page in 0..pages {
                let (to, from) = buffer.two(page, pages + page);
                black_box(to).copy_from_slice(black_box(from));
            }
        });
    }
    watch.per_operation()
}
