//! Runs the policies that evict regardless of use: a page that comes in takes a free frame or, once all are taken, the
//! frame that the policy chooses.

use crate::lanes::{Lane, Marks, NO_PAGE, Pages, Use};

/// Chooses one of the frames, all of which are taken.
pub(super) trait Choose {
    fn choose(&mut self, frames: u32) -> u32;
}

pub(super) struct Regardless<Chooser> {
    frames: u32,
    pages: Vec<u32>,
    chooser: Chooser,
}

impl<Chooser> Regardless<Chooser> {
    pub(super) fn new(frames: u32, chooser: Chooser) -> Self {
        Self { frames, pages: Vec::new(), chooser }
    }
}

impl<Chooser: Choose> Lane<0> for Regardless<Chooser> {
    fn hit(_: &mut Marks<0>, _: Use) {}

    fn fault(&mut self, using: Use, pages: &mut Pages<'_, 0>) -> u32 {
        if self.pages.len() < self.frames as usize {
            self.pages.push(using.page);
            return NO_PAGE;
        }
        let frame = self.chooser.choose(self.frames) as usize;
        let victim = std::mem::replace(&mut self.pages[frame], using.page);
        pages.leave(victim);
        victim
    }
}
