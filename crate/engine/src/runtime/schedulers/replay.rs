//! Replays a schedule: where a run on virtual CPUs deviates from the rule by which the next task is picked.
//!
//! The rule: the task that took the last step goes on as long as it can without waiting for another; after
//! that the next task in turn does, by number, round and round ([`Choice::by_rule`]). A deviation names a
//! step, counted from 0 at boot, and the task that takes it instead. CPUs are numbered from 0; the trimmers,
//! the writers and the zeroer follow.

use super::choice::{Choice, Chooser};
use crate::runtime::task::Tasks;

/// A step and the task that takes it.
pub type Deviation = (u64, usize);

/// Replays a schedule, and refuses one that does not fit.
#[derive(Debug)]
pub struct Replay {
    deviations: Vec<Deviation>,
    /// The index of the first deviation that is still to come.
    next: usize,
    tasks: Tasks,
}

impl Replay {
    /// Returns the replay of a schedule, in the order of its steps, for a machine with so many CPUs.
    pub fn new(deviations: Vec<Deviation>, tasks: Tasks) -> Self {
        Self { deviations, next: 0, tasks }
    }
}

impl Chooser for Replay {
    fn choose(&mut self, choice: &Choice<'_>) -> Result<usize, String> {
        match self.deviations.get(self.next) {
            Some((step, task)) if *step == choice.number => {
                self.next += 1;
                if choice.ready.contains(task) {
                    return Ok(*task);
                }
                let name = |task: &usize| self.tasks.task(*task).to_string();
                let ready: Vec<_> = choice.ready.iter().map(name).collect();
                Err(format!(
                    "the schedule does not fit: step {step} is to be taken by {}, and only {} can",
                    name(task),
                    ready.join(", ")
                ))
            }
            _ => Ok(choice.by_rule()),
        }
    }

    fn complaint(&self) -> Option<String> {
        let (step, _) = self.deviations.get(self.next)?;
        Some(format!("the schedule does not fit: the run ended before step {step}"))
    }
}
