//! Orders frames by rank, for policies that rank all active frames and evict those of the lowest ranks.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::machine::Machine;
use crate::memory::Pfn;
use crate::paging::flight::take_active;
use crate::paging::progress::Progress;
use crate::runtime::Cpu;

/// Frames with their ranks and places, the lowest rank on top, of equal ones the lowest place.
pub(super) struct Lowest(BinaryHeap<Reverse<(u64, u32, Pfn)>>);

impl Lowest {
    /// Orders frames, given as rank, place and frame, in time linear in their number.
    pub(super) fn of(ranked: Vec<(u64, u32, Pfn)>) -> Self {
        Self(ranked.into_iter().map(Reverse).collect())
    }

    /// Takes up to `want` into flight that are still active, the lowest first; those that are not any more count as
    /// busy, since another CPU has taken them meanwhile.
    pub(super) async fn take<C: Cpu>(
        self,
        cpu: &C,
        machine: &Machine,
        want: usize,
        progress: &mut Progress,
    ) -> Vec<Pfn> {
        let mut victims = Vec::with_capacity(want);
        for frame in self {
            if victims.len() == want {
                break;
            }
            if take_active(cpu, machine, frame).await {
                victims.push(frame);
            } else {
                progress.busy += 1;
            }
        }
        victims
    }
}

impl Iterator for Lowest {
    type Item = Pfn;

    /// Returns the lowest of those that are left.
    fn next(&mut self) -> Option<Pfn> {
        self.0.pop().map(|Reverse((_, _, frame))| frame)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s6_the_lowest_ranks_come_first_and_of_equal_ones_the_first_places() {
        let ranked = [(5, 0, 3), (1, 4, 9), (2, 1, 7), (1, 2, 8), (2, 3, 6)];
        let ranked = ranked.map(|(rank, place, frame)| (rank, place, Pfn(frame))).to_vec();
        assert_eq!(Lowest::of(ranked).map(|frame| frame.0).collect::<Vec<_>>(), [8, 9, 7, 6, 3]);
    }
}
