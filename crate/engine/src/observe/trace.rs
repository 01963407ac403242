//! The trace: records of 32 bytes in a ring for each CPU and daemon and one for the script, read in
//! place by the page. `observe/event.rs` has the format.
//!
//! A ring keeps the latest records of the kinds that are asked for. A reader that comes too late is
//! told how many it has missed. In a virtual run the hash covers every event, whatever the rings keep.

use super::event::{CPU_SHIFT, Detail, EventKind, Record, kind_bit, stamp_at};
use super::watch::Watch;
use crate::sync::aside::{AtomicU64, Ordering, fence};

/// A cache line: the head of a ring, or two records.
#[derive(Debug, Default)]
#[repr(C, align(64))]
struct Line([AtomicU64; 8]);

/// Words of a record.
const WORDS: usize = 4;
/// Where a ring's first line has how many records it has seen.
const SEEN: usize = 0;
/// On threads: what a record's place in the ring's history has to be added to for its stamp.
const BASE: usize = 1;
/// How many of its first records a ring has no more, whatever it has seen: whoever puts a run back to an
/// earlier place, but not its records, writes this.
const FLOOR: usize = 2;
/// On threads the clock is read for one in this many records of a ring.
const CLOCK_SAMPLE: u64 = 256;

/// The rings of all CPUs, daemons and the script.
#[derive(Debug, Default)]
pub struct Trace {
    /// The kinds that somebody wants to hear of: all of them in a virtual run, for the hash.
    wanted: AtomicU64,
    /// The kinds that the rings keep.
    kept: AtomicU64,
    /// Only virtual runs hash: one thread emits.
    is_virtual: bool,
    /// Of a virtual run: its last stamp, how many events it had, and their hash.
    stamp: AtomicU64,
    count: AtomicU64,
    hash: AtomicU64,
    /// Records a ring keeps; a power of two.
    capacity: usize,
    /// Lines of a ring: its head, and its records.
    stride: usize,
    /// What stops a virtual run.
    pub watch: Watch,
    lines: Box<[Line]>,
}

/// Where a reader has come to in one ring.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place(u64);

impl Trace {
    /// Empty rings of `capacity` records (a power of two, 2 at least), which keep nothing yet.
    pub fn new(rings: usize, capacity: usize, is_virtual: bool) -> Self {
        debug_assert!(capacity.is_power_of_two() && capacity > 1);
        let stride = 1 + capacity / 2;
        let lines = (0..rings * stride).map(|_| Line::default()).collect();
        let trace = Self { is_virtual, capacity, stride, lines, ..Self::default() };
        trace.keep(Detail::Nothing);
        trace
    }

    /// What the rings keep from here on.
    pub fn keep(&self, detail: Detail) {
        self.kept.store(detail.kinds(), Ordering::Relaxed);
        let wanted = if self.is_virtual { Detail::Everything } else { detail };
        self.wanted.store(wanted.kinds(), Ordering::Relaxed);
    }

    /// Whether events of this kind are to be recorded.
    #[inline(always)]
    pub fn wants(&self, kind: EventKind) -> bool {
        self.wanted.load(Ordering::Relaxed) & kind.bit() != 0
    }

    /// Records an event of `ring`'s owner on threads, who alone writes it. The clock (nanoseconds) is
    /// read if the event is `timed`, and now and then.
    #[inline(always)]
    pub(crate) fn record(
        &self,
        ring: usize,
        [head, a, b]: [u64; 3],
        timed: bool,
        clock: impl FnOnce() -> u64,
    ) {
        let place = self.next_place(ring);
        if timed || place.seen.is_multiple_of(CLOCK_SAMPLE) {
            return self.record_by_clock(ring, head, a, b, clock);
        }
        let stamp = place.head[BASE].load(Ordering::Relaxed) + place.seen;
        place.put(words(ring, stamp, [head, a, b]));
        if let Some(next) = place.following {
            // On its way into the cache before it is written: the next lock waits for all stores.
            next.0[0].load(Ordering::Relaxed);
        }
    }

    /// Apart, so that the others need not keep what they hold in registers over a call.
    #[cold]
    #[inline(never)]
    fn record_by_clock(&self, ring: usize, head: u64, a: u64, b: u64, clock: impl FnOnce() -> u64) {
        let place = self.next_place(ring);
        let by_clock = stamp_at(clock()).saturating_sub(place.seen);
        let base = by_clock.max(place.head[BASE].load(Ordering::Relaxed));
        place.head[BASE].store(base, Ordering::Relaxed);
        place.put(words(ring, base + place.seen, [head, a, b]));
    }

    /// Records an event of a virtual run at a time in nanoseconds.
    #[inline]
    pub(crate) fn record_virtual(&self, ring: usize, event: [u64; 3], time: u64) {
        let stamp = stamp_at(time).max(self.stamp.load(Ordering::Relaxed) + 1);
        self.stamp.store(stamp, Ordering::Relaxed);
        let words = words(ring, stamp, event);
        let count = self.count() + 1;
        self.count.store(count, Ordering::Relaxed);
        self.watch.see(count, words);
        self.hash.store(hashed(self.hash.load(Ordering::Relaxed), words), Ordering::Relaxed);
        if self.kept.load(Ordering::Relaxed) & kind_bit(words[1]) != 0 {
            self.next_place(ring).put(words);
        }
    }

