//! Tests the replacement policies (S6, P17) by the examples of textbooks and papers, and compares each of them in
//! the real machine with a reference of a few lines, fault by fault.

use std::io::Read;
use std::path::Path;

use faultline::memory::{Pte, PteFormat};
use faultline::observe::{Detail, EventKind, Place};
use faultline::runtime::Random;
use faultline::scenario::{Reference as Access, Session, Traces, parse_op, parse_trace};
use serde_json::{Value, json};

use crate::support::misses::run_in;
use crate::support::reference_policies::{Fault, POLICIES, Reference, Settings};
use crate::support::rig::Rig;
use crate::support::{hold, scenario, threads, virtual_cpus};

/// A machine with so many frames for the pages of one small process, which evicts as textbooks do: the
/// fault that finds no frame takes one.
fn textbook(policy: &str, frames: u32) -> Value {
    json!({"data_frames": frames, "slots": 64, "cpus": 1, "eviction": "synchronous",
        "policy": policy, "reads": "allocate", "zeroer": false})
}

fn read(page: u32) -> Value {
    json!({"op": "read", "process": "p", "page": page})
}

fn write(page: u32) -> Value {
    json!({"op": "write", "process": "p", "page": page, "value": page + 1})
}

fn expect(counter: &str, value: u64) -> Value {
    json!({"op": "expect", "counter": counter, "equals": value})
}

/// A string of references as a script, with what it has to come to.
fn script(references: Vec<Value>, expected: Vec<Value>) -> Value {
    let mut script = vec![json!({"op": "spawn", "as": "p", "pages": 16})];
    script.extend(references);
    script.extend(expected);
    script.into()
}

/// Reads a string of pages in so many frames, on virtual CPUs and on threads; it has to fault so often.
fn faults(policy: &str, frames: u32, pages: &[u32], expected: u64) {
    let machine = textbook(policy, frames);
    let references = pages.iter().map(|page| read(*page)).collect();
    let script = script(references, vec![expect("faults", expected)]);
    for runtime in [virtual_cpus(1), threads()] {
        hold(&scenario(machine.clone(), runtime, script.clone()));
    }
}

/// Silberschatz, Galvin and Gagne, "Operating System Concepts", the string of its chapter on paging.
const SILBERSCHATZ: [u32; 20] = [7, 0, 1, 2, 0, 3, 0, 4, 2, 3, 0, 3, 2, 1, 2, 0, 1, 7, 0, 1];

#[test]
fn p17_silberschatz_fifo_faults_15_times_and_lru_12() {
    faults("fifo", 3, &SILBERSCHATZ, 15);
    faults("lru", 3, &SILBERSCHATZ, 12);
}

/// The same as one line, on a machine that says how many frames are left for data.
#[test]
fn p17_a_reference_string_is_one_line_of_a_machine_that_counts_frames_for_data() {
    for (policy, expected) in [("fifo", 15), ("lru", 12)] {
        let machine = textbook(policy, 3);
        let script = json!([
            {"op": "spawn", "as": "p", "pages": 8},
            {"op": "run", "process": "p", "pattern": {"pages": SILBERSCHATZ}},
            expect("faults", expected),
            expect("accesses", 20),
        ]);
        for runtime in [virtual_cpus(1), threads()] {
            let scenario = scenario(machine.clone(), runtime, script.clone());
            assert_eq!(scenario.machine.frames, 6);
            hold(&scenario);
        }
    }
}

/// The same book, exercise 9.8: one to seven frames.
#[test]
fn p17_exercise_9_8_in_one_to_seven_frames() {
    let string = [1, 2, 3, 4, 2, 1, 5, 6, 2, 1, 2, 3, 7, 6, 3, 2, 1, 2, 3, 6];
    for (frames, lru, fifo) in
        [(1, 20, 20), (2, 18, 18), (3, 15, 16), (4, 10, 14), (5, 8, 10), (6, 7, 10), (7, 7, 7)]
    {
        faults("lru", frames, &string, lru);
        faults("fifo", frames, &string, fifo);
    }
}

