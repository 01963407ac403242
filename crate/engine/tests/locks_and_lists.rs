//! From the notes: locks and their order, lists, batches, slots, boot (S3 to S16, S18, S19).

mod support;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use faultline::memory::{
    DaemonId, Entry, FrameState, Lists, Memory, PAGE_SIZE, PAGE_WORDS, Pfn, ProcessId, PteFormat,
    Slot, TABLE_ENTRIES, Vpn,
};
use faultline::observe::{Counter, EventKind};
use faultline::options::MachineOptions;
use faultline::paging::ring;
use faultline::runtime::{Costs, Cpu, Step, ThreadCpu, VirtualCpu, VirtualRuntime};
use serde_json::{Value, json};
use support::machine::Machine;
use support::{hold, scenario, threads, virtual_cpus};

fn memory(options: MachineOptions) -> Memory {
    Memory::new(options, 1, true).unwrap()
}

/// Does something on a virtual CPU of a machine at boot; returns what the rank checker has found.
fn violations<F>(work: impl FnOnce(VirtualCpu, Memory) -> F) -> Vec<String>
where
    F: Future<Output = (VirtualCpu, Memory)> + 'static,
{
    let memory = memory(MachineOptions::default());
    let mut runtime = VirtualRuntime::new(1, Costs::default(), Arc::default());
    let cpu = runtime.cpu(memory.local(0));
    let task = work(cpu, memory);
    let (sender, done) = std::sync::mpsc::channel();
    runtime.add(async move {
        let (cpu, _) = task.await;
        sender.send(cpu.local().held.borrow_mut().take_violations()).unwrap();
    });
    let mut found = None;
    runtime
        .run(u64::MAX, || {
            found = found.take().or_else(|| done.try_recv().ok());
            found.is_some()
        })
        .ok();
    found.or_else(|| done.try_recv().ok()).unwrap()
}

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
fn s4_rings_before_the_daemon_has_looked_are_one_wake_up() {
    violations(|cpu, memory| async move {
        for _ in 0..5 {
            ring(&cpu, &memory, DaemonId::Trimmer);
        }
        assert_eq!(memory.stats.total(Counter::TrimWakeups), 1);
        (cpu, memory)
    });
}

/// Every fault wakes the trimmer for nothing while there are frames enough; a watermark waits.
#[test]
fn s4_a_wake_up_is_useful_if_it_trims_a_frame() {
    let wakeups = |trigger: &str, pages: u32| {
        let script = json!([{"op": "spawn", "as": "a", "pages": pages},
            {"op": "run", "process": "a", "pattern": "sequential", "writes": 1.0}]);
        let machine = json!({"frames": 40, "slots": 400, "cpus": 1, "trim": {"trigger": trigger}});
        let counters = hold(&scenario(machine, virtual_cpus(1), script)).counters;
        (counters.trim_wakeups, counters.useful_wakeups)
    };
    assert_eq!(wakeups("watermark", 10), (1, 0), "the audit's, which finds nothing to do");
    let (issued, useful) = wakeups("every-fault", 10);
    assert!(issued > 5 && useful == 0, "{issued} {useful}");
    for trigger in ["every-fault", "watermark", "predictive"] {
        let (issued, useful) = wakeups(trigger, 300);
        assert!(useful > 5 && useful < issued, "{trigger}: {issued} {useful}");
    }
}

/// What a victim costs to find is counted. The oldest page is the first that is looked at; a second
/// chance looks at each page that is in use once more.
#[test]
fn s6_the_frames_examined_for_a_victim_are_counted() {
    let examined = |policy: &str| {
        let script = json!([{"op": "spawn", "as": "a", "pages": 300},
            {"op": "run", "process": "a", "pattern": "sequential", "writes": 1.0},
            {"op": "settle"}]);
        let options = json!({"frames": 40, "slots": 400, "cpus": 1, "policy": policy});
        let counters = hold(&scenario(options, virtual_cpus(1), script)).counters;
        assert!(counters.trims > 200, "{counters:?}");
        (counters.examined, counters.trims)
    };
    let (fifo, trims) = examined("fifo");
    assert_eq!(fifo, trims);
    let (clock, trims) = examined("clock");
    assert!(clock > trims && clock <= 3 * trims, "{clock} for {trims}");
}

