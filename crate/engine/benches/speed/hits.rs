//! Measures hits: loads and stores of mapped pages in random order, against the same in a raw array.

use std::hint::black_box;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::engine::{Rig, load, store, touch};
use crate::limit::PAGE_WORDS;
use crate::linux::ask_for_huge_pages;
use crate::timing::{Medians, Round, Stopwatch, rounds};

const ACCESSES: u64 = 4_000_000;

/// The places of accesses, drawn from a linear congruential generator's high bits.
struct Places {
    state: u64,
    pages: u64,
}

impl Places {
    #[inline(always)]
    fn next(&mut self) -> (u32, usize) {
        self.state = self.state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let high = self.state >> 32;
        (((high * self.pages) >> 32) as u32, (self.state >> 20) as usize & (PAGE_WORDS - 1))
    }
}

pub(crate) fn measure(count: usize, pages: usize) -> Medians {
    let words = pages * PAGE_WORDS;
    let mut raw = Vec::with_capacity(words);
    ask_for_huge_pages(raw.spare_capacity_mut());
    raw.extend((0..words).map(|_| AtomicU64::new(1)));
    let rig = Rig::new(pages + pages / 512 + 70, 0);
    let cpu = rig.cpu(0);
    let process = rig.process(&cpu, pages);
    let space = rig.enter(&cpu, process);
    touch(&space, 0, pages, 1);
    let places = || Places { state: 7, pages: pages as u64 };
    rounds(count, || {
        let mut limit = Stopwatch::default();
        limit.time(ACCESSES, || {
            let (mut places, mut sum) = (places(), 0_u64);
            for _ in 0..ACCESSES / 2 {
                let (page, word) = places.next();
                sum = sum
                    .wrapping_add(raw[page as usize * PAGE_WORDS + word].load(Ordering::Relaxed));
                let (page, word) = places.next();
                raw[page as usize * PAGE_WORDS + word].store(sum, Ordering::Relaxed);
            }
            black_box(sum)
        });
        let mut engine = Stopwatch::default();
        engine.time(ACCESSES, || {
            let (mut places, mut sum) = (places(), 0_u64);
            for _ in 0..ACCESSES / 2 {
                let (page, word) = places.next();
                sum = sum.wrapping_add(load(&space, page, word));
                let (page, word) = places.next();
                store(&space, page, word, sum);
            }
            black_box(sum)
        });
        Round { limit: limit.per_operation(), peer: None, engine: engine.per_operation() }
    })
}
