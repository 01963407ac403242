//! Tests swap devices that fail: bytes are never wrong, an op that needs the device fails with its code, nothing
//! hangs, nothing is lost, and the machine goes on when the device works again.

use faultline::memory::PteFormat;
use faultline::observe::Counter;
use faultline::runtime::mix;
use faultline::scenario::{FailureCode, OpOutcome};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::json;

use super::failing::{evict, failing, fails, read, runtimes, write};
use crate::support::devices::{Fault, Transfer};
use crate::support::model::{Model, command, machine};
use crate::support::rig::Rig;
use crate::support::{hold, scenario, threads, virtual_cpus};

/// The device works again, and nothing is out of order.
fn end(mut rig: Rig) {
    assert_eq!(rig.audit(), [""; 0]);
    assert_eq!(rig.machine().violations(), [""; 0]);
}

#[test]
fn g3_a_page_that_cannot_be_read_fails_the_access_and_stays_on_swap() {
    for fault in Fault::ALL {
        for (number, runtime) in runtimes().into_iter().enumerate() {
            for reads in ["hardware", "peek", "allocate"] {
                let options = json!({"frames": 16, "slots": 40, "reads": reads,
                    "early_release": number % 2 == 0});
                let (mut rig, faults) = failing(options, runtime.clone());
                rig.apply(json!({"op": "spawn", "as": "a", "pages": 8}));
                rig.all(&json!([write("a", 3, 7), evict("a", 3)]));
                let pte = rig.pte("a", 3);
                for mut op in [read("a", 3, 7), write("a", 3, 8)] {
                    op.as_object_mut().unwrap().remove("expect");
                    faults.next(Transfer::Read, fault);
                    let outcome = rig.attempt(&op);
                    assert_eq!(outcome.code, Some(FailureCode::SwapFailed), "{fault:?} {op}");
                    let message = outcome.message.unwrap();
                    let slot = format!("read of slot {}: ", pte.slot().0);
                    assert!(message.contains(&slot), "{message}");
                    assert_eq!(rig.pte("a", 3), pte);
                    assert_eq!(rig.machine().swap.count(pte.slot()), 1);
                    assert_eq!(rig.audit(), [""; 0]);
                }
                rig.all(&json!([read("a", 3, 7), write("a", 3, 9), read("a", 3, 9)]));
                end(rig);
            }
        }
    }
}

/// A device that reports no error when it writes wrong bytes is detected when they are read.
#[test]
fn g3_what_was_not_written_as_it_should_be_is_never_read() {
    for fault in [Fault::Tears, Fault::Flips, Fault::IsLost] {
        for runtime in runtimes() {
            let (mut rig, faults) = failing(json!({"frames": 16, "slots": 1}), runtime);
            rig.apply(json!({"op": "spawn", "as": "a", "pages": 8}));
            // The slot has held the bytes of another page of the same process.
            rig.all(&json!([write("a", 0, 5), evict("a", 0), write("a", 0, 6)]));
            rig.all(&json!([write("a", 3, 7)]));
            faults.next(Transfer::Write, fault);
            rig.all(&json!([evict("a", 3), fails(read("a", 3, 7)), fails(write("a", 3, 8))]));
            assert_eq!(rig.pte("a", 3).format(), PteFormat::Swapped);
            // The others go on; what is lost goes with its process.
            rig.all(&json!([read("a", 0, 6), {"op": "kill", "process": "a"}]));
            assert_eq!(rig.audit(), [""; 0]);
            assert_eq!(rig.machine().swap.free(), 1);
            end(rig);
        }
    }
}

#[test]
fn g5_a_page_that_cannot_be_written_stays_in_memory() {
    for fault in [Fault::Fails, Fault::EndsEarly] {
        for runtime in runtimes() {
            for finder in ["bitmap", "scan"] {
                let options = json!({"frames": 16, "slots": 40, "slot_finder": finder});
                let (mut rig, faults) = failing(options, runtime.clone());
                rig.apply(json!({"op": "spawn", "as": "a", "pages": 8}));
                rig.all(&json!([write("a", 3, 7),
                    {"op": "fork", "process": "a", "as": "b"}]));
                faults.all(Transfer::Write, fault);
                rig.all(&json!([fails(evict("a", 3)), fails(evict("b", 3))]));
                assert_eq!(rig.machine().swap.free(), 40, "its slot is let go");
                assert_eq!(rig.audit(), [""; 0]);
                rig.all(&json!([read("a", 3, 7), read("b", 3, 7), write("b", 3, 8)]));
                assert_eq!(faults.count(Transfer::Read), 0);
                rig.apply(fails(evict("b", 3)));
                faults.repair();
                rig.all(&json!([evict("a", 3), evict("b", 3)]));
                assert_eq!(rig.pte("a", 3).format(), PteFormat::Swapped);
                rig.all(&json!([read("a", 3, 7), read("b", 3, 8)]));
                end(rig);
            }
        }
    }
}

