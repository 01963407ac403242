//! Tests scripts within scripts (R5): `repeat`, alone and with `together`, and the reports of its ops.

use faultline::memory::Pfn;
use faultline::scenario::{Report, Session, Traces, Until, parse_op, run};
use serde_json::{Value, json};

use crate::support::model::RandomScenarios;
use crate::support::rig::Rig;
use crate::support::{hold, holds, run_it, scenario, threads, virtual_cpus};

/// What each turn does; `#` is its number.
fn turn() -> Value {
    json!([
        {"op": "fork", "process": "root", "as": "child-#"},
        {"op": "mark", "as": "m#"},
        {"op": "write", "process": "child-#", "page": 1, "value": 7},
        {"op": "expect", "counter": "copies", "since": "m#", "equals": 1},
        {"op": "expect", "process": "child-#", "parent": "root", "state": "running"},
        {"op": "expect", "process": "child-#", "page": 1, "other_frame_than": {"process": "root", "page": 1}},
        {"op": "expect", "process": "child-#", "page": 2, "same_frame_as": {"process": "root", "page": 2}},
        {"op": "run", "process": "child-#", "cpus": 2, "pattern": "uniform", "accesses": 60, "writes": 0.5},
        {"op": "together", "scripts": [
            [{"op": "write", "process": "root", "page": 3, "value": 1}, {"op": "evict", "process": "root", "page": 3}],
            [{"op": "read", "process": "child-#", "page": 3}, {"op": "sleep", "process": "child-#"}]
        ]},
        {"op": "wake", "process": "child-#"},
        {"op": "map", "process": "child-#", "pages": 2},
        {"op": "unmap", "process": "child-#", "page": 4, "pages": 1},
        {"op": "check", "process": "child-#"},
        {"op": "check"},
        {"op": "kill", "process": "child-#"},
        {"op": "settle"}
    ])
}

fn before() -> Vec<Value> {
    vec![
        json!({"op": "spawn", "as": "root", "pages": 8}),
        json!({"op": "run", "process": "root", "pattern": "sequential", "accesses": 8, "writes": 1}),
    ]
}

fn repeated(times: u32) -> Value {
    let mut script = before();
    script.push(json!({"op": "repeat", "times": times, "script": turn()}));
    json!(script)
}

/// The same, written out.
fn written_out(times: u32) -> Value {
    let mut script = before();
    for number in 0..times {
        let text = turn().to_string().replace('#', &number.to_string());
        script.extend(serde_json::from_str::<Vec<Value>>(&text).unwrap());
    }
    json!(script)
}

fn machine() -> Value {
    json!({"frames": 64, "slots": 64, "cpus": 3})
}

#[test]
fn r5_a_repeat_is_its_script_written_out() {
    for seed in 0..4 {
        let [repeated, written_out] = [repeated(6), written_out(6)]
            .map(|script| hold(&scenario(machine(), virtual_cpus(seed), script)));
        assert_eq!(repeated, Report { failures: Vec::new(), ..written_out });
    }
    hold(&scenario(machine(), threads(), repeated(6)));
}

/// A virtual run can stop anywhere in a repeat, and goes on as if it had not.
#[test]
fn r4_a_run_stops_within_a_repeat_and_goes_on() {
    let document = scenario(machine(), virtual_cpus(5), repeated(4));
    let whole = hold(&document);
    let mut session = Session::open(&document, Traces::default()).unwrap();
    let mut stops = 0;
    for (index, op) in document.script.iter().enumerate() {
        session.begin(op, &format!("/script/{index}"));
        let mut until = session.place().events + 1;
        while session.advance(Until::events(until)).is_none() {
            assert!(session.place().under_way);
            until = session.place().events + 1;
            stops += 1;
        }
    }
    assert!(stops > 200, "{stops}");
    assert_eq!(session.finish(), whole);
}

