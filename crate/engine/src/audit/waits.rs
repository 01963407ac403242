//! Lists the waits on a machine of threads that stands still: which thread sleeps, and on what.

use crate::machine::Machine;
use crate::memory::{ListId, Pfn, ProcessId, Vpn};
use crate::observe::Counter;
use crate::options::PteLocks;
use crate::parts::MemoryPart;
use crate::runtime::{DaemonId, LockClass, LockId};
use crate::sync::atomic::{AtomicU64, Ordering};

/// Returns a sentence for each CPU and daemon: where it is, and what it sleeps on. `sleepers` are the numbers
/// of the tasks that sleep, each with the address of its word.
pub fn waits(machine: &Machine, sleepers: &[(usize, usize)]) -> Vec<String> {
    let cpus = (0..machine.cpus.len()).map(|index| cpu(machine, index));
    let daemons = machine.tasks().daemons().map(DaemonId::name);
    let all = cpus.chain(daemons).enumerate();
    all.map(|(index, name)| match sleepers.iter().find(|(sleeper, _)| *sleeper == index) {
        Some((_, address)) => format!("{name}, sleeps on {}", place(machine, *address)),
        None => format!("{name}, does not sleep"),
    })
    .collect()
}

fn cpu(machine: &Machine, index: usize) -> String {
    let inside = match machine.cpus[index].inside() {
        Some(id) => format!("in process {} ({:?})", id.0, machine.processes.get(id).state()),
        None => "in no process".to_owned(),
    };
    let epochs = &machine.epochs;
    let presence = match epochs.seen(index) {
        Some(seen) => format!("online at epoch {seen} of {}", epochs.now()),
        None => "offline".to_owned(),
    };
    let count = |counter| machine.stats.of_cpu(index, counter);
    let (accesses, faults) = (count(Counter::Accesses), count(Counter::Faults));
    format!("CPU {index}: {inside}, {presence}, {accesses} accesses, {faults} faults")
}

/// Returns what the word at an address is.
fn place(machine: &Machine, address: usize) -> String {
    let parts = machine.parts();
    if let Some(frame) = parts.pfn.record_at(address) {
        return format!("frame {frame}: {:?}", machine.pfns.peek(Pfn(frame as u32)));
    }
    if let Some(list) = parts.lists.record_at(address) {
        return format!("the list {}", machine.lists.name(ListId(list)));
    }
    if let Some(process) = parts.processes.record_at(address) {
        return format!("the life of process {process}");
    }
    if parts.frame_bytes.record_at(address).is_some() {
        return pte(machine, address);
    }
    let is = |word: &AtomicU64| std::ptr::from_ref(word).addr() == address;
    if is(&machine.processes.tree_lock) {
        return LockId::new(LockClass::Tree, 0).to_string();
    }
    if let Some(family) = machine.processes.family_at(address) {
        return LockId::of_family(family as u32).to_string();
    }
    if let Some(cluster) = machine.swap.cluster_at(address) {
        return LockId::of_cluster(cluster).to_string();
    }
    if is(&machine.swap.lock_word) {
        return LockId::new(LockClass::Slot, 0).to_string();
    }
    if MemoryPart::of(machine.doorbells()).record_at(address).is_some() {
        return "its bell".to_owned();
    }
    let all = machine.region(ProcessId(0), Vpn(0));
    if machine.options.pte_locks == PteLocks::Machine && all.is_some_and(|(_, word)| is(word)) {
        return "the lock of all PTEs".to_owned();
    }
    // No word of the machine, so a word of the mailboxes.
    "its next job".to_owned()
}

/// Returns the PTE at an address, in words.
fn pte(machine: &Machine, address: usize) -> String {
    for id in machine.processes.living() {
        let process = machine.processes.get(id);
        for vpn in (0..process.pages()).map(Vpn) {
            if let Some(cell) = machine.pte(process, vpn)
                && std::ptr::from_ref(cell).addr() == address
            {
                let word = cell.load(Ordering::Relaxed);
                return format!("the PTE of page {} of process {}: {word:#x}", vpn.0, id.0);
            }
        }
    }
    "a PTE of nobody".to_owned()
}
