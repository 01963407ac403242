//! Unmapping by shootdown epoch; `runtime/presence.rs` says why it is safe.

use crate::bugs::has_bug;
use crate::memory::{CpuRecord, CpuSet, Memory, Process, ProcessId};
use crate::observe::{Counter, Event, EventKind};
use crate::runtime::{Cpu, Epochs, Step, emit};

/// Enters a process's address space. Whoever stops or kills the process waits for this CPU to leave,
/// or this CPU sees the process's new state from here on.
pub fn enter<C: Cpu>(cpu: &C, record: &CpuRecord, id: ProcessId, process: &Process) {
    record.set_inside(Some(id));
    process.add_cpu(cpu.local().index);
    cpu.local().presence.go_online();
}

/// Leaves it.
pub fn leave<C: Cpu>(cpu: &C, record: &CpuRecord, process: &Process) {
    cpu.local().presence.go_offline();
    process.remove_cpu(cpu.local().index);
    record.set_inside(None);
}

/// Waits until no CPU of `others` uses a translation from before `epoch`.
pub async fn wait_for_others<C: Cpu>(cpu: &C, epochs: &Epochs, others: CpuSet, epoch: u64) {
    for other in others.iter() {
        while epochs.is_behind(other, epoch) {
            cpu.step(Step::Relax).await;
        }
    }
}

/// Waits until no CPU of `cpus` but this one uses a translation from before the call. Returns the
/// epoch that began.
pub async fn shootdown<C: Cpu>(cpu: &C, memory: &Memory, cpus: CpuSet, pages: u32) -> u64 {
    memory.count(cpu, Counter::Shootdowns);
    let epoch = memory.epochs.advance();
    let others = cpus.without(cpu.local().index);
    let behind = |other: &usize| memory.epochs.is_behind(*other, epoch);
    let told = others.iter().filter(behind).count() as u32;
    let event = |kind, told| emit(cpu, Event::of(kind, pages).with(epoch, told));
    event(EventKind::ShootdownBegin, told.into());
    cpu.step(Step::Shootdown { cpus: told, pages }).await;
    if !has_bug!(memory, ShootdownNotAwaited) {
        wait_for_others(cpu, &memory.epochs, others, epoch).await;
    }
    event(EventKind::ShootdownEnd, told.into());
    epoch
}
