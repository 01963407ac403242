//! 2Q lets pages in through a FIFO queue, and keeps those in LRU order that are used again soon after they left it
//! (Johnson and Shasha, "2Q: a low overhead high performance buffer management replacement algorithm", VLDB 1994,
//! the full version).
//!
//! The FIFO queue A1in has a quarter of the frames (`in`), at least one, and as many pages that left it are
//! remembered (A1out) as half of the frames (`out`); the paper recommends both. A page that is remembered is
//! forgotten before room is made for it. A hit only notes the time.

use std::collections::VecDeque;

use super::options::Share;
use super::queue::Ghosts;
use super::ranked::Ranked;
use crate::lanes::{Lane, Marks, NO_PAGE, Pages, Use};

/// The words of a page: the time of its last use, and the lanes in which it is remembered.
const LAST_USE: usize = 0;
const REMEMBERED: usize = 1;

pub(super) struct TwoQ {
    frames: usize,
    most_in: usize,
    a1_in: VecDeque<u32>,
    a1_out: Ghosts<LAST_USE, REMEMBERED>,
    /// Pages that came back, by their last use.
    am: Ranked<u32>,
}

impl TwoQ {
    pub(super) fn new(frames: u32, share_in: Share, share_out: Share) -> Self {
        Self {
            frames: frames as usize,
            most_in: share_in.of(frames).max(1) as usize,
            a1_in: VecDeque::new(),
            a1_out: Ghosts::new(share_out.of(frames) as usize),
            am: Ranked::new(),
        }
    }

    /// Finds a frame: `reclaimfor` in the paper.
    fn reclaim(&mut self, pages: &mut Pages<'_, 2>) -> u32 {
        if self.a1_in.len() + self.am.len() < self.frames {
            return NO_PAGE;
        }
        let victim = if self.a1_in.len() > self.most_in || self.am.len() == 0 {
            let oldest = self.a1_in.pop_front().expect("the queue has a page");
            self.a1_out.push(oldest, pages);
            oldest
        } else {
            self.am.pop(|page| pages.word(page, LAST_USE))
        };
        pages.leave(victim);
        victim
    }
}

impl Lane<2> for TwoQ {
    fn hit(marks: &mut Marks<2>, using: Use) {
        marks.planes[LAST_USE] = using.references;
    }

    fn fault(&mut self, using: Use, pages: &mut Pages<'_, 2>) -> u32 {
        let comes_back = self.a1_out.take(using.page, pages);
        let victim = self.reclaim(pages);
        if comes_back {
            self.am.push(using.references, using.page);
        } else {
            self.a1_in.push_back(using.page);
        }
        victim
    }
}
