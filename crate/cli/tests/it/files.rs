//! Tests the files that the command reads and writes, as people and scripts name them: each case with the real
//! binary, in a folder of its own.

use std::fs::{self, File};
use std::io::{BufWriter, Read, Write};
use std::os::unix::fs::{FileTypeExt, MetadataExt, PermissionsExt, symlink};
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::text;

/// A scenario that replays the trace `mine` beside it.
const SCENARIO: &str = r#"{"faultline": 1, "script": [
    {"op": "spawn", "as": "a", "pages": 256},
    {"op": "run", "process": "a", "pattern": {"trace": "mine"}}]}"#;
/// A scenario without a trace.
const SMALL: &str = r#"{"faultline": 1, "script": [{"op": "spawn", "as": "a", "pages": 4}]}"#;
const TRACE: &str = "0\n1w\n2\n";

/// A folder with files, in which the command runs.
struct Place(TempDir);

impl Place {
    fn new(files: &[(&str, &str)]) -> Self {
        let place = Self(tempfile::tempdir().unwrap());
        for (name, text) in files {
            fs::write(place.path(name), text).unwrap();
        }
        place
    }

    /// The scenario `s.json` and its trace.
    fn with_trace() -> Self {
        Self::new(&[("s.json", SCENARIO), ("mine.trace", TRACE)])
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn text(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.0.path()).unwrap();
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_faultline"));
        command.args(arguments).current_dir(self.0.path()).stdin(Stdio::null());
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    fn faultline(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// The call is refused in one line that begins and goes on so, and no file is another than before.
    fn refuses(&self, command: &mut Command, begin: &str, reason: &str) {
        let all = || -> Vec<_> {
            let kept = |name: &String| self.path(name).is_file();
            let names = self.names().into_iter().filter(kept);
            names.map(|name| (fs::read(self.path(&name)).unwrap(), name)).collect()
        };
        let before = all();
        let output = command.output().unwrap();
        let found = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{command:?} {found}");
        assert!(found.starts_with(begin), "{command:?}: {begin}: {found}");
        assert!(found.contains(reason), "{command:?}: {reason}: {found}");
        assert!(found.contains("; legal: "), "{found}");
        assert_eq!(found.lines().count(), 1, "{found}");
        assert!(all() == before, "{command:?} changed a file");
    }
}

fn timeline(bytes: &[u8]) -> Vec<Value> {
    let timeline: Value = serde_json::from_slice(bytes).unwrap();
    timeline["traceEvents"].as_array().unwrap().clone()
}

/// The calls that write a file, but for its name, and what they read.
const WRITERS: [&[&str]; 3] = [
    &["run", "s.json", "--chrome-trace"],
    &["run", "s.json", "--swap-file"],
    &["scale", "s.json", "--cpus", "1", "--rounds", "0", "--svg"],
];

#[test]
fn r5_what_a_command_reads_it_does_not_write() {
    let place = Place::with_trace();
    fs::create_dir(place.path("sub")).unwrap();
    for (input, what) in
        [("s.json", "is the scenario itself"), ("mine.trace", "the trace \"mine\"")]
    {
        let other = |kind: &str| format!("{kind}-{input}");
        fs::hard_link(place.path(input), place.path(&other("hard"))).unwrap();
        symlink(input, place.path(&other("soft"))).unwrap();
        let whole = place.path(input).to_str().unwrap().to_owned();
        for call in WRITERS {
            let option = call.last().unwrap();
            for out in [
                input.to_owned(),
                format!("./sub/../{input}"),
                whole.clone(),
                other("hard"),
                other("soft"),
            ] {
                let mut command = place.command(&[call, &[&out]].concat());
                place.refuses(&mut command, &format!("{option} {out}: "), what);
            }
        }
    }
    // Another folder's file of the same name is another file.
    for call in WRITERS {
        let output = place.faultline(&[call, &["sub/s.json"]].concat());
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        fs::remove_file(place.path("sub/s.json")).unwrap();
    }
}

#[test]
fn r5_a_packed_trace_that_is_read_is_not_written() {
    let place = Place::new(&[("s.json", SCENARIO)]);
    let mut packed =
        GzEncoder::new(File::create(place.path("mine.gz")).unwrap(), Compression::fast());
    packed.write_all(TRACE.as_bytes()).unwrap();
    packed.finish().unwrap();
    for call in WRITERS {
        let mut command = place.command(&[call, &["mine.gz"]].concat());
        place.refuses(&mut command, call.last().unwrap(), "is the trace \"mine\" that");
    }
}

#[test]
fn r5_standard_input_is_a_file_that_is_read() {
    let place = Place::with_trace();
    for call in WRITERS {
        for file in ["-", "/dev/stdin"] {
            let mut arguments = [call, &["s.json"]].concat();
            arguments[1] = file;
            // Traces are looked for beside a file that has a name.
            if file == "/dev/stdin" {
                fs::write(place.path("s.json"), SMALL).unwrap();
            }
            let mut command = place.command(&arguments);
            command.stdin(File::open(place.path("s.json")).unwrap());
            place.refuses(&mut command, call.last().unwrap(), "is the scenario itself");
            fs::write(place.path("s.json"), SCENARIO).unwrap();
        }
        // What is not read may be written.
        let mut command = place.command(&[call, &["out"]].concat());
        command.stdin(File::create(place.path("out")).unwrap());
        let output = command.output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        fs::remove_file(place.path("out")).unwrap();
    }
}

#[test]
fn r5_two_outputs_are_two_files() {
    let place = Place::with_trace();
    fs::write(place.path("old"), "").unwrap();
    fs::hard_link(place.path("old"), place.path("hard")).unwrap();
    symlink("old", place.path("soft")).unwrap();
    for (one, other) in
        [("old", "old"), ("old", "hard"), ("hard", "soft"), ("new", "new"), ("new", "./new")]
    {
        for (call, first, second) in [
            (&["run", "s.json"][..], "--chrome-trace", "--swap-file"),
            (&["calibrate", "--rounds", "1"], "--write", "--swap-file"),
        ] {
            let mut command = place.command(&[call, &[first, one, second, other]].concat());
            let reason = format!("is the file of {first} too");
            place.refuses(&mut command, &format!("{second} {other}: "), &reason);
        }
    }
    assert_eq!(place.names(), ["hard", "mine.trace", "old", "s.json", "soft"]);
}

#[test]
fn r5_standard_output_is_a_file_that_is_written() {
    let place = Place::with_trace();
    for call in WRITERS {
        let option = call.last().unwrap();
        for out in ["report", "/dev/stdout"] {
            let mut command = place.command(&[call, &[out]].concat());
            command.stdout(File::create(place.path("report")).unwrap());
            place.refuses(&mut command, &format!("{option} {out}: "), "is standard output");
        }
        let mut command = place.command(&[call, &["errors"]].concat());
        command.stderr(File::create(place.path("errors")).unwrap());
        assert_eq!(command.output().unwrap().status.code(), Some(2));
        let errors = place.text("errors");
        assert!(errors.contains("is standard error"), "{errors}");
    }
}

/// A run that ends when it is killed.
struct Endless(Child);

impl Endless {
    /// Many faults, with the options.
    fn start(place: &Place, options: &[&str]) -> Self {
        let scenario = json!({"faultline": 1, "machine": {"frames": 64, "slots": 400}, "script": [
            {"op": "spawn", "as": "a", "pages": 300},
            {"op": "run", "process": "a", "pattern": "uniform", "writes": 0.5,
             "accesses": 1_000_000_000_000_u64}]});
        fs::write(place.path("endless.json"), scenario.to_string()).unwrap();
        Self(place.command(&[&["run", "endless.json"], options].concat()).spawn().unwrap())
    }

    /// Waits until the run has come so far.
    fn until(&mut self, has_come: impl Fn() -> bool) {
        while !has_come() {
            if let Some(status) = self.0.try_wait().unwrap() {
                let mut message = String::new();
                self.0.stderr.take().unwrap().read_to_string(&mut message).unwrap();
                panic!("it ended with {status}: {message}");
            }
            std::thread::yield_now();
        }
    }
}

impl Drop for Endless {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn r5_a_file_that_another_run_swaps_to_is_not_written() {
    let place = Place::with_trace();
    let mut other = Endless::start(&place, &["--swap-file", "swap"]);
    let swap = place.path("swap");
    // As long as all its slots: opened, locked and begun.
    other.until(|| fs::metadata(&swap).is_ok_and(|swap| swap.len() == 401 * 4096));
    fs::hard_link(&swap, place.path("hard")).unwrap();
    let inode = fs::metadata(&swap).unwrap().ino();
    let calibrate = |option| ["calibrate", "--rounds", "1", option];
    let calls =
        [WRITERS[0], WRITERS[1], WRITERS[2], &calibrate("--write"), &calibrate("--swap-file")];
    for call in calls {
        let option = call.last().unwrap();
        for out in ["swap", "hard"] {
            let output = place.faultline(&[call, &[out]].concat());
            assert_eq!(output.status.code(), Some(2), "{output:?}");
            let found = text(&output.stderr);
            assert!(found.starts_with(&format!("{option} {out}: another ")), "{found}");
            assert!(found.contains("swaps to it"), "{found}");
        }
    }
    let now = fs::metadata(&swap).unwrap();
    assert_eq!((now.ino(), now.len()), (inode, 401 * 4096));
    drop(other);
    // A swap file of a run that is over is taken again.
    let again = place.faultline(&["run", "s.json", "--swap-file", "swap"]);
    assert_eq!(again.status.code(), Some(0), "{again:?}");
}

#[test]
fn r5_a_file_that_a_run_is_about_to_replace_is_not_swapped_to() {
    let place = Place::with_trace();
    fs::write(place.path("out"), "").unwrap();
    let mut other = Endless::start(&place, &["--chrome-trace", "out"]);
    other.until(|| drafts(&place).iter().any(|length| *length > 0));
    let mut command = place.command(&["run", "s.json", "--swap-file", "out"]);
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert!(text(&output.stderr).contains("it is about to be replaced"), "{output:?}");
    assert_eq!(place.text("out"), "");
}

/// The lengths of the files that runs have not put in their place.
fn drafts(place: &Place) -> Vec<u64> {
    let names = place.names().into_iter().filter(|name| name.ends_with(".part"));
    // It may be in its place by now.
    names.filter_map(|name| Some(fs::metadata(place.path(&name)).ok()?.len())).collect()
}

#[test]
fn r5_what_is_no_swap_is_not_swapped_to() {
    let place = Place::with_trace();
    for precious in ["x", "Faultline swap", &"a whole thesis\n".repeat(10_000)] {
        fs::write(place.path("precious"), precious).unwrap();
        for call in [&["run", "s.json", "--swap-file"][..], &["calibrate", "--swap-file"]] {
            let mut command = place.command(&[call, &["precious"]].concat());
            let reason = "holds something else than swap";
            place.refuses(&mut command, "--swap-file precious: ", reason);
        }
    }
    fs::write(place.path("empty"), "").unwrap();
    let output = place.faultline(&["run", "s.json", "--swap-file", "empty"]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
}

#[test]
fn r5_a_file_is_replaced_whole() {
    for call in [WRITERS[0], WRITERS[2], &["calibrate", "--rounds", "1", "--write"]] {
        let place = Place::with_trace();
        fs::write(place.path("old"), "as it was").unwrap();
        fs::set_permissions(place.path("old"), fs::Permissions::from_mode(0o640)).unwrap();
        fs::hard_link(place.path("old"), place.path("copy")).unwrap();
        symlink("old", place.path("link")).unwrap();
        for out in ["link", "new"] {
            let output = place.faultline(&[call, &[out]].concat());
            assert_eq!(output.status.code(), Some(0), "{output:?}");
        }
        assert_eq!(place.text("copy"), "as it was");
        assert!(fs::symlink_metadata(place.path("link")).unwrap().is_symlink());
        assert!(place.text("old").len() > 100);
        assert!(place.text("new").len() > 100);
        let mode = |name| fs::metadata(place.path(name)).unwrap().mode() & 0o777;
        // What the system gives every new file.
        fs::write(place.path("plain"), "").unwrap();
        assert_eq!((mode("old"), mode("new")), (0o640, mode("plain")));
        assert_eq!(place.names(), ["copy", "link", "mine.trace", "new", "old", "plain", "s.json"]);
    }
}

/// The system lets the command write 4 KiB to any file.
#[test]
fn r5_a_run_that_fails_leaves_the_old_file() {
    let place = Place::with_trace();
    let trace: String = (0..2000).map(|page| format!("{}w\n", page % 200)).collect();
    fs::write(place.path("mine.trace"), trace).unwrap();
    for call in [WRITERS[0], WRITERS[2]] {
        for out in ["old", "new"] {
            fs::write(place.path("old"), "as it was").unwrap();
            let script = "trap '' XFSZ; ulimit -f 8; exec \"$@\"";
            let mut command = Command::new("sh");
            command.args(["-c", script, "sh", env!("CARGO_BIN_EXE_faultline")]).args(call).arg(out);
            let output = command.current_dir(place.0.path()).output().unwrap();
            assert_eq!(output.status.code(), Some(2), "{output:?}");
            let (option, found) = (call.last().unwrap(), text(&output.stderr));
            assert!(found.starts_with(&format!("{option} {out}: File too large")), "{found}");
            assert_eq!(place.text("old"), "as it was");
            assert_eq!(place.names(), ["mine.trace", "old", "s.json"]);
        }
    }
}

#[test]
fn w4_a_run_that_is_interrupted_leaves_a_timeline_that_opens() {
    for (signal, runtime) in
        [("INT", "virtual"), ("INT", "threads"), ("TERM", "virtual"), ("HUP", "threads")]
    {
        let place = Place::new(&[("out", "as it was")]);
        let options = ["--runtime", runtime, "--chrome-trace", "out"];
        let mut run = Endless::start(&place, &options);
        run.until(|| drafts(&place).iter().any(|length| *length > 100_000));
        assert_eq!(place.text("out"), "as it was");
        let pid = run.0.id().to_string();
        assert!(Command::new("kill").args(["-s", signal, &pid]).status().unwrap().success());
        let status = run.0.wait().unwrap();
        assert_eq!(status.code(), Some(130), "{signal} {runtime}");
        let mut message = String::new();
        run.0.stderr.take().unwrap().read_to_string(&mut message).unwrap();
        assert_eq!(message, "interrupted: --chrome-trace out: has the run as far as it came\n");
        let events = timeline(&fs::read(place.path("out")).unwrap());
        assert!(events.len() > 100, "{}", events.len());
        // What has begun has ended.
        let count = |phase: &str| events.iter().filter(|event| event["ph"] == phase).count();
        assert!(count("B") > 10);
        assert_eq!(count("B"), count("E"));
        assert_eq!(place.names(), ["endless.json", "out"]);
    }
}

#[test]
fn r5_a_trace_that_unpacks_to_too_much_is_refused() {
    let place = Place::new(&[("s.json", SCENARIO)]);
    // One byte more than 64 MiB.
    let pack = |line: &[u8]| {
        let packed = File::create(place.path("mine.gz")).unwrap();
        let mut packed = GzEncoder::new(BufWriter::new(packed), Compression::best());
        let lines = line.repeat((1 << 20) / line.len());
        (0..64).for_each(|_| packed.write_all(&lines).unwrap());
        packed.write_all(b"\n").unwrap();
        packed.finish().unwrap();
        assert!(fs::metadata(place.path("mine.gz")).unwrap().len() < 200_000);
    };
    let calls = [&["run", "s.json"][..], &["why", "s.json", "--frame", "1"]];
    pack(b"0\n");
    let reason = "has more than 67108864 bytes of text; legal: a trace of at most so many";
    for call in calls {
        place.refuses(&mut place.command(call), "mine.gz: ", reason);
    }
    // What is no trace is not unpacked to its end.
    pack(b"\n");
    for call in calls {
        let reason = "the first 65536 bytes have nothing but comments";
        place.refuses(&mut place.command(call), "mine.gz: ", reason);
    }
    fs::remove_file(place.path("mine.gz")).unwrap();
    File::create(place.path("mine.trace")).unwrap().set_len(1 << 30).unwrap();
    let output = place.faultline(&["run", "s.json"]);
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    let reason = "begins with bytes that are no text";
    assert!(text(&output.stderr).contains(reason), "{output:?}");
}

#[test]
fn r5_a_trace_is_a_regular_file() {
    let place = Place::new(&[("s.json", SCENARIO)]);
    let made = Command::new("mkfifo").arg(place.path("fifo")).status().unwrap();
    assert!(made.success());
    for (what, reason) in [
        ("fifo", "is a fifo; legal: a regular file"),
        ("/dev/zero", "is a character device; legal: a regular file"),
        (".", "is a folder; legal: a regular file"),
    ] {
        for name in ["mine.trace", "mine.gz"] {
            symlink(what, place.path(name)).unwrap();
            for call in WRITERS {
                let mut command = place.command(&call[..call.len() - 1]);
                place.refuses(&mut command, &format!("{name}: "), reason);
            }
            fs::remove_file(place.path(name)).unwrap();
        }
    }
}

#[test]
fn r5_what_cannot_be_replaced_is_not_written() {
    let place = Place::with_trace();
    fs::create_dir(place.path("sub")).unwrap();
    symlink("nothing", place.path("dangling")).unwrap();
    for call in [WRITERS[0], WRITERS[2]] {
        let option = call.last().unwrap();
        for (out, reason) in [
            ("sub", "is a folder"),
            (".", "is a folder"),
            ("dangling", "is a symbolic link to nothing"),
        ] {
            let mut command = place.command(&[call, &[out]].concat());
            place.refuses(&mut command, &format!("{option} {out}: "), reason);
        }
    }
    assert_eq!(place.names(), ["dangling", "mine.trace", "s.json", "sub"]);
}

#[test]
fn w4_a_timeline_goes_to_a_fifo_or_a_device_as_it_comes() {
    let place = Place::with_trace();
    let made = Command::new("mkfifo").arg(place.path("fifo")).status().unwrap();
    assert!(made.success());
    let run = place.command(&["run", "s.json", "--chrome-trace", "fifo"]).spawn().unwrap();
    assert!(timeline(&fs::read(place.path("fifo")).unwrap()).len() > 10);
    let output = run.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let output = place.faultline(&["run", "s.json", "--chrome-trace", "/dev/null"]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(fs::metadata("/dev/null").unwrap().file_type().is_char_device());
}
