//! First in, first out: the frame that has been active longest, used or not.

use super::{Look, Replacement, Verdict};

pub(super) struct Fifo;

impl Replacement for Fifo {
    fn asks(&self) -> bool {
        false
    }

    fn judge(&self, _: &Look<'_>) -> Verdict {
        Verdict::Evict
    }
}
