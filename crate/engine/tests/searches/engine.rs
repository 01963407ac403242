//! Tests the explorer on the engine itself (R3): it finds nothing wrong, and a failing schedule replays.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use faultline::runtime::explorer::{
    Bounds, Counts, End, FindingKind, Frontier, exhaustive, shrink,
};
use faultline::scenario::explore::ScenarioSubject;
use faultline::scenario::{self, RuntimeOptions, Scenario, Traces};

use crate::found::found;

fn scenarios(folder: &str) -> Vec<(String, Scenario)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios").join(folder);
    let mut all: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|file| {
            let path = file.unwrap().path();
            let scenario = scenario::parse(&fs::read_to_string(&path).unwrap()).unwrap();
            (path.file_stem().unwrap().to_string_lossy().into_owned(), scenario)
        })
        .collect();
    all.sort_by(|(one, _), (other, _)| one.cmp(other));
    all
}

fn explored(subject: &mut ScenarioSubject, preemptions: u32, most: u64) -> (End, Counts) {
    let bounds = Bounds { preemptions, reduces: subject.reduces(), ..Bounds::default() };
    let mut frontier = Frontier::default();
    let mut go_on = |frontier: &Frontier| frontier.counts.schedules < most;
    let end = exhaustive(subject, bounds, &mut frontier, None, &mut go_on);
    (end, frontier.counts)
}

#[test]
fn r3_nothing_is_wrong_under_any_schedule_with_one_preemption() {
    let scenarios = scenarios("explore");
    assert!(scenarios.len() >= 10);
    for (name, scenario) in scenarios {
        let mut subject = ScenarioSubject::new(&scenario, Traces::default());
        let (end, counts) = explored(&mut subject, 1, u64::MAX);
        assert!(matches!(end, End::Complete), "{name}: {end:?}");
        assert!(counts.schedules > 10, "{name}: {counts:?}");
        // Every word that tasks share has its place, or states would differ that are the same.
        assert_eq!(subject.strangers(), 0, "{name}");
    }
}

/// A search is compared with one that reduces nothing where that takes no more schedules.
const MOST_TO_COMPARE: u64 = 20_000;

/// Returns all ends with one preemption at most, or nothing if the search takes more schedules than are compared.
fn ends_of(scenario: &Scenario, reduces: bool) -> Option<BTreeSet<u64>> {
    let mut subject = ScenarioSubject::new(scenario, Traces::default());
    let bounds = Bounds { preemptions: 1, reduces, ..Bounds::default() };
    let (mut frontier, mut ends) = (Frontier::default(), BTreeSet::new());
    // The schedule that is asked about and each that waits will be executed, so it need not come to the limit.
    let mut go_on = |frontier: &Frontier| {
        frontier.counts.schedules + 1 + frontier.waiting(bounds.preemptions) <= MOST_TO_COMPARE
    };
    let end = exhaustive(&mut subject, bounds, &mut frontier, Some(&mut ends), &mut go_on);
    matches!(end, End::Complete).then_some(ends)
}

#[test]
fn r3_the_reduction_loses_no_end_of_the_engine() {
    let mut compared = 0;
    for (name, scenario) in scenarios("explore") {
        if let Some(all) = ends_of(&scenario, false) {
            let reduced = ends_of(&scenario, true).expect("fewer schedules");
            assert_eq!(all, reduced, "{name}");
            compared += 1;
        }
    }
    assert!(compared > 0, "no search is short enough");
}

/// The writer could not take a frame that a CPU had locked, gave its slot back, was rung for that, and
/// began again: for ever, unless the CPU went on by itself.
#[test]
fn r3_the_writer_waits_for_a_frame_that_somebody_has_locked() {
    let all = scenarios("explore");
    let (_, scenario) = all.iter().find(|(name, _)| name == "writer-against-busy-frame").unwrap();
    let mut subject = ScenarioSubject::new(scenario, Traces::default());
    let (end, _) = explored(&mut subject, 1, u64::MAX);
    assert!(matches!(end, End::Complete), "{end:?}");
}

