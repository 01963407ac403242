//! Tests contents (P7 to P9, P13): values that are read and written, and a frame's old bytes.

use std::sync::atomic::Ordering;

use faultline::memory::{PAGE_WORDS, Pte, PteFormat, Vpn};
use faultline::observe::Counter;
use serde_json::json;

use crate::support::rig::Rig;
use crate::support::{runtimes, threads};

#[test]
fn p7_the_simulated_memory_is_real_bytes_at_one_place() {
    let script = json!([
        {"op": "spawn", "as": "a", "pages": 4},
        {"op": "write", "process": "a", "page": 2, "offset": 24, "value": 42}
    ]);
    let mut rig = Rig::after(json!({}), threads(), &script);
    let (machine, layout) = (rig.machine(), rig.session.layout());
    for frame in 0..machine.pfns.count() {
        let address = layout.parts.frame_bytes.address_of(frame as usize);
        assert_eq!(machine.frames.words(frame).as_ptr().addr(), address);
    }
    let frame = rig.pte("a", 2).frame();
    assert_eq!(machine.frames.word(frame.0, 3).load(Ordering::Relaxed), 42);
    rig.apply(json!({"op": "evict", "process": "a", "page": 2}));
    let slot = rig.pte("a", 2).slot();
    assert_eq!(rig.machine().swap.page(slot).unwrap()[3], 42);
    rig.close();
}

#[test]
fn p8_a_peek_never_faults_and_changes_nothing() {
    let mut formats = Vec::new();
    for runtime in runtimes() {
        let mut rig = Rig::after(
            json!({"frames": 24, "reads": "peek", "cpus": 1}),
            runtime,
            &json!([
                {"op": "spawn", "as": "a", "pages": 40},
                {"op": "run", "process": "a", "pattern": "sequential", "pages": [0, 30],
                 "writes": 1.0},
                {"op": "write", "process": "a", "page": 30, "value": 5},
                {"op": "write", "process": "a", "page": 31, "value": 6},
                {"op": "evict", "process": "a", "page": 30},
                {"op": "settle"}
            ]),
        );
        formats.extend((0..40).map(|page| rig.pte("a", page).format()));
        let (before, faults) = (rig.state(), rig.counter(Counter::Faults));
        for page in 0..40 {
            let value = rig.apply(json!({"op": "read", "process": "a", "page": page}));
            let expected = match page {
                30 => 5,
                31 => 6,
                _ => 0,
            };
            assert_eq!(value, Some(expected));
        }
        assert_eq!(rig.state(), before);
        assert_eq!(rig.counter(Counter::Faults), faults);
        rig.close();
    }
    use PteFormat::{Swapped, Transition, Valid, Zero};
    for format in [Zero, Valid, Transition, Swapped] {
        assert!(formats.contains(&format), "{format:?}");
    }
}

#[test]
fn p9_a_write_is_stored_or_returns_an_error() {
    for runtime in runtimes() {
        let mut rig = Rig::new(json!({"frames": 8, "slots": 0}), runtime);
        rig.apply(json!({"op": "spawn", "as": "a", "pages": 12}));
        let mut stored = Vec::new();
        for page in 0..14 {
            let op = json!({"op": "write", "process": "a", "page": page, "value": page + 1});
            if rig.attempt(&op).code.is_none() {
                stored.push(page);
            }
        }
        assert_eq!(stored, [0, 1, 2, 3, 4]);
        for page in 0..12 {
            let expected = if stored.contains(&page) { page + 1 } else { 0 };
            let op = json!({"op": "read", "process": "a", "page": page, "expect": expected});
            rig.apply(op);
        }
    }
}

/// A write to a page that may never be written fails, and the PTE says so whatever else it says.
fn refuses(rig: &mut Rig, process: &str, page: u32, value: u64) {
    let refused = |rig: &mut Rig| {
        let pte = rig.pte(process, page);
        assert!(pte.is_read_only() && !pte.is_writable(), "{process} {page}: {pte:?}");
        rig.apply(json!({"op": "write", "process": process, "page": page, "value": 9,
            "fails": "read-only"}));
    };
    // As it is, and mapped.
    refused(rig);
    rig.apply(json!({"op": "read", "process": process, "page": page, "expect": value}));
    refused(rig);
    rig.apply(json!({"op": "read", "process": process, "page": page, "expect": value}));
}

