//! Tests the explorer (R3): it finds what is wrong, counts what it tries, and its reduction loses nothing.

use std::collections::BTreeSet;
use std::sync::atomic::Ordering::SeqCst;

use faultline::runtime::explorer::{
    Bounds, Counts, End, FindingKind, Frontier, RandomSearch, exhaustive, random_search, shrink,
};
use faultline::runtime::{Cpu, LockClass, LockId, LockWord, Random, Step, lock};

use crate::found::found;
use crate::toys::{ANY, Body, Tasks, Toy, interpreted, search};

/// Each task adds one, in two steps.
fn lost_update() -> Tasks {
    let body: Body = |toy, cpu, _| {
        Box::pin(async move {
            let seen = toy.words[0].load(SeqCst);
            cpu.step(Step::Instruction).await;
            toy.words[0].store(seen + 1, SeqCst);
        })
    };
    Tasks::new(1, 2, body, |toy| {
        let sum = toy.words[0].load(SeqCst);
        (sum != 2).then(|| format!("two added, and the sum is {sum}"))
    })
}

/// Two tasks that reach the end of `rounds` rounds only if they take turns.
fn relay<const ROUNDS: u64>() -> Tasks {
    let body: Body = |toy, cpu, index| {
        Box::pin(async move {
            for round in (index as u64..ROUNDS).step_by(2) {
                if toy.words[0].load(SeqCst) == round {
                    toy.words[0].store(round + 1, SeqCst);
                }
                cpu.step(Step::Instruction).await;
            }
        })
    };
    Tasks::new(1, 2, body, |toy| {
        (toy.words[0].load(SeqCst) == ROUNDS).then(|| "all rounds were run".to_owned())
    })
}

#[test]
fn r3_a_lost_update_is_found_with_one_preemption() {
    let (end, counts) = search(&mut lost_update(), 0);
    assert!(matches!(end, End::Complete));
    // Two tasks one after the other, either way round.
    assert_eq!((counts.schedules, counts.ends), (2, 2));
    let failing = found(search(&mut lost_update(), 3).0);
    assert_eq!(failing.preemptions, 1);
    assert_eq!(failing.findings[0].text, "two added, and the sum is 1");
}

#[test]
fn r3_what_takes_exactly_k_preemptions_is_found_with_k() {
    // The last of them ends, so the switch to the other is free.
    fn takes(mut subject: Tasks, preemptions: u32) {
        assert!(matches!(search(&mut subject, preemptions - 1).0, End::Complete));
        assert_eq!(found(search(&mut subject, preemptions).0).preemptions, preemptions);
    }
    takes(relay::<3>(), 1);
    takes(relay::<4>(), 2);
    takes(relay::<5>(), 3);
    takes(relay::<6>(), 4);
}

fn steps<const COUNT: usize>() -> Tasks {
    let body: Body = |toy, cpu, index| {
        Box::pin(async move {
            for step in 0..COUNT {
                let word = &toy.words[0];
                word.store(word.load(SeqCst) * 31 + (index * COUNT + step) as u64, SeqCst);
                if step + 1 < COUNT {
                    cpu.step(Step::Instruction).await;
                }
            }
        })
    };
    Tasks::new(1, 2, body, |_| None)
}

#[test]
fn r3_every_schedule_within_the_bound_is_tried_once() {
    let count = |preemptions| {
        let bounds = Bounds { preemptions, steps: 1_000, reduces: false };
        let mut frontier = Frontier::default();
        let end = exhaustive(&mut steps::<3>(), bounds, &mut frontier, None, &mut |_| true);
        assert!(matches!(end, End::Complete));
        frontier.counts.schedules
    };
    // Words of three A and three B by how often a letter gives way that comes again: AAABBB none;
    // ABBBAA and AABBBA once; and the same with A and B exchanged.
    assert_eq!(count(0), 2);
    assert_eq!(count(1), 6);
    // All of them: 6 over 3.
    assert_eq!(count(9), 20);
}

