//! LFU evicts the page that was used least often (Silberschatz, Galvin and Gagne, "Operating System Concepts").
//!
//! Of those used equally often the one goes that was used longest ago (`ties=unused`, as libCacheSim has it), or the
//! one that came in first (`ties=first`). A page's count begins anew when it comes in again (`counts=resident`,
//! libCacheSim), or is kept while the page is away (`counts=kept`, which papers call perfect LFU).
//!
//! A hit only notes the time and adds one to the count of all uses, which is the same for all sizes.

use super::options::{Counts, LfuTies};
use super::ranked::Ranked;
use crate::lanes::{Lane, Marks, NO_PAGE, Pages, Use};

/// The words of a page: how often it was used, and the time of its last use.
const USES: usize = 0;
const LAST_USE: usize = 1;

/// What decides between pages: how often a page was used, and when it was used last or came in.
type Rank = (u32, u32);

/// What is not to be counted of a page's uses, and when it came in.
#[derive(Clone, Copy, Default)]
struct Arrival {
    uses_before: u32,
    time: u32,
}

pub(super) struct Lfu {
    frames: usize,
    ties: LfuTies,
    counts: Counts,
    arrivals: Vec<Arrival>,
    /// The resident pages.
    ranked: Ranked<Rank>,
}

impl Lfu {
    pub(super) fn new(frames: u32, pages: usize, ties: LfuTies, counts: Counts) -> Self {
        let arrivals = vec![Arrival::default(); pages];
        Self { frames: frames as usize, ties, counts, arrivals, ranked: Ranked::new() }
    }
}

impl Lane<2> for Lfu {
    fn hit(marks: &mut Marks<2>, using: Use) {
        marks.planes[USES] += 1;
        marks.planes[LAST_USE] = using.references;
    }

    fn fault(&mut self, using: Use, pages: &mut Pages<'_, 2>) -> u32 {
        let Use { page, references, .. } = using;
        let mut victim = NO_PAGE;
        if self.ranked.len() == self.frames {
            let (arrivals, ties) = (&self.arrivals, self.ties);
            victim = self.ranked.pop(|page| rank(page, arrivals, ties, pages));
            pages.leave(victim);
        }
        // This use is among the page's uses already.
        let before = pages.word(page, USES) - 1;
        let uses_before = if self.counts == Counts::Kept { 0 } else { before };
        self.arrivals[page as usize] = Arrival { uses_before, time: references };
        self.ranked.push(rank(page, &self.arrivals, self.ties, pages), page);
        victim
    }
}

fn rank(page: u32, arrivals: &[Arrival], ties: LfuTies, pages: &Pages<'_, 2>) -> Rank {
    let Arrival { uses_before, time } = arrivals[page as usize];
    let tie = if ties == LfuTies::Unused { pages.word(page, LAST_USE) } else { time };
    (pages.word(page, USES) - uses_before, tie)
}