/// Belady, Nelson and Shedler (1969): more frames, more faults under FIFO, and never under LRU.
#[test]
fn p17_beladys_string_has_its_anomaly_under_fifo_alone() {
    let string = [1, 2, 3, 4, 1, 2, 5, 1, 2, 3, 4, 5];
    faults("fifo", 3, &string, 9);
    faults("fifo", 4, &string, 10);
    faults("lru", 3, &string, 10);
    faults("lru", 4, &string, 8);
}

/// Stallings, "Operating Systems: Internals and Design Principles", the string of its figures.
#[test]
fn p17_stallings_fifo_faults_9_times_lru_7_and_clock_8() {
    let string = [2, 3, 2, 1, 5, 2, 4, 5, 3, 2, 5, 2];
    faults("fifo", 3, &string, 9);
    faults("lru", 3, &string, 7);
    faults("clock", 3, &string, 8);
}

/// Arpaci-Dusseau and Arpaci-Dusseau, "Operating Systems: Three Easy Pieces", chapter 22.
#[test]
fn p17_three_easy_pieces_fifo_misses_7_times_and_lru_5() {
    let string = [0, 1, 2, 0, 1, 3, 0, 3, 1, 2, 1];
    faults("fifo", 3, &string, 7);
    faults("lru", 3, &string, 5);
}

/// Four pages are written in two frames, and three of them read: four writes to swap, two reads.
#[test]
fn p18_a_clock_with_two_frames_writes_4_times_and_reads_twice() {
    let machine = textbook("clock", 2);
    let references = vec![write(0), write(1), write(2), write(3), read(0), read(3), read(1)];
    let expected = vec![expect("faults", 6), expect("swap_reads", 2), expect("swap_writes", 4)];
    let script = script(references, expected);
    for runtime in [virtual_cpus(1), threads()] {
        hold(&scenario(machine.clone(), runtime, script.clone()));
    }
}

#[test]
fn p18_a_string_of_reads_writes_nothing_under_any_policy() {
    for policy in POLICIES {
        let machine = textbook(policy, 3);
        let references = SILBERSCHATZ.iter().map(|page| read(*page)).collect();
        let expected = vec![expect("swap_writes", 0), expect("hard", 0)];
        let counters =
            hold(&scenario(machine, virtual_cpus(1), script(references, expected))).counters;
        assert_eq!(counters.faults, counters.demand_zero, "{policy}");
        assert_eq!(counters.clean_drops, counters.faults - 3, "{policy}");
    }
}

/// Zhang and others, "SIEVE is Simpler than LRU" (NSDI 2024): an object comes in unvisited. Page 0 is used
/// a second time and stays; page 1 is not, and goes.
#[test]
fn s6_sieve_does_not_count_the_access_that_brought_a_page_in() {
    faults("sieve", 3, &[0, 0, 1, 2, 3, 0], 4);
    // Nor a store that faults: page 0 is stored to again, and pages 1 and 2 are not.
    let machine = textbook("sieve", 3);
    let references = vec![write(0), write(0), write(1), write(2), write(3), write(0), read(1)];
    let swapped = json!({"op": "expect", "process": "p", "page": 2, "pte": "swapped"});
    let script = script(references, vec![expect("faults", 5), swapped]);
    hold(&scenario(machine, virtual_cpus(1), script));
}

/// Page 1 is used after the hand has passed it, so page 2 goes before it.
#[test]
fn s6_wsclock_passes_over_what_was_used_since_the_hand_came_by() {
    let string = [0, 1, 2, 3, 1, 4, 1];
    faults("fifo", 3, &string, 6);
    faults("clock", 3, &string, 5);
    faults("wsclock", 3, &string, 5);
}