/// Returns the scenario that replays what the explorer found.
fn with_schedule(scenario: &Scenario, schedule: &[(u64, usize)]) -> Scenario {
    let mut replay = scenario.clone();
    let RuntimeOptions::Virtual { schedule: place, .. } = &mut replay.runtime else { panic!() };
    *place = Some(schedule.iter().map(|(step, task)| [*step, *task as u64]).collect());
    scenario::parse(&serde_json::to_string(&replay).unwrap()).unwrap()
}

#[test]
fn r3_a_failing_schedule_is_a_scenario_that_fails_in_the_same_way() {
    // A script that is wrong: nothing determines the order of the two stores.
    let scenario = scenario::parse(
        r#"{"faultline": 1, "machine": {"frames": 10, "slots": 4, "free_lists": 1}, "script": [
            {"op": "spawn", "as": "a", "pages": 1},
            {"op": "together", "scripts": [
                [{"op": "write", "process": "a", "page": 0, "value": 1}],
                [{"op": "write", "process": "a", "page": 0, "value": 2}]]},
            {"op": "read", "process": "a", "page": 0, "expect": 1}]}"#,
    )
    .unwrap();
    let mut subject = ScenarioSubject::new(&scenario, Traces::default());
    let (end, _) = explored(&mut subject, 2, u64::MAX);
    let bounds = Bounds { preemptions: 0, ..Bounds::default() };
    let shortest = shrink(&mut subject, found(end), bounds, 1_000);
    assert_eq!(shortest.failing.preemptions, 0);
    assert_eq!(shortest.failing.findings[0].text, "/script/2: expected 1, found 2");
    assert!(shortest.switches.iter().any(|switch| switch.deviates));

    let replay = with_schedule(&scenario, &shortest.failing.schedule);
    let run = |scenario| scenario::run(scenario, Traces::default(), &mut |_, _| {}).unwrap();
    let report = run(&replay);
    let texts: Vec<_> = report.failures.iter().map(|failure| failure.found.clone()).collect();
    assert_eq!(texts, ["2"]);
    assert_eq!(run(&replay).trace_hash, report.trace_hash);
    assert!(report.trace_hash.is_some());
    // The rule alone does not fail.
    assert!(run(&with_schedule(&scenario, &[])).ok);
}

#[test]
fn r3_a_schedule_that_does_not_fit_fails_the_run() {
    let scenario =
        scenario::parse(r#"{"faultline": 1, "script": [{"op": "spawn", "as": "a", "pages": 1}]}"#)
            .unwrap();
    let failure = |schedule: &[(u64, usize)]| {
        let replay = with_schedule(&scenario, schedule);
        let report = scenario::run(&replay, Traces::default(), &mut |_, _| {}).unwrap();
        assert!(!report.ok);
        report.failures.last().unwrap().found.clone()
    };
    assert_eq!(
        failure(&[(7, 1)]),
        "the schedule does not fit: step 7 is to be taken by CPU 1, and only CPU 0 can"
    );
    assert_eq!(
        failure(&[(100_000, 1)]),
        "the schedule does not fit: the run ended before step 100000"
    );
}

/// Bugs that show under some schedules alone, each found with the fewest preemptions it takes.
#[cfg(feature = "bugs")]
#[test]
fn r3_bugs_are_found_by_their_schedules() {
    let expected = [
        ("acknowledged-too-early", 2, FindingKind::Failure),
        ("shootdown-not-awaited", 1, FindingKind::Audit),
        ("stale-transition", 1, FindingKind::Panic),
        ("lock-against-order", 0, FindingKind::LockOrder),
        ("writer-frozen", 0, FindingKind::Livelock),
    ];
    let all = scenarios("bugs");
    for (bug, preemptions, kind) in expected {
        let (_, scenario) = all.iter().find(|(name, _)| name == bug).unwrap();
        let mut subject = ScenarioSubject::new(scenario, Traces::default());
        let failing = found(explored(&mut subject, 2, 50_000).0);
        assert_eq!((failing.preemptions, failing.findings[0].kind), (preemptions, kind), "{bug}");
        // Without the bug the same search finds nothing.
        let mut right = scenario.clone();
        right.machine.bugs.clear();
        let mut subject = ScenarioSubject::new(&right, Traces::default());
        let (end, _) = explored(&mut subject, preemptions, 2_000);
        assert!(!matches!(end, End::Found(_)), "{bug}: {end:?}");
    }
}
