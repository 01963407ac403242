//! Models conditions and the doorbells of the daemons: no wake-up is lost, and a task that wakes sees what was
//! done before the signal.

use std::sync::Arc;

use faultline::machine::Doorbell;
use faultline::runtime::{Condition, ThreadCpu, block_on};
use loom::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use super::{Owned, THREE, TWO, model, run};

#[derive(Default)]
struct Signalled {
    condition: Condition,
    changed: AtomicBool,
}

/// The protocol of [`Condition`]: change the machine, then signal.
fn signal(cpu: &ThreadCpu, shared: &Signalled) {
    shared.changed.store(true, Ordering::Relaxed);
    shared.condition.signal(cpu);
}

/// Take a ticket, look, and only then wait.
fn listen(cpu: &ThreadCpu, shared: &Signalled) {
    loop {
        let ticket = shared.condition.listen();
        if shared.changed.load(Ordering::Relaxed) {
            break;
        }
        block_on(shared.condition.wait(cpu, ticket));
    }
}

#[test]
fn s4_who_listens_before_it_looks_misses_no_signal() {
    model(TWO, || run(&Arc::<Signalled>::default(), &[signal, listen]));
}

#[test]
fn s4_a_signal_wakes_all_who_listen() {
    model(THREE, || run(&Arc::<Signalled>::default(), &[signal, listen, listen]));
}

struct Daemon {
    bell: Doorbell,
    stop: AtomicBool,
    posted: AtomicU64,
    done: AtomicU64,
    /// The work of the CPU that rang, as the daemon sees it.
    work: Owned<u64>,
}

impl Daemon {
    fn new() -> Arc<Self> {
        Arc::new(Self {
            bell: Doorbell::default(),
            stop: AtomicBool::new(false),
            posted: AtomicU64::new(0),
            done: AtomicU64::new(0),
            work: Owned::new(0),
        })
    }
}

fn post(cpu: &ThreadCpu, daemon: &Daemon) {
    daemon.posted.fetch_add(1, Ordering::Relaxed);
    daemon.bell.ring(cpu, || {});
}

/// Works until all that was posted is done.
fn serve(cpu: &ThreadCpu, daemon: &Daemon) {
    while daemon.done.load(Ordering::Relaxed) < 2 {
        assert!(block_on(daemon.bell.wait_for_ring(cpu, &daemon.stop, false)));
        daemon.done.store(daemon.posted.load(Ordering::Relaxed), Ordering::Relaxed);
    }
}

#[test]
fn s4_a_daemon_does_all_that_it_was_rung_for() {
    model(THREE, || {
        let daemon = Daemon::new();
        run(&daemon, &[serve, post, post]);
        assert_eq!(daemon.done.load(Ordering::Relaxed), 2);
    });
}

#[test]
fn s4_a_daemon_at_rest_has_done_what_it_was_rung_for() {
    model(TWO, || {
        let daemon = Daemon::new();
        let serve = |cpu: &ThreadCpu, daemon: &Daemon| {
            while block_on(daemon.bell.wait_for_ring(cpu, &daemon.stop, false)) {
                daemon.work.set(daemon.work.get() + 1);
            }
        };
        let settle = |cpu: &ThreadCpu, daemon: &Daemon| {
            daemon.work.set(1);
            daemon.bell.ring(cpu, || {});
            block_on(Doorbell::wait_for_rest(cpu, std::iter::once(&daemon.bell)));
            assert_eq!(daemon.work.get(), 2);
            daemon.stop.store(true, Ordering::SeqCst);
            daemon.bell.wake(cpu);
        };
        run(&daemon, &[serve, settle]);
    });
}

/// Two daemons, of which the second rings the first, against the order in which they are looked at.
#[test]
fn s4_daemons_that_ring_each_other_rest_when_none_has_work() {
    struct Two {
        bells: [Doorbell; 2],
        stop: AtomicBool,
        work: Owned<u64>,
    }
    model(THREE, || {
        let two = Arc::new(Two {
            bells: Default::default(),
            stop: AtomicBool::new(false),
            work: Owned::new(0),
        });
        let first = |cpu: &ThreadCpu, two: &Two| {
            while block_on(two.bells[0].wait_for_ring(cpu, &two.stop, false)) {
                two.work.set(two.work.get() + 1);
            }
        };
        let second = |cpu: &ThreadCpu, two: &Two| {
            while block_on(two.bells[1].wait_for_ring(cpu, &two.stop, false)) {
                two.bells[0].ring(cpu, || {});
            }
        };
        let settle = |cpu: &ThreadCpu, two: &Two| {
            two.bells[1].ring(cpu, || {});
            block_on(Doorbell::wait_for_rest(cpu, two.bells.iter()));
            assert_eq!(two.work.get(), 1);
            two.stop.store(true, Ordering::SeqCst);
            two.bells.iter().for_each(|bell| bell.wake(cpu));
        };
        run(&two, &[first, second, settle]);
    });
}
