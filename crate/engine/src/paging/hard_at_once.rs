//! Resolves the fault on a page on swap in one plain function, where swap is memory and no other page has the slot.
//!
//! It is a part of `at_once.rs` and keeps its rules: the steps of `read_in.rs` in their order, as long as each can be
//! had at once. What is left out has nobody to see it. The slot has one reference, the claimed PTE's, so no other
//! fault looks for a frame with its bytes, and none waits for a read: the frame is not *reading* and not in flight
//! meanwhile, but locked by the CPU that has just taken it.
//!
//! | access | atomic steps (read-modify-write) |
//! |---|---|
//! | load | claim the PTE; take a frame from the CPU's cache; the frame's entry locked; the PTE into place; the entry unlocked |
//! | store, or a load whose page does not keep its slot | the same, and at the end the slot's count and its keeper |
//!
//! The frame's lock is held until the PTE names the frame. Before that the slot is named by the PTE, and a peek may be
//! reading it: it is neither to be freed nor to be taken for another page.

use super::access::AddressSpace;
use super::arrivals::{arrive, note_arrival};
use super::read_in::keeps;
use super::references::give_back;
use super::slots::{free_elsewhere, free_slot_at_hand, offer_slots};
use super::supply::Wanted;
use super::transfer::read_also;
use crate::memory::{FrameState, Key, Pfn, Pte, PteFormat, Slot, Vpn};
use crate::runtime::Cpu;
use crate::sync::atomic::AtomicU64;

