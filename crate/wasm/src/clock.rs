//! The browser's clock for the threads runtime: `performance.now()`, which every worker has.

use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    fn milliseconds_since_worker_start() -> f64;

    #[wasm_bindgen(thread_local_v2, js_namespace = performance, js_name = timeOrigin)]
    static WORKER_START: f64;
}

/// Makes the engine tell time by the browser.
pub(crate) fn install() {
    faultline::runtime::set_clock(now_ns);
}

/// Nanoseconds since 1970. Each worker counts from its own start, so the start is added: the
/// workers must agree. A double holds this to about a quarter of a microsecond, finer than the
/// 5 microseconds by which the browser's clock steps.
fn now_ns() -> u64 {
    let milliseconds = WORKER_START.with(|start| *start) + milliseconds_since_worker_start();
    (milliseconds * 1e6) as u64
}
