//! Tests rules of one's own (S6): those of built-in policies do what these do, and those that never evict do not keep a
//! machine from going on. `crate/cli` compares rules with the analysis of a stream of references.

use faultline::runtime::Random;
use faultline::scenario::parse;
use serde_json::{Value, json};

use crate::support::reference_policies::RULES;
use crate::support::{hold, holds, scenario, threads, virtual_cpus};

fn machine(policy: Value, cpus: u32) -> Value {
    json!({"frames": 24, "slots": 64, "cpus": cpus, "policy": policy})
}

/// Two workloads beside each other, on pages of a parent and of its child.
fn script(seed: u64) -> Value {
    let work = |process: &str, seed: u64| json!({"op": "run", "process": process, "pattern": "uniform", "accesses": 300, "writes": 0.4, "seed": seed});
    json!([
        {"op": "spawn", "as": "parent", "pages": 30},
        work("parent", seed),
        {"op": "fork", "process": "parent", "as": "child"},
        {"op": "wake", "process": "child"},
        {"op": "together", "scripts": [[work("parent", seed + 1)], [work("child", seed + 2)]]},
        {"op": "check"},
    ])
}

#[test]
fn s6_the_clock_as_a_rule_does_each_step_of_the_clock() {
    let mut random = Random::new(7);
    for seed in 0..20 {
        let mut clock = machine(json!("clock"), 1 + random.below(3) as u32);
        clock["isolate"] = (seed % 2 == 0).into();
        clock["rmap"] = json!(["tree", "family", "owner"][seed as usize % 3]);
        let mut rule = clock.clone();
        rule["policy"] = json!({"rule": "accessed ? again : evict"});
        let traces = [clock, rule].map(|machine| {
            let report = hold(&scenario(machine, virtual_cpus(seed), script(seed)));
            assert!(report.counters.evictions > 0);
            report.trace_hash
        });
        assert!(traces[0].is_some() && traces[0] == traces[1], "{seed}");
    }
}

/// Each page that a rule evicts goes in its turn: rules that say so at once are first in, first out.
#[test]
fn s6_a_rule_that_always_evicts_is_first_in_first_out() {
    let belady = [1, 2, 3, 4, 1, 2, 5, 1, 2, 3, 4, 5];
    for (frames, faults) in [(3, 9), (4, 10)] {
        for rule in ["evict", "1", "round == 0", "note = now; note > 0 ? evict : keep"] {
            let machine = json!({"data_frames": frames, "slots": 64, "cpus": 1, "eviction": "synchronous",
                "policy": {"rule": rule}, "reads": "allocate", "zeroer": false});
            let script = json!([
                {"op": "spawn", "as": "p", "pages": 6},
                {"op": "run", "process": "p", "pattern": {"pages": belady}},
                {"op": "expect", "counter": "faults", "equals": faults},
            ]);
            for runtime in [virtual_cpus(1), threads()] {
                hold(&scenario(machine.clone(), runtime, script.clone()));
            }
        }
    }
}

/// A rule evicts the one page that differs from the others.
#[test]
fn s6_a_rule_sees_what_is_dirty_and_what_is_shared() {
    let clean = json!([
        {"op": "spawn", "as": "p", "pages": 4},
        {"op": "write", "process": "p", "page": 0, "value": 1},
        {"op": "read", "process": "p", "page": 1},
        {"op": "write", "process": "p", "page": 2, "value": 1},
        {"op": "read", "process": "p", "page": 3},
        {"op": "expect", "process": "p", "page": 0, "pte": "valid"},
        {"op": "expect", "process": "p", "page": 1, "pte": "zero"},
        {"op": "expect", "process": "p", "page": 2, "pte": "valid"},
    ]);
    let private = json!([
        {"op": "spawn", "as": "p", "pages": 4},
        {"op": "write", "process": "p", "page": 0, "value": 1},
        {"op": "write", "process": "p", "page": 1, "value": 1},
        {"op": "fork", "process": "p", "as": "child"},
        {"op": "write", "process": "p", "page": 2, "value": 1},
        {"op": "write", "process": "p", "page": 3, "value": 1},
        {"op": "expect", "process": "p", "page": 0, "pte": "valid"},
        {"op": "expect", "process": "p", "page": 1, "pte": "valid"},
        {"op": "expect", "process": "p", "page": 2, "pte": "swapped"},
    ]);
    for (rule, script) in [("!dirty", clean), ("!shared", private)] {
        let machine = json!({"data_frames": 3, "slots": 64, "cpus": 1, "eviction": "synchronous",
            "policy": {"rule": rule}, "reads": "allocate", "zeroer": false, "trim": {"batch": 1}});
        for runtime in [virtual_cpus(1), threads()] {
            hold(&scenario(machine.clone(), runtime, script.clone()));
        }
    }
}

/// A rule that never evicts is overruled, so that the machine goes on, on every runtime and when it is short of all.
#[test]
fn s6_a_rule_that_never_evicts_is_overruled_in_the_last_round() {
    for rule in RULES {
        holds(&machine(json!({"rule": rule}), 2), &script(3));
        let scarce = json!({"data_frames": 4, "slots": 40, "cpus": 2, "policy": {"rule": rule}});
        let script = json!([
            {"op": "spawn", "as": "p", "pages": 40},
            {"op": "run", "process": "p", "pattern": "uniform", "accesses": 500, "writes": 0.5},
            {"op": "check"},
        ]);
        holds(&scarce, &script);
    }
}

#[test]
fn r5_a_rule_that_is_none_is_refused_at_its_place_and_where_it_is_wrong() {
    let problem = |policy: Value| {
        let document = json!({"faultline": 1, "machine": {"policy": policy}});
        parse(&document.to_string()).unwrap_err().to_string()
    };
    for (policy, expected) in [
        (
            json!({"rule": "acessed"}),
            "/machine/policy/rule: column 1: found \"acessed\"; legal: accessed, ",
        ),
        (
            json!({"rule": "accessed ? keep"}),
            "/machine/policy/rule: column 16: the rule ends; legal: an operator, ",
        ),
        (json!({"rule": ""}), "/machine/policy/rule: "),
        (json!({"rule": 7}), "/machine/policy/rule: 7 is not a text of 1 to 500 characters"),
        (json!({"rule": "1+".repeat(300) + "1"}), "/machine/policy/rule: "),
        (json!({"rules": "1"}), "/machine/policy"),
        (json!("rule"), "/machine/policy"),
    ] {
        let found = problem(policy.clone());
        assert!(found.starts_with(expected), "{policy}: {found}");
    }
}
