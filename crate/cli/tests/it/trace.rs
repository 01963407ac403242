//! Tests `faultline trace`, and traces of others that a scenario names: the real binary, in a folder of its own.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use faultline::scenario::{Reference, Report, parse_trace};
use faultline_traces::{Options, format_named, read};
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{root, text};

/// What lackey says of a program of three pages, one of which it writes, and a line that is the program's own.
const LACKEY: &str = "==7== Lackey, an example Valgrind tool\nI  00401000,3\n L 00403ffc,8\nHello\n S 00403ff8,4\n==7== \n";

fn command(folder: &TempDir, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_faultline"));
    command.args(arguments).current_dir(folder.path()).stdin(Stdio::null());
    command
}

fn call(folder: &TempDir, arguments: &[&str]) -> Output {
    command(folder, arguments).output().unwrap()
}

/// What a call that goes well prints, and what it says beside.
fn well(folder: &TempDir, arguments: &[&str]) -> (String, String) {
    let output = call(folder, arguments);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {output:?}");
    (text(&output.stdout), text(&output.stderr))
}

/// What a call is refused with: one line, and nothing is printed.
fn refused(folder: &TempDir, arguments: &[&str]) -> String {
    let output = call(folder, arguments);
    assert_eq!(output.status.code(), Some(2), "{arguments:?}: {output:?}");
    assert_eq!(text(&output.stdout), "");
    let message = text(&output.stderr);
    assert_eq!(message.lines().count(), 1, "{message}");
    message
}

fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        fs::write(folder.path().join(name), bytes).unwrap();
    }
    folder
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// The lines of a converted trace that are references.
fn references(converted: &str) -> Vec<&str> {
    converted.lines().filter(|line| !line.starts_with('#')).collect()
}

/// The samples of the reader's tests.
fn samples() -> Vec<PathBuf> {
    let folder = root().join("crate/traces/tests/it/samples");
    let samples: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(samples.len() > 10);
    samples
}

#[test]
fn r5_a_trace_of_each_format_is_converted_and_is_the_same_again() {
    let folder = folder(&[]);
    for sample in samples() {
        let sample = sample.to_str().unwrap();
        let (info, _) = well(&folder, &["trace", "info", sample, "--json"]);
        let info: Value = serde_json::from_str(&info).unwrap();
        for out in ["out.trace", "out.gz"] {
            let (printed, said) = well(&folder, &["trace", "convert", sample, out]);
            assert_eq!(printed, "");
            let count = &info["references"];
            assert!(said.starts_with(&format!("{count} references to ")), "{said}");
            let (again, _) = well(&folder, &["trace", "info", out, "--json"]);
            let again: Value = serde_json::from_str(&again).unwrap();
            assert_eq!(again["format"], "faultline");
            assert_eq!(again["packing"].is_null(), out == "out.trace");
            for key in ["references", "writes", "pages", "ranges", "page_size", "highest_page"] {
                assert_eq!(again[key], info[key], "{sample}: {key}");
            }
        }
        let mut unpacked = String::new();
        let file = File::open(folder.path().join("out.gz")).unwrap();
        GzDecoder::new(file).read_to_string(&mut unpacked).unwrap();
        let (printed, _) = well(&folder, &["trace", "convert", sample]);
        assert_eq!(printed, unpacked, "{sample}: as on standard output");
    }
}

#[test]
fn r5_what_is_in_a_trace_is_told() {
    let folder = folder(&[("mine.gz", &packed(LACKEY.as_bytes()))]);
    let (told, said) = well(&folder, &["trace", "info", "mine.gz"]);
    let size = fs::metadata(folder.path().join("mine.gz")).unwrap().len();
    let expected = format!(
        "format      lackey: valgrind --tool=lackey --trace-mem=yes, packed with gzip\n\
         bytes       {size} , {} unpacked, in 6 lines\n\
         references  4: 3 read, 1 write\n\
         fetches     1 of instructions, kept as reads\n\
         crossing    1 across the end of a page\n\
         pages       3 of 4096 bytes, 1 written\n\
         passed over 1 lines that are none of the format\n\
         ranges      0x401000-0x404fff text, 3 pages, 1 written\n",
        LACKEY.len()
    );
    assert_eq!(told, expected.replace(" ,", ","));
    assert!(
        said.starts_with("mine.gz: line 4: \"Hello\" is no access; legal: I, L, S or M"),
        "{said}"
    );
}

