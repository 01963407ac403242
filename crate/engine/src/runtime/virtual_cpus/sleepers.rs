//! Keeps which tasks sleep, on which word, and which lock each task has been given.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::panic::Location;

use crate::hash::{ByAddress, mix};
use crate::runtime::locks::LockId;
use crate::sync;
use crate::sync::atomic::AtomicU64;

/// What a task sleeps on: a word, and which of its bits says that a task waits.
pub(super) type Key = (usize, u64);

pub(super) fn key(word: &AtomicU64, waiters: u64) -> Key {
    (std::ptr::from_ref(word).addr(), waiters)
}

/// The lock that a task sleeps on, and where it was to be taken; none when it sleeps on an event.
pub(super) type Waited = Option<(LockId, &'static Location<'static>)>;

/// The tasks that sleep.
#[derive(Debug, Default)]
pub(super) struct Sleepers {
    /// Sleeping tasks by the address of the word they wait on, first come first served. Looked
    /// up only, never iterated: addresses differ between runs.
    queues: RefCell<ByAddress<VecDeque<usize>>>,
    /// What each task slept on last.
    waiting: RefCell<Vec<Option<(Key, Waited)>>>,
    /// The lock that each task has been given, until its take is recorded: by the word and bit of its waiters.
    given: RefCell<Vec<Option<Key>>>,
}

impl Sleepers {
    /// Adds a task that has not slept.
    pub(super) fn add_task(&self) {
        self.waiting.borrow_mut().push(None);
        self.given.borrow_mut().push(None);
    }

    /// Puts a task to sleep, behind those that sleep there already.
    pub(super) fn sleep(&self, task: usize, key: Key, lock: Waited) {
        self.waiting.borrow_mut()[task] = Some((key, lock));
        let mut queues = self.queues.borrow_mut();
        let queue = queues.entry(key).or_default();
        queue.push_back(task);
        let in_order = lock.is_some();
        sync::queue(key.0, key.1, || as_number(queue, in_order));
    }

    /// Returns what a task sleeps on, if it does.
    pub(super) fn of(&self, task: usize) -> Option<(Key, Waited)> {
        let (key, lock) = self.waiting.borrow()[task]?;
        self.queues.borrow().get(&key).filter(|queue| queue.contains(&task))?;
        Some((key, lock))
    }

    /// Takes all tasks that sleep on an event.
    pub(super) fn take_all(&self, key: Key) -> VecDeque<usize> {
        let queue = self.queues.borrow_mut().remove(&key);
        sync::queue(key.0, key.1, || 0);
        queue.unwrap_or_default()
    }

    /// Takes the first task that sleeps on a lock, which is given the lock; returns with it whether others sleep there.
    pub(super) fn take_first(&self, key: Key) -> Option<(usize, bool)> {
        let mut queues = self.queues.borrow_mut();
        let queue = queues.get_mut(&key)?;
        let first = queue.pop_front()?;
        let more = !queue.is_empty();
        sync::queue(key.0, key.1, || as_number(queue, true));
        if !more {
            queues.remove(&key);
        }
        self.gives(first, key);
        Some((first, more))
    }

    /// Returns the tasks that sleep on a lock, the one that has slept longest first.
    pub(super) fn waiting(&self, key: Key) -> Vec<usize> {
        self.queues
            .borrow()
            .get(&key)
            .map_or_else(Vec::new, |queue| queue.iter().copied().collect())
    }

    /// Takes a task that sleeps on a lock, wherever it stands; returns whether others sleep there.
    pub(super) fn take(&self, task: usize, key: Key) -> bool {
        let mut queues = self.queues.borrow_mut();
        let Some(queue) = queues.get_mut(&key) else { return false };
        queue.retain(|other| *other != task);
        let more = !queue.is_empty();
        sync::queue(key.0, key.1, || as_number(queue, true));
        if !more {
            queues.remove(&key);
        }
        more
    }

    /// Notes that a task has a lock whose take is not recorded yet.
    pub(super) fn gives(&self, task: usize, key: Key) {
        self.given.borrow_mut()[task] = Some(key);
    }

    /// Notes that a task's take of the lock that it was given is recorded.
    pub(super) fn has_taken(&self, task: usize) {
        self.given.borrow_mut()[task] = None;
    }

    /// Whether a task has been given a lock, and its take is not recorded yet.
    pub(super) fn has(&self, task: usize, key: Key) -> bool {
        self.given.borrow()[task] == Some(key)
    }

    /// Returns the task that has been given a lock and is about to hold it.
    pub(super) fn given(&self, key: Key) -> Option<usize> {
        self.given.borrow().iter().position(|given| *given == Some(key))
    }
}

/// Returns the tasks that sleep in a queue as one number; tasks that sleep on an event are woken together, so
/// their order says nothing.
fn as_number(queue: &VecDeque<usize>, in_order: bool) -> u64 {
    if in_order {
        queue.iter().fold(0, |sum, task| mix(sum + 1 + *task as u64))
    } else {
        queue.iter().fold(0, |sum: u64, task| sum.wrapping_add(mix(1 + *task as u64)))
    }
}
