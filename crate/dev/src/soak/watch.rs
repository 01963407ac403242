//! The watchdog ends the program when a machine makes no progress, and reports what each task waits for.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use faultline::audit::waits;
use faultline::observe::Counter;
use faultline::scenario::Workers;

use crate::support::storm::Round;

/// The state that is watched.
#[derive(Default)]
struct Watched {
    round: Option<Round>,
    workers: Option<Arc<Workers>>,
}

#[derive(Default)]
struct Shared {
    watched: Mutex<Watched>,
    ops: AtomicU64,
}

pub(super) struct Watch(Arc<Shared>);

impl Watch {
    /// Starts to watch; a machine that does nothing for `patience` counts as hung.
    pub(super) fn start(patience: Duration) -> Self {
        let shared = Arc::<Shared>::default();
        let watched = Arc::clone(&shared);
        #[expect(
            clippy::disallowed_methods,
            reason = "it watches the threads that the engine starts"
        )]
        std::thread::spawn(move || watch(&watched, patience));
        Self(shared)
    }

    /// Watches the threads of this round's machine, or none.
    pub(super) fn attend(&self, round: &Round, workers: Option<Arc<Workers>>) {
        let mut watched = self.0.watched.lock().unwrap_or_else(PoisonError::into_inner);
        *watched = Watched { round: Some(round.clone()), workers };
    }

    /// Notes that an op is done.
    pub(super) fn note_op(&self) {
        self.0.ops.fetch_add(1, Ordering::Relaxed);
    }
}

fn watch(shared: &Shared, patience: Duration) {
    const LOOKS: u32 = 20;
    let never = (Mutex::new(()), Condvar::new());
    let (mut seen, mut idle) = (0, 0);
    loop {
        let guard = never.0.lock().unwrap_or_else(PoisonError::into_inner);
        drop(never.1.wait_timeout(guard, patience / LOOKS));
        let watched = shared.watched.lock().unwrap_or_else(PoisonError::into_inner);
        let accesses = watched
            .workers
            .as_ref()
            .map_or(0, |workers| workers.machine().stats.total(Counter::Accesses));
        let done = accesses.wrapping_add(shared.ops.load(Ordering::Relaxed));
        idle = if done == seen { idle + 1 } else { 0 };
        seen = done;
        if idle > LOOKS {
            eprintln!("{}", hung(&watched, patience));
            std::process::exit(1);
        }
    }
}

fn hung(watched: &Watched, patience: Duration) -> String {
    let mut text = format!("nothing has happened for {} s", patience.as_secs());
    if let Some(workers) = &watched.workers {
        for line in waits(workers.machine(), &workers.sleepers()) {
            text.push_str(&format!("\n  {line}"));
        }
    }
    if let Some(round) = &watched.round {
        text.push_str(&format!("\nin round {} on {}\n{}", round.seed, round.machine, again(round)));
    }
    text
}

/// Says how to play a round again.
pub(super) fn again(round: &Round) -> String {
    format!(
        "play it again, with the same --set: npm run soak -- --accesses 1 --seed {}",
        round.seed
    )
}
