//! Tests what an operation does when another CPU comes in between, at one step of it.

use std::cell::Cell;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Barrier};

use faultline::audit::audit;
use faultline::machine::Machine;
use faultline::memory::{Device, FrameState, ProcessId, Pte, PteFormat, TABLE_ENTRIES, Vpn};
use faultline::observe::Counter;
use faultline::options::{MachineOptions, Policy, SlotFinder};
use faultline::paging::{
    AddressSpace, Failure, drop_slot_reference, evict, ring, take_slots, trim, wait_for_frame,
    writer,
};
use faultline::process::fork;
use faultline::runtime::{DaemonId, Step, ThreadCpu, block_on};

use super::stepper::{Stage, pipelined, plain};
use crate::support::devices::{self, Fault, Faults, Transfer};

/// A frame is among the arrivals before it is active; until then no trimmer may have it.
#[test]
fn g1_a_frame_that_is_about_to_be_active_is_no_victim() {
    let stage = Stage::new(MachineOptions { cpu_cache: 3, ..plain() });
    let process = stage.spawn(4);
    let [cpu, other] = stage.cpus.clone();
    let lists = Arc::clone(&stage.machine);
    let at = move |step| step == Step::Instruction && lists.lists.has_arrivals(0);
    let machine = Arc::clone(&stage.machine);
    cpu.interrupt(at, move || {
        assert_eq!(block_on(trim(&*other, &machine, 1)).moved, 0);
        assert_eq!(machine.lists.count(machine.lists.active(0)), 0);
        assert_eq!(machine.lists.arrivals(0).count(), 1);
    });
    stage.store(0, process, 0).unwrap();
    assert!(cpu.was_interrupted());
    assert_eq!(stage.trim(1, 1).moved, 1);
}

/// Under LRU a page that is about to be mapped is younger than all others.
#[test]
fn s6_a_page_that_is_about_to_be_used_is_the_youngest() {
    let stage = Stage::new(MachineOptions { policy: Policy::Lru, cpu_cache: 3, ..plain() });
    let process = stage.spawn(4);
    stage.store(1, process, 0).unwrap();
    let old = stage.pte(process, 0).frame();
    let [cpu, _] = stage.cpus.clone();
    let lists = Arc::clone(&stage.machine);
    let at = move |step| step == Step::Instruction && lists.lists.has_arrivals(0);
    let machine = Arc::clone(&stage.machine);
    cpu.interrupt(at, move || {
        let stamp = |frame| machine.note(frame).load(Ordering::Relaxed);
        let new = machine.lists.arrivals(0).next().unwrap();
        assert!(stamp(new) > stamp(old));
    });
    stage.store(0, process, 1).unwrap();
    assert!(cpu.was_interrupted());
}

/// A page that is taken away between the walk and the claim of its PTE is not there.
#[test]
fn r5_a_page_taken_away_as_its_fault_begins_is_out_of_range() {
    let stage = Stage::new(plain());
    let process = stage.spawn(4);
    let [cpu, _] = stage.cpus.clone();
    let machine = Arc::clone(&stage.machine);
    cpu.interrupt(
        |step| step == Step::Fault,
        move || {
            let cell = machine.pte(machine.processes.get(process), Vpn(1)).unwrap();
            cell.store(Pte::ABSENT.0, Ordering::Relaxed);
        },
    );
    assert_eq!(stage.store(0, process, 1), Err(Failure::OutOfRange));
    assert!(cpu.was_interrupted());
    assert_eq!(stage.pte(process, 1), Pte::ABSENT);
    assert_eq!(stage.counter(Counter::DemandZero), 0);
}

/// A page that another CPU has made writable between the walk and the claim needs nothing more.
#[test]
fn s3_a_fault_that_another_has_resolved_changes_nothing() {
    let stage = Stage::new(plain());
    let process = stage.spawn(4);
    let [cpu, other] = stage.cpus.clone();
    let machine = Arc::clone(&stage.machine);
    cpu.interrupt(
        |step| step == Step::Fault,
        move || {
            let space = AddressSpace::enter(&*other, &machine, process).unwrap();
            block_on(space.store(Vpn(0), 1, 7)).unwrap();
        },
    );
    stage.store(0, process, 0).unwrap();
    assert!(cpu.was_interrupted());
    assert_eq!(block_on(stage.enter(0, process).load(Vpn(0), 1)), Ok(7));
    let counters = [Counter::Collided, Counter::DemandZero, Counter::Reuses];
    assert_eq!(counters.map(|counter| stage.counter(counter)), [1, 1, 0]);
}

