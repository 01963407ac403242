//! The bugs of real projects (B): each is caught in its scenario, which holds without it.

use std::fs;
use std::path::{Path, PathBuf};

use faultline::bugs::Bug;
use faultline::runtime::Costs;
use faultline::scenario::{Report, RuntimeOptions, Scenario, Traces, parse, run};

/// Schedules tried before a bug counts as not found.
const MOST_SCHEDULES: u64 = 3_000;
/// Schedules on which a scenario has to hold without its bug.
const CLEAN_SCHEDULES: u64 = 40;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios/bugs")
}

/// The bug's name in a scenario.
fn name(bug: Bug) -> String {
    serde_json::to_value(bug).unwrap().as_str().unwrap().to_owned()
}

fn scenario_of(bug: Bug) -> Scenario {
    let text = fs::read_to_string(folder().join(name(bug) + ".json")).unwrap();
    let scenario = parse(&text).unwrap_or_else(|error| panic!("{}: {error}", name(bug)));
    assert_eq!(scenario.machine.bugs, [bug]);
    scenario
}

fn report_of(scenario: &Scenario) -> Report {
    run(scenario, Traces::default(), &mut |_, _| {}).unwrap()
}

/// The same on a schedule that only the seed decides: where nothing costs time, every step is a draw.
fn shuffled(scenario: &Scenario, seed: u64) -> Scenario {
    let costs = Costs {
        step: 0,
        walk: 0,
        lock: 0,
        lock_handover: 0,
        zero_cold: 0,
        zero_hot: 0,
        copy_cold: 0,
        copy_hot: 0,
        list: 0,
        look: 0,
        shootdown: 0,
        shootdown_cpu: 0,
        shootdown_page: 0,
        disk_read: 0,
        disk_write: 0,
        switch: 0,
        ..Costs::default()
    };
    Scenario { runtime: RuntimeOptions::Virtual { seed, costs }, ..scenario.clone() }
}

fn without_bugs(mut scenario: Scenario) -> Scenario {
    scenario.machine.bugs.clear();
    scenario
}

fn says(report: &Report, finding: &str) -> bool {
    report.failures.iter().any(|failure| failure.found.contains(finding))
}

fn holds_without_it(scenario: &Scenario) {
    let clean = without_bugs(scenario.clone());
    let report = report_of(&clean);
    assert!(report.ok, "{:#?}", report.failures);
    for seed in 0..CLEAN_SCHEDULES {
        let report = report_of(&shuffled(&clean, seed));
        assert!(report.ok, "seed {seed}: {:#?}", report.failures);
    }
}

/// The bug shows on every schedule, and what finds it says `finding`.
fn caught(bug: Bug, finding: &str) {
    let scenario = scenario_of(bug);
    holds_without_it(&scenario);
    let report = report_of(&scenario);
    assert!(says(&report, finding), "{:#?}", report.failures);
    for seed in 0..4 {
        assert!(!report_of(&shuffled(&scenario, seed)).ok, "seed {seed}");
    }
}

/// The bug shows on some schedules, and what finds it says `finding`.
fn caught_on_some_schedule(bug: Bug, finding: &str) {
    let scenario = scenario_of(bug);
    holds_without_it(&scenario);
    let schedules = (0..MOST_SCHEDULES).map(|seed| shuffled(&scenario, seed));
    let mut reports = std::iter::once(scenario.clone()).chain(schedules).map(|it| report_of(&it));
    assert!(reports.any(|report| says(&report, finding)), "not on {MOST_SCHEDULES} schedules");
}

#[test]
fn b_a_victim_taken_twice_is_caught() {
    caught(Bug::VictimTakenTwice, "taken off list active, but is on none");
}

#[test]
fn b_a_frame_in_a_cache_and_on_the_free_list_is_caught() {
    caught(Bug::CachedAndFree, "on list cache of CPU 0 and on list free/0");
}

#[test]
fn b_a_page_trimmed_while_it_is_written_is_caught() {
    caught_on_some_schedule(Bug::TrimmedWhileWritten, "put on list");
}

#[test]
fn b_a_frame_freed_in_flight_is_caught() {
    caught_on_some_schedule(Bug::FreedInFlight, "was put on list free/0, but is on free/0");
}

#[test]
fn b_a_writer_frozen_without_slots_is_caught() {
    caught(Bug::WriterFrozen, "deadlock");
}

#[test]
fn b_a_sole_owner_that_copies_is_caught() {
    caught(Bug::SoleOwnerCopied, "copies 2");
}

#[test]
fn b_a_fork_that_copies_in_truth_is_caught() {
    caught(Bug::ForkCopies, "shared 1");
}

#[test]
fn b_a_kill_that_resumes_the_wrong_process_is_caught() {
    caught(Bug::KillResumesWrong, "not-running");
}

#[test]
fn b_a_transition_pte_believed_too_soon_is_caught() {
    caught_on_some_schedule(Bug::StaleTransition, "a frame that is Free is on no list");
}

#[test]
fn b_a_shootdown_acknowledged_too_early_is_caught() {
    caught_on_some_schedule(Bug::AcknowledgedTooEarly, "1");
}

#[test]
fn b_a_shootdown_that_nobody_waits_for_is_caught() {
    caught_on_some_schedule(Bug::ShootdownNotAwaited, "1");
}

#[test]
fn b_a_count_dropped_before_the_unmap_is_caught() {
    caught_on_some_schedule(Bug::CountBeforeUnmap, "2");
}

#[test]
fn b_a_slot_freed_while_it_is_read_is_caught() {
    caught_on_some_schedule(Bug::SlotFreedWhileRead, "2");
}

#[test]
fn b_a_dirty_bit_lost_at_the_unmap_is_caught() {
    caught(Bug::DirtyNotFolded, "1");
}

#[test]
fn b_a_lost_wake_up_is_caught() {
    caught_on_some_schedule(Bug::LostWakeUp, "deadlock");
}

#[test]
fn b_a_lock_taken_against_the_order_is_caught() {
    caught(Bug::LockAgainstOrder, "lock order: pte 0 taken at");
}

#[test]
fn b_a_collided_fault_that_does_not_look_again_is_caught() {
    caught_on_some_schedule(Bug::CollidedUnchecked, "a frame that is Free is on no list");
}

#[test]
fn b_a_frame_that_was_not_zeroed_is_caught() {
    caught(Bug::NotZeroed, "7");
}

#[test]
fn b_a_sharer_forgotten_by_an_eviction_is_caught() {
    caught(Bug::SharerForgotten, "Transition to frame");
}

/// Every bug has a scenario of its name, and every scenario there a bug.
#[test]
fn b_each_bug_has_its_scenario() {
    let mut files: Vec<_> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    files.sort();
    let mut names = Bug::ALL.map(|bug| name(bug) + ".json").to_vec();
    names.sort();
    assert_eq!(files, names);
    for bug in Bug::ALL {
        let title = scenario_of(bug).title;
        assert!((20..=120).contains(&title.len()), "{title}");
    }
}
