//! Tests the command as people and scripts call it: the real binary, its output and its exit status.

use std::io::Write;
use std::process::{Child, Command, Output, Stdio};

use faultline::scenario::Report;
use serde_json::{Value, json};

use crate::support::{root, text};

pub(crate) fn start(arguments: &[&str], input: &str) -> Child {
    let mut child = Command::new(env!("CARGO_BIN_EXE_faultline"))
        .args(arguments)
        .current_dir(root())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // The command may end before it has read all.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child
}

pub(crate) fn faultline(arguments: &[&str], input: &str) -> Output {
    start(arguments, input).wait_with_output().unwrap()
}

/// The message with which a scenario is refused: status 2 and nothing on standard output.
fn refused(scenario: &str) -> String {
    let output = faultline(&["run", "-", "--json"], scenario);
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert_eq!(text(&output.stdout), "");
    text(&output.stderr).trim_end().to_owned()
}

pub(crate) fn report(arguments: &[&str], input: &str, status: i32) -> Report {
    let output = faultline(arguments, input);
    assert_eq!(output.status.code(), Some(status), "{output:?}");
    assert_eq!(text(&output.stdout).lines().count(), 1);
    serde_json::from_slice(&output.stdout).unwrap()
}

pub(crate) fn with_script(script: &Value) -> String {
    json!({"faultline": 1, "script": script}).to_string()
}

#[test]
fn r5_bad_input_ends_with_status_2_and_its_path() {
    let write = |page: Value, value: Value| {
        with_script(&json!([{"op": "spawn", "as": "a", "pages": 8},
            {"op": "write", "process": "a", "page": page, "value": value}]))
    };
    for (scenario, expected) in [
        (
            json!({"faultline": 1, "machine": {"frame": 64}}).to_string(),
            "/machine/frame: \"frame\" is no key here; there are ",
        ),
        (
            json!({"faultline": 1, "machine": {"frames": 3}}).to_string(),
            "/machine/frames: 3 is below the smallest machine, 8",
        ),
        (write(json!(-1), json!(1)), "/script/1/page: -1 is below the least, 0"),
        (
            write(json!(0), json!(9_007_199_254_740_992_u64)),
            "/script/1/value: 9007199254740992 is above the most, 9007199254740991",
        ),
        (write(json!(0), json!(1))[..60].to_owned(), "line 1, column 60: the text ends too early"),
        (
            json!({"faultline": 99}).to_string(),
            "/faultline: format 99 is newer than this engine's, 1",
        ),
        (String::new(), "line 1, column 0: the text ends too early"),
    ] {
        let found = refused(&scenario);
        assert!(found.starts_with(expected), "{found}\n{expected}");
        assert_eq!(found.lines().count(), 1, "{found}");
    }
}

#[test]
fn r5_a_wrong_call_ends_with_status_2() {
    let good = with_script(&json!([]));
    for (arguments, expected) in [
        (&["run", "no-such-file.json"][..], "no-such-file.json: No such file"),
        (
            &["run", "-", "--chrome-trace", "no/such/folder/out.json"],
            "--chrome-trace no/such/folder/out.json: No such file",
        ),
        (&["why", "-", "--frame", "64"], "--frame: found 64, this machine has 0 to 63"),
        (&["why", "-", "--slot", "0"], "--slot: found 0, this machine has 1 to 256"),
        (&["why", "-", "--page", "init"], "found \"init\", expected NAME:N, as in init:3"),
        (&["why", "-", "--page", "init:3"], "no process of the script is named \"init\""),
        (&["why", "-"], "required arguments were not provided"),
        (&["run", "-", "--runtime", "fibres"], "invalid value 'fibres'"),
        (&["run", "-", "--cpus", "0"], "0 is not in 1..=128"),
        (
            &["run", "-", "--cpus", "65", "--runtime", "threads"],
            "/machine/cpus: 65 is above the most on threads, 64",
        ),
        (
            &["run", "-", "--seed", "9007199254740992"],
            "9007199254740992 is not in 0..=9007199254740991",
        ),
        (&["run", "-", "--set", "slots=3"], "expected /PLACE=VALUE"),
        (&["run", "-", "--set", "/script/0=1"], "/script/0: no such entry, there are 0"),
        (&["run", "-", "--set", "/machine/slots=-1"], "/machine/slots: -1 is below the least, 0"),
        (&["run"], "required arguments"),
        (&["walk"], "unrecognized subcommand"),
    ] {
        let output = faultline(arguments, &good);
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        assert!(text(&output.stderr).contains(expected), "{expected}: {}", text(&output.stderr));
    }
    let run = json!([{"op": "run", "process": "a", "pattern": {"trace": "none"}}]);
    let found = refused(&with_script(&run));
    assert!(
        found.starts_with(
            "/script/0/pattern/trace: \"none\" is no trace: there are compiler, query,"
        ),
        "{found}"
    );
}

