//! A CPU in virtual time: each of its steps, and each lock that it takes or releases, is a scheduling point with a price.

use std::future::Future;
use std::panic::Location;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use super::hand_over::Released;
use super::scheduler::Scheduler;
use super::sleepers::{Key, Waited, key};
use crate::observe::{Event, EventKind};
use crate::runtime::cpu::{Cpu, CpuLocal, Step, emit};
use crate::runtime::epochs::Away;
use crate::runtime::locks::{LockId, LockWord, announce_waiter};
use crate::runtime::schedulers::Pause;
use crate::sync::atomic::AtomicU64;

/// One virtual CPU.
#[derive(Debug)]
pub struct VirtualCpu {
    local: Rc<CpuLocal>,
    scheduler: Rc<Scheduler>,
}

impl VirtualCpu {
    /// Returns the CPU of a task with this state of its own.
    pub(super) fn new(local: Rc<CpuLocal>, scheduler: Rc<Scheduler>) -> Self {
        Self { local, scheduler }
    }

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
        let Scheduler { hand_over, sleepers, progress, .. } = &*self.scheduler;
        if hand_over.try_take(word) {
            sleepers.gives(task, key);
            self.hold(lock, site).await;
            sleepers.has_taken(task);
            return 0;
        }
        let start = self.now();
        let holder = self.scheduler.holder(lock, key).map_or(0, |holder| 1 + holder as u64);
        emit(self, lock.event(EventKind::LockWait, holder));
        self.local.profile.waits_for(lock);
        let _away = self.local.presence.away();
        hand_over.begins(task, progress.reached(), self.scheduler.transfer_of_a_line());
        loop {
            hand_over.announce(word);
            self.sleep(word.word, word.waiters, Some((lock, site))).await;
            // The release has given the lock to this CPU, or lets it look for itself.
            if sleepers.has(task, key) {
                break;
            }
            if word.try_take() {
                sleepers.gives(task, key);
                if !sleepers.waiting(key).is_empty() {
                    hand_over.announce(word);
                }
                break;
            }
            hand_over.looks_again(task, progress.reached(), self.scheduler.transfer_of_a_line());
        }
        let waited = progress.reached() - start;
        self.hold(lock, site).await;
        sleepers.has_taken(task);
        waited.max(1)
    }

    fn hand_over(&self, word: LockWord<'_>) {
        let Scheduler { sleepers, progress, costs, hand_over, .. } = &*self.scheduler;
        let released = Released { word, sleepers, progress, handover: costs.lock_handover };
        let unit = self.scheduler.transfer_of_a_line();
        if let Some((next, at)) = hand_over.to_next(released, unit) {
            self.scheduler.make_ready(next, at);
        }
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
