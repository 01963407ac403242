//! Tests the report of waits: what each CPU and daemon of a machine of threads waits for while no task goes on.

use std::io;

use faultline::audit::waits;
use faultline::memory::{PAGE_SIZE, ProcessId, Slot, SwapDevice, Vpn};
use serde_json::{Value, json};

use crate::support::devices;
use crate::support::rig::Rig;
use crate::support::threads;

#[test]
fn s2_everybody_on_an_idle_machine_sleeps_and_it_is_told_on_what() {
    for machine in [json!({"cpus": 3}), json!({"cpus": 3, "trimmers": 2, "writers": 3})] {
        everybody_sleeps(machine);
    }
}

fn everybody_sleeps(machine: Value) {
    let daemons: &[_] = match machine.get("trimmers") {
        None => &["trimmer", "writer", "zeroer"],
        Some(_) => &["trimmer", "trimmer 2", "writer", "writer 2", "writer 3", "zeroer"],
    };
    let mut rig = Rig::new(machine, threads());
    rig.all(&json!([{"op": "spawn", "as": "a", "pages": 4},
        {"op": "write", "process": "a", "page": 0, "value": 1}, {"op": "settle"}]));
    let crew = rig.session.workers().unwrap();
    // The CPU that did the last op is about to park.
    while crew.sleepers().len() < 3 + daemons.len() {
        std::thread::yield_now();
    }
    let lines = waits(crew.machine(), &crew.sleepers());
    assert_eq!(lines.len(), 3 + daemons.len());
    for (index, line) in lines[..3].iter().enumerate() {
        assert!(line.starts_with(&format!("CPU {index}: in no process, offline, ")), "{line}");
        assert!(line.ends_with(" faults, sleeps on its next job"), "{line}");
    }
    let sleeps = |daemon: &&str| format!("{daemon}, sleeps on its bell");
    assert_eq!(lines[3..], daemons.iter().map(sleeps).collect::<Vec<_>>());
    rig.close();
}

#[test]
fn s2_a_word_that_somebody_sleeps_on_is_told_by_what_it_is() {
    let rig = Rig::after(
        json!({"cpus": 1}),
        threads(),
        &json!([{"op": "spawn", "as": "a", "pages": 600},
            {"op": "write", "process": "a", "page": 513, "value": 1}]),
    );
    let machine = rig.machine();
    let parts = machine.parts();
    let told = |address: usize| waits(machine, &[(0, address)])[0].clone();
    let frame = rig.pte("a", 513).frame();
    let pfn = parts.pfn.address_of(frame.0 as usize);
    let list = machine.lists.all().find(|list| machine.lists.name(*list) == "modified").unwrap();
    let process = rig.process("a");
    let cell = machine.pte(machine.processes.get(process), Vpn(513)).unwrap();
    for (address, end) in [
        (pfn, format!("sleeps on frame {}: Active, share 1, slot None, dirty", frame.0)),
        (parts.lists.address_of(list.0), "sleeps on the list modified".to_owned()),
        (
            parts.processes.address_of(process.0 as usize),
            format!("sleeps on the life of process {}", process.0),
        ),
        (
            std::ptr::from_ref(cell).addr(),
            format!(
                "sleeps on the PTE of page 513 of process {}: {:#x}",
                process.0,
                rig.pte("a", 513).0
            ),
        ),
        (parts.frame_bytes.address, "sleeps on a PTE of nobody".to_owned()),
        (
            std::ptr::from_ref(&machine.processes.tree_lock).addr(),
            "sleeps on the process tree".to_owned(),
        ),
        (std::ptr::from_ref(&machine.swap.lock_word).addr(), "sleeps on the slots".to_owned()),
        (std::ptr::from_ref(&machine.doorbells()[1]).addr(), "sleeps on its bell".to_owned()),
    ] {
        assert!(told(address).ends_with(&end), "{} {end}", told(address));
    }
    assert!(waits(machine, &[])[0].ends_with(", does not sleep"));
    rig.close();
    let rig = Rig::new(json!({"pte_locks": "machine"}), threads());
    let machine = rig.machine();
    let (_, word) = machine.region(ProcessId(0), Vpn(0)).unwrap();
    let lines = waits(machine, &[(1, std::ptr::from_ref(word).addr())]);
    assert!(lines[1].ends_with("sleeps on the lock of all PTEs"), "{}", lines[1]);
    let other = waits(machine, &[(1, std::ptr::from_ref(&lines).addr())]);
    assert!(other[1].ends_with("sleeps on its next job"), "{}", other[1]);
    rig.close();
}

/// A device whose reads never end.
#[derive(Debug)]
struct Stuck(Box<dyn SwapDevice>);

impl SwapDevice for Stuck {
    fn read(&self, _: Slot, _: &mut [u8; PAGE_SIZE]) -> io::Result<()> {
        loop {
            std::thread::park();
        }
    }

    fn write(&self, slot: Slot, page: &[u8; PAGE_SIZE]) -> io::Result<()> {
        self.0.write(slot, page)
    }
}

/// A script does not wait for ever for a machine of threads without progress, and the report says where each
/// CPU is.
#[test]
fn p19_a_machine_of_threads_that_stands_still_is_a_failure_of_the_run() {
    let options = json!({"cpus": 1, "slots": 8, "zeroer": false});
    let device = Box::new(Stuck(devices::memory(8)));
    let mut rig = Rig::on(options, threads(), device);
    rig.all(&json!([{"op": "spawn", "as": "a", "pages": 4},
        {"op": "write", "process": "a", "page": 0, "value": 1},
        {"op": "evict", "process": "a", "page": 0}]));
    // From here on nothing ever ends, so however few looks there are, this is what they see.
    rig.session.wait_for_progress(5);
    let outcome = rig.attempt(&json!({"op": "read", "process": "a", "page": 0}));
    assert!(!outcome.ok);
    let report = rig.session.finish();
    let found = &report.failures[0].found;
    assert!(found.starts_with("stalled: for a minute no access"), "{found}");
    assert!(found.contains("; CPU 0: in "), "{found}");
    assert!(found.contains("; writer, sleeps on its bell"), "{found}");
}
