//! Tests the expectations of a script (R5): of pages, processes, frames, lists, slots and counters, and of races.
//! Each expectation holds where it is true, and fails, with the value that was found, where it is not.

use faultline::machine::MAX_PROCESSES;
use faultline::scenario::{FailureCode, Report};
use serde_json::{Value, json};

use crate::support::rig::Rig;
use crate::support::{holds, run_it, runtimes, scenario, virtual_cpus};

/// Runs a script and returns its failures: where, what was expected, what was found.
fn failures(machine: &Value, script: &Value) -> Vec<[String; 3]> {
    let report = run_it(&scenario(machine.clone(), virtual_cpus(1), script.clone()));
    let Report { ok, failures, .. } = report;
    assert_eq!(ok, failures.is_empty());
    failures.into_iter().map(|failure| [failure.at, failure.expected, failure.found]).collect()
}

/// A script, the last op of which does not hold.
fn fails_last(script: &[Value], expected: &str, found: &str) {
    let at = format!("/script/{}", script.len() - 1);
    assert_eq!(
        failures(&json!({}), &json!(script)),
        [[at, expected.to_owned(), found.to_owned()]],
        "{script:?}"
    );
}

fn spawned() -> Vec<Value> {
    vec![
        json!({"op": "spawn", "as": "a", "pages": 4}),
        json!({"op": "write", "process": "a", "page": 1, "value": 5}),
        json!({"op": "fork", "process": "a", "as": "b"}),
    ]
}

#[test]
fn r5_a_pages_bits_and_its_frame_are_expected() {
    let page = |process: &str, page: u32, keys: Value| {
        let mut op = json!({"op": "expect", "process": process, "page": page});
        op.as_object_mut().unwrap().extend(keys.as_object().unwrap().clone());
        op
    };
    let other = |process: &str, page: u32| json!({"process": process, "page": page});
    let script = json!([
        {"op": "spawn", "as": "a", "pages": 4},
        page("a", 1, json!({"dirty": false, "accessed": false, "writable": false})),
        {"op": "write", "process": "a", "page": 1, "value": 5},
        page("a", 1, json!({"dirty": true, "accessed": true, "writable": true})),
        {"op": "fork", "process": "a", "as": "b"},
        page("a", 1, json!({"dirty": true, "writable": false, "same_frame_as": other("b", 1)})),
        page("b", 1, json!({"accessed": false, "shared": 2})),
        {"op": "write", "process": "b", "page": 1, "value": 6},
        page("b", 1, json!({"writable": true, "other_frame_than": other("a", 1)})),
        {"op": "evict", "process": "a", "page": 1},
        page("a", 1, json!({"pte": "swapped", "dirty": false, "accessed": false, "writable": false})),
        {"op": "read", "process": "a", "page": 1, "expect": 5},
        page("a", 1, json!({"dirty": false, "accessed": true})),
    ]);
    holds(&json!({}), &script);
    let after = |op: Value| [spawned(), vec![op]].concat();
    fails_last(&after(page("a", 1, json!({"dirty": false}))), "dirty false", "dirty true");
    fails_last(&after(page("b", 1, json!({"accessed": true}))), "accessed true", "accessed false");
    fails_last(&after(page("a", 1, json!({"writable": true}))), "writable true", "writable false");
    let mut script = after(page("b", 1, json!({"other_frame_than": other("a", 1)})));
    let [[_, expected, found]] = &failures(&json!({}), &json!(script))[..] else { panic!() };
    assert!(expected.starts_with("another frame than page 1 of \"a\", frame "), "{expected}");
    assert!(found.starts_with("frame "), "{found}");
    // A page without a frame has neither the same frame as another nor another one.
    for key in ["same_frame_as", "other_frame_than"] {
        script = after(page("a", 1, json!({(key): other("b", 2)})));
        let [[_, expected, _]] = &failures(&json!({}), &json!(script))[..] else { panic!() };
        assert!(expected.ends_with("page 2 of \"b\", no frame"), "{expected}");
        script = after(page("a", 2, json!({(key): other("b", 2)})));
        let [[_, _, found]] = &failures(&json!({}), &json!(script))[..] else { panic!() };
        assert_eq!(found, "no frame");
    }
    let missing = page("a", 1, json!({"same_frame_as": other("c", 2), "fails": "no-such-process"}));
    let beyond = page("a", 1, json!({"same_frame_as": other("b", 4), "fails": "out-of-range"}));
    holds(&json!({}), &json!([spawned(), vec![missing, beyond]].concat()));
}

