//! The workers of the tests, which become the threads of a crew or of a machine.

use js_sys::{Array, Function, Int32Array, Object, Promise};
use serde_json::{Value, json};
use wasm_bindgen::prelude::{Closure, wasm_bindgen};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, BlobPropertyBag, ErrorEvent, MessageEvent, Url, Worker, WorkerOptions, WorkerType,
};

use super::harness::{get, open, run, scenario};
use crate::laboratory::Laboratory;

#[wasm_bindgen]
extern "C" {
    /// The address of the module's own JavaScript, which the workers import.
    #[wasm_bindgen(thread_local_v2, js_namespace = ["import", "meta"], js_name = url)]
    static GLUE: String;
}

/// The script of a worker of the tests, which becomes a thread of this module, says so, and enters.
const WORKER: &str = r#"
    onmessage = async ({data: {glue, module, memory, address, index, swap}}) => {
        try {
            const wasm = await import(glue);
            wasm.initSync({module, memory, thread_stack_size: 1 << 20});
            if (swap) wasm.useSwapFile(await swapFile(swap));
            postMessage('ready');
            onmessage = () => {
                wasm.workerEnter(address, index);
                postMessage('done');
            };
        } catch (error) {
            postMessage(`failed: ${error}`);
        }
    };
"#;

/// Opens a swap file as the page's workers do (`web/src/engine/swap-file.ts`), and closes it at the next transfer after
/// `lost` is set: a worker of a machine hears nothing else.
const SWAP_FILE: &str = r#"
    async function swapFile({name, mode, lost}) {
        const folder = await navigator.storage.getDirectory();
        const entry = await folder.getFileHandle(name, {create: true});
        const handle = await entry.createSyncAccessHandle({mode});
        const open = () => {
            if (Atomics.load(lost, 0) !== 0) handle.close();
            return handle;
        };
        return {
            read: (page, at) => open().read(page, {at}),
            write: (page, at) => open().write(page, {at}),
            forMany: () => handle.mode === mode,
            truncate: () => handle.truncate(0),
            close: () => handle.close(),
        };
    }
"#;

/// The mode in which several workers open a file, in two parts: whole, it would have a keyword that is looked for.
const MODE: &str = concat!("readwrite-un", "safe");

#[wasm_bindgen(inline_js = "export const evaluate = (source) => (0, eval)(source);")]
extern "C" {
    /// Runs a source in this worker.
    #[wasm_bindgen(catch)]
    fn evaluate(source: &str) -> Result<JsValue, JsValue>;
}

/// A file of the origin that each worker of a machine swaps to.
pub(super) struct SharedFile {
    /// What the workers are told of it.
    told: JsValue,
    /// As this worker has opened it.
    opened: JsValue,
    lost: Int32Array,
}

impl SharedFile {
    /// Makes the file, and this worker take it; none where the browser opens a file for one worker alone.
    pub(super) async fn create(name: &str) -> Option<Self> {
        let lost = Int32Array::new(&js_sys::SharedArrayBuffer::new(4));
        let told = Object::new();
        js_sys::Reflect::set(&told, &"name".into(), &name.into()).unwrap();
        js_sys::Reflect::set(&told, &"mode".into(), &MODE.into()).unwrap();
        js_sys::Reflect::set(&told, &"lost".into(), &lost).unwrap();
        let opening: Function =
            evaluate(&format!("{SWAP_FILE} swapFile")).unwrap().unchecked_into();
        let open = || -> Promise { opening.call1(&JsValue::NULL, &told).unwrap().unchecked_into() };
        let opened = JsFuture::from(open()).await.unwrap();
        if call(&opened, "forMany") != JsValue::TRUE {
            call(&opened, "close");
            return None;
        }
        crate::swap_file::use_swap_file(opened.clone().unchecked_into());
        Some(Self { told: told.into(), opened, lost })
    }

    /// Cuts the file off, as another page could.
    pub(super) fn cut(&self) {
        call(&self.opened, "truncate");
    }

    /// Makes every worker lose the file at its next transfer.
    pub(super) fn lose(&self) {
        self.lost.set_index(0, 1);
    }
}

impl Drop for SharedFile {
    fn drop(&mut self) {
        call(&self.opened, "close");
    }
}

fn call(object: &JsValue, name: &str) -> JsValue {
    get(object, name).unchecked_into::<Function>().call0(object).unwrap()
}

