//! Executes virtual CPUs: a discrete-event simulation over the engine's await points.
//!
//! Each CPU is a task with its own point in virtual time. The task that is furthest behind runs next, ties
//! are drawn from the seed, and a step that leaves a task still furthest behind goes on without leaving
//! `poll`. There is one thread and no clock: the same seed gives the same run everywhere.

use std::cell::{Cell, RefCell};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fmt;
use std::future::Future;
use std::panic::Location;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use super::costs::Costs;
#[cfg(feature = "coherence")]
use super::lines::Lines;
use super::livelock::{LOOK_AFTER, LivelockWatch};
#[cfg(not(feature = "coherence"))]
use super::no_lines::Lines;
use super::progress::Progress;
use super::sleepers::{Key, Sleepers, Waited, key};
use crate::hash::mix;
use crate::observe::{Brake, Event, EventKind};
use crate::runtime::cpu::{Cpu, CpuLocal, Step, emit};
use crate::runtime::epochs::Away;
use crate::runtime::halt::Halt;
use crate::runtime::locks::{LockId, LockWord, Sleeper, announce_waiter};
use crate::runtime::schedulers::{Chooser, Order, Pause};
use crate::sync;
use crate::sync::atomic::{AtomicU64, Ordering};

type Task = Pin<Box<dyn Future<Output = ()>>>;

thread_local! {
    static RUNNING: Cell<Option<usize>> = const { Cell::new(None) };
}

/// Returns the number of the task that this thread runs now, or was running when it panicked, so that a
/// report of the panic names it. None between steps, and where no virtual runtime is.
pub fn running_task() -> Option<usize> {
    RUNNING.get()
}

/// The scheduler's state, shared by its CPUs.
#[derive(Debug)]
struct Scheduler {
    costs: Costs,
    progress: Progress,
    /// The order of the tasks that are ready to run.
    order: RefCell<Order>,
    sleepers: Sleepers,
    locals: RefCell<Vec<Rc<CpuLocal>>>,
    /// When each channel of the disk will have done the transfers it was given so far, earliest first.
    channels: RefCell<BinaryHeap<Reverse<u64>>>,
    steps: Cell<u64>,
    /// The task that was to go on when the run stopped, and when: it goes on first.
    standing: Cell<Option<(u64, usize)>>,
    /// The virtual time past which the run does not go on.
    until: Cell<u64>,
    /// The step at which the next look for a livelock is due.
    look_at: Cell<u64>,
    brake: Arc<Brake>,
}

impl Scheduler {
    fn make_ready(&self, task: usize, at: u64) {
        let at = self.progress.woken(task, at);
        self.order.borrow_mut().make_ready(task, at, Pause::Begin);
    }

    /// Returns the task that goes next, and when.
    fn next(&self) -> Option<(u64, usize)> {
        self.standing.take().or_else(|| self.order.borrow_mut().next())
    }

    /// Gives the disk a transfer of this duration, after those it was given before; returns when it will be
    /// done.
    fn transfer(&self, cost: u64) -> u64 {
        let mut channels = self.channels.borrow_mut();
        let free = channels.pop().map_or(0, |Reverse(free)| free);
        let done = free.max(self.progress.reached()) + cost;
        channels.push(Reverse(done));
        done
    }

    /// Returns the task that has a lock: it holds it, or has been given it and is about to hold it.
    fn holder(&self, lock: LockId, key: Key) -> Option<usize> {
        let holds =
            |local: &Rc<CpuLocal>| local.held.borrow().all().iter().any(|(held, _)| *held == lock);
        self.sleepers.given(key).or_else(|| self.locals.borrow().iter().position(holds))
    }

    fn wake_all(&self, key: Key, at: u64) {
        for task in self.sleepers.take_all(key) {
            self.make_ready(task, at);
        }
    }
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
        self.scheduler.progress.add_task();
        VirtualCpu { local, scheduler: Rc::clone(&self.scheduler) }
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

/// One virtual CPU.
#[derive(Debug)]
pub struct VirtualCpu {
    local: Rc<CpuLocal>,
    scheduler: Rc<Scheduler>,
}

impl VirtualCpu {
    /// Lets `cost` nanoseconds pass: a task that is further behind then goes first.
    fn advance(&self, cost: u64, pause: Pause) -> Advance<'_> {
        self.note_lines();
        let until = self.scheduler.progress.reached() + cost;
        Advance { cpu: self, until: Some(until), pause, _away: None }
    }

    /// Records what cache lines have cost since the CPU's last step.
    #[inline]
    fn note_lines(&self) {
        let Some(lines) = self.scheduler.progress.lines() else { return };
        for (class, cost) in lines.take_spent() {
            let event = Event::of(EventKind::Lines, class as u32);
            emit(self, event.with(cost.false_sharing << 32 | cost.transfers, cost.lost));
        }
    }

    /// Lets the least time pass that a lock is held: other tasks find it taken until its release has ended.
    async fn hold(&self, lock: LockId, site: &'static Location<'static>) {
        let cost = self.scheduler.costs.releasing_a_lock();
        // Where time decides nothing this would only be one more choice.
        if cost > 0 && self.scheduler.order.borrow().is_by_time() {
            self.advance(cost, Pause::Lock(lock, site)).await;
        }
    }