/// Neither CPU waits for ever when what one of them reads for both cannot be read.
#[test]
fn s3_who_waited_for_a_read_that_failed_reads_for_itself() {
    for seed in 0..40 {
        for (first, second) in [("a", "a"), ("a", "b"), ("b", "a")] {
            for early in [true, false] {
                let runtime = if seed % 4 == 0 { threads() } else { virtual_cpus(seed) };
                let options = json!({"frames": 24, "slots": 40, "cpus": 2, "early_release": early});
                let (mut rig, faults) = failing(options, runtime);
                rig.apply(json!({"op": "spawn", "as": "a", "pages": 8}));
                rig.all(&json!([write("a", 3, 7), {"op": "fork", "process": "a", "as": "b"},
                    evict("a", 3)]));
                let both = json!({"op": "together",
                    "scripts": [[read(first, 3, 7)], [read(second, 3, 7)]]});
                faults.all(Transfer::Read, Fault::Fails);
                assert_eq!(swap_failures(&rig.attempt(&both)), 2, "to each its own");
                faults.next(Transfer::Read, Fault::Fails);
                let outcome = rig.attempt(&both);
                assert_eq!((swap_failures(&outcome), outcome.failures.len()), (1, 1));
                assert_eq!(rig.audit(), [""; 0]);
                rig.all(&json!([both, write("b", 3, 8), read("a", 3, 7)]));
                end(rig);
            }
        }
    }
}

fn swap_failures(outcome: &OpOutcome) -> usize {
    let of_swap = |found: &str| found.starts_with("swap-failed: the swap device failed: ");
    outcome.failures.iter().filter(|failure| of_swap(&failure.found)).count()
}

#[test]
fn p19_when_nothing_can_be_written_the_op_fails_and_the_machine_goes_on() {
    for runtime in runtimes() {
        for eviction in ["pipelined", "synchronous"] {
            let options = json!({"frames": 16, "slots": 100, "eviction": eviction});
            let (mut rig, faults) = failing(options, runtime.clone());
            rig.apply(json!({"op": "spawn", "as": "a", "pages": 40}));
            faults.all(Transfer::Write, Fault::Fails);
            let stored: Vec<_> =
                (0..40).filter(|page| rig.attempt(&write("a", *page, 1)).ok).collect();
            assert!(stored.len() > 8, "as many as there are frames: {stored:?}");
            rig.all(&json!([
                fails(write("a", 39, 2)),
                fails(json!({"op": "spawn", "as": "b", "pages": 4})),
                fails(json!({"op": "fork", "process": "a", "as": "c"})),
                fails(json!({"op": "map", "process": "a", "pages": 600})),
            ]));
            for page in 0..40 {
                rig.apply(read("a", page, u64::from(stored.contains(&page))));
            }
            assert_eq!(rig.audit(), [""; 0]);
            assert_eq!(rig.machine().swap.free(), 100);
            faults.repair();
            rig.all(&json!([write("a", 39, 2), {"op": "fork", "process": "a", "as": "c"},
                write("c", 39, 3), read("a", 39, 2), read("a", 0, 1)]));
            assert!(rig.counter(Counter::SwapWrites) > 0);
            end(rig);
        }
    }
}

/// All CPUs want frames, and all find the others at work on writes that fail.
#[test]
fn p19_cpus_that_wait_for_each_others_failing_writes_all_give_up() {
    for seed in 0..10 {
        for runtime in [threads(), virtual_cpus(seed)] {
            for batch in [1, 16] {
                let options = json!({"frames": 32, "slots": 200, "cpus": 4, "write_batch": batch,
                    "trim": {"low": 4, "high": 8, "batch": batch}});
                let (mut rig, faults) = failing(options, runtime.clone());
                let run = |process: &str| {
                    json!([{"op": "run", "process": process, "pattern": "uniform", "writes": 0.7,
                        "accesses": 3000, "seed": seed}])
                };
                let names = ["a", "b", "c", "d"];
                for name in names {
                    rig.apply(json!({"op": "spawn", "as": name, "pages": 20}));
                }
                let all = json!({"op": "together", "scripts": names.map(run)});
                faults.all(Transfer::Write, Fault::EndsEarly);
                let outcome = rig.attempt(&all);
                assert!(swap_failures(&outcome) > 0);
                assert_eq!(swap_failures(&outcome), outcome.failures.len(), "{outcome:?}");
                assert_eq!(rig.audit(), [""; 0]);
                faults.repair();
                rig.apply(all);
                end(rig);
            }
        }
    }
}

