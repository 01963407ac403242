//! Models a page that is read ahead while its process is killed: its slot keeps the page's bytes until they are read, and
//! the reader or the kill frees it, whichever is last.

use std::sync::Arc;

use faultline::memory::{FrameState, Pfn, PfnDatabase, Pte, PteFormat, Slot, Swap};
use faultline::memory::{change_pte, load_pte, lock_region, try_lock_region};
use faultline::runtime::{LockClass, ThreadCpu, block_on};
use loom::sync::atomic::{AtomicU64, Ordering, fence};

use super::slots::swap_in_use;
use super::{TWO, lock_id, model, pte_event, run};

const FRAME: Pfn = Pfn(0);
/// The bytes of this page in the slot, and those of another page.
const OWN: u64 = 7;
const ANOTHERS: u64 = 9;

/// A page on swap, and a frame for it that a CPU has taken.
struct Shared {
    swap: Swap,
    pfns: PfnDatabase,
    slot: Slot,
    /// The PTE that names the slot.
    cell: AtomicU64,
    /// A word of the slot, as a memory device has it.
    word: AtomicU64,
}

impl Shared {
    fn new() -> Arc<Self> {
        let (swap, slot) = swap_in_use();
        let pte = Pte::valid(FRAME, true, false).unmapped().swapped_to(slot);
        Arc::new(Self {
            swap,
            pfns: PfnDatabase::new(1),
            slot,
            cell: AtomicU64::new(pte.0),
            word: AtomicU64::new(OWN),
        })
    }

    /// Drops a reference to the slot; the last one frees it, and another page is written there.
    fn drop_slot(&self, cpu: usize) {
        if self.swap.drop_reference(self.slot) {
            assert!(self.swap.free_at_hand(cpu, self.slot));
            let mut taken = Vec::new();
            self.swap.take_at_hand(cpu, 1, &mut taken);
            assert_eq!(taken, [self.slot]);
            self.word.store(ANOTHERS, Ordering::Relaxed);
        }
    }
}

/// Claims the slot under the lock of its PTE's region, reads it, and lands the frame.
fn reads_ahead(cpu: &ThreadCpu, shared: &Shared) {
    let Shared { swap, pfns, slot, cell, word } = shared;
    {
        let region = (lock_id(LockClass::Pte), cell);
        let Some(_region) = try_lock_region(cpu, region) else { return };
        if load_pte(cell).format() != PteFormat::Swapped {
            return;
        }
        let mut locked = block_on(pfns.lock(cpu, FRAME));
        assert!(swap.claim_cached(*slot, FRAME), "nobody else reads");
        swap.add_references(*slot, 1);
        locked.entry.set_state(FrameState::Reading);
        locked.entry.set_in_flight(true);
        locked.entry.set_slot(Some(*slot));
    }
    assert_eq!(word.load(Ordering::Relaxed), OWN, "another page's bytes");
    let mut locked = block_on(pfns.lock(cpu, FRAME));
    locked.entry.set_in_flight(false);
    fence(Ordering::SeqCst);
    if swap.count(*slot) == 1 {
        swap.set_cached(*slot, None);
        shared.drop_slot(0);
        pfns.set_free(&mut locked);
    } else {
        locked.entry.set_state(FrameState::Standby);
    }
}

/// Takes the page away: the PTE's reference, and a frame on standby that only that was for.
fn kills(cpu: &ThreadCpu, shared: &Shared) {
    let Shared { swap, pfns, slot, cell, .. } = shared;
    let _region = block_on(lock_region(cpu, (lock_id(LockClass::Pte), cell)));
    change_pte(cpu, cell, pte_event, |_| Some(Pte::ZERO));
    shared.drop_slot(1);
    fence(Ordering::SeqCst);
    let Some(frame) = swap.cached(*slot) else { return };
    let mut locked = block_on(pfns.lock(cpu, frame));
    let is_kept = locked.entry.state() == FrameState::Standby
        && locked.entry.slot().is_some_and(|slot| swap.count(slot) == 1);
    if is_kept {
        swap.set_cached(*slot, None);
        shared.drop_slot(1);
        pfns.set_free(&mut locked);
    }
}

#[test]
fn s20_a_slot_is_anothers_only_when_it_was_read_and_its_process_is_gone() {
    model(TWO, || {
        let shared = Shared::new();
        run(&shared, &[reads_ahead, kills]);
        assert_eq!(shared.word.load(Ordering::Relaxed), ANOTHERS, "the slot was never freed");
        assert_eq!(shared.pfns.peek(FRAME).state(), FrameState::Free);
        assert_eq!((shared.swap.count(shared.slot), shared.swap.cached(shared.slot)), (1, None));
    });
}
