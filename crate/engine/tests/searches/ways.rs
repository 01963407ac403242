//! Tests interleavings by each way to find what is looked for: the PTEs of a frame, the victims, and a free slot.

use std::rc::Rc;

use faultline::machine::Machine;
use faultline::memory::{FrameState, ProcessId, Vpn};
use faultline::options::{Finder, MachineOptions, Policy, Reads, Rmap, SlotFinder};
use faultline::paging::{
    AddressSpace, Wanted, drop_slot_reference, evict, give_back, take_frame, take_slots, trim,
};
use faultline::policy_rule::PolicyRule;
use faultline::process::{fork, kill, spawn, unmap, wake};
use faultline::runtime::{Cpu, Step, ThreadCpu, VirtualCpu, block_on};
use faultline_rule::Rule;

use super::plays::{
    Play, Stage, Task, is_filled, load, machine, one_of, running, store, trim_against_kill,
    trim_one,
};

/// The ways to find the PTEs of a frame, and the frames themselves, other than the first one.
fn searches(machine: &MachineOptions) -> [MachineOptions; 5] {
    let with = |rmap, isolate, finder| MachineOptions { rmap, isolate, finder, ..machine.clone() };
    [
        with(Rmap::Tree, true, Finder::List),
        with(Rmap::Family, true, Finder::List),
        with(Rmap::Owner, true, Finder::List),
        with(Rmap::Tree, false, Finder::Tables),
        with(Rmap::Owner, true, Finder::Tables),
    ]
}

/// Each policy, and two rules.
fn policies() -> Vec<Policy> {
    vec![
        Policy::Fifo,
        Policy::Random,
        Policy::Clock,
        Policy::ClockDirty,
        Policy::Nru,
        Policy::Aging,
        Policy::Lru,
        Policy::Wsclock,
        Policy::Sieve,
        Policy::Rule(PolicyRule(
            Rule::new("accessed ? keep : dirty && round < 2 ? again : evict").unwrap(),
        )),
        Policy::Rule(PolicyRule(Rule::new("keep").unwrap())),
    ]
}

/// Takes every frame that can be had without waiting, repurposing those on standby, and gives them back.
fn take_all_frames(cpu: VirtualCpu, stage: Rc<Stage>) -> Task {
    Box::pin(async move {
        let mut taken = Vec::new();
        while let Some(frame) = take_frame(&cpu, &stage.machine, Wanted::Any).await {
            taken.push(frame.frame);
        }
        for frame in taken {
            give_back(&cpu, &stage.machine, frame).await;
        }
    })
}

/// Forks the first process, and stores to its page, which the child must not see.
fn fork_and_store(cpu: VirtualCpu, stage: Rc<Stage>) -> Task {
    Box::pin(async move {
        let (machine, parent) = (&stage.machine, stage.processes[0]);
        let child = {
            let space = AddressSpace::enter(&cpu, machine, parent).unwrap();
            fork(&cpu, machine, &space).await.unwrap()
        };
        store(&cpu, machine, parent, 0, 2).await.unwrap();
        stage.see(child.0.into());
    })
}

/// A frame's one sharer becomes two while it is trimmed: both find the page, as it was at the fork.
#[test]
fn s14_a_trim_finds_both_sharers_when_its_owner_forks() {
    for machine in searches(&machine(16, 4, 2)) {
        let play = Play {
            machine,
            opening: |cpu, machine| vec![running(cpu, machine, &[1])],
            parts: vec![trim_one, fork_and_store],
            judge: |stage| {
                let child = ProcessId(stage.seen.borrow()[0] as u32);
                one_of("the child's page", stage.word(child, 0), &[1])?;
                one_of("the parent's page", stage.word(stage.processes[0], 0), &[2])
            },
        };
        play.holds(3);
    }
}

