//! Tests interleavings of faults, copies, sleeps and kills. These tests can hold what a script cannot say: that two
//! reads agree, and that a word never changes again.

use std::rc::Rc;

use faultline::memory::Vpn;
use faultline::options::{MachineOptions, Reads, Shootdown};
use faultline::paging::{AddressSpace, Failure, evict, trim};
use faultline::process::{fork, kill, sleep, wake};
use faultline::runtime::{Cpu, Step, VirtualCpu, block_on};

use super::plays::{
    Play, Stage, Task, is_filled, kill_and_fill, load, machine, one_of, running, running_child,
    store,
};

/// The child has the page as it was at one moment: a store of the parent that comes later must not
/// reach it.
#[test]
fn p10_a_store_of_the_parents_never_reaches_the_child_after_the_fork() {
    for early_release in [true, false] {
        let play = Play {
            machine: MachineOptions { early_release, ..machine(16, 4, 2) },
            opening: |cpu, machine| vec![running(cpu, machine, &[1])],
            parts: vec![
                |cpu, stage| {
                    Box::pin(async move {
                        let machine = &stage.machine;
                        let child = {
                            let space =
                                AddressSpace::enter(&cpu, machine, stage.processes[0]).unwrap();
                            fork(&cpu, machine, &space).await.unwrap()
                        };
                        wake(&cpu, machine, child).await.unwrap();
                        for _ in 0..2 {
                            stage.see(load(&cpu, machine, child, 0).await.unwrap());
                        }
                    })
                },
                |cpu, stage| {
                    Box::pin(async move {
                        let stored = store(&cpu, &stage.machine, stage.processes[0], 0, 2).await;
                        stored.unwrap();
                    })
                },
            ],
            judge: |stage| {
                let [first, second] = stage.seen.borrow()[..] else { unreachable!() };
                one_of("what the child reads first", first, &[1, 2])?;
                one_of("what it reads then", second, &[first])?;
                one_of("the parent's page", stage.word(stage.processes[0], 0), &[2])
            },
        };
        play.holds(3);
    }
}

/// Once a sleep has returned, nothing is stored any more until the process is woken.
#[test]
fn p1_a_process_that_was_put_to_sleep_stores_nothing_more() {
    let play = Play {
        machine: machine(16, 4, 2),
        opening: |cpu, machine| vec![running(cpu, machine, &[1, 0])],
        parts: vec![
            |cpu, stage| {
                Box::pin(async move {
                    let process = stage.processes[0];
                    sleep(&cpu, &stage.machine, process).await.unwrap();
                    stage.see(stage.word(process, 0));
                    stage.see(stage.word(process, 1));
                })
            },
            |cpu, stage| {
                Box::pin(async move {
                    let entered = AddressSpace::enter(&cpu, &stage.machine, stage.processes[0]);
                    let Ok(space) = entered else { return };
                    // Hits, and a fault that maps a new page.
                    for (page, value) in [(0, 2), (1, 3), (0, 4)] {
                        let stored = space.store(Vpn(page), 0, value).await;
                        assert!(matches!(stored, Ok(()) | Err(Failure::NotRunning)));
                    }
                })
            },
        ],
        judge: |stage| {
            let [first, second] = stage.seen.borrow()[..] else { unreachable!() };
            one_of("page 0 after the sleep", stage.word(stage.processes[0], 0), &[first])?;
            one_of("page 1 after the sleep", stage.word(stage.processes[0], 1), &[second])
        },
    };
    play.holds(3);
}

/// A trim has found a page of a process that is killed meanwhile. The tables that it still looks into
/// must not become another process's page, whose words it would lock and unlock.
#[test]
fn p3_a_kill_waits_for_a_trim_that_has_its_tables() {
    let play = Play {
        // Zero page, directory and table of either process, and three more.
        machine: machine(8, 4, 2),
        opening: |cpu, machine| {
            vec![running(cpu, machine, &[1, 1]), running(cpu, machine, &[0, 0, 0, 0])]
        },
        parts: vec![
            |cpu, stage| {
                Box::pin(async move {
                    trim(&cpu, &stage.machine, 1).await;
                })
            },
            kill_and_fill,
        ],
        judge: is_filled,
    };
    play.holds(3);
}

/// A CPU is in a fault of a process that is killed meanwhile: the tables that it writes to must not
/// become another process's page.
#[test]
fn p3_a_kill_waits_for_a_fault_that_has_its_tables() {
    let play = Play {
        machine: machine(8, 4, 2),
        opening: |cpu, machine| {
            vec![running(cpu, machine, &[1, 0]), running(cpu, machine, &[0, 0, 0, 0])]
        },
        parts: vec![
            |cpu, stage| {
                Box::pin(async move {
                    let stored = store(&cpu, &stage.machine, stage.processes[0], 1, 2).await;
                    assert!(matches!(stored, Ok(()) | Err(Failure::NotRunning)), "{stored:?}");
                })
            },
            kill_and_fill,
        ],
        judge: is_filled,
    };
    play.holds(3);
}

