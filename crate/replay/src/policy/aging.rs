//! Aging evicts the page with the lowest counter of eight bits (Tanenbaum, "Modern Operating Systems"; the additional
//! reference bits of Silberschatz).
//!
//! Each clock tick shifts the counters to the right and puts the used bit on top. A page that was used since the last
//! tick goes after all that were not; of equal ones the one goes that came in first. A tick comes after so many
//! (`every`) faults, an eighth of the frames, or references, eight for each frame (`unit`). The access that faults
//! sets the used bit (`fault=used`), or does not (`fault=unused`).

use super::options::{OnFault, Unit};
use super::ranked::Ranked;
use crate::lanes::{Lane, Marks, NO_PAGE, Pages, Use};

/// The bit of a counter for the time before the last tick.
const TOP: u8 = 0x80;

struct Frame {
    page: u32,
    counter: u8,
    /// The number of the fault that brought the page in.
    arrival: u32,
}

/// What decides between frames: whether the page is used, its counter, and when it came.
type Rank = (bool, u8, u32);

fn rank(in_frames: &[Frame], frame: u32, pages: &Pages<'_, 1>) -> Rank {
    let Frame { page, counter, arrival } = in_frames[frame as usize];
    (pages.bit(page, 0), counter, arrival)
}

pub(super) struct Aging {
    frames: usize,
    on_fault: OnFault,
    unit: Unit,
    every: u32,
    faults: u32,
    in_frames: Vec<Frame>,
    /// All frames by rank, which grows when the page is used.
    ranked: Ranked<Rank>,
    /// Whether the frames are ranked. They are not after a tick, until one is evicted.
    is_ranked: bool,
}

impl Aging {
    pub(super) fn new(frames: u32, on_fault: OnFault, unit: Unit, every: Option<u32>) -> Self {
        let every = every.unwrap_or(match unit {
            Unit::Faults => (frames / 8).max(1),
            Unit::References => frames.saturating_mul(8),
        });
        Self {
            frames: frames as usize,
            on_fault,
            unit,
            every,
            faults: 0,
            in_frames: Vec::new(),
            ranked: Ranked::new(),
            is_ranked: false,
        }
    }

    /// Returns the frame of the lowest rank.
    fn lowest(&mut self, pages: &Pages<'_, 1>) -> u32 {
        if !self.is_ranked {
            let frames = 0..self.frames as u32;
            self.ranked =
                frames.map(|frame| (rank(&self.in_frames, frame, pages), frame)).collect();
            self.is_ranked = true;
        }
        let in_frames = &self.in_frames;
        self.ranked.pop(|frame| rank(in_frames, frame, pages))
    }

    fn shift(&mut self, pages: &mut Pages<'_, 1>) {
        for frame in &mut self.in_frames {
            let used = pages.take_bit(frame.page, 0);
            frame.counter = frame.counter >> 1 | if used { TOP } else { 0 };
        }
        self.is_ranked = false;
    }
}

impl Lane<1> for Aging {
    fn hit(marks: &mut Marks<1>, _: Use) {
        marks.set(0);
    }

    fn fault(&mut self, using: Use, pages: &mut Pages<'_, 1>) -> u32 {
        self.faults += 1;
        let came = Frame { page: using.page, counter: 0, arrival: self.faults };
        let used = u32::from(self.on_fault == OnFault::Used);
        let victim = if self.in_frames.len() < self.frames {
            self.in_frames.push(came);
            pages.set_count::<1>(using.page, used);
            NO_PAGE
        } else {
            let frame = self.lowest(pages);
            let victim = std::mem::replace(&mut self.in_frames[frame as usize], came).page;
            pages.leave(victim);
            pages.set_count::<1>(using.page, used);
            self.ranked.push(rank(&self.in_frames, frame, pages), frame);
            victim
        };
        if self.unit == Unit::Faults && self.faults.is_multiple_of(self.every) {
            self.shift(pages);
        }
        victim
    }

    fn ticks(&self) -> bool {
        self.unit == Unit::References
    }

    fn tick(&mut self, references: u32, pages: &mut Pages<'_, 1>) {
        if references.is_multiple_of(self.every) {
            self.shift(pages);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lanes::{Sink, pass};
    use crate::tests::{stream, tanenbaum};

    struct Nobody;

    impl Sink for Nobody {
        fn fault(&mut self, _: usize, _: usize, _: u32, _: u32) {}
    }

    /// The counters of six pages after each of five ticks: column by column the bits of the rows, the last on top. The
    /// rows are Tanenbaum's figure as it was remembered (see `tests::tanenbaum`).
    #[test]
    fn s6_counters_after_each_tick_are_those_of_tanenbaums_figure() {
        let rows = ["101011", "110010", "110101", "100010", "011000"];
        let figure = [
            [0b1000_0000, 0, 0b1000_0000, 0, 0b1000_0000, 0b1000_0000],
            [0b1100_0000, 0b1000_0000, 0b0100_0000, 0, 0b1100_0000, 0b0100_0000],
            [0b1110_0000, 0b1100_0000, 0b0010_0000, 0b1000_0000, 0b0110_0000, 0b1010_0000],
            [0b1111_0000, 0b0110_0000, 0b0001_0000, 0b0100_0000, 0b1011_0000, 0b0101_0000],
            [0b0111_1000, 0b1011_0000, 0b1000_1000, 0b0010_0000, 0b0101_1000, 0b0010_1000],
        ];
        for (tick, counters) in figure.iter().enumerate() {
            let references = stream(&tanenbaum::used(&rows[..=tick]));
            let mut lanes = [Aging::new(6, OnFault::Unused, Unit::References, Some(6))];
            pass(&references, &mut (), &mut lanes, &mut Nobody);
            let found: Vec<u8> = lanes[0].in_frames.iter().map(|frame| frame.counter).collect();
            assert_eq!(found, counters, "tick {tick}");
        }
    }

    /// Used bits of four pages over eight ticks leave the counters 6E, 49, 37 and 8B: each page's bits, the last on
    /// top. The bits are Tanenbaum's problem as it was remembered (see `tests::tanenbaum`).
    #[test]
    fn s6_counters_are_those_of_tanenbaums_problem() {
        let references = tanenbaum::aging();
        let before = stream(&references[..references.len() - 1]);
        let mut lanes = [Aging::new(4, OnFault::Used, Unit::References, Some(4))];
        pass(&before, &mut (), &mut lanes, &mut Nobody);
        let counters = lanes[0].in_frames.iter().map(|frame| frame.counter);
        assert_eq!(counters.collect::<Vec<_>>(), [0x6e, 0x49, 0x37, 0x8b]);
    }
}
