//! Random replacement evicts any resident page, by a seeded draw (Belady, "A study of replacement algorithms for a
//! virtual-storage computer", 1966).
//!
//! Each size has draws of its own. The machine draws among all of its frames, so its faults are others.

use crate::hash::{Random as Draws, mix};
use crate::lanes::{Fault, Lane, Marks, NO_PAGE, Pages};

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
    fn hit(_: &mut Marks<0>, _: bool) {}

    fn fault(&mut self, fault: Fault, pages: &mut Pages<'_, 0>) -> u32 {
        pages.enter(fault.page, 0);
        if self.pages.len() < self.frames {
            self.pages.push(fault.page);
            return NO_PAGE;
        }
        let frame = self.draws.below(self.frames as u32) as usize;
        let victim = std::mem::replace(&mut self.pages[frame], fault.page);
        pages.leave(victim);
        victim
    }
}
