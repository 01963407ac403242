//! Tests reading ahead (S20): which pages come with the one that a fault needs, what becomes of them, and that nothing
//! but time depends on it.

use std::ops::Range;

use faultline::memory::{FrameState, PteFormat};
use faultline::observe::Counter;
use serde_json::{Value, json};

use crate::support::devices::{self, Fault, Faults, Transfer};
use crate::support::rig::Rig;
use crate::support::{hold, runtimes, scenario, virtual_cpus};

const WAYS: [&str; 2] = ["slot", "address"];

fn machine(by: &str, read_ahead: u32) -> Value {
    json!({
        "frames": 64, "slots": 64, "cpus": 1, "zeroer": false, "read_ahead": read_ahead, "read_ahead_by": by,
        "trim": {"low": 4, "high": 8, "batch": 4}
    })
}

/// Stores to the last word, which half of a page does not have, of each page of a process, and moves all of them to swap.
fn on_swap(process: &str, pages: u32) -> Vec<Value> {
    let spawn = json!({"op": "spawn", "as": process, "pages": pages});
    let write = |page| json!({"op": "write", "process": process, "page": page, "offset": 4088, "value": page + 1});
    let evict = |page| json!({"op": "evict", "process": process, "page": page});
    [spawn].into_iter().chain((0..pages).map(write)).chain((0..pages).map(evict)).collect()
}

fn read(process: &str, page: u32) -> Value {
    json!({"op": "read", "process": process, "page": page, "offset": 4088, "expect": page + 1})
}

fn read_all(rig: &mut Rig, pages: Range<u32>) {
    for page in pages {
        rig.apply(read("p", page));
    }
}

fn ahead(rig: &Rig) -> [u64; 3] {
    [Counter::ReadAhead, Counter::ReadAheadHits, Counter::ReadAheadMisses]
        .map(|counter| rig.counter(counter))
}

#[test]
fn s20_a_program_that_goes_along_its_pages_finds_them_read_ahead() {
    for by in WAYS {
        for runtime in runtimes() {
            let mut rig = Rig::new(machine(by, 7), runtime);
            rig.all(&on_swap("p", 24).into());
            read_all(&mut rig, 0..24);
            let faults = [Counter::Hard, Counter::Soft].map(|counter| rig.counter(counter));
            assert_eq!((faults, ahead(&rig)), ([3, 21], [21, 21, 0]), "{by}");
            assert_eq!(rig.counter(Counter::SwapReads), 24, "{by}");
            rig.close();
        }
    }
}

/// A transfer of eight pages costs one read, and seven times what a further page costs.
#[test]
fn s20_a_read_of_several_pages_costs_less_than_as_many_reads() {
    let time = |read_ahead| {
        let costs = json!({"disk_read": 10_000, "disk_read_more": 100});
        let runtime = json!({"kind": "virtual", "seed": 1, "costs": costs});
        let mut script = on_swap("p", 8);
        script.extend((0..8).map(|page| read("p", page)));
        hold(&scenario(machine("address", read_ahead), runtime, script.into())).time_ns
    };
    let saved = time(0) - time(7);
    // Eight reads of 10,000 ns become one of 10,700, and seven faults find their page on standby.
    assert!((66_000..70_000).contains(&saved), "{saved}");
}

#[test]
fn s20_what_is_read_ahead_waits_on_standby_under_its_slot() {
    let mut rig = Rig::new(machine("address", 3), virtual_cpus(1));
    rig.all(&on_swap("p", 8).into());
    rig.apply(read("p", 2));
    let machine = rig.machine();
    for page in 3..6 {
        let pte = rig.pte("p", page);
        assert_eq!(pte.format(), PteFormat::Swapped);
        let frame = machine.swap.cached(pte.slot()).unwrap();
        let entry = machine.pfns.peek(frame);
        assert_eq!((entry.state(), entry.share()), (FrameState::Standby, 0));
        assert!(entry.is_ahead() && !entry.is_dirty());
        assert_eq!(machine.swap.count(pte.slot()), 2);
    }
    assert!(machine.swap.cached(rig.pte("p", 6).slot()).is_none());
    assert!(machine.swap.cached(rig.pte("p", 1).slot()).is_none());
    rig.close();
}

/// Only what more than the low watermark are available for is read ahead: 8 of 12 frames, with 4 protected.
#[test]
fn s20_nothing_is_read_ahead_when_frames_are_short() {
    for (low, expected) in [(1, 4), (4, 3), (6, 1), (7, 0), (8, 0)] {
        let mut machine = machine("address", 4);
        machine["frames"] = 11.into();
        machine["cpu_cache"] = 0.into();
        machine["trim"] = json!({"low": low, "high": low + 1, "batch": 1});
        let mut rig = Rig::new(machine, virtual_cpus(1));
        rig.all(&on_swap("p", 8).into());
        let available = rig.machine().available();
        assert_eq!(available, 8);
        rig.apply(read("p", 0));
        assert_eq!(rig.counter(Counter::ReadAhead), expected, "low {low}");
        rig.close();
    }
}

