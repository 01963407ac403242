//! Unmapping by shootdown epoch: quiescent-state reclamation for translations.
//!
//! A CPU that touches memory is *online*: it acknowledges the epoch at the start of each access,
//! walks, and loads or stores plainly. In a fault, idle or asleep it is *offline*. Whoever takes a
//! right from PTEs first changes them, then advances the epoch and waits until each online CPU of
//! those address spaces has acknowledged it. From then on nobody uses an old translation.
//!
//! Why no access slips through: coming online publishes an epoch and then fences before the first
//! walk; the unmapper changes the PTEs and then fences before it looks who is online. One of the
//! two sees the other. A CPU that acknowledges epoch *e* has read *e* with acquire, so it sees
//! every PTE change that came before; its earlier stores are released by the acknowledgement.

use std::sync::atomic::{Ordering, fence};

use crate::memory::{CpuRecord, CpuSet, Memory, OFFLINE};
use crate::observe::{Counter, EventKind};
use crate::runtime::{Cpu, Step};

/// The CPU may touch memory from here on.
pub(super) fn go_online(memory: &Memory, record: &CpuRecord) {
    record.epoch.store(memory.epoch.load(Ordering::Acquire), Ordering::Relaxed);
    fence(Ordering::SeqCst);
}

/// The CPU touches no memory from here on, and delays no shootdown.
pub(super) fn go_offline(record: &CpuRecord) {
    record.epoch.store(OFFLINE, Ordering::Release);
}

/// Acknowledges the epoch at the start of an access; true when it was a new one.
#[inline]
pub(super) fn acknowledge(memory: &Memory, record: &CpuRecord) -> bool {
    let epoch = memory.epoch.load(Ordering::Acquire);
    let new = record.epoch.load(Ordering::Relaxed) != epoch;
    if new {
        record.epoch.store(epoch, Ordering::Release);
    }
    new
}

/// Waits until no CPU of `cpus` but this one uses a translation from before the call.
pub async fn shootdown<C: Cpu>(cpu: &C, memory: &Memory, cpus: CpuSet, pages: u32) {
    memory.count(cpu, Counter::Shootdowns);
    let epoch = memory.epoch.fetch_add(1, Ordering::SeqCst) + 1;
    fence(Ordering::SeqCst);
    memory.emit(cpu, EventKind::ShootdownBegin, None, pages, epoch, cpu_time(cpu, memory));
    let others = cpus.without(cpu.local().index);
    let behind = |other: usize| {
        let seen = memory.cpus[other].epoch.load(Ordering::SeqCst);
        seen != OFFLINE && seen < epoch
    };
    let told = others.iter().filter(|other| behind(*other)).count() as u32;
    cpu.step(Step::Shootdown { cpus: told, pages }).await;
    for other in others.iter() {
        while behind(other) {
            cpu.step(Step::Relax).await;
        }
    }
    memory.emit(cpu, EventKind::ShootdownEnd, None, pages, epoch, cpu_time(cpu, memory));
}

/// The time for an event; none is read unless events are recorded.
pub(super) fn cpu_time<C: Cpu>(cpu: &C, memory: &Memory) -> u64 {
    if memory.trace.is_enabled() { cpu.now() } else { 0 }
}
