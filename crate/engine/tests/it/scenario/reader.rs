//! Tests the reader of scenarios (R5): the documents that it accepts, and its errors for those that it refuses.

use faultline::scenario::format::{ExpectPage, Parent, Run};
use faultline::scenario::{
    Action, CounterName, FailureCode, Op, Pattern, PteState, RuntimeOptions, Scenario,
    ScenarioError, Session, Traces, parse, parse_op,
};
use proptest::prelude::*;
use serde_json::{Value, json};

/// A document with every op and nearly every key.
fn everything() -> Value {
    let mut document = json!({
        "faultline": 1,
        "title": "Fork, write, and who pays",
        "machine": {
            "frames": 64, "slots": 256, "cpus": 2, "dispatch": "auto", "reads": "hardware", "eviction": "pipelined",
            "pte_locks": {"region": 64}, "early_release": true, "policy": "clock",
            "trim": {"trigger": "watermark", "low": 8, "high": 16, "batch": 16},
            "write_batch": 16, "standby_batch": 16, "free_lists": 4, "cpu_cache": 8, "zeroer": true,
            "slot_finder": "bitmap", "shootdown": "batched"
        },
        "runtime": {"kind": "virtual", "seed": 7, "costs": {"disk_read": 80000}},
        "script": [
            {"op": "spawn", "as": "init", "pages": 512},
            {"op": "write", "process": "init", "page": 3, "offset": 8, "value": 42},
            {"op": "fork", "process": "init", "as": "child"},
            {"op": "read", "process": "child", "page": 3, "offset": 8, "expect": 42},
            {"op": "evict", "process": "init", "page": 3},
            {"op": "sleep", "process": "child"},
            {"op": "write", "process": "child", "page": 0, "value": 1, "fails": "not-running"},
            {"op": "wake", "process": "child"},
            {"op": "kill", "process": "child"},
            {"op": "switch", "cpu": 0, "process": "init"},
            {"op": "run", "process": "init", "cpus": 2, "pattern": {"zipf": 0.99}, "pages": [0, 256],
             "accesses": 10000, "writes": 0.3, "seed": 1},
            {"op": "run", "process": "init", "pattern": "uniform", "accesses": 10},
            {"op": "run", "process": "init", "pattern": {"stride": 7}, "accesses": 10},
            {"op": "run", "process": "init", "pattern": {"trace": "ls"}},
            {"op": "run", "process": "init", "pattern": {"phases": [
                {"pattern": "sequential", "pages": [0, 8], "accesses": 5, "writes": 1},
                {"pattern": {"zipf": 1}}]}, "accesses": 10},
            {"op": "together", "scripts": [
                [{"op": "read", "process": "init", "page": 0}],
                [{"op": "write", "process": "init", "page": 1, "value": 9_007_199_254_740_991_u64}]]},
            {"op": "settle"},
            {"op": "expect", "process": "init", "page": 3, "pte": "valid", "shared": 1},
            {"op": "expect", "counter": "copies", "equals": 1},
            {"op": "expect", "counter": "faults", "at_least": 1, "at_most": 9},
            {"op": "audit"},
            {"op": "read", "process": "init", "page": 0, "may_fail": ["not-running", "swap-failed"]},
            {"op": "mark", "as": "here"},
            {"op": "expect", "counter": "swap_reads", "since": "here", "equals": 0},
            {"op": "expect", "frames": "free", "at_least": 1},
            {"op": "expect", "list": "standby", "at_most": 60},
            {"op": "expect", "slots": "used", "at_least": 0, "at_most": 9},
            {"op": "expect", "process": "init", "page": 3, "dirty": true, "accessed": true, "writable": false,
             "same_frame_as": {"process": "init", "page": 3}, "other_frame_than": {"process": "init", "page": 4}},
            {"op": "expect", "process": "init", "parent": null, "state": "running", "pages": 512},
            {"op": "expect", "process": "init", "parent": "nobody"},
            {"op": "check"},
            {"op": "check", "process": "init"},
            {"op": "repeat", "times": 3, "script": [
                {"op": "fork", "process": "init", "as": "child-#"},
                {"op": "together", "scripts": [[{"op": "kill", "process": "child-#"}], []]}]},
            {"op": "together", "scripts": [[{"op": "repeat", "times": 2, "script": [{"op": "settle"}]}]]}
        ]
    });
    let references = json!({"op": "run", "process": "init", "pattern": {"pages": [7, 0, "1w"]}});
    document["script"].as_array_mut().unwrap().push(references);
    document
}

