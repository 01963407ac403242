//! The engine in the browser: this crate has the functions that JavaScript calls, and nothing else.
//!
//! One module is instantiated in several workers over one shared memory: in the engine worker,
//! which owns the machine, and in a worker for each of its threads.

mod clock;
#[cfg(feature = "bugs")]
pub mod command;
mod failure;
pub mod laboratory;
pub mod memory;
pub mod scenario;
#[cfg(feature = "threads")]
pub mod swap_file;
#[cfg(feature = "bugs")]
pub mod thrashing;
pub mod travel;
pub mod whole_run;
pub mod worker_entry;

#[cfg(test)]
mod tests;

use wasm_bindgen::prelude::wasm_bindgen;

/// Installs the clock and the panic hook, once, in the worker that creates the memory, before anything else.
#[wasm_bindgen(start)]
fn start() {
    failure::install();
    clock::install();
    // The tests of virtual CPUs are run by one worker, and need no memory that others share.
    assert!(
        memory::shared_memory() || cfg!(all(test, not(target_feature = "atomics"))),
        "the module was built without shared memory: `npm run build` says with what it is built"
    );
}
