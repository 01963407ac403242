//! WSClock is a clock that spares the working set, the pages used within the last `window` references (Carr and
//! Hennessy, "WSClock: a simple and effective algorithm for virtual memory management", 1981).
//!
//! The hand notes when it finds a page used, and clears the bit. A page that is unused, and that was not used within
//! the window, goes if it is clean. If it is dirty the hand passes on, and comes back for it when a round has found
//! no clean one: here it is the eviction that writes the page. When all pages are in the working set, the one that is
//! known to be unused longest goes. The window is eight references for each frame. The access that faults sets the
//! used bit (`fault=used`), or does not (`fault=unused`).

use super::options::OnFault;
use crate::lanes::{Lane, Marks, NO_PAGE, Pages, Use};
use crate::list::Lists;

const USED: usize = 0;
const DIRTY: usize = 1;
/// The only list: the frames in the order in which the hand comes to them.
const HAND: u32 = 0;

struct Frame {
    page: u32,
    /// When the page was found used last, in references.
    last_use: u32,
}

pub(super) struct WsClock {
    frames: usize,
    on_fault: OnFault,
    window: u32,
    in_frames: Vec<Frame>,
    order: Lists,
}

impl WsClock {
    pub(super) fn new(frames: u32, pages: usize, on_fault: OnFault, window: Option<u32>) -> Self {
        let order = Lists::new(1, pages.min(frames as usize));
        let window = window.unwrap_or(frames.saturating_mul(8));
        Self { frames: frames as usize, on_fault, window, in_frames: Vec::new(), order }
    }

    /// Takes the frame out of which a page goes off the order.
    fn free_frame(&mut self, now: u32, pages: &mut Pages<'_, 2>) -> u32 {
        let mut passed_dirty = false;
        for takes_dirty in [false, true] {
            if takes_dirty && !passed_dirty {
                break;
            }
            for _ in 0..self.frames {
                let number = self.order.first(HAND).expect("there are frames");
                self.order.remove(number);
                let frame = &mut self.in_frames[number as usize];
                if pages.take_bit(frame.page, USED) {
                    frame.last_use = now;
                }
                if now - frame.last_use > self.window {
                    if takes_dirty || !pages.bit(frame.page, DIRTY) {
                        return number;
                    }
                    passed_dirty = true;
                }
                self.order.push_back(HAND, number);
            }
        }
        let along = std::iter::successors(self.order.first(HAND), |at| self.order.after(*at));
        let oldest = along.min_by_key(|number| self.in_frames[*number as usize].last_use);
        let oldest = oldest.expect("there are frames");
        self.order.remove(oldest);
        oldest
    }
}

impl Lane<2> for WsClock {
    fn hit(marks: &mut Marks<2>, using: Use) {
        marks.set(USED);
        if using.write {
            marks.set(DIRTY);
        }
    }

    fn fault(&mut self, using: Use, pages: &mut Pages<'_, 2>) -> u32 {
        let came = Frame { page: using.page, last_use: using.references };
        let (number, victim);
        if self.in_frames.len() < self.frames {
            (number, victim) = (self.in_frames.len() as u32, NO_PAGE);
            self.in_frames.push(came);
        } else {
            number = self.free_frame(using.references, pages);
            victim = std::mem::replace(&mut self.in_frames[number as usize], came).page;
            pages.leave(victim);
        }
        let used = u32::from(self.on_fault == OnFault::Used);
        pages.set_count::<2>(using.page, used << USED | u32::from(using.write) << DIRTY);
        self.order.push_back(HAND, number);
        victim
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// At the virtual time 2204 the hand clears the used bit of a page, and goes on to one that was not used since
    /// 1213, which the new page replaces. The times are those of a figure in Tanenbaum, "Modern Operating Systems", as
    /// it was remembered: the book was not at hand. What is expected follows from the rule.
    #[test]
    fn s6_the_hand_moves_as_in_tanenbaums_figure() {
        let frames = [2014, 1213, 1620, 2084, 2032, 2003, 2020, 1980];
        let mut lane = WsClock::new(8, 9, OnFault::Used, Some(500));
        let mut marks = vec![Marks::ABSENT; 9];
        let mut pages = Pages::of(&mut marks, 0);
        for (page, last_use) in (0..).zip(frames) {
            let is_used = last_use != 1213 && last_use != 1620;
            pages.set_count::<2>(page, u32::from(is_used) << USED);
            lane.in_frames.push(Frame { page, last_use });
            lane.order.push_back(HAND, page);
        }
        let victim = lane.fault(Use { page: 8, write: false, references: 2204 }, &mut pages);
        assert_eq!(victim, 1);
        assert!(!pages.bit(0, USED) && pages.bit(8, USED));
        assert_eq!((lane.in_frames[1].page, lane.in_frames[1].last_use), (8, 2204));
        assert_eq!(lane.order.first(HAND), Some(2));
        // A page that is old but dirty is passed over, and taken where there is no clean one.
        pages.set_bit(2, DIRTY);
        let victim = lane.fault(Use { page: 1, write: false, references: 2204 }, &mut pages);
        assert_eq!(victim, 2);
        assert!((3..=8).all(|page| !pages.bit(page, USED)), "a whole round has passed");
    }
}