#[test]
fn r5_what_is_kept_of_a_trace_is_chosen() {
    let folder = folder(&[("mine", LACKEY.as_bytes())]);
    let converted = |options: &[&str]| {
        let (printed, _) = well(&folder, &[&["trace", "convert", "mine"], options].concat());
        references(&printed).join(" ")
    };
    assert_eq!(converted(&[]), "0 1 2 1w");
    assert_eq!(converted(&["--no-fetches"]), "0 1 0w");
    assert_eq!(converted(&["--page-size", "65536"]), "0 0 0w");
    assert_eq!(converted(&["--page-size", "65536", "--merge"]), "0w");
    let piped = command(&folder, &["trace", "convert", "-"])
        .stdin(File::open(folder.path().join("mine")).unwrap())
        .output()
        .unwrap();
    assert_eq!(references(&text(&piped.stdout)).join(" "), "0 1 2 1w");
}

#[test]
fn r5_a_wrong_call_or_trace_is_refused_in_one_line() {
    let folder = folder(&[
        ("mine", LACKEY.as_bytes()),
        ("noise", &[0, 159, 146, 150].repeat(100)),
        ("words", b"once upon a time\n"),
        ("empty", b""),
    ]);
    for (arguments, expected) in [
        (&["info", "no-such-file"][..], "no-such-file: No such file"),
        (&["info", "."], ".: Is a directory"),
        (
            &["info", "noise"],
            "noise: begins with bytes that are no text, no trace of a known format; legal: ",
        ),
        (
            &["info", "words"],
            "words: line 1: \"once upon a time\", no trace of a known format; legal: ",
        ),
        (&["info", "empty"], "empty: the trace has no reference; legal: at least one"),
        (
            &["info", "mine", "--bad-lines", "0"],
            "mine: line 4: \"Hello\" is no access; legal: I, L, S or M",
        ),
        (&["info", "mine", "--max-pages", "2"], "mine: touches more than 2 pages; legal: "),
        (&["info", "mine", "--max-bytes", "50"], "mine: has more than 50 bytes, unpacked; legal: "),
        (&["info", "mine", "--max-references", "1"], "mine: has more than 1 references; legal: "),
        (&["info", "mine", "--format", "pinatrace"], "mine: the trace has no reference; line 1: "),
        (&["convert", "mine", "no/such/folder/out"], "OUT no/such/folder/out: No such file"),
        (&["convert", "mine", "mine"], "OUT mine: is the trace itself; legal: "),
    ] {
        let message = refused(&folder, &[&["trace"], arguments].concat());
        assert!(message.starts_with(expected), "{message}\n{expected}");
    }
    for (arguments, expected) in [
        (
            &["info", "mine", "--page-size", "4097"][..],
            "expected a power of two from 1 to 1073741824",
        ),
        (&["info", "mine", "--format", "dinero"], "possible values: faultline, lackey"),
        (&["record"], "required arguments"),
        (&["walk"], "unrecognized subcommand"),
    ] {
        let output = call(&folder, &[&["trace"], arguments].concat());
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        assert!(text(&output.stderr).contains(expected), "{output:?}");
    }
}

#[test]
fn r5_a_conversion_that_fails_leaves_the_old_file() {
    let folder = folder(&[("mine", LACKEY.as_bytes()), ("out.gz", b"as it was")]);
    refused(&folder, &["trace", "convert", "mine", "out.gz", "--bad-lines", "0"]);
    assert_eq!(fs::read(folder.path().join("out.gz")).unwrap(), b"as it was");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
}

