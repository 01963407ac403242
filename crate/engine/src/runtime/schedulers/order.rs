//! Orders the tasks of virtual CPUs that are ready, in one of two ways.

use super::by_choice::ByChoice;
use super::by_time::ByTime;
use super::choice::{Chooser, Pause};
use crate::hash::mix;

/// The ready tasks in their order.
#[derive(Debug)]
pub(in crate::runtime) enum Order {
    /// By virtual time, ties drawn from the seed.
    ByTime(Box<ByTime>),
    /// By a chooser.
    ByChoice(Box<ByChoice>),
}

impl Order {
    pub(in crate::runtime) fn by_time(seed: u64) -> Self {
        Self::ByTime(Box::new(ByTime::new(seed)))
    }

    pub(in crate::runtime) fn by_choice(chooser: Box<dyn Chooser>) -> Self {
        Self::ByChoice(Box::new(ByChoice::new(chooser)))
    }

    /// Whether virtual time decides.
    pub(in crate::runtime) fn is_by_time(&self) -> bool {
        matches!(self, Self::ByTime(_))
    }

    /// Makes a task ready to take its next step at a time.
    pub(in crate::runtime) fn make_ready(&mut self, task: usize, at: u64, pause: Pause) {
        match self {
            Self::ByTime(order) => order.make_ready(task, at, pause),
            Self::ByChoice(order) => order.make_ready(task, at, pause),
        }
    }

    /// Whether the running task goes on at a time; if not, it is ready, and another is next.
    #[inline]
    pub(in crate::runtime) fn goes_on(&mut self, task: usize, at: u64, pause: Pause) -> bool {
        match self {
            Self::ByTime(order) => order.goes_on(task, at, pause),
            Self::ByChoice(order) => order.goes_on(task, at, pause),
        }
    }

    /// Returns how many polls in a row there were while no task did anything else: a deadlock, once there are
    /// [`MANY_LOOKS`](super::choice::MANY_LOOKS).
    pub(in crate::runtime) fn looks(&self) -> u64 {
        match self {
            Self::ByTime(order) => order.looks(),
            Self::ByChoice(order) => order.looks(),
        }
    }

    /// Returns which tasks are ready, each how long after `now`, as one number.
    pub(in crate::runtime) fn standing(&self, now: u64) -> u64 {
        let add = |sum: u64, (at, task): (u64, usize)| {
            sum.wrapping_add(mix(mix(at.saturating_sub(now)) ^ task as u64))
        };
        match self {
            Self::ByTime(order) => order.all_ready().fold(0, add),
            Self::ByChoice(order) => order.all_ready().map(|task| (now, task)).fold(0, add),
        }
    }

    /// Returns why the run ends, if a chooser has ended it.
    pub(in crate::runtime) fn stopped(&self) -> Option<String> {
        match self {
            Self::ByTime(_) => None,
            Self::ByChoice(order) => order.stopped(),
        }
    }

    /// Returns what the chooser, if there is one, finds wrong with a run that has come to its end.
    pub(in crate::runtime) fn complaint(&self) -> Option<String> {
        match self {
            Self::ByTime(_) => None,
            Self::ByChoice(order) => order.complaint(),
        }
    }

    /// Returns the task that takes the next step, and when.
    pub(in crate::runtime) fn next(&mut self) -> Option<(u64, usize)> {
        match self {
            Self::ByTime(order) => order.next(),
            Self::ByChoice(order) => order.next(),
        }
    }
}