#[test]
fn r5_a_repeat_stands_in_a_list_of_together_and_together_in_it() {
    let script = json!([
        {"op": "spawn", "as": "a", "pages": 16}, {"op": "spawn", "as": "b", "pages": 16},
        {"op": "together", "scripts": [
            [{"op": "repeat", "times": 5, "script": [
                {"op": "run", "process": "a", "pattern": "sequential", "accesses": 16, "writes": 1, "seed": 1},
                {"op": "fork", "process": "a", "as": "a#"}, {"op": "kill", "process": "a#"}]},
             {"op": "read", "process": "a", "page": 1}],
            [{"op": "repeat", "times": 7, "script": [
                {"op": "run", "process": "a", "cpus": 2, "pattern": "uniform", "accesses": 30, "writes": 1, "seed": 2},
                {"op": "evict", "process": "a", "page": 3}]}],
            [{"op": "write", "process": "b", "page": 0, "value": 3}]
        ]},
        {"op": "check"},
        {"op": "repeat", "times": 10, "script": [
            {"op": "together", "scripts": [
                [{"op": "write", "process": "a", "page": 2, "value": 1}],
                [{"op": "fork", "process": "a", "as": "c#"}], []]},
            {"op": "check"}, {"op": "kill", "process": "c#"}]},
        {"op": "expect", "counter": "faults", "at_least": 1}
    ]);
    holds(&json!({"frames": 40, "slots": 64, "cpus": 4}), &script);
}

#[test]
fn r5_a_failure_in_a_repeat_is_told_at_its_op_with_its_turn() {
    let script = json!([
        {"op": "spawn", "as": "a", "pages": 8},
        {"op": "repeat", "times": 3, "script": [
            {"op": "write", "process": "a", "page": 0, "value": 1},
            {"op": "fork", "process": "a", "as": "fixed"},
            {"op": "together", "scripts": [[], [{"op": "kill", "process": "nobody-#"}]]}]},
        {"op": "together", "scripts": [[
            {"op": "repeat", "times": 2, "script": [{"op": "read", "process": "a", "page": 0, "expect": 2}]}]]}
    ]);
    let report = run_it(&scenario(json!({}), virtual_cpus(1), script));
    let told: Vec<_> = report.failures.iter().map(ToString::to_string).collect();
    let taken = "name-taken: a process was called \"fixed\" already";
    let nobody = |turn| format!("no-such-process: no process is called \"nobody-{turn}\"");
    let at = "/script/1/script/2/scripts/1/0";
    assert_eq!(
        told,
        [
            format!("{at}: expected success, found {}, in turn 0", nobody(0)),
            format!("/script/1/script/1: expected success, found {taken}, in turn 1"),
            format!("{at}: expected success, found {}, in turn 1", nobody(1)),
            format!("/script/1/script/1: expected success, found {taken}, in turn 2"),
            format!("{at}: expected success, found {}, in turn 2", nobody(2)),
            "/script/2/scripts/0/0/script/0: expected 2, found 1, in turn 0".to_owned(),
            "/script/2/scripts/0/0/script/0: expected 2, found 1, in turn 1".to_owned(),
        ]
    );
}

#[test]
fn r5_of_many_failures_in_a_repeat_the_first_are_listed_and_all_counted() {
    let script = json!([
        {"op": "spawn", "as": "a", "pages": 8},
        {"op": "repeat", "times": 5_000, "script": [
            {"op": "expect", "process": "a", "pages": 9}, {"op": "expect", "process": "a", "pages": 8}]}
    ]);
    let report = run_it(&scenario(json!({}), virtual_cpus(1), script));
    assert_eq!(report.failures.len(), 65);
    assert_eq!(report.failures[63].found, "pages 8, in turn 63");
    assert_eq!(
        report.failures[64].to_string(),
        "/script/1: expected turns that hold, found 4936 more failures"
    );
    // The outcome of the line has neither a value nor a code of one of its ops.
    let mut rig = Rig::after(json!({}), virtual_cpus(1), &json!(before()));
    let outcome = rig.attempt(&json!({"op": "repeat", "times": 2, "script": [
        {"op": "kill", "process": "nobody", "fails": "no-such-process"},
        {"op": "read", "process": "root", "page": 0}]}));
    assert_eq!(
        (outcome.ok, outcome.value, outcome.code, outcome.message),
        (true, None, None, None)
    );
}

