//! Tests what each operation is charged on virtual CPUs: it passes steps for what it has touched, no more and no less.

use faultline::memory::{PTE_IN_TRANSIT, Vpn};
use faultline::observe::{Counter, Event, EventKind, Record};
use faultline::options::{ClockTick, MachineOptions, Policy, TickUnit};
use faultline::paging::{
    Wanted, drop_slot_reference, evict, take_frame, take_slots, tick_if_due, wait_for_frame,
};
use faultline::process::{map, unmap};
use faultline::runtime::{Cpu, DaemonId, Step, block_on};

use super::stepper::{Stage, pipelined, plain};

fn is_list_work(step: &Step) -> bool {
    matches!(step, Step::TryLock { .. } | Step::List { .. } | Step::Rewrite { .. })
}

fn is_try_lock(step: &Step) -> bool {
    matches!(step, Step::TryLock { .. })
}

const fn tried(times: u32) -> Step {
    Step::TryLock { times }
}

const fn listed(frames: u32) -> Step {
    Step::List { frames }
}

const fn rewritten(ptes: u32) -> Step {
    Step::Rewrite { ptes }
}

/// Two passes over the regions, and one shootdown for the pages that could be stored to.
#[test]
fn s11_a_fork_shoots_down_once_what_another_cpu_could_store_to() {
    let stage = Stage::new(plain());
    let parent = stage.spawn(600);
    for page in [0, 1, 2, 512, 513] {
        stage.store(0, parent, page).unwrap();
    }
    assert_eq!(stage.trim(0, 1).moved, 1, "page 0 is not mapped any more");
    let other = stage.enter(1, parent);
    let away = other.leave_for_a_while();
    stage.cpus[0].take_steps();
    let child = stage.fork(parent);
    let steps =
        stage.steps(0, |step| matches!(step, Step::Rewrite { .. } | Step::Shootdown { .. }));
    let shootdown = Step::Shootdown { cpus: 0, pages: 4 };
    let passes = [rewritten(512), rewritten(88)];
    assert_eq!(steps, [&passes[..], &[shootdown], &passes].concat());
    for page in [1, 2, 512, 513] {
        assert!(!stage.pte(parent, page).is_writable() && !stage.pte(child, page).is_writable());
    }
    drop(away);
}

/// A copy shoots down the other CPUs in the process, if there are any.
#[test]
fn s11_a_copy_shoots_down_the_other_cpus_of_its_process() {
    let stage = Stage::new(plain());
    let parent = stage.spawn(4);
    stage.fill(parent, 2);
    let child = stage.fork(parent);
    stage.cpus[0].take_steps();
    let is_shootdown = |step: &Step| matches!(step, Step::Shootdown { .. });
    stage.store(0, child, 0).unwrap();
    assert_eq!(stage.steps(0, is_shootdown), []);
    let other = stage.enter(1, child);
    let away = other.leave_for_a_while();
    stage.store(0, child, 1).unwrap();
    assert_eq!(stage.steps(0, is_shootdown), [Step::Shootdown { cpus: 0, pages: 1 }]);
    drop(away);
}

/// A shootdown is charged for each CPU that has not acknowledged it yet.
#[test]
fn s11_a_shootdown_is_charged_for_the_cpus_that_are_behind() {
    let stage = Stage::new(plain());
    let process = stage.spawn(4);
    stage.fill(process, 3);
    let other = stage.enter(1, process);
    stage.cpus[0].take_steps();
    let late = stage.cpus[1].clone();
    stage.cpus[0].interrupt(
        |step| matches!(step, Step::Shootdown { .. }),
        move || late.local().presence.go_offline(),
    );
    assert_eq!(stage.trim(0, 3).moved, 3);
    let shootdowns = stage.steps(0, |step| matches!(step, Step::Shootdown { .. }));
    assert_eq!(shootdowns, [Step::Shootdown { cpus: 1, pages: 3 }]);
    drop(other);
}

