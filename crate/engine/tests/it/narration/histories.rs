//! Tests the narration of a frame, a page or a slot, in exact sentences.

use faultline::narration::{History, Line, Subject};
use faultline::observe::{Detail, EventKind};
use faultline::scenario::{Scenario, Session, Traces, play_streaming};
use serde_json::{Value, json};

use crate::support::rig::Rig;
use crate::support::{scenario, virtual_cpus};

fn history(scenario: &Scenario, subject: Subject) -> Vec<Line> {
    let session = Session::open(scenario, Traces::default()).unwrap();
    session.observe(Detail::Everything);
    let (machine, names) = (session.shared_machine(), session.process_names());
    let mut history = History::new(subject, machine, names, None);
    let report = play_streaming(session, scenario, &mut |_, _| {}, &mut history).unwrap();
    assert!(report.ok, "{:?}", report.failures);
    history.finish()
}

fn sentences(lines: &[Line]) -> Vec<&str> {
    lines.iter().map(|line| line.text.as_str()).collect()
}

fn page(process: &str, page: u32) -> Subject {
    Subject::Page { process: process.to_owned(), page }
}

/// Makes a scenario with one CPU, so that the seed does not decide which CPU does what.
fn script(script: Value) -> Scenario {
    scenario(json!({"cpus": 1, "frames": 16, "free_lists": 1}), virtual_cpus(1), script)
}

fn fork_and_write() -> Scenario {
    script(json!([
        {"op": "spawn", "as": "init", "pages": 8},
        {"op": "write", "process": "init", "page": 3, "value": 42},
        {"op": "fork", "process": "init", "as": "child"},
        {"op": "write", "process": "child", "page": 3, "value": 43},
        {"op": "write", "process": "init", "page": 3, "value": 44}
    ]))
}

#[test]
fn w3_a_copy_on_write_is_told_in_sentences() {
    assert_eq!(
        sentences(&history(&fork_and_write(), page("init", 3))),
        [
            "CPU 0: init was spawned, with 8 pages on the zero page.",
            "CPU 0: init woke.",
            "CPU 0 wrote page 3 of init for the first time: it got frame 4, all zero.",
            "CPU 0: frame 4, held back until now, is on the list active.",
            "CPU 0: page 3 of init, in frame 4, became read-only.",
            "CPU 0: frame 4 is shared by 2 now.",
            "CPU 0 wrote page 3 of child: its copy got frame 10, because frame 4 was shared by 2.",
            "CPU 0 wrote page 3 of init: it keeps frame 4 and may write it, because nobody shares it any more.",
            "Now page 3 of init is mapped to frame 4, writable.",
        ]
    );
    assert_eq!(
        sentences(&history(&fork_and_write(), page("child", 3))),
        [
            "CPU 0: init forked child, with 8 pages.",
            "CPU 0: page 3 of child shares frame 4 from now on, read-only.",
            "CPU 0: frame 4 is shared by 2 now.",
            "CPU 0: child woke.",
            "CPU 0 wrote page 3 of child: its copy got frame 10, because frame 4 was shared by 2.",
            "CPU 0: frame 10, held back until now, is on the list active.",
            "Now page 3 of child is mapped to frame 10, writable.",
        ]
    );
}

#[test]
fn w3_an_eviction_is_told_for_its_frame_and_for_its_slot() {
    let evicted = script(json!([
        {"op": "spawn", "as": "init", "pages": 8},
        {"op": "write", "process": "init", "page": 3, "value": 42},
        {"op": "evict", "process": "init", "page": 3},
        {"op": "read", "process": "init", "page": 3, "expect": 42}
    ]));
    let slot = history(&evicted, Subject::Slot(1));
    assert_eq!(
        sentences(&slot),
        [
            "At boot slot 1 was free.",
            "CPU 0: slot 1 was taken.",
            "CPU 0: frame 4 is being written to slot 1.",
            "CPU 0: frame 4 was written to slot 1.",
            "CPU 0: frame 4 has its bytes in slot 1 too, and may be taken at any time.",
            "CPU 0: page 3 of init is in slot 1 alone: frame 4 was taken from it.",
            "CPU 0: frame 4 was taken from its page, whose bytes are in slot 1.",
            "CPU 0 read page 3 of init: it was read from slot 1 into frame 4.",
            "Now slot 1 is in use, with one reference.",
        ]
    );
    let frame = history(&evicted, Subject::Frame(4));
    assert_eq!(frame.first().unwrap().text, "At boot frame 4 was free, on the list free/0.");
    let now = "Now frame 4 is active, with one mapping, with a copy in slot 1.";
    assert_eq!(frame.last().unwrap().text, now);
}

