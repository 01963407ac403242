//! Plays random scripts on machines with a frame or a slot too few: none hangs, none loses a byte, and an op
//! that fails has changed nothing. It is the short form of `npm run soak -- --scarce`.

use serde_json::json;

use crate::support::scarce::{Order, play};
use crate::support::{run_it, scenario, virtual_cpus};

/// Plays scripts `0` to `scripts`, and asks that enough of their ops were refused to mean something.
fn play_all(scripts: u64, order: Order, threads: bool) {
    let (mut ops, mut refused) = (0, 0);
    for number in 0..scripts {
        let sum = play(number, order, threads).unwrap_or_else(|why| panic!("{why}"));
        ops += sum.ops;
        refused += sum.refused;
    }
    assert!(refused * 50 > ops, "{refused} of {ops} ops were refused");
    assert!(refused * 2 < ops, "{refused} of {ops} ops were refused");
}

#[test]
fn p19_scarce_scripts_end_and_lose_nothing() {
    play_all(600, Order::Serial, false);
}

#[test]
fn g5_scarce_scripts_side_by_side_end_and_lose_nothing() {
    play_all(600, Order::SideBySide, false);
}

#[test]
fn p19_scarce_scripts_on_threads_end_and_lose_nothing() {
    play_all(100, Order::Serial, true);
}

#[test]
fn g5_scarce_scripts_side_by_side_on_threads_end_and_lose_nothing() {
    play_all(100, Order::SideBySide, true);
}

/// Two CPUs fault on one page, and one frame can be had: each took it, found the page claimed by the other, which had no
/// frame, and gave it back to that, for ever. Script 651856 found it.
#[test]
fn p19_two_faults_on_one_page_do_not_pass_the_last_frame_to_and_fro() {
    let machine = json!({"cpu_cache": 0, "cpus": 2, "drain_hands": true, "frames": 10, "isolate": true,
        "policy": "sieve", "reads": "peek", "slots": 16});
    let others = json!([
        {"op": "spawn", "as": "a", "pages": 17},
        {"op": "spawn", "as": "b", "pages": 13},
        {"op": "spawn", "as": "c", "pages": 11},
    ]);
    let work = json!([
        {"op": "spawn", "as": "p", "pages": 17},
        {"op": "run", "process": "p", "cpus": 2, "pages": [10, 17], "pattern": "uniform", "writes": 0.6,
            "accesses": 177, "seed": 405_468_650},
    ]);
    let script = json!([{"op": "together", "scripts": [others, work]}]);
    let report = run_it(&scenario(machine, virtual_cpus(0), script));
    assert!(report.ok, "{:#?}", report.failures);
}
