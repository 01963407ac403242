//! CLOCK moves a hand over the frames, which takes one from the counter of each page that it passes, and evicts the
//! first page whose counter is zero.
//!
//! With one bit it is second chance (Corbató, "A paging experiment with the Multics system", 1968). With more it is
//! generalized CLOCK (Smith, "Sequentiality and prefetching in database systems", 1978): each use adds one, up to
//! the most that the bits hold.
//!
//! Sources differ in two things. In an MMU the access that faults sets the bit as any other does (`fault=used`, as
//! Stallings and OSTEP have it); caches count only uses after that (`fault=unused`, libCacheSim). And the hand goes
//! past a page that has come in (`hand=past`, Stallings, Tanenbaum), or stands on it (`hand=on`): then the page that
//! has come in last is looked at first.
//!
//! Memories of few frames have a way of their own ([`crate::few`]), with the same victims.

use super::options::{Bits, Hand, OnFault};
use super::{lanes, lanes_after};
use crate::few::FewFrames;
use crate::lanes::{Lane, Marks, NO_PAGE, Pages, Sink, Use};
use crate::stream::Stream;

pub(crate) struct Clock<const BITS: usize> {
    frames: usize,
    on_fault: OnFault,
    stands: Hand,
    pages: Vec<u32>,
    hand: usize,
}

impl<const BITS: usize> Clock<BITS> {
    pub(crate) fn new(frames: u32, on_fault: OnFault, stands: Hand) -> Self {
        Self { frames: frames as usize, on_fault, stands, pages: Vec::new(), hand: 0 }
    }

    fn after(&self, frame: usize) -> usize {
        let next = frame + 1;
        if next == self.frames { 0 } else { next }
    }

    /// Moves the hand to a page whose counter is zero, and returns its frame.
    #[inline(always)]
    fn found(&self, pages: &mut Pages<'_, BITS>) -> usize {
        let mut hand = self.hand;
        loop {
            // Nobody can predict which pages were used; of two at once fewer guesses of the processor are wrong.
            if BITS == 1
                && let Some(&[page, next]) = self.pages[hand..].first_chunk()
            {
                match pages.clear_two(page, next) {
                    Some(passed) => return hand + passed,
                    None if hand + 2 == self.frames => hand = 0,
                    None => hand += 2,
                }
            } else if pages.count_down::<BITS>(self.pages[hand]) {
                hand = self.after(hand);
            } else {
                return hand;
            }
        }
    }
}

impl<const BITS: usize> Lane<BITS> for Clock<BITS> {
    fn hit(marks: &mut Marks<BITS>, _: Use) {
        marks.count_up::<BITS>();
    }

    #[inline(always)]
    fn fault(&mut self, using: Use, pages: &mut Pages<'_, BITS>) -> u32 {
        if self.on_fault == OnFault::Used {
            pages.set_bit(using.page, 0);
        }
        if self.pages.len() < self.frames {
            self.pages.push(using.page);
            if self.stands == Hand::On {
                self.hand = self.pages.len() - 1;
            }
            return NO_PAGE;
        }
        self.hand = self.found(pages);
        let victim = std::mem::replace(&mut self.pages[self.hand], using.page);
        pages.leave(victim);
        if self.stands == Hand::Past {
            self.hand = self.after(self.hand);
        }
        victim
    }
}

/// Goes through a stream once, for memories of `sizes` frames.
pub(super) fn run(
    stream: &Stream,
    sizes: &[u32],
    bits: Bits,
    on_fault: OnFault,
    stands: Hand,
    sink: &mut impl Sink,
) {
    match (bits.0, stands) {
        (1, Hand::Past) => {
            let few = FewFrames::new(sizes, stream.pages(), on_fault == OnFault::Used);
            let lane = |frames| Clock::<1>::new(frames, on_fault, Hand::Past);
            lanes_after(few, stream, sizes, lane, sink);
        }
        (1, _) => with_bits::<1>(stream, sizes, on_fault, stands, sink),
        (2, _) => with_bits::<2>(stream, sizes, on_fault, stands, sink),
        (3, _) => with_bits::<3>(stream, sizes, on_fault, stands, sink),
        (4, _) => with_bits::<4>(stream, sizes, on_fault, stands, sink),
        (5, _) => with_bits::<5>(stream, sizes, on_fault, stands, sink),
        (6, _) => with_bits::<6>(stream, sizes, on_fault, stands, sink),
        (7, _) => with_bits::<7>(stream, sizes, on_fault, stands, sink),
        _ => with_bits::<8>(stream, sizes, on_fault, stands, sink),
    }
}

fn with_bits<const BITS: usize>(
    stream: &Stream,
    sizes: &[u32],
    on_fault: OnFault,
    stands: Hand,
    sink: &mut impl Sink,
) {
    lanes(stream, sizes, |frames| Clock::<BITS>::new(frames, on_fault, stands), sink);
}
