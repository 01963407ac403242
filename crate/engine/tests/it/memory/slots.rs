//! Tests free slots: in a bitmap and at hand with each CPU, taken and freed in batches (S7, G2).

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use faultline::audit::audit;
use faultline::machine::Machine;
use faultline::memory::{Device, Pfn, Slot, Swap};
use faultline::observe::Recording;
use faultline::options::{MachineOptions, SlotFinder};
use faultline::paging::{drop_slot_reference, take_slots};
use faultline::runtime::{Random, ThreadCpu, ThreadRuntime, block_on};
use proptest::prelude::*;
use serde_json::json;

use crate::support::{hold, scenario, virtual_cpus};

const CPUS: usize = 4;

fn swap(slots: u32, finder: SlotFinder) -> Swap {
    Swap::new(Device::memory(slots).unwrap(), slots, finder, CPUS, false)
}

/// Takes slots as a CPU does: from its own cache, then under the slot lock.
fn take(swap: &Swap, cpu: usize, want: usize) -> Vec<Slot> {
    let mut taken = Vec::new();
    swap.take_at_hand(cpu, want, &mut taken);
    if taken.len() < want {
        swap.take(cpu, want, &mut taken);
    }
    taken
}

fn free(swap: &Swap, cpu: usize, slot: Slot) {
    assert!(swap.drop_reference(slot));
    if !swap.free_at_hand(cpu, slot) {
        swap.free_into_bitmap(cpu, slot);
    }
}

#[test]
fn s7_a_batch_of_slots_is_distinct_and_never_slot_0() {
    for finder in [SlotFinder::Bitmap, SlotFinder::Scan] {
        for slots in [0, 1, 63, 64, 130, 5000] {
            let swap = swap(slots, finder);
            let mut all = BTreeSet::new();
            loop {
                let batch = take(&swap, 0, 48);
                let left = slots as usize - all.len();
                assert_eq!(batch.len(), left.min(48), "up to n, and all there are");
                if batch.is_empty() {
                    break;
                }
                for slot in batch {
                    assert!(slot.0 > 0 && slot.0 <= slots && all.insert(slot));
                    assert!(swap.count(slot) == 1 && !swap.is_free(slot));
                }
            }
            assert_eq!(swap.free(), 0);
            for slot in all.iter().skip(1).step_by(3) {
                free(&swap, 1, *slot);
            }
            let mut again = BTreeSet::new();
            while let [slot, ..] = take(&swap, 2, 1)[..] {
                assert!(again.insert(slot));
            }
            assert_eq!(again, all.iter().skip(1).step_by(3).copied().collect(), "the freed ones");
        }
    }
}

/// Where most slots are in use, a scan looks at each of them; the bitmap at a word for each slot found.
#[test]
fn s7_the_bitmap_looks_at_few_words_where_the_scan_looks_at_every_slot() {
    let looks = |finder| {
        let swap = swap(100_000, finder);
        swap.take(0, 90_000, &mut Vec::new());
        let mut batch = Vec::new();
        let looks = swap.take(1, 64, &mut batch);
        assert_eq!(batch.len(), 64);
        looks
    };
    assert_eq!(looks(SlotFinder::Scan), 90_064);
    assert!(looks(SlotFinder::Bitmap) < 64 + 100_000 / 64 / 64 + 2);
    let script = json!([{"op": "spawn", "as": "a", "pages": 60},
        {"op": "run", "process": "a", "pattern": "sequential", "writes": 1.0},
        {"op": "expect", "counter": "slots_examined", "at_least": 1}]);
    hold(&scenario(json!({"frames": 24}), virtual_cpus(1), script));
}

#[test]
fn s7_the_last_slots_are_had_from_the_hands_of_other_cpus() {
    let swap = swap(10, SlotFinder::Bitmap);
    assert_eq!(take(&swap, 0, 1).len(), 1);
    assert_eq!(swap.free_places().count(), 9, "at hand with CPU 0");
    assert_eq!(take(&swap, 1, 4).len(), 4);
    assert_eq!(take(&swap, 2, 48).len(), 5);
    assert_eq!((take(&swap, 3, 1), take(&swap, 0, 1)), (vec![], vec![]));
}

#[derive(Clone, Debug)]
enum Step {
    Take {
        cpu: usize,
        want: usize,
    },
    /// Frees some of the slots in use, by place.
    Free {
        cpu: usize,
        which: Vec<usize>,
    },
}

