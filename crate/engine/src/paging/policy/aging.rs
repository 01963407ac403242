//! Aging evicts the page with the lowest counter of eight bits (Tanenbaum, "Modern Operating Systems"; the
//! additional reference bits of Silberschatz).
//!
//! Each clock tick shifts the counters to the right and puts the accessed bit on top: see `tick.rs`. The
//! accessed bit of the time since the last tick stands above the counter, so that a page used since then,
//! or just read in, goes after all that were not.

use super::replacement::{Look, read, write};
use crate::sync::atomic::AtomicU64;

/// The bit of a counter for the time before the last tick.
const TOP: u64 = 0x80;

pub(super) fn rank(look: &Look<'_>) -> u64 {
    u64::from(look.accessed) << 8 | read(look.note)
}

/// Shifts a counter for so many ticks, in the last of which the page was found `accessed` or not.
pub(super) fn shift(counter: &AtomicU64, accessed: bool, ticks: u64) {
    let before = read(counter).checked_shr(ticks as u32).unwrap_or(0);
    write(counter, before | if accessed { TOP } else { 0 });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s6_missed_ticks_are_made_up_for() {
        let counter = AtomicU64::new(0);
        let after = |accessed, ticks| {
            shift(&counter, accessed, ticks);
            read(&counter)
        };
        assert_eq!([after(true, 1), after(false, 1), after(true, 1)], [0x80, 0x40, 0xa0]);
        assert_eq!([after(false, 3), after(true, 2)], [0x14, 0x85]);
        // Eight are all that a counter remembers.
        assert_eq!([after(true, 8), after(false, 8)], [0x80, 0]);
    }

    #[test]
    fn s6_a_page_used_since_the_last_tick_ranks_above_all_that_were_not() {
        let rank_of = |counter, accessed| {
            rank(&Look {
                accessed,
                dirty: false,
                shared: false,
                round: 0,
                note: &AtomicU64::new(counter),
            })
        };
        let ranks = [(0, false), (1, false), (0xff, false), (0, true), (0x80, true)];
        assert!(ranks.map(|(counter, accessed)| rank_of(counter, accessed)).is_sorted());
    }
}
