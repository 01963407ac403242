//! Models the shootdown protocol: after a shootdown no CPU loads or stores through a translation from
//! before it, and all that was stored through it has arrived.
//!
//! A page's bytes are *owned*: the accesses are plain, as the engine's are, so loom fails the model
//! if an access that the shootdown should have waited for is not ordered before what comes after.

mod left_frames;

use std::sync::Arc;

use faultline::memory::{
    CpuRecord, CpuSet, Pfn, PfnDatabase, ProcessId, ProcessState, ProcessTable, Pte, PteFormat,
};
use faultline::memory::{change_pte, load_pte, lock_region};
use faultline::options::Shootdown;
use faultline::paging::shootdown::{Round, enter, leave, stop, wait_until_left, wait_until_unheld};
use faultline::runtime::{Cpu, Epochs, LockClass, Locked, ThreadCpu, block_on};
use loom::sync::atomic::{AtomicU64, Ordering};

use super::{Body, Owned, THREE, TWO, lock_id, model, pte_event, run_in};

const PROCESS: ProcessId = ProcessId(0);
/// The bytes once the CPU that unmapped the page owns them.
const RECLAIMED: u64 = 0;
/// The bytes that the CPU that has put the process to sleep writes, and that must stay.
const ASLEEP: u64 = 99;

struct Shared {
    epochs: Arc<Epochs>,
    records: [CpuRecord; 3],
    processes: ProcessTable,
    cell: AtomicU64,
    region: AtomicU64,
    /// The entry of the page's frame, which another process shares.
    pfns: PfnDatabase,
    /// The page's bytes.
    bytes: Owned<u64>,
    /// The process's tables.
    tables: Owned<bool>,
}