/// While the PTEs of a victim are rewritten, the tables of each process that has one are pinned, once.
#[test]
fn p19_a_trim_pins_the_tables_of_every_sharer() {
    let stage = Stage::new(plain());
    let parent = stage.spawn(4);
    stage.fill(parent, 2);
    let child = stage.fork(parent);
    let [cpu, _] = stage.cpus.clone();
    let machine = Arc::clone(&stage.machine);
    cpu.interrupt(
        |step| matches!(step, Step::Rewrite { .. }),
        move || {
            for id in [parent, child] {
                assert!(machine.processes.get(id).is_pinned(), "process {}", id.0);
            }
        },
    );
    assert_eq!(stage.trim(0, 2).moved, 2);
    assert!(cpu.was_interrupted());
    assert!([parent, child].iter().all(|id| !stage.process(*id).is_pinned()));
}

/// The state of the only frames that can be had, which another CPU has locked for a while.
#[derive(Clone, Copy, Debug)]
enum Locked {
    Standby,
    Active,
    Modified,
}

/// How often a CPU looks again before what it waits for happens: more often than it gives up after.
const LOOKS: u32 = 20;

/// A CPU without a frame waits for those that another CPU has locked, in whatever state they are.
#[test]
fn p19_frames_that_another_cpu_has_locked_are_waited_for() {
    for state in [Locked::Standby, Locked::Active, Locked::Modified] {
        // The zero page, a directory, four tables, and two frames for pages.
        let stage = Stage::new(MachineOptions { frames: 8, ..pipelined(2) });
        let process = stage.spawn(4 * TABLE_ENTRIES);
        for page in [0, 1] {
            match state {
                Locked::Standby => assert_eq!(stage.load(0, process, page), Ok(0)),
                Locked::Active | Locked::Modified => stage.store(0, process, page).unwrap(),
            }
        }
        if !matches!(state, Locked::Active) {
            assert_eq!(stage.trim(0, 2).moved, 2);
        }
        let frames = [0, 1].map(|page| stage.pte(process, page).frame());
        // The other CPU is a thread, which has both frames locked until this CPU has looked again often.
        let meeting = Arc::new(Barrier::new(2));
        let (looks, met) = (AtomicU32::new(0), Arc::clone(&meeting));
        let [cpu, _] = &stage.cpus;
        cpu.interrupt(
            move |step| step == Step::Relax && looks.fetch_add(1, Ordering::Relaxed) == LOOKS,
            move || {
                met.wait();
                met.wait();
            },
        );
        let machine = &*stage.machine;
        let taken = std::thread::scope(|scope| {
            scope.spawn(|| {
                let cpu = ThreadCpu::new(Arc::default(), machine.local(1));
                let guards = frames.map(|frame| machine.pfns.try_lock(&cpu, frame).unwrap());
                meeting.wait();
                meeting.wait();
                drop(guards);
                meeting.wait();
            });
            meeting.wait();
            let taken = block_on(wait_for_frame(&**cpu, machine));
            if !cpu.was_interrupted() {
                meeting.wait();
                meeting.wait();
            }
            taken
        });
        assert!(taken.is_ok(), "{state:?}: {taken:?}");
    }
}

/// A machine whose device fails its first write, with a page that two processes share.
fn failing_once() -> (Stage, [ProcessId; 2]) {
    let (device, faults) = Faults::over(devices::memory(64));
    let stage = Stage::on(pipelined(1), Device::checked(device, 64));
    let parent = stage.spawn(4);
    stage.fill(parent, 1);
    let child = stage.fork(parent);
    faults.next(Transfer::Write, Fault::Fails);
    (stage, [parent, child])
}

/// Whether the step is the one that gives the slot back, to which the page could not be written.
fn gives_slot_back(step: Step) -> bool {
    matches!(step, Step::LookForSlot { entries: 1 })
}

