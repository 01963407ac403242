//! The trace records events: 32 bytes each, in a ring for each CPU and daemon and one for the script, read in
//! place by the page. `observe/event.rs` has the format.
//!
//! A ring keeps the latest records of the kinds that are asked for. A reader that comes too late learns how
//! many it has missed. In a virtual run the hash covers every event, whatever the rings keep.

use super::event::{CPU_SHIFT, Detail, EventKind, Record, Words, kind_bit, stamp_at};
use super::watch::Watch;
use crate::parts::MemoryPart;
use crate::sync::aside::{AtomicU64, Ordering, fence};

/// A record, or half of a ring's header.
#[derive(Debug, Default)]
#[repr(C, align(32))]
struct RingWord([AtomicU64; WORDS]);

/// Words of a record.
pub(crate) const WORDS: usize = Record::WORDS.len();
/// Slots of a ring's header, a cache line; its words are in the first.
pub(crate) const HEADER: usize = 2;
/// The header's word that counts the records the ring has seen.
pub(crate) const SEEN: usize = 0;
/// The header's word, on threads, that is added to a record's position in the ring's history for its stamp.
const BASE: usize = 1;
/// The header's word for how many of its first records a ring has lost, whatever it has seen: a caller that
/// puts a run back to an earlier position, but not its records, writes this.
pub(crate) const FLOOR: usize = 2;
/// On threads the clock is read for one in this many records of a ring.
const CLOCK_SAMPLE: u64 = 256;

/// The rings of all CPUs, daemons and the script.
#[derive(Debug, Default)]
pub struct Trace {
    /// The kinds that are to be recorded: all of them in a virtual run, for the hash.
    wanted: AtomicU64,
    /// The kinds that the rings keep.
    kept: AtomicU64,
    /// Whether every event is recorded and hashed, which only virtual runs do: there one thread emits.
    recording: Recording,
    /// Of a virtual run: its last stamp, how many events it had, and their hash.
    stamp: AtomicU64,
    count: AtomicU64,
    hash: AtomicU64,
    /// Records a ring keeps; a power of two.
    capacity: usize,
    /// What stops a virtual run.
    pub watch: Watch,
    /// The rings one after the other, each a header and its records.
    slots: Box<[RingWord]>,
}

/// One of the rings, as its owner uses it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Ring {
    /// The index of its header.
    header: usize,
    /// The index of its first record.
    first: usize,
    /// The mask that makes a record's position in its history an index.
    mask: usize,
    /// The owner's number as it stands in each record.
    owner: u64,
}

/// A reader's position in one ring.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place(u64);

/// Which of a run's events are recorded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Recording {
    /// All of them, in the one order of a virtual run, whatever the rings keep.
    Everything,
    /// Those that the rings are to keep, each in the order of its thread.
    #[default]
    OnDemand,
}

impl Trace {
    /// Empty rings of `capacity` records (a power of two, 2 at least), which keep nothing yet.
    pub fn new(rings: usize, capacity: usize, recording: Recording) -> Self {
        debug_assert!(capacity.is_power_of_two() && capacity > 1);
        let slots = (0..rings * (HEADER + capacity)).map(|_| RingWord::default()).collect();
        let trace = Self { recording, capacity, slots, ..Self::default() };
        trace.keep(Detail::Nothing);
        trace
    }

    /// Sets what the rings keep from here on.
    pub fn keep(&self, detail: Detail) {
        self.kept.store(detail.kinds(), Ordering::Relaxed);
        let wanted =
            if self.recording == Recording::Everything { Detail::Everything } else { detail };
        self.wanted.store(wanted.kinds(), Ordering::Relaxed);
    }

    /// Returns the ring of this number.
    pub(crate) fn ring(&self, number: usize) -> Ring {
        let header = number * self.stride();
        let (first, mask) = (header + HEADER, self.capacity - 1);
        Ring { header, first, mask, owner: (number as u64) << CPU_SHIFT }
    }

    /// Whether events of this kind are to be recorded.
    #[inline(always)]
    pub fn wants(&self, kind: EventKind) -> bool {
        self.wanted.load(Ordering::Relaxed) & kind.bit() != 0
    }

