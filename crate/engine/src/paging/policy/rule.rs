//! A rule of one's own (`crate/rule`) says of each page that the hand finds what becomes of it.
//!
//! A rule that never evicts is overruled in the last round.

use faultline_rule::{ROUNDS, Rule, Seen};

use super::replacement::{Look, Replacement, Verdict, read, write};

pub(super) struct OwnRule<'a> {
    pub(super) rule: &'a Rule,
    /// How many references there were when the search began.
    pub(super) now: u64,
}

impl Replacement for OwnRule<'_> {
    fn has_hand(&self) -> bool {
        self.rule.keeps()
    }

    fn rounds(&self) -> u32 {
        ROUNDS
    }

    fn judge(&self, look: &Look<'_>) -> Verdict {
        let noted = read(look.note);
        let (verdict, note) = self.rule.judge(Seen {
            accessed: look.accessed,
            dirty: look.dirty,
            shared: look.shared,
            round: look.round.into(),
            now: self.now,
            note: noted,
        });
        if note != noted {
            write(look.note, note);
        }
        match verdict {
            faultline_rule::Verdict::Evict => Verdict::Evict,
            faultline_rule::Verdict::Again => Verdict::GoRound,
            faultline_rule::Verdict::Keep => Verdict::Keep,
        }
    }
}
