//! The PFN database: 16 bytes a frame, a state word (the entry) and the key of its reverse mapping.
//!
//! Pages shared by fork stand at the same page number in related processes, so a frame's key is
//! (family, page number) and its mappings are found by asking the family's living members.
//!
//! The key's word may name the *owner* too: the process of the one PTE that refers to the frame. It changes under
//! the frame's lock alone, and no more is known of a frame without one.

use std::mem::ManuallyDrop;

use super::pte::load_pte;
use super::word::{
    Entry, FrameState, NIL, PFN_FLIGHT_WAITERS, PFN_IN_FLIGHT, PFN_LOCK, PFN_LOCK_WAITERS, Pfn,
    ProcessId, Vpn,
};
use crate::fields::fields;
use crate::observe::Event;
use crate::parts::MemoryPart;
use crate::runtime::{Cpu, LockClass, LockId, LockWord, Locked, emit, emit_if, lock, try_lock};
use crate::sync::atomic::{AtomicU64, Ordering};
use crate::sync::find;

const NOT_PAYLOAD: u64 = PFN_LOCK | PFN_LOCK_WAITERS | PFN_FLIGHT_WAITERS;

/// The key of a frame's reverse mapping: the same page number in every member of a family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    /// The family.
    pub family: u32,
    /// The page number.
    pub vpn: Vpn,
}

#[derive(Debug)]
#[repr(C)]
struct Record {
    word: AtomicU64,
    key: AtomicU64,
}

/// Where the fields of a frame's record are.
pub(crate) const PFN_FIELDS: [(&str, usize); 2] = fields!(Record { word, key });
/// Where the page number is in a key, and where the family.
pub(crate) const VPN_SHIFT: u32 = 0;
/// See [`VPN_SHIFT`].
pub(crate) const FAMILY_SHIFT: u32 = 32;
/// The bits of a family; all of them for none.
pub(crate) const FAMILY: u32 = 0xffff;
/// Where the owner and 1 is in a key, 0 for none.
const OWNER_SHIFT: u32 = 48;

/// What a protected frame holds, as the page number of its key says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProtectedKind {
    /// The universal zero page, which is at no family's service.
    ZeroPage,
    /// A page directory.
    Directory,
    /// A page table.
    Table,
}

/// The kinds with their names, in the order of their numbers.
pub(crate) const PROTECTED_KINDS: [(ProtectedKind, &str); 3] = [
    (ProtectedKind::ZeroPage, "zero-page"),
    (ProtectedKind::Directory, "directory"),
    (ProtectedKind::Table, "table"),
];

/// The entries of all frames.
#[derive(Debug)]
pub struct PfnDatabase {
    records: Box<[Record]>,
}

impl PfnDatabase {
    /// Bytes from a frame's record to the next.
    pub const RECORD_BYTES: usize = size_of::<Record>();

    /// Returns entries for this many frames, all free.
    pub fn new(frames: usize) -> Self {
        let record =
            || Record { word: AtomicU64::new(FrameState::Free as u64), key: AtomicU64::new(0) };
        Self { records: (0..frames).map(|_| record()).collect() }
    }

    /// Returns how many frames there are.
    pub fn count(&self) -> u32 {
        self.records.len() as u32
    }

    /// Returns the entry as it is now; only a hint without the lock.
    #[inline]
    pub fn peek(&self, frame: Pfn) -> Entry {
        Entry(self.records[frame.0 as usize].word.load(Ordering::Acquire) & !NOT_PAYLOAD)
    }

    /// Finds the first frame, from one on, whose entry is wanted as it is now; only a hint without its lock.
    pub fn find(&self, from: Pfn, is_wanted: impl Fn(Entry) -> bool) -> Option<Pfn> {
        let records = &self.records[from.0 as usize..];
        let is_wanted = |word| is_wanted(Entry(word & !NOT_PAYLOAD));
        let found = find(records, |record| &record.word, Ordering::Acquire, is_wanted);
        found.map(|(index, _)| Pfn(from.0 + index as u32))
    }