#[test]
fn s1_a_map_is_charged_for_the_ptes_that_it_looked_at() {
    let stage = Stage::new(plain());
    let process = stage.spawn(12);
    let cpu = &*stage.cpus[0];
    block_on(unmap(cpu, &stage.machine, &stage.enter(0, process), Vpn(3), 2)).unwrap();
    cpu.take_steps();
    let mapped = |pages| {
        let space = stage.enter(0, process);
        let first = block_on(map(cpu, &stage.machine, &space, pages, None, false)).unwrap();
        (first, stage.steps(0, |step| matches!(step, Step::Look { .. })))
    };
    assert_eq!(mapped(2), (Vpn(3), vec![Step::Look { entries: 5 }]));
    assert_eq!(mapped(2), (Vpn(12), vec![Step::Look { entries: 12 }]));
}

/// What CPUs have held back comes to the active list together.
#[test]
fn s10_arrivals_are_charged_where_they_are_admitted() {
    let stage = Stage::new(MachineOptions { cpu_cache: 2, ..plain() });
    let process = stage.spawn(16);
    stage.fill(process, 2);
    stage.cpus[0].take_steps();
    stage.store(0, process, 2).unwrap();
    // One frame from the list and one for the cache; then two that were held back, and this one.
    assert_eq!(stage.steps(0, |step| matches!(step, Step::List { .. })), [listed(2), listed(3)]);
    stage.store(0, process, 3).unwrap();
    stage.store(1, process, 4).unwrap();
    stage.store(1, process, 5).unwrap();
    stage.cpus[0].take_steps();
    assert_eq!(stage.trim(0, 1).moved, 1);
    // Three arrivals; the victim's lock, and off the active list; its PTE; its lock, and onto the modified list.
    assert_eq!(
        stage.steps(0, is_list_work),
        [listed(3), tried(1), listed(1), rewritten(1), tried(1), listed(1)]
    );
}

/// A frame that another CPU has locked is passed, charged and counted as busy, once in each look at it.
#[test]
fn s9_a_search_is_charged_for_the_frames_that_it_could_not_lock() {
    let stage = Stage::new(MachineOptions { frames: 100, ..plain() });
    let process = stage.spawn(80);
    stage.fill(process, 70);
    let locked = block_on(stage.machine.lock_frame(&*stage.cpus[1], stage.pte(process, 0).frame()));
    stage.cpus[0].take_steps();
    let progress = stage.trim(0, 100);
    // 64 looks; 7; and the one that is left, until ten rounds are over. Then all victims are landed.
    assert_eq!(stage.steps(0, is_try_lock), [tried(64), tried(7), tried(69)]);
    assert_eq!((progress.moved, progress.busy), (69, 1 + 1 + 9));
    drop(locked);

    let stage = Stage::new(MachineOptions { policy: Policy::Aging, ..plain() });
    let process = stage.spawn(8);
    stage.fill(process, 5);
    let locked = block_on(stage.machine.lock_frame(&*stage.cpus[1], stage.pte(process, 0).frame()));
    stage.cpus[0].take_steps();
    let progress = stage.trim(0, 5);
    assert_eq!(stage.steps(0, is_try_lock), [tried(5), tried(4)]);
    assert_eq!((progress.moved, progress.busy), (4, 1));
    drop(locked);
}

/// When a round of WSClock has found only a locked page, the one unused longest is looked for, and only what is
/// busy then is charged again.
#[test]
fn s9_a_second_search_is_charged_for_its_own_busy_frames() {
    let options = MachineOptions { policy: Policy::Wsclock, working_set_window: 5, ..plain() };
    let stage = Stage::new(options);
    let process = stage.spawn(8);
    // The time of the policy is the number of accesses, which whoever drives the CPU counts.
    let pass = |accesses| stage.machine.stats.add(0, Counter::Accesses, accesses);
    pass(3);
    (0..3).for_each(|page| assert_eq!(stage.load(0, process, page), Ok(0)));
    assert_eq!(stage.trim(0, 1).moved, 1, "page 0");
    pass(10);
    assert_eq!(stage.load(0, process, 2), Ok(0));
    let locked = block_on(stage.machine.lock_frame(&*stage.cpus[1], stage.pte(process, 1).frame()));
    stage.cpus[0].take_steps();
    let progress = stage.trim(0, 2);
    assert_eq!(stage.steps(0, is_try_lock), [tried(2), tried(1)]);
    assert_eq!((progress.moved, progress.busy), (1, 2));
    drop(locked);
}

