//! Tests swap on the browser's disk: real files of the origin, which each worker of a machine has opened.

use js_sys::BigUint64Array;
use serde_json::{Value, json};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;

use super::harness::{forks_and_writes, get, open, open_on_disk, run, scenario};
use super::workers::{SharedFile, Workers};
use crate::laboratory::Laboratory;

/// What a laboratory says of the traffic: bytes written, bytes read, transfers that failed.
fn traffic(laboratory: &Laboratory) -> [u64; 3] {
    let memory: js_sys::WebAssembly::Memory = wasm_bindgen::memory().unchecked_into();
    let address = laboratory.swap_traffic();
    assert!(address > 0, "swap is on disk");
    let words = BigUint64Array::new_with_byte_offset_and_length(&memory.buffer(), address, 3);
    std::array::from_fn(|index| words.get_index(index as u32))
}

fn counted(report: &JsValue, name: &str) -> u64 {
    get(&get(report, "counters"), name).as_f64().unwrap() as u64
}

#[wasm_bindgen_test]
#[cfg_attr(
    not(target_feature = "atomics"),
    ignore = "needs shared memory: npm run --silent wasm-test -- --chrome"
)]
async fn r2_swap_on_the_browsers_disk_and_in_memory_come_to_the_same_state() {
    let Some(file) = SharedFile::create("same").await else { return };
    let (machine, script) = forks_and_writes();
    let text = scenario(&machine, &json!({"kind": "threads"}), &script);
    let mut laboratory = open_on_disk(&text);
    let threads = laboratory.threads();
    let workers = Workers::enter_with(laboratory.pointer(), threads, Some(&file)).await;
    let report = run(&mut laboratory, &text);
    let [written, read, failed] = traffic(&laboratory);
    let (writes, reads) = (counted(&report, "swap_writes"), counted(&report, "swap_reads"));
    assert!(writes > 0 && reads > 0);
    assert_eq!((written, failed), (writes * 4096, 0));
    assert!(read >= reads * 4096, "the report reads what is on swap, too");
    drop(laboratory);
    assert_eq!(workers.leave().await, threads as usize);

    let text = scenario(&machine, &json!({"kind": "virtual", "seed": 3}), &script);
    let in_memory = open(&text);
    assert_eq!(in_memory.swap_traffic(), 0);
    let on_virtual_cpus = run(&mut { in_memory }, &text);
    assert_eq!(get(&report, "state_hash"), get(&on_virtual_cpus, "state_hash"));
}

/// Stores into the last word of a page, which a page that was cut short does not have.
fn write(process: &str, page: u32, value: u64) -> Value {
    json!({"op": "write", "process": process, "page": page, "offset": 4088, "value": value})
}

fn read(process: &str, page: u32, value: u64) -> Value {
    json!({"op": "read", "process": process, "page": page, "offset": 4088, "expect": value})
}

fn evict(process: &str, page: u32) -> Value {
    json!({"op": "evict", "process": process, "page": page})
}

fn fails(mut op: Value) -> Value {
    op["fails"] = "swap-failed".into();
    op
}

/// Applies ops, each of which has to hold, and returns what the last said.
fn all(laboratory: &mut Laboratory, ops: Value) -> String {
    let mut said = String::new();
    for op in ops.as_array().unwrap() {
        let outcome = laboratory.apply(&op.to_string()).expect("the op is legal");
        said = String::from(js_sys::JSON::stringify(&outcome).unwrap());
        assert_eq!(get(&outcome, "ok"), JsValue::TRUE, "{op}: {said}");
    }
    said
}

/// A machine on workers whose swap is in a file.
async fn on(file: &SharedFile) -> (Laboratory, Workers) {
    let machine = json!({"frames": 16, "slots": 40, "cpus": 2});
    let laboratory = open_on_disk(&scenario(&machine, &json!({"kind": "threads"}), &json!([])));
    let threads = laboratory.threads();
    let workers = Workers::enter_with(laboratory.pointer(), threads, Some(file)).await;
    (laboratory, workers)
}

fn two_on_swap() -> Value {
    json!([{"op": "spawn", "as": "a", "pages": 8}, {"op": "spawn", "as": "b", "pages": 8},
        write("a", 3, 7), write("b", 3, 8), evict("a", 3), evict("b", 3)])
}

#[wasm_bindgen_test]
#[cfg_attr(
    not(target_feature = "atomics"),
    ignore = "needs shared memory: npm run --silent wasm-test -- --chrome"
)]
async fn g3_a_file_of_the_browser_that_is_cut_off_gives_errors_and_never_wrong_bytes() {
    let Some(file) = SharedFile::create("cut").await else { return };
    let (mut laboratory, workers) = on(&file).await;
    all(&mut laboratory, two_on_swap());
    file.cut();
    let said = all(&mut laboratory, json!([fails(read("a", 3, 7)), fails(write("b", 3, 9))]));
    assert!(said.contains("0 of 4096 bytes were transferred"), "{said}");
    // The file has room: what is written from now on is read again, and what was cut off stays an error, though the
    // file is long enough for it again.
    all(&mut laboratory, json!([write("b", 4, 5), evict("b", 4), read("b", 4, 5)]));
    all(&mut laboratory, json!([fails(read("a", 3, 7)), fails(read("b", 3, 8))]));
    let [.., failed] = traffic(&laboratory);
    assert!(failed >= 2, "{failed} failed");
    all(&mut laboratory, json!([{"op": "kill", "process": "a"}, {"op": "kill", "process": "b"}]));
    let report = laboratory.finish();
    assert_eq!(get(&report, "ok"), JsValue::TRUE, "{report:?}");
    drop(laboratory);
    workers.leave().await;
}

#[wasm_bindgen_test]
#[cfg_attr(
    not(target_feature = "atomics"),
    ignore = "needs shared memory: npm run --silent wasm-test -- --chrome"
)]
async fn g3_workers_that_lose_the_file_give_errors_and_never_wrong_bytes() {
    let Some(file) = SharedFile::create("lost").await else { return };
    let (mut laboratory, workers) = on(&file).await;
    all(&mut laboratory, two_on_swap());
    all(&mut laboratory, json!([read("a", 3, 7), evict("a", 3)]));
    file.lose();
    let said = all(&mut laboratory, json!([fails(read("a", 3, 7)), fails(write("b", 3, 9))]));
    assert!(said.contains("InvalidStateError"), "{said}");
    // What is in frames goes on, and can be written to no slot any more.
    all(&mut laboratory, json!([write("b", 4, 5), fails(evict("b", 4)), read("b", 4, 5)]));
    all(&mut laboratory, json!([{"op": "kill", "process": "a"}, {"op": "kill", "process": "b"}]));
    let report = laboratory.finish();
    assert_eq!(get(&report, "ok"), JsValue::TRUE, "{report:?}");
    drop(laboratory);
    workers.leave().await;
}
