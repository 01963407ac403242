//! Tests interleavings: a few CPUs call the engine's own functions, and every order of their steps with a few
//! preemptions is tried. These tests can hold what a script cannot say: that two reads agree, and that a word
//! never changes again.

use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;

use faultline::audit::{audit, words_of};
use faultline::machine::{Counters, Machine};
use faultline::memory::{ProcessId, Vpn};
use faultline::options::{
    Eviction, Finder, MachineOptions, Policy, PteLocks, Reads, Rmap, SlotFinder,
};
use faultline::paging::{
    AddressSpace, Failure, Wanted, drop_slot_reference, evict, give_back, take_frame, take_slots,
    trim,
};
use faultline::process::{fork, kill, sleep, spawn, unmap, wake};
use faultline::runtime::explorer::{
    Bounds, End, Ended, Finding, FindingKind, Frontier, Guide, Subject, exhaustive,
};
use faultline::runtime::{
    Costs, Cpu, Halt, Step, ThreadCpu, ThreadRuntime, VirtualCpu, VirtualRuntime, block_on,
    wait_for,
};

type Task = Pin<Box<dyn Future<Output = ()>>>;

/// A machine with processes on it, and the values that its CPUs have seen.
struct Stage {
    machine: Machine,
    processes: Vec<ProcessId>,
    seen: RefCell<Vec<u64>>,
}

impl Stage {
    fn see(&self, value: u64) {
        self.seen.borrow_mut().push(value);
    }

    /// The first word of a process's page as the machine has it, wherever that is.
    fn word(&self, process: ProcessId, page: u32) -> u64 {
        let machine = &self.machine;
        let pte = machine.load(machine.pte(machine.processes.get(process), Vpn(page)).unwrap());
        words_of(machine, pte).unwrap().map_or(0, |words| words[0])
    }
}

/// A play has the bodies of the CPUs on a machine, and the check at the end.
struct Play {
    machine: MachineOptions,
    /// Begins, on one CPU, and names the processes.
    opening: fn(&ThreadCpu, &Machine) -> Vec<ProcessId>,
    parts: Vec<fn(VirtualCpu, Rc<Stage>) -> Task>,
    judge: fn(&Stage) -> Result<(), String>,
}

impl Subject for Play {
    fn execute(&mut self, guide: &Guide) -> Ended {
        let machine = Machine::bare(self.machine.clone(), 1, 4).unwrap();
        let local = machine.local(0);
        let processes =
            (self.opening)(&ThreadCpu::new(Arc::<ThreadRuntime>::default(), local), &machine);
        let stage = Rc::new(Stage { machine, processes, seen: RefCell::default() });
        let mut runtime =
            VirtualRuntime::chosen_by(guide.chooser(), Costs::default(), Arc::default());
        for (index, part) in self.parts.iter().enumerate() {
            let cpu = runtime.cpu(stage.machine.local(index));
            runtime.add(part(cpu, Rc::clone(&stage)));
        }
        guide.introduce(self.parts.len(), self.parts.len());
        guide.open(&stage.machine.shared_parts(Counters::AreIgnored));
        let halt = runtime.run(u64::MAX, || false);
        guide.close();
        let wrong = match halt {
            // All have ended.
            Err(Halt::Deadlock) if runtime.sleepers().is_empty() => self.verdict(&stage),
            Err(Halt::Deadlock) => {
                let waits = wait_for(&runtime.sleepers(), self.parts.len()).join("; ");
                vec![Finding::new(FindingKind::Deadlock, waits)]
            }
            _ => Vec::new(),
        };
        Ended { findings: wrong, state: 0 }
    }
}

impl Play {
    fn verdict(&self, stage: &Stage) -> Vec<Finding> {
        let mut findings: Vec<_> = audit(&stage.machine)
            .into_iter()
            .map(|text| Finding::new(FindingKind::Audit, text))
            .collect();
        if let Err(text) = (self.judge)(stage) {
            findings.push(Finding::new(FindingKind::Failure, text));
        }
        findings
    }

    /// Tries every order with so many preemptions; none may be wrong.
    fn holds(mut self, preemptions: u32) {
        let bounds = Bounds { preemptions, ..Bounds::default() };
        let mut frontier = Frontier::default();
        let end = exhaustive(&mut self, bounds, &mut frontier, None, &mut |_| true);
        assert!(matches!(end, End::Complete), "{end:?}");
        assert!(frontier.counts.schedules > 10, "{:?}", frontier.counts);
    }
}

/// A machine on which nothing happens but what the parts do.
fn machine(frames: u32, slots: u32, cpus: u32) -> MachineOptions {
    MachineOptions {
        frames,
        slots,
        cpus,
        pte_locks: PteLocks::Entry,
        eviction: Eviction::Synchronous,
        free_lists: 1,
        cpu_cache: 0,
        zeroer: false,
        ..MachineOptions::default()
    }
}

/// A process that runs, with these values in the first words of its pages.
fn running(cpu: &ThreadCpu, machine: &Machine, values: &[u64]) -> ProcessId {
    let process = block_on(spawn(cpu, machine, values.len() as u32)).unwrap();
    block_on(wake(cpu, machine, process)).unwrap();
    let space = AddressSpace::enter(cpu, machine, process).unwrap();
    for (page, value) in (0..).map(Vpn).zip(values).filter(|(_, value)| **value != 0) {
        block_on(space.store(page, 0, *value)).unwrap();
    }
    process
}

