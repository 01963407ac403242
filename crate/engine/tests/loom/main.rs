//! Models of threads run the engine's own code in every order that the memory model allows, up to a few
//! preemptions: `RUSTFLAGS="--cfg loom" cargo test -p faultline --release --test loom`. Each protocol has a
//! file.
//!
//! Where a model says *owned*, it means a cell without any synchronisation of its own: loom finds
//! an access to it that is not ordered after the one before.
#![cfg(loom)]

mod arrivals;
mod doorbell;
mod flight;
mod frame_cache;
mod keeper;
mod lists;
mod lock;
mod owned;
mod owners;
mod pins;
mod pte_word;
mod read_ahead;
mod rescue;
mod shootdown;
mod single_steps;
mod slots;

use std::sync::Arc;

use faultline::memory::Pte;
use faultline::observe::{Event, EventKind};
use faultline::runtime::{CpuLocal, Epochs, LockClass, LockId, Presence, ThreadCpu, ThreadRuntime};
use owned::Owned;

/// Preemptions in a model of two threads, and of three, whose orders are many more.
const TWO: usize = 5;
const THREE: usize = 2;

/// Tries all orders with at most this many preemptions, or `LOOM_MAX_PREEMPTIONS`.
fn model(preemptions: usize, threads: impl Fn() + Sync + Send + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = builder.preemption_bound.or(Some(preemptions));
    builder.max_branches = builder.max_branches.max(20_000);
    builder.check(threads);
}

/// The body of a thread of a model, on its CPU.
type Body<S> = fn(&ThreadCpu, &S);

/// Runs each body on a thread of its own, with its CPU, and waits for all.
fn run<S: Send + Sync + 'static>(shared: &Arc<S>, bodies: &[Body<S>]) {
    run_in(&Arc::new(Epochs::new(0)), shared, bodies);
}

/// Runs the bodies with shootdowns.
fn run_in<S: Send + Sync + 'static>(epochs: &Arc<Epochs>, shared: &Arc<S>, bodies: &[Body<S>]) {
    let runtime = Arc::<ThreadRuntime>::default();
    let threads = bodies.iter().enumerate().map(|(index, body)| {
        let presence = Presence::new(Arc::clone(epochs), index);
        let local = CpuLocal::new(index, 0, Arc::default(), presence);
        let cpu = ThreadCpu::new(Arc::clone(&runtime), local);
        let (shared, body) = (Arc::clone(shared), *body);
        loom::thread::spawn(move || body(&cpu, &shared))
    });
    let handles: Vec<_> = threads.collect();
    for handle in handles {
        handle.join().unwrap();
    }
}

/// Returns the event of a changed PTE.
fn pte_event(old: Pte, new: Pte) -> Event {
    Event::of(EventKind::Pte, 0).with(old.0, new.0)
}

/// Names some lock of a class.
fn lock_id(class: LockClass) -> LockId {
    LockId::new(class, 0)
}