impl<C: Cpu> AddressSpace<'_, C> {
    /// Reads a page in that a PTE, as it was `seen`, has on swap.
    #[inline(always)]
    pub(super) fn read_at_once(
        &self,
        vpn: Vpn,
        cell: &AtomicU64,
        seen: Pte,
        write: bool,
    ) -> Option<Pfn> {
        let (cpu, machine) = (self.cpu, self.machine);
        let slot = seen.slot();
        if machine.options.read_ahead > 0
            || machine.swap.takes_time()
            || !machine.swap.is_of_one_page(slot)
            || write && seen.is_read_only()
        {
            return None;
        }
        let found = self.claim(vpn, cell, PteFormat::Swapped)?;
        // The claim keeps the PTE's reference: if there is no other now, there will be none.
        if found != seen || !machine.swap.is_of_one_page(slot) {
            self.put(vpn, cell, found);
            return None;
        }
        let frame = self.take(vpn, cell, found, Wanted::Any)?.frame;
        let mut locked = match machine.try_lock_frame(cpu, frame) {
            Some(locked) => locked,
            None => self.wait(machine.lock_frame(cpu, frame)),
        };
        if read_also(cpu, machine, self.id, slot, frame).is_err() {
            drop(locked);
            self.wait(give_back(cpu, machine, frame));
            self.put(vpn, cell, found);
            return None;
        }
        let keeps = !write && keeps(machine, slot);
        if keeps {
            machine.swap.set_cached(slot, Some(frame));
            locked.entry.set_slot(Some(slot));
        } else {
            locked.entry.set_dirty(true);
        }
        machine.pfns.set_key(frame, Key { family: self.process.family(), vpn });
        locked.entry.set_state(FrameState::Active);
        locked.entry.set_share(1);
        machine.set_owner(&locked, Some(self.id));
        note_arrival(machine, frame);
        if !machine.arrive(cpu, frame) {
            self.wait(arrive(cpu, machine, frame));
        }
        // Before the last name of a slot that is to be free is gone.
        let moving = (!keeps).then(|| machine.swap.begin_move(cpu.local().index));
        let mapped = Pte::valid(frame, found.is_writable() || write, write).protected_as(found);
        self.put(vpn, cell, self.as_mapped(found, mapped));
        drop(locked);
        if moving.is_some() {
            self.drop_slot(slot);
        }
        Some(frame)
    }

    /// Drops this CPU's reference to a slot, whose move has begun.
    #[inline(always)]
    pub(super) fn drop_slot(&self, slot: Slot) {
        let (cpu, machine) = (self.cpu, self.machine);
        if machine.swap.drop_reference(slot) {
            if !free_slot_at_hand(cpu, machine, slot) {
                self.wait(free_elsewhere(cpu, machine, slot));
            }
            offer_slots(cpu, machine);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::audit;
    use crate::machine::Machine;
    use crate::memory::{Device, Entry, Pages};
    use crate::observe::{Counter, Recording};
    use crate::options::{KeepSlots, MachineOptions, ReadAheadBy};
    use crate::paging::at_once::tests::{in_a_process, in_a_process_on};
    use crate::paging::evict;
    use crate::process::{fork, wake};
    use crate::runtime::{ThreadCpu, block_on};
    use crate::sync::atomic::Ordering;

    /// Puts the first four pages on swap.
    fn evict_all(machine: &Machine, cpu: &ThreadCpu, space: &AddressSpace<'_, ThreadCpu>) {
        let _away = space.leave_for_a_while();
        for page in 0..4 {
            block_on(evict(cpu, machine, space.id(), Vpn(page))).unwrap();
        }
    }

    fn hard(machine: &Machine) -> [u64; 3] {
        let counters = [Counter::Faults, Counter::Hard, Counter::SwapReads];
        counters.map(|counter| machine.stats.total(counter))
    }

    /// The words of the first four pages and of their frames and slots.
    type Words = Vec<(Pte, Option<Entry>, u32, Option<Pfn>)>;

    fn words(machine: &Machine, space: &AddressSpace<'_, ThreadCpu>, slots: &[Slot]) -> Words {
        let of_page = |(page, slot): (u32, &Slot)| {
            let pte = machine.load(space.walk(Vpn(page)).unwrap());
            let entry = (pte.format() == PteFormat::Valid).then(|| machine.pfns.peek(pte.frame()));
            (pte, entry, machine.swap.count(*slot), machine.swap.cached(*slot))
        };
        (0..4).zip(slots).map(of_page).collect()
    }

    /// Loads two pages from swap and stores to two; returns what is left. Without early release no fault is resolved at
    /// once.
    fn ends(keep_slots: KeepSlots, early_release: bool) -> Words {
        let mut ends = Vec::new();
        in_a_process(
            |options| (options.keep_slots, options.early_release) = (keep_slots, early_release),
            |machine, cpu, space| {
                evict_all(machine, cpu, space);
                let slot = |page| machine.load(space.walk(Vpn(page)).unwrap()).slot();
                let slots: Vec<_> = (0..4).map(slot).collect();
                let faults = hard(machine);
                for page in [0, 1] {
                    assert_eq!(block_on(space.load(Vpn(page), 0)), Ok(u64::from(page) + 1));
                    block_on(space.store(Vpn(page + 2), 1, 9)).unwrap();
                    assert_eq!(block_on(space.load(Vpn(page + 2), 0)), Ok(u64::from(page) + 3));
                }
                assert_eq!(hard(machine), faults.map(|before| before + 4));
                ends = words(machine, space, &slots);
                let _away = space.leave_for_a_while();
                assert_eq!(audit(machine), Vec::<String>::new());
            },
        );
        ends
    }

    #[test]
    fn s1_a_page_that_is_read_at_once_ends_as_one_that_is_read_in_full() {
        let ways = [(KeepSlots::Always, 2), (KeepSlots::Half, 2), (KeepSlots::Never, 0)];
        for (keep_slots, kept) in ways {
            let at_once = ends(keep_slots, true);
            assert_eq!(at_once, ends(keep_slots, false), "{keep_slots:?}");
            let has_copy = |(_, entry, ..): &&(_, Option<Entry>, _, _)| {
                entry.is_some_and(|entry| entry.slot().is_some() && !entry.is_dirty())
            };
            assert_eq!(at_once.iter().filter(has_copy).count(), kept);
        }
    }

    #[test]
    fn s1_a_page_on_swap_is_read_at_once_and_counted() {
        in_a_process(
            |_| {},
            |machine, cpu, space| {
                evict_all(machine, cpu, space);
                let first = |page, write| {
                    let frame = space.resolve_at_once(Vpn(page), write).unwrap();
                    space.word(frame, 0).load(Ordering::Relaxed)
                };
                assert_eq!([first(0, false), first(1, true)], [1, 2]);
                assert_eq!(hard(machine), [6, 2, 2]);
            },
        );
    }

    #[test]
    fn s1_a_read_from_swap_that_others_may_see_is_left_to_the_fault() {
        let is_left = |machine: &Machine, cpu: &ThreadCpu, space: &AddressSpace<'_, ThreadCpu>| {
            evict_all(machine, cpu, space);
            let before = machine.load(space.walk(Vpn(0)).unwrap());
            for write in [false, true] {
                assert_eq!(space.resolve_at_once(Vpn(0), write), None);
            }
            assert_eq!(machine.load(space.walk(Vpn(0)).unwrap()), before);
            assert_eq!(hard(machine), [4, 0, 0]);
            assert_eq!(block_on(space.load(Vpn(0), 0)), Ok(1));
        };
        let reads_ahead = |options: &mut MachineOptions| {
            (options.read_ahead, options.read_ahead_by) = (2, ReadAheadBy::Address);
        };
        in_a_process(reads_ahead, is_left);
        // Its slot is another's too.
        in_a_process(
            |_| {},
            |machine, cpu, space| {
                let child = block_on(fork(cpu, machine, space)).unwrap();
                is_left(machine, cpu, space);
                block_on(wake(cpu, machine, child)).unwrap();
            },
        );
        // A device may take its time, and fail.
        let on_device = |options: MachineOptions| {
            let pages = Box::new(Pages::new(options.slots as usize + 1).unwrap());
            let device = Device::checked(pages, options.slots);
            Machine::on_device(options, 1, Recording::OnDemand, device).unwrap()
        };
        in_a_process_on(on_device, |_| {}, is_left);
        // Another CPU is at work on the page.
        in_a_process(
            |_| {},
            |machine, cpu, space| {
                evict_all(machine, cpu, space);
                let cell = space.walk(Vpn(0)).unwrap();
                let claimed = space.claim(Vpn(0), cell, PteFormat::Swapped).unwrap();
                assert_eq!(space.resolve_at_once(Vpn(0), false), None);
                space.put(Vpn(0), cell, claimed);
                assert!(space.resolve_at_once(Vpn(0), false).is_some());
            },
        );
    }
}