/// A child that runs.
fn running_child(cpu: &ThreadCpu, machine: &Machine, parent: ProcessId) -> ProcessId {
    let space = AddressSpace::enter(cpu, machine, parent).unwrap();
    let child = block_on(fork(cpu, machine, &space)).unwrap();
    block_on(wake(cpu, machine, child)).unwrap();
    child
}

async fn store<C: Cpu>(
    cpu: &C,
    machine: &Machine,
    process: ProcessId,
    page: u32,
    value: u64,
) -> Result<(), Failure> {
    AddressSpace::enter(cpu, machine, process)?.store(Vpn(page), 0, value).await
}

async fn load<C: Cpu>(
    cpu: &C,
    machine: &Machine,
    process: ProcessId,
    page: u32,
) -> Result<u64, Failure> {
    AddressSpace::enter(cpu, machine, process)?.load(Vpn(page), 0).await
}

fn one_of(what: &str, found: u64, legal: &[u64]) -> Result<(), String> {
    if legal.contains(&found) { Ok(()) } else { Err(format!("{what}: {found}, not of {legal:?}")) }
}

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

/// Kills the first process, and fills the pages of the second, its heir, with words of ones: frames that
/// the first had go to it.
fn kill_and_fill(cpu: VirtualCpu, stage: Rc<Stage>) -> Task {
    Box::pin(async move {
        let (machine, heir) = (&stage.machine, stage.processes[1]);
        kill(&cpu, machine, stage.processes[0]).await.unwrap();
        for page in 0..4 {
            store(&cpu, machine, heir, page, u64::MAX).await.unwrap();
        }
        for page in 0..4 {
            stage.see(load(&cpu, machine, heir, page).await.unwrap());
        }
    })
}

/// Nothing but the heir has written to its pages.
fn is_filled(stage: &Stage) -> Result<(), String> {
    for page in 0..4 {
        one_of("what was read", stage.seen.borrow()[page], &[u64::MAX])?;
        one_of("what is there", stage.word(stage.processes[1], page as u32), &[u64::MAX])?;
    }
    Ok(())
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
    for reads in [Reads::Peek, Reads::Hardware] {
        let play = Play {
            machine: MachineOptions { reads, ..machine(16, 4, 3) },
            opening: |cpu, machine| {
                let parent = running(cpu, machine, &[1]);
                vec![parent, running_child(cpu, machine, parent)]
            },
            parts: vec![
                |cpu, stage| {
                    Box::pin(async move {
                        store(&cpu, &stage.machine, stage.processes[0], 0, 2).await.unwrap();
                    })
                },
                |cpu, stage| {
                    Box::pin(async move {
                        stage.see(load(&cpu, &stage.machine, stage.processes[0], 0).await.unwrap());
                    })
                },
                |cpu, stage| {
                    Box::pin(async move {
                        store(&cpu, &stage.machine, stage.processes[1], 0, 3).await.unwrap();
                    })
                },
            ],
            judge: |stage| {
                one_of("what the parent reads", stage.seen.borrow()[0], &[1, 2])?;
                one_of("the parent's page", stage.word(stage.processes[0], 0), &[2])?;
                one_of("the child's page", stage.word(stage.processes[1], 0), &[3])
            },
        };
        play.holds(3);
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

/// Trims a frame.
fn trim_one(cpu: VirtualCpu, stage: Rc<Stage>) -> Task {
    Box::pin(async move {
        trim(&cpu, &stage.machine, 1).await;
    })
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

/// Two searches of several rounds take each frame off the list to look at it, and neither gives up because the other
/// has it just then.
#[test]
fn s6_each_of_two_searches_finds_a_victim_though_the_other_looks_at_it() {
    let trim_and_count: fn(VirtualCpu, Rc<Stage>) -> Task = |cpu, stage| {
        Box::pin(async move {
            let moved = trim(&cpu, &stage.machine, 1).await.moved;
            stage.see(moved.into());
        })
    };
    let by = |policy| MachineOptions { policy, ..machine(8, 4, 2) };
    let policies = [Policy::Clock, Policy::ClockDirty, Policy::Sieve, Policy::Wsclock, Policy::Lru];
    let ways = policies.map(|policy| searches(&by(policy)));
    for machine in ways.into_iter().flatten().filter(|it| it.finder == Finder::List) {
        let play = Play {
            machine,
            opening: |cpu, machine| vec![running(cpu, machine, &[1, 1])],
            parts: vec![trim_and_count, trim_and_count],
            judge: |stage| one_of("pages trimmed", stage.seen.borrow().iter().sum(), &[2]),
        };
        play.holds(2);
    }
}

/// Puts the page of a process that was only read, and so is clean, on standby.
fn on_standby(cpu: &ThreadCpu, machine: &Machine) -> ProcessId {
    let process = running(cpu, machine, &[0]);
    assert_eq!(block_on(load(cpu, machine, process, 0)), Ok(0));
    while machine.lists.count(machine.lists.standby()) == 0 {
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
        let play = Play {
            machine,
            opening: |cpu, machine| {
                vec![running(cpu, machine, &[1, 1]), running(cpu, machine, &[0, 0, 0, 0])]
            },
            parts: vec![trim_one, kill_and_fill],
            judge: is_filled,
        };
        play.holds(2);
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
            let slots = take_slots(&cpu, &stage.machine, 1).await;
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