#[test]
fn r5_the_schema_is_printed() {
    let output = faultline(&["schema"], "");
    assert_eq!(output.status.code(), Some(0));
    let schema: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(schema["title"], "Scenario");
}

#[test]
fn r5_what_does_not_hold_ends_with_status_1() {
    let script = json!([
        {"op": "spawn", "as": "a", "pages": 8},
        {"op": "read", "process": "a", "page": 0, "expect": 7},
        {"op": "kill", "process": "b"},
        {"op": "write", "process": "a", "page": 1, "value": 1, "fails": "read-only"}
    ]);
    let report = report(&["run", "-", "--json"], &with_script(&script), 1);
    assert!(!report.ok);
    let places: Vec<&str> = report.failures.iter().map(|failure| failure.at.as_str()).collect();
    assert_eq!(places, ["/script/1", "/script/2", "/script/3"]);
    assert_eq!(
        (report.failures[0].expected.as_str(), report.failures[0].found.as_str()),
        ("7", "0")
    );
}

/// What a newcomer types: the smallest machine, its defaults, and a textbook's number of faults.
#[test]
fn p17_a_textbooks_string_is_told_what_stands_between_and_runs_on_a_textbooks_machine() {
    let scenario = json!({
        "faultline": 1,
        "machine": {"frames": 8, "policy": "lru"},
        "script": [
            {"op": "spawn", "as": "p", "pages": 8},
            {"op": "run", "process": "p", "pattern": {"pages": [7, 0, 1, 2, 0, 3, 0, 4, 2, 3, 0, 3, 2, 1, 2, 0, 1, 7, 0, 1]}},
            {"op": "expect", "counter": "faults", "equals": 12}
        ]
    })
    .to_string();
    let naive = faultline(&["run", "-"], &scenario);
    assert_eq!(naive.status.code(), Some(1), "{naive:?}");
    let lines = text(&naive.stdout);
    let note = lines.lines().find(|line| line.contains("a textbook counts")).unwrap();
    for said in
        ["reads = allocate", "eviction = synchronous", "5 of the 8 frames are left for data"]
    {
        assert!(note.contains(said), "{note}");
    }
    let report = report(&["run", "-", "--json", "--textbook", "3"], &scenario, 0);
    assert_eq!((report.counters.faults, report.notes), (12, Vec::<String>::new()));
}

/// Tanenbaum's problem on aging: the accessed bits of four pages at eight ticks, after which page 2 goes. All that is said
/// is that the policy is aging.
#[test]
fn p17_a_textbooks_problem_on_aging_is_told_that_the_book_says_when_the_clock_ticks() {
    let bits = ["0111", "1011", "1010", "1101", "0010", "1010", "1100", "0001"];
    let mut pages: Vec<usize> = (0..4).collect();
    for row in bits {
        let used: Vec<usize> = (0..4).filter(|page| row.as_bytes()[*page] == b'1').collect();
        pages.extend((0..4).map(|at| used[at % used.len()]));
    }
    pages.push(4);
    let scenario = json!({
        "faultline": 1,
        "machine": {"policy": "aging"},
        "script": [
            {"op": "spawn", "as": "p", "pages": 5},
            {"op": "run", "process": "p", "pattern": {"pages": pages}},
            {"op": "expect", "process": "p", "page": 2, "pte": "zero"},
            {"op": "expect", "process": "p", "page": 0, "pte": "valid"}
        ]
    })
    .to_string();
    let note = "a textbook counts the faults of another machine: the clock ticks after a number of faults that suits \
                the frames, 1, and the book says after how many references, N (clock_tick = {\"unit\": \
                \"references\", \"every\": N})";
    let naive = report(&["run", "-", "--json", "--textbook", "4"], &scenario, 1);
    assert_eq!(naive.notes, [note]);
    let tick = "/machine/clock_tick={\"unit\": \"references\", \"every\": 4}";
    let told = report(&["run", "-", "--json", "--textbook", "4", "--set", tick], &scenario, 0);
    assert_eq!(told.notes, Vec::<String>::new());
}

