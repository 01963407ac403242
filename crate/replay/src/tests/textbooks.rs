//! Tests the tables of textbooks and of published examples, and strings whose victims follow from a policy's rule.

use super::{faults, policy, reads, stream};
use crate::steps;

/// Silberschatz, Galvin and Gagne, "Operating System Concepts", the string of its chapter on paging.
const SILBERSCHATZ: [u64; 20] = [7, 0, 1, 2, 0, 3, 0, 4, 2, 3, 0, 3, 2, 1, 2, 0, 1, 7, 0, 1];

/// Belady, Nelson and Shedler (1969).
const BELADY: [u64; 12] = [1, 2, 3, 4, 1, 2, 5, 1, 2, 3, 4, 5];

/// Stallings, "Operating Systems: Internals and Design Principles", the string of its figures.
const STALLINGS: [u64; 12] = [2, 3, 2, 1, 5, 2, 4, 5, 3, 2, 5, 2];

/// Arpaci-Dusseau and Arpaci-Dusseau, "Operating Systems: Three Easy Pieces", chapter 22.
const OSTEP: [u64; 11] = [0, 1, 2, 0, 1, 3, 0, 3, 1, 2, 1];

/// A string, a policy, and how often it faults in so many frames.
type Case<'a> = (&'a [u64], &'a str, &'a [(u32, usize)]);

#[test]
fn p17_each_string_of_a_textbook_faults_as_often_as_in_the_book() {
    let exercise_9_8 = [1, 2, 3, 4, 2, 1, 5, 6, 2, 1, 2, 3, 7, 6, 3, 2, 1, 2, 3, 6];
    let cases: [Case<'_>; 17] = [
        (&SILBERSCHATZ, "fifo", &[(3, 15)]),
        (&SILBERSCHATZ, "lru", &[(3, 12)]),
        (&SILBERSCHATZ, "opt", &[(3, 9)]),
        (&exercise_9_8, "fifo", &[(1, 20), (2, 18), (3, 16), (4, 14), (5, 10), (6, 10), (7, 7)]),
        (&exercise_9_8, "lru", &[(1, 20), (2, 18), (3, 15), (4, 10), (5, 8), (6, 7), (7, 7)]),
        (&exercise_9_8, "opt", &[(1, 20), (2, 15), (3, 11), (4, 8), (5, 7), (6, 7), (7, 7)]),
        (&BELADY, "fifo", &[(3, 9), (4, 10)]),
        (&BELADY, "lru", &[(3, 10), (4, 8)]),
        (&BELADY, "opt", &[(3, 7), (4, 6)]),
        (&STALLINGS, "fifo", &[(3, 9)]),
        (&STALLINGS, "lru", &[(3, 7)]),
        (&STALLINGS, "clock", &[(3, 8)]),
        (&STALLINGS, "opt", &[(3, 6)]),
        (&OSTEP, "fifo", &[(3, 7)]),
        (&OSTEP, "lru", &[(3, 5)]),
        (&OSTEP, "opt", &[(3, 5)]),
        // Zhang and others, "SIEVE is simpler than LRU" (NSDI 2024): a page comes in unvisited.
        (&[0, 0, 1, 2, 3, 0], "sieve", &[(3, 4)]),
    ];
    for (string, name, counts) in cases {
        for (frames, expected) in counts {
            assert_eq!(faults(&reads(string), name, *frames), *expected, "{name} in {frames}");
        }
    }
}

/// Silberschatz, the figures of its three policies: the frames after each fault.
#[test]
fn p17_silberschatz_frames_are_those_of_the_figures() {
    let expected = [
        ("fifo", "7 70 701 201 231 230 430 420 423 023 013 012 712 702 701"),
        ("lru", "7 70 701 201 203 403 402 432 032 132 102 107"),
        ("opt", "7 70 701 201 203 243 203 201 701"),
    ];
    for (name, figure) in expected {
        let steps = steps(&reads(&SILBERSCHATZ), &policy(name), 3);
        let after_faults = steps
            .iter()
            .filter(|step| step.fault)
            .map(|step| step.frames.iter().flatten().map(u64::to_string).collect::<String>());
        assert_eq!(after_faults.collect::<Vec<_>>().join(" "), figure, "{name}");
    }
}

