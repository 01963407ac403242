//! Marks a page dirty for its first store in one plain function: a part of `at_once.rs`.
//!
//! It does what `mark_dirty` of `access.rs` does under the region's and the frame's lock. Here one compare-and-swap from
//! a word without lock bits to the dirty one is lock, change and release of the region in one; the frame's lock is held
//! meanwhile, until the frame has no copy on swap any more. Other CPUs of the process may store to the page as soon as the
//! PTE allows it: whoever would use the copy instead of the frame has to have the frame locked.

use super::access::AddressSpace;
use crate::memory::{LockedEntry, Pfn, Pte, Vpn};
use crate::options::Policy;
use crate::runtime::Cpu;
use crate::sync::atomic::AtomicU64;

impl<C: Cpu> AddressSpace<'_, C> {
    /// Marks a page dirty that is mapped writable by a PTE, as it was `seen`.
    #[inline(always)]
    pub(super) fn mark_dirty_at_once(&self, vpn: Vpn, cell: &AtomicU64, seen: Pte) -> Option<Pfn> {
        let (cpu, machine) = (self.cpu, self.machine);
        // Under LRU each access is stamped, which is not done here.
        if seen.is_dirty() || machine.options.policy == Policy::Lru {
            return None;
        }
        let frame = seen.frame();
        let mut locked = machine.try_lock_frame(cpu, frame)?;
        let stored = self.as_mapped(seen, seen.stored_to());
        if !machine.try_replace_pte(cpu, self.id, vpn, cell, seen, stored) {
            return None;
        }
        self.make_dirty(&mut locked);
        Some(frame)
    }

    /// Makes a locked frame dirty, for whose page the PTE allows a store: the slot that keeps a copy is dropped.
    #[inline(always)]
    pub(super) fn make_dirty(&self, locked: &mut LockedEntry<'_, C>) {
        if let Some(slot) = locked.entry.slot() {
            let _moving = self.machine.swap.begin_move(self.cpu.local().index);
            self.machine.swap.set_cached(slot, None);
            locked.entry.set_slot(None);
            self.drop_slot(slot);
        }
        locked.entry.set_dirty(true);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::audit;
    use crate::memory::PteFormat;
    use crate::observe::Counter;
    use crate::paging::at_once::tests::in_a_process;
    use crate::paging::evict;
    use crate::process::fork;
    use crate::runtime::block_on;

    /// A page is read from swap and then stored to, at once or with its region locked.
    fn ends(policy: Policy, early_release: bool) -> (Pte, u64, u32, u64) {
        let mut ends = None;
        in_a_process(
            |options| (options.policy, options.early_release) = (policy.clone(), early_release),
            |machine, cpu, space| {
                {
                    let _away = space.leave_for_a_while();
                    block_on(evict(cpu, machine, space.id(), Vpn(2))).unwrap();
                }
                let free = machine.swap.free();
                assert_eq!(block_on(space.load(Vpn(2), 0)), Ok(3));
                let cell = space.walk(Vpn(2)).unwrap();
                let frame = machine.load(cell).frame();
                assert!(!machine.pfns.peek(frame).is_dirty() && machine.swap.free() == free);
                let faults = machine.stats.total(Counter::Faults);
                block_on(space.store(Vpn(2), 0, 7)).unwrap();
                assert_eq!(machine.stats.total(Counter::Faults), faults, "it is no fault");
                assert_eq!(block_on(space.load(Vpn(2), 0)), Ok(7));
                let entry = machine.pfns.peek(frame);
                assert!(entry.is_dirty() && entry.slot().is_none(), "{entry:?}");
                let _away = space.leave_for_a_while();
                assert_eq!(audit(machine), Vec::<String>::new());
                ends = Some((machine.load(cell), entry.0, machine.swap.free() - free, faults));
            },
        );
        ends.unwrap()
    }

    #[test]
    fn s1_a_page_that_is_marked_dirty_at_once_ends_as_one_whose_region_is_locked() {
        for policy in [Policy::Clock, Policy::Sieve, Policy::Lru] {
            assert_eq!(ends(policy.clone(), true), ends(policy.clone(), false), "{policy:?}");
        }
    }

    #[test]
    fn s1_a_page_that_may_not_be_marked_dirty_at_once_is_left_as_it_is() {
        in_a_process(
            |_| {},
            |machine, cpu, space| {
                let cell = space.walk(Vpn(0)).unwrap();
                // Dirty already; and nobody's to store to, once it is shared.
                let dirty = machine.load(cell);
                assert_eq!(space.mark_dirty_at_once(Vpn(0), cell, dirty), None);
                block_on(fork(cpu, machine, space)).unwrap();
                let seen = Pte::valid(dirty.frame(), true, false);
                assert_eq!(space.mark_dirty_at_once(Vpn(0), cell, seen), None);
                let pte = machine.load(cell);
                assert!(pte.format() == PteFormat::Valid && !pte.is_writable(), "{pte:?}");
            },
        );
    }
}
