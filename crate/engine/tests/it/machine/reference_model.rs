//! Compares random machines and random scripts with the reference model, under every runtime and on every
//! swap device.

use faultline::memory::SwapDevice;
use faultline::scenario::Scenario;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::devices::{self, slots};
use crate::support::model::{Command, Model, command, machine};
use crate::support::{hold, hold_on, scenario, threads, virtual_cpus};

fn script_for(machine: &Value, commands: &[Command]) -> Value {
    let mut model = Model::new(machine["cpus"].as_u64().unwrap() as u32);
    for command in commands {
        model.apply(command);
    }
    model.script()
}

fn cases(default: u32) -> ProptestConfig {
    let cases = std::env::var("FAULTLINE_CASES").ok().and_then(|text| text.parse().ok());
    ProptestConfig {
        cases: cases.unwrap_or(default),
        // Threads fail or not with the same seed: a file of seeds would promise too much.
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

/// Draws a swap device: the machine's own memory, a file, or memory whose reads are verified.
fn device() -> impl Strategy<Value = Option<fn(u32) -> Box<dyn SwapDevice>>> {
    prop::sample::select(vec![
        None,
        Some(devices::file as fn(u32) -> Box<dyn SwapDevice>),
        Some(devices::memory),
    ])
}

proptest! {
    #![proptest_config(cases(150))]

    /// Which CPU has a lock next decides when things happen, and no byte.
    #[test]
    fn r2_every_lock_kind_leaves_the_same_bytes(
        machine in machine(),
        commands in prop::collection::vec(command(), 1..60),
        seed in 0_u64..1 << 53,
        knows_lines in any::<bool>(),
    ) {
        let script = script_for(&machine, &commands);
        let run = |kind: &str| {
            let coherence = knows_lines && cfg!(feature = "coherence");
            let runtime =
                json!({"kind": "virtual", "seed": seed, "coherence": coherence, "lock_kind": kind});
            hold(&scenario(machine.clone(), runtime, script.clone()))
        };
        let usual = run("queue");
        for kind in ["spin", "ticket", "backoff"] {
            prop_assert_eq!(&run(kind).state_hash, &usual.state_hash, "{}", kind);
        }
    }

    #[test]
    fn g3_reads_match_the_reference_model(
        machine in machine(),
        commands in prop::collection::vec(command(), 1..60),
        seed in 0_u64..1 << 53,
        device in device(),
    ) {
        let script = script_for(&machine, &commands);
        let hold_there = |scenario: &Scenario| match device {
            Some(device) => hold_on(scenario, device(slots(&machine))),
            None => hold(scenario),
        };
        let first = hold(&scenario(machine.clone(), virtual_cpus(seed), script.clone()));
        let again = hold_there(&scenario(machine.clone(), virtual_cpus(seed), script.clone()));
        prop_assert_eq!(&first, &again);
        let real = hold_there(&scenario(machine.clone(), threads(), script));
        prop_assert_eq!(first.state_hash, real.state_hash);
    }
}