/// 50,000 pages, of which 100 have a frame: a search walks the frames in use, so the others cost nothing.
#[test]
fn s6_a_search_never_looks_where_there_is_no_frame() {
    // Aging looks at a frame until its eight bits of history are gone, the working-set clock until it
    // has left the window.
    for (policy, most) in [("fifo", 1), ("clock", 3), ("sieve", 3), ("wsclock", 7), ("aging", 9)] {
        let script = json!([{"op": "spawn", "as": "a", "pages": 50_000},
            {"op": "run", "process": "a", "pattern": {"stride": 499}, "accesses": 1000, "writes": 1.0},
            {"op": "settle"}]);
        let options = json!({"frames": 200, "slots": 1200, "cpus": 1, "policy": policy});
        let counters = hold(&scenario(options, virtual_cpus(1), script)).counters;
        assert!(counters.trims >= 900, "{policy}: {counters:?}");
        assert!(counters.examined <= most * counters.trims, "{policy}: {counters:?}");
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
        let machine = Machine::after(json!({"pte_locks": locks}), virtual_cpus(1), &script);
        let word = |name: &str, page| {
            let id: ProcessId = machine.process(name);
            std::ptr::from_ref(machine.memory().region(id, Vpn(page)).unwrap().1).addr()
        };
        for (left, right) in [(0, 1), (0, 63), (63, 64), (5, 500), (511, 512), (0, 1099)] {
            let together = left / size == right / size;
            assert_eq!(word("a", left) == word("a", right), together, "{size}: {left} {right}");
        }
        assert_eq!(word("a", 0) == word("b", 0), size == u32::MAX);
        machine.close();
    }
}

/// Flights of a frame do not overlap, so no trim, write or read takes it while another has it.
#[test]
fn s9_a_frame_is_in_one_batch_at_a_time() {
    for seed in 0..8 {
        let script = json!([
            {"op": "spawn", "as": "a", "pages": 60},
            {"op": "run", "process": "a", "cpus": 3, "pattern": "uniform", "accesses": 500,
             "writes": 0.5},
            {"op": "settle"}
        ]);
        let options = json!({"frames": 20, "cpus": 3, "trim": {"low": 6, "high": 12, "batch": 8}});
        let machine = Machine::after(options, virtual_cpus(seed), &script);
        let mut flying = BTreeMap::new();
        let mut flights = 0;
        for (cpu, event) in machine.events() {
            if event.kind != EventKind::Pfn {
                continue;
            }
            let (before, after) = (Entry(event.a).is_in_flight(), Entry(event.b).is_in_flight());
            if !before && after {
                assert_eq!(flying.insert(event.number, cpu), None, "frame {}", event.number);
                flights += 1;
            } else if before && !after {
                assert_eq!(flying.remove(&event.number), Some(cpu), "landed by its owner");
            }
        }
        assert!(flights > 50 && flying.is_empty());
        machine.close();
    }
}

#[test]
fn s10_standby_frames_move_to_the_free_lists_in_batches() {
    for batch in [1, 3, 6] {
        let options = json!({"frames": 40, "cpus": 1, "cpu_cache": 0, "zeroer": false,
            "standby_batch": batch, "trim": {"low": 10, "high": 14, "batch": 8}});
        let script = json!([{"op": "spawn", "as": "a", "pages": 200}]);
        let mut machine = Machine::after(options, virtual_cpus(1), &script);
        let mut refills = 0;
        for page in 0..100 {
            machine.apply(json!({"op": "settle"}));
            let (memory, lists) = (machine.memory(), &machine.memory().lists);
            let (free, standby) = (memory.free_frames(), lists.count(lists.standby()));
            let before = machine.counter(Counter::Evictions);
            let op = json!({"op": "write", "process": "a", "page": page, "value": 1});
            machine.apply(op);
            if free == 0 && standby >= batch {
                assert_eq!(machine.counter(Counter::Evictions) - before, u64::from(batch));
                assert_eq!(machine.memory().free_frames(), batch - 1);
                refills += 1;
            }
        }
        assert!(refills > 5, "{refills}");
        machine.close();
    }
}