#[test]
fn r5_a_processs_parent_state_and_pages_are_expected() {
    let script = json!([
        {"op": "spawn", "as": "a", "pages": 4},
        {"op": "expect", "process": "a", "parent": null, "state": "running", "pages": 4},
        {"op": "fork", "process": "a", "as": "b"},
        {"op": "fork", "process": "b", "as": "c"},
        {"op": "expect", "process": "c", "parent": "b"},
        {"op": "sleep", "process": "c"},
        {"op": "expect", "process": "c", "state": "sleeping"},
        {"op": "kill", "process": "b"},
        {"op": "expect", "process": "b", "state": "terminated"},
        {"op": "expect", "process": "c", "parent": "a"},
        {"op": "kill", "process": "a"},
        {"op": "expect", "process": "c", "parent": null},
        {"op": "wake", "process": "c"},
        {"op": "unmap", "process": "c", "page": 1, "pages": 2},
        {"op": "expect", "process": "c", "pages": 2},
        {"op": "expect", "process": "a", "pages": 4, "fails": "not-running"},
        {"op": "expect", "process": "nobody", "state": "running", "fails": "no-such-process"}
    ]);
    holds(&json!({}), &script);
    let after = |op: Value| [spawned(), vec![op]].concat();
    let expect = |keys: Value| {
        let mut op = json!({"op": "expect", "process": "b"});
        op.as_object_mut().unwrap().extend(keys.as_object().unwrap().clone());
        op
    };
    fails_last(&after(expect(json!({"parent": null}))), "parent null", "parent \"a\"");
    fails_last(&after(expect(json!({"parent": "b"}))), "parent \"b\"", "parent \"a\"");
    fails_last(&after(expect(json!({"pages": 5}))), "pages 5", "pages 4");
    fails_last(&after(expect(json!({"state": "sleeping"}))), "state sleeping", "state running");
    fails_last(
        &after(json!({"op": "expect", "process": "a", "parent": "b"})),
        "parent \"b\"",
        "parent null",
    );
}

#[test]
fn r5_frames_lists_and_slots_are_expected() {
    let number = |key: &str, which: &str, equals: u64| json!({"op": "expect", (key): which, "equals": equals});
    let machine = json!({"frames": 32, "slots": 40, "cpu_cache": 8, "zeroer": false, "trim": {"low": 0, "high": 1}});
    let mut script = json!([
        number("frames", "free", 31), number("frames", "protected", 1), number("list", "active", 0),
        number("slots", "used", 0), number("slots", "free", 40),
        {"op": "spawn", "as": "a", "pages": 8},
        {"op": "run", "process": "a", "pattern": "sequential", "accesses": 8, "writes": 1},
        number("frames", "free", 21), number("frames", "protected", 3), number("list", "active", 8),
        {"op": "expect", "list": "zeroed", "at_most": 21}, {"op": "expect", "list": "free", "at_most": 21},
        {"op": "evict", "process": "a", "page": 0},
        number("frames", "free", 22), number("slots", "used", 1), number("list", "active", 7),
        {"op": "read", "process": "a", "page": 0},
        number("slots", "used", 1), number("slots", "free", 39), number("frames", "free", 21),
        {"op": "kill", "process": "a"},
        {"op": "settle"},
        number("frames", "free", 31), number("slots", "used", 0), number("list", "modified", 0),
        number("list", "standby", 0)
    ]);
    holds(&machine, &script);
    let at_the_end = |op: Value| {
        let mut script = script.clone();
        script.as_array_mut().unwrap().push(op);
        let [[_, expected, found]] = &failures(&machine, &script)[..] else { panic!() };
        format!("{expected}; {found}")
    };
    assert_eq!(at_the_end(number("frames", "free", 30)), "free frames 30; free frames 31");
    assert_eq!(
        at_the_end(json!({"op": "expect", "list": "active", "at_least": 1})),
        "frames on the active list at least 1; frames on the active list 0"
    );
    assert_eq!(
        at_the_end(json!({"op": "expect", "slots": "free", "at_most": 39})),
        "free slots at most 39; free slots 40"
    );
    // All frames are on a list or at hand with a CPU.
    let ops = script.as_array_mut().unwrap();
    ops.push(json!({"op": "expect", "list": "free", "at_least": 8}));
    ops.push(json!({"op": "expect", "list": "zeroed", "at_least": 8}));
    assert!(failures(&machine, &script).len() < 2);
}

