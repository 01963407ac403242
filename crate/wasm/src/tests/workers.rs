//! The workers of the tests, which become the threads of a crew or of a machine.

use js_sys::{Array, Object, Promise};
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
    onmessage = async ({data: {glue, module, memory, address, index}}) => {
        try {
            const wasm = await import(glue);
            wasm.initSync({module, memory, thread_stack_size: 1 << 20});
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

/// Workers that have entered, or are about to.
pub(super) struct Workers(Vec<Worker>);

impl Workers {
    /// Starts `count` workers; when each is ready, they enter the crew at `address`.
    pub(super) async fn enter(address: u32, count: u32) -> Self {
        let kind = BlobPropertyBag::new();
        kind.set_type("text/javascript");
        let source = Array::of1(&WORKER.into());
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