#[test]
fn s11_one_shootdown_serves_a_batch_of_pages() {
    let pages_a_shootdown = |kind: &str| {
        let options = json!({"frames": 40, "cpus": 1, "shootdown": kind,
            "trim": {"low": 8, "high": 24, "batch": 16}});
        let script = json!([{"op": "spawn", "as": "a", "pages": 200},
            {"op": "run", "process": "a", "pattern": "sequential", "writes": 1.0},
            {"op": "settle"}
        ]);
        let machine = Machine::after(options, virtual_cpus(1), &script);
        let begun = |kind| kind == EventKind::ShootdownBegin;
        let sizes: Vec<_> = machine
            .events()
            .into_iter()
            .filter(|(_, event)| begun(event.kind) && event.number > 0)
            .map(|(_, event)| event.number)
            .collect();
        assert_eq!(sizes.len() as u64, machine.counter(Counter::Shootdowns));
        assert_eq!(u64::from(sizes.iter().sum::<u32>()), machine.counter(Counter::Trims));
        machine.close();
        sizes
    };
    assert!(pages_a_shootdown("single").iter().all(|pages| *pages == 1));
    assert!(pages_a_shootdown("batched").iter().any(|pages| *pages >= 8));
    let costs = Costs::default();
    let cost = |cpus, pages| Step::Shootdown { cpus, pages }.cost(&costs);
    assert!(cost(1, 16) < 16 * cost(1, 1));
    assert_eq!(cost(0, 16) - cost(0, 0), 16 * costs.shootdown_page);
}

#[test]
fn s12_list_removal_is_constant_time() {
    for length in [3_u32, 10, 1000, 100_000] {
        let lists = Lists::new(length as usize, 1, 0, 0);
        let active = lists.active();
        for frame in 0..length {
            lists.push_back(active, Pfn(frame));
        }
        let next = || -> Vec<_> { (0..length).map(|frame| lists.next(Pfn(frame))).collect() };
        let before = next();
        let middle = Pfn(length / 2);
        lists.remove(active, middle);
        let changed: Vec<_> =
            before.iter().zip(next()).enumerate().filter(|(_, (old, new))| **old != *new).collect();
        // Its own link and its neighbour's, however long the list is.
        assert_eq!(changed.len(), 2);
        assert_eq!(changed[0].0, middle.0 as usize - 1);
        assert_eq!(lists.validate(active).unwrap().len(), length as usize - 1);
    }
    // Removals that walked would take a day here.
    let length = 1 << 20;
    let lists = Lists::new(length as usize, 1, 0, 0);
    for frame in 0..length {
        lists.push_back(lists.standby(), Pfn(frame));
    }
    for step in 0..length {
        lists.remove(lists.standby(), Pfn(step.wrapping_mul(0x9e37_79b1) % length));
    }
    assert_eq!(lists.validate(lists.standby()), Ok(Vec::new()));
}

