//! ARC divides the frames between pages used once and pages used again, and learns from its mistakes by how much
//! (Megiddo and Modha, "ARC: a self-tuning, low overhead replacement cache", FAST 2003, figure 4).
//!
//! It remembers as many pages that were evicted as there are frames. The share of the pages used once, `p` in the
//! paper, is a real number, as in the paper and in libCacheSim; others round it.
//!
//! Each of the paper's lists has its pages in the order of their last use: T1 and T2 as they are LRU lists, B1 and B2
//! because pages come there in the order in which they leave the others, and are not used while they are there. So a hit
//! does no more than note the time. T1, B1 and B2 are queues, whose entries are void once their page has been used again.
//! The first of T2 is found by a hand that goes over the last uses of all pages, which all memories share; it only goes on,
//! because a page comes to T2 when it is used.

use std::ops::Range;

use super::queue::Queue;
use crate::lanes::{LANES, NO_PAGE, Sink};
use crate::stream::Stream;

/// What a page is in each memory, by a bit for each.
#[derive(Clone, Copy)]
struct Page {
    resident: u32,
    /// Whether it was evicted and is remembered.
    remembered: u32,
    /// Whether it was used once, where it is resident or remembered.
    once: u32,
    /// The number of the reference that used it last, the same for all memories.
    last_use: u32,
}

/// The number of no reference.
const NEVER: u32 = u32::MAX;

/// The references so far that were the last to their pages: a bit for each reference.
struct LastUses(Vec<u64>);

impl LastUses {
    fn new(references: usize) -> Self {
        Self(vec![0; references.div_ceil(64)])
    }

    /// Notes that a page is used, and when it was used before.
    #[inline(always)]
    fn note(&mut self, use_now: u32, use_before: u32) {
        self.0[use_now as usize / 64] |= 1 << (use_now % 64);
        if let Some(word) = self.0.get_mut(use_before as usize / 64) {
            *word &= !(1 << (use_before % 64));
        }
    }

    /// Returns the first of them from a number on. There is one.
    #[inline(always)]
    fn first_from(&self, number: u32) -> u32 {
        let mut at = number as usize / 64;
        let mut word = self.0[at] & u64::MAX << (number % 64);
        while word == 0 {
            at += 1;
            word = self.0[at];
        }
        at as u32 * 64 + word.trailing_zeros()
    }
}

/// What all memories share.
struct Shared<'stream> {
    stream: &'stream Stream,
    pages: Vec<Page>,
    last_uses: LastUses,
}

impl Shared<'_> {
    fn page(&mut self, page: u32) -> &mut Page {
        &mut self.pages[page as usize]
    }

    fn last_use(&self) -> impl Fn(u32) -> u32 {
        |page| self.pages[page as usize].last_use
    }
}

struct Memory {
    /// Its bit.
    bit: u32,
    frames: usize,
    share: f64,
    /// Pages used once.
    t1: Queue,
    /// How many pages were used again.
    t2: usize,
    /// The number of a reference, before which no page of T2 was used last.
    hand: u32,
    /// Pages evicted from T1, and from T2.
    b1: Queue,
    b2: Queue,
}

impl Memory {
    fn new(number: usize, frames: u32) -> Self {
        let [t1, b1, b2] = std::array::from_fn(|_| Queue::default());
        Self { bit: 1 << number, frames: frames as usize, share: 0.0, t1, t2: 0, hand: 0, b1, b2 }
    }

    /// Evicts the page of T1 that was used longest ago.
    #[inline(always)]
    fn evict_once(&mut self, shared: &mut Shared<'_>) -> u32 {
        let victim = self.t1.pop(shared.last_use());
        shared.page(victim).resident &= !self.bit;
        victim
    }

    /// Evicts the page of T2 that was used longest ago. There is one.
    #[inline(always)]
    fn evict_again(&mut self, shared: &mut Shared<'_>) -> u32 {
        self.t2 -= 1;
        loop {
            let last_use = shared.last_uses.first_from(self.hand);
            self.hand = last_use + 1;
            let number = shared.stream.page(last_use as usize);
            let page = shared.page(number);
            if page.resident & !page.once & self.bit != 0 {
                page.resident &= !self.bit;
                return number;
            }
        }
    }

