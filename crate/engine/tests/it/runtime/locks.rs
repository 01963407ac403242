//! Tests requirements of the notes: locks, the words they guard, and their order (S2, S3, S8, S13, S14).

use std::cmp::Reverse;
use std::sync::Arc;

use faultline::memory::{Pfn, ProcessId, PteFormat, TABLE_ENTRIES, Vpn};
use faultline::observe::{Counter, EventKind};
use faultline::options::MachineOptions;
use faultline::runtime::{
    Condition, Costs, Cpu, LockClass, LockId, LockWord, ThreadCpu, ThreadRuntime, VirtualCpu, Word,
    block_on, lock, now_ns,
};
use serde_json::{Value, json};

use crate::support::boot::{machine, violations};
use crate::support::rig::Rig;
use crate::support::{hold, scenario, virtual_cpus};

#[test]
fn s2_each_class_of_locks_is_measured_and_finer_locks_wait_less() {
    let waited = |locks: Value| {
        let script = json!([{"op": "spawn", "as": "a", "pages": 512},
            {"op": "run", "process": "a", "cpus": 8, "pattern": "uniform", "accesses": 4000,
             "writes": 0.5}]);
        let machine = json!({"frames": 600, "cpus": 8, "pte_locks": locks, "early_release": false});
        let report = hold(&scenario(machine, virtual_cpus(1), script));
        // A fault locks its region; a first store to a page that was read locks the frame; frames come
        // from and go to the lists in batches.
        for (class, least) in [("pte", 512), ("pfn", 100), ("list", 512 / 15)] {
            let cost = report.locks.get(class).unwrap();
            assert!(cost.acquisitions >= least, "{class}: {cost:?}");
            assert_eq!(cost.contended > 0, cost.wait_ns > 0, "{class}: {cost:?}");
        }
        let regions = report.locks.get("pte").unwrap();
        let waits = report.regions.iter().map(|region| region.lock.wait_ns).sum::<u64>();
        assert!(waits > 0 && waits <= regions.wait_ns, "{:?}", report.regions);
        assert!(report.regions.is_sorted_by_key(|region| Reverse(region.lock.wait_ns)));
        assert!(report.fault_ns > 512 * Costs::default().zero_hot, "waits are a share of this");
        assert!(regions.hold_ns > 512 * Costs::default().zero_hot, "held while pages are zeroed");
        regions.wait_ns
    };
    let coarse = waited(json!("machine"));
    assert!(coarse > 2 * waited(json!({"region": 64})));
    assert!(coarse > 10 * waited(json!("entry")));
}

#[test]
fn s3_a_fault_that_waits_for_the_disk_holds_up_nobody_in_its_region() {
    let script = json!([
        {"op": "spawn", "as": "a", "pages": 8},
        {"op": "run", "process": "a", "pattern": "sequential", "writes": 1.0},
        {"op": "evict", "process": "a", "page": 0}, {"op": "evict", "process": "a", "page": 1},
        {"op": "together", "scripts": [
            [{"op": "read", "process": "a", "page": 0}], [{"op": "read", "process": "a", "page": 1}]
        ]}
    ]);
    for seed in 0..10 {
        let waited = |early: bool| {
            let machine = json!({"pte_locks": "table", "early_release": early});
            let report = hold(&scenario(machine, virtual_cpus(seed), script.clone()));
            report.locks.get("pte").unwrap().wait_ns
        };
        let disk = Costs::default().disk_read;
        assert!(waited(true) < disk / 10);
        assert!(waited(false) > disk / 2);
    }
}

#[test]
fn s3_a_second_fault_on_a_page_waits_for_the_first() {
    let script = json!([
        {"op": "spawn", "as": "a", "pages": 8}, {"op": "write", "process": "a", "page": 0, "value": 5},
        {"op": "evict", "process": "a", "page": 0},
        {"op": "together", "scripts": [
            [{"op": "read", "process": "a", "page": 0, "expect": 5}],
            [{"op": "read", "process": "a", "page": 0, "expect": 5}],
            [{"op": "read", "process": "a", "page": 0, "expect": 5}]
        ]},
        {"op": "expect", "counter": "swap_reads", "equals": 1},
        {"op": "expect", "counter": "collided", "equals": 2}
    ]);
    for seed in 0..10 {
        hold(&scenario(json!({"cpus": 3}), virtual_cpus(seed), script.clone()));
    }
}

