//! Runs a rule of one's own (`crate/rule`), which says of each page that the hand finds what becomes of it, as the
//! machine does (`paging/policy/rule.rs` of the engine).
//!
//! The access that faults sets the accessed bit, as in an MMU; a look clears it. A rule that can say `keep` goes on
//! where its hand was, any other from the page that came first. A rule that never evicts is overruled.

use faultline_rule::{Rule, Seen, Verdict};

use crate::lanes::{Lane, Marks, NO_PAGE, Pages, Use};
use crate::list::Lists;

const ACCESSED: usize = 0;
const DIRTY: usize = 1;
/// The only list: the frames from the page that came first on.
const ORDER: u32 = 0;

pub(super) struct OwnRule {
    frames: usize,
    rule: Rule,
    /// The page in each frame.
    pages: Vec<u32>,
    notes: Vec<u64>,
    order: Lists,
    hand: Option<u32>,
}

impl OwnRule {
    pub(super) fn new(frames: u32, pages: usize, rule: Rule) -> Self {
        let order = Lists::new(1, pages.min(frames as usize));
        Self {
            frames: frames as usize,
            rule,
            pages: Vec::new(),
            notes: Vec::new(),
            order,
            hand: None,
        }
    }

    /// Takes the frame off the order out of which a page goes.
    fn free_frame(&mut self, now: u32, pages: &mut Pages<'_, 2>) -> u32 {
        let (mut round, mut left) = (0, self.frames);
        let mut next = self.hand.filter(|_| self.rule.keeps());
        loop {
            let frame = next.or_else(|| self.order.first(ORDER)).expect("there are frames");
            next = self.order.after(frame);
            let (page, note) = (self.pages[frame as usize], &mut self.notes[frame as usize]);
            let accessed = pages.take_bit(page, ACCESSED);
            let dirty = pages.bit(page, DIRTY);
            let seen = Seen { accessed, dirty, shared: false, round, now: now.into(), note: *note };
            let (verdict, noted) = self.rule.judge(seen);
            *note = noted;
            if verdict == Verdict::Evict {
                self.order.remove(frame);
                self.hand = next;
                return frame;
            }
            if verdict == Verdict::Again {
                self.order.remove(frame);
                self.order.push_back(ORDER, frame);
            }
            left -= 1;
            if left == 0 {
                (round, left) = (round + 1, self.frames);
            }
        }
    }
}

impl Lane<2> for OwnRule {
    fn hit(marks: &mut Marks<2>, using: Use) {
        marks.set(ACCESSED);
        if using.write {
            marks.set(DIRTY);
        }
    }

    fn fault(&mut self, using: Use, pages: &mut Pages<'_, 2>) -> u32 {
        let (frame, victim);
        if self.pages.len() < self.frames {
            (frame, victim) = (self.pages.len() as u32, NO_PAGE);
            self.pages.push(using.page);
            self.notes.push(0);
        } else {
            frame = self.free_frame(using.references, pages);
            victim = std::mem::replace(&mut self.pages[frame as usize], using.page);
            self.notes[frame as usize] = 0;
            pages.leave(victim);
        }
        pages.set_count::<2>(using.page, 1 << ACCESSED | u32::from(using.write) << DIRTY);
        self.order.push_back(ORDER, frame);
        victim
    }
}
