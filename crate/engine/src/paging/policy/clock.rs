//! Second chance (Corbató, 1968) evicts the oldest frame, unless it was accessed since it last came by.

use super::replacement::{Look, Replacement, Verdict};

pub(super) struct Clock;

impl Replacement for Clock {
    fn judge(&self, look: &Look<'_>) -> Verdict {
        if look.accessed { Verdict::GoRound } else { Verdict::Evict }
    }
}
