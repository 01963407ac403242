//! Aging: eight accessed bits of history a frame, the latest on top; the smallest goes first.
//!
//! Finding the smallest would mean looking at every frame. Instead a search takes the frames with
//! an empty history, then, round by round, those below 2, 4, 8 and so on.

use super::{Look, Replacement, Verdict, read, write};

pub(super) struct Aging;

const TOP: u64 = 0x80;

impl Replacement for Aging {
    fn judge(&self, look: &Look<'_>) -> Verdict {
        let history = read(look.note) >> 1 | if look.accessed { TOP } else { 0 };
        write(look.note, history);
        if history < 1 << look.round { Verdict::Evict } else { Verdict::GoRound }
    }
}
