//! Tests the picture of thrashing: a program in more and more processes on one memory.

use faultline::scenario::{
    Crowd, Load, Scenario, Traces, check, format, knee, parse, usual_program,
};

/// Goes through its 16 pages again and again.
const ROUNDS: &str = r#"{"faultline": 1, "title": "Rounds", "machine": {"frames": 24, "policy": "fifo"},
    "runtime": {"kind": "virtual", "seed": 7}, "script": [
    {"op": "spawn", "as": "first", "pages": 8},
    {"op": "map", "process": "first", "pages": 8},
    {"op": "fork", "process": "first", "as": "p"},
    {"op": "run", "process": "p", "pattern": "sequential", "accesses": 64, "writes": 1}]}"#;

fn crowd(text: &str, most: u32, frames: Option<u32>) -> Crowd {
    Crowd::new(&parse(text).unwrap(), &Traces::default(), most, frames, 2000).unwrap()
}

fn loads(crowd: &Crowd, most: u32) -> Vec<Load> {
    (1..=most).map(|number| crowd.measure(number, Traces::default()).unwrap()).collect()
}

#[test]
fn s6_useful_work_rises_with_processes_until_their_pages_no_longer_fit() {
    let crowd = crowd(ROUNDS, 7, None);
    // What it was forked with; and room for the pages and tables of four, and the zero page.
    assert_eq!((crowd.pages(), crowd.frames(), crowd.accesses()), (16, 4 * 18 + 1, 256));
    let loads = loads(&crowd, 7);
    for (load, number) in loads.iter().zip(1..) {
        assert_eq!((load.processes, load.accesses), (number, u64::from(number) * 256));
        assert!(load.cpu_use > 0.0 && load.cpu_use < 1.0, "{load:?}");
    }
    let knee = knee(&loads).unwrap();
    assert!((3..=4).contains(&knee.processes) && knee.thrashing == knee.processes + 1, "{knee:?}");
    let best = &loads[knee.processes as usize - 1];
    assert_eq!(best.reads, 0);
    assert!(loads[6].accesses_per_s < best.accesses_per_s / 4.0, "{loads:?}");
    assert!(loads[6].reads > 100 && loads[6].cpu_use < best.cpu_use / 4.0, "{:?}", loads[6]);
}

#[test]
fn s6_the_curve_of_thrashing_is_the_same_each_time_and_more_memory_moves_its_knee() {
    let few = crowd(ROUNDS, 6, None);
    assert_eq!(loads(&few, 6), loads(&few, 6));
    // Twenty have room for their tables, whatever their pages.
    assert_eq!(crowd(ROUNDS, 20, None).frames(), 20 * 5 + 1);
    let many = crowd(ROUNDS, 6, Some(6 * 18 + 40));
    assert_eq!(many.frames(), 148);
    assert_eq!(knee(&loads(&many, 6)), None);
}

#[test]
fn s6_the_machine_of_a_point_is_a_scenario_that_runs_the_same() {
    let crowd = crowd(ROUNDS, 5, None);
    let scenario = crowd.scenario(3);
    check(&scenario).unwrap();
    let text = serde_json::to_string(&scenario).unwrap();
    let read: Scenario = parse(&text).unwrap();
    assert_eq!((read.machine.cpus, read.machine.frames), (3, 73));
    assert_eq!((&read, read.script.len(), read.faultline), (&scenario, 4, format::FORMAT));
    let report = faultline::scenario::run(&read, Traces::default(), &mut |_, _| {}).unwrap();
    let load = crowd.measure(3, Traces::default()).unwrap();
    assert_eq!(report.counters.faults, load.faults);
}

#[test]
fn s6_what_cannot_run_in_so_many_processes_is_refused_in_words() {
    let refused = |text: &str, most: u32, frames: Option<u32>| {
        let error = Crowd::new(&parse(text).unwrap(), &Traces::default(), most, frames, 2000);
        let error = error.unwrap_err();
        format!("{error}; legal: {}", error.legal)
    };
    assert_eq!(
        refused(r#"{"faultline": 1}"#, 4, None),
        "/script: no line runs a program, so there is none to run in more processes; legal: a script with a `run`"
    );
    assert_eq!(
        refused(ROUNDS, 8, Some(40)),
        "/machine/frames: 40 frames are too few for the page tables of 8 processes of 16 pages; legal: at least 41"
    );
    assert!(refused(ROUNDS, 129, None).ends_with("legal: 1 to 128"));
    let missing = ROUNDS.replace("\"sequential\"", "{\"trace\": \"none\"}");
    assert!(refused(&missing, 2, None).contains("there is no trace \"none\""));
}

#[test]
fn s6_the_usual_program_has_a_working_set_that_moves() {
    let scenario = usual_program();
    check(&scenario).unwrap();
    let crowd = Crowd::new(&scenario, &Traces::default(), 20, None, 80_000).unwrap();
    assert_eq!((crowd.pages(), crowd.frames(), crowd.accesses()), (32, 137, 80_000));
    let one = crowd.measure(1, Traces::default()).unwrap();
    assert!(one.faults == 32 && one.cpu_use > 0.9, "{one:?}");
}
