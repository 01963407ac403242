//! The module in a real browser: shared memory, and real threads over it.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Condvar, Mutex};

use js_sys::{Array, Function, Promise};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

use crate::laboratory::Laboratory;
use crate::memory::shared_memory;
use crate::worker_entry::Crew;

// The page's main thread may not wait: the tests run where the engine does, in a worker.
wasm_bindgen_test_configure!(run_in_dedicated_worker);

#[wasm_bindgen]
extern "C" {
    /// The address of the module's own JavaScript, which the workers import.
    #[wasm_bindgen(thread_local_v2, js_namespace = ["import", "meta"], js_name = url)]
    static GLUE: String;
}

/// What a worker of the tests does: become a thread of this module, say so, and enter.
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

/// Starts `count` workers, and resolves when each is ready; `go` then lets them enter.
const START: &str = r#"
    const script = URL.createObjectURL(new Blob([source], {type: 'text/javascript'}));
    return Promise.all(Array.from({length: count}, (_, index) => new Promise((done, fail) => {
        const worker = new Worker(script, {type: 'module'});
        worker.onmessage = ({data}) => data === 'ready' ? done(worker) : fail(new Error(data));
        worker.onerror = (event) => fail(new Error(event.message));
        worker.postMessage({glue, module, memory, address, index});
    })));
"#;

async fn start_workers(address: u32, count: u32) -> Array {
    let start = Function::new_with_args("source, glue, module, memory, address, count", START);
    let parameters = Array::from_iter([
        WORKER.into(),
        GLUE.with(|url| JsValue::from_str(url)),
        wasm_bindgen::module(),
        wasm_bindgen::memory(),
        address.into(),
        count.into(),
    ]);
    let promise: Promise = start.apply(&JsValue::NULL, &parameters).unwrap().unchecked_into();
    JsFuture::from(promise).await.unwrap().unchecked_into()
}

fn tell_to_enter(workers: &Array) {
    let tell = Function::new_with_args(
        "workers",
        "for (const worker of workers) worker.postMessage('enter')",
    );
    tell.call1(&JsValue::NULL, workers).unwrap();
}

#[wasm_bindgen_test]
fn memory_is_shared() {
    assert!(shared_memory());
}

#[wasm_bindgen_test]
async fn r1_workers_are_threads_over_one_memory() {
    const WORKERS: u32 = 3;
    const ROUNDS: u32 = 10_000;
    let atomic = Arc::new(AtomicU32::new(0));
    let guarded = Arc::new((Mutex::new((0_u32, 0_u32)), Condvar::new()));
    let crew = Crew::new({
        let (atomic, guarded) = (Arc::clone(&atomic), Arc::clone(&guarded));
        move |_| {
            for _ in 0..ROUNDS {
                atomic.fetch_add(1, Ordering::Relaxed);
                guarded.0.lock().unwrap().0 += 1;
            }
            guarded.0.lock().unwrap().1 += 1;
            guarded.1.notify_one();
        }
    });
    let workers = start_workers(crew.address(), WORKERS).await;
    tell_to_enter(&workers);

    // A real wait: this worker sleeps until the others have come through.
    let (mutex, all_done) = &*guarded;
    let state = all_done.wait_while(mutex.lock().unwrap(), |state| state.1 < WORKERS).unwrap();
    assert_eq!(state.0, WORKERS * ROUNDS);
    assert_eq!(atomic.load(Ordering::Relaxed), WORKERS * ROUNDS);
}

/// Forks, writes, and more pages than frames, so that every part of the machine has work.
fn script(runtime: &str) -> String {
    format!(
        r#"{{
            "faultline": 1,
            "machine": {{"frames": 48, "slots": 400, "cpus": 2}},
            "runtime": {runtime},
            "script": [
                {{"op": "spawn", "as": "init", "pages": 256}},
                {{"op": "write", "process": "init", "page": 3, "offset": 8, "value": 42}},
                {{"op": "fork", "process": "init", "as": "child"}},
                {{"op": "read", "process": "child", "page": 3, "offset": 8, "expect": 42}},
                {{"op": "run", "process": "init", "cpus": 2, "pattern": "uniform",
                  "pages": [0, 128], "accesses": 4000, "writes": 0.5, "seed": 1}},
                {{"op": "evict", "process": "child", "page": 3}},
                {{"op": "read", "process": "child", "page": 3, "offset": 8, "expect": 42}}
            ]
        }}"#
    )
}

