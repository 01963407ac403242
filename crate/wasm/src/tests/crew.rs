//! Tests that workers are threads over one memory.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Condvar, Mutex};

use wasm_bindgen_test::wasm_bindgen_test;

use super::workers::Workers;
use crate::worker_entry::Crew;

#[wasm_bindgen_test]
#[cfg_attr(
    not(target_feature = "atomics"),
    ignore = "needs shared memory: npm run --silent wasm-test -- --chrome"
)]
async fn r1_workers_are_threads_over_one_memory() {
    const WORKERS: u32 = 3;
    const ROUNDS: u32 = 10_000;
    let atomic = Arc::new(AtomicU32::new(0));
    let guarded = Arc::new((Mutex::new((0_u32, 0_u32)), Condvar::new()));
    let crew = Crew::new({
        let (atomic, guarded) = (Arc::clone(&atomic), Arc::clone(&guarded));
        move |_| {
            for _ in 0..ROUNDS {
                atomic.fetch_add(1, Ordering::Relaxed);
                guarded.0.lock().unwrap().0 += 1;
            }
            guarded.0.lock().unwrap().1 += 1;
            guarded.1.notify_one();
        }
    });
    let workers = Workers::enter(crew.address(), WORKERS).await;

    // A real wait: this worker sleeps until the others have come through.
    {
        let (mutex, all_done) = &*guarded;
        let state = all_done.wait_while(mutex.lock().unwrap(), |state| state.1 < WORKERS).unwrap();
        assert_eq!(state.0, WORKERS * ROUNDS);
    }
    assert_eq!(atomic.load(Ordering::Relaxed), WORKERS * ROUNDS);
    assert_eq!(workers.leave().await, WORKERS as usize);
}
