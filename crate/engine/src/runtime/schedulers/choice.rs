//! A choice between tasks: where each stands, which can go on, and the trait of a chooser.

use std::fmt;
use std::panic::Location;

use crate::runtime::cpu::Step;
use crate::runtime::locks::LockId;

/// A task's position between two of its steps.
#[derive(Clone, Copy, Debug)]
pub enum Pause {
    /// It has just come to be, or was woken.
    Begin,
    /// Before it takes, or tries to take, a lock.
    Lock(LockId, &'static Location<'static>),
    /// At a marked step.
    Step(Step, &'static Location<'static>),
}

impl Pause {
    /// Whether the task waits for another here, so that it is no preemption when another goes on.
    pub fn is_a_wait(self) -> bool {
        match self {
            Self::Begin => true,
            Self::Lock(..) => false,
            Self::Step(step, _) => step.is_a_wait(),
        }
    }

    /// Whether the task polls, that is, looks again for something that another is about to do: until another
    /// has taken a step, there is no point in going on.
    pub fn is_idle(self) -> bool {
        matches!(self, Self::Step(Step::Relax, _))
    }
}

/// A choice between tasks.
#[derive(Debug)]
pub struct Choice<'a> {
    /// How many choices came before.
    pub number: u64,
    /// The tasks that can go on, in ascending order; never empty.
    pub ready: &'a [usize],
    /// The tasks that poll in vain until another has taken a step, in ascending order.
    pub idle: &'a [usize],
    /// Which of those has to let which task go first, now and later, as one number.
    pub debts: u64,
    /// The task that took the last step.
    pub last: Option<usize>,
    /// Where each task stands, by its number.
    pub pauses: &'a [Pause],
}

impl Choice<'_> {
    /// Returns the task that took the last step, if it could go on without waiting for another: choosing
    /// another preempts it.
    pub fn running(&self) -> Option<usize> {
        let last = self.last?;
        (self.ready.contains(&last) && !self.pauses[last].is_a_wait()).then_some(last)
    }

    /// Returns the task by the rule that a schedule deviates from: the running task goes on; else the next in
    /// turn.
    pub fn by_rule(&self) -> usize {
        self.running().unwrap_or_else(|| {
            let after = |task: &&usize| self.last.is_none_or(|last| **task > last);
            *self.ready.iter().find(after).unwrap_or(&self.ready[0])
        })
    }
}

/// Chooses the next task at each step.
pub trait Chooser: fmt::Debug {
    /// Returns one of `choice.ready`, or why the run ends here.
    ///
    /// # Errors
    /// A sentence for the report.
    fn choose(&mut self, choice: &Choice<'_>) -> Result<usize, String>;

    /// Returns what is wrong with a run that has come to its end.
    fn complaint(&self) -> Option<String> {
        None
    }
}

/// After so many polls in a row the run counts as a deadlock: no wait is as long.
pub(super) const MANY_LOOKS: u64 = 1 << 20;
