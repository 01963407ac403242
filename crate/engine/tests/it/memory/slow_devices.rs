//! Tests swap devices that take their time: no lock is held meanwhile, a peek looks again at what has changed hands, and a
//! busy disk serves in turn.

use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use faultline::memory::{PAGE_SIZE, Slot, SwapDevice};
use faultline::observe::FaultKind;
use serde_json::json;

use super::failing::{evict, failing, read, write};
use crate::support::devices::{self, Transfer};
use crate::support::rig::Rig;
use crate::support::{threads, virtual_cpus};

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

/// No CPU goes offline for a transfer to memory; it does for a device.
#[test]
fn g5_only_a_device_takes_time() {
    let rig = Rig::new(json!({}), virtual_cpus(1));
    assert!(!rig.machine().swap.takes_time());
    let (rig, _) = failing(json!({}), virtual_cpus(1));
    assert!(rig.machine().swap.takes_time());
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