fn read(document: &Value) -> Result<Scenario, ScenarioError> {
    parse(&document.to_string())
}

/// The error after `value` was put at `pointer` of the whole document.
fn refuse(pointer: &str, value: Value) -> String {
    let mut document = everything();
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    match document.pointer_mut(parent).unwrap() {
        Value::Object(map) => {
            map.insert(key.into(), value);
        }
        Value::Array(list) => list[key.parse::<usize>().unwrap()] = value,
        _ => unreachable!(),
    }
    read(&document).unwrap_err().to_string()
}

fn without(pointer: &str) -> String {
    let mut document = everything();
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    document.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(key).unwrap();
    read(&document).unwrap_err().to_string()
}

/// Any other build would run such a scenario without its bugs.
#[cfg(not(feature = "bugs"))]
#[test]
fn b_bugs_are_refused_but_in_a_teaching_build() {
    assert_eq!(
        refuse("/machine/bugs", json!(["stale-transition"])),
        "/machine/bugs: bugs are switched on, which needs a teaching build: the cargo feature `bugs`"
    );
    let unknown = refuse("/machine/bugs", json!(["stale"]));
    assert!(unknown.starts_with("/machine/bugs/0: \"stale\" is not one of "), "{unknown}");
    let mut document = everything();
    document["machine"]["bugs"] = json!([]);
    let scenario = read(&document).unwrap();
    assert_eq!(serde_json::to_value(&scenario).unwrap()["machine"].get("bugs"), None);
}

#[test]
fn r5_reads_every_op() {
    let scenario = read(&everything()).unwrap();
    assert_eq!(scenario.script.len(), 35);
    assert_eq!(scenario.script[6].fails, Some(FailureCode::NotRunning));
    let Action::Run(Run { pattern, pages, cpus, .. }) = &scenario.script[10].action else {
        panic!()
    };
    assert_eq!((pattern, pages, cpus), (&Pattern::Zipf(0.99), &Some([0, 256]), &2));
    let Action::ExpectPage(ExpectPage { pte, shared, .. }) = &scenario.script[17].action else {
        panic!()
    };
    assert_eq!((*pte, *shared), (Some(PteState::Valid), Some(1)));
    let Action::ExpectCounter(expect) = &scenario.script[18].action else { panic!() };
    assert_eq!((expect.counter, expect.equals), (CounterName::Copies, Some(1)));
    assert_eq!(scenario.script[21].may_fail, [FailureCode::NotRunning, FailureCode::SwapFailed]);
    let Action::ExpectProcess(expect) = &scenario.script[28].action else { panic!() };
    assert_eq!((&expect.parent, expect.pages), (&Some(Parent::Nobody), Some(512)));
    let Action::ExpectProcess(expect) = &scenario.script[29].action else { panic!() };
    assert_eq!((&expect.parent, expect.pages), (&Some(Parent::Name("nobody".into())), None));
    let Action::Repeat(repeat) = &scenario.script[32].action else { panic!() };
    assert_eq!((repeat.times, repeat.script.len()), (3, 2));
    assert_eq!(scenario.script[32].count(), 9);
    let Action::Run(Run { pattern: Pattern::Pages(references), .. }) = &scenario.script[34].action
    else {
        panic!()
    };
    let references: Vec<_> = references.iter().map(ToString::to_string).collect();
    assert_eq!(references, ["7", "0", "1w"]);
}

/// A name in a repeat has its turn's number wherever it stands.
#[test]
fn r5_every_name_is_numbered_in_a_turn() {
    let mut document = everything();
    for name in ["init", "child", "here", "nobody"] {
        let (plain, numbered) = (format!("\"{name}"), format!("\"{name}#"));
        let script = document["script"].to_string().replace(&plain, &numbered);
        document["script"] = serde_json::from_str(&script).unwrap();
    }
    let scenario = read(&document).unwrap();
    assert!(serde_json::to_string(&scenario.script).unwrap().matches('#').count() > 30);
    for op in &scenario.script {
        let numbered = serde_json::to_string(&op.in_turn(17)).unwrap();
        assert_eq!(numbered, serde_json::to_string(op).unwrap().replace('#', "17"));
    }
}

