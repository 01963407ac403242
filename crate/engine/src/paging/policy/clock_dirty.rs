//! Enhanced second chance (Silberschatz, Galvin and Gagne, "Operating System Concepts") is a clock that asks
//! too whether a page would have to be written.
//!
//! The classes are (unused, clean), (unused, dirty), (used, clean), (used, dirty), and the first page of
//! the lowest class that is not empty goes. As Stallings has it ("Operating Systems"): one round looks for
//! the first class and clears nothing; the next looks for the second and clears the accessed bits that it
//! passes; then what was used counts as unused, and the same two rounds find it.

use super::replacement::{Accessed, Look, Replacement, Verdict};

pub(super) struct ClockDirty;

fn is_first_of_two(round: u32) -> bool {
    round.is_multiple_of(2)
}

impl Replacement for ClockDirty {
    fn accessed(&self, round: u32) -> Accessed {
        if is_first_of_two(round) { Accessed::Read } else { Accessed::Cleared }
    }

    fn judge(&self, look: &Look<'_>) -> Verdict {
        let spared = look.accessed || look.dirty && is_first_of_two(look.round);
        if spared { Verdict::GoRound } else { Verdict::Evict }
    }
}
