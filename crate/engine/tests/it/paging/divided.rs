//! Tests what CPUs of a machine with several shards do apart from each other, and that they give up nothing by it.

use std::collections::BTreeSet;

use faultline::audit::audit;
use faultline::memory::{FrameState, Pfn, ProcessId};
use faultline::observe::Counter;
use faultline::options::{MachineOptions, Rmap, Shootdown};
use faultline::paging::{AddressSpace, TakenFrame, Wanted, give_back, take_frame};
use faultline::process::{kill, put_on_cpu, sleep};
use faultline::runtime::{Step, block_on};

use super::stepper::{Stage, plain};

/// A machine of 16 CPUs with 16 shards, of four frames each.
fn divided() -> MachineOptions {
    MachineOptions { cpus: 16, list_shards: 16, ..plain() }
}

fn take(stage: &Stage, cpu: usize) -> Option<TakenFrame> {
    block_on(take_frame(&*stage.cpus[cpu], &stage.machine, Wanted::Any))
}

/// Fills all frames with pages that were only read, and makes each a standby frame.
fn all_on_standby(stage: &Stage) {
    let process = stage.spawn(200);
    for page in 0..stage.machine.free_frames() {
        stage.load(0, process, page).unwrap();
    }
    stage.trim(0, 64);
    assert_eq!(stage.machine.lists.count_of(FrameState::Active), 0);
}

/// Repurposing looks at the eight shards next to a CPU's own, and at all before it gives up.
#[test]
fn s10_a_cpu_looks_near_its_own_shard_first_and_everywhere_before_it_gives_up() {
    let stage = Stage::new(divided());
    all_on_standby(&stage);
    let lists = &stage.machine.lists;
    let order: Vec<_> = lists.shards_from(FrameState::Standby, 0).collect();
    let (near, far) = order.split_at(8);
    let frames = |lists_of: &[_]| lists_of.iter().map(|list| lists.count(*list)).sum::<u32>();
    let far_at_first = frames(far);
    assert!(frames(near) > 0 && far_at_first > 0);
    let mut taken = Vec::new();
    while let Some(frame) = take(&stage, 0) {
        taken.push(frame.frame);
        assert!(taken.len() < 64);
    }
    assert_eq!((frames(near), frames(far)), (0, far_at_first));
    // A fault that finds none nearby, and has nothing to reclaim, goes on.
    let process = ProcessId(0);
    stage.load(0, process, 100).unwrap();
    let frame = stage.pte(process, 100).frame();
    assert!(far.contains(&lists.list_of(FrameState::Standby, frame)));
    assert!(frames(far) < far_at_first);
    for frame in taken {
        block_on(give_back(&*stage.cpus[0], &stage.machine, frame));
    }
    assert_eq!(audit(&stage.machine), [""; 0]);
}

/// A frame that is at hand with another CPU is found too, by a fault that finds none elsewhere, and by none before.
#[test]
fn s10_what_is_at_hand_with_another_cpu_is_the_last_that_a_cpu_takes() {
    let stage = Stage::new(MachineOptions { cpu_cache: 2, ..divided() });
    let process = stage.spawn(100);
    let mut taken: Vec<Pfn> = Vec::new();
    while let Some(frame) = take(&stage, 0) {
        taken.push(frame.frame);
    }
    let kept = taken.pop().unwrap();
    assert!(stage.machine.keep_at_hand(&*stage.cpus[1], kept, 2));
    assert_eq!(take(&stage, 0), None, "it does not look there while it may reclaim nearby");
    stage.store(0, process, 0).unwrap();
    assert_eq!(stage.pte(process, 0).frame(), kept);
    for frame in taken {
        block_on(give_back(&*stage.cpus[0], &stage.machine, frame));
    }
    stage.store(0, process, 1).unwrap();
    assert_eq!(audit(&stage.machine), [""; 0]);
}

