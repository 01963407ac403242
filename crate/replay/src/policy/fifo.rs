//! First in, first out evicts the page that has been resident longest, used or not (Belady, "A study of
//! replacement algorithms for a virtual-storage computer", 1966).

use super::regardless::{Choose, Regardless};

#[derive(Default)]
pub(super) struct Fifo {
    /// The frame of the oldest page once all are taken.
    oldest: u32,
}

impl Fifo {
    pub(super) fn lane(frames: u32) -> Regardless<Self> {
        Regardless::new(frames, Self::default())
    }
}

impl Choose for Fifo {
    fn choose(&mut self, frames: u32) -> u32 {
        let oldest = self.oldest;
        self.oldest += 1;
        if self.oldest == frames {
            self.oldest = 0;
        }
        oldest
    }
}