/// Two searches of one list of two frames: neither gives up because the other has taken a frame off to look at it, or
/// has chosen the same one.
#[test]
fn s6_each_of_two_searches_finds_a_victim_though_the_other_looks_at_it() {
    let trim_and_count: fn(VirtualCpu, Rc<Stage>) -> Task = |cpu, stage| {
        Box::pin(async move {
            let moved = trim(&cpu, &stage.machine, 1).await.moved;
            stage.see(moved.into());
        })
    };
    let by = |policy| MachineOptions { policy, ..machine(8, 4, 2) };
    for machine in policies().into_iter().flat_map(|policy| searches(&by(policy))) {
        let play = Play {
            machine,
            opening: |cpu, machine| vec![running(cpu, machine, &[1, 1])],
            parts: vec![trim_and_count, trim_and_count],
            judge: |stage| one_of("pages trimmed", stage.seen.borrow().iter().sum(), &[2]),
        };
        play.holds(2);
    }
}

/// Two searches of two shards, one of which is empty: each finds one of the two frames in the other, whichever it begins
/// with.
#[test]
fn s6_a_search_does_not_give_up_because_its_own_shard_is_empty() {
    for machine in policies().into_iter().flat_map(|policy| {
        let shards = MachineOptions { policy, list_shards: 2, ..machine(8, 4, 2) };
        searches(&shards).into_iter().chain([shards])
    }) {
        let play = Play {
            machine,
            opening: |cpu, machine| {
                let process = running(cpu, machine, &[1, 1, 1]);
                block_on(evict(cpu, machine, process, Vpn(1))).unwrap();
                let counts = machine.lists.shards_of(FrameState::Active);
                let counts: Vec<_> = counts.map(|list| machine.lists.count(list)).collect();
                assert_eq!(counts, [0, 2]);
                vec![process]
            },
            parts: vec![trim_unless_busy, trim_unless_busy],
            judge: |stage| one_of("pages trimmed", stage.seen.borrow().iter().sum(), &[2]),
        };
        play.holds(2);
    }
}

/// Trims a frame, and looks again where another CPU is at work on the one that it found.
fn trim_unless_busy(cpu: VirtualCpu, stage: Rc<Stage>) -> Task {
    Box::pin(async move {
        loop {
            let progress = trim(&cpu, &stage.machine, 1).await;
            if progress.moved > 0 || progress.busy == 0 {
                return stage.see(progress.moved.into());
            }
            cpu.step(Step::Relax).await;
        }
    })
}

/// A CPU without a frame passes the shards one by one while another puts the last frames that can be had onto those that
/// it has passed: it is not out of memory.
#[test]
fn p17_frames_pushed_onto_a_shard_that_was_just_passed_are_found() {
    for policy in [Policy::Fifo, Policy::Clock, Policy::Aging, Policy::Lru] {
        let shards = MachineOptions { policy, list_shards: 2, ..machine(8, 4, 2) };
        for machine in searches(&shards).into_iter().chain([shards]) {
            let play = Play {
                machine,
                opening: |cpu, machine| {
                    let processes =
                        vec![running(cpu, machine, &[1, 0]), running(cpu, machine, &[1, 1])];
                    assert_eq!(machine.available(), 0);
                    block_on(trim(cpu, machine, 1));
                    processes
                },
                parts: vec![
                    |cpu, stage| {
                        Box::pin(async move {
                            let process = stage.processes[0];
                            store(&cpu, &stage.machine, process, 1, 2).await.unwrap();
                        })
                    },
                    |cpu, stage| {
                        Box::pin(async move {
                            for page in [0, 1] {
                                let process = stage.processes[1];
                                let found = load(&cpu, &stage.machine, process, page).await;
                                stage.see(found.unwrap());
                            }
                        })
                    },
                ],
                judge: |stage| {
                    one_of("what was read", stage.seen.borrow().iter().sum(), &[2])?;
                    one_of("what was stored", stage.word(stage.processes[0], 1), &[2])
                },
            };
            play.holds(2);
        }
    }
}

/// Puts the page of a process that was only read, and so is clean, on standby.
fn on_standby(cpu: &ThreadCpu, machine: &Machine) -> ProcessId {
    let process = running(cpu, machine, &[0]);
    assert_eq!(block_on(load(cpu, machine, process, 0)), Ok(0));
    while machine.lists.count(machine.lists.standby(0)) == 0 {
        block_on(trim(cpu, machine, 1));
    }
    process
}

