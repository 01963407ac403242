//! Detects livelock: a machine that moves and gets nowhere, because it comes back to a state in which it was.
//!
//! The machine is examined once in [`LivelockWatch::LOOK_AFTER`] steps. While accesses and ops end between
//! two looks, it makes progress. If none ends, the state is hashed: what the machine holds, and which tasks
//! are ready how far from now. A state that comes back [`MOST_RETURNS`] times, with nothing done in between,
//! comes back for ever: a task that could change it would have done so meanwhile. What only grows (counts,
//! epochs, stamps) is no part of the state.

use std::collections::BTreeMap;
use std::fmt;

/// How often a state may come back.
const MOST_RETURNS: u32 = 3;

/// Watches a virtual run for livelock.
pub(super) struct LivelockWatch {
    /// Hashes what decides how the machine goes on.
    state: Box<dyn Fn() -> u64>,
    /// Accesses and ops that had ended at the last look.
    ended: u64,
    /// The step of the last look at which something had ended since the look before.
    since: u64,
    /// How often each state was seen since then.
    seen: BTreeMap<u64, u32>,
}

impl fmt::Debug for LivelockWatch {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("LivelockWatch").field("seen", &self.seen.len()).finish_non_exhaustive()
    }
}

impl LivelockWatch {
    pub(super) fn new(state: Box<dyn Fn() -> u64>) -> Self {
        Self { state, ended: 0, since: 0, seen: BTreeMap::new() }
    }

    /// Steps between two looks.
    pub(super) const LOOK_AFTER: u64 = 1 << 16;

    /// Returns the step of the look after the one at `step`.
    pub(super) fn next_look(step: u64) -> u64 {
        step + Self::LOOK_AFTER
    }

    /// Looks at step `step`, when so many accesses and ops have ended and `tasks` hashes which tasks are
    /// ready when. Returns for how many steps nothing has ended, if that is because the state comes back.
    pub(super) fn look(
        &mut self,
        step: u64,
        ended: u64,
        tasks: impl FnOnce() -> u64,
    ) -> Option<u64> {
        if ended != self.ended {
            (self.ended, self.since) = (ended, step);
            self.seen.clear();
            return None;
        }
        let state = crate::hash::mix((self.state)() ^ tasks());
        let times = self.seen.entry(state).or_insert(0);
        *times += 1;
        (*times > MOST_RETURNS).then_some(step - self.since)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p19_a_state_that_comes_back_is_a_livelock_only_while_nothing_ends() {
        let mut watch = LivelockWatch::new(Box::new(|| 7));
        let mut step = 0;
        let mut look = |ended, tasks| {
            step = LivelockWatch::next_look(step);
            watch.look(step, ended, || tasks)
        };
        // Accesses end: the same state is no matter.
        for ended in 1..20 {
            assert_eq!(look(ended, 0), None);
        }
        // Nothing ends, but a task comes nearer.
        for tasks in 0..20 {
            assert_eq!(look(19, tasks), None);
        }
        // States of a circle of two.
        assert_eq!((0..6).filter_map(|turn| look(20, turn % 2)).count(), 0);
        assert_eq!(look(20, 0), None);
        assert_eq!(look(20, 1), Some(7 * LivelockWatch::LOOK_AFTER));
    }
}
