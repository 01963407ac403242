//! Random replacement evicts any resident page, by a seeded draw (Belady, "A study of replacement algorithms for a
//! virtual-storage computer", 1966).
//!
//! Each size has draws of its own. The machine draws among all of its frames, so its faults are others.

use crate::hash::{Random as Draws, mix};
use crate::lanes::{Lane, Marks, NO_PAGE, Pages, Use};

pub(super) struct Random {
    frames: usize,
    pages: Vec<u32>,
    draws: Draws,
}

impl Random {
    pub(super) fn new(frames: u32, seed: u64) -> Self {
        let draws = Draws::new(mix(seed ^ mix(u64::from(frames))));
        Self { frames: frames as usize, pages: Vec::new(), draws }
    }
}

impl Lane<0> for Random {
    fn hit(_: &mut Marks<0>, _: Use) -> u32 {
        0
    }

    fn fault(&mut self, using: Use, pages: &mut Pages<'_, 0>) -> u32 {
        pages.enter(using.page);
        if self.pages.len() < self.frames {
            self.pages.push(using.page);
            return NO_PAGE;
        }
        let frame = self.draws.below(self.frames as u32) as usize;
        let victim = std::mem::replace(&mut self.pages[frame], using.page);
        pages.leave(victim);
        victim
    }
}
