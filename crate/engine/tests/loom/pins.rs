//! Models pins: a CPU that frees the tables of a process waits for those that have pinned them, under the tree lock or
//! with the lock of a frame to which a PTE of the process refers.

use std::sync::Arc;

use faultline::memory::{
    Pfn, ProcessId, ProcessState, ProcessTable, Pte, PteFormat, change_pte, load_pte,
};
use faultline::options::Rmap;
use faultline::paging::shootdown::{wait_for_pins_so_far, wait_until_unpinned};
use faultline::runtime::{Cpu, LockClass, LockWord, Locked, ThreadCpu, block_on, lock};
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

/// Where each family has a lock of its own, an eviction or a walk along the page tables pins a process under that, if the
/// process is in its family still (`Machine::lock_family_of`); a kill leaves the family under it, and waits then.
#[test]
fn p3_a_kill_waits_for_who_has_pinned_its_tables_under_the_lock_of_its_family() {
    model(THREE, || {
        let shared = Shared::new();
        let walks = |cpu: &ThreadCpu, shared: &Shared| {
            let process = shared.processes.get(PROCESS);
            let family = block_on(shared.processes.lock_family(cpu, FAMILY));
            let pin = (process.family() == FAMILY).then(|| process.pin_where_it_lasts());
            drop(family);
            if let Some(pin) = pin {
                assert!(shared.tables.get());
                process.unpin(pin);
            }
        };
        let kills = |cpu: &ThreadCpu, shared: &Shared| {
            let family = block_on(shared.processes.lock_family(cpu, FAMILY));
            shared.processes.leave_family(PROCESS);
            drop(family);
            block_on(wait_until_unpinned(cpu, shared.processes.get(PROCESS)));
            shared.tables.set(false);
        };
        run(&shared, &[walks, kills, walks]);
    });
}

/// Forks of two families, each under the lock of its own, look for records at the same time, one of which has just been
/// given back and both know of: no record becomes two processes', and what the process before has left is seen.
#[test]
fn p3_a_record_becomes_one_process_when_two_families_fork_at_one_time() {
    const PARENTS: [ProcessId; 2] = [ProcessId(0), ProcessId(1)];
    const SPARE: ProcessId = ProcessId(2);
    struct Table {
        processes: ProcessTable,
        /// What is in the spare record, besides.
        rest: Owned<u32>,
    }
    let forks = |cpu: &ThreadCpu, shared: &Table| {
        let family = cpu.local().index as u32;
        let _family = block_on(shared.processes.lock_family(cpu, family));
        let child = shared.processes.claim(Some(PARENTS[family as usize]), Some(SPARE));
        if child == Some(SPARE) {
            assert_eq!(shared.rest.get(), 1, "the process before has ended");
            shared.rest.set(2);
        }
    };
    model(THREE, move || {
        let processes = ProcessTable::new(4);
        for parent in PARENTS {
            assert_eq!(processes.claim(None, None), Some(parent));
        }
        assert_eq!(processes.claim(Some(PARENTS[0]), None), Some(SPARE));
        processes.leave_family(SPARE);
        processes.get(SPARE).set_state(ProcessState::Terminated);
        let shared = Arc::new(Table { processes, rest: Owned::new(0) });
        let retires = |_: &ThreadCpu, shared: &Table| {
            shared.rest.set(1);
            shared.processes.retire(SPARE);
        };
        run(&shared, &[forks, forks, retires]);
        let families = [0, 1].map(|family| shared.processes.members(family).collect::<Vec<_>>());
        let mut all = families.concat();
        all.sort_unstable();
        let once: Vec<_> = (0..all.len() as u32).map(ProcessId).collect();
        // The record that was spared, the last one or, for one of them, none.
        assert!(all == once || all == [0, 1, 3].map(ProcessId), "{families:?}");
        for (family, members) in families.iter().enumerate() {
            assert_eq!(members.last(), Some(&PARENTS[family]));
        }
        assert_eq!(shared.processes.used(), 1 + all.last().unwrap().0);
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