#[test]
fn w3_a_rescue_is_told_with_the_daemons_at_work_before_it() {
    let mut rescued = script(json!([
        {"op": "spawn", "as": "init", "pages": 8},
        {"op": "write", "process": "init", "page": 3, "value": 42},
        {"op": "settle"},
        {"op": "read", "process": "init", "page": 3, "expect": 42}
    ]));
    rescued.machine.cpu_cache = 0;
    rescued.machine.trim.low = 0;
    rescued.machine.trim.high = 14;
    let lines = history(&rescued, page("init", 3));
    let told = sentences(&lines);
    for sentence in [
        "The trimmer: page 3 of init was unmapped; frame 2 still holds it.",
        "The trimmer: frame 2 is unmapped and has to be written before it is reused, at the end of the list modified.",
        "The writer: frame 2 is on its way to swap, off the list modified.",
        "The writer: frame 2 was written to slot 1.",
        "The writer: frame 2 has its bytes in slot 1 too, and may be taken at any time, at the end of the list standby.",
        "CPU 0 read page 3 of init: frame 2 still held it, so it came back without I/O.",
    ] {
        assert!(told.contains(&sentence), "{sentence}\n{told:#?}");
    }
}

#[test]
fn w3_the_history_of_a_frame_begins_at_boot_and_ends_as_it_is_and_loses_nothing() {
    let scenario = fork_and_write();
    for frame in 0..16 {
        let session = Session::open(&scenario, Traces::default()).unwrap();
        session.observe(Detail::Everything);
        let (machine, names) = (session.shared_machine(), session.process_names());
        let mut history = History::new(Subject::Frame(frame), machine.clone(), names, None);
        play_streaming(session, &scenario, &mut |_, _| {}, &mut history).unwrap();
        let lines = history.finish();
        assert!(lines[0].text.starts_with("At boot frame "), "{}", lines[0].text);
        let entry = machine.pfns.peek(faultline::memory::Pfn(frame));
        let state = format!("{:?}", entry.state()).to_lowercase();
        let now = format!("Now frame {frame} is {state}");
        assert!(lines.last().unwrap().text.starts_with(&now), "{lines:#?}");
        // Each change of its entry is there, on a line of its own or in one.
        let records = machine.trace.records();
        let changes = records.iter().enumerate().filter(|(_, record)| {
            record.event.kind == EventKind::Pfn && record.event.number == frame
        });
        for (index, _) in changes {
            let event = index as u64 + 1;
            let told = lines.iter().any(|line| {
                line.event == event || line.parts.iter().any(|part| part.event == event)
            });
            assert!(told, "event {event} of frame {frame}");
        }
    }
}

#[test]
fn w3_a_machine_that_runs_tells_what_its_rings_still_have() {
    let mut rig = Rig::new(json!({"cpus": 1, "frames": 16, "free_lists": 1}), virtual_cpus(1));
    rig.apply(json!({"op": "spawn", "as": "init", "pages": 8}));
    rig.apply(json!({"op": "write", "process": "init", "page": 3, "value": 42}));
    let lines = rig.session.why(page("init", 3));
    assert_eq!(
        sentences(&lines),
        [
            "CPU 0: init was spawned, with 8 pages on the zero page.",
            "CPU 0: init woke.",
            "CPU 0 wrote page 3 of init for the first time: it got frame 4, all zero.",
            "CPU 0: frame 4, held back until now, is on the list active.",
            "Now page 3 of init is mapped to frame 4, writable.",
        ]
    );
    // Until the rings have forgotten how it began.
    for _ in 0..40 {
        let run = json!({"op": "run", "process": "init", "cpus": 1, "pattern": "sequential",
                         "pages": [0, 3], "accesses": 600, "writes": 1.0, "seed": 1});
        rig.apply(run);
        for page in 0..3 {
            rig.apply(json!({"op": "evict", "process": "init", "page": page}));
        }
    }
    for _ in 0..1200 {
        rig.apply(json!({"op": "evict", "process": "init", "page": 3}));
        rig.apply(json!({"op": "write", "process": "init", "page": 3, "value": 1}));
    }
    let lines = rig.session.why(page("init", 3));
    let told = sentences(&lines);
    assert!(told.iter().any(|line| line.ends_with("events of cpu 0 are missing.")), "{told:#?}");
    assert!(told.iter().any(|line| line.starts_with("CPU 0 wrote page 3 of init: ")), "{told:#?}");
    assert!(told.last().unwrap().starts_with("Now page 3 of init is mapped to frame "));
}

