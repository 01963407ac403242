//! Tests interleavings of a fault that reads other pages ahead with whatever can become of those pages meanwhile.

use std::rc::Rc;

use faultline::memory::{ProcessId, Vpn};
use faultline::options::{MachineOptions, PteLocks, ReadAheadBy, Rmap, Trim};
use faultline::paging::{AddressSpace, evict};
use faultline::process::{fork, kill, unmap};
use faultline::runtime::{ThreadCpu, VirtualCpu, block_on};

use super::plays::{Play, Stage, Task, load, machine, one_of, running, running_child, store};

/// Machines that read one page ahead: by either order, with a lock for each PTE or one for all, held or let go.
fn that_read_ahead(machine: &MachineOptions) -> Vec<MachineOptions> {
    let mut all = Vec::new();
    for read_ahead_by in [ReadAheadBy::Slot, ReadAheadBy::Address] {
        for (pte_locks, early_release, rmap) in [
            (PteLocks::Entry, true, Rmap::Tree),
            (PteLocks::Entry, false, Rmap::Owner),
            (PteLocks::Region(64), true, Rmap::Owner),
        ] {
            all.push(MachineOptions {
                read_ahead: 1,
                read_ahead_by,
                pte_locks,
                early_release,
                rmap,
                trim: Trim { low: 0, ..machine.trim },
                ..machine.clone()
            });
        }
    }
    all
}

type Opening = fn(&ThreadCpu, &faultline::machine::Machine) -> Vec<ProcessId>;
type Part = fn(VirtualCpu, Rc<Stage>) -> Task;

/// Tries every order of a read of page 0, which reads page 1 ahead, and of what another CPU does.
fn holds_against(opening: Opening, other: Part, judge: fn(&Stage) -> Result<(), String>) {
    for machine in that_read_ahead(&machine(14, 3, 2)) {
        Play { machine, opening, parts: vec![read_first, other], judge }.holds(2);
    }
}

fn read_first(cpu: VirtualCpu, stage: Rc<Stage>) -> Task {
    Box::pin(async move {
        stage.see(load(&cpu, &stage.machine, stage.processes[0], 0).await.unwrap());
    })
}

/// A process whose first two pages are on swap, and the third is in memory.
fn two_on_swap(cpu: &ThreadCpu, machine: &faultline::machine::Machine) -> Vec<ProcessId> {
    let process = running(cpu, machine, &[1, 2, 3]);
    for page in [0, 1] {
        block_on(evict(cpu, machine, process, Vpn(page))).unwrap();
    }
    vec![process]
}

/// The same, and a child that shares all.
fn two_on_swap_and_shared(
    cpu: &ThreadCpu,
    machine: &faultline::machine::Machine,
) -> Vec<ProcessId> {
    let process = running(cpu, machine, &[1, 2, 3]);
    let child = running_child(cpu, machine, process);
    for page in [0, 1] {
        block_on(evict(cpu, machine, process, Vpn(page))).unwrap();
    }
    vec![process, child]
}

fn first_is_read(stage: &Stage) -> Result<(), String> {
    one_of("page 0", stage.seen.borrow()[0], &[1])
}

/// The page is stored to, which gives its slot up, and another page takes that.
#[test]
fn s20_a_page_is_read_ahead_while_its_slot_becomes_anothers() {
    holds_against(
        two_on_swap,
        |cpu, stage| {
            Box::pin(async move {
                let (machine, process) = (&stage.machine, stage.processes[0]);
                store(&cpu, machine, process, 1, 9).await.unwrap();
                evict(&cpu, machine, process, Vpn(2)).await.unwrap();
                evict(&cpu, machine, process, Vpn(1)).await.unwrap();
            })
        },
        |stage| {
            first_is_read(stage)?;
            let pages = [1, 2].map(|page| stage.word(stage.processes[0], page));
            one_of("pages 1 and 2", pages[0] * 10 + pages[1], &[93])
        },
    );
}

