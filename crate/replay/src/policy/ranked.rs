//! Keeps pages or frames by ranks that only grow, and finds the lowest without being told when one grows.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Numbers by rank, as it was when each was put there.
pub(super) struct Ranked<Rank>(BinaryHeap<Reverse<(Rank, u32)>>);

impl<Rank: Copy + Ord> Ranked<Rank> {
    pub(super) fn new() -> Self {
        Self(BinaryHeap::new())
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn push(&mut self, rank: Rank, number: u32) {
        self.0.push(Reverse((rank, number)));
    }

    /// Takes the number of the lowest rank, of which there is one. What is lowest by an old rank and has grown since
    /// goes to its place, so the work is that of the changes since it was looked at last.
    pub(super) fn pop(&mut self, rank_now: impl Fn(u32) -> Rank) -> u32 {
        loop {
            let mut lowest = self.0.peek_mut().expect("there is a number");
            let Reverse((rank, number)) = *lowest;
            let now = rank_now(number);
            if rank == now {
                std::collections::binary_heap::PeekMut::pop(lowest);
                return number;
            }
            *lowest = Reverse((now, number));
        }
    }
}

impl<Rank: Ord> FromIterator<(Rank, u32)> for Ranked<Rank> {
    fn from_iter<Source: IntoIterator<Item = (Rank, u32)>>(source: Source) -> Self {
        Self(source.into_iter().map(Reverse).collect::<Vec<_>>().into())
    }
}
