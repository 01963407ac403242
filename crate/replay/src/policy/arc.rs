//! ARC divides the frames between pages used once and pages used again, and learns from its mistakes by how much
//! (Megiddo and Modha, "ARC: a self-tuning, low overhead replacement cache", FAST 2003, figure 4).
//!
//! It remembers as many pages that were evicted as there are frames. The share of the pages used once, `p` in the
//! paper, is a real number, as in the paper and in libCacheSim; others round it.

use super::memory::Memory;
use crate::lanes::NO_PAGE;
use crate::list::Lists;

/// Where a page is: the lists of the paper, each with the page used last at its front.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Resident, and used once.
    T1,
    /// Resident, and used again.
    T2,
    /// Evicted from T1.
    B1,
    /// Evicted from T2.
    B2,
    None,
}

use Place::{B1, B2, T1, T2};

pub(super) struct Arc {
    frames: usize,
    share: f64,
    lists: Lists,
    counts: [usize; 4],
    place: Vec<Place>,
}

impl Arc {
    pub(super) fn new(frames: u32, pages: usize) -> Self {
        let place = vec![Place::None; pages];
        let lists = Lists::new(4, pages);
        Self { frames: frames as usize, share: 0.0, lists, counts: [0; 4], place }
    }

    fn count(&self, place: Place) -> usize {
        self.counts[place as usize]
    }

    fn put(&mut self, page: u32, place: Place) {
        self.lists.push_front(place as u32, page);
        self.counts[place as usize] += 1;
        self.place[page as usize] = place;
    }

    fn take(&mut self, page: u32) {
        self.lists.remove(page);
        self.counts[self.place[page as usize] as usize] -= 1;
        self.place[page as usize] = Place::None;
    }

    /// Takes the page of a list that was used longest ago.
    fn take_last(&mut self, place: Place) -> u32 {
        let page = self.lists.last(place as u32).expect("the list has a page");
        self.take(page);
        page
    }

    /// Evicts a page and remembers it: REPLACE in the paper.
    fn replace(&mut self, is_in_b2: bool) -> u32 {
        let once = self.count(T1) as f64;
        let from_once = self.count(T1) > 0 && (once > self.share || is_in_b2 && once == self.share);
        let (from, to) = if from_once || self.count(T2) == 0 { (T1, B1) } else { (T2, B2) };
        let victim = self.take_last(from);
        self.put(victim, to);
        victim
    }

    /// Makes room for a page that is not known: case IV of the paper.
    fn make_room(&mut self) -> u32 {
        let once = self.count(T1) + self.count(B1);
        if once == self.frames {
            if self.count(B1) == 0 {
                return self.take_last(T1);
            }
            self.take_last(B1);
            return self.replace(false);
        }
        let all = once + self.count(T2) + self.count(B2);
        if all < self.frames {
            return NO_PAGE;
        }
        if all == 2 * self.frames {
            self.take_last(B2);
        }
        self.replace(false)
    }
}

impl Memory for Arc {
    fn refer(&mut self, page: u32, _: u32) -> Option<u32> {
        let place = self.place[page as usize];
        let ratio = |others: usize, own: usize| (others as f64 / own as f64).max(1.0);
        match place {
            T1 | T2 => {
                if self.lists.first(T2 as u32) != Some(page) {
                    self.take(page);
                    self.put(page, T2);
                }
                None
            }
            B1 | B2 => {
                let (once, again) = (self.count(B1), self.count(B2));
                self.share = if place == B1 {
                    (self.share + ratio(again, once)).min(self.frames as f64)
                } else {
                    (self.share - ratio(once, again)).max(0.0)
                };
                self.take(page);
                let victim = self.replace(place == B2);
                self.put(page, T2);
                Some(victim)
            }
            Place::None => {
                let victim = self.make_room();
                self.put(page, T1);
                Some(victim)
            }
        }
    }
}