#[test]
fn r5_writes_what_it_reads() {
    let scenario = read(&everything()).unwrap();
    let text = serde_json::to_string(&scenario).unwrap();
    assert_eq!(parse(&text).unwrap(), scenario);
}

/// Numbers were read to within a unit in the last place, so that a scenario was another one after it
/// was written and read again.
#[test]
fn r5_numbers_are_read_exactly() {
    let number = "3.8308540518258114e-147";
    let text = format!(
        r#"{{"faultline": 1, "script": [{{"op": "spawn", "as": "p", "pages": 8}},
            {{"op": "run", "process": "p", "pattern": {{"zipf": {number}}}}}]}}"#
    );
    let written = serde_json::to_string(&parse(&text).unwrap()).unwrap();
    assert!(written.contains(number), "{written}");
}

#[test]
fn r5_an_impossible_number_names_the_path_and_the_limit() {
    let cases: &[(&str, Value, &str)] = &[
        ("/machine/frames", json!(3), "/machine/frames: 3 is below the smallest machine, 8"),
        (
            "/machine/frames",
            json!(1_048_577),
            "/machine/frames: 1048577 is above the largest machine, 1048576",
        ),
        (
            "/script/10/pattern",
            json!({"pages": [0, 262_144]}),
            "/script/10/pattern/pages/1: 262144 is above the most, 262143",
        ),
        (
            "/script/10/pattern",
            json!({"pages": ["0w", "w"]}),
            "/script/10/pattern/pages/1: \"w\" is not a page from 0 to 262143, or a text of a page and w for a write: \"3w\"",
        ),
        (
            "/script/10/pattern",
            json!({"pages": ["262144w"]}),
            "/script/10/pattern/pages/0: \"262144w\" is not a page from 0 to 262143, or a text of a page and w for a write: \"3w\"",
        ),
        (
            "/script/10/pattern",
            json!({"pages": []}),
            "/script/10/pattern/pages: a list of 0 is not a list of 1 to 65536",
        ),
        ("/machine/slots", json!(-1), "/machine/slots: -1 is below the least, 0"),
        (
            "/machine/slots",
            json!(4_194_305),
            "/machine/slots: 4194305 is above the largest swap, 4194304",
        ),
        ("/machine/cpus", json!(0), "/machine/cpus: 0 is below the least, 1"),
        ("/machine/cpus", json!(129), "/machine/cpus: 129 is above the most, 128"),
        ("/script/1/page", json!(-1), "/script/1/page: -1 is below the least, 0"),
        (
            "/script/1/value",
            json!(9_007_199_254_740_992_u64),
            "/script/1/value: 9007199254740992 is above the most, 9007199254740991",
        ),
        ("/script/1/offset", json!(12), "/script/1/offset: 12 is not a multiple of 8"),
        ("/script/1/offset", json!(4096), "/script/1/offset: 4096 is above the most, 4088"),
        ("/script/1/offset", json!(-8), "/script/1/offset: -8 is below the least, 0"),
        ("/script/10/writes", json!(1.5), "/script/10/writes: 1.5 is above the most, 1"),
        ("/script/10/cpus", json!(3), "/script/10/cpus: 3 is more than the machine has, 2"),
        ("/script/9/cpu", json!(2), "/script/9/cpu: 2 is past the machine's last CPU, 1"),
        (
            "/machine/pte_locks/region",
            json!(48),
            "is none of 1, 2, 4, 8, 16, 32, 64, 128, 256, 512",
        ),
        ("/machine/trim/low", json!(17), "/machine/trim/low: 17 is above `high`, 16"),
        (
            "/machine/trim/high",
            json!(65),
            "/machine/trim/high: 65 is more than the machine's 64 frames",
        ),
        ("/script/10/pages", json!([5, 5]), "/script/10/pages: [5, 5] has no pages"),
        ("/script/10/pages", json!([5]), "/script/10/pages: a list of 1 is not a list of 2"),
        (
            "/script/14/pattern/phases/0/pages",
            json!([9, 3]),
            "/script/14/pattern/phases/0/pages: [9, 3] has no pages",
        ),
        ("/script/14/pattern/phases", json!([]), "a list of 0 is not a list of 1 to 1024"),
        (
            "/script/12/pattern/stride",
            json!(0),
            "/script/12/pattern/stride: 0 is below the least, 1",
        ),
        ("/script/19/at_least", json!(10), "/script/19/at_least: 10 is above `at_most`, 9"),
        ("/runtime/costs/disk_read", json!(1e30), "is above the most, 1000000000000"),
        ("/runtime/costs/disk_channels", json!(0), "0 is below the least, 1"),
        ("/script/0/pages", json!(0), "/script/0/pages: 0 is below the least, 1"),
        ("/script/24/at_least", json!(-1), "/script/24/at_least: -1 is below the least, 0"),
        ("/script/26/at_least", json!(10), "/script/26/at_least: 10 is above `at_most`, 9"),
        (
            "/script/27/same_frame_as/page",
            json!(-1),
            "/script/27/same_frame_as/page: -1 is below the least, 0",
        ),
        ("/script/28/pages", json!(1.5), "/script/28/pages: 1.5 is not an integer"),
        ("/script/32/times", json!(0), "/script/32/times: 0 is below the least, 1"),
        (
            "/script/32/script",
            json!([]),
            "/script/32/script: a list of 0 is not a list of at least 1",
        ),
        (
            "/script/21/may_fail",
            json!([]),
            "/script/21/may_fail: a list of 0 is not a list of at least 1",
        ),
    ];
    for (pointer, value, expected) in cases {
        let found = refuse(pointer, value.clone());
        assert!(found.contains(expected) && found.starts_with(pointer), "{found}\n{expected}");
    }
}

