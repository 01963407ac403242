//! Models ranked locks on threads: a holder is alone and sees what the holder before did, and no waiter is
//! forgotten (a thread that sleeps for ever fails the model).

use std::sync::Arc;

use faultline::runtime::{LockClass, LockWord, Locked, ThreadCpu, block_on, lock, try_lock};
use loom::sync::atomic::{AtomicU64, Ordering};

use super::{Owned, THREE, TWO, lock_id, model, run};

const HELD: u64 = 1 << 6;
const WAITERS: u64 = 1 << 7;
/// A bit of the word that does not belong to the lock.
const OTHER: u64 = 1;

struct Shared {
    word: AtomicU64,
    count: Owned<u64>,
}

impl Shared {
    fn new() -> Arc<Self> {
        Arc::new(Self { word: AtomicU64::new(OTHER), count: Owned::new(0) })
    }

    fn lock<'a>(&'a self, cpu: &'a ThreadCpu) -> Locked<'a, ThreadCpu> {
        block_on(lock(cpu, lock_id(LockClass::Pte), LockWord::within(&self.word, HELD, WAITERS)))
    }

    fn assert(&self, count: u64, word: u64) {
        assert_eq!((self.count.get(), self.word.load(Ordering::Relaxed)), (count, word));
    }
}

fn add_one(cpu: &ThreadCpu, shared: &Shared) {
    let guard = shared.lock(cpu);
    shared.count.set(shared.count.get() + 1);
    drop(guard);
}

#[test]
fn s13_two_cpus_exclude_each_other_and_both_get_the_lock() {
    model(TWO, || {
        let shared = Shared::new();
        let twice = |cpu: &ThreadCpu, shared: &Shared| {
            add_one(cpu, shared);
            add_one(cpu, shared);
        };
        run(&shared, &[twice, add_one]);
        shared.assert(3, OTHER);
    });
}

#[test]
fn s13_three_cpus_exclude_each_other_and_all_get_the_lock() {
    model(THREE, || {
        let shared = Shared::new();
        run(&shared, &[add_one, add_one, add_one]);
        shared.assert(3, OTHER);
    });
}

#[test]
fn s13_a_try_lock_never_waits_and_never_breaks_in() {
    model(TWO, || {
        let shared = Shared::new();
        let attempt = |cpu: &ThreadCpu, shared: &Shared| {
            let guard = try_lock(
                cpu,
                lock_id(LockClass::Pte),
                LockWord::within(&shared.word, HELD, WAITERS),
            );
            if guard.is_some() {
                shared.count.set(shared.count.get() + 10);
            }
        };
        run(&shared, &[add_one, attempt]);
        let word = shared.word.load(Ordering::Relaxed);
        let count = shared.count.get();
        assert!((count == 1 || count == 11) && word == OTHER, "{count} {word:b}");
    });
}

#[test]
fn s13_a_release_that_flips_bits_leaves_none_of_the_lock() {
    model(THREE, || {
        let shared = Shared::new();
        let flip = |cpu: &ThreadCpu, shared: &Shared| {
            let guard = shared.lock(cpu);
            shared.count.set(shared.count.get() + 1);
            let old = guard.release(|word| word ^ OTHER);
            assert_eq!(old & HELD, HELD);
        };
        run(&shared, &[flip, flip, add_one]);
        shared.assert(3, OTHER);
    });
}
