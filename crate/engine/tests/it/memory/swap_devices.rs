//! Tests swap devices that fail: bytes are never wrong, an op that needs the device fails with its code, nothing
//! hangs, nothing is lost, and the machine goes on when the device works again.

use std::io::ErrorKind;
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use faultline::memory::{PAGE_SIZE, PteFormat, Slot, SwapDevice, SwapFile};
use faultline::observe::{Counter, FaultKind};
use faultline::runtime::mix;
use faultline::scenario::{FailureCode, OpOutcome};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

use crate::support::devices::{self, Fault, Faults, Transfer, slots};
use crate::support::model::{Model, command, machine};
use crate::support::rig::Rig;
use crate::support::{hold, hold_on, scenario, threads, virtual_cpus};

fn runtimes() -> [Value; 3] {
    [threads(), virtual_cpus(1), virtual_cpus(2)]
}

/// A machine whose device is memory that can be made to fail.
fn failing(options: Value, runtime: Value) -> (Rig, Arc<Faults>) {
    let (device, faults) = Faults::over(devices::memory(slots(&options)));
    (Rig::on(options, runtime, device), faults)
}

/// Stores into a page's last word, which half of a page does not have.
fn write(process: &str, page: u32, value: u64) -> Value {
    json!({"op": "write", "process": process, "page": page, "offset": 4088, "value": value})
}

fn read(process: &str, page: u32, value: u64) -> Value {
    json!({"op": "read", "process": process, "page": page, "offset": 4088, "expect": value})
}

fn evict(process: &str, page: u32) -> Value {
    json!({"op": "evict", "process": process, "page": page})
}

fn fails(mut op: Value) -> Value {
    op["fails"] = "swap-failed".into();
    op
}

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

/// A device that holds up the first transfer in one direction until so many have come in the other,
/// or for so long that something must hang.
#[derive(Debug)]
struct Gate {
    inner: Box<dyn SwapDevice>,
    first: Transfer,
    others: u32,
    state: Mutex<GateState>,
    changed: Condvar,
}

#[derive(Debug, PartialEq, Eq)]
enum GateState {
    Open,
    Armed,
    /// Until this many others have come.
    Holding(u32),
}

impl Gate {
    fn over(inner: Box<dyn SwapDevice>, first: Transfer, others: u32) -> Arc<Self> {
        let state = Mutex::new(GateState::Open);
        Arc::new(Self { inner, first, others, state, changed: Condvar::new() })
    }

    fn arm(&self) {
        *self.state.lock().unwrap() = GateState::Armed;
    }

    fn pass(&self, transfer: Transfer) -> std::io::Result<()> {
        let mut state = self.state.lock().unwrap();
        if transfer != self.first {
            // The one that is to be held up first comes first.
            while *state == GateState::Armed {
                state = self.changed.wait(state).unwrap();
            }
            *state = match *state {
                GateState::Holding(left) if left > 1 => GateState::Holding(left - 1),
                _ => GateState::Open,
            };
            self.changed.notify_all();
        } else if *state == GateState::Armed {
            *state = GateState::Holding(self.others);
            self.changed.notify_all();
            let limit = Duration::from_secs(60);
            let held = |state: &mut GateState| *state != GateState::Open;
            let (mut state, late) = self.changed.wait_timeout_while(state, limit, held).unwrap();
            if late.timed_out() {
                *state = GateState::Open;
                return Err(std::io::Error::other("nobody came: somebody waits for a lock"));
            }
        }
        Ok(())
    }
}

#[derive(Debug)]
struct Gated(Arc<Gate>);

impl SwapDevice for Gated {
    fn read(&self, slot: Slot, page: &mut [u8; PAGE_SIZE]) -> std::io::Result<()> {
        self.0.pass(Transfer::Read)?;
        self.0.inner.read(slot, page)
    }

    fn write(&self, slot: Slot, page: &[u8; PAGE_SIZE]) -> std::io::Result<()> {
        self.0.pass(Transfer::Write)?;
        self.0.inner.write(slot, page)
    }
}

