//! Who goes next on virtual CPUs: whoever is furthest behind in virtual time, or whoever somebody
//! outside chooses, which is how schedules are searched and replayed.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fmt;
use std::mem;
use std::panic::Location;

use super::by_choice::Chosen;
use crate::hash::mix;
use crate::options::MAX_CPUS;
use crate::runtime::DAEMONS;
use crate::runtime::acquire::LockId;
use crate::runtime::cpu::Step;
use crate::runtime::random::Random;

/// Where a task stands between two of its steps.
#[derive(Clone, Copy, Debug)]
pub enum Pause {
    /// It has just come to be, or was woken.
    Begin,
    /// Before it takes, or tries to take, a lock.
    Lock(LockId, &'static Location<'static>),
    /// At a marked step.
    Step(Step, &'static Location<'static>),
}

impl Pause {
    /// Whether the task waits for somebody else here, so that it is no preemption when another
    /// goes on.
    pub fn is_a_wait(self) -> bool {
        match self {
            Self::Begin => true,
            Self::Lock(..) => false,
            Self::Step(step, _) => step.is_a_wait(),
        }
    }

    /// Whether the task looks again for something that another is about to do: until one has
    /// moved, there is no point in going on.
    pub fn is_idle(self) -> bool {
        matches!(self, Self::Step(Step::Relax, _))
    }
}

/// A choice between tasks.
#[derive(Debug)]
pub struct Choice<'a> {
    /// How many choices came before.
    pub number: u64,
    /// Who can go on, in ascending order; never empty.
    pub ready: &'a [usize],
    /// Who looks in vain until another has moved, in ascending order.
    pub idle: &'a [usize],
    /// Who of those has to let whom go first, now and later, as one number.
    pub debts: u64,
    /// Who took the last step.
    pub last: Option<usize>,
    /// Where each task stands, by its number.
    pub pauses: &'a [Pause],
}

impl Choice<'_> {
    /// The task that took the last step, if it could go on without waiting for anybody: choosing
    /// another preempts it.
    pub fn running(&self) -> Option<usize> {
        let last = self.last?;
        (self.ready.contains(&last) && !self.pauses[last].is_a_wait()).then_some(last)
    }

    /// The rule that a schedule deviates from: who runs goes on; else the next in turn.
    pub fn by_rule(&self) -> usize {
        self.running().unwrap_or_else(|| {
            let after = |task: &&usize| self.last.is_none_or(|last| **task > last);
            *self.ready.iter().find(after).unwrap_or(&self.ready[0])
        })
    }
}

/// Decides who goes next.
pub trait Chooser: fmt::Debug {
    /// One of `choice.ready`, or why the run ends here.
    ///
    /// # Errors
    /// A sentence for the report.
    fn choose(&mut self, choice: &Choice<'_>) -> Result<usize, String>;

    /// What is wrong with a run that has come to its end.
    fn complaint(&self) -> Option<String> {
        None
    }
}

/// Tasks that are ready, and who of them is next.
#[derive(Debug)]
pub(in crate::runtime) enum Order {
    /// By virtual time, ties drawn from the seed.
    Time(Box<Time>),
    /// By a chooser.
    Chosen(Box<Chosen>),
}

/// When a task goes on, above a draw that breaks ties, above its number, as one number to compare;
/// the earliest is the greatest.
type Turn = Reverse<u128>;

/// Bits of a turn that say which task it is, in the place of the draw's lowest.
const TASK_BITS: u32 = 8;
const _: () = assert!(MAX_CPUS as usize + DAEMONS <= 1 << TASK_BITS);

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
pub(in crate::runtime) struct Time {
    ready: BinaryHeap<Turn>,
    /// Who was first when the running task gave way.
    next: Option<Turn>,
    random: Random,
    /// How many idle looks in a row there were, with no other step between.
    looks: u64,
    /// For each task, whether an idle look is all it is about to do.
    looking: Vec<bool>,
}

/// So many idle looks in a row, and it is time to ask what for: no wait is as long.
pub(in crate::runtime) const MANY_LOOKS: u64 = 1 << 20;

impl Time {
    fn make_ready(&mut self, task: usize, at: u64, pause: Pause) {
        if self.looking.len() <= task {
            self.looking.resize(task + 1, false);
        }
        self.looking[task] = pause.is_idle();
        self.ready.push(turn(task, at, self.random.bits()));
    }

