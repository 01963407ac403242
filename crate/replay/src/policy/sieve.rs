//! SIEVE moves a hand from old pages to new ones, evicts the first that was not visited since the hand last passed,
//! and leaves the others in their places, so that new pages have to prove themselves (Zhang and others, "SIEVE is
//! simpler than LRU", NSDI 2024).
//!
//! The access that brings a page in is no visit (`fault=unused`); as an MMU would have it, it is one (`fault=used`).
//! The hand begins at the oldest page, and goes on there after the newest.

use super::options::OnFault;
use crate::lanes::{Lane, Marks, NO_PAGE, Pages, Use};

/// No frame: past the newest page, or before the oldest.
const NONE: u32 = u32::MAX;

/// A frame: its page, and the frame whose page came next.
#[derive(Clone, Copy)]
struct Place {
    page: u32,
    newer: u32,
}

pub(super) struct Sieve {
    frames: usize,
    on_fault: OnFault,
    places: Vec<Place>,
    oldest: u32,
    newest: u32,
    hand: u32,
    /// The frame that the hand passed last; nothing means something while there is no hand.
    behind: u32,
}

impl Sieve {
    pub(super) fn new(frames: u32, on_fault: OnFault) -> Self {
        let places = Vec::new();
        let (oldest, newest, hand, behind) = (NONE, NONE, NONE, NONE);
        Self { frames: frames as usize, on_fault, places, oldest, newest, hand, behind }
    }

    fn newer(&self, frame: u32) -> u32 {
        self.places[frame as usize].newer
    }

    fn set_newer(&mut self, frame: u32, newer: u32) {
        self.places[frame as usize].newer = newer;
    }

    /// Takes the frame out of which a page goes, from among the others.
    fn free_frame(&mut self, pages: &mut Pages<'_, 1>) -> u32 {
        self.begin_if_at_end();
        while pages.take_bit(self.places[self.hand as usize].page, 0) {
            self.behind = self.hand;
            self.hand = self.newer(self.hand);
            self.begin_if_at_end();
        }
        let (frame, next) = (self.hand, self.newer(self.hand));
        if self.behind == NONE {
            self.oldest = next;
        } else {
            self.set_newer(self.behind, next);
        }
        if self.newest == frame {
            self.newest = self.behind;
        }
        self.hand = next;
        frame
    }

    fn begin_if_at_end(&mut self) {
        if self.hand == NONE {
            (self.hand, self.behind) = (self.oldest, NONE);
        }
    }
}

impl Lane<1> for Sieve {
    fn hit(marks: &mut Marks<1>, _: Use) -> u32 {
        marks.set(0);
        0
    }

    fn fault(&mut self, using: Use, pages: &mut Pages<'_, 1>) -> u32 {
        let place = Place { page: using.page, newer: NONE };
        let (frame, victim);
        if self.places.len() < self.frames {
            (frame, victim) = (self.places.len() as u32, NO_PAGE);
            self.places.push(place);
        } else {
            frame = self.free_frame(pages);
            victim = std::mem::replace(&mut self.places[frame as usize], place).page;
            pages.leave(victim);
        }
        pages.enter_with(using.page, u32::from(self.on_fault == OnFault::Used));
        if self.newest == NONE {
            self.oldest = frame;
        } else {
            self.set_newer(self.newest, frame);
        }
        self.newest = frame;
        victim
    }
}
