//! Swap on the disk of the browser: a file of the page's origin, which every worker of a machine has opened for itself.
//!
//! A worker can use only what it has opened, and waits for it as long as the disk takes. All have the same file: the
//! machine never lets two write one slot. What comes back is checked by the engine, like that of any device.

use std::cell::RefCell;
use std::io::{Error, ErrorKind, Result};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use faultline::memory::{PAGE_SIZE, Slot, SwapDevice};
use faultline::scenario::Session;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

use crate::laboratory::Laboratory;
use crate::scenario::to_js;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str =
    "/** A file that a worker has opened; both return how many bytes they transferred. */
export interface OpenFile {
  read(page: Uint8Array, at: number): number;
  write(page: Uint8Array, at: number): number;
}";

#[wasm_bindgen]
extern "C" {
    /// A file that a worker has opened.
    #[wasm_bindgen(typescript_type = "OpenFile")]
    pub type OpenFile;

    #[wasm_bindgen(method, catch)]
    fn read(this: &OpenFile, page: &mut [u8], at: f64) -> std::result::Result<f64, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn write(this: &OpenFile, page: &[u8], at: f64) -> std::result::Result<f64, JsValue>;
}

thread_local! {
    /// The swap file as this worker has opened it.
    static FILE: RefCell<Option<OpenFile>> = const { RefCell::new(None) };
}

/// Takes the swap file as this worker has opened it, before the worker makes or enters a machine.
#[wasm_bindgen(js_name = useSwapFile)]
pub fn use_swap_file(file: OpenFile) {
    FILE.set(Some(file));
}

/// What went to the file and came from it, in bytes, and how many transfers failed.
#[derive(Debug, Default)]
#[repr(C)]
pub(crate) struct Traffic {
    written: AtomicU64,
    read: AtomicU64,
    failed: AtomicU64,
}

/// The file as a device of all workers.
#[derive(Debug)]
struct SwapFile(Arc<Traffic>);

impl SwapFile {
    /// Transfers a page by the file of this worker, and counts its bytes.
    fn transfer(
        &self,
        bytes: &AtomicU64,
        by: impl FnOnce(&OpenFile) -> std::result::Result<f64, JsValue>,
    ) -> Result<()> {
        let done = FILE.with_borrow(|file| {
            let file = file.as_ref().ok_or_else(|| Error::other("this worker has no file"))?;
            be_whole(by(file).map_err(|error| thrown(&error))?)
        });
        match done {
            Ok(()) => bytes.fetch_add(PAGE_SIZE as u64, Ordering::Relaxed),
            Err(_) => self.0.failed.fetch_add(1, Ordering::Relaxed),
        };
        done
    }
}

impl SwapDevice for SwapFile {
    fn read(&self, slot: Slot, page: &mut [u8; PAGE_SIZE]) -> Result<()> {
        self.transfer(&self.0.read, |file| file.read(page, offset(slot)))
    }

    fn write(&self, slot: Slot, page: &[u8; PAGE_SIZE]) -> Result<()> {
        self.transfer(&self.0.written, |file| file.write(page, offset(slot)))
    }
}

/// Returns where a slot begins: the file has a page for each, and none for slot 0, which is never used.
fn offset(slot: Slot) -> f64 {
    f64::from(slot.0 - 1) * PAGE_SIZE as f64
}

/// Refuses a transfer that was not of the whole page. Chromium returns an error's number as a count beyond it where a
/// private window has no more room.
fn be_whole(count: f64) -> Result<()> {
    if count == PAGE_SIZE as f64 {
        return Ok(());
    }
    if count > PAGE_SIZE as f64 {
        return Err(Error::new(ErrorKind::StorageFull, "the browser gives the file no more room"));
    }
    let message = format!("{count} of {PAGE_SIZE} bytes were transferred");
    Err(Error::new(ErrorKind::UnexpectedEof, message))
}

/// Returns what the browser threw, in its words: the name of the error and its message.
fn thrown(error: &JsValue) -> Error {
    let words = error.unchecked_ref::<js_sys::Object>().to_string();
    Error::other(String::from(words))
}

#[wasm_bindgen]
impl Laboratory {
    /// Builds the machine of a scenario like the constructor, with its slots in the swap file: this worker, and each that
    /// enters the machine, has taken it with `useSwapFile`.
    #[wasm_bindgen(js_name = onDisk)]
    pub fn on_disk(
        text: &str,
        #[wasm_bindgen(unchecked_param_type = "Record<string, string>")] traces: JsValue,
    ) -> std::result::Result<Self, JsValue> {
        let traffic = Arc::new(Traffic::default());
        let file = SwapFile(Arc::clone(&traffic));
        let open = |scenario: &_, traces| Session::open_on(scenario, traces, Box::new(file));
        let mut laboratory = Self::open(text, traces, open).map_err(|problem| to_js(&problem))?;
        laboratory.traffic = Some(traffic);
        Ok(laboratory)
    }

    /// Returns the address of three words of 64 bits, which count what has gone to the swap file: bytes written, bytes
    /// read, and transfers that failed; 0 if swap is in memory.
    #[wasm_bindgen(js_name = swapTraffic)]
    pub fn swap_traffic(&self) -> u32 {
        self.traffic.as_ref().map_or(0, |traffic| Arc::as_ptr(traffic).expose_provenance() as u32)
    }
}
