//! Tests relatives (P5, P6, P10 to P12): which processes share a page, and which of them copies it.

use faultline::memory::{Pfn, Pte, PteFormat, Slot};
use faultline::observe::Counter;
use serde_json::{Value, json};

use crate::support::rig::Rig;
use crate::support::{hold, holds, runtimes, scenario, threads, virtual_cpus};

/// Describes the machine as two relatives see it, in the order in which they are named: their PTEs with frames
/// and slots numbered as they come, and the entries of those frames. The accessed and dirty bits, which show
/// which process touched a shared page before the fork, are left out.
fn seen_by(rig: &Rig, names: [&str; 2], pages: u32) -> Vec<(PteFormat, bool, u32, u64)> {
    const TOUCHED: u64 = 0b1_1000;
    let machine = rig.machine();
    let (mut frames, mut slots) = (Vec::<Pfn>::new(), Vec::<Slot>::new());
    let mut seen = Vec::new();
    for name in names {
        for page in 0..pages {
            let pte = Pte(rig.pte(name, page).0 & !TOUCHED);
            let (number, entry) = match pte.format() {
                PteFormat::Zero => (0, 0),
                PteFormat::Valid | PteFormat::Transition => {
                    let entry = machine.pfns.peek(pte.frame());
                    let facts = u64::from(entry.share()) << 2
                        | u64::from(entry.is_dirty()) << 1
                        | u64::from(entry.slot().is_some());
                    (place(&mut frames, pte.frame()), facts)
                }
                PteFormat::Swapped => {
                    (place(&mut slots, pte.slot()), machine.swap.count(pte.slot()).into())
                }
            };
            seen.push((pte.format(), pte.is_writable(), number, entry));
        }
    }
    seen
}

fn place<T: PartialEq>(known: &mut Vec<T>, what: T) -> u32 {
    if let Some(place) = known.iter().position(|other| *other == what) {
        return place as u32;
    }
    known.push(what);
    known.len() as u32 - 1
}

#[test]
fn p5_parent_and_child_can_be_exchanged() {
    const PAGES: u32 = 6;
    for seed in 0..40 {
        let mut random = faultline::runtime::Random::new(seed);
        let mut ops = Vec::new();
        for value in 0..24 {
            let relative = random.below(2) as usize;
            let page = random.below(PAGES.into());
            let op = match random.below(4) {
                0 | 1 => json!({"op": "write", "page": page, "value": value}),
                2 => json!({"op": "read", "page": page}),
                _ => json!({"op": "evict", "page": page}),
            };
            ops.push((relative, op));
        }
        let outcome = |names: [&str; 2]| {
            let mut rig = Rig::new(json!({"frames": 64}), virtual_cpus(seed));
            rig.apply(json!({"op": "spawn", "as": "parent", "pages": PAGES}));
            for page in 0..PAGES - 1 {
                rig.apply(json!({"op": "write", "process": "parent", "page": page, "value": 99}));
            }
            rig.apply(json!({"op": "fork", "process": "parent", "as": "child"}));
            let mut values = Vec::new();
            for (relative, op) in &ops {
                let mut op = op.clone();
                op["process"] = names[*relative].into();
                values.push(rig.apply(op));
            }
            rig.apply(json!({"op": "settle"}));
            let seen = seen_by(&rig, names, PAGES);
            let counters = [
                Counter::Faults,
                Counter::Copies,
                Counter::Reuses,
                Counter::WriteProtect,
                Counter::SwapReads,
                Counter::SwapWrites,
            ];
            (values, seen, counters.map(|counter| rig.counter(counter)))
        };
        assert_eq!(outcome(["parent", "child"]), outcome(["child", "parent"]), "seed {seed}");
    }
}

