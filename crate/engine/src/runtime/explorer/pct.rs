//! The priorities of random schedules, which find a bug of depth d with a known probability: PCT
//! (Burckhardt, Kothari, Musuvathi, Nagarakatte, "A randomized scheduler with probabilistic guarantees
//! of finding bugs", ASPLOS 2010).
//!
//! Each task has a priority, and the highest that can go on does. At d - 1 steps, drawn beforehand, the task
//! that would go on falls below all others. With n tasks and k steps a bug of depth d shows with a
//! probability of at least 1/(n k^(d-1)) in each execution. A task that polls for another's step falls below
//! all others too, or it would keep the task it waits for from going on; and so does a task that has taken
//! many more steps in a row than the whole execution takes by the rule: it may need what another has, and no
//! machine keeps that other from going on for so long.

use crate::runtime::random::Random;
use crate::runtime::schedulers::Choice;

/// The priorities of one execution.
#[derive(Debug)]
pub(super) struct Priorities {
    random: Random,
    of: Vec<u64>,
    /// Steps at which the task that would go on falls, in ascending order.
    changes: Vec<u64>,
    /// The lowest priority so far.
    lowest: u64,
    /// How many steps in a row the last task has taken while another could have, and may take.
    alone: u64,
    most_alone: u64,
}

/// A task may take so many times the steps of the rule's execution while others could go on.
const PATIENCE: u64 = 8;

impl Priorities {
    /// Draws the priorities of an execution of about `length` steps.
    pub(super) fn draw(seed: u64, execution: u64, depth: u32, length: u64) -> Self {
        let mut random = Random::lane(seed, execution as u32);
        let mut changes: Vec<_> = (1..depth).map(|_| 1 + random.below(length.max(1))).collect();
        changes.sort_unstable();
        let most_alone = PATIENCE * length.max(1);
        Self { random, of: Vec::new(), changes, lowest: 1 << 32, alone: 0, most_alone }
    }

    pub(super) fn choose(&mut self, step: u64, choice: &Choice<'_>) -> usize {
        while self.of.len() < choice.pauses.len() {
            self.of.push(self.random.bits() | 1 << 33);
        }
        if let Some(last) = choice.last
            && choice.pauses[last].is_idle()
            && (choice.idle.contains(&last) || choice.ready.contains(&last))
        {
            self.fall(last);
        }
        while self.changes.first() == Some(&step) {
            self.changes.remove(0);
            self.fall(self.highest(choice));
        }
        let next = self.highest(choice);
        let is_alone = choice.last == Some(next) && choice.ready.len() > 1;
        self.alone = if is_alone { self.alone + 1 } else { 0 };
        if self.alone <= self.most_alone {
            return next;
        }
        self.fall(next);
        self.highest(choice)
    }

    fn highest(&self, choice: &Choice<'_>) -> usize {
        let highest = choice.ready.iter().max_by_key(|task| self.of[**task]);
        *highest.unwrap_or(&choice.ready[0])
    }

    fn fall(&mut self, task: usize) {
        self.lowest -= 1;
        self.of[task] = self.lowest;
    }
}