/// Returns the reasons in a page's history, with the sentences that they are given for.
fn reasons(lines: &[Line]) -> Vec<(&str, &str)> {
    lines.iter().filter_map(|line| Some((line.text.as_str(), line.reason.as_deref()?))).collect()
}

#[test]
fn w3_an_eviction_has_its_reason_by_who_asked_for_it() {
    let asked = script(json!([
        {"op": "spawn", "as": "init", "pages": 8},
        {"op": "write", "process": "init", "page": 3, "value": 42},
        {"op": "evict", "process": "init", "page": 3}
    ]));
    let lines = history(&asked, page("init", 3));
    assert!(reasons(&lines).iter().all(|(_, why)| *why == "the script asked for it"), "{lines:#?}");
    assert!(!reasons(&lines).is_empty());

    let mut settled = script(json!([
        {"op": "spawn", "as": "init", "pages": 8},
        {"op": "write", "process": "init", "page": 3, "value": 42},
        {"op": "settle"}
    ]));
    settled.machine.cpu_cache = 0;
    settled.machine.trim.low = 0;
    settled.machine.trim.high = 14;
    assert_eq!(
        reasons(&history(&settled, page("init", 3))),
        [(
            "The trimmer: page 3 of init was unmapped; frame 2 still holds it.",
            "the script let the daemons finish: the trimmer evicts until 14 frames are available; \
             the clock's hand found its accessed bit clear"
        )]
    );
}

/// Writes twice as many pages as there are frames, with the watermarks that a machine of this size has.
fn pressure(policy: &str, trigger: &str) -> Scenario {
    let mut scenario = script(json!([
        {"op": "spawn", "as": "init", "pages": 32},
        {"op": "run", "process": "init", "pattern": "sequential", "accesses": 96, "writes": 1}
    ]));
    scenario.machine.policy = serde_json::from_value(json!(policy)).unwrap();
    scenario.machine.trim.trigger = serde_json::from_value(json!(trigger)).unwrap();
    scenario
}

#[test]
fn w3_every_page_that_lost_its_frame_has_a_reason_by_trigger_and_policy() {
    let policies =
        ["fifo", "random", "clock", "clock-dirty", "nru", "aging", "lru", "wsclock", "sieve"];
    let mut by_policy = std::collections::BTreeSet::new();
    let mut needed = 0;
    for policy in policies {
        for trigger in ["watermark", "every-fault", "predictive"] {
            let scenario = pressure(policy, trigger);
            for number in 0..32 {
                for line in history(&scenario, page("init", number)) {
                    let unmapped = line.text.contains("was unmapped;");
                    if !unmapped {
                        needed += usize::from(
                            line.reason.is_some_and(|why| why.contains("needed a frame, and took")),
                        );
                        continue;
                    }
                    assert!(line.decisive, "{line:?}");
                    let reason = line.reason.expect("an eviction has a reason");
                    let (cause, choice) = reason.split_once("; ").expect("a cause and a choice");
                    by_policy.insert((policy, choice.to_owned()));
                    let is_trimmer = line.text.starts_with("The trimmer");
                    assert_eq!(cause.contains("the trimmer evicts"), is_trimmer, "{cause}");
                }
            }
        }
    }
    assert!(needed > 0, "frames were taken from the list standby");
    for policy in policies {
        assert!(by_policy.iter().any(|(of, _)| *of == policy), "{policy}: {by_policy:#?}");
    }
    assert!(by_policy.contains(&("lru", "of the frames in use it was used least recently".into())));
}

#[test]
fn w3_the_decisive_lines_of_a_page_follow_it_from_place_to_place() {
    let lines = history(&fork_and_write(), page("child", 3));
    let decisive: Vec<_> =
        lines.iter().filter(|line| line.decisive).map(|line| line.text.as_str()).collect();
    assert_eq!(
        decisive,
        [
            "CPU 0: init forked child, with 8 pages.",
            "CPU 0: page 3 of child shares frame 4 from now on, read-only.",
            "CPU 0 wrote page 3 of child: its copy got frame 10, because frame 4 was shared by 2.",
        ]
    );
}