/// Of eight CPUs or fewer each looks everywhere at once: it reclaims nothing while some frame is on standby.
#[test]
fn s10_of_eight_cpus_none_reclaims_while_frames_are_on_standby_anywhere() {
    for (cpus, is_everywhere) in [(2, true), (8, true), (9, false), (16, false)] {
        let stage = Stage::new(MachineOptions { cpus, ..divided() });
        all_on_standby(&stage);
        while take(&stage, 0).is_some() {}
        let left = stage.machine.lists.count_of(FrameState::Standby);
        assert_eq!(left == 0, is_everywhere, "{left} left for {cpus} CPUs");
    }
}

/// A list that has a frame for each CPU is waited for, unless there are as many lists as CPUs: then others are tried first.
#[test]
fn s13_a_list_is_passed_where_it_has_few_frames_or_there_is_one_for_each_cpu() {
    for (free_lists, passes_full_ones) in [(1, false), (8, false), (16, true)] {
        let stage = Stage::new(MachineOptions { frames: 1024, free_lists, ..divided() });
        let lists = &stage.machine.lists;
        let mut took_of_few = false;
        while lists.count_of(FrameState::Free) > 0 {
            let before: Vec<_> =
                lists.shards_of(FrameState::Free).map(|list| lists.count(list)).collect();
            stage.cpus[0].take_steps();
            take(&stage, 0).unwrap();
            let tries = stage.steps(0, |step| matches!(step, Step::TryLock { .. })).len();
            let taken_from = lists
                .shards_of(FrameState::Free)
                .zip(before)
                .find(|(list, before)| lists.count(*list) < *before);
            let (_, frames) = taken_from.unwrap();
            assert_eq!(tries > 0, passes_full_ones || frames < 16, "{frames} of {free_lists}");
            took_of_few |= frames < 16;
        }
        assert!(took_of_few);
    }
}

/// A locked list with few frames is passed by.
#[test]
fn s13_a_cpu_passes_a_list_that_another_has_locked() {
    let stage = Stage::new(divided());
    all_on_standby(&stage);
    let lists = &stage.machine.lists;
    let own = lists.standby(0);
    let before = lists.count(own);
    let taken = {
        let _guard = block_on(lists.lock(&*stage.cpus[1], own));
        take(&stage, 0).unwrap().frame
    };
    assert_eq!(lists.count(own), before);
    assert_ne!(lists.list_of(FrameState::Standby, taken), own);
    block_on(give_back(&*stage.cpus[0], &stage.machine, taken));
    assert_eq!(audit(&stage.machine), [""; 0]);
}

/// What one CPU has protected another frees: the count is their sum all the same.
#[test]
fn p19_tables_that_one_cpu_makes_and_another_frees_are_counted_once() {
    for list_shards in [1, 16] {
        let stage = Stage::new(MachineOptions { list_shards, ..divided() });
        assert_eq!(stage.machine.protected_frames(), 1, "the zero page");
        let pair = [stage.spawn(1), stage.spawn(1)];
        assert_eq!(stage.machine.protected_frames(), 5);
        block_on(kill(&*stage.cpus[1], &stage.machine, pair[0])).unwrap();
        assert_eq!(stage.machine.protected_frames(), 3);
        let third = stage.spawn(1);
        block_on(sleep(&*stage.cpus[0], &stage.machine, third)).unwrap();
        for process in [third, pair[1]] {
            block_on(kill(&*stage.cpus[1], &stage.machine, process)).unwrap();
        }
        assert_eq!(stage.machine.protected_frames(), 1);
        assert_eq!(audit(&stage.machine), [""; 0]);
    }
}