fn evict_in_vain(stage: &Stage, process: ProcessId) {
    let outcome = block_on(evict(&*stage.cpus[0], &stage.machine, process, Vpn(0)));
    assert_eq!(outcome, Err(Failure::SwapFailed));
    assert!(stage.cpus[0].was_interrupted());
    assert_eq!(audit(&stage.machine), [""; 0]);
}

/// An eviction that cannot write its page leaves it alone when it was forked meanwhile.
#[test]
fn p18_an_eviction_that_fails_leaves_alone_what_was_forked_meanwhile() {
    let (stage, [parent, child]) = failing_once();
    let [cpu, other] = stage.cpus.clone();
    let machine = Arc::clone(&stage.machine);
    cpu.interrupt(gives_slot_back, move || {
        let space = AddressSpace::enter(&*other, &machine, parent).unwrap();
        block_on(fork(&*other, &machine, &space)).unwrap();
    });
    evict_in_vain(&stage, parent);
    for id in [parent, child] {
        assert_eq!(stage.pte(id, 0).format(), PteFormat::Transition, "process {}", id.0);
    }
}

/// It does so, too, when the writer has written the page meanwhile.
#[test]
fn p18_an_eviction_that_fails_leaves_alone_what_was_written_meanwhile() {
    let (stage, [parent, _]) = failing_once();
    let [cpu, other] = stage.cpus.clone();
    // It has slots at hand, because the slots are locked when it comes in between.
    let (slots, _moving) = block_on(take_slots(&*other, &stage.machine, 2));
    for slot in slots {
        block_on(drop_slot_reference(&*other, &stage.machine, slot));
    }
    let (machine, stopped) = (Arc::clone(&stage.machine), Arc::clone(&stage.machine));
    other.interrupt(
        |step| step == Step::DiskWrite,
        move || stopped.stop.store(true, Ordering::SeqCst),
    );
    cpu.interrupt(gives_slot_back, move || {
        ring(&*other, &machine, DaemonId::WRITER);
        block_on(writer(&*other, &machine, DaemonId::WRITER));
    });
    evict_in_vain(&stage, parent);
    assert!(stage.cpus[1].was_interrupted());
    assert_eq!(stage.pte(parent, 0).format(), PteFormat::Transition);
    let frame = stage.pte(parent, 0).frame();
    assert_eq!(stage.machine.pfns.peek(frame).state(), FrameState::Standby);
}

/// A CPU that finds no slot waits for one that has slots on the move, however long: it may give them back.
#[test]
fn s7_swap_is_not_full_while_another_cpu_has_slots_on_the_move() {
    use SlotFinder::{Bitmap, Clusters, Fixed, Rows, Scan};
    for slot_finder in [Bitmap, Scan, Rows, Clusters, Fixed] {
        let stage = Stage::new(MachineOptions { slot_finder, ..pipelined(1) });
        let process = stage.spawn(100);
        let [cpu, other] = stage.cpus.clone();
        // As long as the program, because what is on the move borrows the machine.
        let machine: &Machine = Box::leak(Box::new(Arc::clone(&stage.machine)));
        let (slots, moving) = block_on(take_slots(&*other, machine, 64));
        assert_eq!((slots.len(), machine.swap.free()), (64, 0), "{slot_finder:?}");
        let free = machine.available();
        stage.fill(process, free);
        assert_eq!(machine.available(), 0);
        let passes = Cell::new(0);
        let at = move |step| {
            passes.set(passes.get() + u32::from(step == Step::Relax));
            passes.get() == 20
        };
        cpu.interrupt(at, move || {
            for slot in slots {
                block_on(drop_slot_reference(&*other, machine, slot));
            }
            drop(moving);
        });
        assert_eq!(stage.store(0, process, free), Ok(()), "{slot_finder:?}");
        assert!(cpu.was_interrupted());
        assert_eq!(audit(machine), [""; 0]);
    }
}

/// When no other has any, it says at once that swap is full.
#[test]
fn s7_swap_is_full_when_no_other_cpu_has_slots_on_the_move() {
    let stage = Stage::new(pipelined(1));
    let process = stage.spawn(200);
    let (slots, moving) = block_on(take_slots(&*stage.cpus[1], &stage.machine, 64));
    drop(moving);
    let free = stage.machine.available();
    stage.fill(process, free);
    assert_eq!(stage.store(0, process, free), Err(Failure::OutOfSwap));
    drop(slots);
}