#[test]
fn p19_the_writer_rests_when_the_device_fails() {
    for runtime in runtimes() {
        let options = json!({"frames": 40, "slots": 100, "trim": {"low": 20, "high": 30}});
        let (mut rig, faults) = failing(options, runtime);
        faults.all(Transfer::Write, Fault::Fails);
        rig.all(&json!([{"op": "spawn", "as": "a", "pages": 30},
            {"op": "run", "process": "a", "pattern": "sequential", "writes": 1.0},
            {"op": "settle"}]));
        let tried = faults.count(Transfer::Write);
        assert!(tried > 0);
        rig.apply(json!({"op": "settle"}));
        let again = faults.count(Transfer::Write) - tried;
        assert!(again > 0 && again < 120, "{again} writes of a few frames");
        faults.repair();
        rig.apply(json!({"op": "settle"}));
        let machine = rig.machine();
        assert_eq!(machine.lists.count(machine.lists.modified(0)), 0, "the writer goes on");
        end(rig);
    }
}

/// Any transfer may fail at any time. An op does what it should or says that swap failed; done again
/// with a device that works it does what it should, and all ends as on a device that never failed.
#[test]
fn g5_random_scripts_hold_or_say_that_swap_failed() {
    let mut runner = TestRunner::deterministic();
    let cases = (machine(), prop::collection::vec(command(), 10..50));
    let mut failures = 0;
    for seed in 0..120 {
        let (options, commands) = cases.new_tree(&mut runner).unwrap().current();
        let mut model = Model::new(options["cpus"].as_u64().unwrap() as u32);
        for command in &commands {
            model.apply(command);
        }
        let script = model.script();
        let sound = hold(&scenario(options.clone(), virtual_cpus(seed), script.clone()));
        for runtime in [virtual_cpus(seed), threads()] {
            let (mut rig, faults) = failing(options.clone(), runtime);
            for op in script.as_array().unwrap() {
                if op["op"] != "audit" {
                    faults.plan(move |transfer, number| now_and_then(seed, transfer, number));
                }
                let outcome = rig.attempt(op);
                faults.repair();
                if outcome.code == Some(FailureCode::SwapFailed) || swap_failures(&outcome) > 0 {
                    failures += 1;
                    assert_eq!(rig.audit(), [""; 0], "{op}");
                    rig.apply(op.clone());
                } else {
                    assert!(outcome.ok, "{op}: {:?}", outcome.failures);
                }
            }
            assert_eq!(rig.session.finish().state_hash, sound.state_hash);
            end(rig);
        }
    }
    assert!(failures > 50, "only {failures}");
}

/// One transfer in eight fails; a write only so that the device says so, because the rest is lost for
/// good.
fn now_and_then(seed: u64, transfer: Transfer, number: u64) -> Option<Fault> {
    let bits = mix(mix(seed) ^ mix(number) ^ transfer as u64);
    let fault = Fault::ALL[(bits >> 32) as usize % Fault::ALL.len()];
    let possible = transfer == Transfer::Read || fault.is_told();
    (bits & 7 == 0 && possible).then_some(fault)
}

#[test]
fn g3_on_threads_a_failing_device_never_gives_wrong_bytes() {
    for (seed, reads) in [(1, "hardware"), (2, "peek"), (3, "allocate")] {
        let options = json!({"frames": 40, "slots": 400, "cpus": 4, "reads": reads});
        let (mut rig, faults) = failing(options, threads());
        rig.all(&json!([{"op": "spawn", "as": "a", "pages": 80},
            {"op": "run", "process": "a", "pattern": "sequential", "writes": 1.0},
            {"op": "fork", "process": "a", "as": "b"}]));
        let run = |process: &str, seed: u64| {
            json!([{"op": "run", "process": process, "cpus": 2, "pattern": "uniform",
                "accesses": 2000, "writes": 0.4, "seed": seed}])
        };
        let mut failed = 0;
        for round in 0..60 {
            let both = json!({"op": "together", "scripts": [run("a", round), run("b", round + 7)]});
            faults.plan(move |transfer, number| {
                let fault = now_and_then(seed, transfer, number);
                fault.filter(|_| number.is_multiple_of(5))
            });
            let outcome = rig.attempt(&both);
            faults.repair();
            failed += swap_failures(&outcome);
            assert_eq!(swap_failures(&outcome), outcome.failures.len(), "{outcome:?}");
            assert_eq!(rig.audit(), [""; 0]);
        }
        assert!(failed > 0);
        end(rig);
    }
}