#[test]
fn r3_a_deadlock_is_found_and_its_circle_named() {
    let body: Body = |toy, cpu, index| {
        Box::pin(async move {
            let id = |which: usize| LockId::new(LockClass::Pfn, which as u64);
            let (one, other) = (index, 1 - index);
            let _first = lock(&cpu, id(one), LockWord::alone(&toy.words[one])).await;
            let _second = lock(&cpu, id(other), LockWord::alone(&toy.words[other])).await;
        })
    };
    let mut subject = Tasks::new(2, 2, body, |_| None);
    assert!(matches!(search(&mut subject, 0).0, End::Complete));
    let failing = found(search(&mut subject, 2).0);
    assert_eq!((failing.preemptions, failing.findings[0].kind), (1, FindingKind::Deadlock));
    let text = &failing.findings[0].text;
    for part in [
        "CPU 0 waits at ",
        "for the lock of frame 1, which CPU 1 took at ",
        "CPU 1 waits at ",
        "for the lock of frame 0, which CPU 0 took at ",
    ] {
        assert!(text.contains(part), "{text}");
    }
}

/// One task waits for a flag that the other sets only if it comes first. A task that rests forgets that it
/// has waited before.
fn missed_flag<const RESTS: bool>() -> Tasks {
    let body: Body = |toy, cpu, index| {
        Box::pin(async move {
            if index == 0 {
                toy.words[0].store(1, SeqCst);
                while toy.words[1].load(SeqCst) == 0 {
                    if RESTS {
                        cpu.local().rest();
                    }
                    cpu.step(Step::Relax).await;
                }
            } else {
                let late = toy.words[0].load(SeqCst) == 1;
                cpu.step(Step::Instruction).await;
                toy.words[1].store(u64::from(!late), SeqCst);
            }
        })
    };
    Tasks::new(2, 2, body, |_| None)
}

#[test]
fn r3_a_livelock_is_found_by_its_length_or_by_its_state() {
    let by_length = found(search(&mut missed_flag::<false>(), 1).0);
    assert_eq!(by_length.findings[0].kind, FindingKind::Livelock);
    assert_eq!(by_length.findings[0].text, "no end after 1000 steps");
    // A task that knows nothing more after each turn is in the same state again.
    let by_state = found(search(&mut missed_flag::<true>(), 1).0);
    assert_eq!(by_state.findings[0].kind, FindingKind::Livelock);
    assert!(by_state.steps < 20, "{by_state:?}");
}

/// Two tasks that poll in turns are no livelock as long as the third task, which could go on, is only never
/// chosen.
#[test]
fn r3_who_stands_ready_for_long_is_let_go_first() {
    let body: Body = |toy, cpu, index| {
        Box::pin(async move {
            if index < 2 {
                while toy.words[0].load(SeqCst) < 2 {
                    cpu.step(Step::Relax).await;
                }
            } else {
                toy.words[0].store(1, SeqCst);
                cpu.step(Step::Instruction).await;
                toy.words[0].store(2, SeqCst);
            }
        })
    };
    let (end, counts) = search(&mut Tasks::new(1, 3, body, |_| None), 3);
    assert!(matches!(end, End::Complete), "{end:?}");
    assert!(counts.steps < 10_000, "{counts:?}");
}

#[test]
fn r3_a_panic_is_a_finding() {
    let body: Body = |toy, cpu, index| {
        Box::pin(async move {
            if index == 0 {
                toy.words[0].store(1, SeqCst);
                cpu.step(Step::Instruction).await;
                toy.words[0].store(0, SeqCst);
            } else {
                assert!(toy.words[0].load(SeqCst) == 0, "seen half done");
            }
        })
    };
    let failing = found(search(&mut Tasks::new(1, 2, body, |_| None), 1).0);
    assert_eq!(failing.findings[0].kind, FindingKind::Panic);
    let text = &failing.findings[0].text;
    assert!(text.starts_with("CPU 1 panicked at ") && text.ends_with(": seen half done"));
}