    /// Sleeps until the word's sleepers are woken, or the first of them for a lock.
    fn sleep(&self, word: &AtomicU64, waiters: u64, lock: Waited) -> Sleep<'_> {
        Sleep { cpu: self, key: key(word, waiters), lock, asleep: false }
    }
}

struct Advance<'a> {
    cpu: &'a VirtualCpu,
    until: Option<u64>,
    pause: Pause,
    /// Keeps a CPU that waits offline until it goes on.
    _away: Option<Away<'a>>,
}

impl Future for Advance<'_> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        let Some(until) = self.until.take() else { return Poll::Ready(()) };
        let scheduler = &*self.cpu.scheduler;
        scheduler.steps.set(scheduler.steps.get() + 1);
        let (task, pause) = (self.cpu.local.index, self.pause);
        if !scheduler.order.borrow_mut().goes_on(task, until, pause) {
            return Poll::Pending;
        }
        let is_due = scheduler.steps.get() >= scheduler.look_at.get();
        if is_due || scheduler.brake.is_pulled() || until > scheduler.until.get() {
            scheduler.standing.set(Some((until, task)));
            return Poll::Pending;
        }
        scheduler.progress.goes_on(task, until);
        scheduler.brake.pass();
        Poll::Ready(())
    }
}

struct Sleep<'a> {
    cpu: &'a VirtualCpu,
    key: Key,
    lock: Waited,
    asleep: bool,
}

impl Future for Sleep<'_> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        if self.asleep {
            return Poll::Ready(());
        }
        self.asleep = true;
        self.cpu.note_lines();
        let scheduler = &self.cpu.scheduler;
        scheduler.progress.sleeps(self.cpu.local.index);
        scheduler.sleepers.sleep(self.cpu.local.index, self.key, self.lock);
        Poll::Pending
    }
}

impl Cpu for VirtualCpu {
    const CHECKED: bool = true;
    const SAMPLE: u64 = 1;
    const STEPS_ARE_FREE: bool = false;

    fn local(&self) -> &CpuLocal {
        &self.local
    }

    fn now(&self) -> u64 {
        self.scheduler.progress.now()
    }

    #[track_caller]
    #[inline]
    fn step(&self, step: Step) -> impl Future<Output = ()> {
        let pause = Pause::Step(step, Location::caller());
        self.note_lines();
        let cost = match step {
            // Each line has cost what it costs where it was used.
            Step::Fetch { .. } if self.scheduler.progress.lines().is_some() => 0,
            _ => self.scheduler.costs.of(step),
        };
        let until = match step.is_a_transfer() {
            true => self.scheduler.transfer(cost),
            false => self.scheduler.progress.reached() + cost,
        };
        let _away = step.is_a_wait().then(|| self.local.presence.away());
        Advance { cpu: self, until: Some(until), pause, _away }
    }

    async fn acquire(
        &self,
        lock: LockId,
        word: LockWord<'_>,
        site: &'static Location<'static>,
    ) -> u64 {
        self.advance(self.scheduler.costs.taking_a_lock(), Pause::Lock(lock, site)).await;
        let (task, key) = (self.local.index, key(word.word, word.waiters));
        if word.try_take() {
            self.scheduler.sleepers.gives(task, key);
            self.hold(lock, site).await;
            self.scheduler.sleepers.has_taken(task);
            return 0;
        }
        let start = self.now();
        let holder = self.scheduler.holder(lock, key).map_or(0, |holder| 1 + holder as u64);
        emit(self, lock.event(EventKind::LockWait, holder));
        self.local.profile.waits_for(lock);
        let _away = self.local.presence.away();
        word.word.fetch_or(word.waiters, Ordering::Relaxed);
        // The release gives the lock to the first in the queue, so this CPU holds it when it wakes.
        self.sleep(word.word, word.waiters, Some((lock, site))).await;
        let waited = self.now() - start;
        self.hold(lock, site).await;
        self.scheduler.sleepers.has_taken(task);
        waited.max(1)
    }

    fn hand_over(&self, LockWord { word, held, waiters }: LockWord<'_>) {
        let first = self.scheduler.sleepers.take_first(key(word, waiters));
        let Some((next, more)) = first else { return };
        let take = || {
            word.fetch_or(if more { held | waiters } else { held }, Ordering::Relaxed);
        };
        let handover = self.scheduler.costs.lock_handover;
        let at = self.scheduler.progress.hand_over(next, handover, take);
        self.scheduler.make_ready(next, at);
    }

    async fn wait_while(&self, word: &AtomicU64, mask: u64, busy: u64, waiters: u64) {
        let mut away = None;
        while announce_waiter(word, mask, busy, waiters) {
            away = away.or_else(|| Some(self.local.presence.away()));
            self.sleep(word, waiters, None).await;
        }
    }

    fn wake(&self, word: &AtomicU64, waiters: u64) {
        self.scheduler.wake_all(key(word, waiters), self.scheduler.progress.reached());
    }
}