#[test]
fn p17_a_policy_that_looks_ahead_is_told_where_it_is() {
    let with =
        |policy: &str| refused(&json!({"faultline": 1, "machine": {"policy": policy}}).to_string());
    let opt = with("opt");
    assert!(opt.starts_with("/machine/policy: \"opt\" is not one of "), "{opt}");
    assert!(opt.contains("; `faultline replay --policies opt` has it"), "{opt}");
    assert!(!with("optimal").contains("replay"));
}

#[test]
fn r5_an_op_that_fails_as_it_should_is_fine() {
    let script = json!([
        {"op": "spawn", "as": "a", "pages": 8},
        {"op": "spawn", "as": "a", "pages": 8, "fails": "name-taken"},
        {"op": "sleep", "process": "a"},
        {"op": "write", "process": "a", "page": 0, "value": 1, "fails": "not-running"},
        {"op": "wake", "process": "a"},
        {"op": "write", "process": "a", "page": 8, "value": 1, "fails": "out-of-range"},
        {"op": "kill", "process": "a"},
        {"op": "read", "process": "a", "page": 0, "fails": "not-running"},
        {"op": "read", "process": "b", "page": 0, "fails": "no-such-process"}
    ]);
    for runtime in ["virtual", "threads"] {
        assert!(report(&["run", "-", "--json", "--runtime", runtime], &with_script(&script), 0).ok);
    }
}

#[test]
fn r2_the_same_seed_gives_the_same_run() {
    let run = |seed| {
        report(
            &[
                "run",
                "scenarios/notes-machine.json",
                "--json",
                "--runtime",
                "virtual",
                "--seed",
                seed,
            ],
            "",
            0,
        )
    };
    let (one, again, other) = (run("1"), run("1"), run("2"));
    assert_eq!(one, again);
    assert!(one.trace_hash.is_some());
    assert_ne!(one.trace_hash, other.trace_hash);
    assert_eq!(one.state_hash, other.state_hash);
}

#[test]
fn r1_threads_and_virtual_cpus_leave_the_same_bytes() {
    let folder = root().join("scenarios");
    let shipped = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
    let names: Vec<_> = shipped.filter_map(|name| name.into_string().ok()).collect();
    for name in names.iter().filter(|name| name.ends_with(".json")) {
        let file = format!("scenarios/{name}");
        let run = |runtime| report(&["run", &file, "--json", "--runtime", runtime], "", 0);
        let (threads, virtual_cpus) = (run("threads"), run("virtual"));
        assert_eq!(threads.state_hash, virtual_cpus.state_hash, "{name}");
        assert_eq!(threads.trace_hash, None);
    }
}

#[test]
fn r5_a_setting_changes_one_value() {
    let run = |settings: &[&str]| {
        let arguments = ["run", "scenarios/ladder/base.json", "--json"];
        report(&[&arguments[..], settings].concat(), "", 0).counters
    };
    let (bitmap, scan) = (run(&[]), run(&["--set", "/machine/slot_finder=scan"]));
    assert!(scan.slots_examined > 5 * bitmap.slots_examined, "{scan:?}");
    let short = run(&["--set", "/script/1/accesses=100", "--set", "/script/1/writes=1"]);
    assert_eq!((short.accesses, short.demand_zero), (100, short.faults));
}

