//! Lists of frames: links by index in one array, so that a frame leaves the middle in O(1) (S12).
//!
//! A frame is on at most one list, so one pair of links is enough. A list's lock guards its head,
//! tail, count and the links of its members; counts may be read without it, as a hint.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use super::word::Pfn;

/// No frame.
pub const NIL: u32 = u32::MAX;
/// The lock bit of a list's lock word.
pub(super) const LIST_LOCK: u64 = 1;
/// Somebody waits for it.
pub(super) const LIST_LOCK_WAITERS: u64 = 2;

/// Which list: an index in the array of lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ListId(pub usize);

/// One list, on a cache line of its own.
#[derive(Debug)]
#[repr(C, align(64))]
struct List {
    lock: AtomicU64,
    head: AtomicU32,
    tail: AtomicU32,
    count: AtomicU32,
    /// Where a policy's search goes on; a member of the list, or none for its head.
    hand: AtomicU32,
}

/// All lists and the links of all frames.
#[derive(Debug)]
pub struct Lists {
    lists: Box<[List]>,
    /// For each frame: the next in the low half, the previous in the high half.
    links: Box<[AtomicU64]>,
    shards: usize,
}

fn pack(next: u32, previous: u32) -> u64 {
    u64::from(next) | u64::from(previous) << 32
}

fn unpack(links: u64) -> (u32, u32) {
    (links as u32, (links >> 32) as u32)
}

impl Lists {
    /// Empty lists: `shards` zeroed and free ones, active, modified and standby.
    pub fn new(frames: usize, shards: usize) -> Self {
        let list = || List {
            lock: AtomicU64::new(0),
            head: AtomicU32::new(NIL),
            tail: AtomicU32::new(NIL),
            count: AtomicU32::new(0),
            hand: AtomicU32::new(NIL),
        };
        Self {
            lists: (0..2 * shards + 3).map(|_| list()).collect(),
            links: (0..frames).map(|_| AtomicU64::new(pack(NIL, NIL))).collect(),
            shards,
        }
    }

    /// Shards of the free and of the zeroed list.
    pub fn shards(&self) -> usize {
        self.shards
    }

    /// A shard of the zeroed list.
    pub fn zeroed(&self, shard: usize) -> ListId {
        ListId(shard % self.shards)
    }

    /// A shard of the free list.
    pub fn free(&self, shard: usize) -> ListId {
        ListId(self.shards + shard % self.shards)
    }

    /// The active list.
    pub fn active(&self) -> ListId {
        ListId(2 * self.shards)
    }

    /// The modified list.
    pub fn modified(&self) -> ListId {
        ListId(2 * self.shards + 1)
    }

    /// The standby list.
    pub fn standby(&self) -> ListId {
        ListId(2 * self.shards + 2)
    }

    /// All lists.
    pub fn all(&self) -> impl Iterator<Item = ListId> + use<> {
        (0..self.lists.len()).map(ListId)
    }

    /// The name of a list, as `free/3` or `active`.
    pub fn name(&self, list: ListId) -> String {
        let shards = self.shards;
        match list.0 {
            index if index < shards => format!("zeroed/{index}"),
            index if index < 2 * shards => format!("free/{}", index - shards),
            index => ["active", "modified", "standby"][index - 2 * shards].to_owned(),
        }
    }

    /// The lock word of a list.
    pub fn lock_word(&self, list: ListId) -> &AtomicU64 {
        &self.lists[list.0].lock
    }

    /// How many frames are on a list; a hint without its lock.
    pub fn count(&self, list: ListId) -> u32 {
        self.lists[list.0].count.load(Ordering::Relaxed)
    }

    /// The first frame; the caller holds the lock.
    pub fn first(&self, list: ListId) -> Option<Pfn> {
        some(self.lists[list.0].head.load(Ordering::Relaxed))
    }

    /// The frame after `frame` on its list; the caller holds the lock.
    pub fn next(&self, frame: Pfn) -> Option<Pfn> {
        some(self.links(frame).0)
    }

    /// Where a policy's search goes on; the caller holds the lock.
    pub fn hand(&self, list: ListId) -> Option<Pfn> {
        some(self.lists[list.0].hand.load(Ordering::Relaxed))
    }

    /// Says where a search goes on: at a member of the list, or at its head. It moves on when that
    /// member leaves. The caller holds the lock.
    pub fn set_hand(&self, list: ListId, at: Option<Pfn>) {
        self.lists[list.0].hand.store(at.map_or(NIL, |frame| frame.0), Ordering::Relaxed);
    }

    fn links(&self, frame: Pfn) -> (u32, u32) {
        unpack(self.links[frame.0 as usize].load(Ordering::Relaxed))
    }

    fn set_links(&self, frame: u32, next: u32, previous: u32) {
        self.links[frame as usize].store(pack(next, previous), Ordering::Relaxed);
    }

    /// Puts a frame at the end; the caller holds the lock.
    pub fn push_back(&self, list: ListId, frame: Pfn) {
        let list = &self.lists[list.0];
        let tail = list.tail.load(Ordering::Relaxed);
        debug_assert!(
            self.links(frame) == (NIL, NIL) && list.head.load(Ordering::Relaxed) != frame.0
        );
        self.set_links(frame.0, NIL, tail);
        match some(tail) {
            Some(tail) => {
                let (_, previous) = self.links(tail);
                self.set_links(tail.0, frame.0, previous);
            }
            None => list.head.store(frame.0, Ordering::Relaxed),
        }
        list.tail.store(frame.0, Ordering::Relaxed);
        list.count.store(list.count.load(Ordering::Relaxed) + 1, Ordering::Relaxed);
    }

    /// Takes a frame from anywhere on the list it is on; the caller holds the lock.
    pub fn remove(&self, list: ListId, frame: Pfn) {
        let list = &self.lists[list.0];
        let (next, previous) = self.links(frame);
        match some(previous) {
            Some(before) => {
                let (_, previous) = self.links(before);
                self.set_links(before.0, next, previous);
            }
            None => list.head.store(next, Ordering::Relaxed),
        }
        match some(next) {
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
    pub fn pop_front(&self, list: ListId) -> Option<Pfn> {
        let frame = self.first(list)?;
        self.remove(list, frame);
        Some(frame)
    }

    /// The members in order, or what is wrong with the list.
    ///
    /// # Errors
    /// A sentence that names the frame where links and count disagree.
    pub fn validate(&self, id: ListId) -> Result<Vec<Pfn>, String> {
        let list = &self.lists[id.0];
        let count = self.count(id) as usize;
        let mut members = Vec::with_capacity(count);
        let (mut at, mut before) = (list.head.load(Ordering::Relaxed), NIL);
        while let Some(frame) = some(at) {
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

    /// Addresses of links and list records and the bytes of a record: for a reader in place.
    pub fn layout(&self) -> (usize, usize, usize) {
        (self.links.as_ptr().addr(), self.lists.as_ptr().addr(), size_of::<List>())
    }
}

fn some(index: u32) -> Option<Pfn> {
    (index != NIL).then_some(Pfn(index))
}
