//! A map by a word's address and one of its bits, looked up for every lock that is waited for.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use super::random::mix;

/// Looked up only, never iterated: addresses differ between runs.
pub(super) type ByAddress<Value> = HashMap<(usize, u64), Value, BuildHasherDefault<Mixer>>;

/// A hasher for addresses: nobody chooses them to collide.
#[derive(Debug, Default)]
pub(super) struct Mixer(u64);

impl Hasher for Mixer {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64((*byte).into());
        }
    }

    fn write_u64(&mut self, word: u64) {
        self.0 = mix(self.0 ^ word);
    }

    fn write_usize(&mut self, word: usize) {
        self.write_u64(word as u64);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}