#[test]
fn r5_a_repeat_tells_how_far_it_is() {
    for runtime in [virtual_cpus(1), threads()] {
        let script = json!([
            {"op": "spawn", "as": "a", "pages": 8},
            {"op": "repeat", "times": 4, "script": [
                {"op": "read", "process": "a", "page": 0},
                {"op": "together", "scripts": [[{"op": "read", "process": "a", "page": 0}], []]},
                {"op": "expect", "process": "a", "pages": 8}]},
            {"op": "settle"}
        ]);
        let document = scenario(json!({}), runtime, script);
        let mut told = Vec::new();
        run(&document, Traces::default(), &mut |done, all| told.push((done, all))).unwrap();
        assert_eq!(told, [0, 1, 5, 9, 13, 17, 18].map(|done| (done, 18)));
    }
}

fn refused(op: Value) -> String {
    let machine = faultline::options::MachineOptions::default();
    parse_op(&op.to_string(), &machine).unwrap_err().to_string()
}

#[test]
fn r5_repeats_have_limits() {
    let repeat =
        |times: u64, script: Value| json!({"op": "repeat", "times": times, "script": script});
    let settle = json!({"op": "settle"});
    assert_eq!(refused(repeat(0, json!([settle]))), "/times: 0 is below the least, 1");
    assert_eq!(
        refused(repeat(1_000_001, json!([settle]))),
        "/times: 1000001 is above the most, 1000000"
    );
    assert_eq!(refused(repeat(2, json!([]))), "/script: a list of 0 is not a list of at least 1");
    let three = json!([settle, {"op": "together", "scripts": [[settle], []]}]);
    assert_eq!(
        refused(repeat(333_334, three.clone())),
        "/times: 333334 turns of 3 ops are 1000002; all repeats come to 1000000 at most, and \
         1000000 are left here"
    );
    let machine = faultline::options::MachineOptions::default();
    parse_op(&repeat(333_333, three).to_string(), &machine).unwrap();
    // The limit is the document's, wherever its repeats stand.
    let half = repeat(500_000, json!([settle]));
    let document = |more: Value| {
        let script = json!([half, {"op": "together", "scripts": [[more]]}]);
        faultline::scenario::parse(&json!({"faultline": 1, "script": script}).to_string())
    };
    document(half.clone()).unwrap();
    assert_eq!(
        document(repeat(500_001, json!([settle]))).unwrap_err().to_string(),
        "/script/1/scripts/0/0/times: 500001 turns of 1 ops are 500001; all repeats come to \
         1000000 at most, and 500000 are left here"
    );
    // Neither nests, the one within the other included.
    let inner = repeat(2, json!([settle]));
    let nested = refused(repeat(2, json!([inner])));
    assert!(nested.starts_with("/script/0/op: \"repeat\" is none of spawn, "), "{nested}");
    let nested = refused(repeat(2, json!([{"op": "together", "scripts": [[inner]]}])));
    assert!(
        nested.starts_with("/script/0/scripts/0/0/op: \"repeat\" is none of spawn, "),
        "{nested}"
    );
    let together = json!({"op": "together", "scripts": [[{"op": "repeat", "times": 2,
        "script": [{"op": "together", "scripts": []}]}]]});
    let nested = refused(together);
    assert!(
        nested.starts_with("/scripts/0/0/script/0/op: \"together\" is none of spawn, "),
        "{nested}"
    );
}

#[test]
fn r5_outside_a_repeat_a_name_is_as_it_stands() {
    let script = json!([
        {"op": "spawn", "as": "a#", "pages": 8},
        {"op": "repeat", "times": 2, "script": [{"op": "spawn", "as": "a#-#", "pages": 1}]},
        {"op": "kill", "process": "a#"}, {"op": "kill", "process": "a0-0"}, {"op": "kill", "process": "a1-1"}
    ]);
    holds(&json!({}), &script);
}

