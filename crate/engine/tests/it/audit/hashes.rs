//! Tests the hashes of a machine: each sees every part of the state that it says it covers, and no other.

use std::collections::BTreeSet;
use std::sync::atomic::Ordering;

use faultline::audit::{contents_hash, holdings_hash, image_hash, standing_hash};
use faultline::machine::Machine;
use faultline::memory::{Key, PAGE_WORDS, Pfn, Process, ProcessId, ProcessState, Slot, Vpn};
use faultline::observe::Counter;
use faultline::runtime::Presence;
use serde_json::json;

use crate::support::rig::Rig;
use crate::support::virtual_cpus;

/// A machine at rest of whose process `a` page 0 is in memory, page 1 on swap and page 2 never written.
fn rig() -> Rig {
    Rig::after(
        json!({"frames": 32, "slots": 8, "cpus": 2, "free_lists": 1, "cpu_cache": 2,
            "zeroer": false, "dispatch": "manual"}),
        virtual_cpus(1),
        &json!([
            {"op": "spawn", "as": "a", "pages": 4},
            {"op": "write", "process": "a", "page": 0, "value": 1},
            {"op": "write", "process": "a", "page": 1, "value": 2},
            {"op": "write", "process": "a", "page": 3, "value": 3},
            {"op": "evict", "process": "a", "page": 1},
            {"op": "settle"}
        ]),
    )
}

fn process(rig: &Rig) -> &Process {
    rig.machine().processes.get(rig.process("a"))
}

/// The frame of page 0.
fn frame(rig: &Rig) -> Pfn {
    rig.pte("a", 0).frame()
}

/// The slot of page 1.
fn slot(rig: &Rig) -> Slot {
    rig.pte("a", 1).slot()
}

fn free_frame(machine: &Machine) -> Pfn {
    machine.lists.first(machine.lists.free(0)).unwrap()
}

fn contents(rig: &Rig) -> u64 {
    contents_hash(rig.machine(), [("a", rig.process("a"))].into_iter()).unwrap()
}

/// Returns the hashes: of the image, of what is in use, of what decides how the machine goes on, of contents.
fn hashes(rig: &Rig) -> [u64; 4] {
    let machine = rig.machine();
    [image_hash(machine), holdings_hash(machine), standing_hash(machine), contents(rig)]
}

