//! Runs whole scenarios of one topic each, under threads and virtual CPUs.

use serde_json::{Value, json};

use crate::support::{hold, scenario, threads, virtual_cpus};

fn fork_and_write() -> Value {
    json!([
        {"op": "spawn", "as": "init", "pages": 16},
        {"op": "write", "process": "init", "page": 3, "value": 42},
        {"op": "expect", "process": "init", "page": 3, "pte": "valid", "shared": 1},
        {"op": "fork", "process": "init", "as": "child"},
        {"op": "expect", "process": "child", "page": 3, "pte": "valid", "shared": 2},
        {"op": "write", "process": "child", "page": 3, "value": 43},
        {"op": "expect", "process": "init", "page": 3, "shared": 1},
        {"op": "write", "process": "init", "page": 3, "value": 44},
        {"op": "read", "process": "child", "page": 3, "expect": 43},
        {"op": "read", "process": "init", "page": 3, "expect": 44},
        {"op": "read", "process": "child", "page": 4, "expect": 0},
        {"op": "expect", "counter": "demand_zero", "equals": 1},
        {"op": "expect", "counter": "copies", "equals": 1},
        {"op": "expect", "counter": "reuses", "equals": 1},
        {"op": "audit"}
    ])
}

#[test]
fn p12_fork_then_both_write_is_one_copy_and_one_reuse() {
    let on_threads = hold(&scenario(json!({}), threads(), fork_and_write()));
    for seed in 0..20 {
        let report = hold(&scenario(json!({}), virtual_cpus(seed), fork_and_write()));
        assert_eq!(report.state_hash, on_threads.state_hash);
    }
}

/// 64 frames, 512 pages all written and read back twice, then three forks that write every page.
fn swap_storm() -> Value {
    let mut script = vec![json!({"op": "spawn", "as": "init", "pages": 512})];
    let run = |process: &str, writes: f64, seed: u64| {
        json!({"op": "run", "process": process, "cpus": 2, "pattern": "sequential",
               "accesses": 1024, "writes": writes, "seed": seed})
    };
    script.push(run("init", 1.0, 1));
    script.push(run("init", 0.0, 2));
    script.push(run("init", 0.0, 3));
    for child in ["a", "b", "c"] {
        script.push(json!({"op": "fork", "process": "init", "as": child}));
    }
    let all = ["a", "b", "c"].map(|child| json!([run(child, 1.0, 4), run(child, 0.0, 5)]));
    script.push(json!({"op": "together", "scripts": all}));
    script.push(run("init", 0.0, 6));
    script.push(json!({"op": "audit"}));
    Value::Array(script)
}

fn storm_machine() -> Value {
    json!({"frames": 64, "slots": 2048})
}

#[test]
fn p17_four_processes_of_512_pages_live_in_64_frames_on_threads() {
    let report = hold(&scenario(storm_machine(), threads(), swap_storm()));
    assert!(report.counters.swap_writes > 500, "{:?}", report.counters);
}

#[test]
fn p17_four_processes_of_512_pages_live_in_64_frames_under_100_seeds() {
    let expected = hold(&scenario(storm_machine(), threads(), swap_storm())).state_hash;
    for seed in 0..100 {
        let report = hold(&scenario(storm_machine(), virtual_cpus(seed), swap_storm()));
        assert_eq!(report.state_hash, expected, "seed {seed}");
    }
}

#[test]
fn r2_one_scenario_and_seed_give_one_trace() {
    let run = |seed| hold(&scenario(storm_machine(), virtual_cpus(seed), swap_storm()));
    assert_eq!(run(7), run(7));
    assert_ne!(run(7).trace_hash, run(8).trace_hash);
}
