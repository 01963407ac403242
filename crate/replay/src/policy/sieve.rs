//! SIEVE moves a hand from old pages to new ones, evicts the first that was not visited since the hand last passed,
//! and leaves the others in their places, so that new pages have to prove themselves (Zhang and others, "SIEVE is
//! simpler than LRU", NSDI 2024).
//!
//! The access that brings a page in is no visit (`fault=unused`); as an MMU would have it, it is one (`fault=used`).
//! The hand begins at the oldest page, and goes on there after the newest.

use super::options::OnFault;
use crate::lanes::{Lane, Marks, NO_PAGE, Pages, Use};

/// No frame: past the newest page.
const NONE: u32 = u32::MAX;

/// The place before the oldest page.
const BEFORE: u32 = 0;

/// A frame: its page, and the place of the page that came next.
#[derive(Clone, Copy)]
struct Place {
    page: u32,
    newer: u32,
}

pub(super) struct Sieve {
    frames: usize,
    on_fault: OnFault,
    /// The place before the oldest page, and then the frames.
    places: Vec<Place>,
    newest: u32,
    hand: u32,
    /// The place that the hand passed last; nothing means something while there is no hand.
    behind: u32,
}

impl Sieve {
    pub(super) fn new(frames: u32, on_fault: OnFault) -> Self {
        let places = vec![Place { page: NO_PAGE, newer: NONE }];
        Self {
            frames: frames as usize,
            on_fault,
            places,
            newest: BEFORE,
            hand: NONE,
            behind: BEFORE,
        }
    }

    /// Lets the hand find a page that leaves, puts another into its frame, and returns the page that has left.
    #[inline]
    fn exchange(&mut self, new: Place, pages: &mut Pages<'_, 1>) -> u32 {
        let (mut frame, mut behind) = (self.hand, self.behind);
        let Place { page: victim, newer } = loop {
            if frame == NONE {
                (frame, behind) = (self.places[BEFORE as usize].newer, BEFORE);
            }
            let place = self.places[frame as usize];
            if pages.leave_or_count_down::<1>(place.page) {
                break place;
            }
            (behind, frame) = (frame, place.newer);
        };
        (self.hand, self.behind) = (newer, behind);
        self.places[behind as usize].newer = newer;
        if self.newest == frame {
            self.newest = behind;
        }
        self.places[frame as usize] = new;
        self.append(frame);
        victim
    }

    fn append(&mut self, frame: u32) {
        self.places[self.newest as usize].newer = frame;
        self.newest = frame;
    }
}

impl Lane<1> for Sieve {
    fn hit(marks: &mut Marks<1>, _: Use) {
        marks.set(0);
    }

    #[inline(always)]
    fn fault(&mut self, using: Use, pages: &mut Pages<'_, 1>) -> u32 {
        if self.on_fault == OnFault::Used {
            pages.set_bit(using.page, 0);
        }
        let new = Place { page: using.page, newer: NONE };
        if self.places.len() > self.frames {
            return self.exchange(new, pages);
        }
        self.places.push(new);
        self.append(self.places.len() as u32 - 1);
        NO_PAGE
    }
}