#[test]
fn r3_random_priorities_find_it_too_and_it_shrinks() {
    let mut subject = relay::<4>();
    let search = RandomSearch { depth: 3, seed: 7, steps: 1_000 };
    let mut counts = Counts::default();
    let end =
        random_search(&mut subject, search, &mut counts, &mut |counts| counts.schedules < 10_000);
    let shortest = shrink(&mut subject, found(end), ANY, 1_000);
    assert_eq!(shortest.failing.preemptions, 2);
    assert!(shortest.switches.iter().filter(|switch| switch.deviates).count() <= 3);
    // The same seed tries the same schedules.
    let mut again = Counts::default();
    random_search(&mut subject, search, &mut again, &mut |counts| counts.schedules < 10_000);
    assert_eq!(counts, again);
}

/// Whether a random search finds no end of two tasks, of which the first reads a disk again and again until
/// the other has stored something; the other stores if it is to.
fn reads_for_ever<const STORES: bool>() -> bool {
    let body: Body = |toy, cpu, index| {
        Box::pin(async move {
            if index == 1 {
                cpu.step(Step::Instruction).await;
                toy.words[0].store(STORES.into(), SeqCst);
            }
            while index == 0 && toy.words[0].load(SeqCst) == 0 {
                cpu.step(Step::DiskRead { pages: 1 }).await;
            }
        })
    };
    let search = RandomSearch { depth: 3, seed: 5, steps: 10_000 };
    let mut subject = Tasks::new(1, 2, body, |_| None);
    let mut counts = Counts::default();
    match random_search(&mut subject, search, &mut counts, &mut |counts| counts.schedules < 200) {
        End::Found(failing) => {
            assert_eq!(failing.findings[0].kind, FindingKind::Livelock);
            true
        }
        _ => false,
    }
}

#[test]
fn r3_random_priorities_starve_nobody_for_ever() {
    assert!(!reads_for_ever::<true>());
    assert!(reads_for_ever::<false>(), "what has no end under a fair schedule is found");
}

#[test]
fn r3_shrinking_drops_what_is_not_needed() {
    // Three preemptions where one is enough.
    let body: Body = |toy, cpu, index| {
        Box::pin(async move {
            for word in [1, 2, 0] {
                let seen = toy.words[word].load(SeqCst);
                cpu.step(Step::Instruction).await;
                toy.words[word].store(seen + 1 + index as u64, SeqCst);
            }
        })
    };
    let judge = |toy: &Toy| (toy.words[0].load(SeqCst) != 3).then(|| "lost".to_owned());
    let mut subject = Tasks::new(3, 2, body, judge);
    let search = RandomSearch { depth: 6, seed: 1, steps: 1_000 };
    let end = random_search(&mut subject, search, &mut Counts::default(), &mut |_| true);
    let shortest = shrink(&mut subject, found(end), ANY, 1_000);
    assert_eq!(shortest.failing.preemptions, 1);
}

#[test]
fn r3_the_reduction_loses_no_end() {
    let mut saved = 0;
    for seed in 0..60 {
        let mut random = Random::new(seed);
        let tasks = 2 + random.below(2) as usize;
        let length = if tasks == 2 { 4 } else { 3 };
        let mut operations = || {
            let operation = |_| (random.below(6) as u8, random.below(3) as usize);
            (0..length).map(operation).collect::<Vec<_>>()
        };
        let program: Vec<_> = (0..tasks).map(|_| operations()).collect();
        for preemptions in [0, 1, 2] {
            let mut ends = [BTreeSet::new(), BTreeSet::new()];
            let mut schedules = [0, 0];
            for reduces in [false, true] {
                let bounds = Bounds { preemptions, steps: 1_000, reduces };
                let mut frontier = Frontier::default();
                let mut subject = interpreted(program.clone());
                let ends = &mut ends[usize::from(reduces)];
                let end =
                    exhaustive(&mut subject, bounds, &mut frontier, Some(ends), &mut |_| true);
                assert!(matches!(end, End::Complete), "{end:?}");
                schedules[usize::from(reduces)] = frontier.counts.schedules;
            }
            assert_eq!(ends[0], ends[1], "seed {seed}, {preemptions} preemptions: {program:?}");
            assert!(schedules[1] <= schedules[0]);
            saved += schedules[0] - schedules[1];
        }
    }
    assert!(saved > 10_000, "only {saved} schedules were saved");
}
