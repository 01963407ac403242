//! Tests what a scenario has where it leaves a key out (R5).

use faultline::options::{MachineOptions, PteLocks, Rmap, Shootdown, SlotFinder, Trigger};
use faultline::scenario::{RuntimeOptions, Scenario, parse};
use serde_json::{Value, json};

#[test]
fn r5_everything_has_a_default() {
    let scenario = parse(r#"{"faultline": 1}"#).unwrap();
    assert_eq!(scenario, Scenario::default());
    let RuntimeOptions::Virtual { seed, costs, .. } = &scenario.runtime else { panic!() };
    assert_eq!((*seed, costs.disk_read, costs.switch), (0, 80_000, 1_500));
    assert_eq!(scenario.machine.pte_locks, PteLocks::Region(64));
    assert_eq!(scenario.machine.trim.trigger, Trigger::Watermark);
}

#[test]
fn r5_the_smallest_machine_needs_no_other_key() {
    let scenario = parse(r#"{"faultline": 1, "machine": {"frames": 8}}"#).unwrap();
    assert_eq!((scenario.machine.trim.low, scenario.machine.trim.high), (1, 2));
    let scenario = parse(r#"{"faultline": 1, "machine": {"trim": {"low": 40}}}"#).unwrap();
    assert_eq!((scenario.machine.trim.low, scenario.machine.trim.high), (40, 40));
    let scenario =
        parse(r#"{"faultline": 1, "machine": {"frames": 1024, "trim": {"high": 4}}}"#).unwrap();
    assert_eq!((scenario.machine.trim.low, scenario.machine.trim.high), (4, 4));
}

/// Left out, what divides a machine suits its number of CPUs; what a scenario says holds.
#[test]
fn r5_a_machine_of_more_than_8_cpus_is_divided_among_them() {
    let machine = |options: Value| {
        parse(&json!({"faultline": 1, "machine": options}).to_string()).unwrap().machine
    };
    let usual = MachineOptions::default();
    for cpus in [1, 2, 8] {
        assert_eq!(machine(json!({"cpus": cpus})), MachineOptions { cpus, ..usual.clone() });
    }
    let divided = |frames: u32, cpus: u32| machine(json!({"frames": frames, "cpus": cpus}));
    let lists =
        |machine: &MachineOptions| (machine.free_lists, machine.list_shards, machine.cpu_cache);
    let large = divided(16_384, 64);
    assert_eq!(lists(&large), (64, 64, 64));
    assert!(!large.zeroer && large.shootdown == Shootdown::Lazy);
    assert_eq!((large.rmap, large.slot_finder), (Rmap::Owner, SlotFinder::Rows));
    assert_eq!((large.trimmers, large.writers, large.kill_batch), (8, 8, 16));
    assert_eq!(divided(16_384, 16).trimmers, 4);
    // As many lists as CPUs, and as the shards can be, but none with less than 16 frames, nor most of them at hand.
    assert_eq!(lists(&divided(16_384, 100)), (128, 64, 40));
    assert_eq!(lists(&divided(16_384, 9)), (16, 16, 64));
    assert_eq!(lists(&divided(64, 16)), (4, 4, 8));
    assert_eq!(lists(&divided(20, 16)), (4, 1, 8));
    let said = json!({"frames": 4096, "cpus": 16, "rmap": "tree", "zeroer": true, "free_lists": 2,
        "list_shards": 3, "cpu_cache": 1, "slot_finder": "scan", "shootdown": "single", "trimmers": 1,
        "writers": 2, "kill_batch": 1});
    let found = serde_json::to_value(machine(said.clone())).unwrap();
    for (key, value) in said.as_object().unwrap() {
        assert_eq!(&found[key], value, "{key}");
    }
    // Hands are drained in the bitmap alone.
    let drained = machine(json!({"cpus": 16, "drain_hands": true}));
    assert_eq!(drained.slot_finder, SlotFinder::Bitmap);
}
