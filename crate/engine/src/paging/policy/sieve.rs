//! SIEVE (Zhang and others, NSDI 2024) moves a hand from old to new, which evicts what was not accessed since
//! it last passed, and leaves the rest where it is, so that new pages have to prove themselves.

use super::replacement::{Look, Replacement, Verdict};

pub(super) struct Sieve;

impl Replacement for Sieve {
    fn has_hand(&self) -> bool {
        true
    }

    fn judge(&self, look: &Look<'_>) -> Verdict {
        if look.accessed { Verdict::Keep } else { Verdict::Evict }
    }
}