    /// Returns the reverse-mapping key; stable while the frame is locked.
    pub fn key(&self, frame: Pfn) -> Key {
        let key = self.records[frame.0 as usize].key.load(Ordering::Relaxed);
        let family = match (key >> FAMILY_SHIFT) as u32 & FAMILY {
            FAMILY => NIL,
            family => family,
        };
        Key { family, vpn: Vpn((key >> VPN_SHIFT) as u32) }
    }

    /// Sets the key, without an owner; the caller holds the lock.
    pub fn set_key(&self, frame: Pfn, key: Key) {
        let family = key.family & FAMILY;
        let word = u64::from(key.vpn.0) << VPN_SHIFT | u64::from(family) << FAMILY_SHIFT;
        self.records[frame.0 as usize].key.store(word, Ordering::Relaxed);
    }

    /// Returns the owner: the process of the one PTE that refers to a frame, if it is known; to be relied on
    /// while the frame is locked.
    pub fn owner(&self, frame: Pfn) -> Option<ProcessId> {
        let key = self.records[frame.0 as usize].key.load(Ordering::Relaxed);
        ((key >> OWNER_SHIFT) as u32).checked_sub(1).map(ProcessId)
    }

    /// Sets the owner beside the key; the caller holds the lock, or has just taken the frame.
    pub fn set_owner(&self, frame: Pfn, owner: Option<ProcessId>) {
        let key = &self.records[frame.0 as usize].key;
        let owner = owner.map_or(0, |owner| u64::from(owner.0) + 1);
        let rest = key.load(Ordering::Relaxed) & ((1 << OWNER_SHIFT) - 1);
        key.store(rest | owner << OWNER_SHIFT, Ordering::Relaxed);
    }

    /// Makes a locked frame free, and takes its key away.
    pub fn set_free<C: Cpu>(&self, locked: &mut LockedEntry<'_, C>) {
        locked.entry = Entry(FrameState::Free as u64);
        self.set_key(locked.frame, Key { family: 0, vpn: Vpn(0) });
    }