    #[inline]
    fn goes_on(&mut self, task: usize, at: u64, pause: Pause) -> bool {
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
        // In the place of the first: one way down the heap, instead of one up and one down.
        self.next = Some(if turn > *first { turn } else { mem::replace(&mut *first, turn) });
        false
    }

    fn next(&mut self) -> Option<(u64, usize)> {
        let is_looking = |turn: &Turn| self.looking[task_of(*turn)];
        if self.looks >= MANY_LOOKS && self.ready.iter().all(is_looking) {
            return None;
        }
        let first = match self.next.take() {
            None => self.ready.pop()?,
            // Somebody outside may have woken another since.
            Some(next) => match self.ready.peek_mut() {
                Some(mut first) if *first > next => mem::replace(&mut *first, next),
                _ => next,
            },
        };
        Some((time_of(first), task_of(first)))
    }
}

impl Order {
    pub(in crate::runtime) fn by_time(seed: u64) -> Self {
        let (ready, random) = (BinaryHeap::new(), Random::new(seed));
        Self::Time(Box::new(Time { ready, next: None, random, looks: 0, looking: Vec::new() }))
    }

    pub(in crate::runtime) fn chosen(chooser: Box<dyn Chooser>) -> Self {
        Self::Chosen(Box::new(Chosen::new(chooser)))
    }

    /// Whether virtual time decides.
    pub(in crate::runtime) fn is_by_time(&self) -> bool {
        matches!(self, Self::Time(_))
    }

    /// A task can take its next step at a time.
    pub(in crate::runtime) fn make_ready(&mut self, task: usize, at: u64, pause: Pause) {
        match self {
            Self::Time(time) => time.make_ready(task, at, pause),
            Self::Chosen(chosen) => chosen.make_ready(task, at, pause),
        }
    }

    /// Whether the task that is running goes on at a time; if not, it is ready, and another is next.
    #[inline]
    pub(in crate::runtime) fn goes_on(&mut self, task: usize, at: u64, pause: Pause) -> bool {
        match self {
            Self::Time(time) => time.goes_on(task, at, pause),
            Self::Chosen(chosen) => {
                chosen.make_ready(task, at, pause);
                let next = chosen.take();
                if next != Some(task) {
                    chosen.next = next;
                }
                next == Some(task)
            }
        }
    }

    /// How many looks in a row there were while nobody did anything else: a deadlock, once there are
    /// [`MANY_LOOKS`].
    pub(in crate::runtime) fn looks(&self) -> u64 {
        match self {
            Self::Time(time) => time.looks,
            Self::Chosen(chosen) => chosen.looks(),
        }
    }

    /// Which tasks are ready, each how long after `now`, as one number.
    pub(in crate::runtime) fn standing(&self, now: u64) -> u64 {
        let add = |sum: u64, (at, task): (u64, usize)| {
            sum.wrapping_add(mix(mix(at.saturating_sub(now)) ^ task as u64))
        };
        match self {
            Self::Time(time) => {
                let ready = time.ready.iter().chain(&time.next);
                ready.map(|turn| (time_of(*turn), task_of(*turn))).fold(0, add)
            }
            Self::Chosen(chosen) => chosen.all_ready().map(|task| (now, task)).fold(0, add),
        }
    }

    /// Who takes the next step, and when.
    pub(in crate::runtime) fn next(&mut self) -> Option<(u64, usize)> {
        match self {
            Self::Time(time) => time.next(),
            Self::Chosen(chosen) => {
                let task = chosen.next.take().or_else(|| chosen.take())?;
                Some((chosen.time(task), task))
            }
        }
    }
}