#[test]
fn r5_a_conversion_that_is_interrupted_leaves_the_old_file() {
    let folder = folder(&[("out", b"as it was")]);
    let mut child = command(&folder, &["trace", "convert", "-", "out"])
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    // Once it has taken more than a pipe holds, it is at work.
    input.write_all(&b"0\n".repeat(1 << 20)).unwrap();
    let pid = child.id().to_string();
    assert!(Command::new("kill").args(["-s", "INT", &pid]).status().unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(130));
    drop(input);
    assert_eq!(fs::read(folder.path().join("out")).unwrap(), b"as it was");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn r5_a_reader_that_has_gone_is_no_error() {
    let folder = folder(&[("mine", &b"0\n".repeat(1 << 20))]);
    let mut child = command(&folder, &["trace", "convert", "mine"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert_eq!(line, "# from mine\n");
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
}

#[test]
fn r5_a_trace_that_is_cut_says_so() {
    let end = LACKEY.find("8,4").unwrap();
    let lines: String = (0..9000).map(|line| format!(" L {:x},8\n", line * 7919)).collect();
    let packed = packed(lines.as_bytes());
    let folder =
        folder(&[("cut", &LACKEY.as_bytes()[..end]), ("cut.gz", &packed[..packed.len() / 2])]);
    let (printed, said) = well(&folder, &["trace", "convert", "cut"]);
    assert_eq!(references(&printed).join(" "), "0 1 2");
    let expected = "cut: its last line is not whole: it is cut, and was read up to line 4\n";
    assert!(said.contains(expected), "{said}");
    let (told, said) = well(&folder, &["trace", "info", "cut.gz", "--json"]);
    let told: Value = serde_json::from_str(&told).unwrap();
    assert_eq!(told["cut"]["packing"], "gzip");
    assert!(said.contains("cut.gz: the gzip data ends too early: it is cut"), "{said}");
}

#[test]
fn r5_the_engine_reads_the_projects_own_text_alike() {
    let written: String = (0..300_u32)
        .map(|line| format!("{}{}\n", line * 7 % 50, ["", "w"][line as usize % 2]))
        .collect();
    for text in ["# made by hand\n0\n1w\n\n  2 \r\n0w", "7w\n", "262143\n0", &written] {
        let mut found = Vec::new();
        let take = &mut |run: &[faultline_traces::Reference]| {
            found
                .extend(run.iter().map(|found| Reference { page: found.page, write: found.write }));
        };
        let options = Options { format: format_named("faultline"), ..Options::default() };
        read(text.as_bytes(), options, take).unwrap();
        assert_eq!(parse_trace(text).unwrap(), found, "{text}");
    }
}

/// A scenario that replays the trace `mine` beside it in a process of eight pages.
fn scenario() -> Vec<u8> {
    let script = json!([
        {"op": "spawn", "as": "a", "pages": 8},
        {"op": "run", "process": "a", "pattern": {"trace": "mine"}}
    ]);
    json!({"faultline": 1, "script": script}).to_string().into_bytes()
}

#[test]
fn r5_a_scenario_names_a_trace_of_any_format() {
    for sample in samples() {
        let bytes = fs::read(&sample).unwrap();
        for (name, bytes) in [("mine.trace", bytes.clone()), ("mine.gz", packed(&bytes))] {
            let folder = folder(&[("s.json", &scenario()), (name, &bytes)]);
            let (told, _) = well(&folder, &["trace", "info", name, "--json"]);
            let told: Value = serde_json::from_str(&told).unwrap();
            let (report, _) = well(&folder, &["run", "s.json", "--json"]);
            let report: Report = serde_json::from_str(&report).unwrap();
            assert_eq!(told["references"], report.counters.accesses, "{}", sample.display());
        }
    }
    let folder = folder(&[("s.json", &scenario()), ("mine.trace", LACKEY.as_bytes())]);
    let message = refused(&folder, &["run", "s.json"]);
    assert!(
        message.starts_with("mine.trace: line 4: \"Hello\" is no access; legal: "),
        "{message}"
    );
    fs::write(folder.path().join("mine.trace"), "0\n262144\n").unwrap();
    let message = refused(&folder, &["run", "s.json"]);
    let expected = "mine.trace: page 262144 is past the last page that a process can have; legal: ";
    assert!(message.starts_with(expected), "{message}");
}

#[cfg(target_os = "linux")]
#[test]
fn r5_a_program_is_recorded_where_valgrind_is() {
    let folder = folder(&[]);
    let missing = command(&folder, &["trace", "record", "--", "true"])
        .env("PATH", folder.path())
        .output()
        .unwrap();
    assert_eq!(missing.status.code(), Some(2), "{missing:?}");
    let message = text(&missing.stderr);
    assert!(message.starts_with("valgrind is not installed; legal: "), "{message}");
    assert!(message.contains("apt-get install valgrind"), "{message}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    if Command::new("valgrind").arg("--version").output().is_err() {
        return;
    }
    let script = "read line; echo \"$line\"; exit 3";
    let mut child = command(&folder, &["trace", "record", "--", "/bin/sh", "-c", script])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // The program keeps its input, its output and its status.
    child.stdin.take().unwrap().write_all(b"hello\n").unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(text(&output.stdout), "hello\n");
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let said = text(&output.stderr);
    assert!(said.contains("sh.gz: has the trace") && said.contains("exit status: 3"), "{said}");
    let (told, _) = well(&folder, &["trace", "info", "sh.gz", "--json"]);
    let told: Value = serde_json::from_str(&told).unwrap();
    assert!(told["references"].as_u64().unwrap() > 100_000, "{told}");
    assert!(told["pages"].as_u64().unwrap() > 50, "{told}");
    // Its system calls tell what is where.
    let ranges = told["ranges"].as_array().unwrap();
    assert!(ranges.iter().any(|range| range["kind"] == "heap"), "{told}");
    assert!(
        ranges.iter().any(|range| range["name"].as_str().is_some_and(|name| name.contains("/lib")))
    );
    // A program of which too much is touched is not waited for.
    let endless = ["trace", "record", "--max-pages", "20", "--out", "none.gz", "--"];
    let message =
        refused(&folder, &[&endless[..], &["/bin/sh", "-c", "while :; do :; done"]].concat());
    assert!(message.starts_with("valgrind: touches more than 20 pages; legal: "), "{message}");
    // A program that is not there has no trace, and leaves no file.
    let output = call(&folder, &["trace", "record", "--out", "none.gz", "--", "no-such-program"]);
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert!(!Path::new(&folder.path().join("none.gz")).exists());
}
