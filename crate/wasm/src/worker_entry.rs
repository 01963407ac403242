//! The entry of a worker's thread, and the one place that turns an address back into an object.
#![expect(unsafe_code, reason = "a worker gets an object by its address")]

use std::sync::Arc;
use wasm_bindgen::prelude::wasm_bindgen;

/// A crew is the work of a machine's threads, which the page's workers perform.
pub(crate) struct Crew {
    body: Box<dyn Fn(u32) + Send + Sync>,
}

impl Crew {
    /// Makes a crew whose thread number `index` runs `body(index)`.
    pub(crate) fn new(body: impl Fn(u32) + Send + Sync + 'static) -> Arc<Self> {
        Arc::new(Self { body: Box::new(body) })
    }

    /// Returns the address that [`worker_enter`] takes, valid in every worker while the crew lives.
    pub(crate) fn address(self: &Arc<Self>) -> u32 {
        Arc::as_ptr(self).expose_provenance() as u32
    }
}

/// Runs one thread, in a worker of its own: returns when the machine is done with it.
/// `address` is a laboratory's `pointer()`, and the laboratory must be alive.
#[wasm_bindgen(js_name = workerEnter)]
pub fn worker_enter(address: u32, index: u32) {
    let crew = std::ptr::with_exposed_provenance::<Crew>(address as usize);
    // SAFETY: the address is of an `Arc<Crew>` in the shared memory, and the caller that passes it keeps
    // that `Arc` while workers enter; the count taken here keeps it from then on.
    let crew = unsafe {
        Arc::increment_strong_count(crew);
        Arc::from_raw(crew)
    };
    (crew.body)(index);
}