    /// Evicts a page and remembers it: REPLACE in the paper.
    #[inline(always)]
    fn replace(&mut self, is_in_b2: bool, shared: &mut Shared<'_>) -> u32 {
        let once = self.t1.len() as f64;
        let is_over = once > self.share || is_in_b2 && once == self.share;
        let victim = if self.t1.len() > 0 && is_over || self.t2 == 0 {
            let victim = self.evict_once(shared);
            self.b1.push(victim, shared.last_use());
            victim
        } else {
            let victim = self.evict_again(shared);
            self.b2.push(victim, shared.last_use());
            victim
        };
        shared.page(victim).remembered |= self.bit;
        victim
    }

    /// Makes room for a page that is not known: case IV of the paper.
    #[inline(always)]
    fn make_room(&mut self, shared: &mut Shared<'_>) -> u32 {
        let once = self.t1.len() + self.b1.len();
        let full = if once == self.frames {
            if self.b1.len() == 0 {
                return self.evict_once(shared);
            }
            Some(&mut self.b1)
        } else {
            let all = once + self.t2 + self.b2.len();
            if all < self.frames {
                return NO_PAGE;
            }
            (all == 2 * self.frames).then_some(&mut self.b2)
        };
        if let Some(evicted) = full {
            let forgotten = evicted.pop(shared.last_use());
            shared.page(forgotten).remembered &= !self.bit;
        }
        self.replace(false, shared)
    }

    /// Brings a page in that was not known, whose bits say already that it is in T1. Returns the page that is evicted for it,
    /// or [`NO_PAGE`].
    #[inline(always)]
    fn bring_in(&mut self, number: u32, shared: &mut Shared<'_>) -> u32 {
        let victim = self.make_room(shared);
        self.t1.push(number, shared.last_use());
        victim
    }

    /// Brings a page back that was remembered, whose bits say already that it is in T2. Returns the page that is evicted for
    /// it.
    #[inline(always)]
    fn bring_back(&mut self, is_in_b2: bool, shared: &mut Shared<'_>) -> u32 {
        let ratio = |others: usize, own: usize| (others as f64 / own as f64).max(1.0);
        let (once, again) = (self.b1.len(), self.b2.len());
        if is_in_b2 {
            self.share = (self.share - ratio(once, again)).max(0.0);
            self.b2.take_used();
        } else {
            self.share = (self.share + ratio(again, once)).min(self.frames as f64);
            self.b1.take_used();
        }
        let victim = self.replace(is_in_b2, shared);
        self.t2 += 1;
        victim
    }
}

/// Goes through a stream once, for memories of `sizes` frames.
pub(super) fn run(stream: &Stream, sizes: &[u32], sink: &mut impl Sink) {
    assert!((1..=LANES).contains(&sizes.len()));
    let memory = |(number, frames): (usize, &u32)| Memory::new(number, *frames);
    let mut memories: Vec<_> = sizes.iter().enumerate().map(memory).collect();
    let unused = Page { resident: 0, remembered: 0, once: 0, last_use: NEVER };
    let (pages, last_uses) = (vec![unused; stream.pages()], LastUses::new(stream.len()));
    let mut shared = Shared { stream, pages, last_uses };
    for part in stream.parts() {
        run_part(part, &mut shared, &mut memories, sink);
    }
}

/// Goes through a part of the stream; a function of its own as [`crate::lanes`] has one.
#[inline(never)]
fn run_part(
    part: Range<usize>,
    shared: &mut Shared<'_>,
    memories: &mut [Memory],
    sink: &mut impl Sink,
) {
    let all = u32::MAX >> (LANES - memories.len());
    for (index, (number, _)) in part.clone().zip(shared.stream.iter_part(part)) {
        let page = &mut shared.pages[number as usize];
        shared.last_uses.note(index as u32, page.last_use);
        page.last_use = index as u32;
        let mut absent = all & !page.resident;
        let mut again = page.resident & page.once;
        let known = absent & page.remembered;
        let in_b2 = known & !page.once;
        page.once = absent & !known;
        page.remembered = 0;
        page.resident = all;
        while again != 0 {
            let memory = &mut memories[again.trailing_zeros() as usize];
            memory.t1.take_used();
            memory.t2 += 1;
            again &= again - 1;
        }
        while absent != 0 {
            let lane = absent.trailing_zeros() as usize;
            let memory = &mut memories[lane];
            let victim = if known & memory.bit == 0 {
                memory.bring_in(number, shared)
            } else {
                memory.bring_back(in_b2 & memory.bit != 0, shared)
            };
            sink.fault(index, lane, number, victim);
            absent &= absent - 1;
        }
    }
}
