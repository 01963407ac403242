//! Changes a PTE in its word by compare-and-swap, beside a region's lock bits and the bit of the tasks that
//! wait for a fault. See `memory/word/pte.rs` for the bits and for which CPU may change them.

use super::word::{
    PTE_AT_WORK, PTE_IN_TRANSIT, PTE_LOCK, PTE_LOCK_WAITERS, PTE_TRANSIT_WAITERS, Pte, PteFormat,
};
use crate::observe::{Event, EventKind};
use crate::runtime::{Cpu, LockId, LockWord, Locked, emit, emit_if, lock, try_lock};
use crate::sync::atomic::{AtomicU64, Ordering};

/// Returns the value of a PTE.
#[inline]
pub fn load_pte(cell: &AtomicU64) -> Pte {
    Pte::of_word(cell.load(Ordering::Acquire))
}

/// Changes a PTE by `change`, which gets the value without lock bits and returns the new one, or none to
/// leave it. The change is recorded as the event that `event` makes of the old and the new value. Wakes the
/// tasks that waited for the fault when *in transit* ends. Returns the old value if it changed.
pub fn change_pte<C: Cpu>(
    cpu: &C,
    cell: &AtomicU64,
    event: impl Fn(Pte, Pte) -> Event,
    change: impl Fn(Pte) -> Option<Pte>,
) -> Option<Pte> {
    let mut seen = cell.load(Ordering::Acquire);
    let new = loop {
        let new = change(Pte::of_word(seen))?;
        let word = new.into_word(seen);
        let swap = || cell.compare_exchange_weak(seen, word, Ordering::AcqRel, Ordering::Acquire);
        match emit_if(cpu, event(Pte::of_word(seen), new), swap) {
            Ok(_) => break new,
            Err(now) => seen = now,
        }
    };
    wake(cpu, cell, seen, new);
    Some(Pte::of_word(seen))
}

/// Changes a PTE as [`change_pte`] does and releases its region's lock, in one step where both are the
/// same word.
pub fn change_pte_and_unlock<C: Cpu>(
    cpu: &C,
    cell: &AtomicU64,
    region: Locked<'_, C>,
    event: impl Fn(Pte, Pte) -> Event,
    change: impl Fn(Pte) -> Pte,
) {
    if !region.is_in(cell) {
        change_pte(cpu, cell, event, |pte| Some(change(pte)));
        return;
    }
    let seen = region.release(|seen| change(Pte::of_word(seen)).into_word(seen));
    let (old, new) = (Pte::of_word(seen), change(Pte::of_word(seen)));
    emit(cpu, event(old, new));
    wake(cpu, cell, seen, new);
}

/// Marks a PTE *in transit* in one step where it has a lock of its own, as a CPU would that takes the lock,
/// marks it and releases the lock. Returns the old value of the PTE; none if it is locked or in transit, or
/// its format is not one of `formats`.
#[inline(always)]
pub fn try_claim<C: Cpu>(
    cpu: &C,
    id: LockId,
    cell: &AtomicU64,
    event: impl Fn(Pte, Pte) -> Event,
    formats: [PteFormat; 2],
) -> Option<Pte> {
    let word = cell.load(Ordering::Relaxed);
    let pte = Pte::of_word(word);
    let free = word & (PTE_LOCK | PTE_LOCK_WAITERS | PTE_IN_TRANSIT) == 0;
    if !free || !formats.contains(&pte.format()) {
        return None;
    }
    let claimed = pte.in_transit();
    cell.compare_exchange(word, claimed.0, Ordering::AcqRel, Ordering::Relaxed).ok()?;
    emit(cpu, id.event(EventKind::LockTake, 0));
    cpu.local().profile.passed(id, C::sampled);
    emit(cpu, event(pte, claimed));
    emit(cpu, id.event(EventKind::LockRelease, 0));
    Some(pte)
}

/// Changes a PTE from `old`, on which no CPU is at work, to `new` in one step; false, and nothing is changed, if the
/// word is another by now.
#[inline(always)]
pub fn try_replace_pte<C: Cpu>(
    cpu: &C,
    cell: &AtomicU64,
    event: impl Fn(Pte, Pte) -> Event,
    (old, new): (Pte, Pte),
) -> bool {
    let swap = || cell.compare_exchange(old.0, new.0, Ordering::AcqRel, Ordering::Relaxed);
    old.0 & PTE_AT_WORK == 0 && emit_if(cpu, event(old, new), swap).is_ok()
}

/// Wakes the tasks that waited for a fault that has ended with this change.
fn wake<C: Cpu>(cpu: &C, cell: &AtomicU64, seen: u64, new: Pte) {
    if seen & PTE_TRANSIT_WAITERS != 0 && new.0 & PTE_TRANSIT_WAITERS == 0 {
        cpu.wake(cell, PTE_TRANSIT_WAITERS);
    }
}

/// Sleeps until the fault at work on a PTE has ended. The caller holds no lock.
pub async fn wait_for_transit<C: Cpu>(cpu: &C, cell: &AtomicU64) {
    cpu.wait_while(cell, PTE_IN_TRANSIT, PTE_IN_TRANSIT, PTE_TRANSIT_WAITERS).await;
}

/// Locks the region whose first PTE, or whose own word, this is (A).
#[track_caller]
pub fn lock_region<'a, C: Cpu>(
    cpu: &'a C,
    (id, word): (LockId, &'a AtomicU64),
) -> impl Future<Output = Locked<'a, C>> {
    lock(cpu, id, LockWord::within(word, PTE_LOCK, PTE_LOCK_WAITERS))
}

/// Locks such a region if no other CPU has locked it; allowed against the lock order.
#[track_caller]
pub fn try_lock_region<'a, C: Cpu>(
    cpu: &'a C,
    (id, word): (LockId, &'a AtomicU64),
) -> Option<Locked<'a, C>> {
    try_lock(cpu, id, LockWord::within(word, PTE_LOCK, PTE_LOCK_WAITERS))
}
