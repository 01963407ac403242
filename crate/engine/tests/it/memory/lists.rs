//! Tests requirements of the notes: lists and batches, searches and wake-ups, and the lists at boot (S4, S6, S9 to S12, S16).

use std::collections::BTreeMap;

use faultline::memory::{Entry, FrameState, Lists, Pfn, Slot};
use faultline::observe::{Counter, EventKind};
use faultline::options::MachineOptions;
use faultline::paging::ring;
use faultline::runtime::{Costs, DaemonId, Step};
use serde_json::json;

use crate::support::boot::{machine, violations};
use crate::support::rig::Rig;
use crate::support::{hold, scenario, virtual_cpus};

#[test]
fn s4_rings_before_the_daemon_has_looked_are_one_wake_up() {
    violations(|cpu, machine| async move {
        for _ in 0..5 {
            ring(&cpu, &machine, DaemonId::TRIMMER);
        }
        assert_eq!(machine.stats.total(Counter::TrimWakeups), 1);
        (cpu, machine)
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
    // The working-set clock goes round once and ranks all when all are in use. NRU and aging rank all frames for
    // a batch of 16, and look at all at each tick, which comes eight times while all are taken once.
    let ranked = 200 / 16 + 8;
    for (policy, most) in [
        ("fifo", 1),
        ("clock", 3),
        // When all are dirty it goes round three times before it takes the first.
        ("clock-dirty", 9),
        // Once on the list, once passed by, and twice sorted: so often at most where each page is used once.
        ("lru", 4),
        ("sieve", 3),
        ("wsclock", 12),
        ("nru", ranked),
        ("aging", ranked),
    ] {
        let script = json!([{"op": "spawn", "as": "a", "pages": 50_000},
            {"op": "run", "process": "a", "pattern": {"stride": 499}, "accesses": 1000, "writes": 1.0},
            {"op": "settle"}]);
        let options = json!({"frames": 200, "slots": 1200, "cpus": 1, "policy": policy});
        let counters = hold(&scenario(options, virtual_cpus(1), script)).counters;
        assert!(counters.trims >= 900, "{policy}: {counters:?}");
        assert!(counters.examined <= most * counters.trims, "{policy}: {counters:?}");
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
        let rig = Rig::after(options, virtual_cpus(seed), &script);
        let mut flying = BTreeMap::new();
        let mut flights = 0;
        for (cpu, event) in rig.events() {
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
        rig.close();
    }
}

#[test]
fn s10_standby_frames_move_to_the_free_lists_in_batches() {
    for batch in [1, 3, 6] {
        let options = json!({"frames": 40, "cpus": 1, "cpu_cache": 0, "zeroer": false,
            "standby_batch": batch, "trim": {"low": 10, "high": 14, "batch": 8}});
        let script = json!([{"op": "spawn", "as": "a", "pages": 200}]);
        let mut rig = Rig::after(options, virtual_cpus(1), &script);
        let mut refills = 0;
        for page in 0..100 {
            rig.apply(json!({"op": "settle"}));
            let (machine, lists) = (rig.machine(), &rig.machine().lists);
            let (free, standby) = (machine.free_frames(), lists.count(lists.standby(0)));
            let before = rig.counter(Counter::Evictions);
            let op = json!({"op": "write", "process": "a", "page": page, "value": 1});
            rig.apply(op);
            if free == 0 && standby >= batch {
                assert_eq!(rig.counter(Counter::Evictions) - before, u64::from(batch));
                assert_eq!(rig.machine().free_frames(), batch - 1);
                refills += 1;
            }
        }
        assert!(refills > 5, "{refills}");
        rig.close();
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
        let rig = Rig::after(options, virtual_cpus(1), &script);
        let begun = |kind| kind == EventKind::ShootdownBegin;
        let sizes: Vec<_> = rig
            .events()
            .into_iter()
            .filter(|(_, event)| begun(event.kind) && event.number > 0)
            .map(|(_, event)| event.number)
            .collect();
        assert_eq!(sizes.len() as u64, rig.counter(Counter::Shootdowns));
        assert_eq!(u64::from(sizes.iter().sum::<u32>()), rig.counter(Counter::Trims));
        rig.close();
        sizes
    };
    assert!(pages_a_shootdown("single").iter().all(|pages| *pages == 1));
    assert!(pages_a_shootdown("batched").iter().any(|pages| *pages >= 8));
    let costs = Costs::default();
    let cost = |cpus, pages| costs.of(Step::Shootdown { cpus, pages });
    assert!(cost(1, 16) < 16 * cost(1, 1));
    assert_eq!(cost(0, 16) - cost(0, 0), 16 * costs.shootdown_page);
}

#[test]
fn s12_list_removal_is_constant_time() {
    for length in [3_u32, 10, 1000, 100_000] {
        let lists = Lists::new(length as usize, 1, 1, 0, 0);
        let active = lists.active(0);
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
    let lists = Lists::new(length as usize, 1, 1, 0, 0);
    for frame in 0..length {
        lists.push_back(lists.standby(0), Pfn(frame));
    }
    for step in 0..length {
        lists.remove(lists.standby(0), Pfn(step.wrapping_mul(0x9e37_79b1) % length));
    }
    assert_eq!(lists.validate(lists.standby(0)), Ok(Vec::new()));
}

#[test]
fn s16_at_boot_all_frames_but_the_zero_page_are_free() {
    for (frames, free_lists) in [(8, 1), (64, 4), (1000, 7)] {
        let machine = machine(MachineOptions { frames, free_lists, ..MachineOptions::default() });
        let lists = &machine.lists;
        let mut free = Vec::new();
        for list in lists.all() {
            let members = lists.validate(list).unwrap();
            if (0..lists.free_shards()).any(|shard| lists.free(shard) == list) {
                free.extend(members);
            } else {
                assert_eq!(members, [], "{}", lists.name(list));
            }
        }
        free.sort();
        assert_eq!(free, (1..frames).map(Pfn).collect::<Vec<_>>());
        assert!(free.iter().all(|frame| machine.pfns.peek(*frame).state() == FrameState::Free));
        assert_eq!(machine.pfns.peek(machine.zero_page).state(), FrameState::Protected);
        assert_eq!(machine.processes.living().count(), 0);
        assert_eq!(machine.swap.free(), machine.options.slots);
        assert!((0..=machine.options.slots).all(|slot| machine.swap.count(Slot(slot)) == 0));
        assert_eq!(faultline::audit::audit(&machine), [""; 0]);
    }
}
