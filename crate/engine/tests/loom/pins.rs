//! Models pins: a CPU that frees the tables of a process waits for those that have pinned them, under the tree lock or
//! with the lock of a frame to which a PTE of the process refers.

use std::sync::Arc;

use faultline::memory::{Pfn, ProcessId, ProcessTable, Pte, PteFormat, change_pte, load_pte};
use faultline::options::Rmap;
use faultline::paging::shootdown::{wait_for_pins_so_far, wait_until_unpinned};
use faultline::runtime::{LockClass, LockWord, Locked, ThreadCpu, block_on, lock};
use loom::sync::atomic::AtomicU64;

use super::{Owned, THREE, lock_id, model, pte_event, run};

const PROCESS: ProcessId = ProcessId(0);
/// The process's, the first.
const FAMILY: u32 = 0;

struct Shared {
    processes: ProcessTable,
    /// The PTE of the process's page, or the entry that links its table.
    cell: AtomicU64,
    /// The lock word of the page's frame.
    frame: AtomicU64,
    tables: Owned<bool>,
}

impl Shared {
    fn new() -> Arc<Self> {
        let processes = ProcessTable::new(1);
        processes.claim(None, None).unwrap();
        Arc::new(Self {
            processes,
            cell: AtomicU64::new(Pte::valid(Pfn(1), true, true).0),
            frame: AtomicU64::new(0),
            tables: Owned::new(true),
        })
    }

    fn lock_frame<'a>(&'a self, cpu: &'a ThreadCpu) -> Locked<'a, ThreadCpu> {
        block_on(lock(cpu, lock_id(LockClass::Pfn), LockWord::alone(&self.frame)))
    }
}

/// Reverse-mapping walkers pin the processes that they find in a family, and look into their tables
/// without any lock; a kill takes the process out of its family, and then waits for them.
#[test]
fn p3_a_kill_waits_for_all_who_have_pinned_its_tables() {
    model(THREE, || {
        let shared = Shared::new();
        let walks = |cpu: &ThreadCpu, shared: &Shared| {
            let processes = &shared.processes;
            let tree = block_on(processes.lock_tree(cpu));
            let pin = |member: ProcessId| (member, processes.get(member).pin());
            let pinned: Vec<_> = processes.members(FAMILY).map(pin).collect();
            drop(tree);
            for (member, pin) in pinned {
                assert!(shared.tables.get());
                processes.get(member).unpin(pin);
            }
        };
        let kills = |cpu: &ThreadCpu, shared: &Shared| {
            let tree = block_on(shared.processes.lock_tree(cpu));
            shared.processes.leave_family(PROCESS);
            drop(tree);
            block_on(wait_until_unpinned(cpu, shared.processes.get(PROCESS)));
            shared.tables.set(false);
        };
        run(&shared, &[walks, kills, walks]);
    });
}

/// Walkers that have pinned the process before the table was unlinked are waited for, and no others, of which
/// there may always be some.
#[test]
fn p19_a_table_is_freed_once_the_pins_from_before_are_gone() {
    model(THREE, || {
        let shared = Shared::new();
        let walks = |cpu: &ThreadCpu, shared: &Shared| {
            let processes = &shared.processes;
            let tree = block_on(processes.lock_tree(cpu));
            let linked = load_pte(&shared.cell).format() == PteFormat::Valid;
            let pin = processes.get(PROCESS).pin();
            drop(tree);
            if linked {
                assert!(shared.tables.get());
            }
            processes.get(PROCESS).unpin(pin);
        };
        let frees = |cpu: &ThreadCpu, shared: &Shared| {
            let tree = block_on(shared.processes.lock_tree(cpu));
            change_pte(cpu, &shared.cell, pte_event, |_| Some(Pte::ZERO)).unwrap();
            drop(tree);
            block_on(wait_for_pins_so_far(cpu, &shared.processes, PROCESS, Rmap::Tree));
            shared.tables.set(false);
        };
        run(&shared, &[walks, frees, walks]);
    });
}

/// Pins the process if the page's frame, whose lock this takes, is counted for the page; then looks into the tables
/// without any lock.
fn pins_by_frame(cpu: &ThreadCpu, shared: &Shared) {
    let frame = shared.lock_frame(cpu);
    let process = shared.processes.get(PROCESS);
    let refers = load_pte(&shared.cell).format() == PteFormat::Valid;
    let pin = refers.then(|| process.pin_where_it_lasts());
    drop(frame);
    if let Some(pin) = pin {
        assert!(shared.tables.get());
        process.unpin(pin);
    }
}

/// Drops the page's reference to its frame.
fn drops(cpu: &ThreadCpu, shared: &Shared) {
    let _frame = shared.lock_frame(cpu);
    change_pte(cpu, &shared.cell, pte_event, |_| Some(Pte::ZERO)).unwrap();
}

/// A CPU that has pinned the owner of a frame under the frame's lock alone is waited for by the kill that drops the
/// reference.
#[test]
fn p3_a_kill_waits_for_all_who_have_pinned_the_owner_of_a_frame() {
    model(THREE, || {
        let kills = |cpu: &ThreadCpu, shared: &Shared| {
            drops(cpu, shared);
            block_on(wait_until_unpinned(cpu, shared.processes.get(PROCESS)));
            shared.tables.set(false);
        };
        let shared = Shared::new();
        run(&shared, &[pins_by_frame, kills, pins_by_frame]);
    });
}

/// The pins are turned for another table while a CPU pins the owner of a frame: its pin is not missed when they are
/// turned for this one.
#[test]
fn p19_a_pin_that_was_made_while_the_pins_were_turned_is_waited_for() {
    model(THREE, || {
        let frees = |cpu: &ThreadCpu, shared: &Shared| {
            block_on(wait_for_pins_so_far(cpu, &shared.processes, PROCESS, Rmap::Owner));
            drops(cpu, shared);
            block_on(wait_for_pins_so_far(cpu, &shared.processes, PROCESS, Rmap::Owner));
            shared.tables.set(false);
        };
        let shared = Shared::new();
        run(&shared, &[pins_by_frame, frees]);
    });
}
