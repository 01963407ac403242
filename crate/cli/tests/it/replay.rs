//! Tests `faultline replay` as people and scripts call it.

use std::fs;
use std::io::Write;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

use crate::support::{faultline, root, text};

/// Silberschatz, Galvin and Gagne, "Operating System Concepts", the string of its chapter on paging.
const SILBERSCHATZ: &str = "7 0 1 2 0 3 0 4 2 3 0 3 2 1 2 0 1 7 0 1";

/// What the command prints.
fn output(arguments: &[&str]) -> String {
    let output = faultline(&[&["replay"], arguments].concat());
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    text(&output.stdout)
}

/// The message with which a call is refused.
fn refused(arguments: &[&str]) -> String {
    let output = faultline(&[&["replay"], arguments].concat());
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert_eq!(text(&output.stdout), "");
    text(&output.stderr)
}

/// What becomes of a call that reads `input` from a pipe.
fn fed(arguments: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_faultline"))
        .arg("replay")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    child.wait_with_output().unwrap()
}

fn json_of(arguments: &[&str]) -> Value {
    serde_json::from_str(&output(&[arguments, &["--json"]].concat())).unwrap()
}

#[test]
fn p17_a_string_of_the_call_faults_as_often_as_in_the_book() {
    let found = json_of(&["--pages", SILBERSCHATZ, "--frames", "3", "--policies", "fifo,lru,opt"]);
    let point = |misses: u64, ratio: f64| {
        let evictions = misses - 3;
        json!([{"frames": 3, "misses": misses, "evictions": evictions, "miss_ratio": ratio}])
    };
    let curves = json!([
        {"policy": "fifo", "points": point(15, 0.75)},
        {"policy": "lru", "points": point(12, 0.6)},
        {"policy": "opt", "points": point(9, 0.45)},
    ]);
    let expected = json!({"trace": "--pages", "references": 20, "pages": 6, "curves": curves});
    assert_eq!(found, expected);
    // Belady's anomaly, in all sizes that there are.
    let call = ["--pages", "1,2,3,4,1,2,5,1,2,3,4,5", "--policies", "fifo", "--csv"];
    let lines: Vec<String> = output(&call).lines().map(String::from).collect();
    assert_eq!(lines[0], "policy,frames,misses,evictions,miss_ratio");
    assert_eq!(lines[3..5], ["fifo,3,9,6,0.75", "fifo,4,10,6,0.8333333333333334"]);
}

#[test]
fn p17_steps_are_the_table_of_the_book() {
    let call = ["--pages", SILBERSCHATZ, "--frames", "3", "--policies", "fifo", "--steps"];
    let table = "\
fifo, 3 frames: 15 faults of 20 references
reference  7 0 1 2 0 3 0 4 2 3 0 3 2 1 2 0 1 7 0 1
frame 0    7 7 7 2 2 2 2 4 4 4 0 0 0 0 0 0 0 7 7 7
frame 1      0 0 0 0 3 3 3 2 2 2 2 2 1 1 1 1 1 0 0
frame 2        1 1 1 1 0 0 0 3 3 3 3 3 2 2 2 2 2 1
fault      F F F F   F F F F F F     F F     F F F
victim           7   0 1 2 3 0 4     2 3     0 1 2
";
    assert_eq!(output(&call), table);
    let found = json_of(&["--pages", "1 2w 3", "--frames", "2", "--policies", "lru", "--steps"]);
    let last = json!({"page": 3, "write": false, "fault": true, "victim": 1, "frames": [3, 2]});
    assert_eq!(found[0]["steps"][2], last);
    assert_eq!(found[0]["steps"][1]["write"], true);
}

/// Frames are free at first, and then each fault evicts.
#[test]
fn s6_evictions_are_the_faults_that_found_no_free_frame() {
    let policies = "fifo,lru,clock,clock:bits=2,sieve,s3-fifo,arc,2q,lirs,lfu,random,aging,wsclock,generations,opt";
    let call = ["--pages", SILBERSCHATZ, "--policies", policies, "--sizes"];
    let counted = json_of(&[&call[..], &["1-7:2,4"]].concat());
    let curves = counted["curves"].as_array().unwrap();
    assert_eq!(curves.len(), 15);
    for (at, size) in ["1", "3", "4", "5", "7"].iter().enumerate() {
        let steps = json_of(&[&call[..], &[size, "--steps"]].concat());
        for (curve, steps) in curves.iter().zip(steps.as_array().unwrap()) {
            let steps = steps["steps"].as_array().unwrap();
            let count =
                |what: &dyn Fn(&Value) -> bool| steps.iter().filter(|step| what(step)).count();
            let (misses, evictions) =
                (count(&|step| step["fault"] == true), count(&|step| !step["victim"].is_null()));
            let point = &curve["points"][at];
            assert_eq!(
                (&point["misses"], &point["evictions"]),
                (&json!(misses), &json!(evictions)),
                "{curve} in {size}"
            );
        }
    }
}

