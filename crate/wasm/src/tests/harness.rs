//! The harness of the tests: scenarios, machines, and workers that become their threads.

use faultline::runtime::DAEMONS;
use js_sys::{Array, Object, Promise};
use serde_json::{Value, json};
use wasm_bindgen::prelude::{Closure, wasm_bindgen};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, BlobPropertyBag, ErrorEvent, MessageEvent, Url, Worker, WorkerOptions, WorkerType,
};

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

pub(super) fn scenario(machine: &Value, runtime: &Value, script: &Value) -> String {
    json!({"faultline": 1, "machine": machine, "runtime": runtime, "script": script}).to_string()
}

pub(super) fn open(text: &str) -> Laboratory {
    // What `start` does, but for the panic hook: the test runner has its own.
    crate::clock::install();
    Laboratory::new(text, js_sys::Object::new().into()).expect("the scenario is legal")
}

pub(super) fn get(object: &JsValue, key: &str) -> JsValue {
    js_sys::Reflect::get(object, &key.into()).unwrap()
}

/// Applies the script op by op, each of which has to hold, and returns the report, which has a clean
/// audit.
pub(super) fn run(laboratory: &mut Laboratory, text: &str) -> JsValue {
    let script: Array = get(&js_sys::JSON::parse(text).unwrap(), "script").unchecked_into();
    for op in script.iter() {
        let op = String::from(js_sys::JSON::stringify(&op).unwrap());
        let outcome = laboratory.apply(&op).expect("the op is legal");
        assert_eq!(get(&outcome, "ok"), JsValue::TRUE, "{op}: {outcome:?}");
    }
    let report = laboratory.finish();
    assert_eq!(get(&report, "ok"), JsValue::TRUE, "{report:?}");
    report
}

/// Makes a machine and a script with forks, writes, and more pages than frames, so that every part of the
/// machine has work.
pub(super) fn forks_and_writes() -> (Value, Value) {
    let machine = json!({"frames": 48, "slots": 400, "cpus": 2});
    let script = json!([
        {"op": "spawn", "as": "init", "pages": 256},
        {"op": "write", "process": "init", "page": 3, "offset": 8, "value": 42},
        {"op": "fork", "process": "init", "as": "child"},
        {"op": "read", "process": "child", "page": 3, "offset": 8, "expect": 42},
        {"op": "run", "process": "init", "cpus": 2, "pattern": "uniform", "pages": [0, 128],
         "accesses": 4000, "writes": 0.5, "seed": 1},
        {"op": "evict", "process": "child", "page": 3},
        {"op": "read", "process": "child", "page": 3, "offset": 8, "expect": 42}
    ]);
    (machine, script)
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
    assert_eq!(threads as usize, cpus + DAEMONS);
    let workers = Workers::enter(laboratory.pointer(), threads).await;
    let report = run(&mut laboratory, &text);
    assert_eq!(get(&report, "trace_hash"), JsValue::NULL);
    look(&laboratory);
    drop(laboratory);
    assert_eq!(workers.leave().await, cpus + DAEMONS, "each worker was a thread of the machine");

    let text = scenario(&machine, &json!({"kind": "virtual", "seed": 3}), &script);
    let on_virtual_cpus = run(&mut open(&text), &text);
    assert_eq!(get(&report, "state_hash"), get(&on_virtual_cpus, "state_hash"));
    report
}
