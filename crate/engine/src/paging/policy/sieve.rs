//! SIEVE (Zhang and others, NSDI 2024): a hand that moves from old to new, evicts what was not
//! accessed since it last passed, and leaves the rest in place, so that new pages have to prove
//! themselves.

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
