//! The subject of a search, one execution of it, and the result of a search.

use super::finding::Finding;
use super::guide::Guide;
use super::panics::caught;
use crate::runtime::schedulers::Deviation;

/// The end of an execution.
#[derive(Clone, Debug, Default)]
pub struct Ended {
    /// What was wrong.
    pub findings: Vec<Finding>,
    /// A hash of what the subject's users see at the end.
    pub state: u64,
}

/// A subject: what a search executes.
pub trait Subject {
    /// Executes it from boot, with the guide's chooser. It opens the guide where the choices begin
    /// that matter and closes it where they end, and comes back at once when the guide has stopped.
    fn execute(&mut self, guide: &Guide) -> Ended;
}

/// A schedule under which something is wrong.
#[derive(Clone, Debug)]
pub struct Failing {
    /// Where it deviates from the rule.
    pub schedule: Vec<Deviation>,
    /// How many of the switches preempt a task that could have gone on.
    pub preemptions: u32,
    /// How many steps the execution took.
    pub steps: u64,
    /// What was wrong.
    pub findings: Vec<Finding>,
}

impl Failing {
    /// Returns the schedule of a guide's last execution, with what was wrong.
    pub(super) fn of(guide: &Guide, findings: Vec<Finding>) -> Self {
        let state = guide.0.borrow();
        let (schedule, preemptions) = (state.taken.clone(), state.preemptions);
        Self { schedule, preemptions, steps: state.steps, findings }
    }
}

/// Executes the subject once under a guide that is set up for it.
pub(super) fn execute(subject: &mut dyn Subject, guide: &Guide) -> Ended {
    let mut ended = match caught(|| subject.execute(guide)) {
        Ok(ended) => ended,
        Err(message) => Ended { findings: vec![guide.panicked(&message)], state: 0 },
    };
    guide.close();
    // A finding of the guide itself explains the rest.
    if let Some(finding) = guide.take_finding() {
        ended.findings = vec![finding];
    }
    ended
}

/// How a search ended.
#[derive(Clone, Debug)]
pub enum End {
    /// Everything within the bounds was tried, and nothing was wrong.
    Complete,
    /// The search was stopped by its caller; the frontier has the rest.
    Stopped,
    /// Something is wrong.
    Found(Failing),
}
