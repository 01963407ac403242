//! Models how a frame is left: a CPU maps its own copy in place of it, and the last sharer stores to the frame only once
//! no other CPU reads it.

use faultline::memory::{Pfn, Pte, change_pte, load_pte};
use faultline::paging::shootdown::{Round, against_readers, leave_to_readers};
use faultline::runtime::{Cpu, ThreadCpu, block_on};

use super::super::{Body, Owned, THREE, TWO, model, pte_event, run_in};
use super::{PROCESS, RECLAIMED, Shared};

/// Unmaps the page that it has copied, asks which CPUs may still read the source, and puts the copy in place.
fn leaves_the_source(cpu: &ThreadCpu, shared: &Shared) {
    shared.enter(cpu, || {
        change_pte(cpu, &shared.cell, pte_event, |pte| Some(pte.unmapped().in_transit())).unwrap();
        let others = shared.processes.get(PROCESS).cpus().without(cpu.local().index);
        if !others.is_empty() {
            // It is online itself, as a fault is, and the others wait for nothing that it holds.
            shared.shoot_down(cpu);
        }
        change_pte(cpu, &shared.cell, pte_event, |_| Some(Pte::valid(Pfn(2), true, true))).unwrap();
        // The last sharer of the source may write it from here on.
        shared.bytes.set(RECLAIMED);
    });
}

#[test]
fn p5_no_cpu_reads_the_source_of_a_copy_once_it_is_left() {
    model(TWO, || {
        let shared = Shared::new();
        let reads: Body<Shared> = |cpu, shared| {
            shared.enter(cpu, || {
                let epochs = cpu.local().presence.words().unwrap();
                let mapped = Pte::valid(Pfn(1), true, true);
                for _ in 0..2 {
                    if epochs.are_equal() && load_pte(&shared.cell) == mapped {
                        assert_eq!(shared.bytes.get(), 1);
                    }
                }
            });
        };
        run_in(&shared.epochs, &shared, &[reads, leaves_the_source]);
        shared.assert_reclaimed();
    });
}

/// Puts a copy of the page in place, and leaves its frame to those who read it still.
fn leaves_to_readers(cpu: &ThreadCpu, shared: &Shared) {
    shared.enter(cpu, || {
        let process = shared.processes.get(PROCESS);
        process.meet(cpu.local().index);
        let mut locked = block_on(shared.pfns.lock(cpu, Pfn(1)));
        change_pte(cpu, &shared.cell, pte_event, |_| Some(Pte::valid(Pfn(2), true, true))).unwrap();
        leave_to_readers(&shared.epochs, process, &mut locked);
        locked.entry.set_share(1);
    });
}

/// Reads the page, or its copy, twice; between the two it acknowledges what shootdown there was.
fn reads_what_is_left(cpu: &ThreadCpu, shared: &Shared) {
    shared.enter(cpu, || {
        shared.processes.get(PROCESS).meet(cpu.local().index);
        let read = |bytes: &Owned<u64>| assert_eq!(bytes.get(), 1);
        for _ in 0..2 {
            cpu.local().presence.words().unwrap().catch_up();
            if load_pte(&shared.cell).refers_to(Pfn(1)) {
                read(&shared.bytes);
            }
        }
    });
}

/// Stores to the frame in place, as the last sharer, once nobody reads it any more.
fn stores_in_place(cpu: &ThreadCpu, shared: &Shared) {
    let locked = block_on(shared.pfns.lock(cpu, Pfn(1)));
    if locked.entry.share() == 1 {
        let frames = [locked];
        if let Some(round) = against_readers(cpu, &shared.epochs, 3, &frames) {
            block_on(round.over(cpu, &shared.epochs));
            shared.epochs.pass(round.epoch());
        }
        shared.bytes.set(RECLAIMED);
    }
}

/// Runs a CPU that leaves the page's frame, one that reads it, and one that is its last sharer.
fn against_left(last: Body<Shared>) {
    model(THREE, move || {
        let shared = Shared::new();
        run_in(&shared.epochs, &shared, &[leaves_to_readers, reads_what_is_left, last]);
    });
}

#[test]
fn p5_who_stores_to_a_frame_that_was_left_waits_for_those_who_read_it() {
    against_left(stores_in_place);
}

/// An epoch that began after the frame was left, whoever began it, is enough.
#[test]
fn p5_any_epoch_after_it_was_left_shows_who_reads_a_frame() {
    against_left(|cpu, shared| {
        Round::begin(cpu, &shared.epochs, shared.processes.get(PROCESS).cpus());
        stores_in_place(cpu, shared);
    });
}

/// What one sharer has waited for another need not: here of two frames, which were left one after the other.
#[test]
fn p5_a_frame_that_was_left_before_an_epoch_that_all_have_passed_is_read_by_nobody() {
    against_left(|cpu, shared| {
        let round = Round::of_all(cpu, &shared.epochs, 3, shared.epochs.now() + 1);
        block_on(round.over(cpu, &shared.epochs));
        shared.epochs.pass(round.epoch());
        stores_in_place(cpu, shared);
    });
}
