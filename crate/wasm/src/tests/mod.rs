//! Tests of the module in a real browser: what JavaScript sees of it, and real threads over shared memory.

mod crew;
mod harness;
mod module;
mod threads;

use wasm_bindgen_test::wasm_bindgen_test_configure;

// The page's main thread may not wait: the tests run where the engine does, in a worker.
wasm_bindgen_test_configure!(run_in_dedicated_worker);
