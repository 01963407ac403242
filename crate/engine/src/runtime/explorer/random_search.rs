//! Searches by random schedules: each execution has priorities of its own.

use super::frontier::Counts;
use super::guide::{Guide, Way};
use super::pct::Priorities;
use super::subject::{End, Failing, Subject, execute};

/// The parameters of a random search.
#[derive(Clone, Copy, Debug)]
pub struct RandomSearch {
    /// The depth of the bugs it looks for.
    pub depth: u32,
    /// The seed of every draw.
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
            return End::Found(Failing::of(&guide, ended.findings));
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
