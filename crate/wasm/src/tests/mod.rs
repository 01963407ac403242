//! Tests of the module in a real browser: what JavaScript sees of it, and real threads over shared memory.
//!
//! A module whose memory can be shared needs a standard library that is rebuilt with atomics, which a plain
//! `wasm-pack test` does not do. Without it the tests of virtual CPUs run, and those with workers say how they are run.

mod crew;
mod harness;
mod module;
mod swap_file;
mod threads;
mod workers;

use wasm_bindgen_test::wasm_bindgen_test_configure;

// The page's main thread may not wait: the tests run where the engine does, in a worker.
wasm_bindgen_test_configure!(run_in_dedicated_worker);
