//! Shootdowns: CPUs enter an address space and leave it, and an operation that takes pages or tables from it
//! waits for them. Unmapping is by shootdown epoch; `runtime/epochs.rs` says why it is safe.
//!
//! # Copies that wait for nobody
//!
//! A store to a shared page gets a copy, and other CPUs of the process may still read the frame that it had. Under
//! `shootdown` `lazy` the copy is mapped at once, the frame is marked as *left*, and only an operation that frees
//! it or lets a program store to it waits until no CPU reads it through the PTE that was replaced
//! ([`wait_for_readers`]). Mostly it never comes to that: the other sharers go on reading, or an epoch has passed
//! for another reason.
//!
//! Programs see no difference. A CPU keeps no translation from one access to the next: it walks in each, and
//! within an access it acknowledges no epoch after the walk. So a load from the frame that was left has walked
//! before the copy was mapped, and ends while the frame has the bytes that it had then: it is as if the load had been
//! done at its walk, before the first store to the copy. A CPU that learns of that store, in whatever way,
//! learns of it after the copy was mapped, and walks to the copy from then on. No CPU stores through the PTE that
//! was replaced, because it was read-only.

use crate::bugs::has_bug;
use crate::machine::Machine;
use crate::memory::{
    CpuRecord, CpuSet, LockedEntry, Process, ProcessId, ProcessState, ProcessTable,
};
use crate::observe::{Counter, Event, EventKind};
use crate::options::{Rmap, Shootdown};
use crate::runtime::{Cpu, Epochs, Step, emit};

/// Enters a process's address space. A CPU that stops or kills the process waits for this CPU to leave, or
/// this CPU sees the process's new state from here on.
pub fn enter<C: Cpu>(cpu: &C, record: &CpuRecord, id: ProcessId, process: &Process) {
    record.set_inside(Some(id));
    process.add_cpu(cpu.local().index);
    cpu.local().presence.go_online();
}

/// Leaves the address space.
pub fn leave<C: Cpu>(cpu: &C, record: &CpuRecord, process: &Process) {
    cpu.local().presence.go_offline();
    process.remove_cpu(cpu.local().index);
    record.set_inside(None);
}

/// Waits until no CPU of `others` is inside a process, not even offline in a fault or a fork. They are those that were
/// in it when it was stopped: no CPU that enters later stays.
pub async fn wait_until_left<C: Cpu>(
    cpu: &C,
    records: &[CpuRecord],
    others: CpuSet,
    id: ProcessId,
) {
    while others.iter().any(|other| records[other].inside() == Some(id)) {
        cpu.step(Step::Relax).await;
    }
}

/// Waits until no reverse-mapping walker and no eviction holds a process's tables. The process has left its family,
/// so no walker finds it any more.
pub async fn wait_until_unpinned<C: Cpu>(cpu: &C, process: &Process) {
    while process.is_pinned() {
        cpu.step(Step::Relax).await;
    }
}

/// Waits until no CPU of `others` holds a page table that it walked to before `epoch`; none of them is
/// behind it.
pub async fn wait_until_unheld<C: Cpu>(cpu: &C, records: &[CpuRecord], others: CpuSet, epoch: u64) {
    for other in others.iter() {
        while records[other].holds_table_before(epoch) {
            cpu.step(Step::Relax).await;
        }
    }
}

/// Waits until the pins on the tables of a process, whose lock is held, that there are so far have ended.
/// Pins that come later are not waited for.
pub async fn wait_for_pins_so_far<C: Cpu>(
    cpu: &C,
    processes: &ProcessTable,
    id: ProcessId,
    rmap: Rmap,
) {
    let process = processes.get(id);
    let so_far = {
        // Other pins last by themselves (`Process::pin_where_it_lasts`).
        let _tree = match rmap {
            Rmap::Tree => Some(processes.lock_tree(cpu).await),
            Rmap::Family | Rmap::Owner => None,
        };
        process.turn_pins()
    };
    while process.holds_pins(so_far) {
        cpu.step(Step::Relax).await;
    }
}

/// A shootdown under way.
#[derive(Clone, Copy, Debug)]
pub struct Round {
    epoch: u64,
    others: CpuSet,
}

impl Round {
    /// Begins a shootdown that concerns `cpus`, but not this one. What they must not use any more has changed
    /// before, and the set of them was read after that.
    pub fn begin<C: Cpu>(cpu: &C, epochs: &Epochs, cpus: CpuSet) -> Self {
        Self { epoch: epochs.advance(), others: cpus.without(cpu.local().index) }
    }

