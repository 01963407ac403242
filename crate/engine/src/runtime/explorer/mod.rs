//! The explorer: the executor of virtual CPUs, searching its choices (R3).
//!
//! The search is stateless: it executes its subject from boot again and again, each time under
//! another schedule. A schedule is where it deviates from the rule of who goes next
//! ([`super::schedulers::replay`]), so an execution without deviations is the rule's, and what is still to be
//! searched is a set of deviations to add. `docs/explorer.md` says what is guaranteed.

mod dfs;
mod frontier;
mod guide;
mod panics;
mod pct;
mod shrink;

pub use dfs::{Bounds, End, exhaustive};
pub use frontier::{Counts, Frontier};
pub use guide::{Guide, Switch};
pub use pct::{RandomSearch, random_search};
pub use shrink::{Shortest, shrink};

use super::schedulers::Deviation;
use panics::caught;

/// What kind of thing was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FindingKind {
    /// An invariant of the machine does not hold.
    Audit,
    /// An op of the script, a value or an expectation went wrong.
    Failure,
    /// Nobody can go on.
    Deadlock,
    /// Somebody goes on for ever, and nothing comes of it.
    Livelock,
    /// A lock was waited for out of order.
    LockOrder,
    /// The engine panicked.
    Panic,
    /// The same schedule did not do the same again.
    NotRepeatable,
}

/// Something wrong.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Finding {
    /// What kind.
    pub kind: FindingKind,
    /// What, in a sentence.
    pub text: String,
}

impl Finding {
    /// Something wrong.
    pub fn new(kind: FindingKind, text: impl Into<String>) -> Self {
        Self { kind, text: text.into() }
    }
}

/// What an execution came to.
#[derive(Clone, Debug, Default)]
pub struct Ended {
    /// What was wrong.
    pub findings: Vec<Finding>,
    /// What the end looks like to the subject's users, as one number.
    pub state: u64,
}

/// What is searched.
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

/// Executes the subject once under a guide that is set up for it.
fn execute(subject: &mut dyn Subject, guide: &Guide) -> Ended {
    let mut ended = match caught(|| subject.execute(guide)) {
        Ok(ended) => ended,
        Err(message) => Ended { findings: vec![guide.panicked(&message)], state: 0 },
    };
    guide.close();
    // What the guide itself has seen explains the rest.
    if let Some(finding) = guide.take_finding() {
        ended.findings = vec![finding];
    }
    ended
}
