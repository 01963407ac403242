//! A CPU on a real thread: every await of the engine is ready at once, because waiting blocks in `poll`.

use std::future::Future;
use std::panic::Location;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use super::clock::now_ns;
use super::parker::{Parker, ParkingLot};
use crate::observe::EventKind;
use crate::runtime::cpu::{Cpu, CpuLocal, Step, emit};
use crate::runtime::locks::{LockId, LockWord, announce_waiter};
use crate::sync::atomic::{AtomicU64, Ordering};
use crate::sync::{SPINS, spin_loop, yield_now};

/// The state that all threads of one machine share.
#[derive(Debug, Default)]
pub struct ThreadRuntime {
    lot: ParkingLot,
}

/// A CPU or daemon on a real thread.
#[derive(Debug)]
pub struct ThreadCpu {
    local: CpuLocal,
    runtime: Arc<ThreadRuntime>,
    parker: Arc<Parker>,
}

impl ThreadCpu {
    /// Returns a CPU on the calling thread.
    pub fn new(runtime: Arc<ThreadRuntime>, local: CpuLocal) -> Self {
        let parker = Arc::new(Parker::new(local.index));
        Self { local, runtime, parker }
    }
}

impl Cpu for ThreadCpu {
    const CHECKED: bool = cfg!(debug_assertions);
    const SAMPLE: u64 = 512;
    const STEPS_ARE_FREE: bool = true;

    fn local(&self) -> &CpuLocal {
        &self.local
    }

    fn now(&self) -> u64 {
        now_ns()
    }

    #[inline(always)]
    fn step(&self, step: Step) -> impl Future<Output = ()> {
        if step == Step::Relax {
            self.give_way();
        }
        // Ready before it is awaited, so that the state machine around it folds.
        std::future::ready(())
    }

    #[inline(always)]
    async fn acquire(
        &self,
        lock: LockId,
        word: LockWord<'_>,
        _site: &'static Location<'static>,
    ) -> u64 {
        if word.try_take() { 0 } else { self.acquire_contended(lock, word) }
    }

    fn hand_over(&self, word: LockWord<'_>) {
        self.runtime.lot.unpark_all(key(word.word));
    }

    #[inline]
    async fn wait_while(&self, word: &AtomicU64, mask: u64, busy: u64, waiters: u64) {
        let mut away = None;
        while announce_waiter(word, mask, busy, waiters) {
            away = away.or_else(|| Some(self.local.presence.away()));
            self.runtime.lot.park(key(word), &self.parker, || {
                word.load(Ordering::Acquire) & (mask | waiters) == busy | waiters
            });
        }
    }

    fn wake(&self, word: &AtomicU64, _waiters: u64) {
        self.runtime.lot.unpark_all(key(word));
    }
}

impl ThreadCpu {
    #[cold]
    fn give_way(&self) {
        let _away = self.local.presence.away();
        yield_now();
    }

    #[cold]
    fn acquire_contended(&self, lock: LockId, word: LockWord<'_>) -> u64 {
        let start = now_ns();
        emit(self, lock.event(EventKind::LockWait, 0));
        self.local.profile.waits_for(lock);
        let _away = self.local.presence.away();
        'waiting: loop {
            for _ in 0..SPINS {
                spin_loop();
                if word.try_take() {
                    break 'waiting;
                }
            }
            if word.announce_waiter() {
                self.runtime.lot.park(key(word.word), &self.parker, || word.is_awaited());
            }
            if word.try_take() {
                break 'waiting;
            }
        }
        // At least 1, so that a contended acquisition is distinguished from a free one on a coarse clock.
        (now_ns() - start).max(1)
    }
}

/// Returns the key under which a task that waits for a word sleeps: the word's address.
fn key(word: &AtomicU64) -> usize {
    std::ptr::from_ref(word).addr()
}

impl ThreadRuntime {
    /// Returns the numbers of the tasks that sleep, each with the address of its word.
    pub fn sleepers(&self) -> Vec<(usize, usize)> {
        self.lot.sleepers()
    }

    /// Wakes the tasks that sleep on `word`, from a thread that is no CPU (the script's interpreter).
    pub fn wake_from_outside(&self, word: &AtomicU64) {
        self.lot.unpark_all(key(word));
    }
}

/// Runs a future of the engine on a [`ThreadCpu`]: one poll, because nothing is ever pending.
#[inline(always)]
pub fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    match future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => unreachable!("on threads every await is ready at once"),
    }
}
