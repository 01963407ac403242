//! 2Q lets pages in through a FIFO queue, and keeps those in LRU order that are used again soon after they left it
//! (Johnson and Shasha, "2Q: a low overhead high performance buffer management replacement algorithm", VLDB 1994,
//! the full version).
//!
//! The FIFO queue A1in has a quarter of the frames (`in`), at least one, and as many pages that left it are
//! remembered (A1out) as half of the frames (`out`); the paper recommends both. A page that is remembered is
//! forgotten before room is made for it.

use super::ghosts::Ghosts;
use super::memory::Memory;
use super::options::Share;
use crate::lanes::NO_PAGE;
use crate::list::Lists;

/// The lists, each with the latest page at its front.
const A1_IN: u32 = 0;
const AM: u32 = 1;
/// Not resident.
const OUT: u32 = 2;

pub(super) struct TwoQ {
    frames: usize,
    most_in: usize,
    counts: [usize; 2],
    lists: Lists,
    place: Vec<u32>,
    a1_out: Ghosts,
}

impl TwoQ {
    pub(super) fn new(frames: u32, pages: usize, share_in: Share, share_out: Share) -> Self {
        Self {
            frames: frames as usize,
            most_in: share_in.of(frames).max(1) as usize,
            counts: [0; 2],
            lists: Lists::new(2, pages),
            place: vec![OUT; pages],
            a1_out: Ghosts::new(share_out.of(frames) as usize, pages),
        }
    }

    fn put(&mut self, page: u32, list: u32) {
        self.lists.push_front(list, page);
        self.counts[list as usize] += 1;
        self.place[page as usize] = list;
    }

    /// Finds a frame: `reclaimfor` in the paper.
    fn reclaim(&mut self) -> u32 {
        let [of_in, of_am] = self.counts;
        if of_in + of_am < self.frames {
            return NO_PAGE;
        }
        let list = if of_in > self.most_in || of_am == 0 { A1_IN } else { AM };
        let victim = self.lists.last(list).expect("the list has a page");
        self.lists.remove(victim);
        self.counts[list as usize] -= 1;
        self.place[victim as usize] = OUT;
        if list == A1_IN {
            self.a1_out.push(victim);
        }
        victim
    }
}

impl Memory for TwoQ {
    fn refer(&mut self, page: u32, _: u32) -> Option<u32> {
        match self.place[page as usize] {
            A1_IN => None,
            AM => {
                self.lists.remove(page);
                self.lists.push_front(AM, page);
                None
            }
            _ => {
                let list = if self.a1_out.take(page) { AM } else { A1_IN };
                let victim = self.reclaim();
                self.put(page, list);
                Some(victim)
            }
        }
    }
}
