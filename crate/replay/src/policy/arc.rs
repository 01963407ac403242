//! ARC divides the frames between pages used once and pages used again, and learns from its mistakes by how much
//! (Megiddo and Modha, "ARC: a self-tuning, low overhead replacement cache", FAST 2003, figure 4).
//!
//! It remembers as many pages that were evicted as there are frames. The share of the pages used once, `p` in the
//! paper, is a real number, as in the paper and in libCacheSim; others round it.
//!
//! A hit of a page used again only notes the time. The list T2 is put in order where it is asked for its last.

use super::queue::{Entries, Queue};
use super::ranked::Ranked;
use crate::lanes::{Lane, Marks, NO_PAGE, Pages, Use};

/// The words of a page: in which lanes it was used once, and the time of its last use.
const ONCE: usize = 0;
const LAST_USE: usize = 1;

/// The list of the paper that a page that is not resident is on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Known {
    /// Evicted from T1.
    B1,
    /// Evicted from T2.
    B2,
    No,
}

pub(super) struct Arc {
    frames: usize,
    share: f64,
    /// Pages used once, the oldest first.
    t1: Queue,
    /// Pages used again, by their last use.
    t2: Ranked<u32>,
    b1: Queue,
    b2: Queue,
    entries: Entries,
    known: Vec<Known>,
}

impl Arc {
    pub(super) fn new(frames: u32, pages: usize) -> Self {
        let [t1, b1, b2] = std::array::from_fn(|_| Queue::default());
        let (t2, entries, known) = (Ranked::new(), Entries::new(pages), vec![Known::No; pages]);
        Self { frames: frames as usize, share: 0.0, t1, t2, b1, b2, entries, known }
    }

    /// Evicts the oldest page used once.
    fn evict_once(&mut self, pages: &mut Pages<'_, 2>) -> u32 {
        let victim = self.t1.pop(&mut self.entries).expect("a page was used once");
        pages.take_bit(victim, ONCE);
        pages.leave(victim);
        victim
    }

    /// Evicts a page and remembers it: REPLACE in the paper.
    fn replace(&mut self, is_in_b2: bool, pages: &mut Pages<'_, 2>) -> u32 {
        let once = self.t1.len() as f64;
        let is_over = once > self.share || is_in_b2 && once == self.share;
        if self.t1.len() > 0 && is_over || self.t2.len() == 0 {
            let victim = self.evict_once(pages);
            self.b1.push(victim, &mut self.entries);
            self.known[victim as usize] = Known::B1;
            return victim;
        }
        let victim = self.t2.pop(|page| pages.word(page, LAST_USE));
        pages.leave(victim);
        self.b2.push(victim, &mut self.entries);
        self.known[victim as usize] = Known::B2;
        victim
    }

    /// Makes room for a page that is not known: case IV of the paper.
    fn make_room(&mut self, pages: &mut Pages<'_, 2>) -> u32 {
        let once = self.t1.len() + self.b1.len();
        if once == self.frames {
            if self.b1.len() == 0 {
                return self.evict_once(pages);
            }
            forget(&mut self.b1, &mut self.entries, &mut self.known);
            return self.replace(false, pages);
        }
        let all = once + self.t2.len() + self.b2.len();
        if all < self.frames {
            return NO_PAGE;
        }
        if all == 2 * self.frames {
            forget(&mut self.b2, &mut self.entries, &mut self.known);
        }
        self.replace(false, pages)
    }
}

/// Forgets the page that was evicted first.
fn forget(list: &mut Queue, entries: &mut Entries, known: &mut [Known]) {
    if let Some(page) = list.pop(entries) {
        known[page as usize] = Known::No;
    }
}

impl Lane<2> for Arc {
    fn hit(marks: &mut Marks<2>, using: Use) -> u32 {
        marks.planes[LAST_USE] = using.references;
        std::mem::take(&mut marks.planes[ONCE])
    }

    /// A page used once is used again.
    fn notice(&mut self, using: Use, _: &mut Pages<'_, 2>) {
        self.t1.remove(using.page, &mut self.entries);
        self.t2.push(using.references, using.page);
    }

    fn fault(&mut self, using: Use, pages: &mut Pages<'_, 2>) -> u32 {
        let Use { page, references, .. } = using;
        let ratio = |others: usize, own: usize| (others as f64 / own as f64).max(1.0);
        let known = std::mem::replace(&mut self.known[page as usize], Known::No);
        let (once, again) = (self.b1.len(), self.b2.len());
        match known {
            Known::No => {
                let victim = self.make_room(pages);
                self.t1.push(page, &mut self.entries);
                pages.set_bit(page, ONCE);
                return victim;
            }
            Known::B1 => {
                self.share = (self.share + ratio(again, once)).min(self.frames as f64);
                self.b1.remove(page, &mut self.entries);
            }
            Known::B2 => {
                self.share = (self.share - ratio(once, again)).max(0.0);
                self.b2.remove(page, &mut self.entries);
            }
        }
        let victim = self.replace(known == Known::B2, pages);
        self.t2.push(references, page);
        victim
    }
}
