//! Tests the bugs of real projects (B): each is caught in its scenario, by its schedule and by the explorer, and
//! the scenario holds without it.

use std::fs;
use std::path::{Path, PathBuf};

use faultline::bugs::Bug;
use faultline::runtime::explorer::{Bounds, End, Frontier, exhaustive};
use faultline::scenario::explore::ScenarioSubject;
use faultline::scenario::{Report, RuntimeOptions, Scenario, Session, Traces, parse, play, run};

use serde_json::json;

use crate::support::scarce::{Order, play_with};

/// Schedules tried before a bug counts as not found.
const MOST_SCHEDULES: u64 = 5_000;
/// Schedules on which a scenario has to hold without its bug.
const CLEAN_SCHEDULES: u64 = 300;

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

fn without_bug(scenario: &Scenario) -> Scenario {
    let mut clean = scenario.clone();
    clean.machine.bugs.clear();
    clean.runtime = RuntimeOptions::default();
    clean
}

fn explore(scenario: &Scenario, schedules: u64) -> End {
    let mut subject = ScenarioSubject::new(scenario, Traces::default());
    let bounds = Bounds { preemptions: 2, steps: 20_000, reduces: true };
    let mut go_on = |frontier: &Frontier| frontier.counts.schedules < schedules;
    exhaustive(&mut subject, bounds, &mut Frontier::default(), None, &mut go_on)
}

/// Checks that a bug is caught: its scenario fails with `finding`, the explorer finds something wrong, and,
/// without the bug, nothing.
fn caught(bug: Bug, finding: &str) {
    let scenario = scenario_of(bug);
    let report = report_of(&scenario);
    let says = report.failures.iter().any(|failure| failure.found.contains(finding));
    assert!(says, "{:#?}", report.failures);
    let end = explore(&scenario, MOST_SCHEDULES);
    assert!(matches!(end, End::Found(_)), "not on {MOST_SCHEDULES} schedules");
    let clean = without_bug(&scenario);
    let report = report_of(&clean);
    assert!(report.ok, "{:#?}", report.failures);
    match explore(&clean, CLEAN_SCHEDULES) {
        End::Found(failing) => panic!("{failing:#?}"),
        End::Complete | End::Stopped => {}
    }
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
    caught(Bug::TrimmedWhileWritten, "but is on active");
}

#[test]
fn b_a_frame_freed_in_flight_is_caught() {
    caught(Bug::FreedInFlight, "was put on list free/0, but is on free/0");
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
    caught(Bug::StaleTransition, "a frame that is Free is on no list");
}

#[test]
fn b_a_shootdown_acknowledged_too_early_is_caught() {
    caught(Bug::AcknowledgedTooEarly, "1");
}

#[test]
fn b_a_shootdown_that_nobody_waits_for_is_caught() {
    caught(Bug::ShootdownNotAwaited, "clean, but differs from slot");
}

#[test]
fn b_a_count_dropped_before_the_unmap_is_caught() {
    caught(Bug::CountBeforeUnmap, "2");
}

#[test]
fn b_a_slot_freed_while_it_is_read_is_caught() {
    caught(Bug::SlotFreedWhileRead, "2");
}

#[test]
fn b_a_dirty_bit_lost_at_the_unmap_is_caught() {
    caught(Bug::DirtyNotFolded, "1");
}

#[test]
fn b_a_lost_wake_up_is_caught() {
    caught(Bug::LostWakeUp, "deadlock");
}

#[test]
fn b_a_lock_taken_against_the_order_is_caught() {
    caught(Bug::LockAgainstOrder, "lock order: pte 0 taken at");
}

#[test]
fn b_a_collided_fault_that_does_not_look_again_is_caught() {
    caught(Bug::CollidedUnchecked, "the frame has a reference of its own");
}

#[test]
fn b_a_frame_that_was_not_zeroed_is_caught() {
    caught(Bug::NotZeroed, "7");
}

