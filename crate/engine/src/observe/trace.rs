//! The trace: records of 32 bytes in a ring for each CPU, read in place by the page.
//!
//! A ring keeps the latest records; `dropped` counts what it has overwritten. In a virtual run the
//! sequence numbers are the one total order of events, and the hash covers every record.

use super::watch::Watch;
use crate::runtime::mix;
use crate::sync::atomic::{AtomicBool, AtomicU64, Ordering};
#[cfg(feature = "footprints")]
use crate::sync::footprints::Region;

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventKind {
    /// A PTE changed: `number` is the page, `a` the old word, `b` the new.
    Pte = 1,
    /// A frame's entry changed: `number` is the frame, `a` the old word, `b` the new.
    Pfn,
    /// A fault began: `number` is the page, `a` 1 for a write, `b` the time.
    FaultBegin,
    /// A fault reached a phase: `a` is the phase, `b` the time.
    FaultPhase,
    /// A fault ended: `a` is its kind (0 for a failure, else 1 + kind), `b` the time.
    FaultEnd,
    /// A shootdown of `number` pages began: `a` is the epoch, `b` the time.
    ShootdownBegin,
    /// It ended.
    ShootdownEnd,
    /// Slot `number` was read into frame `a`.
    SwapRead,
    /// Slot `number` was written from frame `a`.
    SwapWrite,
    /// A process changed state: `a` is the old state, `b` the new.
    Process,
    /// A process was put on the CPU: `number` is the CPU.
    Switch,
    /// A daemon was woken: `number` is 0 trimmer, 1 writer, 2 zeroer.
    Wakeup,
}

impl EventKind {
    /// All kinds by number, from 1.
    const ALL: [Self; 12] = [
        Self::Pte,
        Self::Pfn,
        Self::FaultBegin,
        Self::FaultPhase,
        Self::FaultEnd,
        Self::ShootdownBegin,
        Self::ShootdownEnd,
        Self::SwapRead,
        Self::SwapWrite,
        Self::Process,
        Self::Switch,
        Self::Wakeup,
    ];

    /// The names by number, for a reader in place; 0 is no event.
    pub const NAMES: [&'static str; 13] = [
        "none",
        "pte",
        "pfn",
        "fault-begin",
        "fault-phase",
        "fault-end",
        "shootdown-begin",
        "shootdown-end",
        "swap-read",
        "swap-write",
        "process",
        "switch",
        "wakeup",
    ];
}

/// One event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// What happened.
    pub kind: EventKind,
    /// The process concerned, 0xffff for none.
    pub process: u16,
    /// The page, frame or slot concerned.
    pub number: u32,
    /// First operand.
    pub a: u64,
    /// Second operand.
    pub b: u64,
}

impl Event {
    /// A change of a frame's entry.
    pub fn of_frame(frame: u32, old: u64, new: u64) -> Self {
        Self { kind: EventKind::Pfn, process: NO_PROCESS, number: frame, a: old, b: new }
    }
}

/// No process.
pub const NO_PROCESS: u16 = u16::MAX;

const WORDS: usize = 4;
const HEADER: usize = 2;

/// The rings of all CPUs.
#[derive(Debug)]
pub struct Trace {
    enabled: AtomicBool,
    /// Only virtual runs hash: one thread emits.
    hashed: bool,
    sequence: AtomicU64,
    hash: AtomicU64,
    capacity: usize,
    /// What stops a virtual run.
    pub watch: Watch,
    /// For each CPU: head, dropped, then `capacity` records of four words.
    rings: Box<[AtomicU64]>,
}

impl Trace {
    /// Empty rings of `capacity` records (a power of two) for this many CPUs.
    pub fn new(cpus: usize, capacity: usize, hashed: bool) -> Self {
        Self {
            enabled: AtomicBool::new(hashed),
            hashed,
            sequence: AtomicU64::new(0),
            hash: AtomicU64::new(0),
            capacity,
            watch: Watch::new(),
            rings: (0..cpus * (HEADER + capacity * WORDS)).map(|_| AtomicU64::new(0)).collect(),
        }
    }

    /// Turns recording on or off. A virtual run always records.
    pub fn enable(&self, on: bool) {
        self.enabled.store(on || self.hashed, Ordering::Relaxed);
    }

    /// Whether events are recorded.
    #[inline]
    pub fn is_enabled(&self) -> bool {
        self.enabled.load(Ordering::Relaxed)
    }

    /// Records an event of `cpu`, which alone writes its ring.
    #[inline]
    pub fn emit(&self, cpu: usize, event: Event) {
        if self.is_enabled() {
            self.record(cpu, event);
        }
    }

    fn record(&self, cpu: usize, event: Event) {
        let sequence = self.sequence.fetch_add(1, Ordering::Relaxed);
        let head = event.kind as u64
            | (cpu as u64) << 8
            | u64::from(event.process) << 16
            | u64::from(event.number) << 32;
        let record = [sequence, head, event.a, event.b];
        if self.hashed {
            let mut hash = self.hash.load(Ordering::Relaxed);
            for word in &record[1..] {
                hash = mix(hash ^ word).wrapping_add(sequence);
            }
            self.hash.store(hash, Ordering::Relaxed);
            self.watch.see(sequence + 1, &event);
        }
        let ring = &self.rings[cpu * (HEADER + self.capacity * WORDS)..];
        let at = ring[0].load(Ordering::Relaxed);
        if at >= self.capacity as u64 {
            ring[1].store(at + 1 - self.capacity as u64, Ordering::Relaxed);
        }
        let slot = HEADER + (at as usize & (self.capacity - 1)) * WORDS;
        for (word, value) in ring[slot..slot + WORDS].iter().zip(record) {
            word.store(value, Ordering::Relaxed);
        }
        ring[0].store(at + 1, Ordering::Release);
    }

    /// The hash of every event so far; none on threads, whose order is not repeatable.
    pub fn hash(&self) -> Option<u64> {
        self.hashed.then(|| self.hash.load(Ordering::Relaxed))
    }

    /// How many events were recorded.
    pub fn count(&self) -> u64 {
        self.sequence.load(Ordering::Relaxed)
    }

    /// The latest events of a CPU or daemon with their sequence numbers, oldest first; the thread
    /// that writes them must rest.
    pub fn events(&self, cpu: usize) -> impl Iterator<Item = (u64, Event)> + '_ {
        let start = cpu * (HEADER + self.capacity * WORDS);
        let ring = &self.rings[start..start + HEADER + self.capacity * WORDS];
        let end = ring[0].load(Ordering::Acquire);
        (end.saturating_sub(self.capacity as u64)..end).map(move |at| {
            let slot = HEADER + (at as usize & (self.capacity - 1)) * WORDS;
            let [sequence, head, a, b] =
                std::array::from_fn(|word| ring[slot + word].load(Ordering::Relaxed));
            let kind = EventKind::ALL[(head & 0xff) as usize - 1];
            (
                sequence,
                Event { kind, process: (head >> 16) as u16, number: (head >> 32) as u32, a, b },
            )
        })
    }

    /// Where the events are.
    #[cfg(feature = "footprints")]
    pub fn region(&self) -> Region {
        Region::of(&self.rings)
    }

    /// Address, bytes a ring, records a ring: for a reader in place.
    pub fn layout(&self) -> (usize, usize, usize) {
        (self.rings.as_ptr().addr(), (HEADER + self.capacity * WORDS) * 8, self.capacity)
    }
}
