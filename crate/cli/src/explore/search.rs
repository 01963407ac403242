//! Searches a scenario's schedules for one under which something is wrong.

use std::hash::{DefaultHasher, Hash, Hasher};

use faultline::runtime::explorer::{
    Bounds, Counts, End, Frontier, RandomSearch, exhaustive, random_search, shrink,
};
use faultline::scenario::explore::ScenarioSubject;
use faultline::scenario::{Scenario, Traces};

use super::found::{Found, Searched};

/// The most executions that shortening a failing schedule may take.
const SHORTENING: u64 = 20_000;

/// The order of a search says which schedules it tries.
#[derive(Clone, Copy, Debug)]
pub enum Order {
    /// All schedules with up to this many preemptions, fewest first.
    Preemptions(u32),
    /// Random schedules (PCT), for bugs of a depth; the seed decides every draw.
    Random {
        /// The depth.
        depth: u32,
        /// The seed.
        seed: u64,
    },
}

/// A search of one scenario's schedules.
#[derive(Debug)]
pub struct Search<'a> {
    scenario: &'a Scenario,
    subject: ScenarioSubject,
    order: Order,
    bounds: Bounds,
}

impl<'a> Search<'a> {
    /// Prepares the search of a scenario that has passed [`faultline::scenario::check`]. An execution of more than
    /// `steps` steps counts as one that never ends.
    pub fn new(scenario: &'a Scenario, traces: Traces, order: Order, steps: u64) -> Self {
        let subject = ScenarioSubject::new(scenario, traces);
        let preemptions = match order {
            Order::Preemptions(most) => most,
            Order::Random { .. } => u32::MAX,
        };
        let bounds = Bounds { preemptions, steps, reduces: subject.reduces() };
        Self { scenario, subject, order, bounds }
    }

    /// Tries what is left in `frontier` until nothing is left, something is wrong, or `go_on`, which is
    /// given what was done and how many schedules wait, returns false.
    pub fn run(
        &mut self,
        frontier: &mut Frontier,
        go_on: &mut dyn FnMut(&Counts, u64) -> bool,
    ) -> End {
        let Self { subject, bounds, .. } = self;
        match self.order {
            Order::Preemptions(most) => {
                exhaustive(subject, *bounds, frontier, None, &mut |frontier| {
                    go_on(&frontier.counts, frontier.waiting(most))
                })
            }
            Order::Random { depth, seed } => {
                let search = RandomSearch { depth, seed, steps: bounds.steps };
                random_search(subject, search, &mut frontier.counts, &mut |counts| go_on(counts, 0))
            }
        }
    }

    /// Returns the result of the search, after `seconds`, and shortens a failing schedule.
    pub fn found(mut self, end: End, counts: Counts, seconds: f64) -> Found {
        let (preemptions, depth) = match self.order {
            Order::Preemptions(most) => (Some(most), None),
            Order::Random { depth, .. } => (None, Some(depth)),
        };
        let searched = Searched {
            complete: matches!(end, End::Complete),
            preemptions,
            depth,
            reduces: self.bounds.reduces && depth.is_none(),
            counts,
            seconds,
        };
        let shortest = match end {
            End::Found(failing) => {
                // A search by preemptions has tried already the schedules with fewer.
                let preemptions = if depth.is_some() { u32::MAX } else { 0 };
                let bounds = Bounds { preemptions, ..self.bounds };
                Some(shrink(&mut self.subject, failing, bounds, SHORTENING))
            }
            _ => None,
        };
        Found::new(searched, shortest, self.scenario)
    }

    /// Hashes what is searched, because a frontier is of no use to another search. The bound is left out: a
    /// greater one goes on where a smaller one ended.
    pub(super) fn subject_hash(&self) -> u64 {
        let text = serde_json::to_string(self.scenario).unwrap_or_default();
        let mut hasher = DefaultHasher::new();
        (text, self.bounds.steps, self.bounds.reduces, env!("CARGO_PKG_VERSION")).hash(&mut hasher);
        hasher.finish()
    }
}
