//! Tests the life cycle of processes (P1 to P4): which process runs, and which resumes.

use std::collections::BTreeMap;

use faultline::memory::{FrameState, Pfn, ProcessId, ProcessState, TABLE_ENTRIES, Vpn};
use faultline::observe::{Counter, EventKind};
use faultline::runtime::{LockClass, region_of};
use serde_json::{Value, json};

use crate::support::rig::Rig;
use crate::support::{holds, runtimes, threads, virtual_cpus};

/// One op of each kind that needs a running process.
fn needs_running(process: &str) -> [Value; 6] {
    let mut ops = [
        json!({"op": "read", "page": 0}),
        json!({"op": "write", "page": 0, "value": 1}),
        json!({"op": "fork", "as": "never"}),
        json!({"op": "sleep"}),
        json!({"op": "run", "pattern": "uniform", "accesses": 9, "writes": 1.0}),
        json!({"op": "unmap", "page": 0, "pages": 1}),
    ];
    for op in &mut ops {
        op["process"] = process.into();
        op["fails"] = "not-running".into();
    }
    ops
}

#[test]
fn p1_an_op_on_a_process_that_does_not_run_changes_nothing() {
    for runtime in runtimes() {
        let script = json!([
            {"op": "spawn", "as": "sleeper", "pages": 4},
            {"op": "write", "process": "sleeper", "page": 0, "value": 7},
            {"op": "spawn", "as": "dead", "pages": 4},
            {"op": "sleep", "process": "sleeper"}, {"op": "kill", "process": "dead"},
            {"op": "settle"}
        ]);
        let mut rig = Rig::after(json!({}), runtime, &script);
        let before = rig.state();
        for op in needs_running("sleeper").into_iter().chain(needs_running("dead")) {
            rig.apply(op);
        }
        for op in ["wake", "kill", "evict"] {
            let mut op = json!({"op": op, "process": "dead", "fails": "not-running"});
            if op["op"] == "evict" {
                op["page"] = 0.into();
            }
            rig.apply(op);
        }
        let missing = json!({"op": "kill", "process": "nobody", "fails": "no-such-process"});
        rig.apply(missing);
        assert_eq!(rig.state(), before);
        rig.all(&json!([
            {"op": "wake", "process": "sleeper"},
            {"op": "read", "process": "sleeper", "page": 0, "expect": 7}
        ]));
        rig.close();
    }
}

fn state_of(rig: &Rig, name: &str) -> ProcessState {
    rig.machine().processes.get(rig.process(name)).state()
}

fn on_cpu(rig: &Rig, cpu: usize) -> Option<ProcessId> {
    rig.machine().cpus[cpu].current()
}

#[test]
fn p2_a_switch_puts_the_old_process_to_sleep_and_wakes_the_new() {
    for runtime in runtimes() {
        let mut rig = Rig::after(
            json!({"cpus": 1, "dispatch": "manual"}),
            runtime,
            &json!([
                {"op": "spawn", "as": "a", "pages": 4},
                {"op": "fork", "process": "a", "as": "b"},
                {"op": "write", "process": "b", "page": 0, "value": 1, "fails": "not-running"},
                {"op": "switch", "cpu": 0, "process": "b"}
            ]),
        );
        assert_eq!(state_of(&rig, "a"), ProcessState::Sleeping);
        assert_eq!(state_of(&rig, "b"), ProcessState::Running);
        assert_eq!(on_cpu(&rig, 0), Some(rig.process("b")));
        rig.all(&json!([
            {"op": "write", "process": "a", "page": 0, "value": 1, "fails": "not-running"},
            {"op": "write", "process": "b", "page": 0, "value": 2},
            {"op": "spawn", "as": "c", "pages": 4},
            {"op": "read", "process": "c", "page": 0, "fails": "not-running"},
            {"op": "switch", "cpu": 1, "process": "a", "fails": "out-of-range"},
            {"op": "switch", "cpu": 0, "process": "a"},
            {"op": "read", "process": "a", "page": 0, "expect": 0},
            {"op": "sleep", "process": "a"}
        ]));
        assert_eq!(on_cpu(&rig, 0), None);
        rig.close();
    }
}