    /// Where a ring's owner writes its next record.
    #[inline(always)]
    fn next_place(&self, ring: usize) -> NextPlace<'_> {
        let (lines, first) = (&*self.lines, ring * self.stride);
        let head = &lines[first].0;
        let seen = head[SEEN].load(Ordering::Relaxed);
        let line = first + self.line_of(seen);
        NextPlace { head, seen, line: &lines[line].0, following: lines.get(line + 1) }
    }

    #[inline(always)]
    fn head(&self, ring: usize) -> &[AtomicU64; 8] {
        &self.lines[ring * self.stride].0
    }

    /// Which line of a ring has the record that came after `seen` others.
    #[inline(always)]
    fn line_of(&self, seen: u64) -> usize {
        1 + (seen as usize & (self.capacity - 1)) / 2
    }

    /// How many rings there are.
    pub fn rings(&self) -> usize {
        self.lines.len().checked_div(self.stride).unwrap_or(0)
    }

    /// The hash of every event so far; none on threads, whose order is not repeatable.
    pub fn hash(&self) -> Option<u64> {
        let hash = self.hash.load(Ordering::Relaxed);
        self.is_virtual.then_some(hash ^ hash >> 32)
    }

    /// How many events a virtual run had so far.
    pub fn count(&self) -> u64 {
        self.count.load(Ordering::Relaxed)
    }

    /// How many records a ring has seen, and how many of them it has no more.
    pub fn seen(&self, ring: usize) -> (u64, u64) {
        let head = self.head(ring);
        let seen = head[SEEN].load(Ordering::Acquire);
        let floor = head[FLOOR].load(Ordering::Relaxed).min(seen);
        (seen, seen.saturating_sub(self.capacity as u64).max(floor))
    }

    /// Reads on from `place`: adds what is new in a ring to `records`, oldest first, and returns how
    /// many were overwritten before they were read. The ring's owner may go on meanwhile.
    pub fn read(&self, ring: usize, place: &mut Place, records: &mut Vec<Record>) -> u64 {
        let (end, overwritten) = self.seen(ring);
        let start = place.0.max(overwritten);
        let before = records.len();
        for at in start..end {
            let line = &self.lines[ring * self.stride + self.line_of(at)].0;
            let words = &line[at as usize % 2 * WORDS..][..WORDS];
            let words = std::array::from_fn(|word| words[word].load(Ordering::Relaxed));
            records.push(Record::of_words(words));
        }
        // What the owner has begun to overwrite since is torn, and so may be the next.
        fence(Ordering::Acquire);
        let now = self.head(ring)[SEEN].load(Ordering::Relaxed) + u64::from(!self.is_virtual);
        let intact = now.saturating_sub(self.capacity as u64);
        let torn = intact.saturating_sub(start).min(end - start);
        records.drain(before..before + torn as usize);
        let lost = start + torn - place.0;
        place.0 = end;
        lost
    }

    /// What all rings still have, in the order of their stamps.
    pub fn records(&self) -> Vec<Record> {
        let mut records = Vec::new();
        for ring in 0..self.rings() {
            self.read(ring, &mut Place::default(), &mut records);
        }
        records.sort_by_key(|record| record.stamp);
        records
    }

    /// Address, bytes a ring, records a ring: for a reader in place.
    pub fn layout(&self) -> (usize, usize, usize) {
        let bytes = self.stride * size_of::<Line>();
        (self.lines.as_ptr().addr(), bytes, self.capacity)
    }
}

/// Where a ring's next record goes.
struct NextPlace<'a> {
    head: &'a [AtomicU64; 8],
    /// How many records the ring has seen.
    seen: u64,
    line: &'a [AtomicU64; 8],
    /// The line after it.
    following: Option<&'a Line>,
}

impl NextPlace<'_> {
    #[inline(always)]
    fn put(&self, words: [u64; WORDS]) {
        let (first, second) = self.line.split_at(WORDS);
        let slot = if self.seen.is_multiple_of(2) { first } else { second };
        for (word, value) in slot.iter().zip(words) {
            // Whoever reads this finds that the record before it is gone.
            word.store(value, Ordering::Release);
        }
        self.head[SEEN].store(self.seen + 1, Ordering::Release);
    }
}

/// The words of a record: those of an event without its CPU, which has this ring.
#[inline(always)]
fn words(ring: usize, stamp: u64, [head, a, b]: [u64; 3]) -> [u64; WORDS] {
    [stamp, head | (ring as u64) << CPU_SHIFT, a, b]
}

/// A hash with one more record in it. What is done with each word can be undone, so that two runs
/// that differ in a single word have different hashes.
#[inline]
fn hashed(hash: u64, words: [u64; WORDS]) -> u64 {
    words.into_iter().fold(hash, |hash, word| {
        let product = (hash ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        product ^ product >> 32
    })
}