/// Frames that trimming has made available are on the modified and standby lists, whose lengths add up.
#[test]
fn r5_the_modified_and_standby_lists_have_a_length() {
    for runtime in runtimes() {
        let machine = json!({"frames": 40, "trim": {"low": 30, "high": 36}, "zeroer": false});
        let script = json!([
            {"op": "spawn", "as": "a", "pages": 16},
            {"op": "run", "process": "a", "pattern": "sequential", "accesses": 16, "writes": 1},
            {"op": "settle"}
        ]);
        let mut rig = Rig::after(machine, runtime, &script);
        let lists = &rig.machine().lists;
        let [active, modified, standby] =
            [lists.active(0), lists.modified(0), lists.standby(0)].map(|list| lists.count(list));
        assert!(standby > 0, "{active} {modified} {standby}");
        for (name, count) in [("active", active), ("modified", modified), ("standby", standby)] {
            rig.apply(json!({"op": "expect", "list": name, "equals": count}));
            let wrong = json!({"op": "expect", "list": name, "equals": count + 1});
            assert!(!rig.attempt(&wrong).ok);
        }
    }
}

#[test]
fn r5_a_counter_is_expected_since_a_mark() {
    let since = |counter: &str, mark: &str, equals: u64| json!({"op": "expect", "counter": counter, "since": mark, "equals": equals});
    let script = json!([
        {"op": "spawn", "as": "a", "pages": 4},
        {"op": "write", "process": "a", "page": 0, "value": 5},
        {"op": "mark", "as": "before"},
        {"op": "evict", "process": "a", "page": 0},
        since("swap_writes", "before", 1), since("swap_reads", "before", 0), since("faults", "before", 0),
        {"op": "mark", "as": "a"},
        {"op": "read", "process": "a", "page": 0, "expect": 5},
        since("swap_reads", "a", 1), since("swap_reads", "before", 1), since("swap_writes", "a", 0),
        {"op": "mark", "as": "before", "fails": "name-taken"},
        {"op": "expect", "counter": "faults", "since": "never", "equals": 0, "fails": "no-such-mark"}
    ]);
    holds(&json!({}), &script);
    let late =
        [spawned(), vec![json!({"op": "mark", "as": "m"}), since("faults", "m", 2)]].concat();
    fails_last(&late, "faults since \"m\" 2", "faults since \"m\" 0");
    let never = [spawned(), vec![since("faults", "m", 0)]].concat();
    fails_last(&never, "success", "no-such-mark: no mark is called \"m\"");
}