#[test]
fn p2_with_several_cpus_a_process_moves_and_each_cpu_has_at_most_one() {
    for runtime in runtimes() {
        let mut rig = Rig::after(
            json!({"cpus": 2, "dispatch": "manual"}),
            runtime,
            &json!([
                {"op": "spawn", "as": "a", "pages": 4}, {"op": "spawn", "as": "b", "pages": 4},
                {"op": "switch", "cpu": 1, "process": "a"}
            ]),
        );
        assert_eq!(on_cpu(&rig, 1), Some(rig.process("a")));
        assert_eq!(on_cpu(&rig, 0), None, "it holds one CPU: it has moved");
        assert_eq!(state_of(&rig, "b"), ProcessState::Sleeping);
        rig.apply(json!({"op": "switch", "cpu": 0, "process": "b"}));
        rig.apply(json!({"op": "write", "process": "a", "page": 0, "value": 1}));
        rig.apply(json!({"op": "write", "process": "b", "page": 0, "value": 2}));
        rig.close();
    }
}

#[test]
fn p2_several_cpus_share_an_address_space() {
    let script = json!([
        {"op": "spawn", "as": "a", "pages": 40},
        {"op": "run", "process": "a", "cpus": 4, "pattern": "uniform", "accesses": 4000,
         "writes": 0.5}
    ]);
    for dispatch in ["auto", "manual"] {
        holds(&json!({"cpus": 4, "frames": 24, "dispatch": dispatch}), &script);
    }
}

/// A workload on several CPUs borrows those that no process holds, and gives them back.
#[test]
fn p2_a_process_holds_one_cpu_after_a_workload_on_several() {
    for runtime in runtimes() {
        let mut rig = Rig::after(
            json!({"cpus": 3, "dispatch": "manual"}),
            runtime,
            &json!([
                {"op": "spawn", "as": "a", "pages": 8}, {"op": "switch", "cpu": 1, "process": "a"},
                {"op": "run", "process": "a", "cpus": 3, "pattern": "uniform", "accesses": 300},
                {"op": "fork", "process": "a", "as": "b"}
            ]),
        );
        let a = Some(rig.process("a"));
        assert_eq!([0, 1, 2].map(|cpu| on_cpu(&rig, cpu)), [None, a, None]);
        rig.all(&json!([
            {"op": "switch", "cpu": 0, "process": "b"},
            {"op": "read", "process": "a", "page": 0}, {"op": "read", "process": "b", "page": 0}
        ]));
        rig.close();
    }
}

#[test]
fn p3_a_kill_gives_back_every_frame_and_slot() {
    let batches = [1, 2, 16, 512];
    for (runtime, kill_batch) in
        runtimes().into_iter().flat_map(|runtime| batches.map(|batch| (runtime.clone(), batch)))
    {
        let run = |process: &str| {
            json!({"op": "run", "process": process, "pattern": "sequential",
                "accesses": 90, "writes": 1.0})
        };
        let mut rig = Rig::after(
            json!({"frames": 40, "slots": 300, "kill_batch": kill_batch}),
            runtime,
            &json!([
                {"op": "spawn", "as": "a", "pages": 90}, run("a"),
                {"op": "fork", "process": "a", "as": "b"}, run("b"),
                {"op": "fork", "process": "b", "as": "c"},
                {"op": "kill", "process": "a"}, {"op": "kill", "process": "c"},
                {"op": "kill", "process": "b"}
            ]),
        );
        assert_eq!(rig.audit(), [""; 0]);
        let machine = rig.machine();
        assert_eq!(machine.protected_frames(), 1);
        assert_eq!(machine.swap.free(), 300);
        let unowned = |frame: &u32| {
            let state = machine.pfns.peek(Pfn(*frame)).state();
            matches!(state, FrameState::Free | FrameState::Zeroed)
        };
        assert_eq!((0..40).filter(unowned).count(), 39);
        rig.close();
    }
}

/// A kill locks the lists that its frames leave, and those that they go to, once for each batch.
#[test]
fn p3_a_kill_in_batches_locks_each_list_once_for_a_batch() {
    let locked = |kill_batch: u32| {
        let machine = json!({"frames": 100, "cpus": 1, "free_lists": 1, "cpu_cache": 0, "zeroer": false,
            "kill_batch": kill_batch});
        let script = json!([{"op": "spawn", "as": "a", "pages": 64}, {"op": "run", "process": "a",
            "pattern": "sequential", "accesses": 64, "writes": 1.0}]);
        let mut rig = Rig::after(machine, virtual_cpus(1), &script);
        let times = |rig: &Rig| -> u64 {
            let profiles = rig.machine().profiles().iter();
            profiles.map(|profile| profile.of_class(LockClass::List).acquisitions).sum()
        };
        let before = times(&rig);
        rig.apply(json!({"op": "kill", "process": "a"}));
        let during = times(&rig) - before;
        rig.close();
        during
    };
    // 64 frames leave the active list and go to the free one, and the directory and the table go there alone.
    assert_eq!([1, 2, 16, 64, 512].map(locked), [64 + 64, 64, 8, 2, 2].map(|lists| lists + 2));
}