/// The frame of a page is repurposed while its process forks, uses it, or is killed.
#[test]
fn s14_a_frame_is_repurposed_while_its_owner_forks_uses_it_or_dies() {
    let others: [fn(VirtualCpu, Rc<Stage>) -> Task; 3] = [
        fork_and_store,
        |cpu, stage| {
            Box::pin(async move {
                store(&cpu, &stage.machine, stage.processes[0], 0, 2).await.unwrap();
            })
        },
        |cpu, stage| {
            Box::pin(async move {
                let (machine, process) = (&stage.machine, stage.processes[0]);
                kill(&cpu, machine, process).await.unwrap();
                machine.processes.retire(process);
                // The same record, and another page in the same place.
                let heir = spawn(&cpu, machine, 1).await.unwrap();
                assert_eq!(heir, process);
                wake(&cpu, machine, heir).await.unwrap();
                store(&cpu, machine, heir, 0, 2).await.unwrap();
            })
        },
    ];
    let reads = MachineOptions { reads: Reads::Allocate, ..machine(9, 4, 2) };
    for machine in searches(&reads).into_iter().filter(|machine| machine.finder == Finder::List) {
        for other in others {
            let play = Play {
                machine: machine.clone(),
                opening: |cpu, machine| vec![on_standby(cpu, machine)],
                parts: vec![take_all_frames, other],
                judge: |stage| {
                    if let Some(child) = stage.seen.borrow().first() {
                        one_of("the child's page", stage.word(ProcessId(*child as u32), 0), &[0])?;
                    }
                    one_of("the page", stage.word(stage.processes[0], 0), &[2])
                },
            };
            play.holds(2);
        }
    }
}

/// A process is killed, and its record is another's, while a trim is at work on its page.
#[test]
fn p3_a_kill_waits_for_a_trim_however_it_has_found_the_tables() {
    for machine in searches(&machine(8, 4, 2)) {
        trim_against_kill(machine).holds(2);
    }
}

/// A page table is freed, and its frame is another process's page, while a trim is at work on a page that was in it.
#[test]
fn p19_a_table_is_freed_while_a_trim_is_at_work_on_its_pages() {
    for machine in searches(&machine(9, 4, 2)) {
        let play = Play {
            machine,
            opening: |cpu, machine| {
                let heir = running(cpu, machine, &[0, 0, 0, 0]);
                let process = block_on(spawn(cpu, machine, 513)).unwrap();
                block_on(wake(cpu, machine, process)).unwrap();
                block_on(store(cpu, machine, process, 512, 1)).unwrap();
                vec![process, heir]
            },
            parts: vec![trim_one, |cpu, stage| {
                Box::pin(async move {
                    let (machine, heir) = (&stage.machine, stage.processes[1]);
                    {
                        let space = AddressSpace::enter(&cpu, machine, stage.processes[0]).unwrap();
                        unmap(&cpu, machine, &space, Vpn(512), 1).await.unwrap();
                    }
                    for page in 0..4 {
                        store(&cpu, machine, heir, page, u64::MAX).await.unwrap();
                    }
                    for page in 0..4 {
                        stage.see(load(&cpu, machine, heir, page).await.unwrap());
                    }
                })
            }],
            judge: is_filled,
        };
        play.holds(1);
    }
}

/// Takes a slot and frees it, and counts how often one was had.
fn take_and_free(cpu: VirtualCpu, stage: Rc<Stage>) -> Task {
    Box::pin(async move {
        for _ in 0..2 {
            let (slots, _moving) = take_slots(&cpu, &stage.machine, 1).await;
            stage.see(slots.len() as u64);
            cpu.step(Step::Instruction).await;
            for slot in slots {
                drop_slot_reference(&cpu, &stage.machine, slot).await;
            }
        }
    })
}

/// Two slots are enough for two CPUs, whoever has had which: out of swap is exact.
#[test]
fn s7_each_of_two_cpus_finds_one_of_two_slots_by_every_finder() {
    use SlotFinder::{Bitmap, Clusters, Fixed, Rows, Scan};
    for slot_finder in [Bitmap, Scan, Rows, Clusters, Fixed] {
        let play = Play {
            machine: MachineOptions { slot_finder, drain_hands: true, ..machine(8, 2, 2) },
            opening: |_, _| Vec::new(),
            parts: vec![take_and_free, take_and_free],
            judge: |stage| one_of("slots had", stage.seen.borrow().iter().sum(), &[4]),
        };
        play.holds(3);
    }
}
