//! Unmapping by shootdown epoch; `runtime/presence.rs` says why it is safe.

use crate::memory::{CpuSet, Memory};
use crate::observe::{Counter, EventKind};
use crate::runtime::{Cpu, Step};

/// Waits until no CPU of `cpus` but this one uses a translation from before the call.
pub async fn shootdown<C: Cpu>(cpu: &C, memory: &Memory, cpus: CpuSet, pages: u32) {
    memory.count(cpu, Counter::Shootdowns);
    let epoch = memory.epochs.advance();
    memory.emit(cpu, EventKind::ShootdownBegin, None, pages, epoch, cpu_time(cpu, memory));
    let others = cpus.without(cpu.local().index);
    let behind = |other: &usize| memory.epochs.is_behind(*other, epoch);
    let told = others.iter().filter(behind).count() as u32;
    cpu.step(Step::Shootdown { cpus: told, pages }).await;
    for other in others.iter() {
        while behind(&other) {
            cpu.step(Step::Relax).await;
        }
    }
    memory.emit(cpu, EventKind::ShootdownEnd, None, pages, epoch, cpu_time(cpu, memory));
}

/// The time for an event; none is read unless events are recorded.
pub(super) fn cpu_time<C: Cpu>(cpu: &C, memory: &Memory) -> u64 {
    if memory.trace.is_enabled() { cpu.now() } else { 0 }
}