#[test]
fn b_a_sharer_forgotten_by_an_eviction_is_caught() {
    caught(Bug::SharerForgotten, "Transition to frame");
}

#[test]
fn b_a_frame_found_before_it_is_free_is_caught() {
    caught(Bug::FoundBeforeFree, "2");
}

#[test]
fn b_a_slot_named_before_it_is_counted_is_caught() {
    caught(Bug::NamedBeforeCounted, "freed while in use");
}

#[test]
fn b_a_copy_that_evicts_its_source_is_caught() {
    caught(Bug::CopySourceEvicted, "livelock");
}

#[test]
fn b_an_owner_kept_while_others_share_is_caught() {
    caught(Bug::OwnerKept, "as its owner, but has share 1, and the page does not");
}

#[test]
fn b_an_owner_believed_without_the_lock_is_caught() {
    caught(Bug::OwnerBelieved, "has the key of another page");
}

#[test]
fn b_a_slot_counted_before_it_is_there_is_caught() {
    caught(Bug::CreditBeforeSlot, "slots were drawn and are not there");
}

#[test]
fn b_a_bell_that_daemons_share_is_caught() {
    caught(Bug::BellShared, "on the standby list 1");
}

#[test]
fn b_a_frame_left_on_its_list_by_a_kill_is_caught() {
    caught(Bug::LeftListed, "but is on none");
}

#[test]
fn b_a_neighbour_believed_without_the_lock_is_caught() {
    caught(Bug::NeighbourBelieved, "names another frame");
}

#[test]
fn b_a_left_frame_that_nobody_waits_for_is_caught() {
    caught(Bug::LeftNotAwaited, "2");
}

/// Without any bug a writer once found a frame locked, gave its slots back, which woke it again, and
/// never let the frame's holder go on. It took 10,348 schedules to see.
#[test]
fn r3_the_writer_gives_way_to_who_holds_its_frames() {
    let clean = without_bug(&scenario_of(Bug::FreedInFlight));
    if let End::Found(failing) = explore(&clean, 11_000) {
        panic!("{failing:#?}");
    }
}

/// Without any bug a CPU once gave up as out of memory: the one frame that could be had was on standby, and
/// locked by a CPU that was overtaken for long. It took 64,477 schedules to see.
#[test]
fn r3_a_frame_that_somebody_has_locked_is_not_out_of_memory() {
    let clean = without_bug(&scenario_of(Bug::FoundBeforeFree));
    if let End::Found(failing) = explore(&clean, 65_000) {
        panic!("{failing:#?}");
    }
}

/// On threads, where states cannot be recognized, the bound of a fault ends the run and says what it counted.
#[test]
fn b_a_fault_that_never_ends_reaches_its_bound_on_threads() {
    let mut scenario = scenario_of(Bug::CopySourceEvicted);
    scenario.runtime = RuntimeOptions::Threads {};
    let mut session = Session::open(&scenario, Traces::default()).unwrap();
    // However slow the machine is, the fault comes to its bound before anybody gives it up.
    session.wait_for_progress(u32::MAX);
    let report = play(session, &scenario, &mut |_, _| {}).unwrap();
    let found = &report.failures[0].found;
    assert!(found.starts_with("the thread of cpu 0 panicked: the fault on page 0"), "{found}");
    assert!(found.contains("does not end: its page changed under it"), "{found}");
}

/// Random scripts on scarce machines find the copy that evicts its source, and say that it never ends.
#[test]
fn b_scarce_scripts_find_a_copy_that_evicts_its_source() {
    let bug = [("bugs".to_owned(), json!(["copy-source-evicted"]))];
    let play = |number| play_with(number, Order::Serial, false, &bug);
    let found = (0..60).filter_map(|number| play(number).err()).next();
    let found = found.expect("one of 60 scripts never ends");
    assert!(found.contains("livelock: for"), "{found}");
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
