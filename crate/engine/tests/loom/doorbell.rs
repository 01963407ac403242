//! Events and the bells of the daemons: no wake-up is lost, and who wakes sees what was done
//! before the signal.

use std::sync::Arc;

use faultline::memory::Doorbell;
use faultline::runtime::{Event, ThreadCpu, block_on};
use loom::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use super::{Owned, THREE, TWO, model, run};

#[derive(Default)]
struct Signalled {
    event: Event,
    changed: AtomicBool,
}

/// The protocol of [`Event`]: change the machine, then signal.
fn signal(cpu: &ThreadCpu, shared: &Signalled) {
    shared.changed.store(true, Ordering::Relaxed);
    shared.event.signal(cpu);
}

/// Take a ticket, look, and only then wait.
fn listen(cpu: &ThreadCpu, shared: &Signalled) {
    loop {
        let ticket = shared.event.listen();
        if shared.changed.load(Ordering::Relaxed) {
            break;
        }
        block_on(shared.event.wait(cpu, ticket));
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
    /// What a daemon sees of who rang it.
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
        assert!(block_on(daemon.bell.rung(cpu, &daemon.stop, false)));
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
            while block_on(daemon.bell.rung(cpu, &daemon.stop, false)) {
                daemon.work.set(daemon.work.get() + 1);
            }
        };
        let settle = |cpu: &ThreadCpu, daemon: &Daemon| {
            daemon.work.set(1);
            daemon.bell.ring(cpu, || {});
            while !daemon.bell.is_at_rest() {
                loom::thread::yield_now();
            }
            assert_eq!(daemon.work.get(), 2);
            daemon.stop.store(true, Ordering::SeqCst);
            daemon.bell.wake(cpu);
        };
        run(&daemon, &[serve, settle]);
    });
}