/// Carr and Hennessy (1981): what was not used within the window goes, wherever it stands, and a clean page
/// before a dirty one.
#[test]
fn s6_wsclock_evicts_what_has_left_the_working_set_and_clean_pages_first() {
    let is = |page: u32, state: &str| json!({"op": "expect", "process": "p", "page": page, "pte": state});
    // The fault on page 4 finds all four pages used, at reference 5, and takes the first. When page 5
    // comes, page 3 is in use; 1 and 2 were not used within the last two references, and 2 is clean.
    let references = vec![read(0), write(1), read(2), read(3), read(4), read(3), read(3), read(3)];
    let steps = [
        (read(5), vec![is(2, "zero"), expect("swap_writes", 0)]),
        // Of what is left only the dirty page is out of use.
        (read(6), vec![is(1, "swapped"), expect("swap_writes", 1)]),
        (read(5), vec![]),
        // Everything is in use now: pages 3 and 4 longest ago, of which the hand meets 3 first.
        (read(7), vec![is(3, "zero"), is(5, "valid"), expect("swap_writes", 1)]),
    ];
    let mut machine = textbook("wsclock", 4);
    machine["working_set_window"] = 2.into();
    let mut rig = Rig::after(machine, virtual_cpus(1), &script(references, vec![]));
    for (reference, expected) in steps {
        rig.apply(reference);
        expected.into_iter().for_each(|op| {
            rig.apply(op);
        });
    }
    rig.close();
}

/// Tanenbaum, "Modern Operating Systems", the problem on aging: accessed bits of four pages over eight ticks
/// leave the counters 6E, 49, 37 and 8B, and page 2 goes.
#[test]
fn s6_aging_has_the_counters_of_tanenbaums_problem_and_page_2_goes() {
    let bits = ["0111", "1011", "1010", "1101", "0010", "1010", "1100", "0001"];
    for runtime in [virtual_cpus(1), threads()] {
        let mut machine = textbook("aging", 4);
        machine["clock_tick"] = json!({"unit": "references", "every": 4});
        // The four pages come in; after eight ticks more nothing of that is left in their counters.
        let mut references: Vec<Value> = (0..4).map(read).collect();
        for row in bits {
            let used: Vec<u32> =
                (0..4).filter(|page| row.as_bytes()[*page as usize] == b'1').collect();
            references.extend((0..4).map(|at| read(used[at % used.len()])));
        }
        let mut rig = Rig::after(machine, runtime, &script(references, vec![]));
        let machine = rig.machine();
        let counters: Vec<u64> = (0..4)
            .map(|page| machine.note(rig.pte("p", page).frame()))
            .map(|note| note.load(std::sync::atomic::Ordering::Relaxed))
            .collect();
        assert_eq!(counters, [0x6e, 0x49, 0x37, 0x8b]);
        rig.apply(read(4));
        assert_eq!(rig.pte("p", 2).format(), PteFormat::Zero);
        for page in [0, 1, 3, 4] {
            assert_eq!(rig.pte("p", page).format(), PteFormat::Valid, "page {page}");
        }
        rig.close();
    }
}

#[test]
fn s6_a_tick_that_is_left_out_suits_its_unit_and_the_machine() {
    let every = |machine: Value| {
        let machine = scenario(machine, virtual_cpus(1), json!([])).machine;
        (machine.clock_tick.every, machine.working_set_window)
    };
    assert_eq!(every(json!({})), (8, 512));
    assert_eq!(every(json!({"frames": 8})), (1, 64));
    assert_eq!(every(json!({"frames": 4096})), (512, 32_768));
    assert_eq!(every(json!({"frames": 4096, "clock_tick": {"every": 7}})).0, 7);
    assert_eq!(every(json!({"frames": 100, "clock_tick": {"unit": "references"}})).0, 800);
    assert_eq!(every(json!({"clock_tick": {"unit": "nanoseconds"}})).0, 1_000_000);
    assert_eq!(every(json!({"frames": 100, "working_set_window": 5})).1, 5);
}

