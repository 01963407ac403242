//! Not recently used (Tanenbaum, "Modern Operating Systems") evicts any page of the lowest class that is not
//! empty, of (unused, clean), (unused, dirty), (used, clean), (used, dirty).
//!
//! Used means since the last clock tick, which clears every accessed bit: see `tick.rs`.

use super::replacement::Look;
use crate::runtime::Random;

/// Returns the class above a draw, so that the lowest rank is any page of the lowest class.
pub(super) fn rank(look: &Look<'_>, random: &mut Random) -> u64 {
    let class = u64::from(look.accessed) << 1 | u64::from(look.dirty);
    class << 62 | random.bits() >> 2
}
