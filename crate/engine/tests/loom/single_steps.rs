//! Models changes of a frame's entry in one step: a frame lands while a program rescues its page, and a page is marked
//! dirty while it is trimmed.

use std::sync::Arc;

use faultline::memory::{
    Entry, FrameState, Lists, Pfn, PfnDatabase, Pte, PteFormat, Slot, change_pte, load_pte,
    lock_region, try_replace_pte,
};
use faultline::runtime::{LockClass, ThreadCpu, block_on};
use loom::sync::atomic::{AtomicU64, Ordering};

use super::{Owned, THREE, TWO, lock_id, model, pte_event, run};

const FRAME: Pfn = Pfn(0);
const SLOT: Slot = Slot(5);

struct Shared {
    pfns: PfnDatabase,
    lists: Lists,
    cell: AtomicU64,
    /// The list that the frame is on, which the holder of the modified list's lock changes; in flight it is on none.
    list: Owned<Option<FrameState>>,
    /// How often the copy on swap was dropped.
    drops: Owned<u32>,
}

impl Shared {
    fn new(pte: Pte, change: impl FnOnce(&mut Entry)) -> Arc<Self> {
        let pfns = PfnDatabase::new(1);
        pfns.corrupt(FRAME, change);
        let lists = Lists::new(1, 1, 1, 1, 0);
        let cell = AtomicU64::new(pte.0);
        Arc::new(Self { pfns, lists, cell, list: Owned::new(None), drops: Owned::new(0) })
    }

    /// Puts the frame on a list, or takes it off, under the lock of both lists here.
    fn list(&self, cpu: &ThreadCpu, list: Option<FrameState>) {
        let _guard =
            block_on(self.lists.lock(cpu, self.lists.list_of(FrameState::Modified, FRAME)));
        self.list.set(list);
    }
}

/// A frame in flight whose page was unmapped.
fn in_flight() -> Arc<Shared> {
    let unmapped = Pte::valid(FRAME, true, true).unmapped();
    Shared::new(unmapped, |entry| {
        entry.set_state(FrameState::Active);
        entry.set_in_flight(true);
        entry.set_dirty(true);
        entry.set_share(1);
    })
}

/// Lands the frame in one step under the list's lock, or else with the frame locked.
fn lands(cpu: &ThreadCpu, shared: &Shared) {
    let landed = {
        let list = shared.lists.list_of(FrameState::Modified, FRAME);
        let _guard = block_on(shared.lists.lock(cpu, list));
        let landed = shared.pfns.try_change(cpu, FRAME, |mut entry| {
            entry.set_in_flight(false);
            entry.set_state(FrameState::Modified);
            (!entry.is_rescued()).then_some(entry)
        });
        if landed {
            shared.list.set(Some(FrameState::Modified));
        }
        landed
    };
    if landed {
        return;
    }
    let mut locked = block_on(shared.pfns.lock(cpu, FRAME));
    locked.entry.set_in_flight(false);
    let rescued = locked.entry.is_rescued();
    locked.entry.set_rescued(false);
    let state = if rescued { FrameState::Active } else { FrameState::Modified };
    locked.entry.set_state(state);
    shared.list(cpu, Some(state));
}

/// Maps the page again under the frame's lock, as `paging/at_once.rs` does.
fn rescues(cpu: &ThreadCpu, shared: &Shared) {
    let seen = load_pte(&shared.cell);
    let Some(mut locked) = shared.pfns.try_lock(cpu, FRAME) else { return };
    if seen.format() != PteFormat::Transition
        || !try_replace_pte(cpu, &shared.cell, pte_event, (seen, seen.mapped()))
    {
        return;
    }
    if locked.entry.is_in_flight() {
        locked.entry.set_rescued(true);
    } else if locked.entry.state() != FrameState::Active {
        {
            let list = shared.lists.list_of(FrameState::Modified, FRAME);
            let _guard = block_on(shared.lists.lock(cpu, list));
            assert_eq!(shared.list.get(), Some(FrameState::Modified), "it is where its entry says");
            shared.list.set(None);
        }
        locked.entry.set_state(FrameState::Active);
        shared.list(cpu, Some(FrameState::Active));
    }
}

