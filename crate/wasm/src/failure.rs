//! Reports a panic in any worker: to the console with its stack, and to the page with the task's number.

use faultline::runtime::running_task;
use std::panic;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    /// Each worker of the page defines this function to send the message on; elsewhere there is
    /// none, the call fails, and the console has the message anyway. `task` is the number of the
    /// virtual CPU or daemon that was running.
    #[wasm_bindgen(catch, js_namespace = globalThis, js_name = faultlineReportPanic)]
    fn report_panic(message: &str, task: Option<u32>) -> Result<(), JsValue>;
}

/// Reports every panic from here on, in whichever worker.
pub(crate) fn install() {
    panic::set_hook(Box::new(|panic| {
        console_error_panic_hook::hook(panic);
        let _ = report_panic(&panic.to_string(), running_task().map(|task| task as u32));
    }));
}