/// A private page that was read ahead can be stored to without a fault of its own, and gives its slot up then.
#[test]
fn s20_a_private_page_read_ahead_is_stored_to_in_place() {
    for by in WAYS {
        for runtime in runtimes() {
            let mut rig = Rig::new(machine(by, 2), runtime);
            rig.all(&on_swap("p", 3).into());
            rig.apply(read("p", 0));
            rig.apply(read("p", 1));
            rig.all(&json!([
                {"op": "write", "process": "p", "page": 1, "value": 8},
                {"op": "write", "process": "p", "page": 2, "value": 9},
                {"op": "read", "process": "p", "page": 1, "expect": 8},
                {"op": "read", "process": "p", "page": 2, "expect": 9}
            ]));
            assert_eq!(rig.counter(Counter::WriteProtect), 0);
            assert_eq!(rig.counter(Counter::Copies), 0);
            assert_eq!(ahead(&rig), [2, 2, 0]);
            assert_eq!(rig.machine().swap.free(), 63, "page 0 keeps its slot");
            rig.close();
        }
    }
}

/// Sharers through swap find one frame, and of three that store two copy.
#[test]
fn s20_sharers_find_the_frame_that_was_read_ahead_for_one() {
    for by in WAYS {
        for runtime in runtimes() {
            let mut rig = Rig::new(machine(by, 1), runtime);
            let spawn = json!({"op": "spawn", "as": "a", "pages": 2});
            rig.apply(spawn);
            for page in 0..2 {
                rig.apply(json!({"op": "write", "process": "a", "page": page, "offset": 4088, "value": page + 1}));
            }
            rig.all(&json!([
                {"op": "fork", "process": "a", "as": "b"}, {"op": "wake", "process": "b"},
                {"op": "fork", "process": "a", "as": "c"}, {"op": "wake", "process": "c"},
                {"op": "evict", "process": "a", "page": 0},
                {"op": "evict", "process": "a", "page": 1}
            ]));
            rig.apply(read("a", 0));
            assert_eq!(ahead(&rig), [1, 0, 0], "{by}");
            for process in ["c", "b", "a"] {
                rig.apply(read(process, 1));
            }
            assert_eq!((rig.counter(Counter::SwapReads), ahead(&rig)), (2, [1, 1, 0]), "{by}");
            for process in ["a", "b", "c"] {
                rig.apply(json!({"op": "write", "process": process, "page": 1, "value": 7}));
            }
            assert_eq!([Counter::Copies, Counter::Reuses].map(|it| rig.counter(it)), [2, 1]);
            rig.close();
        }
    }
}

/// Pages whose process ends, or that are unmapped or evicted again, were read for nothing.
#[test]
fn s20_what_nobody_comes_for_is_counted_as_missed() {
    for (kill_batch, by) in [(1, "slot"), (16, "address")] {
        for runtime in runtimes() {
            let mut machine = machine(by, 4);
            machine["kill_batch"] = kill_batch.into();
            let mut rig = Rig::new(machine, runtime);
            rig.all(&on_swap("p", 9).into());
            rig.apply(read("p", 0));
            rig.apply(json!({"op": "unmap", "process": "p", "page": 2, "pages": 2}));
            assert_eq!(ahead(&rig), [4, 0, 2]);
            rig.apply(read("p", 1));
            rig.apply(json!({"op": "kill", "process": "p"}));
            assert_eq!(ahead(&rig), [4, 1, 3]);
            assert_eq!(rig.machine().swap.free(), 64);
            rig.close();
        }
    }
}

/// Frames that were read ahead are reused like others on standby, and their pages are read again when they are needed.
#[test]
fn s20_frames_read_ahead_are_reused_for_what_is_needed() {
    for runtime in runtimes() {
        let mut machine = machine("address", 8);
        machine["frames"] = 20.into();
        machine["standby_batch"] = 4.into();
        let mut rig = Rig::new(machine, runtime);
        rig.all(&on_swap("p", 24).into());
        rig.apply(read("p", 0));
        assert!(rig.counter(Counter::ReadAhead) > 2);
        rig.apply(json!({"op": "spawn", "as": "q", "pages": 16}));
        for page in 0..14 {
            rig.apply(json!({"op": "write", "process": "q", "page": page, "value": 1}));
        }
        let [read_ahead, hits, misses] = ahead(&rig);
        assert!(hits == 0 && misses > 0 && misses <= read_ahead, "{misses}");
        read_all(&mut rig, 0..24);
        rig.close();
    }
}

