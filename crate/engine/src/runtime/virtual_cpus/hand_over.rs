//! Hands a released lock to a task that waits for it, in the way of each lock kind, and charges the lines that travel.
//!
//! No task runs while it waits for a lock, whatever the kind: it sleeps, and what it would have read and tried meanwhile
//! is done in its name when the lock is released. So a machine that stands still is known by nobody being ready, as with
//! a queue.
//!
//! With n tasks waiting, a hand-over takes these transfers of the lock's line, where lines count; they queue on it, as
//! the release does with those that came before:
//!
//! | kind | transfers |
//! |---|---|
//! | queue | 1: the line goes to the next. An arrival takes 2, to look at the lock and to stand in the queue |
//! | ticket | n: each reads whose turn it is, in an order that is drawn |
//! | spin | about 3n: each reads, all of those see a free lock and try, and those that failed read again |
//! | backoff | 2 for the one that looks next, and 1 for each that has looked in vain since the last release |
//!
//! Where no line counts, one [`lock_handover`](super::costs::Costs::lock_handover) passes, whatever the kind.
//!
//! **Each wait ends.** Every release with tasks waiting gives the lock to one of them (`spin`), or lets one look at a time
//! at most [`MOST_DOUBLINGS`] doublings of a transfer away (`backoff`). Which it is is a draw, so that none is passed over
//! for ever but with probability 0; and one that was passed over [`MOST_PASSED`] times has the lock handed to it, so that it
//! is none at all. Hardware promises no such thing.
//!
//! What is simpler than hardware: under `spin` no CPU that arrives takes the lock between a release and the take (its
//! request for the line stands behind those of the ones that wait); under `backoff` looks in vain are charged at the next
//! release, not when they were made.

use std::cell::{Cell, RefCell};

use super::lock_kind::LockKind;
use super::progress::Progress;
use super::sleepers::{Sleepers, key};
use crate::runtime::locks::LockWord;
use crate::runtime::random::Random;
use crate::sync;
use crate::sync::atomic::Ordering;

/// How often the limit of a delay is doubled at most: it is between 0 and 1,024 transfers then.
const MOST_DOUBLINGS: u32 = 10;
/// How often a task is passed over until the lock is handed to it.
const MOST_PASSED: u32 = 4096;
/// The lane of the runtime's seed from which the draws of locks come.
const LANE: u32 = u32::MAX;

/// The wait of one task for a lock.
#[derive(Clone, Debug, Default)]
struct Wait {
    /// How many releases there were that did not give it the lock.
    passed: u32,
    /// When it looks next, under `backoff`.
    looks_at: u64,
    /// How often it has looked in vain, as far as that counts.
    doublings: u32,
}

impl Wait {
    /// Draws when the task looks next that has looked in vain at `now`.
    fn look_after(&mut self, now: u64, unit: u64, random: &mut Random) {
        self.looks_at = now + 1 + random.below(unit << self.doublings);
        self.doublings = MOST_DOUBLINGS.min(self.doublings + 1);
    }

    /// Lets the task look in vain until `now`; whether it has looked at all.
    fn looks_until(&mut self, now: u64, unit: u64, random: &mut Random) -> bool {
        let has_looked = self.looks_at < now;
        while self.looks_at < now {
            if self.doublings == MOST_DOUBLINGS {
                // However long the lock was held: the next look is at any time in the longest delay.
                self.look_after(now, unit, random);
            } else {
                self.look_after(self.looks_at, unit, random);
            }
        }
        has_looked
    }
}

/// A lock that was released: its word, those that may wait for it, how far they are, and what a hand-over costs.
#[derive(Clone, Copy, Debug)]
pub(super) struct Released<'a> {
    /// Its word.
    pub word: LockWord<'a>,
    /// The tasks that sleep.
    pub sleepers: &'a Sleepers,
    /// How far the tasks have come.
    pub progress: &'a Progress,
    /// What a hand-over takes where no line counts.
    pub handover: u64,
}

impl Released<'_> {
    /// Reads the lock in the name of a task.
    fn reads(self, task: usize) -> u64 {
        let read = || self.word.word.load(Ordering::Relaxed);
        self.progress.does(task, self.handover, read)
    }

    /// Tries to take the lock in the name of a task that comes too late: the line travels, and the word stays as it is.
    fn fails(self, task: usize) {
        let attempt = || self.word.word.fetch_or(self.word.waiters, Ordering::Relaxed);
        self.progress.does(task, self.handover, attempt);
    }

    /// Takes the lock in the name of a task, and says whether others wait; returns when the task has the lock.
    fn takes(self, task: usize, more: bool) -> u64 {
        let LockWord { word, held, waiters } = self.word;
        let bits = if more { held | waiters } else { held };
        let take = || word.fetch_or(bits, Ordering::Relaxed);
        self.progress.does(task, self.handover, take)
    }
}

