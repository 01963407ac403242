//! Detects livelock: a machine that moves and gets nowhere, because it comes back to a state in which it was.
//!
//! The machine is examined once in [`LOOK_AFTER`] steps. While accesses and ops end between two looks, it makes progress.
//! If none ends, its state is hashed at each of the next few steps: what the machine holds, and which tasks are ready how
//! far from now. A state that comes back [`MOST_RETURNS`] times, each at another time of examination and with nothing done
//! in between, comes back for ever: a task that could change it would have done so meanwhile. What only grows (counts,
//! epochs, stamps) is no part of the state.
//!
//! Chance decides between tasks that are ready at one time, so a machine seldom goes round a circle step by step, but comes
//! back to one of many states. Where one of them is seen at a time, it takes very long until the same was seen several times;
//! where many are seen, few times are enough.

use std::collections::BTreeMap;
use std::fmt;

/// Steps from one examination to the next.
pub(super) const LOOK_AFTER: u64 = 1 << 16;
/// How often a state may come back.
const MOST_RETURNS: u32 = 3;
/// The most states that are seen in one examination, at consecutive steps.
const MOST_LOOKS: u32 = 256;

/// Watches a virtual run for livelock.
pub(super) struct LivelockWatch {
    /// Hashes what decides how the machine goes on.
    state: Box<dyn Fn() -> u64>,
    /// The looks of an examination: fewer where each takes long.
    looks: u32,
    /// Those that are left of this one.
    left: u32,
    /// The step of the next look.
    next: u64,
    /// Accesses and ops that had ended at the last look.
    ended: u64,
    /// The step of the last look at which something had ended since the look before.
    since: u64,
    /// The states seen since then.
    seen: BTreeMap<u64, Seen>,
}

/// How often a state was seen.
#[derive(Default)]
struct Seen {
    /// In how many examinations.
    times: u32,
    /// The step before which it does not count again.
    until: u64,
}

impl fmt::Debug for LivelockWatch {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("LivelockWatch").field("seen", &self.seen.len()).finish_non_exhaustive()
    }
}

impl LivelockWatch {
    /// Watches from step `step` on, by hashes of about so many words.
    pub(super) fn new(step: u64, words: u64, state: Box<dyn Fn() -> u64>) -> Self {
        let affordable = u32::try_from((1 << 20) / words.max(1)).unwrap_or(MOST_LOOKS);
        let looks = affordable.clamp(1, MOST_LOOKS);
        Self {
            state,
            looks,
            left: looks,
            next: step + LOOK_AFTER,
            ended: 0,
            since: step,
            seen: BTreeMap::new(),
        }
    }

    /// Returns the step of the next look.
    pub(super) const fn next(&self) -> u64 {
        self.next
    }

    /// Ends an examination at step `step`.
    pub(super) const fn rest(&mut self, step: u64) {
        (self.left, self.next) = (self.looks, step + LOOK_AFTER);
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
            self.rest(step);
            return None;
        }
        let state = crate::hash::mix((self.state)() ^ tasks());
        let seen = self.seen.entry(state).or_default();
        if seen.until <= step {
            *seen = Seen { times: seen.times + 1, until: step + LOOK_AFTER };
        }
        let comes_back = seen.times > MOST_RETURNS;
        self.left -= 1;
        self.next = step + 1;
        if self.left == 0 {
            self.rest(step);
        }
        comes_back.then_some(step - self.since)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runtime::Random;

    fn watch() -> LivelockWatch {
        let mut watch = LivelockWatch::new(0, 100, Box::new(|| 7));
        assert_eq!(watch.look(watch.next(), 1, || 0), None, "something has ended");
        watch
    }

    /// Returns for how many steps nothing has ended when the watch finds a livelock, and nothing ever does.
    fn found(mut state: impl FnMut(u64) -> u64) -> Option<u64> {
        let mut watch = watch();
        (0..100_000).find_map(|_| {
            let step = watch.next();
            watch.look(step, 1, || state(step))
        })
    }

    #[test]
    fn p19_a_state_that_comes_back_is_a_livelock_only_while_nothing_ends() {
        let mut watch = watch();
        // Accesses end: the same state is no matter.
        for ended in 2..2_000 {
            assert_eq!(watch.look(watch.next(), ended, || 0), None);
        }
        // Nothing ends, but a task comes nearer.
        assert_eq!(found(|step| step), None);
        let soon = found(|_| 0).unwrap();
        assert!((3 * LOOK_AFTER..4 * LOOK_AFTER).contains(&(soon - LOOK_AFTER)), "{soon}");
    }

    /// However long the circle is, or at random among so many states.
    #[test]
    fn p19_a_machine_that_comes_back_to_one_of_many_states_is_in_livelock() {
        for states in [2, 3, 100, 257, 1_000, 4_097] {
            let mut random = Random::new(states);
            let at_random = found(|_| random.below(states)).unwrap();
            let round = found(|step| step % states).unwrap();
            let most = LOOK_AFTER * 40;
            assert!(at_random.max(round) < most, "{states}: {at_random} and {round} steps");
        }
    }

    /// A task that counts how often the others go round ends, and is given the time.
    #[test]
    fn p19_a_machine_that_turns_for_a_while_is_in_no_livelock() {
        let end = 4 * LOOK_AFTER;
        assert_eq!(found(|step| if step < end { step % 10 } else { step }), None);
    }
}
