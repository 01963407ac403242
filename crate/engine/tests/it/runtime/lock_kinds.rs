//! Tests that lock kinds differ as the literature says, in their transfers and in who has the lock next (S2, R2).

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use faultline::observe::{LineCost, LineCosts};
use faultline::parts::{LinePart, MemoryPart};
use faultline::runtime::{
    Costs, Cpu, CpuLocal, Epochs, Lines, LockClass, LockId, LockKind, LockProfile, LockWord,
    Presence, Step, VirtualRuntime, Word, lock,
};
use faultline::scenario::parse;
use serde_json::{Value, json};

use super::lines::busy;
use crate::support::{hold, run_it, scenario};

const KINDS: [LockKind; 4] = [LockKind::Spin, LockKind::Ticket, LockKind::Queue, LockKind::Backoff];

/// What happened to CPUs that wait for one lock.
#[derive(Debug, PartialEq)]
struct Ran {
    /// The CPUs in the order in which they got it.
    order: Vec<usize>,
    cost: LineCost,
    time: u64,
}

impl Ran {
    /// Transfers of the lock's line for each hand-over, besides those of `arrival` for each that came to wait.
    fn for_each_hand_over(&self, arrival: u64) -> u64 {
        let waiters = self.order.len() as u64 - 1;
        (self.cost.transfers - arrival * waiters) / waiters
    }
}

/// Lets one CPU hold a lock until `waiters` others wait for it, who came in the order of their numbers, each of whom takes
/// it so many times.
fn crowd(kind: LockKind, waiters: usize, times: usize, seed: u64, knows_lines: bool) -> Ran {
    let costs = Costs::default();
    let word = Rc::new(Word::new(0));
    let line_costs = Arc::new(LineCosts::default());
    let mut runtime = VirtualRuntime::new(1, costs.clone(), Arc::default());
    runtime.hand_over_by(kind, seed);
    if knows_lines {
        let part = MemoryPart::of(std::slice::from_ref(&*word));
        let parts = vec![LinePart::new("lock", part, &[])];
        let costs = Arc::clone(&line_costs);
        runtime.know_lines(Lines::new(parts, |_| false, Costs::default().line_transfer, costs));
    }
    let order = Rc::new(RefCell::new(Vec::new()));
    let epochs = Arc::new(Epochs::new(waiters + 1));
    for index in 0..=waiters {
        let presence = Presence::new(Arc::clone(&epochs), index);
        let profile = Arc::new(LockProfile::default());
        let cpu = runtime.cpu(CpuLocal::new(index, 1, profile, presence));
        let (word, order) = (Rc::clone(&word), Rc::clone(&order));
        runtime.add(async move {
            // The first holds the lock until the others have come, each 100 ns after the one before.
            let frames = |nanoseconds: usize| nanoseconds as u32 / 2;
            cpu.step(Step::List { frames: frames(100 * index) }).await;
            for _ in 0..times {
                let id = LockId::new(LockClass::List, 0);
                let held = lock(&cpu, id, LockWord::alone(&word)).await;
                order.borrow_mut().push(index);
                let until = if index == 0 { 100 * (waiters + 1) } else { 20 };
                cpu.step(Step::List { frames: frames(until) }).await;
                drop(held);
            }
            cpu.step(Step::Instruction).await;
        });
    }
    let _ = runtime.run(u64::MAX, || false);
    assert!(runtime.sleepers().is_empty(), "every wait ends");
    Ran { order: order.take(), cost: line_costs.of(0), time: runtime.now() }
}

/// The transfers that the next holder needs: 1 of a queue however many wait; of each waiter that reads the lock again; of
/// the attempts of those who find it free besides.
#[test]
fn s2_a_hand_over_moves_one_line_under_a_queue_and_a_line_for_each_waiter_under_spin_and_ticket() {
    for waiters in [8, 16, 32, 64] {
        let of = |kind, arrival| crowd(kind, waiters, 1, 1, true).for_each_hand_over(arrival);
        let half = waiters as u64 / 2;
        // The line goes to the release, and to the next.
        assert!(of(LockKind::Queue, 2) <= 2, "{waiters}: {}", of(LockKind::Queue, 2));
        let ticket = of(LockKind::Ticket, 1);
        assert!((half..half + 3).contains(&ticket), "{waiters}: {ticket}");
        let spin = of(LockKind::Spin, 1);
        assert!((5 * half / 2..3 * half + 3).contains(&spin), "{waiters}: {spin}");
        let backoff = of(LockKind::Backoff, 1);
        assert!(backoff >= 2 && backoff < half.max(5), "{waiters}: {backoff}");
    }
}