    /// Records an event on threads for `ring`'s owner, which alone writes the ring: see [`Trace::prepare`].
    #[inline(always)]
    pub(crate) fn record(
        &self,
        ring: &Ring,
        event: Words,
        timed: bool,
        clock: impl FnOnce() -> u64,
    ) {
        let seen = self.prepare(ring, event, timed, clock);
        self.commit(ring, seen);
    }

    /// Writes the next record of `ring`'s owner on threads, where no reader sees it yet. [`Trace::commit`]
    /// with the returned number makes it a record; otherwise the next record overwrites it. The clock
    /// (nanoseconds) is read if the event is `timed`, and now and then.
    #[inline(always)]
    pub(crate) fn prepare(
        &self,
        ring: &Ring,
        event: Words,
        timed: bool,
        clock: impl FnOnce() -> u64,
    ) -> u64 {
        let header = &self.slots[ring.header].0;
        let seen = header[SEEN].load(Ordering::Relaxed);
        if timed | seen.is_multiple_of(CLOCK_SAMPLE) {
            return self.prepare_by_clock(ring, event.head, event.a, event.b, clock);
        }
        let stamp = header[BASE].load(Ordering::Relaxed) + seen;
        self.put(ring, seen, words(ring, stamp, event))
    }

    /// Out of line, with its parameters in registers, so that the other paths need not keep anything in
    /// memory.
    #[cold]
    #[inline(never)]
    fn prepare_by_clock(
        &self,
        ring: &Ring,
        head: u64,
        a: u64,
        b: u64,
        clock: impl FnOnce() -> u64,
    ) -> u64 {
        let header = &self.slots[ring.header].0;
        let seen = header[SEEN].load(Ordering::Relaxed);
        let by_clock = stamp_at(clock()).saturating_sub(seen);
        let base = by_clock.max(header[BASE].load(Ordering::Relaxed));
        header[BASE].store(base, Ordering::Relaxed);
        self.put(ring, seen, words(ring, base + seen, Words { head, a, b }))
    }

    /// Makes the prepared record a record of the ring.
    #[inline(always)]
    pub(crate) fn commit(&self, ring: &Ring, seen: u64) {
        self.slots[ring.header].0[SEEN].store(seen, Ordering::Release);
    }

    /// Records an event of a virtual run at a time in nanoseconds.
    #[inline]
    pub(crate) fn record_virtual(&self, ring: &Ring, event: Words, time: u64) {
        let stamp = stamp_at(time).max(self.stamp.load(Ordering::Relaxed) + 1);
        self.stamp.store(stamp, Ordering::Relaxed);
        let words = words(ring, stamp, event);
        let count = self.count() + 1;
        self.count.store(count, Ordering::Relaxed);
        self.watch.see(count, words);
        self.hash.store(hashed(self.hash.load(Ordering::Relaxed), words), Ordering::Relaxed);
        if self.kept.load(Ordering::Relaxed) & kind_bit(words[1]) != 0 {
            let seen = self.slots[ring.header].0[SEEN].load(Ordering::Relaxed);
            self.commit(ring, self.put(ring, seen, words));
        }
    }

    /// Writes the record that comes after `seen` others; returns how many there are then.
    #[inline(always)]
    fn put(&self, ring: &Ring, seen: u64, words: [u64; WORDS]) -> u64 {
        let record = &self.slots[ring.first + (seen as usize & ring.mask)];
        for (word, value) in record.0.iter().zip(words) {
            // A reader that sees this word finds that the record before it is gone.
            word.store(value, Ordering::Release);
        }
        seen + 1
    }

    /// Returns the slots of a ring.
    fn stride(&self) -> usize {
        HEADER + self.capacity
    }

    /// Returns how many rings there are.
    pub fn rings(&self) -> usize {
        self.slots.len() / self.stride()
    }

    /// Returns the hash of every event so far; none on threads, whose order is not repeatable.
    pub fn hash(&self) -> Option<u64> {
        let hash = self.hash.load(Ordering::Relaxed);
        (self.recording == Recording::Everything).then_some(hash ^ hash >> 32)
    }

    /// Returns how many events a virtual run had so far.
    pub fn count(&self) -> u64 {
        self.count.load(Ordering::Relaxed)
    }

    /// Returns how many records a ring has seen, and how many of them it has lost.
    pub fn seen(&self, ring: usize) -> (u64, u64) {
        let header = &self.slots[ring * self.stride()].0;
        let seen = header[SEEN].load(Ordering::Acquire);
        let floor = header[FLOOR].load(Ordering::Relaxed).min(seen);
        (seen, seen.saturating_sub(self.capacity as u64).max(floor))
    }