/// Waits as an eviction does that found the frame in flight.
fn waits(cpu: &ThreadCpu, shared: &Shared) {
    block_on(shared.pfns.wait_for_flight(cpu, FRAME));
    assert!(!shared.pfns.peek(FRAME).is_in_flight());
}

#[test]
fn g1_a_frame_that_lands_in_one_step_is_on_the_list_that_its_entry_says() {
    let bodies: [&[super::Body<Shared>]; 2] = [&[lands, rescues], &[lands, rescues, waits]];
    for bodies in bodies {
        model(if bodies.len() == 2 { TWO } else { THREE }, move || {
            let shared = in_flight();
            run(&shared, bodies);
            let entry = shared.pfns.peek(FRAME);
            let mapped = load_pte(&shared.cell).format() == PteFormat::Valid;
            let state = if mapped { FrameState::Active } else { FrameState::Modified };
            assert_eq!((entry.state(), entry.is_in_flight()), (state, false), "{entry:?}");
            assert_eq!(shared.list.get(), Some(state));
        });
    }
}

/// Marks the page dirty for a store, as `paging/dirty_at_once.rs` does.
fn stores(cpu: &ThreadCpu, shared: &Shared) {
    let seen = load_pte(&shared.cell);
    let Some(mut locked) = shared.pfns.try_lock(cpu, FRAME) else { return };
    if seen.format() == PteFormat::Valid
        && !seen.is_dirty()
        && try_replace_pte(cpu, &shared.cell, pte_event, (seen, seen.stored_to()))
    {
        assert_eq!(locked.entry.slot(), Some(SLOT), "a page that is not dirty has its copy");
        shared.drops.set(shared.drops.get() + 1);
        locked.entry.set_slot(None);
        locked.entry.set_dirty(true);
    }
}

/// Unmaps the page with its region and its frame locked.
fn trims(cpu: &ThreadCpu, shared: &Shared) {
    let _region = block_on(lock_region(cpu, (lock_id(LockClass::Pte), &shared.cell)));
    let mut locked = block_on(shared.pfns.lock(cpu, FRAME));
    let unmapped = |pte: Pte| (pte.format() == PteFormat::Valid).then(|| pte.unmapped());
    if change_pte(cpu, &shared.cell, pte_event, unmapped).is_some_and(Pte::is_dirty) {
        locked.entry.set_dirty(true);
    }
}

/// Unmaps it in one step under the frame's lock, as `paging/reclaim_at_once.rs` does.
fn trims_at_once(cpu: &ThreadCpu, shared: &Shared) {
    let Some(mut locked) = shared.pfns.try_lock(cpu, FRAME) else { return };
    let seen = load_pte(&shared.cell);
    if seen.format() == PteFormat::Valid
        && try_replace_pte(cpu, &shared.cell, pte_event, (seen, seen.unmapped()))
        && seen.is_dirty()
    {
        locked.entry.set_dirty(true);
    }
}

#[test]
fn g5_a_page_that_is_marked_dirty_at_once_is_dirty_for_who_trims_it() {
    for trims in [trims, trims_at_once] {
        model(THREE, move || {
            let shared = Shared::new(Pte::valid(FRAME, true, false), |entry| {
                entry.set_state(FrameState::Active);
                entry.set_slot(Some(SLOT));
                entry.set_share(1);
            });
            run(&shared, &[stores, stores, trims]);
            let entry = shared.pfns.peek(FRAME);
            let pte = Pte(shared.cell.load(Ordering::Relaxed));
            let drops = shared.drops.get();
            assert!(drops <= 1, "{drops}");
            let dirty = drops == 1;
            assert_eq!((entry.is_dirty(), entry.slot()), (dirty, (!dirty).then_some(SLOT)));
            assert!(!pte.is_dirty() || dirty, "{pte:?}");
        });
    }
}
