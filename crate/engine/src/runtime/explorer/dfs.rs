//! Depth-first search of every schedule with a bounded number of preemptions, fewest first.
//!
//! Iterative context bounding (Musuvathi and Qadeer, "Iterative context bounding for systematic
//! testing of multithreaded programs", PLDI 2007): a switch away from a task that could go on costs
//! one, a switch where it waits costs nothing. An execution ends where it comes to a state that was
//! seen before with the same task running. Because schedules are tried by their number of
//! preemptions, it was seen with at least as many left, so all that can follow is searched: unlike
//! sleep sets, this stays sound under the bound.

use std::collections::BTreeSet;

use super::frontier::Frontier;
use super::guide::{Guide, Way};
use super::subject::{End, Failing, Subject, execute};

/// The bounds of a search.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Preemptions in a schedule.
    pub preemptions: u32,
    /// Steps after which an execution counts as one that never ends.
    pub steps: u64,
    /// Whether a state that was seen before is not searched again.
    pub reduces: bool,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { preemptions: 2, steps: 20_000, reduces: true }
    }
}

/// Tries schedules until all are tried, one is found under which something is wrong, or `go_on`, asked before
/// each, says no. `ends` collects what the ends look like, if it is given.
pub fn exhaustive(
    subject: &mut dyn Subject,
    bounds: Bounds,
    frontier: &mut Frontier,
    mut ends: Option<&mut BTreeSet<u64>>,
    go_on: &mut dyn FnMut(&Frontier) -> bool,
) -> End {
    let guide = Guide::new(bounds.steps, bounds.reduces);
    guide.0.borrow_mut().seen = std::mem::take(&mut frontier.seen);
    let end = loop {
        let Some((node, preemptions)) = frontier.pop(bounds.preemptions) else {
            break End::Complete;
        };
        if !go_on(frontier) {
            frontier.push_again(node, preemptions);
            break End::Stopped;
        }
        guide.set_out(Way::Search, frontier.schedule(node));
        let ended = execute(subject, &guide);
        let state = guide.0.borrow();
        frontier.counts.schedules += 1;
        frontier.counts.steps += state.steps;
        frontier.counts.states = state.seen.len() as u64;
        if !ended.findings.is_empty() {
            break End::Found(Failing::of(&guide, ended.findings));
        }
        drop(state);
        if !guide.has_stopped() {
            frontier.counts.ends += 1;
            if let Some(ends) = &mut ends {
                ends.insert(ended.state);
            }
        }
        for other in std::mem::take(&mut guide.0.borrow_mut().alternatives) {
            frontier.push(node, (other.step, other.task), preemptions + u32::from(other.preempts));
        }
    };
    frontier.seen = std::mem::take(&mut guide.0.borrow_mut().seen);
    end
}