/// A page that cannot be read ahead is nobody's failure: the access that came with it has its own page, and
/// whoever needs the other reads it for itself.
#[test]
fn s20_a_device_that_fails_at_a_page_read_ahead_fails_nobody() {
    for fault in Fault::ALL {
        for runtime in runtimes() {
            let (device, faults) = Faults::over(devices::memory(64));
            let mut rig = Rig::on(machine("address", 3), runtime, device);
            rig.all(&on_swap("p", 8).into());
            let first = faults.count(Transfer::Read);
            faults.plan(move |transfer, number| {
                (transfer == Transfer::Read && number > first).then_some(fault)
            });
            rig.apply(read("p", 0));
            assert_eq!(ahead(&rig), [3, 0, 3], "{fault:?}");
            rig.apply(json!({"op": "read", "process": "p", "page": 1, "fails": "swap-failed"}));
            faults.repair();
            read_all(&mut rig, 0..8);
            rig.close();
        }
    }
}

/// A page that cannot be read fails its access; those that came with it are there.
#[test]
fn s20_what_was_read_ahead_of_a_page_that_failed_is_there() {
    for runtime in runtimes() {
        let (device, faults) = Faults::over(devices::memory(64));
        let mut rig = Rig::on(machine("address", 2), runtime, device);
        rig.all(&on_swap("p", 3).into());
        faults.next(Transfer::Read, Fault::Fails);
        rig.apply(json!({"op": "read", "process": "p", "page": 0, "fails": "swap-failed"}));
        assert_eq!(ahead(&rig), [2, 0, 0]);
        read_all(&mut rig, 0..3);
        assert_eq!(ahead(&rig), [2, 2, 0]);
        rig.close();
    }
}

/// By slots the pages of any process come along, in whatever way mappings are found; by addresses only the program's own.
#[test]
fn s20_slots_lead_to_the_pages_of_others_and_addresses_do_not() {
    for (by, expected) in [("slot", 3), ("address", 1)] {
        for rmap in ["tree", "family", "owner"] {
            for early_release in [true, false] {
                let mut machine = machine(by, 4);
                machine["rmap"] = rmap.into();
                machine["early_release"] = early_release.into();
                machine["pte_locks"] = "entry".into();
                let mut rig = Rig::new(machine, virtual_cpus(1));
                for process in ["a", "b"] {
                    rig.all(&json!([
                        {"op": "spawn", "as": process, "pages": 2},
                        {"op": "write", "process": process, "page": 0, "offset": 4088, "value": 1},
                        {"op": "write", "process": process, "page": 1, "offset": 4088, "value": 2}
                    ]));
                }
                for process in ["a", "b"] {
                    for page in 0..2 {
                        rig.apply(json!({"op": "evict", "process": process, "page": page}));
                    }
                }
                rig.apply(read("a", 0));
                assert_eq!(rig.counter(Counter::ReadAhead), expected, "{by} {rmap}");
                rig.apply(read("b", 1));
                rig.apply(read("b", 0));
                rig.close();
            }
        }
    }
}

/// One lock for all PTEs is the fault's own where it keeps it; a lock for each is tried.
#[test]
fn s20_a_fault_that_keeps_its_region_reads_ahead_in_it_and_beyond() {
    for locks in [json!("machine"), json!("table"), json!({"region": 2}), json!("entry")] {
        for by in WAYS {
            let mut machine = machine(by, 4);
            machine["early_release"] = false.into();
            machine["pte_locks"] = locks.clone();
            let mut rig = Rig::new(machine, virtual_cpus(1));
            rig.all(&on_swap("p", 6).into());
            read_all(&mut rig, 0..6);
            assert_eq!(ahead(&rig), [4, 4, 0], "{locks} {by}");
            rig.close();
        }
    }
}

/// A page that does not keep its slot gives it up as it would where its own fault had read it.
#[test]
fn s20_a_page_read_ahead_keeps_its_slot_as_long_as_one_that_was_needed() {
    for (keep, free) in [("always", 56), ("never", 64)] {
        let mut machine = machine("slot", 7);
        machine["keep_slots"] = keep.into();
        let mut rig = Rig::new(machine, virtual_cpus(1));
        rig.all(&on_swap("p", 8).into());
        read_all(&mut rig, 0..8);
        assert_eq!(rig.machine().swap.free(), free, "{keep}");
        rig.close();
    }
}
