//! Keeps which virtual task goes on when: the order of the ready ones, those that sleep, and what the disk has to do.

use std::cell::{Cell, RefCell};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::rc::Rc;
use std::sync::Arc;

use super::costs::Costs;
use super::hand_over::HandOver;
use super::progress::Progress;
use super::sleepers::{Key, Sleepers};
use crate::observe::Brake;
use crate::runtime::cpu::CpuLocal;
use crate::runtime::locks::LockId;
use crate::runtime::schedulers::{Order, Pause};

/// The scheduler's state, shared by its CPUs.
#[derive(Debug)]
pub(super) struct Scheduler {
    pub(super) costs: Costs,
    pub(super) progress: Progress,
    /// The order of the tasks that are ready to run.
    pub(super) order: RefCell<Order>,
    pub(super) sleepers: Sleepers,
    pub(super) hand_over: HandOver,
    pub(super) locals: RefCell<Vec<Rc<CpuLocal>>>,
    /// When each channel of the disk will have done the transfers it was given so far, earliest first.
    pub(super) channels: RefCell<BinaryHeap<Reverse<u64>>>,
    pub(super) steps: Cell<u64>,
    /// The task that was to go on when the run stopped, and when: it goes on first.
    pub(super) standing: Cell<Option<(u64, usize)>>,
    /// The virtual time past which the run does not go on.
    pub(super) until: Cell<u64>,
    /// The step at which the next look for a livelock is due.
    pub(super) look_at: Cell<u64>,
    pub(super) brake: Arc<Brake>,
}

impl Scheduler {
    pub(super) fn make_ready(&self, task: usize, at: u64) {
        let at = self.progress.woken(task, at);
        self.order.borrow_mut().make_ready(task, at, Pause::Begin);
    }

    /// Returns the task that goes next, and when.
    pub(super) fn next(&self) -> Option<(u64, usize)> {
        self.standing.take().or_else(|| self.order.borrow_mut().next())
    }

    /// Gives the disk a transfer of this duration, after those it was given before; returns when it will be
    /// done.
    pub(super) fn transfer(&self, cost: u64) -> u64 {
        let mut channels = self.channels.borrow_mut();
        let free = channels.pop().map_or(0, |Reverse(free)| free);
        let done = free.max(self.progress.reached()) + cost;
        channels.push(Reverse(done));
        done
    }

    /// Returns the task that has a lock: it holds it, or has been given it and is about to hold it.
    pub(super) fn holder(&self, lock: LockId, key: Key) -> Option<usize> {
        let holds =
            |local: &Rc<CpuLocal>| local.held.borrow().all().iter().any(|(held, _)| *held == lock);
        self.sleepers.given(key).or_else(|| self.locals.borrow().iter().position(holds))
    }

    /// Returns what it takes to get a word from the CPU that has written it last; never nothing.
    pub(super) fn transfer_of_a_line(&self) -> u64 {
        match self.progress.lines() {
            Some(_) => self.costs.line_transfer.max(1),
            None => self.costs.lock_handover.max(1),
        }
    }

    pub(super) fn wake_all(&self, key: Key, at: u64) {
        for task in self.sleepers.take_all(key) {
            self.make_ready(task, at);
        }
    }
}
