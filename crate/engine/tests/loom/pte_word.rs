//! Models a PTE's word: its value, the lock of a region, *in transit* and the waiters of either. Each changes
//! without the others, and no waiter is forgotten.

use std::sync::Arc;

use faultline::memory::{
    Pfn, Pte, PteFormat, change_pte, change_pte_and_unlock, load_pte, lock_region, try_claim,
    wait_for_transit,
};
use faultline::runtime::{LockClass, ThreadCpu, block_on};
use loom::sync::atomic::{AtomicU64, Ordering};

use super::{Owned, THREE, TWO, lock_id, model, pte_event, run};

const FRAME: Pfn = Pfn(3);

struct Shared {
    /// The first PTE of a region, with the region's lock in it.
    cell: AtomicU64,
    /// The frame's bytes, which the fault alone fills.
    bytes: Owned<u64>,
    filled: Owned<u32>,
}

impl Shared {
    fn new(pte: Pte) -> Arc<Self> {
        let cell = AtomicU64::new(pte.0);
        Arc::new(Self { cell, bytes: Owned::new(0), filled: Owned::new(0) })
    }

    fn set(&self, cpu: &ThreadCpu, new: impl Fn(Pte) -> Option<Pte>) -> Option<Pte> {
        change_pte(cpu, &self.cell, pte_event, new)
    }

    /// The word, in which nothing is left of locks, faults and waiters.
    fn assert(&self, pte: Pte) {
        assert_eq!(self.cell.load(Ordering::Relaxed), pte.0);
    }
}

/// A demand-zero fault with early release, as in `paging/fault.rs`: claim, release, fill, publish;
/// or wait for the fault that has claimed the PTE.
fn fault(cpu: &ThreadCpu, shared: &Shared) {
    let guard = block_on(lock_region(cpu, (lock_id(LockClass::Pte), &shared.cell)));
    let pte = load_pte(&shared.cell);
    if pte.is_in_transit() {
        drop(guard);
        block_on(wait_for_transit(cpu, &shared.cell));
    } else if pte.format() == PteFormat::Zero {
        change_pte_and_unlock(cpu, &shared.cell, guard, pte_event, Pte::in_transit);
        fill(cpu, shared);
    }
    assert!(load_pte(&shared.cell).allows_load());
    assert_eq!(shared.bytes.get(), 7);
}

/// The same fault where the region is the PTE itself: claimed in one step if no CPU has it.
fn fault_at_once(cpu: &ThreadCpu, shared: &Shared) {
    let formats = [PteFormat::Zero, PteFormat::Valid];
    match try_claim(cpu, lock_id(LockClass::Pte), &shared.cell, pte_event, formats) {
        Some(Pte::ZERO) => fill(cpu, shared),
        Some(mapped) => {
            shared.set(cpu, |_| Some(mapped));
        }
        None => fault(cpu, shared),
    }
    assert_eq!(shared.bytes.get(), 7);
}

/// The rest of a fault whose PTE is in transit.
fn fill(cpu: &ThreadCpu, shared: &Shared) {
    shared.bytes.set(7);
    shared.filled.set(shared.filled.get() + 1);
    shared.set(cpu, |_| Some(Pte::valid(FRAME, true, false)));
}

/// Takes the region's lock, as for another page of the region.
fn pass(cpu: &ThreadCpu, shared: &Shared) {
    drop(block_on(lock_region(cpu, (lock_id(LockClass::Pte), &shared.cell))));
}

#[test]
fn s3_of_two_faults_on_a_page_one_fills_it_and_the_other_waits() {
    model(TWO, || {
        let shared = Shared::new(Pte::ZERO);
        run(&shared, &[fault, fault]);
        assert_eq!(shared.filled.get(), 1);
        shared.assert(Pte::valid(FRAME, true, false));
    });
}

#[test]
fn s3_of_two_faults_that_claim_in_one_step_one_fills_the_page() {
    model(TWO, || {
        let shared = Shared::new(Pte::ZERO);
        run(&shared, &[fault_at_once, fault_at_once]);
        assert_eq!(shared.filled.get(), 1);
        shared.assert(Pte::valid(FRAME, true, false));
    });
}

#[test]
fn s8_a_claim_in_one_step_and_the_lock_of_the_word_exclude_each_other() {
    model(THREE, || {
        let shared = Shared::new(Pte::ZERO);
        run(&shared, &[fault_at_once, fault, pass]);
        assert_eq!(shared.filled.get(), 1);
        shared.assert(Pte::valid(FRAME, true, false));
    });
}

#[test]
fn s3_all_who_wait_for_a_fault_are_woken() {
    model(THREE, || {
        let shared = Shared::new(Pte::ZERO.in_transit());
        run(&shared, &[fill, fault, fault]);
        assert_eq!(shared.filled.get(), 1);
        shared.assert(Pte::valid(FRAME, true, false));
    });
}

#[test]
fn s8_who_waits_for_a_region_and_who_waits_for_a_fault_in_one_word_are_woken() {
    model(THREE, || {
        let shared = Shared::new(Pte::ZERO.in_transit());
        run(&shared, &[fill, fault, pass]);
        assert_eq!(shared.filled.get(), 1);
        shared.assert(Pte::valid(FRAME, true, false));
    });
}

/// A walk that finds a PTE valid sees the bytes that the fault put in the frame.
#[test]
fn g3_who_sees_a_valid_pte_sees_its_frame() {
    model(TWO, || {
        let shared = Shared::new(Pte::ZERO);
        let walk = |_: &ThreadCpu, shared: &Shared| {
            if load_pte(&shared.cell).allows_load() {
                assert_eq!(shared.bytes.get(), 7);
            }
        };
        run(&shared, &[fault, walk]);
    });
}

/// The accessed bit is set without the lock while a holder takes the right to store away and
/// another passes by: no change is lost, and no lock bit stays.
#[test]
fn s8_the_accessed_bit_and_the_lock_change_side_by_side() {
    model(THREE, || {
        let mapped = Pte::valid(FRAME, true, false);
        let shared = Shared::new(mapped.not_accessed());
        let touch = |cpu: &ThreadCpu, shared: &Shared| {
            let old = shared.set(cpu, |pte| (!pte.is_accessed()).then(|| pte.accessed()));
            assert!(old.is_some());
        };
        let protect = |cpu: &ThreadCpu, shared: &Shared| {
            let _guard = block_on(lock_region(cpu, (lock_id(LockClass::Pte), &shared.cell)));
            shared.set(cpu, |pte| Some(pte.write_protected()));
        };
        run(&shared, &[touch, protect, pass]);
        shared.assert(mapped.write_protected());
    });
}