impl Shared {
    fn new() -> Arc<Self> {
        let processes = ProcessTable::new(1);
        processes.claim(None, None).unwrap();
        processes.get(PROCESS).set_state(ProcessState::Running);
        let pfns = PfnDatabase::new(2);
        pfns.corrupt(Pfn(1), |entry| entry.set_share(2));
        Arc::new(Self {
            pfns,
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

    /// Accesses the page as the engine does: acknowledges, checks whether the process runs, walks, and loads
    /// or stores plainly. False when the process does not run.
    fn access(&self, cpu: &ThreadCpu, touch: impl FnOnce(&Owned<u64>)) -> bool {
        cpu.local().presence.words().unwrap().catch_up();
        let running = self.is_running();
        if running && load_pte(&self.cell).allows_store() {
            touch(&self.bytes);
        }
        running
    }

    /// Accesses the page as a hit does: checks whether there was a shootdown, and walks.
    fn hit(&self, cpu: &ThreadCpu, touch: impl FnOnce(&Owned<u64>)) {
        let epochs = cpu.local().presence.words().unwrap();
        if epochs.are_equal() && load_pte(&self.cell).allows_store() {
            touch(&self.bytes);
        }
    }

    /// Takes the page's frame from its PTE, before anything runs.
    fn unmap(&self) {
        self.cell.store(Pte::valid(Pfn(1), true, true).unmapped().0, Ordering::Relaxed);
    }

    fn is_running(&self) -> bool {
        self.processes.get(PROCESS).state() == ProcessState::Running
    }

    fn store(&self, cpu: &ThreadCpu) -> bool {
        self.access(cpu, |bytes| bytes.set(bytes.get() + 1))
    }

    fn lock<'a>(&'a self, cpu: &'a ThreadCpu) -> Locked<'a, ThreadCpu> {
        block_on(lock_region(cpu, (lock_id(LockClass::Pte), &self.region)))
    }

    /// Unmaps the page, waits until no CPU uses it, and reuses it.
    fn reclaim(&self, cpu: &ThreadCpu) {
        change_pte(cpu, &self.cell, pte_event, |pte| Some(pte.unmapped())).unwrap();
        self.shoot_down(cpu);
        self.bytes.set(RECLAIMED);
    }

    fn shoot_down(&self, cpu: &ThreadCpu) {
        let round = Round::begin(cpu, &self.epochs, self.processes.get(PROCESS).cpus());
        block_on(round.over(cpu, &self.epochs));
    }

    /// Takes the process out of use, as a sleep and a kill begin.
    fn stop(&self, cpu: &ThreadCpu, state: ProcessState) {
        self.stop_under(cpu, state, Shootdown::Batched);
    }

    /// Does that under a kind of shootdown. Returns the CPUs that were in the process.
    fn stop_under(&self, cpu: &ThreadCpu, state: ProcessState, shootdown: Shootdown) -> CpuSet {
        let round = stop(cpu, &self.epochs, self.processes.get(PROCESS), state, shootdown);
        let Some(round) = round else { return CpuSet::default() };
        block_on(round.over(cpu, &self.epochs));
        round.others()
    }

    /// Ends the process, and frees its tables.
    fn kill(&self, cpu: &ThreadCpu, shootdown: Shootdown) {
        let others = self.stop_under(cpu, ProcessState::Terminated, shootdown);
        block_on(wait_until_left(cpu, &self.records, others, PROCESS));
        self.tables.set(false);
    }

    /// No store has come after the page was reclaimed.
    fn assert_reclaimed(&self) {
        assert_eq!(self.bytes.get(), RECLAIMED);
    }
}

fn reclaims(cpu: &ThreadCpu, shared: &Shared) {
    shared.reclaim(cpu);
}

/// Runs an accessor against a CPU that reclaims the page.
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
fn g5_no_hit_slips_through_a_shootdown() {
    against_reclaim(|cpu, shared| {
        shared.enter(cpu, || {
            shared.store(cpu);
            shared.hit(cpu, |bytes| bytes.set(bytes.get() + 1));
            shared.hit(cpu, |bytes| bytes.set(bytes.get() + 1));
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
            shared.enter(cpu, || {
                shared.store(cpu);
            });
        }
    });
}

/// A CPU that does nothing but store keeps no shootdown waiting: it acknowledges on its way.
#[test]
fn g5_a_cpu_that_stores_again_and_again_acknowledges() {
    model(TWO, || {
        let shared = Shared::new();
        let stores = |cpu: &ThreadCpu, shared: &Shared| {
            shared.enter(cpu, || {
                while shared.store(cpu) {
                    loom::thread::yield_now();
                }
            });
        };
        let reclaims = |cpu: &ThreadCpu, shared: &Shared| {
            shared.reclaim(cpu);
            shared.processes.get(PROCESS).set_state(ProcessState::Sleeping);
        };
        run_in(&shared.epochs, &shared, &[stores, reclaims]);
        shared.assert_reclaimed();
    });
}

/// A fault stays online until it has to wait: a CPU that holds its lock and shoots it down waits no longer.
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

/// A CPU that sees one shootdown acknowledges a later one too: it has to see what both have changed.
#[test]
fn g5_no_store_slips_through_two_shootdowns_at_once() {
    model(THREE, || {
        let shared = Shared::new();
        let stores = |cpu: &ThreadCpu, shared: &Shared| {
            shared.enter(cpu, || {
                shared.store(cpu);
                shared.store(cpu);
            });
        };
        // The CPU that begins the other one waits too, which does not concern this one.
        let begins = |cpu: &ThreadCpu, shared: &Shared| {
            Round::begin(cpu, &shared.epochs, shared.processes.get(PROCESS).cpus());
        };
        run_in(&shared.epochs, &shared, &[stores, begins, reclaims]);
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

/// Works in the process's tables, as far as it runs.
fn works_in_tables(cpu: &ThreadCpu, shared: &Shared) {
    shared.enter(cpu, || {
        if shared.is_running() {
            assert!(shared.tables.get());
            // A CPU that waits in a fault is offline, and still inside.
            let _away = cpu.local().presence.away();
            assert!(shared.tables.get());
        }
    });
}

/// A kill frees the tables once no CPU works in them: a CPU that enters sees the kill, or the kill waits.
#[test]
fn p3_a_kill_waits_for_all_who_are_inside() {
    model(TWO, || {
        let shared = Shared::new();
        let kills: Body<Shared> = |cpu, shared| shared.kill(cpu, Shootdown::Batched);
        run_in(&shared.epochs, &shared, &[works_in_tables, kills]);
    });
}

/// So does one under `lazy`, which begins no epoch and looks at no CPU's record where it sees nobody in the process.
#[test]
fn p3_a_lazy_kill_waits_for_all_who_are_inside_and_begins_an_epoch_only_for_them() {
    model(TWO, || {
        let shared = Shared::new();
        let kills: Body<Shared> = |cpu, shared| shared.kill(cpu, Shootdown::Lazy);
        run_in(&shared.epochs, &shared, &[works_in_tables, kills]);
    });
    model(TWO, || {
        let shared = Shared::new();
        let stores: Body<Shared> = |cpu, shared| {
            shared.enter(cpu, || {
                if shared.store(cpu) {
                    shared.hit(cpu, |bytes| bytes.set(bytes.get() + 1));
                }
            });
        };
        let sleeps: Body<Shared> = |cpu, shared| {
            shared.stop_under(cpu, ProcessState::Sleeping, Shootdown::Lazy);
            shared.bytes.set(ASLEEP);
        };
        run_in(&shared.epochs, &shared, &[stores, sleeps]);
        assert_eq!(shared.bytes.get(), ASLEEP);
    });
}

/// A table that has no page any more is unlinked and freed: a CPU that has walked to it, and waits with a
/// reference into it, is inside; a CPU that walks later finds no table.
#[test]
fn p19_a_table_is_freed_once_nobody_holds_it_who_walked_to_it() {
    model(TWO, || {
        let shared = Shared::new();
        let faults = |cpu: &ThreadCpu, shared: &Shared| {
            let record = &shared.records[cpu.local().index];
            shared.enter(cpu, || {
                let epochs = cpu.local().presence.words().unwrap();
                for _ in 0..2 {
                    epochs.catch_up();
                    if load_pte(&shared.cell).format() == PteFormat::Valid {
                        let held = record.hold_table(epochs.acknowledged());
                        let away = cpu.local().presence.away();
                        assert!(shared.tables.get());
                        drop((away, held));
                    }
                }
            });
        };
        // The cell is the directory's, which links the table or does not.
        let frees = |cpu: &ThreadCpu, shared: &Shared| {
            change_pte(cpu, &shared.cell, pte_event, |_| Some(Pte::ZERO)).unwrap();
            let others = shared.processes.get(PROCESS).cpus().without(cpu.local().index);
            let round = Round::begin(cpu, &shared.epochs, others);
            block_on(round.over(cpu, &shared.epochs));
            block_on(wait_until_unheld(cpu, &shared.records, others, round.epoch()));
            shared.tables.set(false);
        };
        run_in(&shared.epochs, &shared, &[faults, frees]);
    });
}

/// Once a sleep is over nothing is stored any more, neither by a CPU that walks anew nor by one that only
/// checks for a shootdown before it stores where it has stored before.
#[test]
fn p1_no_store_comes_after_a_sleep() {
    model(TWO, || {
        let shared = Shared::new();
        let stores = |cpu: &ThreadCpu, shared: &Shared| {
            shared.enter(cpu, || {
                // A CPU that has seen that the process does not run stores no more.
                if shared.store(cpu) {
                    shared.hit(cpu, |bytes| bytes.set(bytes.get() + 1));
                    shared.store(cpu);
                }
            });
        };
        let sleeps = |cpu: &ThreadCpu, shared: &Shared| {
            shared.stop(cpu, ProcessState::Sleeping);
            let asleep = shared.bytes.get();
            assert!(asleep <= 4);
            shared.bytes.set(ASLEEP);
        };
        run_in(&shared.epochs, &shared, &[stores, sleeps]);
        assert_eq!(shared.bytes.get(), ASLEEP);
    });
}

/// Maps the page at once and waits for something then; stores without another walk only if no other epoch has begun
/// meanwhile.
fn maps_and_waits(cpu: &ThreadCpu, shared: &Shared) {
    shared.enter(cpu, || {
        let epochs = cpu.local().presence.words().unwrap();
        let epoch = epochs.acknowledged();
        let mapped = Pte::valid(Pfn(1), true, true);
        change_pte(cpu, &shared.cell, pte_event, |_| Some(mapped)).unwrap();
        drop(cpu.local().presence.away());
        if epochs.are_equal() && epochs.acknowledged() == epoch {
            shared.bytes.set(2);
        }
    });
}

#[test]
fn g5_a_fault_that_has_waited_stores_only_to_a_page_that_still_has_its_frame() {
    model(TWO, || {
        let shared = Shared::new();
        shared.unmap();
        let reclaims: Body<Shared> = |cpu, shared| {
            let valid = |pte: Pte| (pte.format() == PteFormat::Valid).then(|| pte.unmapped());
            if change_pte(cpu, &shared.cell, pte_event, valid).is_some() {
                shared.shoot_down(cpu);
                shared.bytes.set(RECLAIMED);
                shared.tables.set(false);
            }
        };
        run_in(&shared.epochs, &shared, &[maps_and_waits, reclaims]);
        if !shared.tables.get() {
            shared.assert_reclaimed();
        }
    });
}