/// A document's own words reached the terminal as they were, and could clear it or rewrite what it said.
#[test]
fn r5_control_characters_of_a_document_never_reach_the_terminal() {
    let name = "a\u{1b}[2J\u{9b}1m\u{7}\n\u{202e}";
    let spawn = json!({"op": "spawn", "as": name, "pages": 8});
    let write = json!({"op": "write", "process": name, "page": 9, "value": 1});
    let documents = [
        json!({"faultline": 1, (name): 1}),
        json!({"faultline": 1, "machine": {"policy": name}}),
        json!({"faultline": 1, "title": name, "script": [spawn, write]}),
        json!({"faultline": 1, "title": name, "script": [spawn, {"op": "run", "process": name, "pattern": {"trace": name}}]}),
        json!({"faultline": 1, "title": name, "script": [spawn, {"op": "expect", "process": name, "parent": name}]}),
        json!({"faultline": 1, "title": name, "script": [spawn, {"op": "mark", "as": name},
            {"op": "expect", "counter": "faults", "since": name, "equals": 7}]}),
    ];
    let page = format!("{name}:0");
    let traced = ["why", "-", "--page", &page];
    for document in documents {
        for arguments in [
            &["run", "-"][..],
            &["run", "-", "--json"],
            &traced,
            &["scale", "-", "--cpus", "1", "--rounds", "0"],
        ] {
            let output = faultline(arguments, &document.to_string());
            for said in [text(&output.stdout), text(&output.stderr)] {
                let raw = |character: char| {
                    character != '\n' && (character.is_control() || character == '\u{202e}')
                };
                assert!(!said.contains(raw), "{arguments:?} {said:?}");
                assert!(!said.lines().any(|line| line.starts_with("\\u202e")), "{said}");
            }
        }
    }
}

#[test]
fn r5_a_setting_is_refused_as_the_reader_refuses() {
    let scenario = json!({"faultline": 1}).to_string();
    for (setting, expected) in [
        ("/machine={\"frames\": 8, \"frames\": 64}", "stands twice in one object"),
        ("/machine/frames=7", "/machine/frames: 7 is below the smallest machine, 8"),
        ("/machine/frame=64", "/machine/frame: \"frame\" is no key here"),
        ("/script=[{\"op\": \"settle\"}", "the text ends too early"),
    ] {
        let output = faultline(&["run", "-", "--set", setting], &scenario);
        assert_eq!(output.status.code(), Some(2), "{setting}");
        let said = text(&output.stderr);
        assert!(said.contains(expected), "{said}");
    }
}

#[test]
fn r5_the_report_is_text_without_json() {
    let output = faultline(&["run", "scenarios/fork-write.json"], "");
    assert_eq!(output.status.code(), Some(0));
    let found = text(&output.stdout);
    assert!(found.starts_with("all held"), "{found}");
    let copies = found.lines().find(|line| line.starts_with("copies")).unwrap();
    assert!(copies.ends_with(" 1"), "{copies}");
    assert_eq!(text(&output.stderr), "", "no progress where nobody looks");
}

#[test]
fn p17_a_real_program_pages() {
    let report = report(&["run", "scenarios/real-program.json", "--json"], "", 0);
    assert!(report.counters.hard > 0 && report.counters.swap_writes > 0, "{:?}", report.counters);
}

#[test]
fn w4_a_run_is_written_as_a_timeline_and_told_in_sentences() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out.json");
    let script = json!([
        {"op": "spawn", "as": "init", "pages": 4},
        {"op": "write", "process": "init", "page": 3, "value": 1},
        {"op": "expect", "counter": "faults", "equals": 7}
    ]);
    let scenario = with_script(&script);
    for runtime in ["virtual", "threads"] {
        let out = path.to_str().unwrap();
        let run = faultline(&["run", "-", "--runtime", runtime, "--chrome-trace", out], &scenario);
        assert_eq!(run.status.code(), Some(1), "the expectation fails, the file is whole");
        let timeline: serde_json::Value =
            serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        let events = timeline["traceEvents"].as_array().unwrap();
        assert!(events.iter().any(|event| event["name"] == "fault: write page 3 of init"));
    }
    let why =
        faultline(&["why", "-", "--page", "init:3"], &with_script(&json!([script[0], script[1]])));
    let text = String::from_utf8(why.stdout).unwrap();
    assert!(text.contains("wrote page 3 of init for the first time"), "{text}");
}

#[cfg(not(feature = "teaching"))]
#[test]
fn r3_a_build_without_the_explorer_says_how_to_get_it() {
    let output = faultline(&["explore", "scenarios/explore/two-faults-one-page.json"], "");
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(text(&output.stdout), "");
    let message = text(&output.stderr);
    assert!(
        message.contains("--features teaching") && message.contains("npm run --silent explore")
    );
}