#[test]
fn s8_one_lock_guards_as_many_ptes_as_the_machine_says() {
    let sizes = [
        (json!("entry"), 1),
        (json!({"region": 1}), 1),
        (json!({"region": 64}), 64),
        (json!({"region": 512}), 512),
        (json!("table"), TABLE_ENTRIES),
        (json!("machine"), u32::MAX),
    ];
    for (locks, size) in sizes {
        let script = json!([{"op": "spawn", "as": "a", "pages": 1100},
            {"op": "fork", "process": "a", "as": "b"}]);
        let rig = Rig::after(json!({"pte_locks": locks}), virtual_cpus(1), &script);
        let word = |name: &str, page| {
            let id: ProcessId = rig.process(name);
            std::ptr::from_ref(rig.machine().region(id, Vpn(page)).unwrap().1).addr()
        };
        for (left, right) in [(0, 1), (0, 63), (63, 64), (5, 500), (511, 512), (0, 1099)] {
            let together = left / size == right / size;
            assert_eq!(word("a", left) == word("a", right), together, "{size}: {left} {right}");
        }
        assert_eq!(word("a", 0) == word("b", 0), size == u32::MAX);
        rig.close();
    }
}

#[test]
fn s13_blocking_out_of_order_is_reported_with_both_sites() {
    let here = file!();
    let (first, second) = (line!() + 2, line!() + 3);
    let found = violations(|cpu, machine| async move {
        let guard = machine.lock_list(&cpu, machine.lists.standby(0)).await;
        let entry = machine.lock_frame(&cpu, Pfn(3)).await;
        drop((guard, entry));
        (cpu, machine)
    });
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].contains("pfn 3 taken at"), "{found:?}");
    for line in [first, second] {
        let site = format!("{here}:{line}:");
        assert!(found[0].contains(&site), "{site} in {found:?}");
    }
}

#[test]
fn s13_every_pair_out_of_order_is_reported_and_no_other() {
    use faultline::runtime::Word;
    use faultline::runtime::{LockClass, LockId, LockWord, lock, try_lock};
    for held in LockClass::ALL {
        for wanted in LockClass::ALL {
            for (first, second) in [(1, 2), (2, 1)] {
                let blocking = violations(|cpu, machine| async move {
                    let words = [Word::new(0), Word::new(0)];
                    {
                        let one =
                            lock(&cpu, LockId::new(held, first), LockWord::alone(&words[0])).await;
                        let two =
                            lock(&cpu, LockId::new(wanted, second), LockWord::alone(&words[1]))
                                .await;
                        drop((one, two));
                    }
                    (cpu, machine)
                });
                let several = matches!(held, LockClass::Pte | LockClass::Tree);
                let ascending = several && wanted == held && first < second;
                let allowed = held < wanted || ascending;
                assert_eq!(blocking.is_empty(), allowed, "{held:?} {wanted:?} {blocking:?}");
                let trying = violations(|cpu, machine| async move {
                    let words = [Word::new(0), Word::new(0)];
                    {
                        let one =
                            lock(&cpu, LockId::new(held, first), LockWord::alone(&words[0])).await;
                        let two =
                            try_lock(&cpu, LockId::new(wanted, second), LockWord::alone(&words[1]));
                        assert!(two.is_some());
                        drop((one, two));
                    }
                    (cpu, machine)
                });
                assert_eq!(trying, [""; 0], "a try-lock never waits");
            }
        }
    }
}

#[test]
fn s13_the_checker_is_on_in_virtual_runs_and_in_tests() {
    const { assert!(VirtualCpu::CHECKED) };
    assert_eq!(ThreadCpu::CHECKED, cfg!(debug_assertions));
}