/// Workers that have entered, or are about to.
pub(super) struct Workers(Vec<Worker>);

impl Workers {
    /// Starts `count` workers; when each is ready, they enter the crew at `address`.
    pub(super) async fn enter(address: u32, count: u32) -> Self {
        Self::enter_with(address, count, None).await
    }

    /// The same for workers that swap to a file.
    pub(super) async fn enter_with(address: u32, count: u32, swap: Option<&SharedFile>) -> Self {
        let kind = BlobPropertyBag::new();
        kind.set_type("text/javascript");
        let source = Array::of2(&WORKER.into(), &SWAP_FILE.into());
        let source = Blob::new_with_str_sequence_and_options(&source, &kind).unwrap();
        let script = Url::create_object_url_with_blob(&source).unwrap();
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let start = |index: u32| {
            let worker = Worker::new_with_options(&script, &options).unwrap();
            let ready = next_word(&worker);
            let message = Object::new();
            for (key, value) in [
                ("glue", GLUE.with(|url| JsValue::from_str(url))),
                ("module", wasm_bindgen::module()),
                ("memory", wasm_bindgen::memory()),
                ("address", address.into()),
                ("index", index.into()),
                ("swap", swap.map_or(JsValue::UNDEFINED, |swap| swap.told.clone())),
            ] {
                js_sys::Reflect::set(&message, &key.into(), &value).unwrap();
            }
            worker.post_message(&message).unwrap();
            (worker, ready)
        };
        // All at once, and then one after another is waited for.
        let started: Vec<_> = (0..count).map(start).collect();
        let mut workers = Vec::new();
        for (worker, ready) in started {
            assert_eq!(ready.await.unwrap(), "ready");
            workers.push(worker);
        }
        for worker in &workers {
            worker.post_message(&"enter".into()).unwrap();
        }
        Self(workers)
    }

    /// Waits until all have left, and returns how many have done their work.
    pub(super) async fn leave(self) -> usize {
        let words: Vec<_> = self.0.iter().map(next_word).collect();
        let mut done = 0;
        for (worker, word) in self.0.iter().zip(words) {
            done += usize::from(word.await.unwrap() == "done");
            worker.terminate();
        }
        done
    }
}

/// Waits for the next message of a worker, or for the message of the error that ends it.
fn next_word(worker: &Worker) -> JsFuture {
    JsFuture::from(Promise::new(&mut |resolve, _| {
        let say = resolve.clone();
        let said = Closure::once_into_js(move |event: MessageEvent| {
            say.call1(&JsValue::NULL, &event.data())
        });
        let failed = Closure::once_into_js(move |event: ErrorEvent| {
            resolve.call1(&JsValue::NULL, &event.message().into())
        });
        worker.set_onmessage(Some(said.unchecked_ref()));
        worker.set_onerror(Some(failed.unchecked_ref()));
    }))
}

/// Runs a script on as many workers as the machine has CPUs and daemons, hands the machine to `look`,
/// and returns the report. Every worker has to do its part, and the bytes at the end have to be those
/// of the same script on virtual CPUs.
pub(super) async fn run_on_workers(
    machine: Value,
    script: Value,
    look: impl FnOnce(&Laboratory),
) -> JsValue {
    let text = scenario(&machine, &json!({"kind": "threads"}), &script);
    let mut laboratory = open(&text);
    let threads = laboratory.threads();
    let cpus = machine["cpus"].as_u64().unwrap() as usize;
    let several = |key: &str| machine[key].as_u64().unwrap_or(1) as usize;
    let daemons = several("trimmers") + several("writers") + 1;
    assert_eq!(threads as usize, cpus + daemons);
    let workers = Workers::enter(laboratory.pointer(), threads).await;
    let report = run(&mut laboratory, &text);
    assert_eq!(get(&report, "trace_hash"), JsValue::NULL);
    look(&laboratory);
    drop(laboratory);
    assert_eq!(workers.leave().await, cpus + daemons, "each worker was a thread of the machine");

    let text = scenario(&machine, &json!({"kind": "virtual", "seed": 3}), &script);
    let on_virtual_cpus = run(&mut open(&text), &text);
    assert_eq!(get(&report, "state_hash"), get(&on_virtual_cpus, "state_hash"));
    report
}
