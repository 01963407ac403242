//! The module in a real browser: shared memory, and real threads over it.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Condvar, Mutex};

use js_sys::{Array, Function, Promise};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

use crate::memory::shared_memory;
use crate::worker_entry::Crew;

// The page's main thread may not wait: the tests run where the engine does, in a worker.
wasm_bindgen_test_configure!(run_in_dedicated_worker);

#[wasm_bindgen]
extern "C" {
    /// The address of the module's own JavaScript, which the workers import.
    #[wasm_bindgen(thread_local_v2, js_namespace = ["import", "meta"], js_name = url)]
    static GLUE: String;
}

/// What a worker of the tests does: become a thread of this module, say so, and enter.
const WORKER: &str = r#"
    onmessage = async ({data: {glue, module, memory, address, index}}) => {
        try {
            const wasm = await import(glue);
            wasm.initSync({module, memory, thread_stack_size: 1 << 20});
            postMessage('ready');
            onmessage = () => {
                wasm.workerEnter(address, index);
                postMessage('done');
            };
        } catch (error) {
            postMessage(`failed: ${error}`);
        }
    };
"#;

/// Starts `count` workers, and resolves when each is ready; `go` then lets them enter.
const START: &str = r#"
    const script = URL.createObjectURL(new Blob([source], {type: 'text/javascript'}));
    return Promise.all(Array.from({length: count}, (_, index) => new Promise((done, fail) => {
        const worker = new Worker(script, {type: 'module'});
        worker.onmessage = ({data}) => data === 'ready' ? done(worker) : fail(new Error(data));
        worker.onerror = (event) => fail(new Error(event.message));
        worker.postMessage({glue, module, memory, address, index});
    })));
"#;

async fn start_workers(crew: &Arc<Crew>, count: u32) -> Array {
    let start = Function::new_with_args("source, glue, module, memory, address, count", START);
    let parameters = Array::from_iter([
        WORKER.into(),
        GLUE.with(|url| JsValue::from_str(url)),
        wasm_bindgen::module(),
        wasm_bindgen::memory(),
        crew.address().into(),
        count.into(),
    ]);
    let promise: Promise = start.apply(&JsValue::NULL, &parameters).unwrap().unchecked_into();
    JsFuture::from(promise).await.unwrap().unchecked_into()
}

fn tell_to_enter(workers: &Array) {
    let tell = Function::new_with_args(
        "workers",
        "for (const worker of workers) worker.postMessage('enter')",
    );
    tell.call1(&JsValue::NULL, workers).unwrap();
}

#[wasm_bindgen_test]
fn memory_is_shared() {
    assert!(shared_memory());
}

#[wasm_bindgen_test]
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
    let workers = start_workers(&crew, WORKERS).await;
    tell_to_enter(&workers);

    // A real wait: this worker sleeps until the others have come through.
    let (mutex, all_done) = &*guarded;
    let state = all_done.wait_while(mutex.lock().unwrap(), |state| state.1 < WORKERS).unwrap();
    assert_eq!(state.0, WORKERS * ROUNDS);
    assert_eq!(atomic.load(Ordering::Relaxed), WORKERS * ROUNDS);
}

#[wasm_bindgen_test]
fn the_clock_moves_as_the_date_does() {
    crate::clock::install();
    let (clock, date) = (faultline::runtime::now_ns(), js_sys::Date::now());
    while js_sys::Date::now() < date + 20.0 {}
    let passed = faultline::runtime::now_ns() - clock;
    assert!((15_000_000..2_000_000_000).contains(&passed), "{passed} ns in 20 ms");
}