/// Gives locks to tasks, by the lock kind of one machine.
#[derive(Debug)]
pub(super) struct HandOver {
    kind: Cell<LockKind>,
    random: RefCell<Random>,
    /// The wait of each task.
    waits: RefCell<Vec<Wait>>,
}

impl Default for HandOver {
    fn default() -> Self {
        let random = RefCell::new(Random::lane(0, LANE));
        Self { kind: Cell::default(), random, waits: RefCell::default() }
    }
}

impl HandOver {
    /// Hands locks over by a kind from here on, with the draws of a seed.
    pub(super) fn by(&self, kind: LockKind, seed: u64) {
        self.kind.set(kind);
        self.random.replace(Random::lane(seed, LANE));
    }

    /// Adds a task that has not waited.
    pub(super) fn add_task(&self) {
        self.waits.borrow_mut().push(Wait::default());
    }

    /// Tries once to take a lock, as an arrival does.
    #[inline]
    pub(super) fn try_take(&self, word: LockWord<'_>) -> bool {
        match self.kind.get() {
            LockKind::Ticket => word.word.fetch_or(word.held, Ordering::Acquire) & word.held == 0,
            _ => word.try_take(),
        }
    }

    /// Notes in the lock's word that a task waits. In the other kinds the release does not ask for it: what tells the
    /// engine is no access there.
    pub(super) fn announce(&self, word: LockWord<'_>) {
        let announce = || word.word.fetch_or(word.waiters, Ordering::Relaxed);
        match self.kind.get() {
            LockKind::Queue => announce(),
            _ => sync::unheard(announce),
        };
    }

    /// Begins the wait of a task that has found a lock taken at `now`; `unit` is what a transfer takes.
    pub(super) fn begins(&self, task: usize, now: u64, unit: u64) {
        if self.kind.get() != LockKind::Queue {
            self.waits.borrow_mut()[task] = Wait::default();
            self.looks_again(task, now, unit);
        }
    }

    /// Lets a task wait on that has looked in vain at `now`.
    pub(super) fn looks_again(&self, task: usize, now: u64, unit: u64) {
        self.waits.borrow_mut()[task].look_after(now, unit, &mut self.random.borrow_mut());
    }

    /// Gives a released lock to a task that waits for it, or under `backoff` lets one look for itself; returns which, and
    /// when it goes on.
    pub(super) fn to_next(&self, lock: Released<'_>, unit: u64) -> Option<(usize, u64)> {
        match self.kind.get() {
            LockKind::Queue => {
                let (next, more) =
                    lock.sleepers.take_first(key(lock.word.word, lock.word.waiters))?;
                Some((next, lock.takes(next, more)))
            }
            LockKind::Ticket => self.to_first_of_readers(lock),
            LockKind::Spin => self.to_any_of_readers(lock),
            LockKind::Backoff => self.to_next_look(lock, unit),
        }
    }

    fn to_first_of_readers(&self, lock: Released<'_>) -> Option<(usize, u64)> {
        let key = key(lock.word.word, lock.word.waiters);
        let readers = self.drawn(lock.sleepers.waiting(key));
        let (next, more) = lock.sleepers.take_first(key)?;
        // The release itself has said whose turn it is.
        let LockWord { word, held, waiters } = lock.word;
        let bits = if more { held | waiters } else { held };
        sync::unheard(|| word.fetch_or(bits, Ordering::Relaxed));
        let mut at = None;
        for reader in readers {
            let read_at = lock.reads(reader);
            if reader == next {
                at = Some(read_at);
            }
        }
        Some((next, at?))
    }

    fn to_any_of_readers(&self, lock: Released<'_>) -> Option<(usize, u64)> {
        let key = key(lock.word.word, lock.word.waiters);
        let waiting = lock.sleepers.waiting(key);
        let passed = self.passed_too_often(&waiting);
        let mut readers = self.drawn(waiting);
        if let Some(place) = readers.iter().position(|reader| Some(*reader) == passed) {
            readers.swap(0, place);
        }
        let (next, losers) = readers.split_first()?;
        let more = lock.sleepers.take(*next, key);
        lock.sleepers.gives(*next, key);
        for reader in &readers {
            lock.reads(*reader);
        }
        let at = lock.takes(*next, more);
        losers.iter().for_each(|loser| lock.fails(*loser));
        for loser in losers {
            lock.reads(*loser);
        }
        self.passes_over(losers);
        Some((*next, at))
    }

