//! Runs a policy that does nothing on a hit but set bits, in memories of up to 32 sizes at once.
//!
//! Each memory is a lane, and each page has a word whose bit k says whether it is resident in lane k, and a few
//! more words with the policy's bits for it. A hit in all lanes is one step, and only faults go lane by lane.

use std::ops::Range;

use crate::stream::Stream;

/// The most lanes of one pass.
pub(crate) const LANES: usize = u32::BITS as usize;

/// No page: what a fault evicts while frames are free.
pub(crate) const NO_PAGE: u32 = u32::MAX;

/// What takes notice of faults.
pub(crate) trait Sink {
    /// The reference `index`, to `page`, faults in the memory of the number `lane`, and `victim` is evicted, if it
    /// is not [`NO_PAGE`].
    fn fault(&mut self, index: usize, lane: usize, page: u32, victim: u32);
}

/// What a page is in each lane. `PLANES` words have the policy's bits; read across, a bit of each of the first `BITS` words
/// is a counter. A policy may use a word for something else that is the same in all lanes, as the time of the page's last use.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Marks<const PLANES: usize> {
    resident: u32,
    pub(crate) planes: [u32; PLANES],
}

impl<const PLANES: usize> Marks<PLANES> {
    /// A page that is resident nowhere.
    pub(crate) const ABSENT: Self = Self { resident: 0, planes: [0; PLANES] };

    /// Adds one to the counter in each lane where the page is resident and its counter is not at its most.
    pub(crate) fn count_up<const BITS: usize>(&mut self) {
        let full = self.planes[..BITS].iter().fold(u32::MAX, |full, plane| full & plane);
        let mut carry = self.resident & !full;
        for plane in &mut self.planes[..BITS] {
            let before = *plane;
            *plane ^= carry;
            carry &= before;
        }
    }

    /// Sets the counter to 0 in each lane where the page is not resident.
    pub(crate) fn count_anew<const BITS: usize>(&mut self) {
        self.planes[..BITS].iter_mut().for_each(|plane| *plane &= self.resident);
    }

    /// Sets a bit in each lane where the page is resident.
    pub(crate) fn set(&mut self, plane: usize) {
        self.planes[plane] |= self.resident;
    }
}

/// The pages, as one lane sees them.
pub(crate) struct Pages<'a, const PLANES: usize> {
    marks: &'a mut [Marks<PLANES>],
    /// The lane's bit.
    lane: u32,
}

impl<'a, const PLANES: usize> Pages<'a, PLANES> {
    /// Returns the pages as the lane of this number sees them.
    pub(crate) fn of(marks: &'a mut [Marks<PLANES>], lane: usize) -> Self {
        Self::of_bit(marks, 1 << lane)
    }

    /// Returns the pages as the lane of this bit sees them.
    fn of_bit(marks: &'a mut [Marks<PLANES>], lane: u32) -> Self {
        Self { marks, lane }
    }

    /// Sets a page's counter.
    pub(crate) fn set_count<const BITS: usize>(&mut self, page: u32, count: u32) {
        for (plane, bits) in self.marks[page as usize].planes[..BITS].iter_mut().enumerate() {
            *bits = if count >> plane & 1 != 0 { *bits | self.lane } else { *bits & !self.lane };
        }
    }

    /// Makes a page not resident.
    pub(crate) fn leave(&mut self, page: u32) {
        self.marks[page as usize].resident &= !self.lane;
    }

    /// Returns a page's counter.
    pub(crate) fn count<const BITS: usize>(&self, page: u32) -> u32 {
        let planes = self.marks[page as usize].planes[..BITS].iter().rev();
        planes.fold(0, |count, plane| count << 1 | u32::from(plane & self.lane != 0))
    }

    /// Takes one from a page's counter; false if there was nothing to take.
    #[inline]
    pub(crate) fn count_down<const BITS: usize>(&mut self, page: u32) -> bool {
        let planes = &mut self.marks[page as usize].planes[..BITS];
        if planes.iter().all(|plane| plane & self.lane == 0) {
            return false;
        }
        for plane in planes {
            *plane ^= self.lane;
            // It was 1, so nothing is borrowed from the next.
            if *plane & self.lane == 0 {
                break;
            }
        }
        true
    }

    /// Makes a page not resident if its counter is 0, and else takes one from it. Returns whether the page leaves.
    #[inline]
    pub(crate) fn leave_or_count_down<const BITS: usize>(&mut self, page: u32) -> bool {
        let leaves = !self.count_down::<BITS>(page);
        if leaves {
            self.leave(page);
        }
        leaves
    }

    /// Clears the bits of two pages as a hand does that goes on while they are set. Returns how many it passes; none if
    /// it goes on after both.
    #[inline(always)]
    pub(crate) fn clear_two(&mut self, page: u32, next: u32) -> Option<usize> {
        let first = self.marks[page as usize].planes[0] & self.lane;
        let second = self.marks[next as usize].planes[0] & self.lane;
        self.marks[page as usize].planes[0] &= !first;
        self.marks[next as usize].planes[0] &= !first;
        if first & second == 0 { Some(usize::from(first != 0)) } else { None }
    }

    /// Returns a word of a page that is the same in all lanes.
    pub(crate) fn word(&self, page: u32, plane: usize) -> u32 {
        self.marks[page as usize].planes[plane]
    }

    /// Sets a bit of a page.
    pub(crate) fn set_bit(&mut self, page: u32, plane: usize) {
        self.marks[page as usize].planes[plane] |= self.lane;
    }

    /// Returns a bit of a page.
    pub(crate) fn bit(&self, page: u32, plane: usize) -> bool {
        self.marks[page as usize].planes[plane] & self.lane != 0
    }

