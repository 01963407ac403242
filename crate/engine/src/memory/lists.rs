//! Lists of frames, linked by index in one array, so that a frame leaves the middle in O(1) (S12).
//!
//! A frame is on at most one list, so one pair of links is enough. A list's lock guards its head,
//! tail, count and the links of its members; counts may be read without it, as a hint.
//!
//! The lists are divided into shards (`shards.rs`), and each shard is a list here, with its own lock. Frames on their way
//! to the active list are in entries of their CPU's (`arrivals.rs`), and their links say where.

use super::arrivals::{ArrivalEntry, Arrivals};
use super::word::{FrameState, NIL, Pfn, some};
use crate::fields::fields;
use crate::parts::MemoryPart;
use crate::runtime::{Cpu, LockClass, LockId, LockWord, Locked, lock, try_lock};
use crate::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use crate::sync::unheard;

/// Which list: an index in the array of lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ListId(pub usize);

/// One list, on a cache line of its own.
#[derive(Debug)]
#[repr(C, align(64))]
pub(super) struct List {
    lock: AtomicU64,
    head: AtomicU32,
    tail: AtomicU32,
    pub(super) count: AtomicU32,
    /// The policy's hand: where its search goes on; a member of the list, or none for its head.
    hand: AtomicU32,
    /// Frames that searches have taken off and look at.
    isolated: AtomicU32,
}

/// All lists and the links of all frames.
#[derive(Debug)]
pub struct Lists {
    pub(super) lists: Box<[List]>,
    /// For each frame: the next in the low half, the previous in the high half.
    links: Box<[AtomicU64]>,
    pub(super) free_shards: Shards,
    pub(super) list_shards: Shards,
    arrivals: Arrivals,
}

/// How a list is divided.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shards {
    pub(super) count: usize,
    /// Neighbouring frames that share a shard: their entries share cache lines too.
    block: usize,
}

impl Shards {
    fn new(frames: usize, count: usize) -> Self {
        Self { count, block: (frames / (4 * count)).clamp(1, 64) }
    }

    /// Returns the shard of a frame.
    #[inline]
    pub(super) fn of(self, frame: Pfn) -> usize {
        // Without a division where there is nothing to choose.
        if self.count == 1 { 0 } else { frame.0 as usize / self.block % self.count }
    }
}

/// Where the fields of a list's record are.
pub(crate) const LIST_FIELDS: [(&str, usize); 5] = fields!(List { lock, head, tail, count, hand });

/// Whether lists look at each frame that comes and goes: in debug builds, and where a teaching bug can make
/// a list cyclic.
const CHECKED: bool = cfg!(any(debug_assertions, feature = "bugs"));

/// Where the next frame is in a frame's links.
pub(crate) const NEXT_SHIFT: u32 = 0;
const PREVIOUS_SHIFT: u32 = 32;

fn pack(next: u32, previous: u32) -> u64 {
    u64::from(next) << NEXT_SHIFT | u64::from(previous) << PREVIOUS_SHIFT
}

fn unpack(links: u64) -> (u32, u32) {
    ((links >> NEXT_SHIFT) as u32, (links >> PREVIOUS_SHIFT) as u32)
}

impl Lists {
    /// Returns empty lists: `free_shards` zeroed and free ones, and `list_shards` active, modified and standby ones;
    /// `cpus` CPUs may hold back `most_arrivals` frames each, 15 at most.
    pub fn new(
        frames: usize,
        free_shards: usize,
        list_shards: usize,
        cpus: usize,
        most_arrivals: u32,
    ) -> Self {
        let list = || List {
            lock: AtomicU64::new(0),
            head: AtomicU32::new(NIL),
            tail: AtomicU32::new(NIL),
            count: AtomicU32::new(0),
            hand: AtomicU32::new(NIL),
            isolated: AtomicU32::new(0),
        };
        Self {
            lists: (0..2 * free_shards + 3 * list_shards).map(|_| list()).collect(),
            links: (0..frames).map(|_| AtomicU64::new(pack(NIL, NIL))).collect(),
            free_shards: Shards::new(frames, free_shards),
            list_shards: Shards::new(frames, list_shards),
            arrivals: Arrivals::new(cpus, most_arrivals),
        }
    }

