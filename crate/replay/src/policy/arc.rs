//! ARC divides the frames between pages used once and pages used again, and learns from its mistakes by how much
//! (Megiddo and Modha, "ARC: a self-tuning, low overhead replacement cache", FAST 2003, figure 4).
//!
//! It remembers as many pages that were evicted as there are frames. The share of the pages used once, `p` in the
//! paper, is a real number, as in the paper and in libCacheSim; others round it.
//!
//! A hit of a page used again only notes the time. Each of the paper's lists has its pages in the order of their last
//! use: B1 and B2 too, because pages come there in the order in which they leave the others, and are not used while they
//! are there. So T1, B1 and B2 are queues, whose entries are void once their page has been used again. The first of T2 is
//! found by a hand that goes over the stream, past each use that was not the last of its page or whose page is on another
//! list. It only goes on, because a page comes to T2 when it is used.

use super::queue::{Ghosts, Queue};
use crate::lanes::{Lane, Marks, NO_PAGE, Pages, Use};
use crate::stream::Stream;

/// The words of a page: the lanes in which it was used once before it was evicted, if it was; those in which it was
/// evicted and is remembered; and how many references there were at its last use.
const ONCE: usize = 0;
const REMEMBERED: usize = 1;
const LAST_USE: usize = 2;
const WORDS: usize = 3;

pub(super) struct Arc<'stream> {
    frames: usize,
    share: f64,
    /// Pages used once.
    t1: Queue,
    /// How many pages are used again.
    t2: usize,
    /// How many references the hand has passed.
    hand: usize,
    /// Pages evicted from T1, and from T2.
    b1: Evicted,
    b2: Evicted,
    stream: &'stream Stream,
}

type Evicted = Ghosts<LAST_USE, REMEMBERED>;

impl<'stream> Arc<'stream> {
    pub(super) fn new(frames: u32, stream: &'stream Stream) -> Self {
        let frames = frames as usize;
        let [b1, b2] = [Evicted::new(frames), Evicted::new(frames)];
        Self { frames, share: 0.0, t1: Queue::default(), t2: 0, hand: 0, b1, b2, stream }
    }

    /// Evicts the page of T1 that was used longest ago.
    #[inline(always)]
    fn evict_once(&mut self, pages: &mut Pages<'_, WORDS>) -> u32 {
        let victim = self.t1.pop(|page| pages.word(page, LAST_USE));
        pages.leave(victim);
        victim
    }

    /// Evicts the page of T2 that was used longest ago. There is one.
    #[inline(always)]
    fn evict_again(&mut self, pages: &mut Pages<'_, WORDS>) -> u32 {
        self.t2 -= 1;
        loop {
            let page = self.stream.page(self.hand);
            self.hand += 1;
            let was_last_use = pages.word(page, LAST_USE) as usize == self.hand;
            if was_last_use && pages.is_resident(page) && !pages.bit(page, ONCE) {
                pages.leave(page);
                return page;
            }
        }
    }

    /// Evicts a page and remembers it: REPLACE in the paper.
    #[inline(always)]
    fn replace(&mut self, is_in_b2: bool, pages: &mut Pages<'_, WORDS>) -> u32 {
        let once = self.t1.len() as f64;
        let is_over = once > self.share || is_in_b2 && once == self.share;
        if self.t1.len() > 0 && is_over || self.t2 == 0 {
            let victim = self.evict_once(pages);
            self.b1.push(victim, pages);
            victim
        } else {
            let victim = self.evict_again(pages);
            self.b2.push(victim, pages);
            victim
        }
    }

    /// Makes room for a page that is not known: case IV of the paper.
    #[inline(always)]
    fn make_room(&mut self, pages: &mut Pages<'_, WORDS>) -> u32 {
        let once = self.t1.len() + self.b1.len();
        if once == self.frames {
            if self.b1.len() == 0 {
                return self.evict_once(pages);
            }
            self.b1.forget(pages);
        } else {
            let all = once + self.t2 + self.b2.len();
            if all < self.frames {
                return NO_PAGE;
            }
            if all == 2 * self.frames {
                self.b2.forget(pages);
            }
        }
        self.replace(false, pages)
    }
}

impl Lane<WORDS> for Arc<'_> {
    fn hit(marks: &mut Marks<WORDS>, using: Use) -> u32 {
        marks.planes[LAST_USE] = using.references;
        marks.take(ONCE)
    }

    /// A page used once is used again.
    fn notice(&mut self, _: Use, _: &mut Pages<'_, WORDS>) {
        self.t1.take_used();
        self.t2 += 1;
    }

    #[inline(always)]
    fn fault(&mut self, using: Use, pages: &mut Pages<'_, WORDS>) -> u32 {
        let page = using.page;
        let ratio = |others: usize, own: usize| (others as f64 / own as f64).max(1.0);
        let (once, again) = (self.b1.len(), self.b2.len());
        if !pages.bit(page, REMEMBERED) {
            let victim = self.make_room(pages);
            self.t1.push(page, |page| pages.word(page, LAST_USE));
            pages.set_bit(page, ONCE);
            return victim;
        }
        let is_in_b2 = !pages.take_bit(page, ONCE);
        if is_in_b2 {
            self.share = (self.share - ratio(once, again)).max(0.0);
            self.b2.take(page, pages);
        } else {
            self.share = (self.share + ratio(again, once)).min(self.frames as f64);
            self.b1.take(page, pages);
        }
        let victim = self.replace(is_in_b2, pages);
        self.t2 += 1;
        victim
    }
}
