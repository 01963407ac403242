//! Gives the threads runtime the browser's clock: `performance.now()`, which every worker has.

use std::sync::OnceLock;

use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    fn milliseconds_since_worker_start() -> f64;

    #[wasm_bindgen(thread_local_v2, js_namespace = performance, js_name = timeOrigin)]
    static WORKER_START: f64;
}

/// The time at which the first worker installed the clock, from which all of them count.
static BEGINNING: OnceLock<f64> = OnceLock::new();

/// Makes the engine read the browser's clock.
pub(crate) fn install() {
    BEGINNING.get_or_init(milliseconds_since_1970);
    faultline::runtime::set_clock(now_ns);
}

/// Reads the clock. Each worker counts from its own start, which is added, so that workers agree.
fn milliseconds_since_1970() -> f64 {
    WORKER_START.with(|start| *start) + milliseconds_since_worker_start()
}

/// Returns the nanoseconds since the beginning, in steps of the browser's clock: 5 microseconds at best.
fn now_ns() -> u64 {
    let beginning = *BEGINNING.get_or_init(milliseconds_since_1970);
    ((milliseconds_since_1970() - beginning) * 1e6) as u64
}