#[test]
fn s6_a_trace_is_read_from_a_file_packed_or_not_from_standard_input_and_by_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let call = |trace: &str| {
        json_of(&[trace, "--frames", "1..4,100", "--policies", "clock,arc"])["curves"].clone()
    };
    let shipped = call("sort");
    assert_eq!(shipped[0]["points"].as_array().unwrap().len(), 5);
    assert_eq!(call("traces/sort.gz"), shipped);
    let mut plain = String::new();
    let packed = fs::File::open(root().join("traces/sort.gz")).unwrap();
    std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(packed), &mut plain).unwrap();
    let file = folder.path().join("sort.txt");
    fs::write(&file, &plain).unwrap();
    assert_eq!(call(file.to_str().unwrap()), shipped);

    let arguments = ["-", "--frames", "1..4,100", "--policies", "clock,arc", "--json"];
    let read = fed(&arguments, plain.as_bytes());
    let found: Value = serde_json::from_slice(&read.stdout).unwrap();
    assert_eq!(found["curves"], shipped);
}

/// A trace as valgrind, Pin or libCacheSim wrote it gives what its conversion gives, from a file and from a pipe.
#[test]
fn s6_a_trace_of_another_tool_is_replayed_as_its_conversion_is() {
    let folder = tempfile::tempdir().unwrap();
    let samples = root().join("crate/traces/tests/it/samples");
    for name in ["lackey.txt", "pinatrace.txt", "drmemtrace.txt", "oracle-general.bin"] {
        let trace = samples.join(name).to_str().unwrap().to_owned();
        let converted = folder.path().join(format!("{name}.trace")).to_str().unwrap().to_owned();
        let conversion = faultline(&["trace", "convert", &trace, &converted]);
        assert_eq!(conversion.status.code(), Some(0), "{conversion:?}");
        let counted = |trace: &str| {
            let mut found = json_of(&[trace, "--frames", "1,2,3", "--policies", "lru,opt"]);
            found.as_object_mut().unwrap().remove("trace");
            found
        };
        assert_eq!(counted(&trace), counted(&converted), "{name}");
        let bytes = fs::read(&trace).unwrap();
        let piped = fed(&["-", "--frames", "1,2,3", "--policies", "lru,opt", "--json"], &bytes);
        let mut found: Value = serde_json::from_slice(&piped.stdout).unwrap();
        found.as_object_mut().unwrap().remove("trace");
        assert_eq!(found, counted(&converted), "{name}");
        let format = name.split('.').next().unwrap();
        let said = text(&piped.stderr).to_lowercase().replace("oraclegeneral", "oracle-general");
        assert!(said.contains(&format!("standard input: is read as {format}")), "{said}");
    }
}

#[test]
fn s6_a_sample_says_its_bounds_and_the_faults_are_within_them() {
    let call = ["perl", "--policies", "lru,clock", "--frames", "50,200,400"];
    let exact = json_of(&call);
    let found = json_of(&[&call[..], &["--sample", "0.3"]].concat());
    let sample = &found["sample"];
    assert!(sample["pages"].as_u64().unwrap() < 649 / 2, "{sample}");
    assert_eq!((&found["references"], &found["pages"]), (&exact["references"], &exact["pages"]));
    for curve in 0..2 {
        for point in 0..3 {
            let estimate = &found["curves"][curve]["points"][point];
            let faults = exact["curves"][curve]["points"][point]["misses"].as_u64().unwrap();
            let bound = |name: &str| estimate[name].as_u64().unwrap();
            assert!((bound("least")..=bound("most")).contains(&faults), "{faults} in {estimate}");
        }
    }
    assert!(
        output(&[&call[..], &["--sample", "0.3"]].concat())
            .contains("within three standard deviations")
    );
    let none = refused(&["--pages", "1 2", "--sample", "0.0001"]);
    assert_eq!(
        none,
        "--sample 0.0001: none of the 2 pages of --pages is in the sample; legal: a higher rate\n"
    );
}