#[test]
fn s13_blocking_out_of_order_is_reported_with_both_sites() {
    let here = file!();
    let (first, second) = (line!() + 2, line!() + 3);
    let found = violations(|cpu, memory| async move {
        let guard = memory.lock_list(&cpu, memory.lists.standby()).await;
        let entry = memory.lock_frame(&cpu, Pfn(3)).await;
        drop((guard, entry));
        (cpu, memory)
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
    use faultline::runtime::{LockClass, LockId, lock, try_lock};
    use std::sync::atomic::AtomicU64;
    for held in LockClass::ALL {
        for wanted in LockClass::ALL {
            for (first, second) in [(1, 2), (2, 1)] {
                let blocking = violations(|cpu, memory| async move {
                    let words = [AtomicU64::new(0), AtomicU64::new(0)];
                    {
                        let one = lock(&cpu, LockId::new(held, first), &words[0], 1, 2).await;
                        let two = lock(&cpu, LockId::new(wanted, second), &words[1], 1, 2).await;
                        drop((one, two));
                    }
                    (cpu, memory)
                });
                let ascending = held == LockClass::Pte && wanted == held && first < second;
                let allowed = held < wanted || ascending;
                assert_eq!(blocking.is_empty(), allowed, "{held:?} {wanted:?} {blocking:?}");
                let trying = violations(|cpu, memory| async move {
                    let words = [AtomicU64::new(0), AtomicU64::new(0)];
                    {
                        let one = lock(&cpu, LockId::new(held, first), &words[0], 1, 2).await;
                        let two = try_lock(&cpu, LockId::new(wanted, second), &words[1], 1, 2);
                        assert!(two.is_some());
                        drop((one, two));
                    }
                    (cpu, memory)
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

/// Standby frames are repurposed while faults rescue their pages: who loses starts again.
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
        let machine = Machine::after(options, runtime, &script);
        retries += machine.counter(Counter::Retries);
        for (_, event) in machine.events() {
            let ptes = [faultline::memory::Pte(event.a), faultline::memory::Pte(event.b)];
            let formats = ptes.map(|pte| pte.format());
            taken_away += u32::from(
                event.kind == EventKind::Pte
                    && formats == [PteFormat::Transition, PteFormat::Swapped],
            );
        }
        machine.close();
    }
    assert!(retries > 0 && taken_away > 100, "{retries} {taken_away}");
}

#[test]
fn s15_page_and_frame_are_4096_bytes_with_one_pte_a_page() {
    assert_eq!((PAGE_SIZE, PAGE_WORDS * 8), (4096, 4096));
    let script = json!([{"op": "spawn", "as": "a", "pages": 513}]);
    let machine = Machine::after(json!({}), virtual_cpus(1), &script);
    let memory = machine.memory();
    let process = memory.processes.get(machine.process("a"));
    let cells: BTreeSet<_> = (0..513)
        .map(|page| std::ptr::from_ref(memory.pte(process, Vpn(page)).unwrap()).addr())
        .collect();
    assert_eq!(cells.len(), 513);
    machine.close();
}

#[test]
fn s16_at_boot_all_frames_but_the_zero_page_are_free() {
    for (frames, free_lists) in [(8, 1), (64, 4), (1000, 7)] {
        let memory = memory(MachineOptions { frames, free_lists, ..MachineOptions::default() });
        let lists = &memory.lists;
        let mut free = Vec::new();
        for list in lists.all() {
            let members = lists.validate(list).unwrap();
            if (0..lists.shards()).any(|shard| lists.free(shard) == list) {
                free.extend(members);
            } else {
                assert_eq!(members, [], "{}", lists.name(list));
            }
        }
        free.sort();
        assert_eq!(free, (1..frames).map(Pfn).collect::<Vec<_>>());
        assert!(free.iter().all(|frame| memory.pfns.peek(*frame).state() == FrameState::Free));
        assert_eq!(memory.pfns.peek(memory.zero_page).state(), FrameState::Protected);
        assert_eq!(memory.processes.living().count(), 0);
        assert_eq!(memory.swap.free(), memory.options.slots);
        assert!((0..=memory.options.slots).all(|slot| memory.swap.count(Slot(slot)) == 0));
        assert_eq!(faultline::machine::audit(&memory), [""; 0]);
    }
}

/// The phases of a fault by their number in the events.
const LOCK: u64 = 0;
const FIND: u64 = 1;
const FILL: u64 = 2;
const MAP: u64 = 3;

#[test]
fn s18_each_kind_of_fault_takes_its_steps_in_order() {
    let mut machine =
        Machine::new(json!({"cpus": 1, "trim": {"low": 0, "high": 60}}), virtual_cpus(1));
    machine.apply(json!({"op": "spawn", "as": "a", "pages": 8}));
    let mut seen = 0;
    let mut steps = |machine: &mut Machine, op: Value, expected: &[u64]| {
        machine.apply(op.clone());
        let events = machine.events();
        let phases: Vec<_> = events[seen..]
            .iter()
            .filter(|(_, event)| event.kind == EventKind::FaultPhase)
            .map(|(_, event)| event.a)
            .collect();
        seen = events.len();
        assert_eq!(phases, expected, "{op}");
    };
    let op = |op: &str, process: &str| json!({"op": op, "process": process, "page": 1});
    let mut write = op("write", "a");
    write["value"] = 7.into();
    // Zero: nothing to load.
    steps(&mut machine, write.clone(), &[LOCK, FIND, FILL, MAP]);
    steps(&mut machine, write.clone(), &[]);
    // Transition: rescue.
    let settle = json!({"op": "settle"});
    steps(&mut machine, settle, &[]);
    assert_eq!(machine.pte("a", 1).format(), PteFormat::Transition);
    steps(&mut machine, op("read", "a"), &[LOCK, MAP]);
    assert_eq!(machine.pte("a", 1).format(), PteFormat::Valid);
    // Disk format: load.
    steps(&mut machine, op("evict", "a"), &[]);
    steps(&mut machine, op("read", "a"), &[LOCK, FIND, FILL, MAP]);
    assert_eq!(machine.counter(Counter::SwapReads), 1);
    // Read-only: copy, then reuse.
    steps(&mut machine, json!({"op": "fork", "process": "a", "as": "b"}), &[]);
    steps(&mut machine, write, &[LOCK, FIND, FILL, MAP]);
    let mut write = op("write", "b");
    write["value"] = 8.into();
    steps(&mut machine, write, &[LOCK, MAP]);
    // The page is valid, mapped and on the active list.
    let lists = &machine.memory().lists;
    let active = lists.validate(lists.active()).unwrap();
    assert!(active.contains(&machine.pte("a", 1).frame()));
    machine.close();
}

#[test]
fn s19_alone_an_access_never_faults_twice_and_never_retries() {
    let options = json!({"frames": 12, "cpus": 1, "eviction": "synchronous", "zeroer": false});
    for runtime in (0..4).map(virtual_cpus).chain([threads()]) {
        let mut machine = Machine::new(options.clone(), runtime);
        machine.apply(json!({"op": "spawn", "as": "a", "pages": 30}));
        let mut random = faultline::runtime::Random::new(9);
        let mut forked = 0;
        for step in 0..600 {
            let before = machine.counter(Counter::Faults);
            let page = random.below(30);
            let mut op = json!({"op": "read", "process": "a", "page": page});
            if random.below(2) == 0 {
                op = json!({"op": "write", "process": "a", "page": page, "value": step});
            }
            machine.apply(op);
            assert!(machine.counter(Counter::Faults) <= before + 1);
            if step % 100 == 99 {
                forked += 1;
                let name = format!("child{forked}");
                machine.apply(json!({"op": "fork", "process": "a", "as": name}));
                machine.apply(json!({"op": "kill", "process": name}));
            }
        }
        assert_eq!(machine.counter(Counter::Retries), 0);
        machine.close();
    }
}

/// Many against each other: retries are counted, and few.
#[test]
fn s19_retries_are_bounded_and_counted() {
    for seed in 0..8 {
        let script = json!([{"op": "spawn", "as": "a", "pages": 30},
            {"op": "run", "process": "a", "cpus": 6, "pattern": "uniform", "accesses": 3000,
             "writes": 0.5}]);
        let options = json!({"frames": 14, "cpus": 6});
        let report = hold(&scenario(options, virtual_cpus(seed), script));
        let counters = report.counters;
        assert!(counters.retries < counters.faults, "{counters:?}");
    }
}