    /// Waits from here on for all CPUs that are behind `epoch`, and begins it unless it has begun.
    pub fn of_all<C: Cpu>(cpu: &C, epochs: &Epochs, cpus: usize, epoch: u64) -> Self {
        let all = CpuSet::first(cpus);
        match epochs.look() >= epoch {
            true => Self { epoch, others: all.without(cpu.local().index) },
            false => Self::begin(cpu, epochs, all),
        }
    }

    /// Returns the CPUs that it concerns.
    pub fn others(self) -> CpuSet {
        self.others
    }

    /// Returns the epoch that it began.
    pub fn epoch(self) -> u64 {
        self.epoch
    }

    /// Returns how many of the CPUs may still use what was there before.
    fn behind(self, epochs: &Epochs) -> u32 {
        self.others.iter().filter(|other| epochs.is_behind(*other, self.epoch)).count() as u32
    }

    /// Waits until none of the CPUs does.
    pub async fn over<C: Cpu>(self, cpu: &C, epochs: &Epochs) {
        for other in self.others.iter() {
            while epochs.is_behind(other, self.epoch) {
                cpu.step(Step::Relax).await;
            }
        }
    }
}

/// Marks a locked frame as left by a PTE of a process, which names another frame now, if other CPUs may still
/// read it through what that PTE was.
pub fn leave_to_readers<C: Cpu>(
    epochs: &Epochs,
    process: &Process,
    locked: &mut LockedEntry<'_, C>,
) {
    // This fences between the PTE and the epoch, as a note of an epoch has to.
    if process.had_company() {
        locked.entry.set_left(Some(epochs.now()));
    }
}

/// Begins the shootdown after which no CPU reads these locked frames through PTEs that copies have replaced, if one
/// is needed still; `cpus` is how many CPUs there are.
pub fn against_readers<C: Cpu>(
    cpu: &C,
    epochs: &Epochs,
    cpus: usize,
    frames: &[LockedEntry<'_, C>],
) -> Option<Round> {
    let now = epochs.now();
    let last = frames.iter().filter_map(|locked| locked.entry.left_in(now)).max()?;
    (!epochs.is_passed(last + 1)).then(|| Round::of_all(cpu, epochs, cpus, last + 1))
}

/// Waits until no CPU reads these locked frames through PTEs that copies have replaced without a shootdown. From
/// then on they may be freed or stored to.
pub async fn wait_for_readers<C: Cpu>(
    cpu: &C,
    machine: &Machine,
    frames: &mut [LockedEntry<'_, C>],
) {
    let left = frames.iter().filter(|locked| locked.entry.was_left()).count() as u32;
    if left == 0 {
        return;
    }
    let epochs = &machine.epochs;
    if !has_bug!(machine, LeftNotAwaited)
        && let Some(round) = against_readers(cpu, epochs, machine.cpus.len(), frames)
    {
        epochs.pass(finish(cpu, machine, round, left).await);
    }
    frames.iter_mut().for_each(|locked| locked.entry.set_left(None));
}

/// Gives a process a state in which it does not run. Once the round is over every CPU that works in it knows
/// the state. Under `lazy` there is none where no other CPU works in it: one that enters from now on sees the state, and
/// one that has left has let go of the process before it was seen to be gone.
pub fn stop<C: Cpu>(
    cpu: &C,
    epochs: &Epochs,
    process: &Process,
    state: ProcessState,
    shootdown: Shootdown,
) -> Option<Round> {
    process.set_state(state);
    let others = process.cpus().without(cpu.local().index);
    let is_needed = shootdown != Shootdown::Lazy || !others.is_empty();
    is_needed.then(|| Round::begin(cpu, epochs, others))
}

/// Waits until no CPU of `cpus` but this one uses a translation from before the call. Returns the
/// epoch that began.
pub async fn shootdown<C: Cpu>(cpu: &C, machine: &Machine, cpus: CpuSet, pages: u32) -> u64 {
    finish(cpu, machine, Round::begin(cpu, &machine.epochs, cpus), pages).await
}

/// Goes on with a shootdown of so many pages until it is over, counts it and records its events. Returns its
/// epoch.
pub async fn finish<C: Cpu>(cpu: &C, machine: &Machine, round: Round, pages: u32) -> u64 {
    machine.count(cpu, Counter::Shootdowns);
    let behind = round.behind(&machine.epochs);
    let event = |kind, behind| emit(cpu, Event::of(kind, pages).with(round.epoch, behind));
    event(EventKind::ShootdownBegin, behind.into());
    cpu.step(Step::Shootdown { cpus: behind, pages }).await;
    if !has_bug!(machine, ShootdownNotAwaited) {
        round.over(cpu, &machine.epochs).await;
    }
    event(EventKind::ShootdownEnd, behind.into());
    round.epoch
}
