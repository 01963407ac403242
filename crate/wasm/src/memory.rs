//! Shows JavaScript the module and the memory that it runs in.

use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

/// Whether other workers can share this module's memory. Built without the link arguments of
/// `scripts/lib/wasm.mjs` they cannot, and nothing else would say so.
#[wasm_bindgen(js_name = sharedMemory)]
pub fn shared_memory() -> bool {
    let memory: js_sys::WebAssembly::Memory = wasm_bindgen::memory().unchecked_into();
    // Checked by its tag: a page that is not isolated has shared buffers, but not their constructor's name.
    let buffer: js_sys::Object = memory.buffer().unchecked_into();
    buffer.to_string() == "[object SharedArrayBuffer]"
}

/// Returns the compiled module, which a worker instantiates again over this memory.
#[wasm_bindgen(js_name = compiledModule, unchecked_return_type = "WebAssembly.Module")]
pub fn compiled_module() -> JsValue {
    wasm_bindgen::module()
}
