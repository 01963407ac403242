//! Replacement policies choose the frame that is evicted next: one small trait, a file for each idea.
//!
//! A policy sees the active frames one by one, from the head of the active list or from its own
//! hand, with what the machine knows of their use: whether a mapping was accessed since the bit was
//! last cleared, and whether the frame is dirty. Most go along the list and say of each frame evict,
//! keep, or go round again. Some rank all frames and take the lowest. Random draws a frame by number.

mod aging;
mod clock;
mod clock_dirty;
mod fifo;
mod in_place;
mod isolated;
mod looks;
mod lowest;
mod lru;
mod nru;
mod place;
mod random;
mod replacement;
mod rule;
mod search;
mod sieve;
mod tables;
mod tick;
mod victims;
mod wsclock;

pub use tick::{references_until_tick, tick_if_due};
pub(super) use victims::victims;
