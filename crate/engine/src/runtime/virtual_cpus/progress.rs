//! Keeps the virtual time, and how far each task has come.
//!
//! Where cache lines count, a task is ahead of the time by what its accesses have cost since its last step; its next
//! step begins only then, and what it wakes does not go on before.

use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;

#[cfg(feature = "coherence")]
use super::lines::Lines;
#[cfg(not(feature = "coherence"))]
use super::no_lines::Lines;

/// The virtual time, and the tasks in it.
#[derive(Debug, Default)]
pub(super) struct Progress {
    now: Cell<u64>,
    /// Whose cache each line is in, where that counts.
    lines: OnceCell<Rc<Lines>>,
    /// How far each task had come when it slept last: it does not go on before.
    slept: RefCell<Vec<u64>>,
}

impl Progress {
    /// Counts whose cache each line is in from here on, which is before the first step.
    ///
    /// # Panics
    /// When there are lines already.
    pub(super) fn know_lines(&self, lines: Lines) {
        self.lines.set(Rc::new(lines)).expect("a machine has its lines once");
    }

    /// Returns the cache lines, where they count.
    #[inline]
    pub(super) fn lines(&self) -> Option<&Lines> {
        self.lines.get().map(|lines| &**lines)
    }

    /// Adds a task that has not slept.
    pub(super) fn add_task(&self) {
        self.slept.borrow_mut().push(0);
    }

    /// Returns the virtual nanoseconds since the start.
    #[inline]
    pub(super) fn now(&self) -> u64 {
        self.now.get()
    }

    /// Lets the time come to `at`, unless it is later.
    #[inline]
    pub(super) fn pass_to(&self, at: u64) {
        self.now.set(at.max(self.now.get()));
    }

    /// Lets the running task go on at `at`.
    #[inline]
    pub(super) fn goes_on(&self, task: usize, at: u64) {
        self.pass_to(at);
        if let Some(lines) = self.lines.get() {
            lines.turn(task, self.now.get());
        }
    }

    /// Runs `body` as the part of a task up to its next step, whose accesses are heard where lines count.
    #[inline(always)]
    pub(super) fn run<T>(&self, task: usize, body: impl FnOnce() -> T) -> T {
        match self.lines.get() {
            None => body(),
            Some(lines) => self.run_heard(lines, task, body),
        }
    }

    #[inline(never)]
    fn run_heard<T>(&self, lines: &Rc<Lines>, task: usize, body: impl FnOnce() -> T) -> T {
        lines.turn(task, self.now.get());
        lines.hear(body)
    }

    /// Returns how far the running task has come.
    #[inline]
    pub(super) fn reached(&self) -> u64 {
        self.lines.get().map_or(self.now.get(), |lines| lines.at())
    }

    /// Notes that the running task sleeps.
    pub(super) fn sleeps(&self, task: usize) {
        self.slept.borrow_mut()[task] = self.reached();
    }

    /// Returns when a task goes on that is woken at `at`.
    pub(super) fn woken(&self, task: usize, at: u64) -> u64 {
        at.max(self.slept.borrow().get(task).copied().unwrap_or(0))
    }

    /// Lets a task that sleeps do `access`, which reads or changes a word in its name; returns when it has done it: after
    /// `cost`, or where lines count, when the line has come. It does not go on before.
    pub(super) fn does(&self, task: usize, cost: u64, access: impl FnOnce() -> u64) -> u64 {
        let Some(lines) = self.lines.get() else {
            access();
            return self.now.get() + cost;
        };
        let from = self.woken(task, lines.at());
        let done = lines.on_behalf_of(task, from, || {
            access();
        });
        self.slept.borrow_mut()[task] = done;
        done
    }
}
