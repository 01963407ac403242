//! Resolves the common faults in one plain function, without a wait: on threads, where a step costs nothing.
//!
//! An `async fn` keeps what it needs across its awaits in memory and is called through each of its parts, which takes
//! several times as many instructions as the fault has work to do. Here the same atomic steps are done in the same
//! order as in `fault.rs` and `copy_on_write.rs`, as long as each can be had at once. Where one cannot, the function
//! has changed nothing and the fault begins there, or it waits, out of line, for what it has begun to do.
//!
//! | fault | atomic steps (read-modify-write) |
//! |---|---|
//! | demand zero | claim the PTE; take a frame from the CPU's cache; the frame's entry into use; the PTE into place |
//! | store to a shared page | the same, and the source's entry locked and unlocked, between which the PTE is put into place |
//! | rescue | the frame's entry locked; the PTE into place; the list locked and unlocked; the entry unlocked |
//!
//! A rescue claims nothing: the CPU that holds the frame's lock is sure of the PTE that it has read again (S14), and
//! one compare-and-swap from a word without lock bits to the mapped one is lock, change and release in one. Everything
//! that trusts the entry waits for its lock until the list is right too.
//!
//! A store to a shared page puts the copy into place before it asks which CPUs are in the address space, not after:
//! they may still read the source, and until they are known to be done the source keeps this PTE's reference.

use std::future::Future;

use super::access::AddressSpace;
use super::arrivals::Bytes;
use super::arrivals::{activate_new, arrive, entry_in_use, note_arrival};
use super::copy_on_write::sharers;
use super::references::{drop_copy, drop_reference, list_of};
use super::shootdown::shootdown;
use super::supply::{TakenFrame, Wanted, take_frame};
use crate::memory::{FrameState, Key, LockedEntry, Pfn, Pte, PteFormat, Vpn};
use crate::observe::{Counter, EventKind, FaultKind};
use crate::options::{PteLocks, Reads};
use crate::runtime::{Cpu, block_on};
use crate::sync::atomic::AtomicU64;

impl<'a, C: Cpu> AddressSpace<'a, C> {
    /// Resolves the fault of a load or store, if it has one of the common kinds and can be resolved at once. Returns
    /// the frame that the page is mapped to, until the CPU next acknowledges a shootdown; none if the fault is to
    /// be resolved in full.
    #[inline]
    pub(super) fn resolve_at_once(&self, vpn: Vpn, write: bool) -> Option<Pfn> {
        let cell = self.walk(vpn)?;
        let (cpu, machine) = (self.cpu, self.machine);
        if !self.resolves_at_once(write) || vpn.0 >= self.process.pages() {
            return None;
        }
        let local = cpu.local();
        let faults = machine.stats.of_cpu(local.index, Counter::Faults) + 1;
        let begun = C::sampled(faults).map(|_| cpu.now());
        let pte = machine.load(cell);
        let (frame, kind) = match pte.format() {
            PteFormat::Zero if !pte.is_absent() => {
                (self.zero(vpn, cell, write)?, FaultKind::DemandZero)
            }
            PteFormat::Transition => (self.rescue(vpn, cell, pte, write)?, FaultKind::Soft),
            PteFormat::Valid if write && !pte.is_writable() => {
                (self.copy(vpn, cell, pte)?, FaultKind::WriteProtect)
            }
            _ => return None,
        };
        machine.count(cpu, Counter::Faults);
        machine.count(cpu, kind.counter());
        local.has_passed_fault();
        if let Some(begun) = begun {
            machine.stats.record(local.index, kind, cpu.now() - begun);
        }
        Some(frame)
    }

    /// Whether the machine is built so that a fault can be resolved at once, and this one is none that is recorded with
    /// its phases.
    #[inline(always)]
    fn resolves_at_once(&self, write: bool) -> bool {
        let options = &self.machine.options;
        options.early_release
            && (write || options.reads != Reads::Peek)
            && options.pte_locks == PteLocks::Entry
            && (!cfg!(feature = "bugs") || options.bugs.is_empty())
            && !self.machine.refusals.is_armed()
            && !self.cpu.local().would_record_fault::<C>()
    }

