//! The shootdown protocol: after a shootdown nobody loads or stores through a translation from
//! before it, and all that was stored through it has arrived.
//!
//! A page's bytes are *owned*: the accesses are plain, as the engine's are, so loom fails the model
//! if an access that the shootdown should have waited for is not ordered before what comes after.

use std::sync::Arc;

use faultline::memory::pte::{change, load, lock_region};
use faultline::memory::{CpuRecord, Pfn, ProcessId, ProcessState, ProcessTable, Pte};
use faultline::paging::shootdown::{enter, leave, wait_for_others};
use faultline::runtime::{Cpu, Epochs, LockClass, Locked, ThreadCpu, block_on};
use loom::sync::atomic::AtomicU64;

use super::{Body, Owned, THREE, TWO, lock_id, model, run_in, told};

const PROCESS: ProcessId = ProcessId(0);
/// What the bytes are once they are the unmapper's.
const RECLAIMED: u64 = 0;

struct Shared {
    epochs: Arc<Epochs>,
    records: [CpuRecord; 3],
    processes: ProcessTable,
    cell: AtomicU64,
    region: AtomicU64,
    /// The page's bytes.
    bytes: Owned<u64>,
    /// The process's tables.
    tables: Owned<bool>,
}

impl Shared {
    fn new() -> Arc<Self> {
        let processes = ProcessTable::new(1);
        processes.claim(None).unwrap();
        processes.get(PROCESS).set_state(ProcessState::Running);
        Arc::new(Self {
            epochs: Arc::new(Epochs::new(3)),
            records: std::array::from_fn(|_| CpuRecord::default()),
            processes,
            cell: AtomicU64::new(Pte::valid(Pfn(1), true, true).0),
            region: AtomicU64::new(0),
            bytes: Owned::new(1),
            tables: Owned::new(true),
        })
    }

    /// Runs `body` in the address space.
    fn enter(&self, cpu: &ThreadCpu, body: impl FnOnce()) {
        let (process, record) = (self.processes.get(PROCESS), &self.records[cpu.local().index]);
        enter(cpu, record, PROCESS, process);
        body();
        leave(cpu, record, process);
    }

    /// What an access does with the page: acknowledge, walk, and load or store plainly.
    fn access(&self, cpu: &ThreadCpu, touch: impl FnOnce(&Owned<u64>)) {
        let epochs = cpu.local().presence.words().unwrap();
        if !epochs.are_equal() {
            epochs.acknowledge();
        }
        if load(&self.cell).allows_store() {
            touch(&self.bytes);
        }
    }

    fn store(&self, cpu: &ThreadCpu) {
        self.access(cpu, |bytes| bytes.set(bytes.get() + 1));
    }

    fn lock<'a>(&'a self, cpu: &'a ThreadCpu) -> Locked<'a, ThreadCpu> {
        block_on(lock_region(cpu, (lock_id(LockClass::Pte), &self.region)))
    }

    /// Takes the page from the process, waits until nobody uses it, and reuses it.
    fn reclaim(&self, cpu: &ThreadCpu) {
        change(cpu, &self.cell, told, |pte| Some(pte.unmapped())).unwrap();
        self.shoot_down(cpu);
        self.bytes.set(RECLAIMED);
    }

    fn shoot_down(&self, cpu: &ThreadCpu) {
        let others = self.processes.get(PROCESS).cpus().without(cpu.local().index);
        let epoch = self.epochs.advance();
        block_on(wait_for_others(cpu, &self.epochs, others, epoch));
    }

    /// No store has come after the page was reclaimed.
    fn assert_reclaimed(&self) {
        assert_eq!(self.bytes.get(), RECLAIMED);
    }
}

fn reclaims(cpu: &ThreadCpu, shared: &Shared) {
    shared.reclaim(cpu);
}

/// Runs an accessor against who reclaims the page.
fn against_reclaim(accessor: Body<Shared>) {
    model(TWO, move || {
        let shared = Shared::new();
        run_in(&shared.epochs, &shared, &[accessor, reclaims]);
        shared.assert_reclaimed();
    });
}

#[test]
fn g5_no_store_slips_through_a_shootdown() {
    against_reclaim(|cpu, shared| {
        shared.enter(cpu, || {
            shared.store(cpu);
            shared.store(cpu);
        });
    });
}

#[test]
fn g5_no_store_slips_through_a_shootdown_around_a_wait() {
    against_reclaim(|cpu, shared| {
        shared.enter(cpu, || {
            shared.store(cpu);
            drop(cpu.local().presence.away());
            shared.store(cpu);
        });
    });
}

#[test]
fn g5_no_store_slips_through_a_shootdown_when_cpus_come_and_go() {
    against_reclaim(|cpu, shared| {
        for _ in 0..2 {
            shared.enter(cpu, || shared.store(cpu));
        }
    });
}

/// A fault stays online until it has to wait: who holds its lock and shoots it down waits no longer.
#[test]
fn g5_a_shootdown_under_a_lock_passes_those_who_wait_for_the_lock() {
    model(TWO, || {
        let shared = Shared::new();
        let faults = |cpu: &ThreadCpu, shared: &Shared| {
            shared.enter(cpu, || {
                shared.store(cpu);
                drop(shared.lock(cpu));
                shared.store(cpu);
            });
        };
        let reclaims = |cpu: &ThreadCpu, shared: &Shared| {
            let _guard = shared.lock(cpu);
            shared.reclaim(cpu);
        };
        run_in(&shared.epochs, &shared, &[faults, reclaims]);
        shared.assert_reclaimed();
    });
}

#[test]
fn g5_a_shootdown_waits_for_each_cpu() {
    model(THREE, || {
        let shared = Shared::new();
        let loads = |cpu: &ThreadCpu, shared: &Shared| {
            shared.enter(cpu, || {
                shared.access(cpu, |bytes| assert_ne!(bytes.get(), RECLAIMED));
            });
        };
        run_in(&shared.epochs, &shared, &[loads, reclaims, loads]);
        shared.assert_reclaimed();
    });
}

/// Two CPUs of one process shoot each other down: each is away while it waits.
#[test]
fn g5_two_cpus_can_shoot_each_other_down() {
    model(TWO, || {
        let shared = Shared::new();
        let both = |cpu: &ThreadCpu, shared: &Shared| {
            shared.enter(cpu, || shared.shoot_down(cpu));
        };
        run_in(&shared.epochs, &shared, &[both, both]);
    });
}

/// A kill frees the tables once nobody works in them: who enters sees the kill, or the kill waits.
#[test]
fn p3_a_kill_waits_for_all_who_are_inside() {
    model(TWO, || {
        let shared = Shared::new();
        let works = |cpu: &ThreadCpu, shared: &Shared| {
            shared.enter(cpu, || {
                if shared.processes.get(PROCESS).state() == ProcessState::Running {
                    assert!(shared.tables.get());
                    // Who waits in a fault is offline, and still inside.
                    let _away = cpu.local().presence.away();
                    assert!(shared.tables.get());
                }
            });
        };
        let kills = |cpu: &ThreadCpu, shared: &Shared| {
            shared.processes.get(PROCESS).set_state(ProcessState::Terminated);
            shared.shoot_down(cpu);
            while shared.records[0].inside() == Some(PROCESS) {
                loom::thread::yield_now();
            }
            shared.tables.set(false);
        };
        run_in(&shared.epochs, &shared, &[works, kills]);
    });
}
