//! Runs CLOCK in memories of few frames, where a word has the accessed bits of all frames: the hand then finds its victim in
//! a few steps, however many pages it passes, without a branch that nobody can predict.
//!
//! Each page has a row with the bit of its frame in each of these memories, so that a hit sets its bits in all at once.

use crate::lanes::{First, NO_PAGE};

/// The most memories: a row is a line of the processor's cache.
const MEMORIES: usize = 8;

/// The most frames of a memory.
const FRAMES: u32 = u64::BITS;

/// The most pages of a stream. Rows that have no room in a cache gain nothing.
const PAGES: usize = 1 << 15;

/// A word for each memory, with a bit for each frame.
#[derive(Clone, Copy)]
#[repr(align(64))]
struct Row([u64; MEMORIES]);

const NONE: Row = Row([0; MEMORIES]);

/// Memories of few frames under CLOCK, whose hand goes past a page that has come in.
pub(crate) struct FewFrames {
    memories: usize,
    fault_is_use: bool,
    /// The frame of each page; none where it is not resident.
    rows: Vec<Row>,
    accessed: Row,
    /// All frames.
    frames: Row,
    /// The frames from the hand to the last.
    ahead: Row,
    /// The page in each frame; [`NO_PAGE`] while it is free.
    pages: [[u32; FRAMES as usize]; MEMORIES],
}

impl FewFrames {
    /// Makes memories of the first of these sizes, which ascend, as many as can be, for a stream of so many pages.
    pub(crate) fn new(sizes: &[u32], pages: usize, fault_is_use: bool) -> Self {
        let most = if pages <= PAGES { MEMORIES } else { 0 };
        let few = sizes.iter().take(most).take_while(|frames| **frames <= FRAMES);
        let (mut frames, mut memories) = (NONE, 0);
        for (all, frames) in frames.0.iter_mut().zip(few) {
            *all = u64::MAX >> (FRAMES - frames);
            memories += 1;
        }
        Self {
            memories,
            fault_is_use,
            rows: if memories == 0 { Vec::new() } else { vec![NONE; pages] },
            accessed: NONE,
            frames,
            ahead: frames,
            pages: [[NO_PAGE; FRAMES as usize]; MEMORIES],
        }
    }

    /// Moves a hand to a page that was not accessed and past it, and returns its frame. The bits of those that it passes are
    /// cleared. Free frames are not accessed, so they are taken in their order.
    #[inline(always)]
    fn frame(&mut self, memory: usize) -> u32 {
        let (frames, ahead) = (self.frames.0[memory], self.ahead.0[memory]);
        let accessed = self.accessed.0[memory];
        let unused = frames & !accessed;
        let near = unused & ahead;
        // If all were accessed, the hand passes each and comes back to where it was.
        let found = if near != 0 {
            near
        } else if unused != 0 {
            unused
        } else {
            ahead
        };
        let up_to_found = found ^ (found - 1);
        let passed = if near != 0 { up_to_found & ahead } else { up_to_found | ahead };
        self.accessed.0[memory] = accessed & !passed;
        let after = frames & !up_to_found;
        self.ahead.0[memory] = if after != 0 { after } else { frames };
        found.trailing_zeros() % FRAMES
    }
}

impl First for FewFrames {
    fn lanes(&self) -> usize {
        self.memories
    }

    #[inline(always)]
    fn hit(&mut self, page: u32) {
        if let Some(row) = self.rows.get(page as usize) {
            for (accessed, frame) in self.accessed.0.iter_mut().zip(row.0) {
                *accessed |= frame;
            }
        }
    }

    #[inline(always)]
    fn fault(&mut self, lane: usize, page: u32) -> u32 {
        let memory = lane % MEMORIES;
        let frame = self.frame(memory);
        let victim = std::mem::replace(&mut self.pages[memory][frame as usize], page);
        if victim != NO_PAGE {
            self.rows[victim as usize].0[memory] = 0;
        }
        self.rows[page as usize].0[memory] = 1 << frame;
        if self.fault_is_use {
            self.accessed.0[memory] |= 1 << frame;
        }
        victim
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::Random;
    use crate::lanes::{Sink, pass};
    use crate::policy::clock::Clock;
    use crate::policy::{Hand, OnFault};
    use crate::stream::{Reference, Stream};

    struct Faults(Vec<(usize, usize, u32, u32)>);

    impl Sink for Faults {
        fn fault(&mut self, index: usize, lane: usize, page: u32, victim: u32) {
            self.0.push((index, lane, page, victim));
        }
    }

    #[test]
    fn s6_the_clock_in_few_frames_does_each_step_of_the_clock() {
        let mut random = Random::new(7);
        // A few pages are used often.
        let mut page = || random.below(90) * random.below(90) / 60;
        let references = (0..20_000).map(|_| Reference { page: page().into(), write: false });
        let stream = Stream::new(references).unwrap();
        let sizes = [1, 2, 3, 30, 63, 64, 65, 80];
        for on_fault in [OnFault::Used, OnFault::Unused] {
            let clock = |sizes: &[u32]| -> Vec<Clock<1>> {
                sizes.iter().map(|size| Clock::new(*size, on_fault, Hand::Past)).collect()
            };
            let mut few = FewFrames::new(&sizes, stream.pages(), on_fault == OnFault::Used);
            assert_eq!(few.lanes(), 6);
            let (mut found, mut expected) = (Faults(Vec::new()), Faults(Vec::new()));
            pass(&stream, &mut few, &mut clock(&sizes[6..]), &mut found);
            pass(&stream, &mut (), &mut clock(&sizes), &mut expected);
            assert!(found.0.len() > 20_000 && found.0 == expected.0);
        }
    }
}