fn orders(names: &[&'static str]) -> Vec<Vec<&'static str>> {
    if names.is_empty() {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for first in names {
        let rest: Vec<_> = names.iter().copied().filter(|name| name != first).collect();
        for mut order in orders(&rest) {
            order.insert(0, first);
            all.push(order);
        }
    }
    all
}

#[test]
fn p6_sharers_can_be_killed_in_any_order() {
    const FAMILY: [&str; 4] = ["a", "b", "c", "d"];
    for (number, order) in orders(&FAMILY).into_iter().enumerate() {
        let mut script = vec![
            json!({"op": "spawn", "as": "a", "pages": 8}),
            json!({"op": "run", "process": "a", "pattern": "sequential", "writes": 1.0}),
        ];
        // Page 0 is shared by all on swap, 1 is shared by all in a frame, of 2 each has its own.
        for page in 0..2 {
            script.push(json!({"op": "write", "process": "a", "page": page, "value": 50 + page}));
        }
        for (parent, child) in [("a", "b"), ("b", "c"), ("a", "d")] {
            script.push(json!({"op": "fork", "process": parent, "as": child}));
        }
        for (value, name) in FAMILY.iter().enumerate() {
            script.push(json!({"op": "write", "process": name, "page": 2, "value": value}));
        }
        script.push(json!({"op": "evict", "process": "c", "page": 0}));
        for (killed, name) in order.iter().enumerate() {
            script.push(json!({"op": "kill", "process": name}));
            for survivor in &order[killed + 1..] {
                let own = FAMILY.iter().position(|name| name == survivor);
                for (page, value) in [(0, Some(50)), (1, Some(51)), (2, own)] {
                    script.push(json!({"op": "read", "process": survivor, "page": page,
                        "expect": value}));
                }
            }
            script.push(json!({"op": "audit"}));
        }
        let script = Value::Array(script);
        for runtime in [threads(), virtual_cpus(number as u64), virtual_cpus(number as u64 + 100)] {
            let mut rig = Rig::after(json!({"slots": 30}), runtime, &script);
            assert_eq!(rig.audit(), [""; 0]);
            assert_eq!(rig.machine().protected_frames(), 1);
            assert_eq!(rig.machine().swap.free(), 30);
            rig.close();
        }
    }
}

#[test]
fn p10_fork_copies_no_data_and_charges_the_tables() {
    for runtime in runtimes() {
        let mut rig = Rig::after(
            json!({"frames": 96, "pte_locks": {"region": 8}}),
            runtime,
            &json!([
                {"op": "spawn", "as": "a", "pages": 600},
                {"op": "run", "process": "a", "pattern": "sequential", "pages": [500, 530],
                 "writes": 1.0},
                {"op": "evict", "process": "a", "page": 505}
            ]),
        );
        let protected = rig.machine().protected_frames();
        rig.apply(json!({"op": "fork", "process": "a", "as": "b"}));
        assert_eq!(rig.machine().protected_frames(), protected + 3);
        assert_eq!(rig.counter(Counter::Copies), 0);
        for page in 500..530 {
            let (parent, child) = (rig.pte("a", page), rig.pte("b", page));
            assert!(!parent.is_writable() && !child.is_writable());
            assert_eq!(parent.format(), child.format());
            if page == 505 {
                assert_eq!(rig.machine().swap.count(parent.slot()), 2);
                assert_eq!(parent.slot(), child.slot());
            } else {
                assert_eq!(rig.machine().pfns.peek(parent.frame()).share(), 2);
                assert_eq!(parent.frame(), child.frame());
            }
        }
        rig.close();
    }
}

#[test]
fn p11_the_copy_is_writable_and_the_old_mapping_stays_read_only() {
    for (writer, other) in [("a", "b"), ("b", "a")] {
        for runtime in runtimes() {
            let mut rig = Rig::after(
                json!({}),
                runtime,
                &json!([
                    {"op": "spawn", "as": "a", "pages": 4},
                    {"op": "write", "process": "a", "page": 1, "value": 3},
                    {"op": "fork", "process": "a", "as": "b"}
                ]),
            );
            let shared = rig.pte("a", 1).frame();
            rig.apply(json!({"op": "write", "process": writer, "page": 1, "value": 4}));
            assert!(rig.pte(writer, 1).is_writable());
            assert_ne!(rig.pte(writer, 1).frame(), shared);
            assert!(!rig.pte(other, 1).is_writable());
            assert_eq!(rig.pte(other, 1).frame(), shared);
            rig.apply(json!({"op": "read", "process": other, "page": 1, "expect": 3}));
            rig.close();
        }
    }
}

/// Children of one parent, then children of children.
fn sharers(count: u64, chain: bool) -> (Vec<String>, Vec<Value>) {
    let name = |number: u64| format!("p{number}");
    let mut script = vec![
        json!({"op": "spawn", "as": name(0), "pages": 4}),
        json!({"op": "write", "process": name(0), "page": 1, "value": 1}),
    ];
    for number in 1..count {
        let parent = if chain { number - 1 } else { 0 };
        script.push(json!({"op": "fork", "process": name(parent), "as": name(number)}));
    }
    ((0..count).map(name).collect(), script)
}

fn each_writes(names: &[String]) -> Vec<Value> {
    let write = |(value, name): (usize, &String)| json!({"op": "write", "process": name, "page": 1, "value": value + 10});
    names.iter().enumerate().map(write).collect()
}

fn all_have_written(count: u64) -> Vec<Value> {
    let read = |number: u64| json!({"op": "read", "process": format!("p{number}"), "page": 1, "expect": number + 10});
    let mut script: Vec<_> = (0..count).map(read).collect();
    script.push(json!({"op": "expect", "counter": "copies", "equals": count - 1}));
    script.push(json!({"op": "expect", "counter": "reuses", "equals": 1}));
    script
}

#[test]
fn p12_of_k_sharers_all_but_one_copy() {
    for count in [2, 3, 5, 8] {
        for chain in [false, true] {
            let (names, mut script) = sharers(count, chain);
            script.extend(each_writes(&names));
            script.extend(all_have_written(count));
            holds(&json!({}), &Value::Array(script));
        }
    }
}

#[test]
fn p12_of_k_sharers_of_a_slot_all_but_one_copy() {
    for count in [2, 3, 5, 8] {
        let (names, mut script) = sharers(count, true);
        script.push(json!({"op": "evict", "process": "p1", "page": 1}));
        for name in &names {
            let swapped = json!({"op": "expect", "process": name, "page": 1, "pte": "swapped"});
            script.push(swapped);
        }
        script.extend(each_writes(&names));
        script.extend(all_have_written(count));
        holds(&json!({}), &Value::Array(script));
    }
}

#[test]
fn p12_of_k_sharers_that_write_at_once_all_but_one_copy() {
    for evicted in [false, true] {
        let (names, mut script) = sharers(4, false);
        if evicted {
            script.push(json!({"op": "evict", "process": "p0", "page": 1}));
        }
        let lists: Vec<_> = each_writes(&names).into_iter().map(|op| json!([op])).collect();
        script.push(json!({"op": "together", "scripts": lists}));
        script.extend(all_have_written(4));
        let script = Value::Array(script);
        for early_release in [true, false] {
            let machine = json!({"cpus": 4, "early_release": early_release});
            for seed in 0..60 {
                hold(&scenario(machine.clone(), virtual_cpus(seed), script.clone()));
            }
            for _ in 0..5 {
                hold(&scenario(machine.clone(), threads(), script.clone()));
            }
        }
    }
}

/// Under `lazy` a copy begins no shootdown, and the last sharer waits for those who may read what copies have left:
/// once for all of it, because it was left before the epoch that the first wait begins.
#[test]
fn p12_copies_that_wait_for_nobody_are_as_many_and_the_last_sharer_waits_once() {
    const PAGES: u64 = 64;
    let run = |process: &str| json!({"op": "run", "process": process, "pattern": "sequential", "cpus": 4, "writes": 1, "seed": 1});
    let expect =
        |counter: &str, count: u64| json!({"op": "expect", "counter": counter, "equals": count});
    let script = json!([
        {"op": "spawn", "as": "parent", "pages": PAGES}, run("parent"),
        {"op": "fork", "process": "parent", "as": "child"},
        run("child"), expect("copies", PAGES), expect("reuses", 0),
        run("parent"), expect("copies", PAGES), expect("reuses", PAGES), {"op": "audit"}
    ]);
    let shootdowns = |shootdown: &str, runtime: Value| {
        let machine = json!({"frames": 256, "cpus": 4, "shootdown": shootdown});
        hold(&scenario(machine, runtime, script.clone())).counters.shootdowns
    };
    for seed in 0..20 {
        let lazy = shootdowns("lazy", virtual_cpus(seed));
        assert!((1..=4).contains(&lazy), "each CPU once at most: {lazy}");
        assert!(shootdowns("batched", virtual_cpus(seed)) > PAGES / 2);
        // Where no CPU has met another, nobody waits at all.
        assert!(shootdowns("lazy", threads()) <= 4);
    }
}