#[test]
fn r5_an_unknown_key_is_refused_with_those_there_are() {
    let found = refuse("/machine/frame", json!(64));
    assert!(found.starts_with("/machine/frame: \"frame\" is no key here; there are "), "{found}");
    assert!(found.contains("frames") && found.contains("write_batch"), "{found}");
    for pointer in [
        "/name",
        "/machine/trim/middle",
        "/runtime/speed",
        "/runtime/costs/teleport",
        "/script/0/name",
        "/script/4/offset",
        "/script/10/pattern/zapf",
        "/script/14/pattern/phases/0/seed",
        "/script/15/scripts/0/0/vpn",
        "/script/16/process",
        "/script/18/page",
        "/script/20/deep",
        "/script/22/process",
        "/script/24/since",
        "/script/25/since",
        "/script/27/counter",
        "/script/27/same_frame_as/offset",
        "/script/28/shared",
        "/script/31/page",
        "/script/32/scripts",
        "/script/32/script/1/script",
        "/script/33/scripts/0/0/turns",
    ] {
        let found = refuse(pointer, json!(1));
        assert!(
            found.starts_with(&format!("{pointer}: ")) && found.contains("no key here"),
            "{found}"
        );
    }
    let found =
        read(&json!({"faultline": 1, "runtime": {"kind": "threads", "seed": 1}})).unwrap_err();
    assert_eq!(found.to_string(), "/runtime/seed: \"seed\" is no key here; there are kind");
}

