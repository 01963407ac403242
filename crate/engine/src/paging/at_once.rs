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
//! | store to a shared page | the same, and before the last one the PTE unmapped and the source's entry locked, which is unlocked at the end |
//! | rescue | the frame's entry locked; the PTE into place; the list locked and unlocked; the entry unlocked |
//! | read from swap | see `hard_at_once.rs` |
//! | first store to a clean page | see `dirty_at_once.rs` |
//!
//! A rescue claims nothing: the CPU that holds the frame's lock is sure of the PTE that it has read again (S14), and
//! one compare-and-swap from a word without lock bits to the mapped one is lock, change and release in one. Everything
//! that trusts the entry waits for its lock until the list is right too.
//!
//! A CPU that waits is away meanwhile, and what it has mapped may be taken again before it stores to the frame. So
//! where another epoch has begun since its walk, the access walks anew.

use std::future::Future;

use super::access::AddressSpace;
use super::arrivals::{Bytes, activate_new, arrive, entry_in_use, note_arrival};
use super::copy_on_write::{leave, sharers};
use super::references::{drop_copy, drop_reference, unlist};
use super::shootdown::{leave_to_readers, shootdown, wait_for_readers};
use super::supply::{TakenFrame, Wanted, take_frame};
use crate::memory::{FrameState, Key, LockedEntry, Pfn, Pte, PteFormat, Vpn};
use crate::observe::{Counter, FaultKind};
use crate::options::{PteLocks, Reads, Shootdown};
use crate::runtime::{Cpu, block_on};
use crate::sync::atomic::AtomicU64;

impl<'a, C: Cpu> AddressSpace<'a, C> {
    /// Resolves the fault of a load or store, if it has one of the common kinds and can be resolved at once. Returns
    /// the frame that the page is mapped to, until the CPU next acknowledges a shootdown; none if the fault is to
    /// be resolved in full, or the page may have lost the frame again. Out of line, so that a fault of another kind
    /// passes it by a call.
    #[inline(never)]
    pub(super) fn resolve_at_once(&self, vpn: Vpn, write: bool) -> Option<Pfn> {
        let cell = self.walk(vpn)?;
        let (cpu, machine) = (self.cpu, self.machine);
        let pte = machine.load(cell);
        if !self.resolves_at_once(write) || vpn.0 >= self.process.pages() {
            return None;
        }
        let (local, epoch) = (cpu.local(), self.epochs.acknowledged());
        if write && pte.format() == PteFormat::Valid && pte.is_writable() {
            return self.unless_away_since(epoch, self.mark_dirty_at_once(vpn, cell, pte)?);
        }
        let faults = machine.stats.of_cpu(local.index, Counter::Faults) + 1;
        let begun = C::sampled(faults).map(|_| cpu.now());
        let (frame, kind) = match pte.format() {
            PteFormat::Zero if !pte.is_absent() => {
                (self.zero(vpn, cell, write)?, FaultKind::DemandZero)
            }
            PteFormat::Transition => (self.rescue(vpn, cell, pte, write)?, FaultKind::Soft),
            PteFormat::Swapped => (self.read_at_once(vpn, cell, pte, write)?, FaultKind::Hard),
            PteFormat::Valid if write => (self.copy(vpn, cell, pte)?, FaultKind::WriteProtect),
            _ => return None,
        };
        machine.count(cpu, Counter::Faults);
        machine.count(cpu, kind.counter());
        local.has_passed_fault();
        if let Some(begun) = begun {
            machine.stats.record(local.index, kind, cpu.now() - begun);
        }
        self.unless_away_since(epoch, frame)
    }