/// With one waiter no kind that looks all the time has much to send.
#[test]
fn s2_lock_kinds_differ_little_while_few_wait_and_much_while_many_do() {
    let times = |waiters| {
        let kinds = [LockKind::Spin, LockKind::Ticket, LockKind::Queue];
        kinds.map(|kind| crowd(kind, waiters, 1, 1, true).time)
    };
    let [spin, ticket, queue] = times(1);
    let most = queue + 2 * Costs::default().line_transfer;
    assert!(spin <= most && ticket <= most, "{spin} {ticket} {queue}");
    let [spin, ticket, queue] = times(64);
    assert!(spin > 2 * ticket && ticket > 4 * queue, "{spin} {ticket} {queue}");
}

#[test]
fn s2_a_ticket_and_a_queue_go_in_the_order_of_arrival_and_spin_and_backoff_do_not() {
    let in_order: Vec<_> = (0..=16).collect();
    for knows_lines in [false, true] {
        for seed in 0..8 {
            let order = |kind| crowd(kind, 16, 1, seed, knows_lines).order;
            assert_eq!(order(LockKind::Ticket), in_order);
            assert_eq!(order(LockKind::Queue), in_order);
            for kind in [LockKind::Spin, LockKind::Backoff] {
                let mut order = order(kind);
                assert_ne!(order, in_order, "{kind:?}");
                order.sort_unstable();
                assert_eq!(order, in_order, "{kind:?}: each has it once");
            }
        }
    }
}

#[test]
fn s2_one_that_backs_off_is_overtaken_by_one_that_finds_the_lock_free() {
    // A CPU that takes the lock again and again has it several times in a row where others look seldom.
    let runs = |kind| {
        let order = crowd(kind, 8, 20, 1, true).order;
        let again = order.windows(2).filter(|pair| pair[0] == pair[1]).count();
        assert_eq!(order.len(), 9 * 20);
        again
    };
    assert!(runs(LockKind::Backoff) > 4 * (runs(LockKind::Queue) + 1), "{}", runs(LockKind::Queue));
}

#[test]
fn r2_each_lock_kind_gives_one_run_for_one_seed() {
    for knows_lines in [false, true] {
        for kind in KINDS {
            let run = |seed| crowd(kind, 16, 4, seed, knows_lines);
            assert_eq!(run(5), run(5), "{kind:?}");
            let is_drawn = matches!(kind, LockKind::Spin | LockKind::Backoff);
            assert_eq!(run(5).order != run(6).order, is_drawn, "{kind:?}");
        }
    }
}

fn by(kind: &str, seed: u64, knows_lines: bool) -> Value {
    json!({"kind": "virtual", "seed": seed, "coherence": knows_lines, "lock_kind": kind})
}

#[test]
fn r2_lock_kinds_change_times_and_no_bytes_and_a_queue_is_what_was_before_them() {
    for knows_lines in [false, true] {
        let unsaid = hold(&busy(json!({"kind": "virtual", "coherence": knows_lines})));
        for kind in ["spin", "ticket", "queue", "backoff"] {
            let report = hold(&busy(by(kind, 0, knows_lines)));
            assert_eq!(report, run_it(&busy(by(kind, 0, knows_lines))));
            assert_eq!(report.state_hash, unsaid.state_hash, "{kind}");
            // Where no line counts, a ticket is a queue.
            let is_same = kind == "queue" || kind == "ticket" && !knows_lines;
            assert_eq!(report.trace_hash == unsaid.trace_hash, is_same, "{kind} {knows_lines}");
        }
    }
}

/// A schedule says who goes on: lock kinds would decide it too.
#[test]
fn r3_under_a_schedule_all_locks_are_queues() {
    let run = |kind: &str| {
        let schedule = json!([[0, 0], [40, 1], [90, 0], [130, 1]]);
        let runtime = json!({"kind": "virtual", "schedule": schedule, "lock_kind": kind});
        let script = json!([{"op": "spawn", "as": "a", "pages": 8}, {"op": "together", "scripts": [
            [{"op": "write", "process": "a", "page": 0, "value": 1}],
            [{"op": "write", "process": "a", "page": 0, "offset": 8, "value": 2}]]}]);
        run_it(&scenario(json!({"cpus": 2}), runtime, script))
    };
    for kind in ["spin", "ticket", "backoff"] {
        assert_eq!(run(kind), run("queue"), "{kind}");
    }
}

#[test]
fn r5_a_lock_kind_that_is_none_is_refused_by_name_and_threads_have_no_choice() {
    let problem = |runtime: &str| {
        parse(&format!(r#"{{"faultline": 1, "runtime": {runtime}}}"#)).unwrap_err().to_string()
    };
    let refused = problem(r#"{"kind": "virtual", "lock_kind": "mcs"}"#);
    assert!(refused.starts_with("/runtime/lock_kind: "), "{refused}");
    for word in ["mcs", "spin", "ticket", "queue", "backoff"] {
        assert!(refused.contains(word), "{refused}");
    }
    let refused = problem(r#"{"kind": "threads", "lock_kind": "queue"}"#);
    assert_eq!(refused, "/runtime/lock_kind: \"lock_kind\" is no key here; there are kind");
}