fn open(text: &str) -> Laboratory {
    // What `start` does, but for the panic hook: the test runner has its own.
    crate::clock::install();
    Laboratory::new(text, js_sys::Object::new().into()).expect("the scenario is legal")
}

fn get(object: &JsValue, key: &str) -> JsValue {
    js_sys::Reflect::get(object, &key.into()).unwrap()
}

/// Applies the script op by op, and returns the report.
fn run(laboratory: &mut Laboratory, text: &str) -> JsValue {
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

#[wasm_bindgen_test]
async fn r1_a_machine_on_workers_comes_to_the_state_of_a_virtual_one() {
    let text = script(r#"{"kind": "threads"}"#);
    let mut on_threads = open(&text);
    assert_eq!(on_threads.threads(), 5);
    let workers = start_workers(on_threads.pointer(), on_threads.threads()).await;
    tell_to_enter(&workers);
    let threads = run(&mut on_threads, &text);
    assert_eq!(get(&threads, "trace_hash"), JsValue::NULL);

    let text = script(r#"{"kind": "virtual", "seed": 3}"#);
    let mut on_virtual_cpus = open(&text);
    assert_eq!(on_virtual_cpus.threads(), 0);
    let virtual_cpus = run(&mut on_virtual_cpus, &text);
    assert_eq!(get(&threads, "state_hash"), get(&virtual_cpus, "state_hash"));
}

#[wasm_bindgen_test]
fn r2_the_same_seed_gives_the_same_trace() {
    let hash = |seed: u32| {
        let text = script(&format!(r#"{{"kind": "virtual", "seed": {seed}}}"#));
        get(&run(&mut open(&text), &text), "trace_hash").as_string().unwrap()
    };
    assert_eq!(hash(5), hash(5));
    assert_ne!(hash(5), hash(6));
}

#[wasm_bindgen_test]
fn r5_a_refused_scenario_throws_its_problem() {
    let text = r#"{"faultline": 1, "machine": {"frames": 3}}"#;
    let problem = Laboratory::new(text, js_sys::Object::new().into()).err().unwrap();
    assert_eq!(get(&problem, "path"), JsValue::from_str("/machine/frames"));
    assert_eq!(get(&problem, "found"), JsValue::from_str("3"));
}

#[wasm_bindgen_test]
fn the_memory_shows_the_machine_at_the_addresses_of_its_layout() {
    let text = script(r#"{"kind": "virtual"}"#);
    let mut laboratory = open(&text);
    run(&mut laboratory, &text);
    let layout = laboratory.layout();
    let addresses = get(&layout, "addresses");
    let memory: js_sys::WebAssembly::Memory = wasm_bindgen::memory().unchecked_into();
    let words = js_sys::Uint32Array::new(&memory.buffer());
    let word = |part: &str, offset: f64| {
        let address = get(&addresses, part).as_f64().unwrap() + offset;
        words.get_index((address / 4.0) as u32)
    };
    let first = laboratory.processes().unchecked_into::<Array>().get(0);
    let index = get(&first, "index").as_f64().unwrap();
    let stride = get(&get(&layout, "strides"), "process").as_f64().unwrap();
    assert_eq!(word("processes", index * stride + 20.0), 256, "its pages");
    assert_eq!(word("pfn", 0.0) & 7, 7, "frame 0 is protected");
}

#[wasm_bindgen_test]
fn the_clock_moves_as_the_date_does() {
    crate::clock::install();
    let (clock, date) = (faultline::runtime::now_ns(), js_sys::Date::now());
    while js_sys::Date::now() < date + 20.0 {}
    let passed = faultline::runtime::now_ns() - clock;
    assert!((15_000_000..2_000_000_000).contains(&passed), "{passed} ns in 20 ms");
}