#[test]
fn s6_a_drawing_has_a_line_and_a_name_for_each_policy() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("curves.svg");
    let path = file.to_str().unwrap();
    output(&["sort", "--svg", path]);
    let drawing = fs::read_to_string(&file).unwrap();
    assert_eq!(drawing.matches("<polyline").count(), 7);
    for name in ["fifo", "lru", "clock", "sieve", "s3-fifo", "arc", "opt"] {
        assert!(drawing.contains(&format!(">{name}</text>")), "{name}");
    }
    assert_eq!(drawing.matches("<polygon").count(), 0);
    output(&["sort", "--svg", path, "--sample", "0.5", "--policies", "lru", "--frames", "10,20"]);
    assert_eq!(fs::read_to_string(&file).unwrap().matches("<polygon").count(), 1);
    let trace = folder.path().join("trace");
    fs::write(&trace, "1\n2\n").unwrap();
    let trace = trace.to_str().unwrap();
    assert!(refused(&[trace, "--svg", trace]).contains("is the trace itself"));
    assert_eq!(fs::read_to_string(trace).unwrap(), "1\n2\n");
}

#[test]
fn r5_a_wrong_replay_says_what_was_found_and_what_is_legal() {
    let cases: [(&[&str], &str); 11] = [
        (&["sort", "--policies", "mru"], "\"mru\" is no policy; legal: fifo, lru, clock"),
        (
            &["sort", "--policies", "clock:bits=9"],
            "clock: bits is \"9\"; legal: a number from 1 to 8",
        ),
        (&["sort", "--frames", "0"], "legal: a number of frames from 1 to"),
        (&["sort", "--sample", "1.5"], "legal: a number above 0 and at most 1"),
        (&["sort", "--steps"], "--steps: the trace has 143891 references; legal: at most 1000"),
        (
            &["--pages", "1", "--frames", "65", "--steps"],
            "--steps: there are 65 frames; legal: --frames of at most 64",
        ),
        (
            &["--pages", "1 x"],
            "--pages: reference 2: \"x\" is no reference; legal: a page number, with a w after it",
        ),
        (&["--pages", "4294967295"], "is past the last page that has a number, 4294967294; legal:"),
        (&["--pages", ""], "--pages: the trace has no reference; legal: at least one"),
        (&["no-such-trace"], "legal: a file, compiler, query,"),
        (&[], "<TRACE>"),
    ];
    for (arguments, expected) in cases {
        let message = refused(arguments);
        assert!(message.contains(expected), "{arguments:?}: {message}");
    }
    let limits = [
        (
            "--max-references",
            "2",
            "has more than 2 references; legal: at most so many, or a higher limit of references",
        ),
        (
            "--max-pages",
            "2",
            "touches more than 2 pages; legal: at most so many, with larger pages or a higher limit of pages",
        ),
        (
            "--max-bytes",
            "5",
            "has more than 5 bytes, unpacked; legal: at most so many, or a higher limit of bytes",
        ),
    ];
    for (option, limit, expected) in limits {
        let message = text(&fed(&["-", option, limit], b"1\n2\n3\n").stderr);
        assert_eq!(message, format!("standard input: {expected}\n"));
        // One more is enough.
        let higher = (limit.parse::<u32>().unwrap() + 1).to_string();
        let read = fed(&["-", option, &higher], b"1\n2\n3\n");
        assert_eq!(read.status.code(), Some(0), "{read:?}");
    }
    for (trace, expected) in [
        (
            "1\n2w\n3x\n",
            "standard input: line 3: \"3x\" is no reference; legal: a page number, with a w after it for a write\n",
        ),
        (
            "1\n2\n3\n18446744073709551616w\n",
            "standard input: line 4: \"18446744073709551616w\" is past the last page that has a number, 4294967294; legal: a page number, with a w after it for a write\n",
        ),
        ("# nothing\n", "standard input: the trace has no reference; legal: at least one\n"),
        (
            "7 0 1 2 0 3\n",
            "standard input: line 1: \"7 0 1 2 0 3\", no trace of a known format; legal: faultline, ",
        ),
    ] {
        let read = fed(&["-"], trace.as_bytes());
        let message = text(&read.stderr);
        assert_eq!((read.status.code(), text(&read.stdout).as_str()), (Some(2), ""), "{message}");
        assert!(message.starts_with(expected), "{message}");
    }
    let help = output(&["--help"]);
    assert!(
        help.contains("generations") && help.contains("bits=a number from 1 to 8 [1]"),
        "{help}"
    );
}