/// Makes a grandparent, a parent and a child, and an unrelated process, all asleep but the child.
fn line(cpus: u32) -> Rig {
    let script = json!([
        {"op": "spawn", "as": "stranger", "pages": 2},
        {"op": "sleep", "process": "stranger"},
        {"op": "spawn", "as": "grandfather", "pages": 2},
        {"op": "fork", "process": "grandfather", "as": "father"},
        {"op": "switch", "cpu": 0, "process": "father"},
        {"op": "fork", "process": "father", "as": "son"},
        {"op": "switch", "cpu": 0, "process": "son"}
    ]);
    Rig::after(json!({"cpus": cpus, "dispatch": "manual"}), virtual_cpus(1), &script)
}

#[test]
fn p3_the_nearest_living_ancestor_resumes() {
    let mut rig = line(1);
    rig.apply(json!({"op": "kill", "process": "son"}));
    assert_eq!(on_cpu(&rig, 0), Some(rig.process("father")));
    assert_eq!(state_of(&rig, "father"), ProcessState::Running);
    rig.close();

    let mut rig = line(1);
    rig.apply(json!({"op": "kill", "process": "father"}));
    assert_eq!(on_cpu(&rig, 0), Some(rig.process("son")), "it was not its CPU");
    rig.apply(json!({"op": "kill", "process": "son"}));
    assert_eq!(on_cpu(&rig, 0), Some(rig.process("grandfather")));
    rig.apply(json!({"op": "kill", "process": "grandfather"}));
    assert_eq!(on_cpu(&rig, 0), Some(rig.process("stranger")), "any sleeper");
    rig.apply(json!({"op": "kill", "process": "stranger"}));
    assert_eq!(on_cpu(&rig, 0), None);
    rig.close();
}

/// The CPU that a killed process held is the one it was put on, not one that it was lent.
#[test]
fn p3_an_ancestor_resumes_also_when_the_process_is_at_work_on_two_cpus() {
    for runtime in (0..40).map(virtual_cpus).chain((0..10).map(|_| threads())) {
        let mut rig = Rig::after(
            json!({"cpus": 3, "dispatch": "manual"}),
            runtime,
            &json!([
                {"op": "spawn", "as": "father", "pages": 16},
                {"op": "fork", "process": "father", "as": "son"},
                {"op": "switch", "cpu": 0, "process": "son"}]),
        );
        rig.apply(json!({"op": "together", "scripts": [
            [{"op": "run", "process": "son", "cpus": 2, "pattern": "uniform", "accesses": 30000000, "fails": "not-running"}],
            [{"op": "kill", "process": "son"}]]}));
        let father = Some(rig.process("father"));
        let resumed = (0..3).filter(|cpu| on_cpu(&rig, *cpu) == father).count();
        assert_eq!(resumed, 1);
        assert_eq!(state_of(&rig, "father"), ProcessState::Running);
        rig.close();
    }
}

/// A process that holds no CPU leaves none behind.
#[test]
fn p3_nobody_resumes_when_a_sleeper_is_killed() {
    let mut rig = line(2);
    assert_eq!(on_cpu(&rig, 1), None);
    rig.apply(json!({"op": "kill", "process": "stranger"}));
    assert_eq!(on_cpu(&rig, 1), None);
    for name in ["grandfather", "father"] {
        assert_eq!(state_of(&rig, name), ProcessState::Sleeping);
    }
    rig.close();
}

#[test]
fn p4_a_fault_begins_and_ends_in_its_process_on_its_cpu() {
    for seed in 0..6 {
        let script = json!([
            {"op": "spawn", "as": "a", "pages": 30}, {"op": "spawn", "as": "b", "pages": 30},
            {"op": "together", "scripts": [
                [{"op": "run", "process": "a", "cpus": 2, "pattern": "uniform", "accesses": 150,
                  "writes": 0.5}],
                [{"op": "run", "process": "b", "pattern": "uniform", "accesses": 150,
                  "writes": 0.5}]
            ]}
        ]);
        let options = json!({"frames": 20, "cpus": 3});
        let rig = Rig::after(options, virtual_cpus(seed), &script);
        let mut open = BTreeMap::new();
        let mut ended = 0;
        for (cpu, event) in rig.events() {
            match event.kind {
                EventKind::FaultBegin => {
                    let before = open.insert(cpu, (event.process, event.number));
                    assert_eq!(before, None, "a fault within a fault");
                }
                EventKind::FaultEnd => {
                    assert_eq!(open.remove(&cpu), Some((event.process, event.number)));
                    ended += 1;
                }
                _ => {}
            }
        }
        assert!(open.is_empty());
        assert_eq!(ended, rig.counter(Counter::Faults));
        rig.close();
    }
}

