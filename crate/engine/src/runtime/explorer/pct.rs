//! Random schedules that find a bug of depth d with a known probability: PCT (Burckhardt, Kothari,
//! Musuvathi, Nagarakatte, "A randomized scheduler with probabilistic guarantees of finding bugs",
//! ASPLOS 2010).
//!
//! Each task has a priority, and the highest that can go on does. At d - 1 steps, drawn beforehand,
//! who would go on falls below all others. With n tasks and k steps a bug of depth d shows with a
//! probability of at least 1/(n k^(d-1)) in each execution. Who waits in a loop for another falls
//! below all others too, or it would keep the one it waits for from going on; and so does who has taken
//! many more steps in a row than the whole takes by the rule: it may need what another has, and no
//! machine keeps that other from going on for so long.

use super::frontier::Counts;
use super::guide::{Guide, Way};
use super::{End, Failing, Subject, execute};
use crate::runtime::random::Random;
use crate::runtime::schedulers::Choice;

/// Priorities of one execution.
#[derive(Debug)]
pub(super) struct Priorities {
    random: Random,
    of: Vec<u64>,
    /// Steps at which who would go on falls, in ascending order.
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
    /// Draws them for executions of about `length` steps.
    fn draw(seed: u64, execution: u64, depth: u32, length: u64) -> Self {
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

/// A random search.
#[derive(Clone, Copy, Debug)]
pub struct RandomSearch {
    /// The depth of the bugs it looks for.
    pub depth: u32,
    /// Decides every draw.
    pub seed: u64,
    /// Steps after which an execution counts as one that never ends.
    pub steps: u64,
}

/// Tries random schedules, from the one that `counts` says is next, until one is found under which
/// something is wrong, or `go_on`, asked before each, says no.
pub fn random_search(
    subject: &mut dyn Subject,
    search: RandomSearch,
    counts: &mut Counts,
    go_on: &mut dyn FnMut(&Counts) -> bool,
) -> End {
    let guide = Guide::new(search.steps, false);
    // How long an execution is, from the rule's.
    guide.set_out(Way::Follow, Vec::new());
    let mut ended = execute(subject, &guide);
    let length = guide.0.borrow().open_steps;
    loop {
        if !ended.findings.is_empty() {
            let state = guide.0.borrow();
            return End::Found(Failing {
                schedule: state.taken.clone(),
                preemptions: state.preemptions,
                steps: state.steps,
                findings: ended.findings,
            });
        }
        if !go_on(counts) {
            return End::Stopped;
        }
        let priorities = Priorities::draw(search.seed, counts.schedules, search.depth, length);
        guide.set_out(Way::Random(priorities), Vec::new());
        ended = execute(subject, &guide);
        counts.schedules += 1;
        counts.ends += 1;
        counts.steps += guide.0.borrow().steps;
    }
}
