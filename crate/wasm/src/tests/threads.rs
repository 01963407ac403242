//! Tests machines of four CPUs and the daemons, each a worker of its own, in one shared memory.

use faultline::memory::{FrameState, Pfn};
use faultline::observe::Counter;
use faultline::runtime::DaemonId;
use serde_json::{Value, json};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

use super::harness::{forks_and_writes, get};
use super::workers::run_on_workers;
use crate::laboratory::Laboratory;

const CPUS: usize = 4;

/// Returns a counter of the report.
fn count(report: &JsValue, name: &str) -> u64 {
    get(&get(report, "counters"), name).as_f64().unwrap() as u64
}

/// Returns a counter of one daemon alone.
fn of_daemon(laboratory: &Laboratory, daemon: DaemonId, counter: Counter) -> u64 {
    laboratory.machine().stats.of_cpu(CPUS + laboratory.machine().tasks().place(daemon), counter)
}

/// Checks that every CPU has made accesses of its own.
fn all_cpus_worked(laboratory: &Laboratory) {
    for cpu in 0..CPUS {
        let accesses = laboratory.machine().stats.of_cpu(cpu, Counter::Accesses);
        assert!(accesses > 0, "CPU {cpu} has done nothing");
    }
}

fn run(process: &str, cpus: u32, pattern: &str, writes: f64, accesses: u32, seed: u32) -> Value {
    json!({"op": "run", "process": process, "cpus": cpus, "pattern": pattern, "writes": writes,
           "accesses": accesses, "seed": seed})
}

#[wasm_bindgen_test]
#[cfg_attr(
    not(target_feature = "atomics"),
    ignore = "needs shared memory: npm run --silent wasm-test -- --chrome"
)]
async fn r1_a_machine_on_workers_comes_to_the_state_of_a_virtual_one() {
    let (machine, script) = forks_and_writes();
    let report = run_on_workers(machine, script, |_| {}).await;
    assert!(count(&report, "hard") > 0);
}

/// Four workers touch the same pages of one address space for the first time: each page takes one
/// frame, whichever worker comes first.
#[wasm_bindgen_test]
#[cfg_attr(
    not(target_feature = "atomics"),
    ignore = "needs shared memory: npm run --silent wasm-test -- --chrome"
)]
async fn p15_workers_that_share_an_address_space_take_one_frame_a_page() {
    const PAGES: u32 = 2000;
    let machine = json!({"frames": 2200, "slots": 0, "cpus": CPUS, "pte_locks": {"region": 64}});
    let walk = run("p", 1, "sequential", 1.0, PAGES, 1);
    let script = json!([
        {"op": "spawn", "as": "p", "pages": PAGES},
        {"op": "together", "scripts": [[walk], [walk], [walk], [walk]]},
        run("p", 4, "uniform", 0.5, 4 * PAGES, 2),
        {"op": "expect", "counter": "demand_zero", "equals": PAGES},
        {"op": "expect", "counter": "evictions", "equals": 0}
    ]);
    let report = run_on_workers(machine, script, |laboratory| {
        all_cpus_worked(laboratory);
        let machine = laboratory.machine();
        assert_eq!(machine.lists.count(machine.lists.active(0)), PAGES);
    })
    .await;
    assert_eq!(count(&report, "accesses"), u64::from(8 * PAGES));
    let (faults, collided) = (count(&report, "faults"), count(&report, "collided"));
    assert_eq!(faults, u64::from(PAGES) + collided, "a fault maps the page, or another did");
}

/// Four sharers write the same pages at the same time: of each page three copy, and one stays.
#[wasm_bindgen_test]
#[cfg_attr(
    not(target_feature = "atomics"),
    ignore = "needs shared memory: npm run --silent wasm-test -- --chrome"
)]
async fn p12_sharers_on_workers_that_write_at_once_all_but_one_copy() {
    const PAGES: u32 = 300;
    let machine = json!({"frames": 1400, "slots": 0, "cpus": CPUS, "pte_locks": "entry"});
    let names = ["a", "b", "c", "d"];
    let fork = |child: &str| json!({"op": "fork", "process": "a", "as": child});
    let writes = names.map(|name| json!([run(name, 1, "sequential", 1.0, PAGES, 2)]));
    let reads = names.map(|name| json!([run(name, 1, "sequential", 0.0, PAGES, 3)]));
    let script = json!([
        {"op": "spawn", "as": "a", "pages": PAGES},
        run("a", 4, "sequential", 1.0, PAGES, 1),
        fork("b"), fork("c"), fork("d"),
        {"op": "expect", "process": "d", "page": 299, "pte": "valid", "shared": 4},
        {"op": "expect", "counter": "copies", "equals": 0},
        {"op": "together", "scripts": writes},
        {"op": "together", "scripts": reads},
        {"op": "expect", "counter": "copies", "equals": 3 * PAGES},
        {"op": "expect", "counter": "reuses", "equals": PAGES},
        {"op": "expect", "process": "a", "page": 0, "shared": 1},
        {"op": "expect", "process": "d", "page": 0, "shared": 1}
    ]);
    let report = run_on_workers(machine, script, all_cpus_worked).await;
    assert_eq!(count(&report, "write_protect"), u64::from(4 * PAGES));
}

