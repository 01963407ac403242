//! Storms run more threads than cores, or virtual CPUs, on machines nearly out of frames and slots: every
//! workload checks contents, and the audit checks all invariants at the end.

use serde_json::{Value, json};

use crate::support::storm::Round;
use crate::support::{hold, scenario, threads, virtual_cpus};

fn run(process: &str, cpus: u32, accesses: u32, seed: u64) -> Value {
    json!({"op": "run", "process": process, "cpus": cpus, "pattern": "uniform",
           "accesses": accesses, "writes": 0.5, "seed": seed})
}

/// The notes' proportions (S1), but for swap, which has to hold what does not fit the frames.
#[test]
fn s1_the_notes_machine_runs_on_eight_threads() {
    let machine = json!({"frames": 1024, "slots": 1200, "cpus": 8, "write_batch": 64,
        "trim": {"low": 64, "high": 128, "batch": 64}});
    let script =
        json!([{"op": "spawn", "as": "notes", "pages": 2047}, run("notes", 8, 300_000, 1)]);
    let report = hold(&scenario(machine, threads(), script));
    assert!(report.counters.hard > 10_000, "{:?}", report.counters);
}

/// Frames taken from a list into a CPU's cache were on the list and in the cache for a moment, in
/// which another CPU could steal them.
#[test]
fn g1_a_frame_is_never_in_a_cache_and_on_a_list() {
    let machine = json!({"frames": 40, "slots": 200, "cpus": 8, "cpu_cache": 8, "free_lists": 2,
        "trim": {"low": 4, "high": 8, "batch": 4}});
    let script = json!([{"op": "spawn", "as": "p", "pages": 120}, run("p", 8, 300_000, 2)]);
    hold(&scenario(machine, threads(), script));
}

/// A peek read a slot or a frame that a fault at work on the page had given back meanwhile.
#[test]
fn p8_a_peek_never_reads_what_a_fault_has_given_back() {
    for locks in [json!("entry"), json!({"region": 8})] {
        let machine = json!({"frames": 19, "slots": 512, "cpus": 6, "reads": "peek",
            "pte_locks": locks, "policy": "random", "write_batch": 10,
            "trim": {"trigger": "predictive", "low": 4, "high": 12, "batch": 2}});
        let script = json!([
            {"op": "spawn", "as": "p", "pages": 24},
            {"op": "fork", "process": "p", "as": "q"},
            run("p", 6, 60_000, 3),
            {"op": "together", "scripts": [[run("p", 3, 30_000, 4)], [run("q", 3, 30_000, 5)]]},
        ]);
        hold(&scenario(machine, threads(), script));
    }
}

/// Families grow and shrink while their pages are trimmed, written, read and copied.
fn families(runtime: Value, locks: Value, early_release: bool, eviction: &str) {
    let machine = json!({"frames": 96, "slots": 1500, "cpus": 6, "pte_locks": locks,
        "early_release": early_release, "eviction": eviction,
        "trim": {"low": 6, "high": 14, "batch": 8}});
    let mut lists = Vec::new();
    for tree in 0..3 {
        let root = format!("root{tree}");
        let mut list = vec![run(&root, 1, 3_000, tree)];
        for generation in 0..12 {
            let child = format!("child{tree}-{generation}");
            let grandchild = format!("grandchild{tree}-{generation}");
            list.push(json!({"op": "fork", "process": root, "as": child}));
            list.push(run(&child, 1, 1_000, generation));
            list.push(json!({"op": "fork", "process": child, "as": grandchild}));
            list.push(run(&grandchild, 2, 1_000, generation + 50));
            list.push(run(&root, 1, 1_000, generation + 100));
            list.push(json!({"op": "evict", "process": child, "page": generation}));
            list.push(json!({"op": "kill", "process": child}));
            list.push(run(&grandchild, 1, 500, generation + 150));
            list.push(json!({"op": "kill", "process": grandchild}));
        }
        lists.push(Value::Array(list));
    }
    // One more list works in the first tree's root while that forks, and forks it too.
    let mut list = Vec::new();
    for generation in 0..12 {
        let child = format!("other{generation}");
        list.push(json!({"op": "fork", "process": "root0", "as": child}));
        list.push(run("root0", 1, 500, generation));
        list.push(run(&child, 1, 500, generation));
        list.push(json!({"op": "kill", "process": child}));
    }
    lists.push(Value::Array(list));
    let mut script: Vec<_> = (0..3)
        .map(|tree| json!({"op": "spawn", "as": format!("root{tree}"), "pages": 80}))
        .collect();
    script.push(json!({"op": "together", "scripts": lists}));
    hold(&scenario(machine, runtime, Value::Array(script)));
}

#[test]
fn g5_families_lose_nothing_with_region_locks() {
    families(threads(), json!({"region": 16}), true, "pipelined");
}

#[test]
fn g5_families_lose_nothing_with_one_lock_and_no_early_release() {
    families(threads(), json!("machine"), false, "pipelined");
}

#[test]
fn g5_families_lose_nothing_with_entry_locks() {
    families(threads(), json!("entry"), true, "pipelined");
}

#[test]
fn g5_families_lose_nothing_when_faults_evict() {
    families(threads(), json!("table"), true, "synchronous");
}

#[test]
fn g5_families_lose_nothing_on_virtual_cpus() {
    for seed in 0..24 {
        let locks = [json!("machine"), json!("table"), json!("entry"), json!({"region": 4})];
        let eviction = if seed % 8 < 6 { "pipelined" } else { "synchronous" };
        let locks = locks[seed as usize % 4].clone();
        families(virtual_cpus(seed), locks, seed % 3 > 0, eviction);
    }
}

/// The short form of `npm run soak`.
#[test]
fn g5_storms_lose_nothing() {
    for seed in 0..40 {
        let round = Round::new(seed, 3_000);
        let outcome = round.play(&mut round.open(), || {});
        assert!(outcome.failures.is_empty(), "{:#?}\n{}", outcome.failures, round.document());
        assert!(outcome.counters.accesses > 1_500, "{outcome:?}");
    }
}