/// While the device works for one CPU, another does all there is to do in the same region, with the
/// same frame and the same slots, before the device comes to an end: no lock is held, and no
/// shootdown waits.
#[test]
fn s3_no_lock_is_held_while_the_device_works() {
    for reads in ["hardware", "peek"] {
        for (first, op) in [(Transfer::Read, read("a", 3, 7)), (Transfer::Write, evict("a", 4))] {
            let options = json!({"frames": 24, "slots": 40, "cpus": 2, "reads": reads,
                "pte_locks": "machine", "zeroer": false});
            let gate = Gate::over(devices::memory(40), first, 1);
            let mut rig = Rig::on(options, threads(), Box::new(Gated(Arc::clone(&gate))));
            rig.apply(json!({"op": "spawn", "as": "a", "pages": 8}));
            rig.all(&json!([write("a", 3, 7), write("a", 4, 8), write("a", 5, 9)]));
            rig.all(&json!([evict("a", 3), evict("a", 5), {"op": "settle"}]));
            gate.arm();
            let mut others = vec![write("a", 0, 1), write("a", 6, 2), read("a", 4, 8)];
            // A CPU that wants the page that a fault reads, as a fork does, waits for the fault.
            if reads == "peek" || first == Transfer::Write {
                others.extend([
                    json!({"op": "fork", "process": "a", "as": "b"}),
                    write("b", 0, 2),
                    json!({"op": "unmap", "process": "b", "page": 3, "pages": 2}),
                ]);
            }
            // What opens the gate.
            others.push(match first {
                Transfer::Read => evict("a", 0),
                Transfer::Write => read("a", 5, 9),
            });
            rig.apply(json!({"op": "together", "scripts": [[op], others]}));
            rig.all(&json!([read("a", 0, 1), read("a", 3, 7), read("a", 4, 8)]));
            rig.close();
        }
    }
}

/// A glance holds no reference. While it reads, its slot goes to another page.
#[test]
fn p8_a_peek_at_a_slot_that_changes_hands_looks_again() {
    let options = json!({"frames": 24, "slots": 2, "cpus": 2, "reads": "peek"});
    let gate = Gate::over(devices::memory(2), Transfer::Read, 2);
    let mut rig = Rig::on(options, threads(), Box::new(Gated(Arc::clone(&gate))));
    rig.apply(json!({"op": "spawn", "as": "a", "pages": 8}));
    rig.all(&json!([write("a", 3, 7), write("a", 5, 9), write("a", 6, 4), evict("a", 3)]));
    let slot = rig.pte("a", 3).slot();
    gate.arm();
    // One slot is taken while the peek is held up; the store reads the page in and lets go of its
    // own, the only one left for another page, whose write opens the gate.
    let others = [evict("a", 6), write("a", 3, 8), evict("a", 5)];
    rig.apply(json!({"op": "together", "scripts": [[read("a", 3, 8)], others]}));
    assert_eq!(rig.pte("a", 5).slot(), slot);
    rig.all(&json!([read("a", 3, 8), read("a", 5, 9), read("a", 6, 4)]));
    rig.close();
}

/// Slot n is the n-th page of the file; the page before them says what it is.
#[test]
fn r2_a_swap_file_has_a_page_for_each_slot() {
    let named = tempfile::NamedTempFile::new().unwrap();
    let mut file = SwapFile::create(named.path(), 5).unwrap();
    let length = || named.as_file().metadata().unwrap().len();
    assert_eq!(length(), 6 * PAGE_SIZE as u64);
    let page = |slot: u32| [slot as u8; PAGE_SIZE];
    for slot in [3, 5, 1, 2, 4] {
        file.write(Slot(slot), &page(slot)).unwrap();
    }
    for slot in 1..=5 {
        let mut read = [0; PAGE_SIZE];
        file.read(Slot(slot), &mut read).unwrap();
        assert_eq!(read, page(slot), "slot {slot}");
    }
    let bytes = std::fs::read(named.path()).unwrap();
    assert!(bytes.starts_with(b"Faultline swap file\n"));
    for (index, found) in bytes.chunks(PAGE_SIZE).enumerate().skip(1) {
        assert_eq!(found, page(index as u32), "page {index} of the file");
    }
    assert_eq!(length(), 6 * PAGE_SIZE as u64);
    // Another machine may not have it meanwhile, and finds it empty afterwards.
    assert_eq!(kind_of(SwapFile::create(named.path(), 2)), Some(ErrorKind::ResourceBusy));
    drop(file);
    file = SwapFile::create(named.path(), 2).unwrap();
    assert_eq!(length(), 3 * PAGE_SIZE as u64);
    let mut read = page(9);
    file.read(Slot(2), &mut read).unwrap();
    assert_eq!(read, page(0));
    assert!(file.read(Slot(3), &mut read).is_err(), "it has no third slot");
}

fn kind_of<T>(result: std::io::Result<T>) -> Option<ErrorKind> {
    result.err().map(|error| error.kind())
}

#[test]
fn r2_a_swap_file_takes_the_place_of_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let created = |path: &std::path::Path| kind_of(SwapFile::create(path, 4));
    assert_eq!(created(folder.path()), Some(ErrorKind::InvalidInput));
    if cfg!(unix) {
        assert_eq!(created("/dev/null".as_ref()), Some(ErrorKind::InvalidInput));
    }
    let text = folder.path().join("text");
    for words in ["my thesis", "Faultline swap file", "Faultline swap file?"] {
        std::fs::write(&text, words).unwrap();
        assert_eq!(created(&text), Some(ErrorKind::AlreadyExists), "{words}");
        assert_eq!(std::fs::read(&text).unwrap(), words.as_bytes(), "it is as it was");
    }
    for words in ["", "Faultline swap file\n and what an earlier run left"] {
        std::fs::write(&text, words).unwrap();
        assert_eq!(created(&text), None, "{words}");
    }
    assert_eq!(created(&folder.path().join("new")), None);
}