/// A machine whose page 1 of `a` has the word 5 at offset 16, and the frame that it is in.
fn with_a_word(runtime: Value) -> (Rig, Pfn) {
    let rig = Rig::after(
        json!({}),
        runtime,
        &json!([
            {"op": "spawn", "as": "a", "pages": 4},
            {"op": "write", "process": "a", "page": 1, "offset": 16, "value": 5},
            {"op": "settle"}
        ]),
    );
    let frame = rig.pte("a", 1).frame();
    (rig, frame)
}

fn store(rig: &Rig, frame: Pfn, word: usize, value: u64) {
    use std::sync::atomic::Ordering;
    rig.machine().frames.word(frame.0, word).store(value, Ordering::Relaxed);
}

#[test]
fn g3_a_check_finds_a_word_that_is_not_what_was_stored() {
    for runtime in [virtual_cpus(1), threads()] {
        let (mut rig, frame) = with_a_word(runtime);
        rig.apply(json!({"op": "check", "process": "a"}));
        let before = (rig.state(), rig.counter(faultline::observe::Counter::Faults));
        rig.apply(json!({"op": "check"}));
        let after = (rig.state(), rig.counter(faultline::observe::Counter::Faults));
        assert_eq!(before, after, "a check changed the machine");
        store(&rig, frame, 2, 6);
        store(&rig, frame, 511, 1);
        let outcome = rig.attempt(&json!({"op": "check"}));
        let told: Vec<_> = outcome.failures.iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            [
                "/op: expected 5 in page 1 of \"a\", offset 16, found 6 in page 1 of \"a\", offset 16",
                "/op: expected 0 in page 1 of \"a\", offset 4088, found 1 in page 1 of \"a\", offset 4088",
            ]
        );
        // Many are counted.
        (0..100).for_each(|word| store(&rig, frame, word, 9));
        let outcome = rig.attempt(&json!({"op": "check", "process": "a"}));
        assert_eq!(outcome.failures.len(), 9);
        assert_eq!(outcome.failures[8].found, "93 more wrong words");
        // Of another process nothing is wrong; a process that does not exist cannot be checked.
        rig.apply(json!({"op": "spawn", "as": "b", "pages": 4}));
        rig.apply(json!({"op": "check", "process": "b"}));
        rig.apply(json!({"op": "check", "process": "c", "fails": "no-such-process"}));
        rig.apply(json!({"op": "kill", "process": "a"}));
        rig.apply(json!({"op": "check", "process": "a", "fails": "not-running"}));
        rig.apply(json!({"op": "check"}));
    }
}

/// A page is compared wherever it is: in a frame, on swap, or nowhere yet.
#[test]
fn g3_a_check_sees_pages_on_swap_and_pages_never_written() {
    let (mut rig, _) = with_a_word(virtual_cpus(2));
    rig.all(&json!([
        {"op": "fork", "process": "a", "as": "b"}, {"op": "evict", "process": "a", "page": 1},
        {"op": "expect", "process": "a", "page": 1, "pte": "swapped"},
        {"op": "check"}, {"op": "sleep", "process": "b"}, {"op": "check", "process": "b"},
        {"op": "expect", "process": "a", "page": 1, "pte": "swapped"},
        {"op": "read", "process": "a", "page": 1, "offset": 16, "expect": 5}
    ]));
    let frame = rig.pte("a", 1).frame();
    store(&rig, frame, 2, 7);
    assert!(!rig.attempt(&json!({"op": "check", "process": "a"})).ok);
}