/// More pages than frames: trimmer, writer and zeroer do their part, pages go to swap and come back.
#[wasm_bindgen_test]
#[cfg_attr(
    not(target_feature = "atomics"),
    ignore = "needs shared memory: npm run --silent wasm-test -- --chrome"
)]
async fn p17_workers_under_memory_pressure_swap_and_lose_nothing() {
    let machine = json!({"frames": 256, "slots": 1200, "cpus": CPUS,
        "trim": {"low": 16, "high": 96, "batch": 16}, "write_batch": 16});
    let script = json!([
        {"op": "spawn", "as": "p", "pages": 1000},
        {"op": "write", "process": "p", "page": 999, "value": 42},
        // As many as leave enough for the CPUs, but not for the trimmer, which `settle` asks to look.
        run("p", 4, "sequential", 1.0, 200, 1),
        {"op": "settle"},
        run("p", 4, "sequential", 1.0, 1000, 2),
        run("p", 4, "uniform", 0.4, 8000, 3),
        {"op": "settle"},
        {"op": "read", "process": "p", "page": 999, "expect": 42},
        run("p", 4, "sequential", 0.0, 1000, 4),
        {"op": "expect", "counter": "demand_zero", "equals": 1000},
        // The frames of a killed process go to the free lists, for the zeroer.
        {"op": "spawn", "as": "q", "pages": 40},
        run("q", 1, "sequential", 1.0, 40, 5),
        {"op": "kill", "process": "q"}
    ]);
    let report = run_on_workers(machine, script, |laboratory| {
        all_cpus_worked(laboratory);
        let machine = laboratory.machine();
        assert!(of_daemon(laboratory, DaemonId::TRIMMER, Counter::Trims) > 0);
        assert!(of_daemon(laboratory, DaemonId::TRIMMER, Counter::UsefulWakeups) > 0);
        assert!(of_daemon(laboratory, DaemonId::WRITER, Counter::SwapWrites) > 0);
        let states = (0..machine.pfns.count()).map(|frame| machine.pfns.peek(Pfn(frame)).state());
        let zeroed = states.filter(|state| *state == FrameState::Zeroed).count();
        assert!(zeroed > 0, "the zeroer has zeroed nothing");
    })
    .await;
    let counted = |name| count(&report, name);
    assert!(counted("swap_writes") >= 744, "what does not fit the frames was written");
    assert_eq!(counted("swap_reads"), counted("hard"));
    assert!(counted("hard") >= 744 && counted("evictions") >= counted("hard"));
    assert!(counted("trims") + counted("clean_drops") >= counted("evictions"));
    assert!(counted("useful_wakeups") <= counted("trim_wakeups"));
}

/// Families grow and are killed while their pages are copied, trimmed, written and read.
#[wasm_bindgen_test]
#[cfg_attr(
    not(target_feature = "atomics"),
    ignore = "needs shared memory: npm run --silent wasm-test -- --chrome"
)]
async fn g5_workers_that_fork_and_kill_under_pressure_lose_nothing() {
    let machine = json!({"frames": 128, "slots": 2000, "cpus": CPUS, "pte_locks": {"region": 16},
        "trim": {"low": 8, "high": 24, "batch": 8}});
    let trees = ["a", "b", "c"].map(|root| {
        let mut list = vec![run(root, 1, "sequential", 1.0, 80, 1)];
        for round in 0..6 {
            let (child, grandchild) = (format!("{root}{round}"), format!("{root}{round}x"));
            list.push(json!({"op": "fork", "process": root, "as": child}));
            list.push(run(&child, 1, "uniform", 0.5, 400, round));
            list.push(json!({"op": "fork", "process": child, "as": grandchild}));
            list.push(run(&grandchild, 2, "uniform", 0.5, 400, round + 10));
            list.push(json!({"op": "kill", "process": child}));
            list.push(run(root, 1, "uniform", 0.5, 400, round + 20));
            list.push(json!({"op": "evict", "process": grandchild, "page": round}));
            if round % 2 == 0 {
                list.push(json!({"op": "kill", "process": grandchild}));
            }
        }
        Value::Array(list)
    });
    let mut script: Vec<_> =
        ["a", "b", "c"].map(|root| json!({"op": "spawn", "as": root, "pages": 80})).into();
    script.push(json!({"op": "together", "scripts": trees}));
    let report = run_on_workers(machine, Value::Array(script), |laboratory| {
        all_cpus_worked(laboratory);
        assert_eq!(laboratory.machine().processes.living().count(), 3 + 3 * 3);
    })
    .await;
    for name in ["copies", "reuses", "hard", "swap_writes", "evictions"] {
        assert!(count(&report, name) > 0, "{name}");
    }
}
