//! The mailboxes carry jobs from the script's interpreter to the CPUs, at most one job in each CPU's, and a
//! queue carries the outcomes back.

use std::collections::VecDeque;
// The explorer sees what the mutexes guard by [`crate::sync::note`].
use std::sync::atomic::AtomicUsize;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::job::{Done, Job};
use crate::paging::Failure;
use crate::parts::MemoryPart;
use crate::runtime::{Cpu, mix};
use crate::sync::atomic::{AtomicU64, Ordering};
use crate::sync::note;

/// The patience of a script: how long it waits for a machine that makes no progress.
#[derive(Clone, Copy, Debug)]
pub(super) struct Patience {
    /// The time between two looks at the machine's progress.
    pub(super) look: Duration,
    /// Looks in a row that saw no progress, before the script waits no longer. Looks are counted, not
    /// hours, because a computer that was asleep has not looked.
    pub(super) looks: u32,
}

impl Patience {
    /// A minute, which is longer than anything takes that counts as no progress.
    pub(super) const MINUTE: Self = Self { look: Duration::from_secs(1), looks: 60 };
}

const POSTED: u64 = 1;
const CLOSED: u64 = 2;
const WAITING: u64 = 4;

/// The outcome of a job.
#[derive(Debug)]
pub(super) enum Outcome {
    /// It came to its end.
    Ended(Result<Done, Failure>),
    /// Its thread panicked, saying this; the machine cannot go on.
    Panicked(String),
}

#[derive(Debug, Default)]
struct Mailbox {
    word: AtomicU64,
    job: Mutex<Option<Job>>,
}

/// A mailbox for each CPU, and the queue of the outcomes of jobs.
#[derive(Debug)]
pub(super) struct Mailboxes {
    boxes: Box<[Mailbox]>,
    outcomes: Mutex<VecDeque<(usize, Outcome)>>,
    /// How many outcomes wait, for a reader that asks after every step. A hint about `outcomes`, which decides: no
    /// state of its own.
    waiting: AtomicUsize,
    arrived: Condvar,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Hashes what the interpreter learns from an outcome.
fn digest(outcome: &Option<(usize, Outcome)>) -> u64 {
    let text = format!("{outcome:?}");
    text.bytes().fold(0, |sum, byte| mix(sum ^ u64::from(byte)))
}

impl Mailboxes {
    pub(super) fn new(cpus: usize) -> Self {
        Self {
            boxes: (0..cpus).map(|_| Mailbox::default()).collect(),
            outcomes: Mutex::default(),
            waiting: AtomicUsize::new(0),
            arrived: Condvar::new(),
        }
    }

    /// Posts a job to a CPU; `wake` wakes the thread that sleeps on the given bit of the word.
    pub(super) fn post(&self, cpu: usize, job: Job, wake: impl FnOnce(&AtomicU64, u64)) {
        *locked(&self.boxes[cpu].job) = Some(job);
        self.set(cpu, POSTED, wake);
    }

    /// Closes a CPU's mailbox: no job will come any more.
    pub(super) fn close(&self, cpu: usize, wake: impl FnOnce(&AtomicU64, u64)) {
        self.set(cpu, CLOSED, wake);
    }

    fn set(&self, cpu: usize, bit: u64, wake: impl FnOnce(&AtomicU64, u64)) {
        let word = &self.boxes[cpu].word;
        let old = word.fetch_or(bit, Ordering::SeqCst);
        if old & WAITING != 0 {
            word.fetch_and(!WAITING, Ordering::SeqCst);
            wake(word, WAITING);
        }
    }

    /// Waits for a CPU's next job; none when the mailbox is closed.
    pub(super) async fn next_job<C: Cpu>(&self, cpu: &C) -> Option<Job> {
        let inbox = &self.boxes[cpu.local().index];
        cpu.wait_while(&inbox.word, POSTED | CLOSED, 0, WAITING).await;
        inbox.word.fetch_and(!POSTED, Ordering::SeqCst);
        locked(&inbox.job).take()
    }

    /// Delivers the outcome of a job.
    pub(super) fn deliver(&self, cpu: usize, outcome: Outcome) {
        locked(&self.outcomes).push_back((cpu, outcome));
        self.waiting.fetch_add(1, Ordering::Release);
        self.arrived.notify_one();
    }

    /// Whether an outcome waits to be taken.
    pub(super) fn has_outcome(&self) -> bool {
        self.waiting.load(Ordering::Acquire) > 0
    }

    /// Takes the next outcome, if there is one.
    pub(super) fn take_outcome(&self) -> Option<(usize, Outcome)> {
        let outcome = locked(&self.outcomes).pop_front();
        note(|| digest(&outcome));
        self.waiting.fetch_sub(usize::from(outcome.is_some()), Ordering::Relaxed);
        outcome
    }

    /// Returns what tasks share of it, as a part of memory.
    pub(super) fn part(&self) -> MemoryPart {
        MemoryPart::of(&self.boxes)
    }

    /// Waits for the next outcome; none when `moves` has not changed for longer than the script's patience, so
    /// that it does not wait for ever.
    pub(super) fn wait_for_outcome(
        &self,
        patience: Patience,
        mut moves: impl FnMut() -> u64,
    ) -> Option<(usize, Outcome)> {
        let mut outcomes = locked(&self.outcomes);
        let (mut seen, mut still) = (moves(), 0);
        loop {
            if let Some(outcome) = outcomes.pop_front() {
                self.waiting.fetch_sub(1, Ordering::Relaxed);
                return Some(outcome);
            }
            let waited = self.arrived.wait_timeout(outcomes, patience.look);
            let (guard, time) = waited.unwrap_or_else(PoisonError::into_inner);
            outcomes = guard;
            let now = moves();
            still = if time.timed_out() && now == seen { still + 1 } else { 0 };
            seen = now;
            if still == patience.looks {
                return None;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHORT: Patience = Patience { look: Duration::from_millis(1), looks: 20 };

    /// A script waits as long as the counts of progress change, and no longer than its patience once they do not.
    #[test]
    fn p19_a_script_does_not_wait_for_a_machine_that_stands_still() {
        let mailboxes = Mailboxes::new(1);
        let mut asked = 0;
        let outcome = mailboxes.wait_for_outcome(SHORT, || {
            asked += 1;
            if asked < 100 { asked } else { 100 }
        });
        assert!(outcome.is_none());
        assert!(asked >= 100 + u64::from(SHORT.looks), "{asked}");
    }

    #[test]
    fn p19_an_outcome_ends_the_wait() {
        let mailboxes = Mailboxes::new(2);
        mailboxes.deliver(1, Outcome::Ended(Ok(Done::Nothing)));
        assert!(matches!(
            mailboxes.wait_for_outcome(SHORT, || 0),
            Some((1, Outcome::Ended(Ok(_))))
        ));
    }
}
