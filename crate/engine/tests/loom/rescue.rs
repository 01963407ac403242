//! Models a rescue that is resolved at once: under the frame's lock one compare-and-swap maps the page, against a CPU
//! that reuses the frame and one that kills the process.

use std::sync::Arc;

use faultline::memory::{
    FrameState, Pfn, PfnDatabase, Pte, PteFormat, Slot, change_pte, change_pte_and_unlock,
    load_pte, lock_region, try_replace_pte,
};
use faultline::runtime::{LockClass, ThreadCpu, block_on};
use loom::sync::atomic::{AtomicU64, Ordering};

use super::{Owned, THREE, TWO, lock_id, model, pte_event, run};

const FRAME: Pfn = Pfn(0);
const SLOT: Slot = Slot(5);

struct Shared {
    pfns: PfnDatabase,
    cell: AtomicU64,
    /// The list that the frame is on, which the holder of the frame's lock changes.
    list: Owned<FrameState>,
    /// Whether the frame holds another page by now.
    is_reused: Owned<bool>,
}

impl Shared {
    /// A frame on standby, and the one PTE that refers to it.
    fn new() -> Arc<Self> {
        let pfns = PfnDatabase::new(1);
        pfns.corrupt(FRAME, |entry| {
            entry.set_state(FrameState::Standby);
            entry.set_share(1);
        });
        let cell = AtomicU64::new(unmapped().0);
        Arc::new(Self {
            pfns,
            cell,
            list: Owned::new(FrameState::Standby),
            is_reused: Owned::new(false),
        })
    }

    /// The entry, the list and the PTE agree, and nothing is left of locks.
    fn assert(&self) {
        let entry = self.pfns.peek(FRAME);
        let pte = Pte(self.cell.load(Ordering::Relaxed));
        let is_reused = self.is_reused.get();
        let expected = match pte {
            pte if pte == unmapped() && !is_reused => (FrameState::Standby, 1),
            pte if pte == unmapped().mapped() && !is_reused => (FrameState::Active, 1),
            pte if pte == unmapped().swapped_to(SLOT) && is_reused => (FrameState::Standby, 1),
            Pte::ZERO if is_reused => (FrameState::Standby, 1),
            Pte::ZERO => (FrameState::Free, 0),
            pte => panic!("{pte:?}, and the frame is reused: {is_reused}"),
        };
        assert_eq!((entry.state(), entry.share()), expected, "{pte:?}");
        assert_eq!(self.list.get(), expected.0);
    }
}

fn unmapped() -> Pte {
    Pte::valid(FRAME, true, false).unmapped()
}

fn rescue(cpu: &ThreadCpu, shared: &Shared) {
    let seen = load_pte(&shared.cell);
    let Some(mut locked) = shared.pfns.try_lock(cpu, FRAME) else { return };
    if seen.format() == PteFormat::Transition
        && locked.entry.state() == FrameState::Standby
        && try_replace_pte(cpu, &shared.cell, pte_event, (seen, seen.mapped()))
    {
        shared.list.set(FrameState::Active);
        locked.entry.set_state(FrameState::Active);
    }
}

/// Reuses the frame, which is on standby with another page then: under its lock alone the transition PTE becomes
/// swapped (S14).
fn repurpose(cpu: &ThreadCpu, shared: &Shared) {
    let locked = block_on(shared.pfns.lock(cpu, FRAME));
    if locked.entry.state() == FrameState::Standby {
        let swapped =
            |pte: Pte| (pte.format() == PteFormat::Transition).then(|| pte.swapped_to(SLOT));
        change_pte(cpu, &shared.cell, pte_event, swapped).expect("a frame on standby has it");
        shared.is_reused.set(true);
    }
}

/// Drops the PTE and its reference, with the region locked and then the frame.
fn kill(cpu: &ThreadCpu, shared: &Shared) {
    let region = block_on(lock_region(cpu, (lock_id(LockClass::Pte), &shared.cell)));
    let mut locked = block_on(shared.pfns.lock(cpu, FRAME));
    // Read under both locks: nothing changes it now.
    if load_pte(&shared.cell).refers_to(FRAME) {
        shared.list.set(FrameState::Free);
        locked.entry.set_share(0);
        locked.entry.set_state(FrameState::Free);
    }
    change_pte_and_unlock(cpu, &shared.cell, region, pte_event, |_| Pte::ZERO);
}

#[test]
fn s14_a_page_that_is_rescued_at_once_is_on_its_frame_or_on_swap() {
    model(TWO, || {
        let shared = Shared::new();
        run(&shared, &[rescue, repurpose]);
        shared.assert();
    });
}

#[test]
fn s14_a_page_that_is_rescued_at_once_is_dropped_by_a_kill() {
    model(TWO, || {
        let shared = Shared::new();
        run(&shared, &[rescue, kill]);
        shared.assert();
        assert_eq!(shared.cell.load(Ordering::Relaxed), Pte::ZERO.0);
    });
}

#[test]
fn s14_of_two_rescues_at_once_one_lists_the_frame_whatever_a_kill_does() {
    model(THREE, || {
        let shared = Shared::new();
        run(&shared, &[rescue, rescue, kill]);
        shared.assert();
    });
}

#[test]
fn s14_a_rescue_at_once_loses_no_page_between_a_reuse_and_a_kill() {
    model(THREE, || {
        let shared = Shared::new();
        run(&shared, &[rescue, repurpose, kill]);
        shared.assert();
    });
}
