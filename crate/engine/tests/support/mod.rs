//! Support of the engine's tests and of the development crate: scenarios from JSON, under every runtime.

pub(crate) mod boot;
pub(crate) mod devices;
pub(crate) mod misses;
pub(crate) mod model;
pub(crate) mod reference_policies;
pub(crate) mod rig;
pub(crate) mod scarce;
pub(crate) mod storm;

use faultline::memory::SwapDevice;
use faultline::scenario::{Report, Scenario, Traces, parse, run, run_on};
use serde_json::{Value, json};

/// Makes a scenario from its parts.
pub(crate) fn scenario(machine: Value, runtime: Value, script: Value) -> Scenario {
    let document =
        json!({"faultline": 1, "machine": machine, "runtime": runtime, "script": script});
    parse(&document.to_string()).unwrap_or_else(|error| panic!("{error}\n{document}"))
}

pub(crate) fn threads() -> Value {
    json!({"kind": "threads"})
}

pub(crate) fn virtual_cpus(seed: u64) -> Value {
    json!({"kind": "virtual", "seed": seed})
}

/// Runs a scenario; panics unless everything in it held.
pub(crate) fn hold(scenario: &Scenario) -> Report {
    held(scenario, run_it(scenario))
}

/// Runs a scenario in the same way with its slots on another device.
pub(crate) fn hold_on(scenario: &Scenario, device: Box<dyn SwapDevice>) -> Report {
    held(scenario, run_on(scenario, Traces::default(), device, &mut |_, _| {}).unwrap())
}

fn held(scenario: &Scenario, report: Report) -> Report {
    assert!(report.ok, "{:#?}\n{}", report.failures, describe(scenario));
    report
}

pub(crate) fn run_it(scenario: &Scenario) -> Report {
    run(scenario, Traces::default(), &mut |_, _| {}).unwrap()
}

fn describe(scenario: &Scenario) -> String {
    let mut text = serde_json::to_string(scenario).unwrap();
    text.truncate(2000);
    text
}

/// Returns the runtimes of a test: threads, and virtual CPUs under a few seeds.
pub(crate) fn runtimes() -> Vec<Value> {
    let mut runtimes: Vec<_> = (0..6).map(virtual_cpus).collect();
    runtimes.push(threads());
    runtimes
}

/// Runs a script on a machine under every runtime.
pub(crate) fn holds(machine: &Value, script: &Value) {
    for runtime in runtimes() {
        hold(&scenario(machine.clone(), runtime, script.clone()));
    }
}
