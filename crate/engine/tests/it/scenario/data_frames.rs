//! Tests the frames of a machine that says how many are left for data (R5).

use faultline::scenario::parse;

fn frames(machine: &str, script: &str) -> Result<u32, String> {
    let text = format!(r#"{{"faultline": 1, "machine": {machine}, "script": [{script}]}}"#);
    parse(&text).map(|scenario| scenario.machine.frames).map_err(|error| error.to_string())
}

#[test]
fn r5_data_frames_come_to_frames_with_tables_and_the_zero_page() {
    let spawn = r#"{"op": "spawn", "as": "p", "pages": 8}"#;
    let fork = r#"{"op": "fork", "process": "p", "as": "q"}"#;
    let kill = r#"{"op": "kill", "process": "q"}"#;
    let again = r#"{"op": "fork", "process": "p", "as": "r"}"#;
    let all = |ops: &[&str]| frames(r#"{"data_frames": 3}"#, &ops.join(","));
    assert_eq!(all(&[spawn]), Ok(6));
    assert_eq!(all(&[spawn, fork]), Ok(8));
    assert_eq!(all(&[spawn, fork, kill, again]), Ok(8));
    assert_eq!(all(&[spawn, fork, again]), Ok(10));
    assert_eq!(all(&[r#"{"op": "spawn", "as": "p", "pages": 513}"#]), Ok(7));
    let map = r#"{"op": "map", "process": "p", "pages": 1, "at": 1024}"#;
    assert_eq!(all(&[spawn, map]), Ok(8));
    let failed = r#"{"op": "map", "process": "p", "pages": 1, "at": 3, "fails": "out-of-range"}"#;
    assert_eq!(all(&[spawn, failed]), Ok(6));
    let side_by_side = format!(r#"{{"op": "together", "scripts": [[{fork}, {kill}], [{again}]]}}"#);
    assert_eq!(all(&[spawn, &side_by_side]), Ok(10));
    let turns =
        r##"{"op": "repeat", "times": 5, "script": [{"op": "spawn", "as": "t#", "pages": 1}]}"##;
    assert_eq!(all(&[turns]), Ok(14));
    let born_and_killed = r##"{"op": "repeat", "times": 5, "script": [
        {"op": "spawn", "as": "t#", "pages": 1}, {"op": "kill", "process": "t#"}]}"##;
    assert_eq!(all(&[born_and_killed]), Ok(6));
}

#[test]
fn r5_data_frames_stand_instead_of_frames_and_keep_to_the_largest_machine() {
    let spawn = r#"{"op": "spawn", "as": "p", "pages": 8}"#;
    assert_eq!(
        frames(r#"{"data_frames": 3, "frames": 8}"#, spawn),
        Err("/machine/frames: 8 stands beside `data_frames`, 3, which come to 6".into())
    );
    assert_eq!(
        frames(r#"{"data_frames": 1048576}"#, spawn),
        Err("/machine/data_frames: 1048576 with 3 frames for page tables and the zero page are above the \
             largest machine, 1048576".into())
    );
}

/// Written again, it says what was said, so that it can be read again.
#[test]
fn r5_data_frames_are_written_as_they_were_said() {
    let text = r#"{"faultline": 1, "machine": {"data_frames": 3}, "script": [{"op": "spawn", "as": "p", "pages": 8}]}"#;
    let scenario = parse(text).unwrap();
    let written = serde_json::to_string(&scenario).unwrap();
    assert!(
        written.contains(r#""data_frames":3"#) && !written.contains(r#""frames":"#),
        "{written}"
    );
    assert_eq!(parse(&written).unwrap(), scenario);
}