/// The classes of enhanced second chance and of NRU: unused goes before used, and clean before dirty.
#[test]
fn s6_the_lowest_class_of_used_and_dirty_goes() {
    let cases: [(&str, Vec<Value>, u32); 6] = [
        // All are used, and the hand clears that: the first clean page goes, else the first dirty one.
        ("clock-dirty", vec![write(1), read(2), read(3), read(4)], 2),
        ("clock-dirty", vec![write(1), write(2), write(3), read(4)], 1),
        // Pages 3 and 4 are used, page 1 is dirty and not.
        ("clock-dirty", vec![write(1), read(2), read(3), read(4), read(3), read(5)], 1),
        // The tick after four references clears what is used. Page 1 is dirty, page 2 used, page 3 neither.
        ("nru", vec![write(1), read(2), read(3), read(3), read(2), read(4)], 3),
        ("nru", vec![write(1), read(2), read(3), read(3), read(2), read(3), read(4)], 1),
        ("nru", vec![write(1), read(2), write(3), read(3), read(1), read(2), read(3), read(4)], 2),
    ];
    for (policy, references, gone) in cases {
        let mut machine = textbook(policy, 3);
        machine["clock_tick"] = json!({"unit": "references", "every": 4});
        let resident = |page: &u32, rig: &Rig| rig.pte("p", *page).format() == PteFormat::Valid;
        let last = references.last().unwrap().clone();
        let first = references[..references.len() - 1].to_vec();
        let mut rig = Rig::after(machine, virtual_cpus(1), &script(first, vec![]));
        let before: Vec<u32> = (0..6).filter(|page| resident(page, &rig)).collect();
        rig.apply(last);
        let left: Vec<u32> = before.into_iter().filter(|page| !resident(page, &rig)).collect();
        assert_eq!(left, [gone], "{policy}: {references:?}");
        rig.close();
    }
}

/// What happened on the machine since the last look: faults with their victims, and where each page came.
fn observed(session: &Session, place: &mut Place) -> Vec<(Fault, u32)> {
    let mut records = Vec::new();
    assert_eq!(session.machine().trace.read(0, place, &mut records), 0, "no event was missed");
    let mut faults: Vec<(Fault, u32)> = Vec::new();
    for event in records.into_iter().map(|record| record.event) {
        let page = event.number;
        match event.kind {
            EventKind::FaultBegin => faults.push((Fault { page, victim: None }, 0)),
            EventKind::Pte => {
                let (old, new) = (Pte(event.a).format(), Pte(event.b).format());
                let Some((fault, frame)) = faults.last_mut() else { continue };
                if old == PteFormat::Valid && new == PteFormat::Transition {
                    assert_eq!(fault.victim.replace(page), None, "one victim for a fault");
                } else if old != PteFormat::Valid && new == PteFormat::Valid {
                    assert_eq!(fault.page, page);
                    *frame = Pte(event.b).frame().0;
                }
            }
            _ => {}
        }
    }
    faults
}

/// References replayed at one time, few enough that the rings keep all that happens.
const AT_ONCE: usize = 400;

/// Runs a string on the machine and on the reference: the same faults, and the same victims. Returns how
/// many faults there were.
fn compare(string: &[Access], frames: u32, settings: &Settings) -> u64 {
    let pages = string.iter().map(|access| access.page).max().unwrap() + 1;
    // How the PTEs of a frame are found makes no difference to one CPU.
    let (rmap, isolate) = [("tree", false), ("tree", true), ("family", true), ("owner", true)]
        [(settings.seed % 4) as usize];
    let machine = json!({"frames": frames, "slots": pages, "cpus": 1, "eviction": "synchronous",
        "policy": settings.policy, "rmap": rmap, "isolate": isolate, "reads": "allocate", "zeroer": false,
        "clock_tick": {"unit": settings.tick.0, "every": settings.tick.1},
        "working_set_window": settings.window});
    let mut traces = Traces::default();
    let parts: Vec<_> = string.chunks(AT_ONCE).collect();
    for (number, part) in parts.iter().enumerate() {
        traces.attach(format!("part {number}"), part.to_vec());
    }
    let scenario = scenario(machine, virtual_cpus(settings.seed), json!([]));
    let mut session = Session::open(&scenario, traces).unwrap();
    session.start_threads().unwrap();
    session.observe(Detail::Changes);
    let apply = |session: &mut Session, op: Value| {
        let op = parse_op(&op.to_string(), &session.machine().options).unwrap();
        let outcome = session.apply(&op, "/op");
        assert!(outcome.ok, "{:?}", outcome.failures);
    };
    apply(&mut session, json!({"op": "spawn", "as": "p", "pages": pages}));
    let protected = session.machine().protected_frames();
    let settings =
        Settings { frames: (frames - protected) as usize, machine: frames, ..settings.clone() };
    let mut reference = Reference::new(settings.clone());
    let mut place = Place::default();
    let mut count = 0;
    for (number, part) in parts.into_iter().enumerate() {
        let pattern = json!({"trace": format!("part {number}")});
        apply(&mut session, json!({"op": "run", "process": "p", "pattern": pattern}));
        let mut found = observed(&session, &mut place).into_iter();
        for access in part {
            let mut next = None;
            if !reference.has(access.page) {
                next = found.next();
            }
            let frame = next.map_or(0, |(_, frame)| frame);
            let expected = reference.refer(access.page, access.write, || frame);
            count += u64::from(expected.is_some());
            assert_eq!(next.map(|(fault, _)| fault), expected, "fault {count} under {settings:?}");
        }
        assert_eq!(found.next(), None, "under {settings:?}");
    }
    let report = session.finish();
    assert!(report.ok, "{settings:?}: {:#?}", report.failures);
    assert_eq!(report.counters.faults, count);
    count
}