    /// Reads on from `place`: adds what is new in a ring to `records`, oldest first, and returns how
    /// many were overwritten before they were read. The ring's owner may go on meanwhile.
    pub fn read(&self, ring: usize, place: &mut Place, records: &mut Vec<Record>) -> u64 {
        let (end, overwritten) = self.seen(ring);
        let start = place.0.max(overwritten);
        let before = records.len();
        let (header, slots) = self.slots[ring * self.stride()..][..self.stride()].split_at(HEADER);
        for at in start..end {
            let record = &slots[at as usize & (self.capacity - 1)].0;
            let words = std::array::from_fn(|word| record[word].load(Ordering::Relaxed));
            records.push(Record::of_words(words));
        }
        // What the owner has begun to overwrite since is torn, and so may be the next.
        fence(Ordering::Acquire);
        let now = header[0].0[SEEN].load(Ordering::Relaxed)
            + u64::from(self.recording == Recording::OnDemand);
        let intact = now.saturating_sub(self.capacity as u64);
        let torn = intact.saturating_sub(start).min(end - start);
        records.drain(before..before + torn as usize);
        let lost = start + torn - place.0;
        place.0 = end;
        lost
    }

    /// Returns the records that all rings still have, in the order of their stamps.
    pub fn records(&self) -> Vec<Record> {
        let mut records = Vec::new();
        for ring in 0..self.rings() {
            self.read(ring, &mut Place::default(), &mut records);
        }
        records.sort_by_key(|record| record.stamp);
        records
    }

    /// Returns how many records a ring holds.
    pub fn capacity(&self) -> usize {
        self.capacity
    }

    /// Returns the rings, as a part of memory.
    pub fn part(&self) -> MemoryPart {
        MemoryPart::of_rows(&self.slots, self.stride())
    }
}

/// Returns the words of a record: those of an event, with the owner of the ring as its CPU.
#[inline(always)]
fn words(ring: &Ring, stamp: u64, Words { head, a, b }: Words) -> [u64; WORDS] {
    [stamp, head | ring.owner, a, b]
}

/// Returns a hash with one more record in it. What is done with each word can be undone, so that two runs
/// that differ in a single word have different hashes.
#[inline]
fn hashed(hash: u64, words: [u64; WORDS]) -> u64 {
    words.into_iter().fold(hash, |hash, word| {
        let product = (hash ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        product ^ product >> 32
    })
}

#[cfg(test)]
mod tests {
    use super::super::event::Event;
    use super::*;

    /// Returns what a ring of four shows after some records and one that is only prepared.
    fn shown(records: u32) -> (Vec<u32>, u64) {
        let trace = Trace::new(1, 4, Recording::OnDemand);
        let ring = trace.ring(0);
        let words = |number| Event::of(EventKind::Pfn, number).words();
        for number in 0..records {
            trace.record(&ring, words(number), false, || 0);
        }
        trace.prepare(&ring, words(99), false, || 0);
        let mut shown = Vec::new();
        let lost = trace.read(0, &mut Place::default(), &mut shown);
        (shown.iter().map(|record| record.event.number).collect(), lost)
    }

    #[test]
    fn w3_what_is_prepared_is_no_record_and_hides_the_one_whose_place_it_takes() {
        assert_eq!(shown(0), (vec![], 0));
        assert_eq!(shown(3), (vec![0, 1, 2], 0));
        assert_eq!(shown(4), (vec![1, 2, 3], 1));
        assert_eq!(shown(6), (vec![3, 4, 5], 3));
    }

    #[test]
    fn w3_what_is_prepared_and_not_committed_is_followed_by_another_in_its_place() {
        let trace = Trace::new(1, 4, Recording::OnDemand);
        let ring = trace.ring(0);
        for (number, done) in [(0, false), (1, true), (2, false), (3, true)] {
            let event = Event::of(EventKind::Pfn, number);
            let seen = trace.prepare(&ring, event.words(), number == 3, || 7);
            if done {
                trace.commit(&ring, seen);
            }
        }
        let numbers: Vec<_> = trace.records().iter().map(|record| record.event.number).collect();
        assert_eq!((numbers, trace.seen(0)), (vec![1, 3], (2, 0)));
    }
}