/// Standby frames are repurposed while faults rescue their pages: the CPU that loses the race starts again.
#[test]
fn s14_a_transition_pte_is_believed_only_under_the_frames_lock() {
    let (mut retries, mut taken_away) = (0, 0);
    for seed in 0..24 {
        let run = |process: &str, number: u64| {
            json!([{"op": "run", "process": process, "pattern": "uniform", "accesses": 300,
                "writes": 0.3, "seed": number}])
        };
        let script = json!([
            {"op": "spawn", "as": "a", "pages": 24}, {"op": "spawn", "as": "b", "pages": 24},
            {"op": "spawn", "as": "c", "pages": 24},
            {"op": "together", "scripts": [run("a", 1), run("b", 2), run("c", 3)]}
        ]);
        let options = json!({"frames": 22, "cpus": 3, "cpu_cache": 0, "standby_batch": 8,
            "trim": {"low": 6, "high": 12, "batch": 8}});
        // A fast disk, so that pages are rescued and frames repurposed at the same time.
        let runtime = json!({"kind": "virtual", "seed": seed,
            "costs": {"disk_read": 200, "disk_write": 200}});
        let rig = Rig::after(options, runtime, &script);
        retries += rig.counter(Counter::Retries);
        for (_, event) in rig.events() {
            let ptes = [faultline::memory::Pte(event.a), faultline::memory::Pte(event.b)];
            let formats = ptes.map(|pte| pte.format());
            taken_away += u32::from(
                event.kind == EventKind::Pte
                    && formats == [PteFormat::Transition, PteFormat::Swapped],
            );
        }
        rig.close();
    }
    assert!(retries > 0 && taken_away > 100, "{retries} {taken_away}");
}

/// A guard knows the word that its lock is in, so that a change of that word and the release can be one step.
#[test]
fn s8_a_guard_knows_its_word() {
    let found = violations(|cpu: VirtualCpu, machine| async move {
        let words = [Word::new(0), Word::new(0)];
        {
            let id = LockId::new(LockClass::List, 0);
            let guard = lock(&cpu, id, LockWord::alone(&words[0])).await;
            assert!(guard.is_in(&words[0]) && !guard.is_in(&words[1]));
        }
        (cpu, machine)
    });
    assert_eq!(found, [""; 0]);
}

/// A signal says whether a CPU listened; one that nobody listens to is none.
#[test]
fn s4_a_signal_says_whether_a_cpu_listened() {
    let machine = machine(MachineOptions::default());
    let cpu = ThreadCpu::new(Arc::default(), machine.local(0));
    let condition = Condition::default();
    assert!(!condition.signal(&cpu));
    let ticket = condition.listen();
    assert!(condition.signal(&cpu));
    assert!(!condition.signal(&cpu), "nobody has listened since");
    // The ticket is from before a signal, so this returns at once.
    block_on(condition.wait(&cpu, ticket));
}

/// A thread that had to wait for a lock says how long: as long as another had it meanwhile, and no longer than all took.
#[test]
fn s2_a_thread_says_how_long_it_waited_for_a_lock() {
    let machine = machine(MachineOptions { cpus: 2, ..MachineOptions::default() });
    let runtime = Arc::<ThreadRuntime>::default();
    let word = Word::new(0);
    let id = LockId::new(LockClass::List, 0);
    let pass = |nanoseconds: u64| {
        let start = now_ns();
        while now_ns() - start < nanoseconds {
            std::thread::yield_now();
        }
        now_ns() - start
    };
    // The clock begins with its first use: it has to be past what is measured here.
    pass(20_000_000);
    let start = now_ns();
    let (held, waited) = std::thread::scope(|scope| {
        let cpu = ThreadCpu::new(Arc::clone(&runtime), machine.local(0));
        let guard = block_on(lock(&cpu, id, LockWord::alone(&word)));
        let other = scope.spawn(|| {
            let cpu = ThreadCpu::new(Arc::clone(&runtime), machine.local(1));
            let site = std::panic::Location::caller();
            block_on(cpu.acquire(id, LockWord::alone(&word), site))
        });
        while runtime.sleepers().is_empty() {
            std::thread::yield_now();
        }
        let held = pass(1_000_000);
        drop(guard);
        (held, other.join().unwrap())
    });
    let all = now_ns() - start;
    assert!((held..=all).contains(&waited), "{held} ns, {waited} ns, {all} ns");
}