    fn to_next_look(&self, lock: Released<'_>, unit: u64) -> Option<(usize, u64)> {
        let key = key(lock.word.word, lock.word.waiters);
        let waiting = lock.sleepers.waiting(key);
        self.passes_over(&waiting);
        if let Some(next) = self.passed_too_often(&waiting) {
            let more = lock.sleepers.take(next, key);
            lock.sleepers.gives(next, key);
            return Some((next, lock.takes(next, more)));
        }
        let now = lock.progress.reached();
        let mut looks = Vec::with_capacity(waiting.len());
        for task in waiting {
            let wait = &mut self.waits.borrow_mut()[task];
            if wait.looks_until(now, unit, &mut self.random.borrow_mut()) {
                lock.reads(task);
            }
            looks.push((wait.looks_at, task));
        }
        let (at, next) = looks.into_iter().min()?;
        lock.sleepers.take(next, key);
        let fetch = if lock.progress.lines().is_some() { 0 } else { lock.handover };
        Some((next, at + fetch))
    }

    /// Returns tasks in an order that is drawn.
    fn drawn(&self, mut tasks: Vec<usize>) -> Vec<usize> {
        let mut random = self.random.borrow_mut();
        for place in 1..tasks.len() {
            tasks.swap(place, random.below(place as u64 + 1) as usize);
        }
        tasks
    }

    fn passes_over(&self, tasks: &[usize]) {
        let mut waits = self.waits.borrow_mut();
        for task in tasks {
            waits[*task].passed += 1;
        }
    }

    fn passed_too_often(&self, tasks: &[usize]) -> Option<usize> {
        let waits = self.waits.borrow();
        tasks.iter().copied().find(|task| waits[*task].passed >= MOST_PASSED)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sync::atomic::AtomicU64;

    const TASKS: usize = 9;

    /// Releases a lock for which tasks wait; those that lose wait on, and the winner comes back at once.
    fn winners(kind: LockKind, releases: usize, mut before: impl FnMut(&HandOver)) -> Vec<usize> {
        let (hand_over, sleepers, progress) =
            (HandOver::default(), Sleepers::default(), Progress::default());
        hand_over.by(kind, 7);
        let word = AtomicU64::new(0);
        let lock = LockWord::alone(&word);
        let key = key(&word, lock.waiters);
        for task in 0..TASKS {
            hand_over.add_task();
            sleepers.add_task();
            progress.add_task();
            hand_over.begins(task, 0, 40);
            sleepers.sleep(task, key, None);
        }
        let released =
            Released { word: lock, sleepers: &sleepers, progress: &progress, handover: 40 };
        let release = |_| {
            before(&hand_over);
            word.store(0, Ordering::Relaxed);
            let (next, at) = hand_over.to_next(released, 40).unwrap();
            progress.pass_to(at);
            hand_over.begins(next, at, 40);
            sleepers.sleep(next, key, None);
            next
        };
        (0..releases).map(release).collect()
    }

    #[test]
    fn s2_whoever_is_drawn_each_has_the_lock_in_the_end() {
        for kind in [LockKind::Spin, LockKind::Ticket, LockKind::Queue, LockKind::Backoff] {
            let winners = winners(kind, 20_000, |_| {});
            for task in 0..TASKS {
                let times = winners.iter().filter(|winner| **winner == task).count();
                assert!(times > 2, "{kind:?}: {task} has it {times} times");
            }
        }
    }

    #[test]
    fn s2_one_that_was_passed_over_too_often_has_the_lock_handed_to_it() {
        for kind in [LockKind::Spin, LockKind::Backoff] {
            let unlucky =
                |hand_over: &HandOver| hand_over.waits.borrow_mut()[3].passed = MOST_PASSED;
            assert_eq!(winners(kind, 50, unlucky), [3; 50], "{kind:?}");
        }
    }

    /// However long a lock is held, the looks meanwhile are counted at once.
    #[test]
    fn s2_the_looks_of_a_long_wait_end() {
        let mut random = Random::new(1);
        let mut wait = Wait::default();
        wait.look_after(0, 1_000_000_000_000, &mut random);
        assert!(wait.looks_until(1 << 62, 1, &mut random));
        assert!(wait.looks_at >= 1 << 62 && wait.looks_at - (1 << 62) <= 1 << MOST_DOUBLINGS);
        assert!(!wait.looks_until(5, 1, &mut random), "it looks later");
    }
}