    /// Returns the frame if no epoch has begun since the walk. As before a walk: a CPU that was away when an epoch began
    /// has to see it, whatever it has acknowledged since.
    #[inline(always)]
    fn unless_away_since(&self, epoch: u64, frame: Pfn) -> Option<Pfn> {
        let is_same = self.epochs.are_equal() && self.epochs.acknowledged() == epoch;
        is_same.then_some(frame)
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

    /// Copies a page for a store, where others share its frame.
    #[inline(always)]
    fn copy(&self, vpn: Vpn, cell: &AtomicU64, seen: Pte) -> Option<Pfn> {
        let (cpu, machine) = (self.cpu, self.machine);
        let source = seen.frame();
        if machine.pfns.peek(source).share() < 2 {
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
        // Unmapped first, and then it is asked which CPUs may still read the source: see `write_protect`.
        let is_lazy = machine.options.shootdown == Shootdown::Lazy;
        if !is_lazy {
            let unmapped = |pte: Pte| Some(pte.unmapped().in_transit());
            machine.change_pte(cpu, self.id, vpn, cell, unmapped);
            let others = self.process.cpus().without(cpu.local().index);
            if !others.is_empty() {
                self.wait(shootdown(cpu, machine, others, 1));
            }
        }
        let mut locked = match machine.try_lock_frame(cpu, source) {
            Some(locked) => locked,
            None => self.wait(machine.lock_frame(cpu, source)),
        };
        if sharers(machine, &locked) == 1 {
            return Some(self.keep_source(vpn, cell, found, locked, copy));
        }
        self.put(vpn, cell, self.as_mapped(found, Pte::valid(copy, true, true)));
        if is_lazy {
            leave_to_readers(&machine.epochs, self.process, &mut locked);
        }
        let share = locked.entry.share();
        if share > 1 {
            locked.entry.set_share(share - 1);
            machine.set_owner(&locked, None);
        } else {
            self.wait(leave(cpu, machine, locked));
        }
        machine.count(cpu, Counter::Copies);
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
        machine.set_owner(&locked, Some(self.id));
        if in_flight {
            locked.entry.set_rescued(true);
        } else {
            if state != FrameState::Active {
                let list = machine.lists.list_of(state, frame);
                match machine.lists.try_lock(cpu, list) {
                    Some(_guard) => machine.remove(cpu, list, frame),
                    None => self.wait(unlist(cpu, machine, &locked)),
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
            self.make_dirty(&mut locked);
        }
        Some(frame)
    }

    /// Claims a PTE of this format that no CPU is at work on.
    #[inline(always)]
    pub(super) fn claim(&self, vpn: Vpn, cell: &AtomicU64, format: PteFormat) -> Option<Pte> {
        self.machine.try_claim(self.cpu, self.id, vpn, cell, [format, format])
    }

    /// Ends the claim with this PTE.
    #[inline(always)]
    pub(super) fn put(&self, vpn: Vpn, cell: &AtomicU64, pte: Pte) {
        self.machine.change_pte(self.cpu, self.id, vpn, cell, |_| Some(pte));
    }

    /// Takes a frame; without one the claim ends too.
    #[inline(always)]
    pub(super) fn take(
        &self,
        vpn: Vpn,
        cell: &AtomicU64,
        found: Pte,
        wanted: Wanted,
    ) -> Option<TakenFrame> {
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
        // No CPU reads the key of a taken frame.
        machine.pfns.set_key(frame, key);
        machine.own(frame, Some(self.id));
        note_arrival(machine, frame);
        let entry = entry_in_use(bytes);
        if !machine.arrive(cpu, frame) {
            self.wait(activate_new(cpu, machine, frame, key, self.id, bytes));
        } else if !machine.pfns.take_into_use(cpu, frame, entry) {
            self.wait(machine.pfns.put_into_use(cpu, frame, entry));
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
            wait_for_readers(cpu, machine, std::slice::from_mut(&mut locked)).await;
            drop_copy(cpu, machine, &mut locked).await;
            locked.entry.set_dirty(true);
            machine.set_owner(&locked, Some(self.id));
            self.put(vpn, cell, self.as_mapped(found, Pte::valid(source, true, true)));
            drop(locked);
            machine.count(cpu, Counter::Reuses);
            drop_reference(cpu, machine, machine.lock_frame(cpu, copy).await).await;
        });
        source
    }

    /// Goes on with a part of the fault that may have to wait. Nothing of it is ever pending on threads.
    #[cold]
    #[inline(never)]
    pub(super) fn wait<T>(&self, part: impl Future<Output = T>) -> T {
        let _held = self.hold_table();
        block_on(part)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::machine::Machine;
    use crate::observe::Recording;
    use crate::options::MachineOptions;
    use crate::paging::trim;
    use crate::process::{fork, spawn, wake};
    use crate::runtime::ThreadCpu;

    use crate::sync::atomic::Ordering;

    const PAGES: u32 = 8;

    /// Runs `body` in a process of a machine on threads, whose first four pages were stored to.
    pub(in crate::paging) fn in_a_process(
        change: impl FnOnce(&mut MachineOptions),
        body: impl FnOnce(&Machine, &ThreadCpu, &AddressSpace<'_, ThreadCpu>),
    ) {
        let build = |options| Machine::new(options, 1, Recording::OnDemand).unwrap();
        in_a_process_on(build, change, body);
    }

    /// Runs `body` in the same process of a machine that `build` makes.
    pub(in crate::paging) fn in_a_process_on(
        build: impl FnOnce(MachineOptions) -> Machine,
        change: impl FnOnce(&mut MachineOptions),
        body: impl FnOnce(&Machine, &ThreadCpu, &AddressSpace<'_, ThreadCpu>),
    ) {
        let mut options = MachineOptions {
            frames: 64,
            slots: 64,
            pte_locks: PteLocks::Entry,
            reads: Reads::Allocate,
            ..MachineOptions::default()
        };
        change(&mut options);
        let machine = build(options);
        let cpu = ThreadCpu::new(Arc::default(), machine.local(0));
        let process = block_on(spawn(&cpu, &machine, PAGES)).unwrap();
        block_on(wake(&cpu, &machine, process)).unwrap();
        let space = AddressSpace::enter(&cpu, &machine, process).unwrap();
        for page in 0..4 {
            block_on(space.store(Vpn(page), 0, u64::from(page) + 1)).unwrap();
        }
        body(&machine, &cpu, &space);
    }

    fn counts(machine: &Machine) -> Vec<u64> {
        let counters = [Counter::Faults, Counter::DemandZero, Counter::Soft, Counter::WriteProtect];
        counters.iter().chain([&Counter::Copies]).map(|one| machine.stats.total(*one)).collect()
    }

    #[test]
    fn s1_the_common_faults_are_resolved_at_once_and_counted() {
        in_a_process(
            |_| {},
            |machine, cpu, space| {
                let zeroed = space.resolve_at_once(Vpn(5), false).unwrap();
                assert_eq!(space.word(zeroed, 7).load(Ordering::Relaxed), 0);
                assert!(space.resolve_at_once(Vpn(6), true).is_some());
                assert_eq!(counts(machine), [6, 6, 0, 0, 0]);
                {
                    let _away = space.leave_for_a_while();
                    while block_on(trim(cpu, machine, 64)).moved > 0 {}
                }
                let rescued = |page, write| {
                    let frame = space.resolve_at_once(Vpn(page), write).unwrap();
                    space.word(frame, 0).load(Ordering::Relaxed)
                };
                assert_eq!([rescued(0, false), rescued(1, true)], [1, 2]);
                assert_eq!(counts(machine), [8, 6, 2, 0, 0]);
                let child = block_on(fork(cpu, machine, space)).unwrap();
                assert_eq!(rescued(0, true), 1);
                assert_eq!(counts(machine), [9, 6, 2, 1, 1]);
                // The parent's copy is its own, and the child is left with the source.
                assert!(space.try_store(Vpn(0), 0, 9));
                block_on(wake(cpu, machine, child)).unwrap();
            },
        );
    }

    #[test]
    fn s1_what_is_no_common_fault_is_left_as_it_is() {
        in_a_process(
            |_| {},
            |machine, _, space| {
                // Beyond the process, and with every right already.
                for page in [PAGES, 0] {
                    assert_eq!(space.resolve_at_once(Vpn(page), true), None, "page {page}");
                }
                assert_eq!(counts(machine), [4, 4, 0, 0, 0]);
                machine.refusals.arm(1, true);
                assert_eq!(space.resolve_at_once(Vpn(5), true), None);
                machine.refusals.disarm();
                assert!(space.resolve_at_once(Vpn(5), true).is_some());
            },
        );
        let ways: [fn(&mut MachineOptions); 3] = [
            |options| options.pte_locks = PteLocks::Table,
            |options| options.early_release = false,
            |options| options.reads = Reads::Hardware,
        ];
        for change in ways {
            in_a_process(change, |machine, _, space| {
                let faults = counts(machine);
                assert_eq!(space.resolve_at_once(Vpn(5), false), None);
                assert_eq!(counts(machine), faults);
            });
        }
    }
}
