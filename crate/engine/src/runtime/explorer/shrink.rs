//! Shortens a failing schedule: deviations are left out, many at a time and then one by one, as long as the
//! same kind of thing is still wrong. Fewer preemptions come first, then fewer deviations, then fewer steps.
//! What is left of a random schedule can be longer than need be, so schedules with fewer preemptions are
//! searched for a while too.

use super::dfs::{Bounds, exhaustive};
use super::finding::FindingKind;
use super::frontier::Frontier;
use super::guide::{Guide, Switch, Way};
use super::subject::{End, Failing, Subject, execute};
use crate::runtime::schedulers::Deviation;

/// The shortest failing schedule found.
#[derive(Clone, Debug)]
pub struct Shortest {
    /// The schedule and what is wrong under it.
    pub failing: Failing,
    /// Its switches in their order.
    pub switches: Vec<Switch>,
    /// Executions it took.
    pub executions: u64,
}

fn kind_of(failing: &Failing) -> Option<FindingKind> {
    failing.findings.first().map(|finding| finding.kind)
}

fn length(failing: &Failing) -> (u32, usize, u64) {
    (failing.preemptions, failing.schedule.len(), failing.steps)
}

/// Executes a schedule as far as it fits; returns what is wrong then, with the schedule that was really
/// executed.
fn attempt(subject: &mut dyn Subject, guide: &Guide, schedule: Vec<Deviation>) -> Option<Failing> {
    guide.set_out(Way::Follow, schedule);
    let ended = execute(subject, guide);
    (!ended.findings.is_empty()).then(|| Failing::of(guide, ended.findings))
}

/// Leaves out deviations, in at most `most` executions; returns how many it took.
fn leave_out(subject: &mut dyn Subject, guide: &Guide, best: &mut Failing, most: u64) -> u64 {
    let kind = kind_of(best);
    let mut executions = 0;
    let mut chunk = best.schedule.len().max(1);
    'shorter: while executions < most {
        chunk = chunk.min(best.schedule.len());
        if chunk == 0 {
            break;
        }
        for start in (0..best.schedule.len()).step_by(chunk).rev() {
            let mut fewer = best.schedule.clone();
            fewer.drain(start..(start + chunk).min(fewer.len()));
            executions += 1;
            if let Some(found) = attempt(subject, guide, fewer)
                && kind_of(&found) == kind
                && length(&found) < length(best)
            {
                *best = found;
                continue 'shorter;
            }
        }
        if chunk == 1 {
            break;
        }
        chunk = chunk.div_ceil(2);
    }
    executions
}

/// Makes a failing schedule as short as possible in about `most` executions for each of the two ways.
pub fn shrink(subject: &mut dyn Subject, failing: Failing, bounds: Bounds, most: u64) -> Shortest {
    let guide = Guide::new(bounds.steps, false);
    let mut best = failing;
    let mut executions = leave_out(subject, &guide, &mut best, most);
    // Only a random schedule can have more than the search has tried already.
    if let Some(preemptions) = best.preemptions.checked_sub(1)
        && bounds.preemptions > preemptions
    {
        let fewer = Bounds { preemptions, ..bounds };
        let mut frontier = Frontier::default();
        let mut go_on = |frontier: &Frontier| frontier.counts.schedules < most;
        let end = exhaustive(subject, fewer, &mut frontier, None, &mut go_on);
        executions += frontier.counts.schedules;
        if let End::Found(found) = end
            && kind_of(&found) == kind_of(&best)
        {
            best = found;
            executions += leave_out(subject, &guide, &mut best, most);
        }
    }
    guide.0.borrow_mut().switches = Some(Vec::new());
    if let Some(again) = attempt(subject, &guide, best.schedule.clone()) {
        best = again;
    }
    let switches = guide.0.borrow_mut().switches.take().unwrap_or_default();
    Shortest { failing: best, switches, executions: executions + 1 }
}
