//! Tests `faultline explore`, as a person calls it.

use std::fs;

use serde_json::Value;

use crate::support::{faultline, text};

/// A scenario with two stores whose order nothing determines.
const WRONG: &str = r#"{"faultline": 1, "machine": {"frames": 10, "slots": 4, "free_lists": 1}, "script": [
    {"op": "spawn", "as": "a", "pages": 1},
    {"op": "together", "scripts": [
        [{"op": "write", "process": "a", "page": 0, "value": 1}],
        [{"op": "write", "process": "a", "page": 0, "value": 2}]]},
    {"op": "read", "process": "a", "page": 0, "expect": 1}]}"#;

#[test]
fn r3_the_command_prints_a_scenario_that_replays_what_it_found() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("wrong.json");
    let found = folder.path().join("found.json");
    fs::write(&file, WRONG).unwrap();
    let (file, found) = (file.to_str().unwrap(), found.to_str().unwrap());

    let words = faultline(&["explore", file, "--out", found]);
    assert_eq!(words.status.code(), Some(1));
    let progress = text(&words.stderr);
    assert!(
        progress.contains("to be made shorter:\n/script/2: expected 1, found 2\n"),
        "{progress}"
    );
    let words = text(&words.stdout);
    for part in [
        "failure: /script/2: expected 1, found 2",
        "The schedule: 0 preemptions, ",
        "* step ",
        "something is wrong (up to 2 preemptions)",
        "faultline run ",
    ] {
        assert!(words.contains(part), "{words}");
    }
    let again = faultline(&["run", found, "--json"]);
    assert_eq!(again.status.code(), Some(1));
    let report: Value = serde_json::from_slice(&again.stdout).unwrap();
    assert_eq!(report["failures"][0]["found"], "2");

    let random = faultline(&["explore", file, "--pct", "2", "--seed", "3", "--json"]);
    let random: Value = serde_json::from_slice(&random.stdout).unwrap();
    assert_eq!(random["ok"], false);
    assert_eq!(random["findings"][0]["kind"], "failure");
    assert_eq!(random["preemptions"], 0);
    assert!(random["scenario"]["runtime"]["schedule"].is_array());
}

#[test]
fn r3_a_search_resumes_from_its_file() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state");
    let state = state.to_str().unwrap();
    let file =
        concat!(env!("CARGO_MANIFEST_DIR"), "/../../scenarios/explore/two-faults-one-page.json");
    let search = |more: &[&str]| {
        let output = faultline(&[&["explore", file, "--json"], more].concat());
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        serde_json::from_slice::<Value>(&output.stdout).unwrap()["searched"].clone()
    };
    let whole = search(&[]);
    assert_eq!(whole["complete"], true);
    let mut schedules = 0;
    let last = loop {
        schedules += 50;
        let part = search(&["--resume", state, "--schedules", &schedules.to_string()]);
        if part["complete"] == true {
            break part;
        }
        assert_eq!(part["schedules"], schedules);
    };
    for key in ["schedules", "ends", "states", "steps"] {
        assert_eq!(last[key], whole[key], "{key}");
    }

    let other = folder.path().join("other.json");
    fs::write(&other, WRONG).unwrap();
    let refused = faultline(&["explore", other.to_str().unwrap(), "--resume", state]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(text(&refused.stderr).contains("is the state of a search of something else"));
}

#[test]
fn r5_a_search_writes_no_file_that_it_reads() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (file, hard) = (path("wrong.json"), path("hard.json"));
    fs::write(&file, WRONG).unwrap();
    fs::hard_link(&file, &hard).unwrap();
    let both = path("both");
    for (options, reason) in [
        (&["--out", &file][..], "--out FILE: is the scenario itself; legal: "),
        (&["--out", &hard], "--out FILE: is the scenario itself; legal: "),
        (&["--resume", &hard], "--resume FILE: is the scenario itself; legal: "),
        (&["--out", &both, "--resume", &both], "--resume FILE: is the file of --out too; legal: "),
        (&["--resume", "/dev/zero"], "--resume FILE: is a character device; legal: a regular file"),
    ] {
        let refused = faultline(&[&["explore", &file], options].concat());
        assert_eq!(refused.status.code(), Some(2), "{refused:?}");
        let found = text(&refused.stderr).replace(options[options.len() - 1], "FILE");
        assert!(found.starts_with(reason), "{found}");
    }
    assert_eq!(fs::read_to_string(&hard).unwrap(), WRONG);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
}