#[test]
fn r5_a_wrong_type_is_refused_with_the_right_one() {
    let cases: &[(&str, Value, &str)] = &[
        (
            "/machine/frames",
            json!("many"),
            "/machine/frames: \"many\" is not an integer from 8 to 1048576",
        ),
        ("/machine/frames", json!(8.5), "/machine/frames: 8.5 is not an integer from 8 to 1048576"),
        (
            "/machine/frames",
            json!(null),
            "/machine/frames: null is not an integer from 8 to 1048576",
        ),
        ("/machine/zeroer", json!(1), "/machine/zeroer: 1 is not true or false"),
        ("/machine/policy", json!("klock"), "/machine/policy: \"klock\" is not one of \"fifo\", "),
        ("/machine", json!([]), "/machine: a list is not an object"),
        ("/script", json!({}), "/script: an object is not a list"),
        ("/script/3", json!(4), "/script/3: 4 is not an object with the key \"op\""),
        ("/script/3/op", json!("raed"), "/script/3/op: \"raed\" is none of spawn, write, "),
        ("/script/3/expect", json!(null), "/script/3/expect: null is not an integer"),
        (
            "/script/6/fails",
            json!("broken"),
            "/script/6/fails: \"broken\" is not one of \"not-running\", ",
        ),
        ("/script/0/as", json!(""), "/script/0/as: the text is empty"),
        (
            "/script/0/as",
            json!("x".repeat(65)),
            "/script/0/as: a text of 65 characters is longer than 64",
        ),
        (
            "/script/10/pattern",
            json!({"zipf": 1, "stride": 2}),
            "/script/10/pattern: an object of 2 keys is not one of",
        ),
        ("/script/10/pattern", json!({}), "/script/10/pattern: an object of 0 keys is not one of"),
        (
            "/runtime",
            json!({"kind": "real"}),
            "/runtime/kind: \"real\" is none of virtual, threads",
        ),
        (
            "/runtime",
            json!({"seed": 1}),
            "/runtime/kind: is missing; it is one of virtual, threads",
        ),
        (
            "/script/17",
            json!({"op": "expect", "process": "a", "page": 1}),
            "/script/17: needs at least one of pte, shared",
        ),
        (
            "/script/18",
            json!({"op": "expect", "counter": "copies"}),
            "/script/18: needs at least one of equals, ",
        ),
        (
            "/script/18/counter",
            json!("copied"),
            "/script/18/counter: \"copied\" is not one of \"accesses\", ",
        ),
        (
            "/script/21/may_fail",
            json!("not-running"),
            "/script/21/may_fail: \"not-running\" is not a list of at least 1",
        ),
        (
            "/script/21/may_fail/1",
            json!("broken"),
            "/script/21/may_fail/1: \"broken\" is not one of \"not-running\", ",
        ),
        (
            "/script/24/frames",
            json!("used"),
            "/script/24/frames: \"used\" is not one of \"free\", ",
        ),
        (
            "/script/25/list",
            json!("writing"),
            "/script/25/list: \"writing\" is not one of \"free\", ",
        ),
        ("/script/26/slots", json!("all"), "/script/26/slots: \"all\" is not one of \"free\", "),
        ("/script/27/dirty", json!(1), "/script/27/dirty: 1 is not true or false"),
        ("/script/27/same_frame_as", json!(3), "/script/27/same_frame_as: 3 is not an object"),
        ("/script/28/parent", json!(3), "/script/28/parent: 3 is not a text of 1 to 64 characters"),
        ("/script/28/parent", json!(""), "/script/28/parent: the text is empty"),
        (
            "/script/28/state",
            json!("dead"),
            "/script/28/state: \"dead\" is not one of \"running\", ",
        ),
        (
            "/script/28",
            json!({"op": "expect", "process": "a", "state": null}),
            "/script/28/state: null is not one of ",
        ),
        (
            "/script/24",
            json!({"op": "expect", "frames": "free"}),
            "/script/24: needs at least one of equals, at_least, at_most",
        ),
        ("/script/22/as", json!(""), "/script/22/as: the text is empty"),
        ("/script/31/process", json!(null), "/script/31/process: null is not a text"),
    ];
    for (pointer, value, expected) in cases {
        let found = refuse(pointer, value.clone());
        assert!(found.starts_with(expected), "{found}\n{expected}");
    }
}

#[test]
fn r5_a_missing_key_is_named() {
    assert_eq!(
        without("/script/0/pages"),
        "/script/0/pages: is missing; it is an integer from 1 to 262144"
    );
    assert_eq!(
        without("/script/10/pattern").split(';').next(),
        Some("/script/10/pattern: is missing")
    );
    assert!(without("/script/5/op").starts_with("/script/5/op: is missing; it is one of spawn, "));
}