/// A recording of a real program that is shipped.
fn shipped(name: &str) -> Vec<Access> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../traces").join(name);
    let mut text = String::new();
    let packed = std::fs::File::open(file).unwrap();
    flate2::read::GzDecoder::new(packed).read_to_string(&mut text).unwrap();
    parse_trace(&text).unwrap()
}

#[test]
fn s6_each_policy_is_its_reference_on_recorded_programs() {
    for (name, frames) in [("sort.gz", 80), ("perl.gz", 200)] {
        let string = shipped(name);
        for policy in POLICIES {
            let settings = Settings {
                policy,
                frames: 0,
                machine: 0,
                tick: ("faults", u64::from(frames / 8)),
                window: u64::from(frames) * 8,
                seed: 1,
            };
            let faults = compare(&string, frames, &settings);
            println!("{name} in {frames} frames under {policy}: {faults} faults");
        }
    }
}

/// A string with some order in it: most references are near the last, some anywhere, some repeat a loop.
fn random_string(random: &mut Random) -> Vec<Access> {
    let pages = 4 + random.below(20);
    let length = 20 + random.below(180);
    let writes = random.below(4);
    let mut at = 0;
    (0..length)
        .map(|_| {
            at = match random.below(4) {
                0 => random.below(pages),
                1 => (at + 1) % pages,
                2 => random.below(1 + pages / 3),
                _ => at,
            };
            Access { page: at as u32, write: random.below(4) < writes }
        })
        .collect()
}

#[test]
fn s6_each_policy_is_its_reference_on_a_thousand_random_strings() {
    let mut random = Random::new(14);
    let mut evictions = 0;
    for seed in 0..1000 {
        let string = random_string(&mut random);
        let frames = 8 + random.below(10) as u32;
        let unit = ["references", "faults"][random.below(2) as usize];
        let tick = (unit, 1 + random.below(12));
        let window = 1 + random.below(30);
        for policy in POLICIES {
            let settings = Settings { policy, frames: 0, machine: 0, tick, window, seed };
            evictions += compare(&string, frames, &settings).saturating_sub(u64::from(frames));
        }
    }
    assert!(evictions > 100_000, "{evictions}");
}

/// The machine that counts the misses of published traces has exactly the frames it says.
#[test]
fn s6_the_misses_of_a_published_trace_are_those_of_the_reference() {
    let mut random = Random::new(5);
    // More pages than a page table has.
    let trace: Vec<Access> = (0..4000)
        .map(|_| {
            let (hot, cold) = (random.below(50), random.below(2000));
            let page = if random.below(2) == 0 { hot } else { cold };
            Access { page: page as u32, write: false }
        })
        .collect();
    for frames in [1, 5, 64, 500] {
        for policy in ["fifo", "clock", "lru", "sieve"] {
            let tick = ("faults", 1);
            let frames_left = frames as usize;
            let settings =
                Settings { policy, frames: frames_left, machine: 0, tick, window: 1, seed: 0 };
            let mut reference = Reference::new(settings);
            let faults =
                trace.iter().filter_map(|access| reference.refer(access.page, false, || 0));
            let report = run_in(&trace, policy, frames).unwrap();
            assert_eq!(report.counters.faults, faults.count() as u64, "{policy} in {frames}");
        }
    }
}
