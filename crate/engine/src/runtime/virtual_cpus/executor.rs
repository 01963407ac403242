//! Executes virtual CPUs: a discrete-event simulation over the engine's await points.
//!
//! Each CPU is a task with its own point in virtual time. The task that is furthest behind runs next, ties
//! are drawn from the seed, and a step that leaves a task still furthest behind goes on without leaving
//! `poll`. There is one thread and no clock: the same seed gives the same run everywhere.

use std::cell::{Cell, RefCell};
use std::cmp::Reverse;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Waker};

use super::costs::Costs;
use super::hand_over::HandOver;
#[cfg(feature = "coherence")]
use super::lines::Lines;
use super::livelock::{LOOK_AFTER, LivelockWatch};
use super::lock_kind::LockKind;
#[cfg(not(feature = "coherence"))]
use super::no_lines::Lines;
use super::progress::Progress;
use super::scheduler::Scheduler;
use super::sleepers::{Sleepers, key};
use super::virtual_cpu::VirtualCpu;
use crate::hash::mix;
use crate::observe::Brake;
use crate::runtime::cpu::CpuLocal;
use crate::runtime::halt::Halt;
use crate::runtime::locks::Sleeper;
use crate::runtime::schedulers::{Chooser, Order};
use crate::sync;
use crate::sync::atomic::AtomicU64;

type Task = Pin<Box<dyn Future<Output = ()>>>;

thread_local! {
    static RUNNING: Cell<Option<usize>> = const { Cell::new(None) };
}

/// Returns the number of the task that this thread runs now, or was running when it panicked, so that a
/// report of the panic names it. None between steps, and where no virtual runtime is.
pub fn running_task() -> Option<usize> {
    RUNNING.get()
}

/// The virtual runtime: its tasks and their scheduler.
pub struct VirtualRuntime {
    scheduler: Rc<Scheduler>,
    tasks: Vec<Option<Task>>,
    livelock: Option<LivelockWatch>,
}

impl fmt::Debug for VirtualRuntime {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("VirtualRuntime")
            .field("scheduler", &self.scheduler)
            .finish_non_exhaustive()
    }
}

impl VirtualRuntime {
    /// Returns a runtime with no CPUs yet, in the order of virtual time. It stops when its brake is pulled.
    pub fn new(seed: u64, costs: Costs, brake: Arc<Brake>) -> Self {
        Self::in_order(Order::by_time(seed), costs, brake)
    }

    /// Returns a runtime in an order that a chooser decides, step by step; virtual time passes, but decides
    /// nothing.
    pub fn chosen_by(chooser: Box<dyn Chooser>, costs: Costs, brake: Arc<Brake>) -> Self {
        Self::in_order(Order::by_choice(chooser), costs, brake)
    }

    fn in_order(order: Order, costs: Costs, brake: Arc<Brake>) -> Self {
        let channels = (0..costs.disk_channels).map(|_| Reverse(0)).collect();
        Self {
            scheduler: Rc::new(Scheduler {
                channels: RefCell::new(channels),
                costs,
                progress: Progress::default(),
                order: RefCell::new(order),
                sleepers: Sleepers::default(),
                hand_over: HandOver::default(),
                locals: RefCell::default(),
                steps: Cell::new(0),
                standing: Cell::new(None),
                until: Cell::new(u64::MAX),
                look_at: Cell::new(u64::MAX),
                brake,
            }),
            tasks: Vec::new(),
            livelock: None,
        }
    }

    /// Looks for livelocks from here on; `state` hashes what decides how the machine goes on, about so many words.
    pub fn watch_for_livelock(&mut self, words: u64, state: impl Fn() -> u64 + 'static) {
        let watch = LivelockWatch::new(self.steps(), words, Box::new(state));
        self.scheduler.look_at.set(watch.next());
        self.livelock = Some(watch);
    }

    /// Counts whose cache each line is in from here on, which is before the first step.
    ///
    /// # Panics
    /// When there are lines already.
    pub fn know_lines(&mut self, lines: Lines) {
        self.scheduler.progress.know_lines(lines);
    }

    /// Hands locks over by a kind from here on, with the draws of a seed. Where a chooser decides, time decides nothing, and
    /// locks go by a queue.
    pub fn hand_over_by(&mut self, kind: LockKind, seed: u64) {
        if self.scheduler.order.borrow().is_by_time() {
            self.scheduler.hand_over.by(kind, seed);
        }
    }

    /// Returns the cache lines, where they count.
    pub fn lines(&self) -> Option<&Lines> {
        self.scheduler.progress.lines()
    }