/// A change of one part of the state, and which of the hashes, in their order, see it.
type Change = (&'static str, [bool; 4], fn(&Rig));

const YES: bool = true;
const NO: bool = false;

const CHANGES: &[Change] = &[
    ("a word of a page in memory", [YES, YES, NO, YES], |rig| {
        rig.machine().frames.word(frame(rig).0, 9).store(1, Ordering::Relaxed);
    }),
    ("a word that was not zero", [YES, YES, NO, YES], |rig| {
        rig.machine().frames.word(frame(rig).0, 0).store(5, Ordering::Relaxed);
    }),
    ("the bytes of a slot in use", [YES, YES, NO, YES], |rig| {
        let swap = &rig.machine().swap;
        swap.write(slot(rig), &rig.machine().frames, frame(rig)).unwrap();
    }),
    ("the bytes of a free slot", [NO; 4], |rig| {
        let swap = &rig.machine().swap;
        let free = (1..=swap.slots()).map(Slot).find(|slot| swap.is_free(*slot)).unwrap();
        swap.write(free, &rig.machine().frames, frame(rig)).unwrap();
    }),
    ("the bytes of a free frame", [YES, NO, NO, NO], |rig| {
        let free = free_frame(rig.machine());
        rig.machine().frames.word(free.0, 1).fetch_add(1, Ordering::Relaxed);
    }),
    ("a frame's entry", [YES, YES, YES, NO], |rig| {
        rig.machine().pfns.corrupt(frame(rig), |entry| entry.set_rescued(true));
    }),
    ("a frame's family", [YES, YES, YES, NO], |rig| {
        let Key { family, vpn } = rig.machine().pfns.key(frame(rig));
        rig.machine().pfns.set_key(frame(rig), Key { family: family + 1, vpn });
    }),
    ("a frame's page number", [YES, YES, YES, NO], |rig| {
        let Key { family, .. } = rig.machine().pfns.key(frame(rig));
        rig.machine().pfns.set_key(frame(rig), Key { family, vpn: Vpn(9) });
    }),
    ("the order of a list", [YES, YES, NO, NO], |rig| {
        let lists = &rig.machine().lists;
        let (active, [first, second]) = (lists.active(0), [frame(rig), rig.pte("a", 3).frame()]);
        for frame in [second, first] {
            lists.remove(active, frame);
            lists.push_back(active, frame);
        }
    }),
    ("the length of a list", [YES, NO, YES, NO], |rig| {
        let lists = &rig.machine().lists;
        lists.pop_front(lists.free(0)).unwrap();
    }),
    ("a slot's count", [YES, YES, YES, NO], |rig| rig.machine().swap.add_references(slot(rig), 1)),
    ("a process's state", [YES, YES, YES, NO], |rig| {
        process(rig).set_state(ProcessState::Sleeping);
    }),
    ("a process's size", [YES; 4], |rig| process(rig).set_pages(5)),
    ("a process's parent", [YES, YES, YES, NO], |rig| process(rig).set_parent(Some(ProcessId(3)))),
    ("a PTE", [YES, YES, YES, NO], |rig| {
        let cell = rig.machine().pte(process(rig), Vpn(0)).unwrap();
        let pte = rig.machine().load(cell);
        cell.store(pte.not_accessed().0, Ordering::Relaxed);
        assert_ne!(rig.pte("a", 0), pte);
    }),
    ("the process on a CPU", [YES, YES, NO, NO], |rig| {
        rig.machine().cpus[1].set_current(Some(ProcessId(7)));
    }),
    ("the process that a CPU is in", [YES, NO, NO, NO], |rig| {
        rig.machine().cpus[1].set_inside(Some(rig.process("a")));
    }),
    ("a frame at hand", [YES, NO, NO, NO], |rig| {
        let cpus = &rig.machine().cpus;
        cpus.iter().find_map(|cpu| cpu.steal()).unwrap();
    }),
    ("a counter", [YES, NO, NO, NO], |rig| rig.machine().stats.add(1, Counter::Copies, 1)),
    ("the epoch", [YES, NO, NO, NO], |rig| {
        rig.machine().epochs.advance();
    }),
    ("the epoch that a CPU has seen", [YES, NO, NO, NO], |rig| {
        Presence::new(rig.machine().epochs.clone(), 1).go_online();
    }),
];

#[test]
fn r4_each_hash_sees_what_it_covers_and_nothing_else() {
    for (what, seen, change) in CHANGES {
        let rig = rig();
        let before = hashes(&rig);
        change(&rig);
        let after = hashes(&rig);
        let changed = [0, 1, 2, 3].map(|hash| before[hash] != after[hash]);
        assert_eq!(changed, *seen, "{what}: image, holdings, standing, contents");
    }
}

/// A frame that a CPU holds back for the active list is a part of the image.
#[test]
fn r4_the_image_has_the_arrivals_of_each_cpu() {
    let rig = rig();
    let lists = &rig.machine().lists;
    let frame = lists.pop_front(lists.free(0)).unwrap();
    let image = || image_hash(rig.machine());
    let before = image();
    assert!(lists.arrive(1, frame));
    assert_ne!(image(), before);
}

/// What a process can see has another hash for each word, place, size and name; a page of zeros is like a
/// page never written.
#[test]
fn r2_contents_that_differ_have_different_hashes() {
    let rig = rig();
    let machine = rig.machine();
    let (first, third) = (frame(&rig), rig.pte("a", 3).frame());
    for word in [first, third] {
        machine.frames.word(word.0, 0).store(0, Ordering::Relaxed);
    }
    let zero = contents(&rig);
    let mut images = BTreeSet::from([image_hash(machine)]);
    let mut found = BTreeSet::from([zero]);
    let mut look = |frame: Pfn, word: usize, value: u64| {
        let cell = machine.frames.word(frame.0, word);
        cell.store(value, Ordering::Relaxed);
        let is_new = found.insert(contents(&rig)) && images.insert(image_hash(machine));
        assert!(is_new, "frame {} word {word} value {value:#x}", frame.0);
        cell.store(0, Ordering::Relaxed);
    };
    for word in 0..PAGE_WORDS {
        look(first, word, 7);
        look(third, word, 7);
    }
    (0..64).for_each(|bit| look(first, 1, 1 << bit));
    (0..64).for_each(|bit| look(third, 1, 1 << bit));
    assert_eq!(contents(&rig), zero);

    let letters = || 'a'..='z';
    let names = letters().flat_map(|one| letters().map(move |other| format!("{one}{other}")));
    let of = |name: &str| contents_hash(machine, [(name, rig.process("a"))].into_iter()).unwrap();
    let by_name: BTreeSet<_> = names.map(|name| of(&name)).collect();
    assert_eq!(by_name.len(), 26 * 26);
}

/// Whichever way a page came to be zero, a program sees the same; and the order of processes does not matter.
#[test]
fn r2_contents_that_are_the_same_have_one_hash() {
    let hash = |script: serde_json::Value| {
        let rig = Rig::after(json!({"frames": 16, "cpus": 1}), virtual_cpus(1), &script);
        let (a, b) = (("a", rig.process("a")), ("b", rig.process("b")));
        let of = |named: [(&str, ProcessId); 2]| {
            contents_hash(rig.machine(), named.into_iter()).unwrap()
        };
        assert_eq!(of([a, b]), of([b, a]));
        of([a, b])
    };
    let write = |page: u32, value: u32| json!({"op": "write", "process": "a", "page": page, "value": value});
    let spawn = |name: &str| json!({"op": "spawn", "as": name, "pages": 4});
    let one = hash(json!([spawn("a"), spawn("b"), write(0, 1)]));
    let other =
        hash(json!([spawn("b"), spawn("a"), write(1, 4), write(0, 1), write(1, 0), write(2, 0),
        {"op": "evict", "process": "a", "page": 0}, {"op": "evict", "process": "a", "page": 1}]));
    assert_eq!(one, other);
    assert_ne!(one, hash(json!([spawn("a"), spawn("b"), write(0, 2)])));
}
