//! Schedules tasks by a chooser, step by step, made fair.
//!
//! A task that polls (looks again for something that another is about to do) is not scheduled again before
//! another has taken a step. That alone would let two tasks that poll, in turns, keep a third from ever going
//! on. So a task that polls again while another has stood ready since the last poll lets that one go first
//! (it is in *debt* to it): the fairness of CHESS (Musuvathi and Qadeer, "Fair stateless model checking",
//! PLDI 2008). No schedule is without end then, unless the program is.

use super::choice::{Choice, Chooser, MANY_LOOKS, Pause};
use crate::hash::mix;
use crate::sync;

/// A task's position between two of its steps.
#[derive(Clone, Debug)]
struct Stand {
    /// The earliest time of its next step.
    time: u64,
    /// How many choices there had been when it came to stand there.
    since: u64,
    /// The same for when it last polled in vain, since it slept last.
    looked: Option<u64>,
    /// The tasks that have to go first, each with since when it stood.
    debts: Vec<(usize, u64)>,
}

#[derive(Debug)]
pub(in crate::runtime) struct ByChoice {
    chooser: Box<dyn Chooser>,
    /// The tasks that can go on, in ascending order.
    ready: Vec<usize>,
    /// The tasks that poll in vain until another has taken a step.
    idle: Vec<usize>,
    stands: Vec<Stand>,
    pauses: Vec<Pause>,
    last: Option<usize>,
    /// How many polls in a row there were while no task did anything else.
    looks: u64,
    /// The next task, where the step before has chosen it already.
    next: Option<usize>,
    choices: u64,
    /// Why the run ends.
    stopped: Option<String>,
}

fn insert(tasks: &mut Vec<usize>, task: usize) {
    let place = tasks.partition_point(|other| *other < task);
    tasks.insert(place, task);
}

impl ByChoice {
    pub(super) fn new(chooser: Box<dyn Chooser>) -> Self {
        Self {
            chooser,
            ready: Vec::new(),
            idle: Vec::new(),
            stands: Vec::new(),
            pauses: Vec::new(),
            last: None,
            looks: 0,
            next: None,
            choices: 0,
            stopped: None,
        }
    }

    pub(super) fn complaint(&self) -> Option<String> {
        self.chooser.complaint()
    }

    /// Returns why the run ends, if the chooser has ended it.
    pub(super) fn stopped(&self) -> Option<String> {
        self.stopped.clone()
    }

    /// Returns how many polls in a row there were while no task did anything else.
    pub(super) fn looks(&self) -> u64 {
        self.looks
    }

    /// Returns the tasks that can go on, or poll again.
    pub(super) fn all_ready(&self) -> impl Iterator<Item = usize> {
        self.ready.iter().chain(&self.idle).copied()
    }

    /// Returns the task that takes the next step, and when.
    pub(super) fn next(&mut self) -> Option<(u64, usize)> {
        let task = self.next.take().or_else(|| self.take())?;
        Some((self.stands[task].time, task))
    }

    /// Whether the running task goes on at a time; if not, it is ready, and another is next.
    pub(super) fn goes_on(&mut self, task: usize, at: u64, pause: Pause) -> bool {
        self.make_ready(task, at, pause);
        let next = self.take();
        if next != Some(task) {
            self.next = next;
        }
        next == Some(task)
    }

    pub(super) fn make_ready(&mut self, task: usize, at: u64, pause: Pause) {
        if self.stands.len() <= task {
            let nowhere = Stand { time: 0, since: 0, looked: None, debts: Vec::new() };
            self.stands.resize(task + 1, nowhere);
            self.pauses.resize(task + 1, Pause::Begin);
        }
        let looked = match pause {
            Pause::Begin => None,
            _ => self.stands[task].looked,
        };
        let mut debts = std::mem::take(&mut self.stands[task].debts);
        debts.clear();
        if pause.is_idle() {
            let stood =
                |other: &usize| looked.is_some_and(|looked| self.stands[*other].since <= looked);
            let owed = self.ready.iter().filter(|other| stood(other));
            debts.extend(owed.map(|other| (*other, self.stands[*other].since)));
            insert(&mut self.idle, task);
        } else {
            insert(&mut self.ready, task);
        }
        let since = self.choices;
        let looked = if pause.is_idle() { Some(since) } else { looked };
        self.pauses[task] = pause;
        self.stands[task] = Stand { time: at, since, looked, debts };
    }

    /// Whether a task that polls in vain may poll again: another has taken a step, and so have all tasks that
    /// it is in debt to.
    fn may_look(&self, task: usize) -> bool {
        let stands = |(other, since): &(usize, u64)| {
            self.ready.contains(other) && self.stands[*other].since == *since
        };
        Some(task) != self.last && !self.stands[task].debts.iter().any(stands)
    }

    /// Returns the tasks that each has to let go first, and those that it would have to if it polled again
    /// now, as one number.
    fn debts(&self) -> u64 {
        let mut sum: u64 = 0;
        for (task, stand) in self.stands.iter().enumerate() {
            let Some(looked) = stand.looked else { continue };
            for other in self.ready.iter().filter(|other| self.stands[**other].since <= looked) {
                sum = sum.wrapping_add(mix((task as u64) << 32 | (*other as u64) << 2 | 1));
            }
            for (other, _) in &stand.debts {
                sum = sum.wrapping_add(mix((task as u64) << 32 | (*other as u64) << 2 | 2));
            }
        }
        sum
    }

    /// Chooses a task and takes it off the ready ones.
    fn take(&mut self) -> Option<usize> {
        if self.stopped.is_some() {
            return None;
        }
        let none_ready = self.ready.is_empty();
        self.looks = if none_ready { self.looks + 1 } else { 0 };
        if self.looks > MANY_LOOKS {
            return None;
        }
        for task in std::mem::take(&mut self.idle) {
            if none_ready || self.may_look(task) {
                self.stands[task].debts.clear();
                insert(&mut self.ready, task);
            } else {
                self.idle.push(task);
            }
        }
        if self.ready.is_empty() {
            return None;
        }
        let choice = Choice {
            number: self.choices,
            ready: &self.ready,
            idle: &self.idle,
            debts: self.debts(),
            last: self.last,
            pauses: &self.pauses,
        };
        self.choices += 1;
        match self.chooser.choose(&choice) {
            Ok(task) => {
                self.ready.retain(|other| *other != task);
                self.last = Some(task);
                sync::turn(Some(task));
                Some(task)
            }
            Err(why) => {
                self.stopped = Some(why);
                None
            }
        }
    }
}
