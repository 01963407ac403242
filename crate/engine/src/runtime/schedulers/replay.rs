//! Schedules: where a run on virtual CPUs deviates from the rule of who goes next.
//!
//! The rule: who took the last step goes on as long as it can without waiting for anybody; after
//! that the next in turn does, by number, round and round ([`Choice::by_rule`]). A deviation
//! names a step, counted from 0 at boot, and who takes it instead. CPUs are numbered from 0; the
//! trimmer, the writer and the zeroer follow.

use super::choice::{Choice, Chooser};
use crate::runtime::task::Task;

/// A step and who takes it.
pub type Deviation = (u64, usize);

/// Repeats a schedule, and refuses one that does not fit.
#[derive(Debug)]
pub struct Replay {
    deviations: Vec<Deviation>,
    /// The first that is still to come.
    next: usize,
    cpus: usize,
}

impl Replay {
    /// A schedule, in the order of its steps, for a machine with so many CPUs.
    pub fn new(deviations: Vec<Deviation>, cpus: usize) -> Self {
        Self { deviations, next: 0, cpus }
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
                let name = |task: &usize| Task::of(*task, self.cpus).to_string();
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