/// A read of a page that is being copied, or a peek at it, sees it before or after the store, never what
/// another sharer has made of the frame that was left to it.
#[test]
fn p8_a_read_never_sees_a_relatives_store_through_a_frame_that_was_copied() {
    for (reads, shootdown) in [
        (Reads::Peek, Shootdown::Batched),
        (Reads::Hardware, Shootdown::Batched),
        (Reads::Peek, Shootdown::Lazy),
        (Reads::Hardware, Shootdown::Lazy),
    ] {
        let play = Play {
            machine: MachineOptions { reads, shootdown, ..machine(16, 4, 3) },
            opening: |cpu, machine| {
                let parent = running(cpu, machine, &[1]);
                vec![parent, running_child(cpu, machine, parent)]
            },
            parts: vec![store_in_parent, read_in_parent, |cpu, stage| {
                Box::pin(async move {
                    store(&cpu, &stage.machine, stage.processes[1], 0, 3).await.unwrap();
                })
            }],
            judge: |stage| {
                one_of("what the parent reads", stage.seen.borrow()[0], &[1, 2])?;
                one_of("the parent's page", stage.word(stage.processes[0], 0), &[2])?;
                one_of("the child's page", stage.word(stage.processes[1], 0), &[3])
            },
        };
        play.holds(3);
    }
}

/// The first word of the parent's page becomes 2.
fn store_in_parent(cpu: VirtualCpu, stage: Rc<Stage>) -> Task {
    Box::pin(async move {
        store(&cpu, &stage.machine, stage.processes[0], 0, 2).await.unwrap();
    })
}

fn read_in_parent(cpu: VirtualCpu, stage: Rc<Stage>) -> Task {
    Box::pin(async move {
        stage.see(load(&cpu, &stage.machine, stage.processes[0], 0).await.unwrap());
    })
}

/// A frame that a copy has left to a sharer is freed, by the end of that sharer or by an eviction, and goes to
/// another process, while a CPU of the first process may be reading it still.
#[test]
fn p8_a_read_never_sees_what_becomes_of_a_frame_that_was_left_and_freed() {
    let ends: [fn(VirtualCpu, Rc<Stage>) -> Task; 2] = [
        |cpu, stage| {
            Box::pin(async move {
                kill(&cpu, &stage.machine, stage.processes[1]).await.unwrap();
                store(&cpu, &stage.machine, stage.processes[2], 0, 9).await.unwrap();
            })
        },
        |cpu, stage| {
            Box::pin(async move {
                evict(&cpu, &stage.machine, stage.processes[1], Vpn(0)).await.unwrap();
                store(&cpu, &stage.machine, stage.processes[2], 0, 9).await.unwrap();
            })
        },
    ];
    for ends in ends {
        for shootdown in [Shootdown::Batched, Shootdown::Lazy] {
            let play = Play {
                // A directory and a table each, the zero page, the page and its copy: the frame goes from hand to hand.
                machine: MachineOptions { shootdown, ..machine(9, 4, 3) },
                opening: |cpu, machine| {
                    let parent = running(cpu, machine, &[1]);
                    let child = running_child(cpu, machine, parent);
                    vec![parent, child, running(cpu, machine, &[0])]
                },
                parts: vec![store_in_parent, read_in_parent, ends],
                judge: |stage| {
                    one_of("what the parent reads", stage.seen.borrow()[0], &[1, 2])?;
                    one_of("the heir's page", stage.word(stage.processes[2], 0), &[9])
                },
            };
            play.holds(2);
        }
    }
}

/// A peek at a page on swap, which comes back meanwhile, and whose only slot is another page's then.
#[test]
fn p8_a_peek_never_sees_the_page_that_has_got_the_slot() {
    let play = Play {
        machine: MachineOptions { reads: Reads::Peek, ..machine(16, 1, 2) },
        opening: |cpu, machine| {
            let process = running(cpu, machine, &[1, 7]);
            block_on(evict(cpu, machine, process, Vpn(0))).unwrap();
            vec![process]
        },
        parts: vec![
            |cpu, stage| {
                Box::pin(async move {
                    let process = stage.processes[0];
                    store(&cpu, &stage.machine, process, 0, 2).await.unwrap();
                    evict(&cpu, &stage.machine, process, Vpn(1)).await.unwrap();
                })
            },
            |cpu, stage| {
                Box::pin(async move {
                    stage.see(load(&cpu, &stage.machine, stage.processes[0], 0).await.unwrap());
                    cpu.step(Step::Instruction).await;
                    stage.see(load(&cpu, &stage.machine, stage.processes[0], 1).await.unwrap());
                })
            },
        ],
        judge: |stage| {
            one_of("page 0", stage.seen.borrow()[0], &[1, 2])?;
            one_of("page 1", stage.seen.borrow()[1], &[7])
        },
    };
    play.holds(3);
}
