//! Finds the processes whose PTEs refer to a frame: its owner, or the members of its family.
//!
//! The caller has the frame locked. Under `rmap` `tree` it holds the tree lock as well, which guards the members of
//! every family, and their tables for as long. Under `family` and `owner` the family's lock does that, and is held
//! while the [`Mappings`] exist; where the frame has an owner its own lock is enough (`machine/owners.rs`).
//! A family's lock ranks after a frame's, and its holders wait for nothing of a lower rank, so each wait for it ends.

use crate::machine::Machine;
use crate::memory::{Key, LockedEntry, Pfn, ProcessId, PteFormat, Vpn};
use crate::options::Rmap;
use crate::runtime::{Cpu, Locked};
use crate::sync::atomic::AtomicU64;

/// The processes that may have a PTE which refers to a frame; their tables stay while this exists.
pub(super) struct Mappings<'a, C: Cpu> {
    machine: &'a Machine,
    owner: Option<ProcessId>,
    family: u32,
    _members: Option<Locked<'a, C>>,
}

impl<'a, C: Cpu> Mappings<'a, C> {
    /// Finds those of a locked frame. Under `rmap` `tree` the caller holds the tree lock.
    pub(super) async fn of(cpu: &'a C, machine: &'a Machine, locked: &LockedEntry<'_, C>) -> Self {
        let Key { family, .. } = machine.pfns.key(locked.frame);
        let owner = machine.owner(locked);
        let is_family = owner.is_none() && machine.options.rmap != Rmap::Tree;
        let family_lock = Some(family).filter(|_| is_family && is_known(machine, family));
        let members = machine.lock_members(cpu, family_lock).await;
        Self { machine, owner, family, _members: members }
    }

    /// Takes a process for the only one.
    pub(super) fn believe(&mut self, owner: ProcessId) {
        self.owner = Some(owner);
    }

    /// Returns the processes.
    pub(super) fn processes(&self) -> impl Iterator<Item = ProcessId> + '_ {
        let members = self.owner.is_none().then(|| members(self.machine, self.family));
        self.owner.into_iter().chain(members.into_iter().flatten())
    }
}

fn is_known(machine: &Machine, family: u32) -> bool {
    (family as usize) < machine.processes.capacity()
}

/// Returns the members of the family that a frame's key names, if it names one.
fn members(machine: &Machine, family: u32) -> impl Iterator<Item = ProcessId> + '_ {
    let known = is_known(machine, family).then(|| machine.processes.members(family));
    known.into_iter().flatten()
}

/// Returns the first member of a family with a PTE of this page that refers to the frame. The caller holds the tree lock.
pub(super) fn only_member(
    machine: &Machine,
    family: u32,
    vpn: Vpn,
    frame: Pfn,
) -> Option<ProcessId> {
    members(machine, family).find(|member| {
        let cell = machine.pte(machine.processes.get(*member), vpn);
        cell.is_some_and(|cell| machine.load(cell).refers_to(frame))
    })
}

/// Whether a mapping of a frame is marked accessed. The caller holds the tree lock, so the family's
/// tables stay.
pub(super) fn is_accessed(machine: &Machine, frame: Pfn) -> bool {
    let Key { family, vpn } = machine.pfns.key(frame);
    members(machine, family).any(|member| is_accessed_in(machine, member, vpn, frame))
}

/// Clears the accessed bits of a frame's mappings; true when one was set. The caller holds the tree
/// lock too.
pub(super) fn clear_accessed<C: Cpu>(cpu: &C, machine: &Machine, frame: Pfn) -> bool {
    let Key { family, vpn } = machine.pfns.key(frame);
    let clear = |any, member| any | clear_in(cpu, machine, member, vpn, frame);
    members(machine, family).fold(false, clear)
}

impl<C: Cpu> Mappings<'_, C> {
    /// Whether a mapping of the frame is marked accessed.
    pub(super) fn is_accessed(&self, frame: Pfn) -> bool {
        let vpn = self.machine.pfns.key(frame).vpn;
        self.processes().any(|process| is_accessed_in(self.machine, process, vpn, frame))
    }

    /// Clears the accessed bits of the frame's mappings; true when one was set.
    pub(super) fn clear_accessed(&self, cpu: &C, frame: Pfn) -> bool {
        let vpn = self.machine.pfns.key(frame).vpn;
        let clear = |any, process| any | clear_in(cpu, self.machine, process, vpn, frame);
        self.processes().fold(false, clear)
    }
}

fn is_accessed_in(machine: &Machine, process: ProcessId, vpn: Vpn, frame: Pfn) -> bool {
    machine.pte(machine.processes.get(process), vpn).is_some_and(|cell| {
        let pte = machine.load(cell);
        pte.format() == PteFormat::Valid && pte.refers_to(frame) && pte.is_accessed()
    })
}

fn clear_in<C: Cpu>(cpu: &C, machine: &Machine, process: ProcessId, vpn: Vpn, frame: Pfn) -> bool {
    let cell = machine.pte(machine.processes.get(process), vpn);
    cell.is_some_and(|cell| clear_at(cpu, machine, (process, vpn), cell, frame))
}

/// Clears the accessed bit of a page's PTE if it refers to the frame; true when it was set.
pub(super) fn clear_at<C: Cpu>(
    cpu: &C,
    machine: &Machine,
    (process, vpn): (ProcessId, Vpn),
    cell: &AtomicU64,
    frame: Pfn,
) -> bool {
    let cleared = machine.change_pte(cpu, process, vpn, cell, |pte| {
        let set = pte.format() == PteFormat::Valid && pte.refers_to(frame) && pte.is_accessed();
        set.then(|| pte.not_accessed())
    });
    cleared.is_some()
}
