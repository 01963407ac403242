//! LFU evicts the page that was used least often (Silberschatz, Galvin and Gagne, "Operating System Concepts").
//!
//! Of those used equally often the one goes that was used longest ago (`ties=unused`, as libCacheSim has it), or the
//! one that came in first (`ties=first`). A page's count begins anew when it comes in again (`counts=resident`,
//! libCacheSim), or is kept while the page is away (`counts=kept`, which papers call perfect LFU).

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::memory::Memory;
use super::options::{Counts, LfuTies};
use crate::lanes::NO_PAGE;

/// What decides between pages: how often a page was used, and when it was used last or came in.
type Rank = (u32, u32);

pub(super) struct Lfu {
    frames: usize,
    ties: LfuTies,
    counts: Counts,
    /// Of each page its rank, and whether it is resident.
    rank: Vec<Rank>,
    resident: Vec<bool>,
    /// The resident pages by rank, as it was when they were put there: ranks only grow.
    ranked: BinaryHeap<Reverse<(Rank, u32)>>,
}

impl Lfu {
    pub(super) fn new(frames: u32, pages: usize, ties: LfuTies, counts: Counts) -> Self {
        let (rank, resident) = (vec![(0, 0); pages], vec![false; pages]);
        let ranked = BinaryHeap::new();
        Self { frames: frames as usize, ties, counts, rank, resident, ranked }
    }

    fn lowest(&mut self) -> u32 {
        loop {
            let Reverse((rank, page)) = self.ranked.pop().expect("a page is resident");
            let now = self.rank[page as usize];
            if rank == now {
                return page;
            }
            self.ranked.push(Reverse((now, page)));
        }
    }
}

impl Memory for Lfu {
    fn refer(&mut self, page: u32, index: u32) -> Option<u32> {
        let at = page as usize;
        if self.resident[at] {
            self.rank[at].0 += 1;
            if self.ties == LfuTies::Unused {
                self.rank[at].1 = index;
            }
            return None;
        }
        let mut victim = NO_PAGE;
        if self.ranked.len() == self.frames {
            victim = self.lowest();
            self.resident[victim as usize] = false;
        }
        let before = if self.counts == Counts::Kept { self.rank[at].0 } else { 0 };
        self.rank[at] = (before + 1, index);
        self.resident[at] = true;
        self.ranked.push(Reverse((self.rank[at], page)));
        Some(victim)
    }
}