/// A fork takes the record that its family had last, where no other has it, and else the first.
#[test]
fn p10_a_fork_takes_the_record_that_its_family_had_last() {
    for rmap in [Rmap::Tree, Rmap::Family, Rmap::Owner] {
        let stage = Stage::new(MachineOptions { rmap, frames: 128, ..divided() });
        let parents = [stage.spawn(1), stage.spawn(1)];
        let end = |child| {
            block_on(kill(&*stage.cpus[0], &stage.machine, child)).unwrap();
            stage.machine.processes.retire(child);
        };
        let [first, second] = [stage.fork(parents[0]), stage.fork(parents[1])];
        end(first);
        end(second);
        // The second has its own again, though the first is unused too.
        let wanted = if rmap == Rmap::Tree { first } else { second };
        let third = stage.fork(parents[1]);
        assert_eq!(third, wanted);
        end(third);
        // It is taken once: two children at a time have different records.
        let children: BTreeSet<_> = (0..3).map(|_| stage.fork(parents[1]).0).collect();
        assert_eq!(children.len(), 3);
        // What another family has taken meanwhile is not taken from it.
        let other = stage.fork(parents[0]);
        assert!(!children.contains(&other.0));
        assert_eq!(audit(&stage.machine), [""; 0]);
    }
}

/// Every CPU reads an epoch that begins. Under `lazy` a kill begins one only for CPUs that are in the process, and a fork only
/// when it takes a right to store away.
#[test]
fn g5_a_lazy_kill_or_fork_begins_an_epoch_only_for_cpus_that_it_concerns() {
    for (shootdown, needless) in [(Shootdown::Batched, 1), (Shootdown::Lazy, 0)] {
        let stage = Stage::new(MachineOptions { shootdown, frames: 128, ..divided() });
        let parent = stage.spawn(2);
        stage.store(0, parent, 0).unwrap();
        let rounds = |act: &mut dyn FnMut()| {
            let before = stage.machine.stats.total(Counter::Shootdowns);
            act();
            stage.machine.stats.total(Counter::Shootdowns) - before
        };
        let child = stage.fork(parent);
        let kill = |child| {
            block_on(kill(&*stage.cpus[0], &stage.machine, child)).unwrap();
            stage.machine.processes.retire(child);
        };
        assert_eq!(rounds(&mut || kill(child)), needless);
        // Another CPU is in the parent, and away from its pages.
        let space = AddressSpace::enter(&*stage.cpus[1], &stage.machine, parent).unwrap();
        let _away = space.leave_for_a_while();
        assert_eq!(rounds(&mut || kill(stage.fork(parent))), 2 * needless);
        stage.store(0, parent, 1).unwrap();
        assert_eq!(rounds(&mut || kill(stage.fork(parent))), 1 + needless);
        assert_eq!(audit(&stage.machine), [""; 0]);
    }
}

/// The CPU that a killed process was on is nobody's then, whichever it was; no other CPU's record is looked at.
#[test]
fn p3_a_kill_takes_its_process_off_the_cpus_that_it_was_dispatched_to() {
    let stage = Stage::new(divided());
    let [first, second] = [stage.spawn(1), stage.spawn(1)];
    for cpu in &stage.cpus {
        block_on(put_on_cpu(&**cpu, &stage.machine, first));
    }
    let others = &stage.cpus[1];
    block_on(put_on_cpu(&**others, &stage.machine, second));
    let on = || [0, 1].map(|cpu: usize| stage.machine.cpus[cpu].current());
    assert_eq!(on(), [Some(first), Some(second)]);
    assert_eq!(stage.machine.processes.get(first).dispatched().iter().collect::<Vec<_>>(), [0, 1]);
    block_on(kill(&**others, &stage.machine, first)).unwrap();
    assert_eq!(on(), [None, Some(second)]);
    stage.machine.processes.retire(first);
    let third = stage.spawn(1);
    assert_eq!(third, first, "the record is used again");
    assert_eq!(stage.machine.processes.get(third).dispatched().iter().count(), 0);
    assert_eq!(audit(&stage.machine), [""; 0]);
    stage.machine.cpus[0].set_current(Some(third));
    let found = audit(&stage.machine);
    assert_eq!(found, [format!("P3 process {}: it does not know that CPU 0 has it", third.0)]);
}
