//! Models free slots: one CPU frees a slot into its own cache, another takes from its own, while a third searches
//! the bitmap and all caches under the slot lock. There is a free slot all the time, and it is
//! found; no slot is taken twice.

use std::sync::Arc;

use faultline::memory::{Device, PAGE_SIZE, Slot, Swap, SwapDevice};
use faultline::options::SlotFinder;
use faultline::runtime::{LockClass, LockWord, ThreadCpu, block_on, lock};
use loom::sync::atomic::{AtomicBool, Ordering};

use super::{Owned, THREE, lock_id, model, run};

/// A device without bytes: slots are only taken and freed here.
#[derive(Debug)]
struct NoDevice;

impl SwapDevice for NoDevice {
    fn read(&self, _: Slot, _: &mut [u8; PAGE_SIZE]) -> std::io::Result<()> {
        Err(std::io::ErrorKind::Unsupported.into())
    }

    fn write(&self, _: Slot, _: &[u8; PAGE_SIZE]) -> std::io::Result<()> {
        Err(std::io::ErrorKind::Unsupported.into())
    }
}

/// Returns an area of one slot, which is taken.
pub(super) fn swap_in_use() -> (Swap, Slot) {
    let swap = Swap::new(Device::checked(Box::new(NoDevice), 1), 1, SlotFinder::Bitmap, 2, false);
    let mut taken = Vec::new();
    swap.take(0, 1, &mut taken);
    (swap, taken[0])
}

const SLOTS: usize = 2;

struct Shared {
    swap: Swap,
    /// In use by the first CPU at the start, and at hand with the last.
    first: Slot,
    first_is_free: AtomicBool,
    /// Whether a CPU has the slot.
    had: [Owned<bool>; SLOTS + 1],
}

impl Shared {
    fn new() -> Arc<Self> {
        let device = Device::checked(Box::new(NoDevice), SLOTS as u32);
        let swap = Swap::new(device, SLOTS as u32, SlotFinder::Bitmap, 3, false);
        let mut taken = Vec::new();
        swap.take(0, 1, &mut taken);
        let first = taken[0];
        swap.take_at_hand(0, 2, &mut taken);
        assert!(swap.drop_reference(taken[1]) && swap.free_at_hand(2, taken[1]));
        let had = std::array::from_fn(|slot| Owned::new(slot == first.0 as usize));
        Arc::new(Self { swap, first, first_is_free: AtomicBool::new(false), had })
    }

    /// Takes a slot, which no other CPU may have.
    fn have(&self, slot: Slot) {
        let had = &self.had[slot.0 as usize];
        assert!(!had.get(), "slot {} is had twice", slot.0);
        had.set(true);
    }
}

fn free(_: &ThreadCpu, shared: &Shared) {
    shared.had[shared.first.0 as usize].set(false);
    assert!(shared.swap.drop_reference(shared.first));
    assert!(shared.swap.free_at_hand(0, shared.first));
    shared.first_is_free.store(true, Ordering::Release);
}

fn search(cpu: &ThreadCpu, shared: &Shared) {
    let mut taken = Vec::new();
    let word = &shared.swap.lock_word;
    let guard = block_on(lock(cpu, lock_id(LockClass::Slot), LockWord::alone(word)));
    shared.swap.take(1, 1, &mut taken);
    drop(guard);
    let [slot] = taken[..] else { panic!("the search found no free slot") };
    shared.have(slot);
}

/// Takes the other slot, but not before the first is free.
fn take_own(_: &ThreadCpu, shared: &Shared) {
    if shared.first_is_free.load(Ordering::Acquire) {
        let mut taken = Vec::new();
        shared.swap.take_at_hand(2, 1, &mut taken);
        taken.into_iter().for_each(|slot| shared.have(slot));
    }
}

#[test]
fn s7_a_free_slot_is_found_while_others_move() {
    model(THREE, || run(&Shared::new(), &[free, search, take_own]));
}

/// Slots in rows: one is free in the second row, and one in use in the first.
struct InRows {
    swap: Swap,
    first: Slot,
    first_is_free: AtomicBool,
    had: [Owned<bool>; 2],
}

impl InRows {
    fn new() -> Arc<Self> {
        const LAST: u32 = 64;
        let device = Device::checked(Box::new(NoDevice), LAST);
        let swap = Swap::new(device, LAST, SlotFinder::Rows, 3, false);
        let mut taken = Vec::new();
        let drawn = swap.draw(LAST - 1);
        swap.take_drawn(0, drawn, &mut taken);
        let had = [Owned::new(true), Owned::new(false)];
        Arc::new(Self { swap, first: taken[0], first_is_free: AtomicBool::new(false), had })
    }

    /// Takes a slot without a lock; there is one.
    fn take(&self, cpu: usize) {
        assert_eq!(self.swap.draw(1), 1, "no slot is free");
        let mut taken = Vec::new();
        self.swap.take_drawn(cpu, 1, &mut taken);
        let [slot] = taken[..] else { panic!("what was drawn was not found") };
        let had = &self.had[usize::from(slot != self.first)];
        assert!(!had.get(), "slot {} is had twice", slot.0);
        had.set(true);
    }
}

fn free_into_row(_: &ThreadCpu, shared: &InRows) {
    shared.had[0].set(false);
    assert!(shared.swap.drop_reference(shared.first));
    shared.swap.free_into_row(shared.first);
    shared.first_is_free.store(true, Ordering::Release);
}

fn take_one(_: &ThreadCpu, shared: &InRows) {
    shared.take(1);
}

/// Takes the other slot, but not before the first is free.
fn take_another(_: &ThreadCpu, shared: &InRows) {
    if shared.first_is_free.load(Ordering::Acquire) {
        shared.take(2);
    }
}

/// A CPU that has drawn a slot finds it, though the one that it drew on is taken by another that has drawn too.
#[test]
fn s7_a_slot_that_was_drawn_is_found_while_others_move() {
    model(THREE, || run(&InRows::new(), &[free_into_row, take_one, take_another]));
}

/// Takes the one slot that is free, and gives it back.
fn take_and_give_back(_: &ThreadCpu, shared: &InRows) {
    let moving = shared.swap.begin_move(0);
    let drawn = shared.swap.draw(1);
    let moving = moving.only_if(drawn > 0);
    shared.swap.give_up(drawn);
    drop(moving);
}

/// Looks for a slot as a CPU does that is about to say that there is none.
fn look(_: &ThreadCpu, shared: &InRows) {
    let before = shared.swap.moves_of_others(1);
    let is_none = shared.swap.has_none_in_rows();
    let after = shared.swap.moves_of_others(1);
    assert!(!is_none || before.is_none() || before != after, "swap is not full");
}

/// A slot that is taken and given back is at no time in use, and no CPU takes swap for full meanwhile.
#[test]
fn s7_swap_is_not_full_while_a_slot_is_on_the_move() {
    model(THREE, || run(&InRows::new(), &[take_and_give_back, look]));
}