    /// Gives a page that was never written a frame of zeros.
    #[inline(always)]
    fn zero(&self, vpn: Vpn, cell: &AtomicU64, write: bool) -> Option<Pfn> {
        let machine = self.machine;
        if !write && machine.options.reads != Reads::Allocate {
            return None;
        }
        let found = self.claim(vpn, cell, PteFormat::Zero)?;
        if found.is_absent() || write && found.is_read_only() {
            self.put(vpn, cell, found);
            return None;
        }
        let TakenFrame { frame, zeroed, .. } = self.take(vpn, cell, found, Wanted::Zeroed)?;
        let bytes = if write { Bytes::Dirty } else { Bytes::Zero };
        self.put_into_use(frame, vpn, bytes);
        if !zeroed {
            machine.frames.zero(frame.0);
        }
        let mapped = Pte::valid(frame, true, write).protected_as(found);
        self.put(vpn, cell, self.as_mapped(found, mapped));
        Some(frame)
    }

    /// Copies a page for a store, where others share its frame and no other CPU is in the address space.
    #[inline(always)]
    fn copy(&self, vpn: Vpn, cell: &AtomicU64, seen: Pte) -> Option<Pfn> {
        let (cpu, machine) = (self.cpu, self.machine);
        let source = seen.frame();
        let takes_steps = cpu.local().trace.wants(EventKind::Pte);
        if takes_steps || machine.pfns.peek(source).share() < 2 || self.has_company() {
            return None;
        }
        let found = self.claim(vpn, cell, PteFormat::Valid)?;
        if found.is_writable() || found.is_read_only() || found.frame() != source {
            self.put(vpn, cell, found);
            return None;
        }
        let copy = self.take(vpn, cell, found, Wanted::Any)?.frame;
        self.put_into_use(copy, vpn, Bytes::Dirty);
        // No program writes the source: it is mapped read-only, and while this PTE refers to it no other is its last.
        machine.frames.copy(copy.0, &machine.frames, source.0);
        let mut locked = self.lock(source);
        if sharers(machine, &locked) == 1 {
            return Some(self.keep_source(vpn, cell, found, locked, copy));
        }
        self.put(vpn, cell, self.as_mapped(found, Pte::valid(copy, true, true)));
        machine.count(cpu, Counter::Copies);
        let share = locked.entry.share();
        if share > 1 && !self.has_company() {
            locked.entry.set_share(share - 1);
        } else {
            self.leave_source(locked);
        }
        Some(copy)
    }

    /// Maps a page whose frame was not reused yet.
    #[inline(always)]
    fn rescue(&self, vpn: Vpn, cell: &AtomicU64, seen: Pte, write: bool) -> Option<Pfn> {
        let (cpu, machine) = (self.cpu, self.machine);
        if write && !seen.is_writable() {
            return None;
        }
        let frame = seen.frame();
        let mut locked = machine.try_lock_frame(cpu, frame)?;
        let state = locked.entry.state();
        let in_flight = locked.entry.is_in_flight();
        let is_there = in_flight
            || matches!(state, FrameState::Active | FrameState::Modified | FrameState::Standby);
        let mapped = if write { seen.mapped().stored_to() } else { seen.mapped() };
        // S14: what was seen of the PTE without the lock counts only if it is still so.
        if !is_there
            || !machine.try_replace_pte(cpu, self.id, vpn, cell, seen, self.as_mapped(seen, mapped))
        {
            return None;
        }
        if in_flight {
            locked.entry.set_rescued(true);
        } else {
            if state != FrameState::Active {
                match machine.lists.try_lock(cpu, list_of(machine, state)) {
                    Some(_guard) => machine.remove(cpu, list_of(machine, state), frame),
                    None => self.wait(super::references::unlist(cpu, machine, &locked)),
                }
                locked.entry.set_state(FrameState::Active);
                note_arrival(machine, frame);
                if !machine.arrive(cpu, frame) {
                    self.wait(arrive(cpu, machine, frame));
                }
            }
            locked.entry.set_written(false);
        }
        if write {
            if locked.entry.slot().is_some() {
                self.wait(drop_copy(cpu, machine, &mut locked));
            }
            locked.entry.set_dirty(true);
        }
        Some(frame)
    }

