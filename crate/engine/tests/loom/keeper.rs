//! Models the keeper of a slot: a CPU that finds it sees what was done to its frame before. A peek at a page, in
//! its slot without a reference or in its frame, never takes another page's bytes for it.

use std::sync::Arc;

use faultline::memory::{Pfn, PfnDatabase, Pte, PteFormat, Slot, Swap};
use faultline::memory::{change_pte, load_pte, lock_region, try_claim};
use faultline::runtime::{LockClass, ThreadCpu, block_on};
use loom::sync::atomic::{AtomicU64, Ordering};

use super::slots::swap_in_use;
use super::{Owned, THREE, TWO, lock_id, model, pte_event, run};

const FRAME: Pfn = Pfn(3);
/// The bytes of this page in the frame or the slot, and those of another page.
const OWN: u64 = 7;
const ANOTHERS: u64 = 9;

/// A slot in use, and the bytes of the frame that keeps a copy of it.
struct Shared {
    swap: Swap,
    slot: Slot,
    /// The PTE that names it.
    cell: AtomicU64,
    /// A word of the slot, as a memory device has it.
    word: AtomicU64,
    bytes: Owned<u64>,
    claims: Owned<u64>,
}

impl Shared {
    fn new() -> Arc<Self> {
        let (swap, slot) = swap_in_use();
        let pte = Pte::valid(FRAME, true, false).unmapped().swapped_to(slot);
        Arc::new(Self {
            swap,
            slot,
            cell: AtomicU64::new(pte.0),
            word: AtomicU64::new(OWN),
            bytes: Owned::new(0),
            claims: Owned::new(0),
        })
    }
}

/// A write to swap lands: the frame keeps the slot.
fn keeps(_: &ThreadCpu, shared: &Shared) {
    shared.bytes.set(OWN);
    shared.swap.set_cached(shared.slot, Some(FRAME));
}

/// A frame is about to be read into.
fn reads(_: &ThreadCpu, shared: &Shared) {
    shared.bytes.set(OWN);
    assert!(shared.swap.claim_cached(shared.slot, FRAME));
}

/// A sharer reads the slot in, unless another CPU reads it already.
fn claims(_: &ThreadCpu, shared: &Shared) {
    if shared.swap.claim_cached(shared.slot, FRAME) {
        shared.claims.set(shared.claims.get() + 1);
        shared.swap.set_cached(shared.slot, None);
    }
}

#[test]
fn s14_who_finds_the_keeper_of_a_slot_sees_its_frame() {
    for names in [keeps, reads] {
        model(THREE, move || {
            let finds = |_: &ThreadCpu, shared: &Shared| {
                if shared.swap.cached(shared.slot) == Some(FRAME) {
                    assert_eq!(shared.bytes.get(), OWN);
                }
            };
            run(&Shared::new(), &[names, finds, finds]);
        });
    }
}

#[test]
fn s14_one_at_a_time_has_claimed_a_slot_and_sees_what_the_one_before_did() {
    model(THREE, || {
        let shared = Shared::new();
        run(&shared, &[claims, claims, claims]);
        assert!((1..=3).contains(&shared.claims.get()));
        assert_eq!(shared.swap.cached(shared.slot), None);
    });
}

/// A peek, which reads the PTE again once the glance has begun, and lets the region go before it looks at the slot.
fn glances(cpu: &ThreadCpu, shared: &Shared) {
    let guard = block_on(lock_region(cpu, (lock_id(LockClass::Pte), &shared.cell)));
    let pte = load_pte(&shared.cell);
    if pte.format() != PteFormat::Swapped {
        return;
    }
    let glance = shared.swap.glance(pte.slot());
    if load_pte(&shared.cell) != pte {
        return;
    }
    drop(guard);
    let seen = glance.unless_retaken(|| shared.word.load(Ordering::Relaxed));
    assert!(seen.is_none_or(|word| word == OWN), "another page's bytes");
}

/// The page comes back with its region locked.
fn retakes(cpu: &ThreadCpu, shared: &Shared) {
    let guard = block_on(lock_region(cpu, (lock_id(LockClass::Pte), &shared.cell)));
    change_pte(cpu, &shared.cell, pte_event, |_| Some(Pte::valid(FRAME, true, true)));
    drop(guard);
    retake(shared);
}

/// The page comes back at once, if the region is not locked, as in `paging/hard_at_once.rs`.
fn retakes_at_once(cpu: &ThreadCpu, shared: &Shared) {
    let formats = [PteFormat::Swapped; 2];
    let id = lock_id(LockClass::Pte);
    if try_claim(cpu, id, &shared.cell, pte_event, formats).is_some() {
        assert!(shared.swap.is_of_one_page(shared.slot));
        change_pte(cpu, &shared.cell, pte_event, |_| Some(Pte::valid(FRAME, true, true)));
        retake(shared);
    }
}

/// Drops the only reference to the slot, which is taken for another page then.
fn retake(shared: &Shared) {
    assert!(shared.swap.drop_reference(shared.slot));
    assert!(shared.swap.free_at_hand(0, shared.slot));
    let mut taken = Vec::new();
    shared.swap.take_at_hand(0, 1, &mut taken);
    assert_eq!(taken, [shared.slot]);
    shared.word.store(ANOTHERS, Ordering::Relaxed);
}

#[test]
fn p8_a_glance_never_shows_what_another_page_wrote_to_the_slot() {
    for retakes in [retakes, retakes_at_once] {
        model(TWO, move || run(&Shared::new(), &[retakes, glances]));
    }
}

/// A page is being copied for its writer, while a peek looks through the PTE and the other sharer, once
/// it is the last, stores to the frame in place.
#[test]
fn p8_a_peek_at_a_page_that_is_copied_never_shows_the_other_sharers_store() {
    struct Copied {
        pfns: PfnDatabase,
        cell: AtomicU64,
        word: AtomicU64,
    }
    const OLD: Pfn = Pfn(0);
    const COPY: Pfn = Pfn(1);
    model(THREE, || {
        let pfns = PfnDatabase::new(2);
        pfns.corrupt(OLD, |entry| entry.set_share(2));
        let pte = Pte::valid(OLD, false, false).unmapped().in_transit();
        let word = AtomicU64::new(OWN);
        let copied = Arc::new(Copied { pfns, cell: AtomicU64::new(pte.0), word });
        let peeks = |cpu: &ThreadCpu, copied: &Copied| {
            if load_pte(&copied.cell).refers_to(OLD) {
                let look = || copied.word.load(Ordering::Relaxed);
                let seen = block_on(copied.pfns.look_through(cpu, &copied.cell, OLD, look));
                assert!(seen.is_none_or(|word| word == OWN), "the other sharer's bytes");
            }
        };
        let publishes = |cpu: &ThreadCpu, copied: &Copied| {
            let mut locked = block_on(copied.pfns.lock(cpu, OLD));
            change_pte(cpu, &copied.cell, pte_event, |_| Some(Pte::valid(COPY, true, true)));
            locked.entry.set_share(1);
        };
        let stores_in_place = |cpu: &ThreadCpu, copied: &Copied| {
            let share = block_on(copied.pfns.lock(cpu, OLD)).entry.share();
            if share == 1 {
                copied.word.store(ANOTHERS, Ordering::Relaxed);
            }
        };
        run(&copied, &[publishes, peeks, stores_in_place]);
    });
}
