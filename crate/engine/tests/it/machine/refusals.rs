//! Tests that an op that fails changes nothing: each is refused its k-th request for a frame, a slot or a process
//! record, for k = 1, 2, ... until it succeeds, and the machine holds what it held before.
#![cfg(debug_assertions)]

use faultline::audit::holdings_hash;
use faultline::scenario::FailureCode;
use serde_json::{Value, json};

use crate::support::devices::{self, Fault, Faults, Transfer};
use crate::support::rig::Rig;
use crate::support::{runtimes, virtual_cpus};

/// A machine at rest with a page in each state: of `p`, which `q` is a fork of, page 0 is private and
/// dirty, 1 private and on swap, 2 shared, 3 shared and on swap, 4 zero, 5 clean with its slot kept, 6
/// private and on swap, read back by nobody, 7 shared and on standby for no PTE but swapped ones.
fn prepared(options: &Value) -> Rig {
    let mut rig = Rig::new(options.clone(), virtual_cpus(1));
    rig.all(&script());
    rig
}

fn script() -> Value {
    let write =
        |page: u32| json!({"op": "write", "process": "p", "page": page, "value": 10 + page});
    let evict = |page: u32| json!({"op": "evict", "process": "p", "page": page});
    let read = |page: u32| json!({"op": "read", "process": "p", "page": page, "expect": 10 + page});
    json!([
        {"op": "spawn", "as": "p", "pages": 16},
        write(2), write(3), write(7),
        {"op": "fork", "process": "p", "as": "q"},
        {"op": "fork", "process": "p", "as": "r"},
        evict(3), evict(7),
        {"op": "write", "process": "r", "page": 7, "value": 1},
        write(0), write(1), write(5), write(6),
        evict(1), evict(5), evict(6),
        read(5),
        {"op": "settle"},
    ])
}

/// Refuses an op its requests, one by one, and then from one on all; returns how many there were at the
/// most, and how often the op failed.
fn refuse(options: &Value, op: &Value) -> (u32, u32) {
    let (mut points, mut failed) = (0, 0);
    for all in [false, true] {
        for first in 1.. {
            let mut rig = prepared(options);
            let before = holdings_hash(rig.machine());
            rig.machine().refusals.arm(first, all);
            let outcome = rig.attempt(op);
            let requests = rig.machine().refusals.disarm();
            let what = format!("{op}, refused request {first} of {requests}, all after it: {all}");
            if outcome.code.is_some() {
                failed += 1;
                assert_eq!(holdings_hash(rig.machine()), before, "{what}: {outcome:?}");
            } else {
                assert!(outcome.ok, "{what}: {outcome:?}");
            }
            assert_eq!(rig.audit(), [""; 0], "{what}");
            // The same op succeeds when nothing is refused.
            if outcome.code.is_some() {
                rig.apply(op.clone());
            }
            if requests < first {
                points = points.max(requests);
                break;
            }
        }
    }
    (points, failed)
}

fn write(process: &str, page: u32) -> Value {
    json!({"op": "write", "process": process, "page": page, "value": 5})
}

fn evict(process: &str, page: u32) -> Value {
    json!({"op": "evict", "process": process, "page": page})
}

/// Each op, the requests it makes when none is refused, and in how many of the refusals it failed.
fn ops() -> Vec<(Value, u32, u32)> {
    vec![
        // A directory and a table, then the record. An op whose first request is refused waits for a frame; it
        // fails only if that request is refused too.
        (json!({"op": "spawn", "as": "new", "pages": 16}), 3, 4),
        (json!({"op": "spawn", "as": "new", "pages": 1025}), 5, 6),
        (json!({"op": "fork", "process": "p", "as": "new"}), 3, 4),
        (json!({"op": "map", "process": "p", "pages": 1200}), 2, 2),
        (json!({"op": "map", "process": "p", "pages": 2, "at": 5000}), 1, 1),
        (json!({"op": "map", "process": "p", "pages": 2}), 0, 0),
        (json!({"op": "unmap", "process": "p", "page": 0, "pages": 8}), 0, 0),
        (json!({"op": "read", "process": "p", "page": 0, "expect": 10}), 0, 0),
        (json!({"op": "read", "process": "p", "page": 1, "expect": 11}), 1, 1),
        (json!({"op": "read", "process": "p", "page": 3, "expect": 13}), 1, 1),
        (json!({"op": "read", "process": "p", "page": 7, "expect": 17}), 0, 0),
        (write("p", 0), 0, 0),
        (write("p", 1), 1, 1),
        (write("p", 2), 1, 1),
        // The second frame is for the other sharers: the store succeeds without it.
        (write("p", 3), 2, 1),
        (write("p", 4), 1, 1),
        (write("p", 5), 0, 0),
        (write("p", 7), 1, 0),
        // A slot that is refused is taken from a page in memory that keeps one.
        (evict("p", 0), 1, 1),
        (evict("p", 1), 0, 0),
        (evict("p", 2), 1, 1),
        (evict("p", 4), 0, 0),
        (evict("p", 5), 0, 0),
        (json!({"op": "sleep", "process": "p"}), 0, 0),
        (json!({"op": "kill", "process": "p"}), 0, 0),
        (json!({"op": "switch", "cpu": 0, "process": "q"}), 0, 0),
    ]
}

fn refuse_all(options: &Value) {
    let found = ops().into_iter().map(|(op, ..)| (refuse(options, &op), op));
    let found: Vec<_> = found.map(|((points, failed), op)| (op, points, failed)).collect();
    assert_eq!(found, ops());
}

#[test]
fn p19_an_op_refused_its_kth_request_changes_nothing() {
    refuse_all(&json!({"frames": 64, "slots": 32, "cpus": 1}));
}

#[test]
fn p19_nor_with_synchronous_eviction_and_region_locks_kept() {
    refuse_all(&json!({"frames": 64, "slots": 32, "cpus": 1, "eviction": "synchronous",
        "early_release": false, "cpu_cache": 0, "pte_locks": "table", "slot_finder": "scan"}));
}

#[test]
fn p19_nor_with_entry_locks_and_exact_lru() {
    refuse_all(
        &json!({"frames": 64, "slots": 32, "cpus": 1, "pte_locks": "entry", "policy": "lru"}),
    );
}

/// A device that fails leaves the page mapped as it was, also where others share it.
#[test]
fn p18_an_eviction_that_cannot_be_written_changes_nothing() {
    for (page, name) in [(0, "p"), (2, "p"), (2, "q")] {
        for runtime in runtimes() {
            let (device, faults) = Faults::over(devices::memory(32));
            let options = json!({"frames": 64, "slots": 32, "cpus": 1});
            let mut rig = Rig::on(options, runtime, device);
            rig.all(&script());
            let ptes = |rig: &Rig| {
                let of = |name| (0..16).map(|page| rig.pte(name, page)).collect::<Vec<_>>();
                ["p", "q", "r"].map(of)
            };
            let before = ptes(&rig);
            let writes = faults.count(Transfer::Write);
            faults.next(Transfer::Write, Fault::Fails);
            let outcome = rig.attempt(&evict(name, page));
            assert_eq!(outcome.code, Some(FailureCode::SwapFailed), "{outcome:?}");
            assert_eq!(faults.count(Transfer::Write), writes + 1);
            assert_eq!(ptes(&rig), before);
            assert_eq!(rig.audit(), [""; 0]);
            rig.apply(evict(name, page));
        }
    }
}
