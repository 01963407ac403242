//! The arrivals of CPUs: frames on their way to the active list, which each CPU holds back to list them together.
//!
//! Only the CPU adds, without a lock; only the holder of the lock of the shard that a frame belongs to takes it out. The
//! frame's links name its entry.

use super::word::{NIL, Pfn, some};
use crate::fields::fields;
use crate::parts::MemoryPart;
use crate::sync::atomic::{AtomicU32, Ordering};

/// The most arrivals that a CPU holds back.
pub(crate) const MOST_ARRIVALS: usize = 15;

/// The arrivals of all CPUs.
#[derive(Debug)]
pub(super) struct Arrivals {
    cpus: Box<[OfCpu]>,
    most: u32,
}

/// The arrivals of one CPU, on a cache line of their own.
#[derive(Debug)]
#[repr(C, align(64))]
struct OfCpu {
    frames: [AtomicU32; MOST_ARRIVALS],
    /// How many entries were used since the CPU last emptied them all.
    height: AtomicU32,
}

/// Where the fields of a CPU's arrivals are.
pub(crate) const ARRIVAL_FIELDS: [(&str, usize); 1] = fields!(OfCpu { frames });

/// An entry for an arrival.
#[derive(Clone, Copy)]
pub(super) struct ArrivalEntry {
    cpu: usize,
    place: u32,
}

/// What the links of an arrival have for the next frame.
const ARRIVED: u32 = NIL - 1;

impl ArrivalEntry {
    /// Returns what the links of the frame in the entry have for the next and for the previous frame.
    pub(super) fn links(self) -> (u32, u32) {
        (ARRIVED, (self.cpu as u32) << 8 | self.place)
    }

    /// Returns the entry that a frame's links name; or none, if the frame is no arrival.
    pub(super) fn of_links(next: u32, previous: u32) -> Option<Self> {
        (next == ARRIVED).then_some(Self { cpu: (previous >> 8) as usize, place: previous & 0xff })
    }
}

impl Arrivals {
    /// Returns entries for so many CPUs, each of which may use `most` of its own, 15 at most.
    pub(super) fn new(cpus: usize, most: u32) -> Self {
        let none = || AtomicU32::new(NIL);
        let entries =
            || OfCpu { frames: std::array::from_fn(|_| none()), height: AtomicU32::new(0) };
        Self { cpus: (0..cpus).map(|_| entries()).collect(), most: most.min(MOST_ARRIVALS as u32) }
    }

    fn entry(&self, entry: ArrivalEntry) -> &AtomicU32 {
        &self.cpus[entry.cpu].frames[entry.place as usize]
    }

    /// Returns the entry that a CPU uses next, if it has one left. Only the CPU itself calls this.
    pub(super) fn next(&self, cpu: usize) -> Option<ArrivalEntry> {
        let place = self.cpus.get(cpu)?.height.load(Ordering::Relaxed);
        (place < self.most).then_some(ArrivalEntry { cpu, place })
    }

    /// Puts a frame into the entry that its CPU uses next. Only the CPU itself calls this, once the frame's links name
    /// the entry.
    #[inline(always)]
    pub(super) fn add(&self, entry: ArrivalEntry, frame: Pfn) {
        self.entry(entry).store(frame.0, Ordering::Release);
        self.cpus[entry.cpu].height.store(entry.place + 1, Ordering::Relaxed);
    }

    /// Takes a frame out of its entry; the caller holds the lock of the shard that the frame belongs to.
    pub(super) fn take_out(&self, entry: ArrivalEntry) {
        self.entry(entry).store(NIL, Ordering::Relaxed);
    }

    /// Whether a CPU has used entries since it last emptied them all; a hint to others.
    pub(super) fn any(&self, cpu: usize) -> bool {
        self.cpus.get(cpu).is_some_and(|of| of.height.load(Ordering::Relaxed) > 0)
    }

    /// Returns the frames in a CPU's entries, each with its entry.
    pub(super) fn of(&self, cpu: usize) -> impl Iterator<Item = (ArrivalEntry, Pfn)> + '_ {
        let frames = self.cpus.get(cpu).into_iter().flat_map(|of| &of.frames);
        frames.zip(0..).filter_map(move |(frame, place)| {
            let frame = some(frame.load(Ordering::Acquire), Pfn)?;
            Some((ArrivalEntry { cpu, place }, frame))
        })
    }

    /// Lets the calling CPU use its entries from the first on again. All of them are empty.
    pub(super) fn begin_anew(&self, cpu: usize) {
        if let Some(of) = self.cpus.get(cpu) {
            of.height.store(0, Ordering::Relaxed);
        }
    }

    /// Returns the arrivals, one record a CPU, as a part of memory.
    pub(super) fn part(&self) -> MemoryPart {
        MemoryPart::of(&self.cpus)
    }
}