/// A page that may never be written may not be written when it comes back from swap, when it is shared,
/// and when its last sharer has it alone.
#[test]
fn p9_a_read_only_page_stays_read_only_wherever_it_goes() {
    for (early_release, locks) in [(true, "entry"), (true, "table"), (false, "machine")] {
        for runtime in runtimes() {
            let mut rig = Rig::after(
                json!({"reads": "allocate", "pte_locks": locks, "early_release": early_release}),
                runtime,
                &json!([{"op": "spawn", "as": "a", "pages": 1},
                    {"op": "map", "process": "a", "pages": 2, "read_only": true},
                    {"op": "write", "process": "a", "page": 0, "value": 7}]),
            );
            // A page of zeros, one of zeros in a frame, and one with something in it that is made
            // read-only afterwards, so that it is worth a slot.
            rig.apply(json!({"op": "read", "process": "a", "page": 1}));
            let machine = rig.machine();
            let process = machine.processes.get(rig.process("a"));
            let cell = machine.pte(process, Vpn(0)).unwrap();
            let protected = rig.pte("a", 0).protected_as(Pte::READ_ONLY);
            cell.store(protected.0, Ordering::SeqCst);
            let pages = [(0, 7), (1, 0), (2, 0)];
            let everybody_is_refused = |names: &[&str], rig: &mut Rig| {
                for (page, value) in pages {
                    rig.apply(json!({"op": "evict", "process": names[0], "page": page}));
                    for name in names {
                        refuses(rig, name, page, value);
                    }
                }
            };
            everybody_is_refused(&["a"], &mut rig);
            assert_eq!(rig.counter(Counter::Copies), 0);
            rig.apply(json!({"op": "fork", "process": "a", "as": "b"}));
            everybody_is_refused(&["a", "b"], &mut rig);
            everybody_is_refused(&["b", "a"], &mut rig);
            rig.apply(json!({"op": "kill", "process": "a"}));
            for (page, value) in pages {
                refuses(&mut rig, "b", page, value);
            }
            everybody_is_refused(&["b"], &mut rig);
            assert!(rig.counter(Counter::SwapReads) > 3);
            rig.close();
        }
    }
}

#[test]
fn p13_physical_memory_starts_zero() {
    let rig = Rig::new(json!({}), threads());
    let frames = &rig.machine().frames;
    assert!((0..frames.count() as u32).all(|frame| frames.snapshot(frame).all(|word| word == 0)));
    rig.close();
}

#[test]
fn p13_a_reused_frame_shows_nothing_of_its_past() {
    for zeroer in [true, false] {
        for runtime in runtimes() {
            let mut rig = Rig::new(
                json!({"frames": 16, "slots": 64, "reads": "allocate", "zeroer": zeroer}),
                runtime,
            );
            for generation in 0..3 {
                let name = format!("p{generation}");
                rig.apply(json!({"op": "spawn", "as": name, "pages": 16}));
                for page in 0..16 {
                    let value = rig.apply(json!({"op": "read", "process": name, "page": page}));
                    assert_eq!(value, Some(0));
                    let clean = Vpn(page);
                    let machine = rig.machine();
                    let process = machine.processes.get(rig.process(&name));
                    let pte = machine.load(machine.pte(process, clean).unwrap());
                    if pte.format() == PteFormat::Valid {
                        let words = machine.frames.snapshot(pte.frame().0);
                        assert_eq!(words.filter(|word| *word == 0).count(), PAGE_WORDS);
                    }
                    for offset in [0, 1024, 4088] {
                        rig.apply(json!({"op": "write", "process": name, "page": page,
                            "offset": offset, "value": 77}));
                    }
                }
                rig.apply(json!({"op": "kill", "process": name}));
            }
            rig.close();
        }
    }
}