/// A word to which two stored at once is not compared; what is beside it is.
#[test]
fn g3_a_check_says_nothing_of_a_race() {
    for seed in 0..20 {
        let script = json!([
            {"op": "spawn", "as": "a", "pages": 4},
            {"op": "together", "scripts": [
                [{"op": "write", "process": "a", "page": 1, "value": 1}, {"op": "write", "process": "a", "page": 1, "offset": 8, "value": 3}],
                [{"op": "write", "process": "a", "page": 1, "value": 2}]]}
        ]);
        let mut rig = Rig::after(json!({}), virtual_cpus(seed), &script);
        rig.apply(json!({"op": "check"}));
        let frame = rig.pte("a", 1).frame();
        store(&rig, frame, 0, 77);
        rig.apply(json!({"op": "check"}));
        store(&rig, frame, 1, 77);
        assert!(!rig.attempt(&json!({"op": "check"})).ok);
        rig.apply(json!({"op": "write", "process": "a", "page": 1, "offset": 8, "value": 3}));
        rig.apply(json!({"op": "write", "process": "a", "page": 1, "value": 4}));
        rig.apply(json!({"op": "check"}));
        store(&rig, frame, 0, 77);
        assert!(!rig.attempt(&json!({"op": "check"})).ok);
    }
}

/// What a workload stored before it failed is known, and the failed store stored nothing.
#[test]
fn g3_a_check_knows_what_a_workload_stored_that_failed() {
    let script = json!([
        {"op": "spawn", "as": "a", "pages": 8},
        {"op": "unmap", "process": "a", "page": 5, "pages": 1},
        {"op": "run", "process": "a", "cpus": 2, "pattern": "sequential", "accesses": 8, "writes": 1, "fails": "out-of-range"},
        {"op": "check"},
        {"op": "map", "process": "a", "pages": 1, "at": 5},
        {"op": "check"},
        {"op": "write", "process": "a", "page": 5, "value": 1}, {"op": "check"},
        {"op": "unmap", "process": "a", "page": 4, "pages": 2}, {"op": "map", "process": "a", "pages": 2},
        {"op": "expect", "process": "a", "page": 5, "pte": "zero"},
        {"op": "check"},
        {"op": "map", "process": "a", "pages": 1, "read_only": true},
        {"op": "write", "process": "a", "page": 8, "value": 1, "fails": "read-only"},
        {"op": "check"}
    ]);
    holds(&json!({}), &script);
    let (mut rig, _) = with_a_word(virtual_cpus(1));
    rig.all(&json!([
        {"op": "unmap", "process": "a", "page": 2, "pages": 1},
        {"op": "run", "process": "a", "pattern": "sequential", "accesses": 4, "writes": 1, "fails": "out-of-range"}
    ]));
    let frame = rig.pte("a", 1).frame();
    let stored = rig.machine().frames.page(frame.0)[511];
    assert_ne!(stored, 0);
    store(&rig, frame, 511, stored ^ 1);
    assert!(!rig.attempt(&json!({"op": "check"})).ok);
}

/// Random scenarios, each checked at its end, and after each of its lines.
#[test]
fn g3_random_scenarios_hold_word_for_word() {
    let mut scenarios = RandomScenarios::new();
    for _ in 0..200 {
        let mut document = proptest::strategy::ValueTree::current(&scenarios.next());
        let script = document["script"].as_array_mut().unwrap();
        let lines = std::mem::take(script);
        script.extend(lines.into_iter().flat_map(|line| [line, json!({"op": "check"})]));
        for runtime in [document["runtime"].clone(), threads()] {
            document["runtime"] = runtime;
            hold(&faultline::scenario::parse(&document.to_string()).unwrap());
        }
    }
}

/// Each CPU of workloads side by side stores to a word of its own, of which a page has 512.
#[test]
fn r5_workloads_on_more_cpus_than_a_page_has_words_are_refused() {
    let run = json!([{"op": "run", "process": "p", "cpus": 128, "pattern": "uniform",
        "accesses": 128, "may_fail": ["out-of-range"]}]);
    let script = json!([
        {"op": "spawn", "as": "p", "pages": 4},
        {"op": "together", "scripts": [run, run, run, run, run]},
        {"op": "check"},
    ]);
    let scenario = scenario(json!({"cpus": 128}), virtual_cpus(1), script);
    let report = hold(&scenario);
    // The last one finds no word left.
    assert_eq!(report.counters.accesses, 4 * 128);
}