/// The page is unmapped: its frame and its slot are free when both are done.
#[test]
fn s20_a_page_is_read_ahead_while_it_is_unmapped() {
    holds_against(
        two_on_swap,
        |cpu, stage| {
            Box::pin(async move {
                let space = AddressSpace::enter(&cpu, &stage.machine, stage.processes[0]).unwrap();
                unmap(&cpu, &stage.machine, &space, Vpn(1), 1).await.unwrap();
            })
        },
        |stage| {
            first_is_read(stage)?;
            one_of("free slots", stage.machine.swap.free().into(), &[2])
        },
    );
}

/// A sharer of the page is killed: the other has it still.
#[test]
fn s20_a_page_is_read_ahead_while_a_sharer_is_killed() {
    holds_against(
        two_on_swap_and_shared,
        |cpu, stage| {
            Box::pin(async move {
                kill(&cpu, &stage.machine, stage.processes[1]).await.unwrap();
            })
        },
        |stage| {
            first_is_read(stage)?;
            one_of("page 1", stage.word(stage.processes[0], 1), &[2])?;
            one_of("free slots", stage.machine.swap.free().into(), &[1])
        },
    );
}

/// A sharer stores to the page: it gets a copy, and the other keeps the page as it was.
#[test]
fn s20_a_page_is_read_ahead_while_a_sharer_stores_to_it() {
    holds_against(
        two_on_swap_and_shared,
        |cpu, stage| {
            Box::pin(async move {
                store(&cpu, &stage.machine, stage.processes[1], 1, 9).await.unwrap();
            })
        },
        |stage| {
            first_is_read(stage)?;
            one_of("the reader's page 1", stage.word(stage.processes[0], 1), &[2])?;
            one_of("the sharer's page 1", stage.word(stage.processes[1], 1), &[9])
        },
    );
}

/// The process is forked: the child has the page too.
#[test]
fn s20_a_page_is_read_ahead_while_its_process_is_forked() {
    holds_against(
        two_on_swap,
        |cpu, stage| {
            Box::pin(async move {
                let (machine, process) = (&stage.machine, stage.processes[0]);
                let space = AddressSpace::enter(&cpu, machine, process).unwrap();
                let child = fork(&cpu, machine, &space).await.unwrap();
                drop(space);
                stage.see(stage.word(child, 1));
            })
        },
        |stage| {
            let mut seen = stage.seen.borrow().clone();
            seen.sort_unstable();
            if seen == [1, 2] { Ok(()) } else { Err(format!("the pages are {seen:?}")) }
        },
    );
}

/// Two CPUs read two pages, each of which the other may be reading ahead.
#[test]
fn s20_two_cpus_read_ahead_what_the_other_needs() {
    holds_against(
        |cpu, machine| {
            let process = running(cpu, machine, &[1, 2, 3]);
            for page in [0, 1, 2] {
                block_on(evict(cpu, machine, process, Vpn(page))).unwrap();
            }
            vec![process]
        },
        |cpu, stage| {
            Box::pin(async move {
                stage.see(load(&cpu, &stage.machine, stage.processes[0], 1).await.unwrap());
            })
        },
        |stage| {
            let mut seen = stage.seen.borrow().clone();
            seen.sort_unstable();
            if seen == [1, 2] { Ok(()) } else { Err(format!("the pages are {seen:?}")) }
        },
    );
}

/// Frames are short: what is read ahead is reused at once for what the other CPU needs.
#[test]
fn s20_a_frame_is_read_ahead_while_another_cpu_needs_it() {
    for machine in that_read_ahead(&machine(9, 6, 2)) {
        let play = Play {
            machine,
            opening: |cpu, machine| {
                let process = running(cpu, machine, &[1, 2, 0, 0, 0]);
                for page in [0, 1] {
                    block_on(evict(cpu, machine, process, Vpn(page))).unwrap();
                }
                vec![process]
            },
            parts: vec![read_first, |cpu, stage| {
                Box::pin(async move {
                    for page in 2..5 {
                        store(&cpu, &stage.machine, stage.processes[0], page, 7).await.unwrap();
                    }
                })
            }],
            judge: |stage| {
                first_is_read(stage)?;
                one_of("page 1", stage.word(stage.processes[0], 1), &[2])?;
                one_of("page 4", stage.word(stage.processes[0], 4), &[7])
            },
        };
        play.holds(1);
    }
}
