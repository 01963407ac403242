//! First in, first out evicts the page that has been resident longest, used or not (Belady, "A study of
//! replacement algorithms for a virtual-storage computer", 1966).

use crate::lanes::{Lane, Marks, NO_PAGE, Pages, Use};

pub(super) struct Fifo {
    frames: usize,
    pages: Vec<u32>,
    /// Where the oldest is once all frames are taken.
    oldest: usize,
}

impl Fifo {
    pub(super) fn new(frames: u32) -> Self {
        Self { frames: frames as usize, pages: Vec::new(), oldest: 0 }
    }
}

impl Lane<0> for Fifo {
    fn hit(_: &mut Marks<0>, _: Use) -> u32 {
        0
    }

    fn fault(&mut self, using: Use, pages: &mut Pages<'_, 0>) -> u32 {
        pages.enter(using.page);
        if self.pages.len() < self.frames {
            self.pages.push(using.page);
            return NO_PAGE;
        }
        let victim = std::mem::replace(&mut self.pages[self.oldest], using.page);
        pages.leave(victim);
        self.oldest += 1;
        if self.oldest == self.frames {
            self.oldest = 0;
        }
        victim
    }
}
