//! Schedules tasks in the order of virtual time: the task with the least time takes the next step, ties are
//! drawn from the seed.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::mem;

use super::choice::{MANY_LOOKS, Pause};
use crate::options::MAX_CPUS;
use crate::runtime::random::Random;
use crate::runtime::task::Tasks;

/// When a task goes on, above a draw that breaks ties, above its number, as one number to compare;
/// the earliest is the greatest.
type Turn = Reverse<u128>;

/// Bits of a turn that say which task it is, instead of the draw's lowest.
const TASK_BITS: u32 = 8;
const _: () = assert!(MAX_CPUS as usize + Tasks::MOST_DAEMONS <= 1 << TASK_BITS);

#[inline]
fn turn(task: usize, at: u64, draw: u64) -> Turn {
    debug_assert!(task < 1 << TASK_BITS);
    Reverse(u128::from(at) << 64 | u128::from(draw >> TASK_BITS << TASK_BITS) | task as u128)
}

#[inline]
fn time_of(Reverse(turn): Turn) -> u64 {
    (turn >> 64) as u64
}

#[inline]
fn task_of(Reverse(turn): Turn) -> usize {
    turn as usize % (1 << TASK_BITS)
}

/// Tasks in the order of virtual time.
#[derive(Debug)]
pub(in crate::runtime) struct ByTime {
    ready: BinaryHeap<Turn>,
    /// The turn that was first when the running task gave way.
    next: Option<Turn>,
    random: Random,
    /// How many polls in a row there were, with no other step between.
    looks: u64,
    /// For each task, whether a poll is all it is about to do.
    looking: Vec<bool>,
}

impl ByTime {
    pub(super) fn new(seed: u64) -> Self {
        let (ready, random) = (BinaryHeap::new(), Random::new(seed));
        Self { ready, next: None, random, looks: 0, looking: Vec::new() }
    }

    /// Returns how many polls in a row there were.
    pub(super) fn looks(&self) -> u64 {
        self.looks
    }

    /// Returns the tasks that are ready, each with its time.
    pub(super) fn all_ready(&self) -> impl Iterator<Item = (u64, usize)> {
        let ready = self.ready.iter().chain(&self.next);
        ready.map(|turn| (time_of(*turn), task_of(*turn)))
    }

    pub(super) fn make_ready(&mut self, task: usize, at: u64, pause: Pause) {
        if self.looking.len() <= task {
            self.looking.resize(task + 1, false);
        }
        self.looking[task] = pause.is_idle();
        self.ready.push(turn(task, at, self.random.bits()));
    }

    #[inline]
    pub(super) fn goes_on(&mut self, task: usize, at: u64, pause: Pause) -> bool {
        self.looks = if pause.is_idle() { self.looks + 1 } else { 0 };
        if self.looks >= MANY_LOOKS {
            self.make_ready(task, at, pause);
            return false;
        }
        let Some(mut first) = self.ready.peek_mut() else { return true };
        if at < time_of(*first) {
            return true;
        }
        self.looking[task] = pause.is_idle();
        let turn = turn(task, at, self.random.bits());
        // Replaces the first: one way down the heap, instead of one up and one down.
        self.next = Some(if turn > *first { turn } else { mem::replace(&mut *first, turn) });
        false
    }

    pub(super) fn next(&mut self) -> Option<(u64, usize)> {
        let is_looking = |turn: &Turn| self.looking[task_of(*turn)];
        if self.looks >= MANY_LOOKS && self.ready.iter().all(is_looking) {
            return None;
        }
        let first = match self.next.take() {
            None => self.ready.pop()?,
            // The interpreter, outside the tasks, may have woken another task since.
            Some(next) => match self.ready.peek_mut() {
                Some(mut first) if *first > next => mem::replace(&mut *first, next),
                _ => next,
            },
        };
        Some((time_of(first), task_of(first)))
    }
}
