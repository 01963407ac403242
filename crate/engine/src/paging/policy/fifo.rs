//! First in, first out evicts the frame that has been active longest, used or not.

use super::replacement::{Accessed, Look, Replacement, Verdict};

pub(super) struct Fifo;

impl Replacement for Fifo {
    fn accessed(&self, _round: u32) -> Accessed {
        Accessed::Ignored
    }

    fn judge(&self, _: &Look<'_>) -> Verdict {
        Verdict::Evict
    }
}
