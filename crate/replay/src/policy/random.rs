//! Random replacement evicts any resident page, by a seeded draw (Belady, "A study of replacement algorithms for a
//! virtual-storage computer", 1966).
//!
//! Each size has draws of its own. The machine draws among all of its frames, so its faults are others.

use super::regardless::{Choose, Regardless};
use crate::hash::{Random as Draws, mix};

pub(super) struct Random {
    draws: Draws,
}

impl Random {
    pub(super) fn lane(frames: u32, seed: u64) -> Regardless<Self> {
        let draws = Draws::new(mix(seed ^ mix(u64::from(frames))));
        Regardless::new(frames, Self { draws })
    }
}

impl Choose for Random {
    fn choose(&mut self, frames: u32) -> u32 {
        self.draws.below(frames)
    }
}