    /// Returns the next CPU, to build its task with.
    pub fn cpu(&mut self, local: CpuLocal) -> VirtualCpu {
        let local = Rc::new(local);
        let mut locals = self.scheduler.locals.borrow_mut();
        locals.push(Rc::clone(&local));
        self.scheduler.sleepers.add_task();
        self.scheduler.hand_over.add_task();
        self.scheduler.progress.add_task();
        VirtualCpu::new(local, Rc::clone(&self.scheduler))
    }

    /// Adds the task of the CPU whose index is the number of tasks so far.
    pub fn add(&mut self, task: impl Future<Output = ()> + 'static) {
        self.scheduler.make_ready(self.tasks.len(), self.scheduler.progress.now());
        self.tasks.push(Some(Box::pin(task)));
    }

    /// Runs until `done` holds (asked between steps of different CPUs), or until the next step would end
    /// after `until`, or while the brake is pulled. Where it stops changes nothing of the run.
    ///
    /// # Errors
    /// A [`Halt`] when no task can go on and `done` does not hold.
    pub fn run(&mut self, until: u64, mut done: impl FnMut() -> bool) -> Result<(), Halt> {
        let mut context = Context::from_waker(Waker::noop());
        self.scheduler.until.set(until);
        while !sync::unseen(&mut done) && !self.scheduler.brake.is_pulled() {
            let Some((at, task)) = self.scheduler.next() else {
                return Err(self.halt());
            };
            if at > until {
                self.scheduler.standing.set(Some((at, task)));
                break;
            }
            let progress = &self.scheduler.progress;
            progress.pass_to(at);
            self.scheduler.brake.pass();
            RUNNING.set(Some(task));
            if let Some(future) = &mut self.tasks[task]
                && progress.run(task, || future.as_mut().poll(&mut context)).is_ready()
            {
                self.tasks[task] = None;
            }
            RUNNING.set(None);
            sync::turn(None);
            if self.scheduler.steps.get() >= self.scheduler.look_at.get() {
                self.look_for_livelock()?;
            }
        }
        Ok(())
    }

    fn look_for_livelock(&mut self) -> Result<(), Halt> {
        let Self { scheduler, livelock: Some(watch), .. } = self else { return Ok(()) };
        let step = scheduler.steps.get();
        if scheduler.order.borrow().looks() >= LOOK_AFTER {
            // No task does anything but poll: a deadlock, or a wait for a task that is far ahead.
            watch.rest(step);
            scheduler.look_at.set(watch.next());
            return Ok(());
        }
        let locals = scheduler.locals.borrow();
        let ended = locals.iter().fold(0_u64, |sum, local| sum.wrapping_add(local.ended()));
        drop(locals);
        let now = scheduler.progress.now();
        let standing = scheduler.standing.get();
        let ready = || {
            let standing =
                standing.map_or(0, |(at, task)| mix(mix(at.saturating_sub(now)) ^ task as u64));
            scheduler.order.borrow().standing(now).wrapping_add(standing)
        };
        let found = sync::unseen(|| watch.look(step, ended, ready));
        scheduler.look_at.set(watch.next());
        found.map_or(Ok(()), |steps| Err(Halt::Livelock(steps)))
    }

    fn halt(&self) -> Halt {
        self.scheduler.order.borrow().stopped().map_or(Halt::Deadlock, Halt::Stopped)
    }

    /// Returns the tasks that sleep, with what each sleeps on and holds, in the order of the tasks.
    pub fn sleepers(&self) -> Vec<Sleeper> {
        let locals = self.scheduler.locals.borrow();
        let sleeper = |task: usize| {
            let ((address, _), lock) = self.scheduler.sleepers.of(task)?;
            let held = locals[task].held.borrow().all().to_vec();
            Some(Sleeper { task, address, lock, held })
        };
        (0..locals.len()).filter_map(sleeper).collect()
    }

    /// Takes what the lock checker of each task has found since the last call.
    pub fn take_violations(&self) -> Vec<String> {
        let found = |local: &Rc<CpuLocal>| local.held.borrow_mut().take_violations();
        self.scheduler.locals.borrow().iter().flat_map(found).collect()
    }

    /// Returns what the chooser, if there is one, finds wrong with a run that has come to its end.
    pub fn complaint(&self) -> Option<String> {
        self.scheduler.order.borrow().complaint()
    }

    /// Returns the virtual nanoseconds since the start.
    pub fn now(&self) -> u64 {
        self.scheduler.progress.now()
    }

    /// Returns the steps taken since the start.
    pub fn steps(&self) -> u64 {
        self.scheduler.steps.get()
    }

    /// Wakes the tasks that sleep on the bit `waiters` of `word`, from outside the CPUs (the script's
    /// interpreter).
    pub fn wake_from_outside(&self, word: &AtomicU64, waiters: u64) {
        self.scheduler.wake_all(key(word, waiters), self.scheduler.progress.now());
    }
}
