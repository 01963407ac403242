//! The browser's clock for the threads runtime: `performance.now()`, which every worker has.

use std::sync::OnceLock;

use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    fn milliseconds_since_worker_start() -> f64;

    #[wasm_bindgen(thread_local_v2, js_namespace = performance, js_name = timeOrigin)]
    static WORKER_START: f64;
}

/// When the first worker installed the clock: where time begins for all of them.
static BEGINNING: OnceLock<f64> = OnceLock::new();

/// Makes the engine tell time by the browser.
pub(crate) fn install() {
    BEGINNING.get_or_init(milliseconds_since_1970);
    faultline::runtime::set_clock(now_ns);
}

/// Each worker counts from its own start, which is added: the workers must agree.
fn milliseconds_since_1970() -> f64 {
    WORKER_START.with(|start| *start) + milliseconds_since_worker_start()
}

/// Nanoseconds since the beginning, in the steps of the browser's clock: 5 microseconds at best.
fn now_ns() -> u64 {
    let beginning = *BEGINNING.get_or_init(milliseconds_since_1970);
    ((milliseconds_since_1970() - beginning) * 1e6) as u64
}
