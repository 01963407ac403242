//! Makes frames active: the policy is notified, and the frames come to the active list together.

use crate::machine::Machine;
use crate::memory::{Entry, FrameState, Key, LockedEntry, Pfn, ProcessId};
use crate::options::Policy;
use crate::runtime::{Cpu, Step};
use crate::sync::atomic::Ordering;

/// Notifies the policy that a frame becomes active: its page is about to be used.
pub(super) fn note_arrival(machine: &Machine, frame: Pfn) {
    match machine.options.policy {
        // As young as can be, or two CPUs could evict each other's page before its first use.
        Policy::Lru => machine.stamp(frame),
        _ => machine.note(frame).store(0, Ordering::Relaxed),
    }
}

/// Puts a frame that is about to be active where the policy finds it: on the active list, or among
/// this CPU's arrivals, which go there together.
pub(super) async fn arrive<C: Cpu>(cpu: &C, machine: &Machine, frame: Pfn) {
    note_arrival(machine, frame);
    if machine.arrive(cpu, frame) {
        cpu.step(Step::Instruction).await;
    } else {
        let guard = machine.lock_list(cpu, machine.lists.active()).await;
        let admitted = machine.admit_own(cpu);
        machine.push_back(cpu, machine.lists.active(), frame);
        cpu.step(Step::List { frames: admitted + 1 }).await;
        drop(guard);
    }
}

/// Puts what this CPU has held back on the active list.
pub async fn admit_arrivals<C: Cpu>(cpu: &C, machine: &Machine) {
    if machine.lists.has_arrivals(cpu.local().index) {
        let _guard = machine.lock_list(cpu, machine.lists.active()).await;
        let frames = machine.admit_own(cpu);
        cpu.step(Step::List { frames }).await;
    }
}

/// Puts what every CPU has held back on the active list, so that a search finds it, except frames that are
/// not active by their entry yet.
pub(super) async fn admit_all_arrivals<C: Cpu>(cpu: &C, machine: &Machine) {
    let cpus = 0..machine.cpus.len();
    if cpus.clone().any(|index| machine.lists.has_arrivals(index)) {
        let _guard = machine.lock_list(cpu, machine.lists.active()).await;
        let mut frames = 0;
        for index in cpus {
            frames += machine.admit_of(cpu, index, |arrival| machine.pfns.is_active(arrival));
        }
        cpu.step(Step::List { frames }).await;
    }
}

/// Makes a locked frame, whose key is set, the active frame of a page with one mapping.
pub(super) async fn activate<C: Cpu>(
    cpu: &C,
    machine: &Machine,
    locked: &mut LockedEntry<'_, C>,
    owner: ProcessId,
) {
    locked.entry.set_state(FrameState::Active);
    locked.entry.set_share(1);
    machine.set_owner(locked, Some(owner));
    arrive(cpu, machine, locked.frame).await;
}

/// Makes a taken frame the active, dirty frame of a page with one mapping.
pub async fn activate_dirty<C: Cpu>(
    cpu: &C,
    machine: &Machine,
    frame: Pfn,
    key: Key,
    owner: ProcessId,
) {
    activate_new(cpu, machine, frame, key, owner, Bytes::Dirty).await;
}

/// Where the bytes of a frame that becomes active are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bytes {
    /// All zero before a PTE names it: the frame is clean, the zero page has its bytes.
    Zero,
    /// Nowhere but in the frame.
    Dirty,
}

/// Returns the entry of the active frame of a page with one mapping.
pub(super) fn entry_in_use(bytes: Bytes) -> Entry {
    let mut entry = Entry(FrameState::Active as u64);
    entry.set_share(1);
    entry.set_dirty(bytes == Bytes::Dirty);
    entry
}

/// Makes a taken frame the active frame of a page with one mapping.
pub(super) async fn activate_new<C: Cpu>(
    cpu: &C,
    machine: &Machine,
    frame: Pfn,
    key: Key,
    owner: ProcessId,
    bytes: Bytes,
) {
    // No CPU reads the key of a taken frame.
    machine.pfns.set_key(frame, key);
    machine.own(frame, Some(owner));
    let entry = entry_in_use(bytes);
    note_arrival(machine, frame);
    // Among the arrivals before it is active, so that a CPU that finds it active finds it there.
    if machine.arrive(cpu, frame) {
        cpu.step(Step::Instruction).await;
        machine.pfns.put_into_use(cpu, frame, entry).await;
    } else {
        let mut locked = machine.lock_frame(cpu, frame).await;
        locked.entry = entry;
        arrive(cpu, machine, frame).await;
    }
}
