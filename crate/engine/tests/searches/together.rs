//! Tests interleavings of daemons that do the same, and of a kill that frees frames in batches.

use std::rc::Rc;

use faultline::memory::{FrameState, Vpn};
use faultline::options::{MachineOptions, PteLocks, Rmap};
use faultline::paging::{evict, trim};
use faultline::process::kill;
use faultline::runtime::{VirtualCpu, block_on};

use super::plays::{
    Play, Stage, Task, load, machine, one_of, running, running_child, store, trim_against_kill,
    trim_one,
};

/// Trims a frame, and counts it.
fn trim_and_count(cpu: VirtualCpu, stage: Rc<Stage>) -> Task {
    Box::pin(async move {
        stage.see(trim(&cpu, &stage.machine, 1).await.moved.into());
    })
}

/// Evicts the first page of the first process.
fn evict_first(cpu: VirtualCpu, stage: Rc<Stage>) -> Task {
    Box::pin(async move {
        // It may be out already, or its process gone.
        let _ = evict(&cpu, &stage.machine, stage.processes[0], Vpn(0)).await;
    })
}

fn kill_first(cpu: VirtualCpu, stage: Rc<Stage>) -> Task {
    Box::pin(async move {
        kill(&cpu, &stage.machine, stage.processes[0]).await.unwrap();
    })
}

fn kill_second(cpu: VirtualCpu, stage: Rc<Stage>) -> Task {
    Box::pin(async move {
        kill(&cpu, &stage.machine, stage.processes[1]).await.unwrap();
    })
}

/// Machines whose kills free frames in batches: all of a region under one lock, and each page under its own.
fn in_batches(machine: &MachineOptions) -> Vec<MachineOptions> {
    let mut all = Vec::new();
    for pte_locks in [PteLocks::Entry, PteLocks::Region(64)] {
        for rmap in [Rmap::Tree, Rmap::Owner] {
            all.push(MachineOptions { kill_batch: 2, pte_locks, rmap, ..machine.clone() });
        }
    }
    all
}

/// Everything that a killed process had is free again.
fn nothing_is_left(stage: &Stage) -> Result<(), String> {
    let lists = &stage.machine.lists;
    let listed = |state| u64::from(lists.count_of(state));
    one_of("active frames", listed(FrameState::Active), &[0])?;
    one_of("modified frames", listed(FrameState::Modified), &[0])?;
    one_of("standby frames", listed(FrameState::Standby), &[0])?;
    one_of("slots in use", (stage.machine.options.slots - stage.machine.swap.free()).into(), &[0])
}

/// Two trimmers set out for one page: one of them has it, and the other does not wait for it.
#[test]
fn s9_of_two_trimmers_one_has_the_victim() {
    let play = Play {
        machine: MachineOptions { trimmers: 2, ..machine(8, 4, 2) },
        opening: |cpu, machine| vec![running(cpu, machine, &[1])],
        parts: vec![trim_and_count, trim_and_count],
        judge: |stage| {
            one_of("pages trimmed", stage.seen.borrow().iter().sum(), &[1])?;
            one_of("the page", stage.word(stage.processes[0], 0), &[1])
        },
    };
    play.holds(3);
}

/// Pages are on the active list, in flight, on modified and on standby while their process is killed.
#[test]
fn p3_a_kill_in_batches_leaves_nothing_to_a_trimmer() {
    for machine in in_batches(&machine(10, 4, 3)) {
        let play = Play {
            machine,
            opening: |cpu, machine| vec![running(cpu, machine, &[1, 0, 2, 3])],
            parts: vec![kill_first, trim_one],
            judge: nothing_is_left,
        };
        play.holds(2);
    }
}

/// A page is written to swap while its process is killed: its frame and its slot come back.
#[test]
fn p3_a_kill_in_batches_leaves_nothing_to_a_writer() {
    for machine in in_batches(&machine(10, 4, 2)) {
        let play = Play {
            machine,
            opening: |cpu, machine| {
                let process = running(cpu, machine, &[1, 2, 3]);
                block_on(evict(cpu, machine, process, Vpn(1))).unwrap();
                vec![process]
            },
            parts: vec![kill_first, evict_first],
            judge: nothing_is_left,
        };
        play.holds(2);
    }
}

/// A process that shares pages with one that is killed keeps them, and has those that it stores to for itself.
#[test]
fn p3_a_kill_in_batches_takes_nothing_from_a_sharer() {
    for machine in in_batches(&machine(14, 4, 2)) {
        let play = Play {
            machine,
            opening: |cpu, machine| {
                let parent = running(cpu, machine, &[1, 2, 3]);
                let child = running_child(cpu, machine, parent);
                block_on(evict(cpu, machine, parent, Vpn(2))).unwrap();
                block_on(store(cpu, machine, parent, 0, 4)).unwrap();
                vec![parent, child]
            },
            parts: vec![kill_first, |cpu, stage| {
                Box::pin(async move {
                    let (machine, child) = (&stage.machine, stage.processes[1]);
                    store(&cpu, machine, child, 1, 5).await.unwrap();
                    stage.see(load(&cpu, machine, child, 2).await.unwrap());
                })
            }],
            judge: |stage| {
                one_of("the page from swap", stage.seen.borrow()[0], &[3])?;
                let child = stage.processes[1];
                let words = [0, 1, 2].map(|page| stage.word(child, page));
                if words == [1, 5, 3] {
                    Ok(())
                } else {
                    Err(format!("the child's pages: {words:?}"))
                }
            },
        };
        play.holds(2);
    }
}

/// Frames of a batch that others get are theirs.
#[test]
fn p3_frames_of_a_kill_in_batches_are_free_once() {
    for machine in in_batches(&machine(8, 4, 2)) {
        trim_against_kill(machine).holds(2);
    }
}

/// A process and its child are killed at once: whoever is first, the grandchild goes to the one that lives.
#[test]
fn p3_the_children_of_two_that_are_killed_at_once_go_to_a_living_process() {
    for rmap in [Rmap::Tree, Rmap::Family, Rmap::Owner] {
        Play {
            machine: MachineOptions { rmap, ..machine(16, 0, 2) },
            opening: |cpu, machine| {
                let first = running(cpu, machine, &[1]);
                let second = running_child(cpu, machine, first);
                let third = running_child(cpu, machine, second);
                vec![second, third, running_child(cpu, machine, third), first]
            },
            parts: vec![kill_first, kill_second],
            judge: |stage| {
                let parent = stage.machine.processes.get(stage.processes[2]).parent();
                one_of(
                    "the parent of the last",
                    parent.map_or(u64::MAX, |parent| parent.0.into()),
                    &[stage.processes[3].0.into()],
                )
            },
        }
        .holds(2);
    }
}