    /// Claims a PTE of this format that no CPU is at work on.
    #[inline(always)]
    fn claim(&self, vpn: Vpn, cell: &AtomicU64, format: PteFormat) -> Option<Pte> {
        self.machine.try_claim(self.cpu, self.id, vpn, cell, [format, format])
    }

    /// Ends the claim with this PTE.
    #[inline(always)]
    fn put(&self, vpn: Vpn, cell: &AtomicU64, pte: Pte) {
        self.machine.change_pte(self.cpu, self.id, vpn, cell, |_| Some(pte));
    }

    /// Takes a frame; without one the claim ends too.
    #[inline(always)]
    fn take(&self, vpn: Vpn, cell: &AtomicU64, found: Pte, wanted: Wanted) -> Option<TakenFrame> {
        let taken = match self.machine.take_from_hand(self.cpu) {
            Some(frame) => Some(TakenFrame { frame, zeroed: false, hot: true }),
            None => self.wait(take_frame(self.cpu, self.machine, wanted)),
        };
        if taken.is_none() {
            self.put(vpn, cell, found);
        }
        taken
    }

    /// Makes a taken frame the active frame of a page with one mapping.
    #[inline(always)]
    fn put_into_use(&self, frame: Pfn, vpn: Vpn, bytes: Bytes) {
        let (cpu, machine) = (self.cpu, self.machine);
        let key = Key { family: self.process.family(), vpn };
        if machine.lists.has_room_for(cpu.local().index) {
            machine.pfns.set_key(frame, key);
            note_arrival(machine, frame);
            machine.arrive(cpu, frame);
            let entry = entry_in_use(bytes);
            if !machine.pfns.take_into_use(cpu, frame, entry) {
                self.wait(machine.pfns.put_into_use(cpu, frame, entry));
            }
        } else {
            self.wait(activate_new(cpu, machine, frame, key, bytes));
        }
    }

    /// Whether another CPU is in the address space.
    #[inline(always)]
    fn has_company(&self) -> bool {
        !self.process.cpus().without(self.cpu.local().index).is_empty()
    }

    #[inline(always)]
    fn lock(&self, frame: Pfn) -> LockedEntry<'a, C> {
        match self.machine.try_lock_frame(self.cpu, frame) {
            Some(locked) => locked,
            None => self.wait(self.machine.lock_frame(self.cpu, frame)),
        }
    }

    /// Gives the page that was to be copied to this PTE, which turned out to be its last, and frees the copy.
    #[cold]
    fn keep_source(
        &self,
        vpn: Vpn,
        cell: &AtomicU64,
        found: Pte,
        mut locked: LockedEntry<'_, C>,
        copy: Pfn,
    ) -> Pfn {
        let (cpu, machine) = (self.cpu, self.machine);
        let source = locked.frame;
        self.wait(async move {
            drop_copy(cpu, machine, &mut locked).await;
            locked.entry.set_dirty(true);
            self.put(vpn, cell, self.as_mapped(found, Pte::valid(source, true, true)));
            drop(locked);
            machine.count(cpu, Counter::Reuses);
            drop_reference(cpu, machine, machine.lock_frame(cpu, copy).await).await;
        });
        source
    }

    /// Drops the reference to the source of a copy that is in place, once no other CPU of the address space reads the
    /// source any more.
    #[cold]
    fn leave_source(&self, locked: LockedEntry<'_, C>) {
        let (cpu, machine) = (self.cpu, self.machine);
        let source = locked.frame;
        drop(locked);
        self.wait(async move {
            let others = self.process.cpus().without(cpu.local().index);
            if !others.is_empty() {
                shootdown(cpu, machine, others, 1).await;
            }
            super::copy_on_write::leave(cpu, machine, machine.lock_frame(cpu, source).await).await;
        });
    }

    /// Goes on with a part of the fault that may have to wait. Nothing of it is ever pending on threads.
    #[cold]
    #[inline(never)]
    fn wait<T>(&self, part: impl Future<Output = T>) -> T {
        let _held = self.hold_table();
        block_on(part)
    }
}