    /// Locks an entry (B).
    #[track_caller]
    pub fn lock<'a, C: Cpu>(
        &'a self,
        cpu: &'a C,
        frame: Pfn,
    ) -> impl Future<Output = LockedEntry<'a, C>> {
        let word = &self.records[frame.0 as usize].word;
        let id = LockId::new(LockClass::Pfn, u64::from(frame.0));
        let locked = lock(cpu, id, LockWord::within(word, PFN_LOCK, PFN_LOCK_WAITERS));
        async move { LockedEntry::new(frame, locked.await) }
    }

    /// Locks an entry if no other CPU has locked it; allowed against the lock order.
    #[inline(always)]
    #[track_caller]
    pub fn try_lock<'a, C: Cpu>(&'a self, cpu: &'a C, frame: Pfn) -> Option<LockedEntry<'a, C>> {
        let word = &self.records[frame.0 as usize].word;
        let id = LockId::new(LockClass::Pfn, u64::from(frame.0));
        let locked = try_lock(cpu, id, LockWord::within(word, PFN_LOCK, PFN_LOCK_WAITERS))?;
        Some(LockedEntry::new(frame, locked))
    }

    /// Makes the entry of a taken frame `new` in one step; false, and nothing is changed, while a CPU that
    /// read an outdated hint of the frame has it locked.
    #[inline(always)]
    pub(crate) fn take_into_use<C: Cpu>(&self, cpu: &C, frame: Pfn, new: Entry) -> bool {
        let word = &self.records[frame.0 as usize].word;
        let old = word.load(Ordering::Relaxed);
        let in_hand = old == FrameState::Free as u64 || old == FrameState::Zeroed as u64;
        let swap = || word.compare_exchange(old, new.0, Ordering::AcqRel, Ordering::Relaxed);
        in_hand && emit_if(cpu, Event::of_frame(frame.0, old, new.0), swap).is_ok()
    }

    /// Makes the entry of a taken frame `new`, however long another CPU has it locked.
    pub async fn put_into_use<C: Cpu>(&self, cpu: &C, frame: Pfn, new: Entry) {
        if !self.take_into_use(cpu, frame, new) {
            self.lock(cpu, frame).await.entry = new;
        }
    }

    /// Changes an entry by `change` in one step, as a CPU does that locks it, changes it and unlocks it; false, and nothing is
    /// changed, while another CPU has it locked, and where `change` returns none.
    #[inline]
    pub fn try_change<C: Cpu>(
        &self,
        cpu: &C,
        frame: Pfn,
        change: impl FnOnce(Entry) -> Option<Entry>,
    ) -> bool {
        let word = &self.records[frame.0 as usize].word;
        let seen = word.load(Ordering::Acquire);
        if seen & (PFN_LOCK | PFN_LOCK_WAITERS) != 0 {
            return false;
        }
        let old = Entry(seen & !NOT_PAYLOAD);
        let Some(new) = change(old) else { return false };
        let has_landed = old.is_in_flight() && !new.is_in_flight();
        let waiters = seen & PFN_FLIGHT_WAITERS;
        let kept = if has_landed { 0 } else { waiters };
        let (order, failed) = (Ordering::AcqRel, Ordering::Relaxed);
        let swap = || word.compare_exchange(seen, new.0 | kept, order, failed);
        let has_changed = emit_if(cpu, Event::of_frame(frame.0, old.0, new.0), swap).is_ok();
        if has_changed && has_landed && waiters != 0 {
            cpu.wake(word, PFN_FLIGHT_WAITERS);
        }
        has_changed
    }

    /// Whether a frame is active, and not only about to be; a hint without the lock.
    pub fn is_active(&self, frame: Pfn) -> bool {
        self.peek(frame).state() == FrameState::Active
    }

    /// Returns what `look` sees of the frame that a transition PTE names; none when the PTE, read again under
    /// the frame's lock, names it no longer (S14).
    pub async fn look_through<C: Cpu, T>(
        &self,
        cpu: &C,
        cell: &AtomicU64,
        frame: Pfn,
        look: impl FnOnce() -> T,
    ) -> Option<T> {
        let _locked = self.lock(cpu, frame).await;
        load_pte(cell).refers_to(frame).then(look)
    }

    /// Sleeps until a frame is no longer in flight.
    pub async fn wait_for_flight<C: Cpu>(&self, cpu: &C, frame: Pfn) {
        let word = &self.records[frame.0 as usize].word;
        cpu.wait_while(word, PFN_IN_FLIGHT, PFN_IN_FLIGHT, PFN_FLIGHT_WAITERS).await;
    }

    /// Returns the records, as a part of memory.
    pub fn part(&self) -> MemoryPart {
        MemoryPart::of(&self.records)
    }

    /// Overwrites an entry, so that a test can see the audit find it.
    #[doc(hidden)]
    pub fn corrupt(&self, frame: Pfn, change: impl FnOnce(&mut Entry)) {
        let mut entry = self.peek(frame);
        change(&mut entry);
        self.records[frame.0 as usize].word.store(entry.0, Ordering::Relaxed);
    }
}

/// A locked entry: a copy to change, written back in one atomic step with the release.
#[derive(Debug)]
pub struct LockedEntry<'a, C: Cpu> {
    /// The frame.
    pub frame: Pfn,
    before: Entry,
    /// The entry as it will be after the release.
    pub entry: Entry,
    /// Released when the entry is dropped, and nowhere else.
    locked: ManuallyDrop<Locked<'a, C>>,
}

impl<'a, C: Cpu> LockedEntry<'a, C> {
    #[inline]
    fn new(frame: Pfn, locked: Locked<'a, C>) -> Self {
        let entry = Entry(locked.place().1.load(Ordering::Relaxed) & !NOT_PAYLOAD);
        Self { frame, before: entry, entry, locked: ManuallyDrop::new(locked) }
    }
}

impl<C: Cpu> Drop for LockedEntry<'_, C> {
    #[inline]
    fn drop(&mut self) {
        let (cpu, word) = self.locked.place();
        let landed = self.before.is_in_flight() && !self.entry.is_in_flight();
        if self.before != self.entry {
            emit(cpu, Event::of_frame(self.frame.0, self.before.0, self.entry.0));
        }
        let clear = if landed { PFN_FLIGHT_WAITERS } else { 0 };
        let (entry, keep) = (self.entry.0, NOT_PAYLOAD & !clear);
        let old = self.locked.release_in_place(|seen| entry | seen & keep);
        if old & clear != 0 {
            cpu.wake(word, PFN_FLIGHT_WAITERS);
        }
    }
}
