//! Tests a run that swaps to a file: what it leaves in it, what cannot be one, and a file that is cut off meanwhile.

use std::fs::{self, OpenOptions};
use std::path::Path;

use faultline::memory::SwapFile;
use faultline::scenario::Report;
use serde_json::{Value, json};

use crate::command::{faultline, report, start, with_script};
use crate::support::{root, text};

#[test]
fn r5_a_swap_file_gives_the_same_run_and_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("swap");
    let file = path.to_str().unwrap();
    for name in ["swap-storm", "real-program", "fork-write"] {
        let scenario = format!("scenarios/{name}.json");
        let run = |more: &[&str]| report(&[&["run", &scenario, "--json"], more].concat(), "", 0);
        let machine = run(&["--runtime", "virtual"]);
        // The first makes it, the others find what was left.
        assert_eq!(run(&["--runtime", "virtual", "--swap-file", file]), machine, "{name}");
        let threads = run(&["--runtime", "threads", "--swap-file", file]);
        assert_eq!(threads.state_hash, machine.state_hash, "{name}");
        let document: Value =
            serde_json::from_str(&fs::read_to_string(root().join(&scenario)).unwrap()).unwrap();
        let slots = document["machine"]["slots"].as_u64().unwrap_or(256);
        assert_eq!(fs::metadata(&path).unwrap().len(), (slots + 1) * 4096);
    }
}

#[test]
fn r5_what_cannot_be_a_swap_file_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let scenario = path("scenario.json");
    let script = with_script(&json!([]));
    fs::write(&scenario, &script).unwrap();
    let busy = SwapFile::create(Path::new(&path("busy")), 10).unwrap();
    let mut cases = vec![
        (path("."), "a folder, and no regular file"),
        (path("nowhere/swap"), "No such file or directory"),
        (path("scenario.json/swap"), "Not a directory"),
        (scenario.clone(), "is the scenario itself"),
        (path("busy"), "another machine swaps to it"),
    ];
    if cfg!(unix) {
        cases.push(("/dev/null".to_owned(), "a device, pipe or socket, and no regular file"));
    }
    fs::write(path("read-only"), "").unwrap();
    let mut permissions = fs::metadata(path("read-only")).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(path("read-only"), permissions).unwrap();
    // Root may write all the same.
    if OpenOptions::new().write(true).open(path("read-only")).is_err() {
        cases.push((path("read-only"), "Permission denied"));
    }
    for (file, expected) in cases {
        let output = faultline(&["run", &scenario, "--swap-file", &file], "");
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        let found = text(&output.stderr);
        assert!(found.starts_with(&format!("--swap-file {file}: ")), "{found}");
        assert!(found.contains(expected), "{expected}: {found}");
        assert_eq!(found.lines().count(), 1, "{found}");
    }
    assert_eq!(fs::read_to_string(&scenario).unwrap(), script);
    drop(busy);
}

/// A workload that would take for ever, on a file that is cut off again and again.
#[test]
fn g3_a_swap_file_that_is_cut_off_fails_the_run_and_hangs_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("swap");
    let machine = json!({"frames": 64, "slots": 400, "cpus": 2});
    let script = json!([
        {"op": "spawn", "as": "a", "pages": 300},
        {"op": "run", "process": "a", "cpus": 2, "pattern": "uniform", "writes": 0.5,
         "accesses": 1_000_000_000_000_u64}
    ]);
    for runtime in ["threads", "virtual"] {
        let scenario = json!({"faultline": 1, "machine": machine, "script": script}).to_string();
        let arguments =
            ["run", "-", "--json", "--runtime", runtime, "--swap-file", path.to_str().unwrap()];
        let mut child = start(&arguments, &scenario);
        while child.try_wait().unwrap().is_none() {
            if let Ok(file) = OpenOptions::new().write(true).open(&path) {
                let _ = file.set_len(0);
            }
            std::thread::yield_now();
        }
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{output:?}");
        assert_eq!(text(&output.stderr), "");
        let report: Report = serde_json::from_slice(&output.stdout).unwrap();
        let failure = &report.failures[0];
        assert_eq!((failure.at.as_str(), failure.expected.as_str()), ("/script/1", "success"));
        assert!(failure.found.starts_with("swap-failed: the swap device failed: read of slot "));
        fs::remove_file(&path).unwrap();
    }
}