/// A gap ends where pages are, also when no page table is there where it begins.
#[test]
fn r5_a_gap_without_a_table_ends_at_the_next_page() {
    for runtime in runtimes() {
        let mut rig = Rig::after(
            json!({"cpus": 1}),
            runtime,
            &json!([
                {"op": "spawn", "as": "a", "pages": 600},
                {"op": "write", "process": "a", "page": 520, "value": 7},
                {"op": "unmap", "process": "a", "page": 0, "pages": 512}
            ]),
        );
        assert_eq!(rig.machine().table(rig.machine().processes.get(rig.process("a")), 0), None);
        rig.all(&json!([
            {"op": "map", "process": "a", "pages": 40, "at": 490, "fails": "out-of-range"},
            {"op": "read", "process": "a", "page": 520, "expect": 7},
            {"op": "map", "process": "a", "pages": 550},
            {"op": "read", "process": "a", "page": 600, "expect": 0},
            {"op": "read", "process": "a", "page": 1150, "fails": "out-of-range"},
            {"op": "read", "process": "a", "page": 0, "fails": "out-of-range"},
            {"op": "evict", "process": "a", "page": 0, "fails": "out-of-range"},
            {"op": "map", "process": "a", "pages": 512},
            {"op": "read", "process": "a", "page": 0, "expect": 0},
            {"op": "unmap", "process": "a", "page": 5, "pages": 1},
            {"op": "evict", "process": "a", "page": 5, "fails": "out-of-range"},
            {"op": "evict", "process": "a", "page": 6}
        ]));
        rig.close();
    }
}

/// A walk ends at the last page that there can be, and at the end of the process.
#[test]
fn p19_a_walk_finds_nothing_past_the_directory_or_after_a_kill() {
    let script = json!([{"op": "spawn", "as": "a", "pages": 4}]);
    let mut rig = Rig::after(json!({}), virtual_cpus(1), &script);
    let id = rig.process("a");
    let walk = |rig: &Rig, vpn| rig.machine().pte(rig.machine().processes.get(id), vpn).is_some();
    assert!(walk(&rig, Vpn(3)));
    for past in [TABLE_ENTRIES * TABLE_ENTRIES, u32::MAX] {
        assert!(!walk(&rig, Vpn(past)), "{past}");
    }
    rig.apply(json!({"op": "kill", "process": "a"}));
    assert!(!walk(&rig, Vpn(3)));
    rig.close();
}

/// A record that another process gets has cost nothing yet.
#[test]
fn s2_a_process_begins_with_locks_that_have_cost_nothing() {
    for (start, locks) in [
        (json!({"op": "spawn", "as": "b", "pages": 8}), "entry"),
        (json!({"op": "fork", "process": "other", "as": "b"}), "table"),
    ] {
        let mut rig = Rig::after(
            json!({"cpus": 1, "pte_locks": locks, "early_release": false}),
            virtual_cpus(1),
            &json!([{"op": "spawn", "as": "a", "pages": 8}, {"op": "spawn", "as": "other", "pages": 8},
                {"op": "write", "process": "a", "page": 0, "value": 1},
                {"op": "write", "process": "other", "page": 0, "value": 1}]),
        );
        let cost = |rig: &Rig, id: ProcessId| -> u64 {
            let costs = rig.machine().region_costs.costs();
            let theirs = costs.filter(|(index, _)| region_of(*index).0 == id.0);
            theirs.map(|(_, cost)| cost.acquisitions).sum()
        };
        let (a, other) = (rig.process("a"), rig.process("other"));
        let others = cost(&rig, other);
        assert!(cost(&rig, a) > 0 && others > 0);
        rig.all(&json!([{"op": "kill", "process": "a"}, {"op": "settle"}]));
        rig.apply(start);
        assert_eq!(rig.process("b"), a, "it has the same record");
        assert_eq!(cost(&rig, a), 0);
        assert!(cost(&rig, other) >= others);
        rig.close();
    }
}