fn step() -> impl Strategy<Value = Step> {
    let which = prop::collection::vec(0_usize..1000, 0..40);
    prop_oneof![
        (0..CPUS, 0_usize..70).prop_map(|(cpu, want)| Step::Take { cpu, want }),
        (0..CPUS, which).prop_map(|(cpu, which)| Step::Free { cpu, which }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Slots against a set: what is free is in one place, what is taken was free, and none is refused
    /// while there is one.
    #[test]
    fn s7_slots_match_a_set(
        slots in prop_oneof![0_u32..10, 50_u32..80, 100_u32..300, 4090_u32..4100],
        bitmap in any::<bool>(),
        steps in prop::collection::vec(step(), 1..80),
    ) {
        let finder = if bitmap { SlotFinder::Bitmap } else { SlotFinder::Scan };
        let swap = swap(slots, finder);
        let mut used: Vec<Slot> = Vec::new();
        for step in steps {
            match step {
                Step::Take { cpu, want } => {
                    let left = slots as usize - used.len();
                    let taken = take(&swap, cpu, want);
                    prop_assert!(taken.len() <= want);
                    prop_assert_eq!(taken.is_empty(), want.min(left) == 0);
                    if finder == SlotFinder::Scan {
                        prop_assert_eq!(taken.len(), want.min(left));
                    }
                    used.extend(taken);
                }
                Step::Free { cpu, which } => {
                    for place in which {
                        if !used.is_empty() {
                            free(&swap, cpu, used.swap_remove(place % used.len()));
                        }
                    }
                }
            }
            let free: BTreeSet<_> = (1..=slots).map(Slot).filter(|slot| !used.contains(slot)).collect();
            let places: Vec<_> = swap.free_places().collect();
            prop_assert_eq!(places.len(), free.len(), "each in one place");
            prop_assert_eq!(swap.free() as usize, free.len());
            for slot in &places {
                prop_assert!(swap.is_free(*slot) && swap.count(*slot) == 0);
            }
            prop_assert_eq!(places.into_iter().collect::<BTreeSet<_>>(), free);
            prop_assert!(used.iter().all(|slot| !swap.is_free(*slot) && swap.count(*slot) == 1));
            prop_assert!(swap.bitmap_is_sound());
        }
    }
}

#[test]
fn s7_the_slot_lock_is_taken_once_for_many_slots() {
    let costs = |finder: &str| {
        let machine = json!({"frames": 40, "slots": 600, "cpus": 2, "slot_finder": finder});
        let script = json!([{"op": "spawn", "as": "a", "pages": 300},
            {"op": "run", "process": "a", "cpus": 2, "pattern": "uniform", "accesses": 4000,
             "writes": 0.5, "seed": 1}]);
        let report = hold(&scenario(machine, virtual_cpus(1), script));
        (report.locks.get("slot").unwrap().acquisitions, report.counters.swap_writes)
    };
    let (locks, writes) = costs("bitmap");
    assert!(writes > 1000 && locks * 4 < writes, "{locks} for {writes}");
    let (naive, writes) = costs("scan");
    assert!(naive > 2 * locks, "{naive} for {writes}");
}

/// A slot that goes from one page to another at once is another's to whoever reads it without a reference.
#[test]
fn p8_a_glance_at_a_slot_that_was_taken_over_shows_nothing() {
    let machine = Machine::bare(MachineOptions::default(), 0, 1).unwrap();
    let mut taken = Vec::new();
    machine.swap.take(0, 2, &mut taken);
    for slot in &taken {
        machine.swap.write(*slot, &machine.frames, Pfn(1)).unwrap();
    }
    let [slot, other] = taken[..] else { panic!("{taken:?}") };
    let glance = machine.swap.glance(slot);
    assert_eq!(glance.word(0), Some(Ok(0)));
    machine.swap.take_over(other);
    assert_eq!(glance.word(0), Some(Ok(0)));
    machine.swap.take_over(slot);
    assert_eq!(glance.word(0), None);
    assert_eq!(machine.swap.glance(slot).word(0), Some(Ok(0)));
}

/// Threads take slots and free those that others took, with a permit for each slot in use. A thread that
/// has a permit and no slot yet knows that one is free, though it may move from cache to cache.
#[test]
fn s7_a_free_slot_is_found_wherever_it_moves() {
    const THREADS: usize = 8;
    for (slots, finder) in [
        (2, SlotFinder::Bitmap),
        (5, SlotFinder::Bitmap),
        (300, SlotFinder::Bitmap),
        (5, SlotFinder::Scan),
    ] {
        let options = MachineOptions {
            slots: slots as u32,
            cpus: THREADS as u32,
            slot_finder: finder,
            ..MachineOptions::default()
        };
        let machine = Machine::new(options, 0, Recording::OnDemand).unwrap();
        let owned: Vec<_> = (0..=slots).map(|_| AtomicBool::new(false)).collect();
        let permits = AtomicUsize::new(slots);
        let used = Mutex::new(Vec::new());
        let runtime = Arc::<ThreadRuntime>::default();
        let work = |index: usize| {
            let cpu = ThreadCpu::new(Arc::clone(&runtime), machine.local(index));
            let mut random = Random::lane(1, index as u32);
            for _ in 0..100_000 {
                let less_one = |permits: usize| permits.checked_sub(1);
                let (set, load) = (Ordering::SeqCst, Ordering::SeqCst);
                if random.below(2) == 0 && permits.fetch_update(set, load, less_one).is_ok() {
                    let (taken, _moving) = block_on(take_slots(&cpu, &machine, 1));
                    let [slot] = taken[..] else { panic!("told that none of {slots} is free") };
                    let owned = owned[slot.0 as usize].swap(true, Ordering::SeqCst);
                    assert!(slot.0 > 0 && !owned, "slot {} is taken twice", slot.0);
                    used.lock().unwrap().push(slot);
                }
                let mut used = used.lock().unwrap();
                if !used.is_empty() && random.below(2) == 0 {
                    let place = random.below(used.len() as u64) as usize;
                    let slot: Slot = used.swap_remove(place);
                    drop(used);
                    owned[slot.0 as usize].store(false, Ordering::SeqCst);
                    block_on(drop_slot_reference(&cpu, &machine, slot));
                    permits.fetch_add(1, Ordering::SeqCst);
                }
            }
        };
        std::thread::scope(|scope| {
            for index in 0..THREADS {
                let work = &work;
                scope.spawn(move || work(index));
            }
        });
        let cpu = ThreadCpu::new(Arc::clone(&runtime), machine.local(0));
        for slot in used.into_inner().unwrap() {
            block_on(drop_slot_reference(&cpu, &machine, slot));
        }
        assert_eq!(machine.swap.free() as usize, slots);
        assert_eq!(audit(&machine), [""; 0]);
    }
}