/// The string of the book's homework by seed (`paging-policy.py -s SEED -n 10 -C 3 -c`): each page, with the victim
/// of a fault after an exclamation mark.
#[test]
fn p17_three_easy_pieces_homework_has_the_answers_of_its_seeds() {
    let seeds = [
        ("fifo", "8! 7! 4! 2!8 5!7 4 7!4 3!2 4!5 5!7"),
        ("lru", "8! 7! 4! 2!8 5!7 4 7!2 3!5 4 5!7"),
        ("opt", "8! 7! 4! 2!8 5!2 4 7 3!7 4 5"),
        ("fifo", "1! 8! 7! 2!1 4!8 4 6!7 7!2 0!4 0"),
        ("lru", "1! 8! 7! 2!1 4!8 4 6!7 7!2 0!4 0"),
        ("opt:ties=used", "1! 8! 7! 2!8 4!2 4 6!4 7 0!7 0"),
        ("fifo", "9! 9 0! 0 8! 7!9 6!0 3!8 6 6"),
        ("lru", "9! 9 0! 0 8! 7!9 6!0 3!8 6 6"),
        ("opt:ties=used", "9! 9 0! 0 8! 7!8 6!7 3!0 6 6"),
    ];
    for (name, answers) in seeds {
        let answers: Vec<&str> = answers.split(' ').collect();
        let page = |answer: &&str| answer.split('!').next().unwrap().parse().unwrap();
        let string: Vec<u64> = answers.iter().map(page).collect();
        let found = steps(&reads(&string), &policy(name), 3);
        let found = found.iter().map(|step| {
            let victim = step.victim.map(|victim| victim.to_string()).unwrap_or_default();
            format!("{}{}{victim}", step.reference.page, if step.fault { "!" } else { "" })
        });
        assert_eq!(found.collect::<Vec<_>>(), answers, "{name}");
    }
}

/// The victim of each reference that has one.
fn victims(references: &[(u64, bool)], name: &str, frames: u32) -> Vec<(usize, u64)> {
    let steps = steps(&stream(references), &policy(name), frames);
    let victims = steps.iter().enumerate().filter_map(|(at, step)| Some((at, step.victim?)));
    victims.collect()
}

/// The lowest counter is that of page 2. `policy::aging` tests the counters, and `tanenbaum` says where the bits are
/// from.
#[test]
fn s6_page_2_goes_in_tanenbaums_problem_on_aging() {
    let references = super::tanenbaum::aging();
    let last = references.len() - 1;
    assert_eq!(victims(&references, "aging:unit=references:every=4", 4), [(last, 2)]);
}

/// A string made up for the rule of Carr and Hennessy (1981): what was used goes round, what was not used within the
/// window goes, a clean page before a dirty one. The victims follow from the rule, as the test says step by step.
#[test]
fn s6_wsclock_evicts_what_has_left_the_working_set_and_clean_pages_first() {
    let references: Vec<(u64, bool)> =
        [(0, false), (1, true), (2, false), (3, false), (4, false), (3, false), (3, false)]
            .into_iter()
            .chain([(3, false), (5, false), (6, false), (5, false), (7, false)])
            .collect();
    // Page 4 finds all four pages used, at reference 5, and takes the first. When page 5 comes, page 3 is in use; 1
    // and 2 were not used within the last two references, and 2 is clean. For page 6 only the dirty page 1 is out
    // of use. Then everything is in use: pages 3 and 4 longest ago, of which the hand meets 3 first.
    let expected = [(4, 0), (8, 2), (9, 1), (11, 3)];
    assert_eq!(victims(&references, "wsclock:window=2", 4), expected);
    // Page 1 is used after the hand has passed it, so page 2 goes before it.
    let reads: Vec<_> = [0, 1, 2, 3, 1, 4, 1].map(|page| (page, false)).to_vec();
    assert_eq!(victims(&reads, "wsclock", 3), [(3, 0), (5, 2)]);
}
