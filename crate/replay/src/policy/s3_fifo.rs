//! S3-FIFO lets pages in through a small queue, keeps in a main queue those that were used there, and remembers the
//! numbers of those that were not (Yang and others, "FIFO queues are all you need for cache eviction", SOSP 2023).
//!
//! As libCacheSim has it, and the paper's text where it says:
//!
//! * The small queue has a tenth of the frames (`small`), at least one, and the main queue the rest. Neither is a
//!   hard bound: a page is evicted from the main queue when that has more than its share, and else from the small one.
//! * A page of the small queue goes to the main queue if it was used twice (`uses`) after it came in, and starts
//!   there with a counter of 0. Else it is evicted, and remembered.
//! * As many numbers are remembered as nine tenths of the frames (`ghosts`). A page that is remembered comes into the
//!   main queue at once.
//! * The counter has two bits. In the main queue a page whose counter is not 0 goes round, for one from its counter.

use std::collections::VecDeque;

use super::options::{Share, Uses};
use super::queue::Ghosts;
use crate::lanes::{Lane, Marks, NO_PAGE, Pages, Use};

/// The words of a page: two of its counter, the time of its last use, and the lanes in which it is remembered.
const COUNTER: usize = 2;
const LAST_USE: usize = 2;
const REMEMBERED: usize = 3;
const WORDS: usize = 4;

pub(super) struct S3Fifo {
    frames: usize,
    /// Pages above which the main queue gives one up.
    main_share: usize,
    uses: u32,
    small: VecDeque<u32>,
    main: VecDeque<u32>,
    ghosts: Ghosts<LAST_USE, REMEMBERED>,
}

impl S3Fifo {
    pub(super) fn new(frames: u32, small: Share, ghosts: Share, uses: Uses) -> Self {
        Self {
            frames: frames as usize,
            main_share: (frames - small.of(frames).clamp(1, frames)) as usize,
            uses: uses.0,
            small: VecDeque::new(),
            main: VecDeque::new(),
            ghosts: Ghosts::new(ghosts.of(frames) as usize),
        }
    }

    /// Evicts a page.
    fn evict(&mut self, pages: &mut Pages<'_, WORDS>) -> u32 {
        loop {
            let is_of_main = self.main.len() > self.main_share || self.small.is_empty();
            let victim = if is_of_main { self.of_main(pages) } else { self.of_small(pages) };
            if let Some(victim) = victim {
                pages.leave(victim);
                return victim;
            }
        }
    }

    /// Moves pages out of the small queue until one is to be evicted, whatever the main queue has by then. Returns it,
    /// or nothing if all were used.
    fn of_small(&mut self, pages: &mut Pages<'_, WORDS>) -> Option<u32> {
        while let Some(page) = self.small.pop_front() {
            if pages.count::<COUNTER>(page) < self.uses {
                self.ghosts.push(page, pages);
                return Some(page);
            }
            pages.set_count::<COUNTER>(page, 0);
            self.main.push_back(page);
        }
        None
    }

    /// Looks at the oldest page of the main queue. Returns it if it is to be evicted.
    fn of_main(&mut self, pages: &mut Pages<'_, WORDS>) -> Option<u32> {
        let page = self.main.pop_front()?;
        if !pages.count_down::<COUNTER>(page) {
            return Some(page);
        }
        self.main.push_back(page);
        None
    }
}

impl Lane<WORDS> for S3Fifo {
    fn hit(marks: &mut Marks<WORDS>, using: Use) {
        marks.planes[LAST_USE] = using.references;
        marks.count_anew::<COUNTER>();
        marks.count_up::<COUNTER>();
    }

    fn fault(&mut self, using: Use, pages: &mut Pages<'_, WORDS>) -> u32 {
        let is_known = self.ghosts.take(using.page, pages);
        let mut victim = NO_PAGE;
        if self.small.len() + self.main.len() == self.frames {
            victim = self.evict(pages);
        }
        if is_known { &mut self.main } else { &mut self.small }.push_back(using.page);
        victim
    }
}
