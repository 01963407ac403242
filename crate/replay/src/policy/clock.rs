//! CLOCK moves a hand over the frames, which takes one from the counter of each page that it passes, and evicts the
//! first page whose counter is zero.
//!
//! With one bit it is second chance (Corbató, "A paging experiment with the Multics system", 1968). With more it is
//! generalized CLOCK (Smith, "Sequentiality and prefetching in database systems", 1978): each use adds one, up to
//! the most that the bits hold.
//!
//! Sources differ in two things. In an MMU the access that faults sets the bit as any other does (`fault=used`, as
//! Stallings and OSTEP have it); caches count only uses after that (`fault=unused`, libCacheSim). And the hand goes
//! past a page that has come in (`hand=past`, Stallings, Tanenbaum), or stands on it (`hand=on`): then the page that
//! has come in last is looked at first.

use super::options::{Hand, OnFault};
use crate::lanes::{Lane, Marks, NO_PAGE, Pages, Use};

pub(super) struct Clock<const BITS: usize> {
    frames: usize,
    on_fault: OnFault,
    stands: Hand,
    pages: Vec<u32>,
    hand: usize,
}

impl<const BITS: usize> Clock<BITS> {
    pub(super) fn new(frames: u32, on_fault: OnFault, stands: Hand) -> Self {
        Self { frames: frames as usize, on_fault, stands, pages: Vec::new(), hand: 0 }
    }

    fn advance(&mut self) {
        self.hand += 1;
        if self.hand == self.frames {
            self.hand = 0;
        }
    }
}

impl<const BITS: usize> Lane<BITS> for Clock<BITS> {
    fn hit(marks: &mut Marks<BITS>, _: Use) -> u32 {
        marks.count_up();
        0
    }

    fn fault(&mut self, using: Use, pages: &mut Pages<'_, BITS>) -> u32 {
        pages.enter_again(using.page, self.on_fault == OnFault::Used);
        if self.pages.len() < self.frames {
            self.pages.push(using.page);
            if self.stands == Hand::On {
                self.hand = self.pages.len() - 1;
            }
            return NO_PAGE;
        }
        let victim = loop {
            let page = &mut self.pages[self.hand];
            if pages.leave_or_count_down(*page) {
                break std::mem::replace(page, using.page);
            }
            self.advance();
        };
        if self.stands == Hand::Past {
            self.advance();
        }
        victim
    }
}
