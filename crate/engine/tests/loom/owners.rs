//! Models the owner of a frame: one CPU forks its process, one kills the child, and one repurposes the frame, each with
//! the frame's lock alone. The one that repurposes it finds every PTE that refers to it, whatever the owner says.

use std::sync::Arc;

use faultline::memory::{
    Entry, FrameState, LockedEntry, Pfn, PfnDatabase, ProcessId, Pte, change_pte, load_pte,
};
use faultline::runtime::{ThreadCpu, block_on};
use loom::sync::atomic::AtomicU64;

use super::{Owned, THREE, model, pte_event, run};

const FRAME: Pfn = Pfn(1);
const PARENT: usize = 0;
const CHILD: usize = 1;

struct Shared {
    pfns: PfnDatabase,
    /// The PTEs of the page in the parent and in the child.
    cells: [AtomicU64; 2],
    /// The bytes of the frame, which are another page's once it is repurposed.
    bytes: Owned<u64>,
}

impl Shared {
    /// Returns a frame on standby to which the parent refers and, after its fork, the child.
    fn new(forked: bool) -> Arc<Self> {
        let pfns = PfnDatabase::new(2);
        pfns.corrupt(FRAME, |entry| {
            entry.set_state(FrameState::Standby);
            entry.set_share(1 + u32::from(forked));
        });
        pfns.set_owner(FRAME, (!forked).then_some(ProcessId(PARENT as u32)));
        let refers = Pte::valid(FRAME, false, false).unmapped().0;
        let child = if forked { refers } else { Pte::ZERO.0 };
        let cells = [AtomicU64::new(refers), AtomicU64::new(child)];
        Arc::new(Self { pfns, cells, bytes: Owned::new(1) })
    }

    /// Returns the members of the family that refer to the frame, or its owner, as `Machine::owner` has it.
    fn sharers(&self, locked: &LockedEntry<'_, ThreadCpu>) -> Vec<usize> {
        let owner = self.pfns.owner(FRAME).filter(|_| locked.entry.share() == 1);
        owner.map_or(vec![PARENT, CHILD], |owner| vec![owner.0 as usize])
    }
}

/// The child's PTE is written under the frame's lock, if the parent's still refers to the frame.
fn forks(cpu: &ThreadCpu, shared: &Shared) {
    let mut locked = block_on(shared.pfns.lock(cpu, FRAME));
    let pte = load_pte(&shared.cells[PARENT]);
    if pte.refers_to(FRAME) {
        shared.bytes.get();
        let share = locked.entry.share() + 1;
        locked.entry.set_share(share);
        shared.pfns.set_owner(FRAME, None);
        change_pte(cpu, &shared.cells[CHILD], pte_event, |_| Some(pte)).unwrap();
    }
}

fn kills_the_child(cpu: &ThreadCpu, shared: &Shared) {
    let mut locked = block_on(shared.pfns.lock(cpu, FRAME));
    if load_pte(&shared.cells[CHILD]).refers_to(FRAME) {
        change_pte(cpu, &shared.cells[CHILD], pte_event, |_| Some(Pte::ZERO)).unwrap();
        let share = locked.entry.share() - 1;
        locked.entry.set_share(share);
        shared.pfns.set_owner(FRAME, None);
    }
}

/// The parent uses the page: as the only sharer it is the owner again.
fn rescues(cpu: &ThreadCpu, shared: &Shared) {
    let locked = block_on(shared.pfns.lock(cpu, FRAME));
    if load_pte(&shared.cells[PARENT]).refers_to(FRAME) {
        shared.bytes.get();
        let owner = (locked.entry.share() == 1).then_some(ProcessId(PARENT as u32));
        shared.pfns.set_owner(FRAME, owner);
    }
}

fn repurposes(cpu: &ThreadCpu, shared: &Shared) {
    let mut locked = block_on(shared.pfns.lock(cpu, FRAME));
    let mut rewritten = 0;
    for sharer in shared.sharers(&locked) {
        let gone = |pte: Pte| pte.refers_to(FRAME).then_some(Pte::ZERO);
        let changed = change_pte(cpu, &shared.cells[sharer], pte_event, gone);
        rewritten += u32::from(changed.is_some());
    }
    assert_eq!(rewritten, locked.entry.share());
    shared.pfns.set_free(&mut locked);
    assert_eq!(locked.entry, Entry(FrameState::Free as u64));
    shared.bytes.set(9);
}

#[test]
fn s14_who_repurposes_a_frame_finds_all_who_refer_to_it_by_its_owner() {
    model(THREE, || run(&Shared::new(false), &[forks, repurposes, kills_the_child]));
    model(THREE, || run(&Shared::new(true), &[rescues, repurposes, kills_the_child]));
}