/// No CPU goes offline for a transfer to memory; it does for a device.
#[test]
fn g5_only_a_device_takes_time() {
    let rig = Rig::new(json!({}), virtual_cpus(1));
    assert!(!rig.machine().swap.takes_time());
    let (rig, _) = failing(json!({}), virtual_cpus(1));
    assert!(rig.machine().swap.takes_time());
}

/// Another program empties the file under a running machine.
#[test]
fn g3_a_page_whose_file_was_cut_off_is_an_error_until_it_is_written_again() {
    for runtime in runtimes() {
        let named = tempfile::NamedTempFile::new().unwrap();
        let file = SwapFile::create(named.path(), 40).unwrap();
        let options = json!({"frames": 16, "slots": 40});
        let mut rig = Rig::on(options, runtime, Box::new(file));
        rig.all(&json!([{"op": "spawn", "as": "a", "pages": 8},
            {"op": "spawn", "as": "b", "pages": 8}, write("a", 3, 7), write("b", 3, 8)]));
        rig.all(&json!([evict("a", 3), evict("b", 3)]));
        let cut = |length: u64| named.as_file().set_len(length).unwrap();
        cut(0);
        rig.all(&json!([fails(read("a", 3, 7)), fails(write("b", 3, 9))]));
        // As long again as it was, but the bytes are gone.
        cut(41 * PAGE_SIZE as u64);
        rig.all(&json!([fails(read("a", 3, 7)), {"op": "kill", "process": "a"}]));
        cut(0);
        rig.all(&json!([write("b", 4, 5), evict("b", 4), read("b", 4, 5)]));
        rig.all(&json!([fails(read("b", 3, 8)), {"op": "kill", "process": "b"}]));
        assert_eq!(rig.machine().swap.free(), 40);
        rig.close();
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

/// Four CPUs read four pages at once: in one go, or by turns as many as the disk serves.
#[test]
fn r2_a_busy_disk_serves_requests_in_turn() {
    let read_all = |channels: u32, seed: u64| {
        let runtime = json!({"kind": "virtual", "seed": seed,
            "costs": {"disk_read": 1_000_000, "disk_channels": channels}});
        let mut rig = Rig::new(json!({"cpus": 4, "pte_locks": "entry"}), runtime);
        rig.apply(json!({"op": "spawn", "as": "a", "pages": 8}));
        for page in 0..4 {
            rig.all(&json!([write("a", page, 1), evict("a", page)]));
        }
        let scripts: Vec<_> = (0..4).map(|page| vec![read("a", page, 1)]).collect();
        rig.apply(json!({"op": "together", "scripts": scripts}));
        let latency = rig.machine().stats.latency(FaultKind::Hard).unwrap();
        rig.close();
        (latency.p50 / 980_000, latency.max / 980_000)
    };
    for seed in 0..10 {
        let found = [1, 2, 3, 4, 32].map(|channels| read_all(channels, seed));
        assert_eq!(found, [(2, 4), (1, 2), (1, 2), (1, 1), (1, 1)], "median and last, in reads");
    }
}

#[test]
fn r2_a_file_and_memory_give_the_same_run() {
    for seed in 0..10 {
        for reads in ["hardware", "peek"] {
            let options = json!({"frames": 30, "slots": 300, "cpus": 3, "reads": reads});
            let script = json!([{"op": "spawn", "as": "a", "pages": 60},
                {"op": "run", "process": "a", "cpus": 2, "pattern": {"zipf": 0.7},
                 "accesses": 2000, "writes": 0.5, "seed": seed},
                {"op": "fork", "process": "a", "as": "b"},
                {"op": "run", "process": "b", "cpus": 3, "pattern": "uniform",
                 "accesses": 2000, "writes": 0.5, "seed": seed}]);
            let run = |runtime: Value, device: fn(u32) -> Box<dyn SwapDevice>| {
                hold_on(&scenario(options.clone(), runtime, script.clone()), device(300))
            };
            let machine = hold(&scenario(options.clone(), virtual_cpus(seed), script.clone()));
            assert!(machine.counters.swap_reads > 0);
            let file = run(virtual_cpus(seed), devices::file);
            assert_eq!(machine, file, "to the last event");
            assert_eq!(machine.state_hash, run(threads(), devices::file).state_hash);
            assert_eq!(machine.state_hash, run(threads(), devices::memory).state_hash);
        }
    }
}