#[test]
fn r5_the_version_comes_first() {
    let error = parse(r#"{"faultline": 2, "universe": {}}"#).unwrap_err();
    assert_eq!(error.to_string(), "/faultline: format 2 is newer than this engine's, 1");
    assert_eq!(error.path, "/faultline");
    assert_eq!(
        parse("{}").unwrap_err().to_string(),
        "/faultline: is missing; it is the version of the format, 1"
    );
    assert!(
        parse(r#"{"faultline": 0}"#).unwrap_err().to_string().starts_with("/faultline: 0 is below")
    );
    assert!(
        parse(r#"{"faultline": "1"}"#)
            .unwrap_err()
            .to_string()
            .starts_with("/faultline: \"1\" is not")
    );
    assert_eq!(
        parse("[]").unwrap_err().to_string(),
        "a list is not a scenario, which is an object"
    );
}

#[test]
fn r5_broken_text_tells_where() {
    let whole = everything().to_string();
    let error = parse(&whole[..whole.len() / 2]).unwrap_err();
    assert!(error.to_string().starts_with("line 1, column "), "{error}");
    assert!(error.to_string().contains("ends too early"), "{error}");
    assert!(parse("").unwrap_err().to_string().contains("line 1, column 0"));
    assert!(parse(&"[".repeat(1 << 20)).unwrap_err().to_string().contains("recursion limit"));
    assert!(
        parse(r#"{"faultline": 1, "faultline": 1}"#).unwrap_err().to_string().contains("twice")
    );
}

#[test]
fn r5_together_does_not_nest() {
    let inner = json!({"op": "together", "scripts": []});
    let found = refuse("/script/15/scripts", json!([[inner]]));
    assert!(
        found.starts_with("/script/15/scripts/0/0/op: \"together\" is none of spawn, "),
        "{found}"
    );
}

#[test]
fn r5_an_op_fails_or_may_fail() {
    let both = refuse("/script/21/fails", json!("read-only"));
    assert_eq!(
        both,
        "/script/21/may_fail: stands beside `fails`: an op has to fail or may fail, not both"
    );
}

#[test]
fn r5_threads_have_fewer_cpus() {
    let mut document = everything();
    document["machine"]["cpus"] = json!(65);
    assert!(read(&document).is_ok());
    document["runtime"] = json!({"kind": "threads"});
    assert_eq!(
        read(&document).unwrap_err().to_string(),
        "/machine/cpus: 65 is above the most on threads, 64"
    );
}

#[test]
fn r5_a_cpu_out_of_range_may_be_what_the_op_expects() {
    let mut document = everything();
    document["script"][9] =
        json!({"op": "switch", "cpu": 9, "process": "init", "fails": "out-of-range"});
    assert!(read(&document).is_ok());
}

#[test]
fn r5_a_whole_number_may_be_written_as_a_fraction() {
    let scenario =
        parse(r#"{"faultline": 1.0, "machine": {"frames": 1e3, "slots": -0.0}}"#).unwrap();
    assert_eq!((scenario.machine.frames, scenario.machine.slots), (1000, 0));
}

#[test]
fn r5_a_huge_script_is_read() {
    let mut document = everything();
    let op = document["script"][1].clone();
    document["script"] = Value::Array(vec![op; 100_000]);
    assert_eq!(read(&document).unwrap().script.len(), 100_000);
}

#[test]
fn r5_one_op_is_read_for_a_running_machine() {
    let machine = Scenario::default().machine;
    let op = parse_op(r#"{"op": "kill", "process": "a"}"#, &machine).unwrap();
    assert_eq!(op.action.name(), "kill");
    let error = parse_op(r#"{"op": "write", "process": "a", "page": 0, "value": -1}"#, &machine)
        .unwrap_err();
    assert_eq!(error.to_string(), "/value: -1 is below the least, 0");
    let error = parse_op(r#"{"op": "kill"}"#, &machine).unwrap_err();
    assert!(error.to_string().starts_with("/process: is missing"), "{error}");
}

/// The op's own reader, without the rules before it, refuses unknown keys too.
#[test]
fn r5_ops_refuse_unknown_keys_by_themselves() {
    assert!(serde_json::from_str::<Op>(r#"{"op": "audit"}"#).is_ok());
    for text in
        [r#"{"op": "audit", "x": 1}"#, r#"{"op": "adit"}"#, r#"{"fails": "read-only"}"#, "[]"]
    {
        assert!(serde_json::from_str::<Op>(text).is_err(), "{text}");
    }
}

/// Every place in a document.
fn pointers(value: &Value, at: &str, all: &mut Vec<String>) {
    all.push(at.into());
    match value {
        Value::Object(map) => {
            map.iter().for_each(|(key, value)| pointers(value, &format!("{at}/{key}"), all))
        }
        Value::Array(list) => {
            list.iter()
                .enumerate()
                .for_each(|(index, value)| pointers(value, &format!("{at}/{index}"), all));
        }
        _ => {}
    }
}

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        (-3_i64..600).prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "[a-z~/\u{0}\u{e9}]{0,70}".prop_map(Value::from),
        prop_oneof![Just("lru"), Just("op"), Just("uniform"), Just("together"), Just("init")]
            .prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 8, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::btree_map("(op|pages|stride|zipf|phases|[a-z]{0,5})", inner, 0..3)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// No document makes the reader panic; what it refuses, it explains; what it accepts, it can
    /// write and read again.
    #[test]
    fn r5_mutated_documents_never_panic(
        edits in prop::collection::vec((any::<prop::sample::Index>(), any_value()), 1..4),
        cut in any::<prop::sample::Index>(),
        flip in any::<u8>(),
    ) {
        let mut document = everything();
        for (place, value) in edits {
            let mut all = Vec::new();
            pointers(&document, "", &mut all);
            *document.pointer_mut(place.get::<String>(&all)).unwrap() = value;
        }
        match read(&document) {
            Ok(scenario) => {
                let text = serde_json::to_string(&scenario).unwrap();
                prop_assert_eq!(parse(&text).unwrap(), scenario);
            }
            Err(error) => {
                prop_assert!(!error.message.is_empty() && !error.legal.is_empty() && !error.found.is_empty());
                prop_assert_ne!(error.legal, "what the schema says", "the rules let a document through: {}", error.message);
            }
        }
        let mut bytes = document.to_string().into_bytes();
        let at = cut.index(bytes.len());
        bytes[at] = flip;
        let _ = parse(&String::from_utf8_lossy(&bytes));
        let _ = parse(&String::from_utf8_lossy(&bytes[..at]));
    }
}

#[test]
fn r3_a_schedule_is_read_and_its_mistakes_are_named() {
    let with = |schedule: &str| {
        let runtime = format!(r#"{{"kind": "virtual", "schedule": {schedule}}}"#);
        parse(&format!(r#"{{"faultline": 1, "runtime": {runtime}}}"#))
    };
    let scenario = with("[[3, 0], [9, 4]]").unwrap();
    let RuntimeOptions::Virtual { schedule, .. } = &scenario.runtime else { panic!() };
    assert_eq!(*schedule, Some(vec![[3, 0], [9, 4]]));
    let refused = |schedule: &str| with(schedule).unwrap_err().to_string();
    assert_eq!(refused("[[3, 5]]"), "/runtime/schedule/0/1: 5 is nobody on a machine with 2 CPUs");
    assert_eq!(
        refused("[[3, 0], [3, 1]]"),
        "/runtime/schedule/1/0: 3 does not come after the step before it"
    );
    assert_eq!(refused("[[-1, 0]]"), "/runtime/schedule/0/0: -1 is below the least, 0");
    assert_eq!(refused("[[1]]"), "/runtime/schedule/0: a list of 1 is not a list of 2");
    assert_eq!(refused("[1]"), "/runtime/schedule/0: 1 is not a list of 2");
}

/// A build for threads alone reads what it cannot run.
#[test]
fn r5_a_build_that_does_not_know_cache_lines_refuses_them_by_name() {
    let runtime = r#"{"kind": "virtual", "coherence": true}"#;
    let scenario = parse(&format!(r#"{{"faultline": 1, "runtime": {runtime}}}"#)).unwrap();
    let opened = Session::open(&scenario, Traces::default());
    if cfg!(feature = "coherence") {
        assert!(opened.is_ok());
    } else {
        let problem = opened.unwrap_err().to_string();
        assert!(problem.starts_with("/runtime/coherence: "), "{problem}");
        assert!(problem.contains("the feature coherence"), "{problem}");
    }
}