    /// Returns a bit of a page, and clears it.
    pub(crate) fn take_bit(&mut self, page: u32, plane: usize) -> bool {
        let bits = &mut self.marks[page as usize].planes[plane];
        let was_set = *bits & self.lane != 0;
        *bits &= !self.lane;
        was_set
    }
}

/// A reference.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Use {
    pub(crate) page: u32,
    pub(crate) write: bool,
    /// How many references there were, with this one.
    pub(crate) references: u32,
}

/// The memory of one size under a policy that does nothing on a hit but set bits.
pub(crate) trait Lane<const PLANES: usize> {
    /// Sets the bits of a page that is referred to, in all lanes where it is resident.
    fn hit(marks: &mut Marks<PLANES>, using: Use);

    /// Brings a page in, which is marked resident already. Returns the page that is evicted for it, or [`NO_PAGE`].
    fn fault(&mut self, using: Use, pages: &mut Pages<'_, PLANES>) -> u32;

    /// Whether it has clock ticks that are counted in references.
    fn ticks(&self) -> bool {
        false
    }

    /// Looks whether a clock tick is due after so many references, and does it.
    fn tick(&mut self, _references: u32, _pages: &mut Pages<'_, PLANES>) {}
}

/// The first lanes of a pass, where a policy has another way for small memories.
pub(crate) trait First {
    /// Returns how many they are, fewer than [`LANES`].
    fn lanes(&self) -> usize;

    /// Sets the bits of a page that is referred to, where it is resident.
    fn hit(&mut self, page: u32);

    /// Brings a page in. Returns the page that is evicted for it, or [`NO_PAGE`].
    fn fault(&mut self, lane: usize, page: u32) -> u32;
}

/// None.
impl First for () {
    fn lanes(&self) -> usize {
        0
    }

    fn hit(&mut self, _: u32) {}

    fn fault(&mut self, _: usize, _: u32) -> u32 {
        NO_PAGE
    }
}

/// Goes through a stream once, for all lanes: those of `first`, and then `lanes`.
pub(crate) fn pass<const PLANES: usize, L: Lane<PLANES>>(
    stream: &Stream,
    first: &mut impl First,
    lanes: &mut [L],
    sink: &mut impl Sink,
) {
    assert!((1..=LANES).contains(&(first.lanes() + lanes.len())));
    let mut marks = vec![Marks::ABSENT; stream.pages()];
    for part in stream.parts() {
        pass_part(stream, part, &mut marks, first, lanes, sink);
    }
}

/// Goes through a part of a stream. It is a function of its own because WebAssembly's engines begin with code that is made
/// quickly, and go over to fast code where a function is called again, not in the midst of a loop.
#[inline(never)]
fn pass_part<const PLANES: usize, L: Lane<PLANES>>(
    stream: &Stream,
    part: Range<usize>,
    marks: &mut [Marks<PLANES>],
    first: &mut impl First,
    lanes: &mut [L],
    sink: &mut impl Sink,
) {
    let firsts = first.lanes();
    let all = u32::MAX >> (LANES - firsts - lanes.len());
    let of_first = (1 << firsts) - 1;
    let has_ticks = lanes.iter().any(L::ticks);
    for (index, (page, write)) in part.clone().zip(stream.iter_part(part)) {
        let found = &mut marks[page as usize];
        let using = Use { page, write, references: index as u32 + 1 };
        let mut absent = all & !found.resident;
        L::hit(found, using);
        if absent != 0 {
            // In all lanes at once: a page that faults always comes in.
            found.resident |= absent;
        }
        first.hit(page);
        let mut absent_of_first = absent & of_first;
        absent &= !of_first;
        while absent_of_first != 0 {
            let number = absent_of_first.trailing_zeros() as usize;
            let lane = absent_of_first & absent_of_first.wrapping_neg();
            absent_of_first ^= lane;
            let victim = first.fault(number, page);
            if victim != NO_PAGE {
                marks[victim as usize].resident &= !lane;
            }
            sink.fault(index, number, page, victim);
        }
        while absent != 0 {
            let number = absent.trailing_zeros() as usize;
            let lane = absent & absent.wrapping_neg();
            absent ^= lane;
            let mut pages = Pages::of_bit(marks, lane);
            let victim = lanes[number - firsts].fault(using, &mut pages);
            sink.fault(index, number, page, victim);
        }
        if has_ticks {
            for (number, lane) in lanes.iter_mut().enumerate() {
                let mut pages = Pages::of(marks, firsts + number);
                lane.tick(index as u32 + 1, &mut pages);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s6_counters_of_all_lanes_count_up_to_their_most_and_down_to_nothing() {
        let mut marks = vec![Marks::<2>::ABSENT];
        marks[0].resident = 0b101;
        Pages::of(&mut marks, 2).set_count::<2>(0, 2);
        let mut counts = Vec::new();
        for _ in 0..4 {
            let of = |lane| Pages::of(&mut marks.clone(), lane).count::<2>(0);
            counts.push([0, 1, 2].map(of));
            marks[0].count_up::<2>();
        }
        assert_eq!(counts, [[0, 0, 2], [1, 0, 3], [2, 0, 3], [3, 0, 3]]);
        let mut pages = Pages::of(&mut marks, 2);
        let down: Vec<_> =
            (0..4).map(|_| (pages.count_down::<2>(0), pages.count::<2>(0))).collect();
        assert_eq!(down, [(true, 2), (true, 1), (true, 0), (false, 0)]);
        assert_eq!(Pages::of(&mut marks, 0).count::<2>(0), 3);
    }
}