    /// Locks a list (C).
    #[track_caller]
    pub fn lock<'a, C: Cpu>(
        &'a self,
        cpu: &'a C,
        list: ListId,
    ) -> impl Future<Output = Locked<'a, C>> {
        let id = LockId::new(LockClass::List, list.0 as u64);
        lock(cpu, id, LockWord::alone(&self.lists[list.0].lock))
    }

    /// Returns how many frames are on a list; a hint without its lock.
    pub fn count(&self, list: ListId) -> u32 {
        self.lists[list.0].count.load(Ordering::Relaxed)
    }

    /// Returns the first frame; the caller holds the lock.
    pub fn first(&self, list: ListId) -> Option<Pfn> {
        some(self.lists[list.0].head.load(Ordering::Relaxed), Pfn)
    }

    /// Returns the frame after `frame` on its list; the caller holds the lock.
    pub fn next(&self, frame: Pfn) -> Option<Pfn> {
        some(self.links(frame).0, Pfn)
    }

    /// Returns the policy's hand, where its search goes on; the caller holds the lock.
    pub fn hand(&self, list: ListId) -> Option<Pfn> {
        some(self.lists[list.0].hand.load(Ordering::Relaxed), Pfn)
    }

    /// Sets the policy's hand: to a member of the list, or to its head. It moves on when that member leaves.
    /// The caller holds the lock.
    pub fn set_hand(&self, list: ListId, at: Option<Pfn>) {
        self.lists[list.0].hand.store(at.map_or(NIL, |frame| frame.0), Ordering::Relaxed);
    }

    /// Counts frames that a search has taken off to look at them; the caller holds the lock.
    pub fn isolate(&self, list: ListId, frames: u32) {
        self.lists[list.0].isolated.fetch_add(frames, Ordering::Relaxed);
    }

    /// Counts them no longer: they are on the list again, or in flight.
    pub fn has_looked_at(&self, list: ListId, frames: u32) {
        self.lists[list.0].isolated.fetch_sub(frames, Ordering::Release);
    }

    /// Whether searches are looking at frames that they have taken off.
    pub fn is_looked_at(&self, list: ListId) -> bool {
        self.lists[list.0].isolated.load(Ordering::Acquire) > 0
    }

    fn links(&self, frame: Pfn) -> (u32, u32) {
        unpack(self.links[frame.0 as usize].load(Ordering::Relaxed))
    }

    fn set_links(&self, frame: u32, next: u32, previous: u32) {
        self.links[frame as usize].store(pack(next, previous), Ordering::Relaxed);
    }

    /// Puts a frame at the end; the caller holds the lock.
    pub fn push_back(&self, list: ListId, frame: Pfn) {
        assert!(!CHECKED || !self.is_linked(frame), "{}", self.listed_twice(frame, list));
        let list = &self.lists[list.0];
        let tail = list.tail.load(Ordering::Relaxed);
        self.set_links(frame.0, NIL, tail);
        match some(tail, Pfn) {
            Some(tail) => {
                let (_, previous) = self.links(tail);
                self.set_links(tail.0, frame.0, previous);
            }
            None => list.head.store(frame.0, Ordering::Relaxed),
        }
        list.tail.store(frame.0, Ordering::Relaxed);
        list.count.store(list.count.load(Ordering::Relaxed) + 1, Ordering::Relaxed);
    }

    /// Locks a list if no other CPU has locked it.
    #[inline(always)]
    #[track_caller]
    pub fn try_lock<'a, C: Cpu>(&'a self, cpu: &'a C, list: ListId) -> Option<Locked<'a, C>> {
        let id = LockId::new(LockClass::List, list.0 as u64);
        try_lock(cpu, id, LockWord::alone(&self.lists[list.0].lock))
    }

    /// Puts a frame before the policy's hand, or at the end if the hand is at the head again; the caller holds the
    /// lock.
    pub fn insert_behind_hand(&self, id: ListId, frame: Pfn) {
        let Some(hand) = self.hand(id) else { return self.push_back(id, frame) };
        assert!(!CHECKED || !self.is_linked(frame), "{}", self.listed_twice(frame, id));
        let list = &self.lists[id.0];
        let (after, previous) = self.links(hand);
        self.set_links(hand.0, after, frame.0);
        self.set_links(frame.0, hand.0, previous);
        match some(previous, Pfn) {
            Some(before) => {
                let (_, previous) = self.links(before);
                self.set_links(before.0, frame.0, previous);
            }
            None => list.head.store(frame.0, Ordering::Relaxed),
        }
        list.count.store(list.count.load(Ordering::Relaxed) + 1, Ordering::Relaxed);
    }

    /// Holds a frame back for the active list; false when there is no room. Only the CPU itself calls this.
    #[inline(always)]
    pub fn arrive(&self, cpu: usize, frame: Pfn) -> bool {
        let Some(entry) = self.arrivals.next(cpu) else { return false };
        if CHECKED {
            let list = self.list_of(FrameState::Active, frame);
            assert!(!self.is_linked(frame), "{}", self.listed_twice(frame, list));
        }
        let (next, previous) = entry.links();
        self.set_links(frame.0, next, previous);
        self.arrivals.add(entry, frame);
        true
    }

    /// Whether a CPU holds frames back; a hint to others.
    pub fn has_arrivals(&self, cpu: usize) -> bool {
        self.arrivals.any(cpu)
    }

    /// Puts a CPU's arrivals that belong to a shard of the active list and are `ready` at its end; the caller holds its
    /// lock. Returns how many.
    pub fn admit_of(&self, cpu: usize, list: ListId, ready: impl Fn(Pfn) -> bool) -> u32 {
        let mut admitted = 0;
        for (entry, frame) in self.arrivals.of(cpu) {
            // With the lock held, a frame of this shard stays where it is found.
            if self.list_of(FrameState::Active, frame) == list && ready(frame) {
                self.arrivals.take_out(entry);
                self.set_links(frame.0, NIL, NIL);
                self.push_back(list, frame);
                admitted += 1;
            }
        }
        admitted
    }

    /// Lets the calling CPU hold back frames again from its first entry on. All that it has held back are admitted or
    /// taken out.
    pub fn has_admitted_own(&self, cpu: usize) {
        self.arrivals.begin_anew(cpu);
    }

    /// Returns the shards of the active list that frames belong to which a CPU holds back, by their bits; a hint to
    /// others.
    pub fn shards_of_arrivals(&self, cpu: usize) -> u64 {
        if self.list_shards.count == 1 {
            return self.has_arrivals(cpu).into();
        }
        self.arrivals(cpu).fold(0, |shards, frame| shards | 1 << self.list_shards.of(frame))
    }

    /// Returns the frames that a CPU holds back.
    pub fn arrivals(&self, cpu: usize) -> impl Iterator<Item = Pfn> + '_ {
        self.arrivals.of(cpu).map(|(_, frame)| frame)
    }

    /// Takes a frame from anywhere on the list it is on; the caller holds the lock.
    pub fn remove(&self, id: ListId, frame: Pfn) {
        let list = &self.lists[id.0];
        let (next, previous) = self.links(frame);
        if let Some(entry) = ArrivalEntry::of_links(next, previous) {
            self.arrivals.take_out(entry);
            self.set_links(frame.0, NIL, NIL);
            return;
        }
        assert!(
            !CHECKED || self.is_linked(frame),
            "frame {} was taken off list {}, but is on none",
            frame.0,
            self.name(id)
        );
        match some(previous, Pfn) {
            Some(before) => {
                let (_, previous) = self.links(before);
                self.set_links(before.0, next, previous);
            }
            None => list.head.store(next, Ordering::Relaxed),
        }
        match some(next, Pfn) {
            Some(after) => {
                let (next, _) = self.links(after);
                self.set_links(after.0, next, previous);
            }
            None => list.tail.store(previous, Ordering::Relaxed),
        }
        if list.hand.load(Ordering::Relaxed) == frame.0 {
            list.hand.store(next, Ordering::Relaxed);
        }
        self.set_links(frame.0, NIL, NIL);
        list.count.store(list.count.load(Ordering::Relaxed) - 1, Ordering::Relaxed);
    }

    /// Takes the first frame; the caller holds the lock.
    pub fn pop_front(&self, id: ListId) -> Option<Pfn> {
        let mut popped = None;
        self.pop_while(id, |count| count == 0, |frame| popped = Some(frame));
        popped
    }

    /// Takes frames off the front one after the other, while `wants_more` than so many, and passes each to `take` when it
    /// is off the list; the caller holds the lock. Returns how many.
    #[inline(always)]
    pub fn pop_while(
        &self,
        id: ListId,
        wants_more: impl Fn(u32) -> bool,
        mut take: impl FnMut(Pfn),
    ) -> u32 {
        let list = &self.lists[id.0];
        let mut first = list.head.load(Ordering::Relaxed);
        let (mut second, mut count) = (None, 0);
        while let Some(frame) = some(first, Pfn)
            && wants_more(count)
        {
            let next = second.unwrap_or_else(|| self.links(frame).0);
            list.head.store(next, Ordering::Relaxed);
            second = some(next, Pfn).map(|next| {
                let (after, _) = self.links(next);
                self.set_links(next.0, after, NIL);
                after
            });
            if second.is_none() {
                list.tail.store(NIL, Ordering::Relaxed);
            }
            if list.hand.load(Ordering::Relaxed) == first {
                list.hand.store(next, Ordering::Relaxed);
            }
            self.set_links(first, NIL, NIL);
            // Before it is anywhere else: no frame is counted twice, or a CPU could take those at work for idle.
            list.count.store(list.count.load(Ordering::Relaxed) - 1, Ordering::Relaxed);
            count += 1;
            take(frame);
            first = next;
        }
        count
    }

    /// Whether a frame is on a list: in its middle, or its first or last.
    fn is_linked(&self, frame: Pfn) -> bool {
        let is_end = |list: &List| {
            let ends = [&list.head, &list.tail];
            ends.iter().any(|end| end.load(Ordering::Relaxed) == frame.0)
        };
        unheard(|| self.links(frame) != (NIL, NIL) || self.lists.iter().any(is_end))
    }

    /// Says what is wrong with putting a frame that is on a list on another.
    fn listed_twice(&self, frame: Pfn, list: ListId) -> String {
        let on = |list: &ListId| self.validate(*list).is_ok_and(|list| list.contains(&frame));
        let other = self.all().find(on).map_or("another".to_owned(), |list| self.name(list));
        format!("frame {} was put on list {}, but is on {other}", frame.0, self.name(list))
    }

    /// Returns the members in order, or what is wrong with the list.
    ///
    /// # Errors
    /// A sentence that names the frame where links and count disagree.
    pub fn validate(&self, id: ListId) -> Result<Vec<Pfn>, String> {
        let list = &self.lists[id.0];
        let count = self.count(id) as usize;
        let mut members = Vec::with_capacity(count);
        let (mut at, mut before) = (list.head.load(Ordering::Relaxed), NIL);
        while let Some(frame) = some(at, Pfn) {
            if members.len() == count {
                return Err(format!("list {} is longer than its count {count}", self.name(id)));
            }
            let (next, previous) = self.links(frame);
            if previous != before {
                return Err(format!("list {}: frame {at} has a wrong back link", self.name(id)));
            }
            members.push(frame);
            (at, before) = (next, at);
        }
        if members.len() != count {
            return Err(format!(
                "list {} has {} frames, its count says {count}",
                self.name(id),
                members.len()
            ));
        }
        if list.tail.load(Ordering::Relaxed) != before {
            return Err(format!("list {} has a wrong tail", self.name(id)));
        }
        Ok(members)
    }

    /// Makes a frame's back link wrong, so that a test can see the audit find it.
    #[doc(hidden)]
    pub fn corrupt_back_link(&self, frame: Pfn) {
        self.set_links(frame.0, self.links(frame).0, frame.0);
    }

    /// Makes a list's tail wrong, to the same end.
    #[doc(hidden)]
    pub fn corrupt_tail(&self, list: ListId) {
        let list = &self.lists[list.0];
        list.tail.store(list.head.load(Ordering::Relaxed), Ordering::Relaxed);
    }

    /// Returns the lists, as a part of memory.
    pub fn lists_part(&self) -> MemoryPart {
        MemoryPart::of(&self.lists)
    }

    /// Returns the links, one record a frame, as a part of memory.
    pub fn links_part(&self) -> MemoryPart {
        MemoryPart::of(&self.links)
    }

    /// Returns the arrivals, one record a CPU, as a part of memory.
    pub fn arrivals_part(&self) -> MemoryPart {
        self.arrivals.part()
    }
}