/// A page with a fault at work on it is not unmapped, and that is told.
#[test]
fn s9_a_page_in_transit_is_busy() {
    let stage = Stage::new(plain());
    let process = stage.spawn(8);
    stage.fill(process, 2);
    let cell = stage.cell(process, 0);
    cell.fetch_or(PTE_IN_TRANSIT, std::sync::atomic::Ordering::Relaxed);
    let progress = stage.trim(0, 1);
    assert_eq!((progress.moved, progress.busy), (0, 1));
    assert_eq!(stage.trim(0, 1).moved, 1);
}

/// Standby frames are freed in a batch; the rest of it goes to the free list.
#[test]
fn s10_a_batch_of_standby_frames_is_charged_by_its_size() {
    let stage = Stage::new(MachineOptions { frames: 12, standby_batch: 4, ..plain() });
    let process = stage.spawn(16);
    (0..9).for_each(|page| assert_eq!(stage.load(0, process, page), Ok(0)));
    assert_eq!(stage.trim(0, 6).moved, 6, "clean, so they are on standby");
    let locked = block_on(stage.machine.lock_frame(&*stage.cpus[1], stage.pte(process, 0).frame()));
    stage.cpus[0].take_steps();
    assert_eq!(stage.load(0, process, 10), Ok(0));
    // The first is locked, and was tried too; the frame's new page goes to the active list.
    assert_eq!(
        stage.steps(0, is_list_work),
        [tried(5), listed(4), rewritten(4), listed(3), listed(1)]
    );
    drop(locked);
}

/// The writer passes a frame that is locked, and charges for the attempt.
#[test]
fn s10_a_batch_of_writes_is_charged_by_its_size() {
    let stage = Stage::new(MachineOptions { frames: 12, ..pipelined(8) });
    let process = stage.spawn(16);
    stage.fill(process, 9);
    assert_eq!(stage.trim(0, 4).moved, 4);
    let locked = block_on(stage.machine.lock_frame(&*stage.cpus[1], stage.pte(process, 0).frame()));
    stage.cpus[0].take_steps();
    block_on(wait_for_frame(&*stage.cpus[0], &stage.machine)).unwrap();
    let steps = stage.steps(0, |step| is_list_work(step) || *step == Step::DiskWrite);
    let written = [Step::DiskWrite, listed(1)];
    assert_eq!(steps[..8], [&[tried(4), listed(3)][..], &written, &written, &written].concat());
    drop(locked);
}

/// A CPU with no frame looks into the caches of all CPUs, as far as it must.
#[test]
fn s10_a_theft_is_charged_for_the_caches_looked_into() {
    let stage = Stage::new(MachineOptions { frames: 12, ..plain() });
    let lists = &stage.machine.lists;
    let frames: Vec<_> = std::iter::from_fn(|| lists.pop_front(lists.free(0))).collect();
    let take = || {
        stage.cpus[0].take_steps();
        let taken = block_on(take_frame(&*stage.cpus[0], &stage.machine, Wanted::Any));
        let steps = stage.steps(0, |step| matches!(step, Step::Fetch { .. }));
        (taken.map(|taken| taken.frame), steps)
    };
    assert!(stage.machine.cpus[1].push(frames[0], 9));
    assert_eq!(take(), (Some(frames[0]), vec![Step::Fetch { lines: 2 }]));
    assert_eq!(take(), (None, vec![Step::Fetch { lines: 2 }]));
}

/// An eviction without a free slot looks for a page in memory that keeps one.
#[test]
fn s7_the_search_for_a_kept_slot_is_charged_for_the_frames_looked_at() {
    let stage = Stage::new(MachineOptions { slots: 1, ..plain() });
    let process = stage.spawn(4);
    stage.fill(process, 2);
    let cpu = &*stage.cpus[0];
    block_on(evict(cpu, &stage.machine, process, Vpn(0))).unwrap();
    assert_eq!(stage.load(0, process, 0), Ok(1));
    let keeper = stage.pte(process, 0).frame();
    cpu.take_steps();
    block_on(evict(cpu, &stage.machine, process, Vpn(1))).unwrap();
    let looks = stage.steps(0, |step| matches!(step, Step::LookForSlot { .. }));
    assert_eq!(looks.last(), Some(&Step::LookForSlot { entries: keeper.0 + 1 }));
}

