//! Generations sort pages by when they were last found used, as Linux does (Yu Zhao, "Multi-Gen LRU",
//! Documentation/mm/multigen_lru.rst, since Linux 6.1).
//!
//! A page that faults comes into the youngest generation. Aging begins a younger one, and moves all pages into it
//! that were used since it was last done. Eviction takes the oldest generation, its pages in the order in which
//! they came there; one that was used meanwhile goes to the youngest. The two youngest generations are not evicted
//! from. When to age is Linux's `should_run_aging`: when there are only two generations, and with three of them when
//! the youngest has more than half of the pages or the oldest less than a quarter.
//!
//! Of Linux's policy this leaves out what is about files (tiers and their feedback loop), about several memory
//! groups and types of memory, and about reading page tables in part (bloom filters, a spatial look around).
//! The access that faults sets the used bit (`fault=used`), or does not (`fault=unused`).

use super::options::OnFault;
use crate::lanes::{Lane, Marks, NO_PAGE, Pages, Use};
use crate::list::Lists;

/// The least and the most generations: Linux's `MIN_NR_GENS` and `MAX_NR_GENS`.
const LEAST: u32 = 2;
const MOST: u32 = 4;

pub(super) struct Generations {
    frames: usize,
    on_fault: OnFault,
    /// The page in each frame, and its generation's list.
    in_frames: Vec<(u32, u32)>,
    lists: Lists,
    counts: [usize; MOST as usize],
    oldest: u32,
    youngest: u32,
}

fn list(generation: u32) -> u32 {
    generation % MOST
}

impl Generations {
    pub(super) fn new(frames: u32, pages: usize, on_fault: OnFault) -> Self {
        Self {
            frames: frames as usize,
            on_fault,
            in_frames: Vec::new(),
            lists: Lists::new(MOST, pages.min(frames as usize)),
            counts: [0; MOST as usize],
            oldest: 0,
            youngest: MOST - 1,
        }
    }

    fn count(&self, generation: u32) -> usize {
        self.counts[list(generation) as usize]
    }

    fn join_youngest(&mut self, frame: u32) {
        let list = list(self.youngest);
        self.lists.push_back(list, frame);
        self.counts[list as usize] += 1;
        self.in_frames[frame as usize].1 = list;
    }

    fn leave(&mut self, frame: u32) {
        self.lists.remove(frame);
        self.counts[self.in_frames[frame as usize].1 as usize] -= 1;
    }

    fn is_time_to_age(&self) -> bool {
        if self.oldest + LEAST != self.youngest {
            return self.oldest + LEAST > self.youngest;
        }
        let (young, old) = (self.count(self.youngest), self.count(self.oldest));
        young * LEAST as usize > self.frames || old * (LEAST as usize + 2) < self.frames
    }

    fn age(&mut self, pages: &mut Pages<'_, 1>) {
        let before = self.youngest;
        self.youngest += 1;
        for generation in self.oldest..=before {
            let mut next = self.lists.first(list(generation));
            while let Some(frame) = next {
                next = self.lists.after(frame);
                if pages.take_bit(self.in_frames[frame as usize].0, 0) {
                    self.leave(frame);
                    self.join_youngest(frame);
                }
            }
        }
    }

    /// Takes the frame out of which a page goes off its list.
    fn free_frame(&mut self, pages: &mut Pages<'_, 1>) -> u32 {
        loop {
            while self.oldest + LEAST <= self.youngest && self.count(self.oldest) == 0 {
                self.oldest += 1;
            }
            if self.is_time_to_age() {
                self.age(pages);
                continue;
            }
            let frame = self.lists.first(list(self.oldest)).expect("the oldest has a page");
            self.leave(frame);
            if !pages.take_bit(self.in_frames[frame as usize].0, 0) {
                return frame;
            }
            self.join_youngest(frame);
        }
    }
}

impl Lane<1> for Generations {
    fn hit(marks: &mut Marks<1>, _: Use) {
        marks.set(0);
    }

    fn fault(&mut self, using: Use, pages: &mut Pages<'_, 1>) -> u32 {
        let (frame, victim);
        if self.in_frames.len() < self.frames {
            (frame, victim) = (self.in_frames.len() as u32, NO_PAGE);
            self.in_frames.push((using.page, 0));
        } else {
            frame = self.free_frame(pages);
            victim = std::mem::replace(&mut self.in_frames[frame as usize], (using.page, 0)).0;
            pages.leave(victim);
        }
        pages.set_count::<1>(using.page, u32::from(self.on_fault == OnFault::Used));
        self.join_youngest(frame);
        victim
    }
}