#[test]
fn r5_an_op_may_fail_with_what_it_says_and_with_nothing_else() {
    let race = json!([
        {"op": "spawn", "as": "a", "pages": 4},
        {"op": "together", "scripts": [
            [{"op": "kill", "process": "a"}],
            [{"op": "write", "process": "a", "page": 0, "value": 1, "may_fail": ["not-running"]},
             {"op": "read", "process": "a", "page": 0, "expect": 1, "may_fail": ["not-running", "no-such-process"]}]
        ]}
    ]);
    holds(&json!({}), &race);
    // Both ends of the race are met.
    let mut rig =
        Rig::after(json!({}), virtual_cpus(1), &json!([{"op": "spawn", "as": "a", "pages": 4}]));
    let read = json!({"op": "read", "process": "a", "page": 0, "may_fail": ["not-running"]});
    let outcome = rig.attempt(&read);
    assert_eq!((outcome.ok, outcome.value, outcome.code), (true, Some(0), None));
    rig.apply(json!({"op": "kill", "process": "a"}));
    let outcome = rig.attempt(&read);
    assert_eq!(
        (outcome.ok, outcome.value, outcome.code),
        (true, None, Some(FailureCode::NotRunning))
    );
    rig.close();
    let with = |codes: Value| {
        vec![
            json!({"op": "spawn", "as": "a", "pages": 4}),
            json!({"op": "write", "process": "a", "page": 9, "value": 1, "may_fail": codes}),
        ]
    };
    fails_last(
        &with(json!(["not-running", "read-only"])),
        "success or not-running, read-only",
        "out-of-range: the page is out of the process's range",
    );
    holds(&json!({}), &json!(with(json!(["read-only", "out-of-range"]))));
    // What it expects is still expected of it.
    let read =
        json!({"op": "read", "process": "a", "page": 1, "expect": 6, "may_fail": ["not-running"]});
    fails_last(&[spawned(), vec![read]].concat(), "6", "5");
}

/// An expectation that can be judged at once succeeds too, and that is the failure.
#[test]
fn r5_success_is_the_failure_of_any_op_that_has_to_fail() {
    let expects = [
        json!({"op": "expect", "process": "a", "page": 0, "pte": "zero", "fails": "out-of-range"}),
        json!({"op": "expect", "counter": "copies", "equals": 0, "fails": "out-of-range"}),
        json!({"op": "expect", "process": "a", "pages": 4, "fails": "out-of-range"}),
        json!({"op": "settle", "fails": "out-of-range"}),
        json!({"op": "mark", "as": "m", "fails": "out-of-range"}),
        json!({"op": "together", "scripts": [], "fails": "out-of-range"}),
    ];
    for expect in expects {
        fails_last(&[spawned(), vec![expect]].concat(), "out-of-range", "success");
    }
}

/// A machine that is full of processes said that it was out of memory.
#[test]
fn r5_the_limit_of_processes_is_told_as_itself() {
    for runtime in runtimes().into_iter().rev().take(2) {
        let mut rig = Rig::new(json!({"frames": 16_384}), runtime);
        for number in 0..MAX_PROCESSES {
            rig.apply(json!({"op": "spawn", "as": format!("p{number}"), "pages": 1}));
        }
        for op in [
            json!({"op": "spawn", "as": "more", "pages": 1}),
            json!({"op": "fork", "process": "p7", "as": "more"}),
        ] {
            let before = rig.machine().free_frames() + rig.machine().protected_frames();
            let outcome = rig.attempt(&op);
            assert_eq!(outcome.code, Some(FailureCode::TooManyProcesses));
            let message = outcome.failures[0].found.clone();
            assert_eq!(message, "too-many-processes: the machine has room for 4,096 processes");
            // Its tables are given back, and a killed process makes room.
            let after = rig.machine().free_frames() + rig.machine().protected_frames();
            assert!(after.abs_diff(before) <= 64, "{before} {after}");
        }
        rig.apply(json!({"op": "kill", "process": "p9"}));
        rig.apply(json!({"op": "fork", "process": "p7", "as": "more"}));
    }
}