#[test]
fn s6_a_clock_tick_is_charged_for_the_frames_looked_at() {
    let clock_tick = ClockTick { every: 1, unit: TickUnit::Faults };
    let stage = Stage::new(MachineOptions { policy: Policy::Aging, clock_tick, ..plain() });
    let process = stage.spawn(8);
    stage.fill(process, 5);
    stage.cpus[0].take_steps();
    block_on(tick_if_due(&*stage.cpus[0], &stage.machine));
    let looks = stage.steps(0, |step| matches!(step, Step::Look { .. }));
    assert_eq!(looks, [Step::Look { entries: 5 }]);
}

/// The event of a fault says how long its walk took; the clock of this CPU counts steps.
#[test]
fn w4_a_fault_says_how_long_its_walk_took() {
    let stage = Stage::new(plain());
    let process = stage.spawn(8);
    stage.fill(process, 3);
    let records = stage.machine.trace.records();
    let begun = records.iter().filter(|record| record.event.kind == EventKind::FaultBegin);
    // The walk, and the gap behind it.
    assert_eq!(begun.map(|record| record.event.b).collect::<Vec<_>>(), [2, 2, 2]);
}

/// A store that rescues a page is one fault, whether the page is the process's own or is copied.
#[test]
fn s19_a_store_that_rescues_a_page_faults_once() {
    let stage = Stage::new(plain());
    let parent = stage.spawn(4);
    stage.fill(parent, 2);
    let counters = || {
        [Counter::Faults, Counter::Soft, Counter::Reuses, Counter::Copies]
            .map(|counter| stage.counter(counter))
    };
    assert_eq!(stage.trim(0, 1).moved, 1);
    stage.store(0, parent, 0).unwrap();
    assert_eq!(counters(), [3, 1, 0, 0]);
    assert!(stage.pte(parent, 0).is_writable() && stage.pte(parent, 0).is_dirty());
    let child = stage.fork(parent);
    assert_eq!(stage.trim(0, 2).moved, 2);
    stage.store(0, child, 0).unwrap();
    assert_eq!(counters(), [4, 2, 0, 1]);
}

/// A slot that is free again wakes the writer if, and only if, frames wait for one.
#[test]
fn s4_a_free_slot_wakes_the_writer_while_frames_wait() {
    let stage = Stage::new(pipelined(1));
    let process = stage.spawn(4);
    stage.fill(process, 1);
    let cpu = &*stage.cpus[0];
    let wakes_the_writer = || {
        let wake_ups = || {
            let records = stage.machine.trace.records();
            let is_the_writers = |event: Event| {
                event.kind == EventKind::Wakeup && event.number == DaemonId::WRITER.code()
            };
            records.iter().filter(|record| is_the_writers(record.event)).count()
        };
        let before = wake_ups();
        let (slots, _moving) = block_on(take_slots(cpu, &stage.machine, 1));
        block_on(drop_slot_reference(cpu, &stage.machine, slots[0]));
        wake_ups() - before
    };
    assert_eq!(wakes_the_writer(), 0);
    assert_eq!(stage.trim(0, 1).moved, 1);
    assert_eq!(wakes_the_writer(), 1);
    let stage = Stage::new(plain());
    let process = stage.spawn(4);
    stage.fill(process, 1);
    assert_eq!(stage.trim(0, 1).moved, 1);
    let (slots, _moving) = block_on(take_slots(&*stage.cpus[0], &stage.machine, 1));
    block_on(drop_slot_reference(&*stage.cpus[0], &stage.machine, slots[0]));
    let records = stage.machine.trace.records();
    let is_wake_up = |record: &&Record| record.event.kind == EventKind::Wakeup;
    assert_eq!(records.iter().filter(is_wake_up).count(), 0, "there is no writer");
}
