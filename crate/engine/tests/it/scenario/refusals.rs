//! Tests how the reader refuses a document (R5): where, what it found there, and what is legal.

use faultline::scenario::{RuntimeOptions, Session, Traces, parse};
use serde_json::{Value, json};

use super::documents::{everything, read, refuse, without};

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
