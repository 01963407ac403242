//! LIRS keeps the pages between whose last two uses few others were used, and lets the rest pass through a short
//! queue (Jiang and Zhang, "LIRS: an efficient low inter-reference recency set replacement policy", SIGMETRICS 2002).
//!
//! The queue of resident pages of high inter-reference recency (HIR) has a hundredth of the frames (`hir`), at least
//! one; the rest has pages of low inter-reference recency (LIR). The stack is not bounded, as in the paper: it keeps
//! every page used since the oldest use of a LIR page. A memory of one frame has no LIR pages.

use super::options::Share;
use crate::lanes::{NO_PAGE, Sink};
use crate::list::Lists;
use crate::stream::Stream;

/// The only list of each `Lists`.
const ALL: u32 = 0;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Status {
    Lir,
    /// Resident, and in the queue.
    Hir,
    /// Evicted, or never used.
    Absent,
}

/// Goes through a stream once for each of the sizes: a page that is used moves on the stack of each.
pub(super) fn run(stream: &Stream, sizes: &[u32], hir: Share, sink: &mut impl Sink) {
    for (lane, frames) in sizes.iter().enumerate() {
        let mut memory = Lirs::new(*frames, stream.pages(), hir);
        for (index, (page, _)) in stream.iter().enumerate() {
            if let Some(victim) = memory.refer(page) {
                sink.fault(index, lane, page, victim);
            }
        }
    }
}

struct Lirs {
    frames: usize,
    most_lir: usize,
    lir: usize,
    resident: usize,
    status: Vec<Status>,
    in_stack: Vec<bool>,
    /// By recency, the last used at the front; at the end there is a LIR page.
    stack: Lists,
    /// Resident HIR pages; the first is evicted next.
    queue: Lists,
}

impl Lirs {
    fn new(frames: u32, pages: usize, hir: Share) -> Self {
        Self {
            frames: frames as usize,
            most_lir: (frames - hir.of(frames).clamp(1, frames)) as usize,
            lir: 0,
            resident: 0,
            status: vec![Status::Absent; pages],
            in_stack: vec![false; pages],
            stack: Lists::new(1, pages),
            queue: Lists::new(1, pages),
        }
    }

    fn status(&self, page: u32) -> Status {
        self.status[page as usize]
    }

    fn put_on_top(&mut self, page: u32) {
        if std::mem::replace(&mut self.in_stack[page as usize], true) {
            self.stack.remove(page);
        }
        self.stack.push_front(ALL, page);
    }

    /// Takes pages off the end of the stack until a LIR page is there.
    fn prune(&mut self) {
        while let Some(page) = self.stack.last(ALL)
            && self.status(page) != Status::Lir
        {
            self.stack.remove(page);
            self.in_stack[page as usize] = false;
        }
    }

    /// Makes a page LIR that is at the top of the stack, and the LIR page at its end HIR.
    fn promote(&mut self, page: u32) {
        self.status[page as usize] = Status::Lir;
        let last = self.stack.last(ALL).expect("the stack has the page");
        self.status[last as usize] = Status::Hir;
        self.queue.push_back(ALL, last);
        self.prune();
    }

    /// Evicts a page if no frame is free.
    fn make_room(&mut self) -> u32 {
        if self.resident < self.frames {
            self.resident += 1;
            return NO_PAGE;
        }
        let victim = self.queue.first(ALL).expect("the queue has a page");
        self.queue.remove(victim);
        self.status[victim as usize] = Status::Absent;
        victim
    }

    /// Refers to a page. Returns nothing if it is a hit, and else the page that is evicted, or [`NO_PAGE`].
    fn refer(&mut self, page: u32) -> Option<u32> {
        let was_in_stack = self.in_stack[page as usize];
        match self.status(page) {
            Status::Lir => {
                self.put_on_top(page);
                self.prune();
                None
            }
            Status::Hir => {
                self.queue.remove(page);
                if was_in_stack {
                    self.put_on_top(page);
                    self.promote(page);
                } else {
                    if self.most_lir > 0 {
                        self.put_on_top(page);
                    }
                    self.queue.push_back(ALL, page);
                }
                None
            }
            Status::Absent => {
                let victim = self.make_room();
                if self.most_lir > 0 {
                    self.put_on_top(page);
                }
                if self.lir < self.most_lir {
                    self.lir += 1;
                    self.status[page as usize] = Status::Lir;
                } else if was_in_stack {
                    self.promote(page);
                } else {
                    self.status[page as usize] = Status::Hir;
                    self.queue.push_back(ALL, page);
                }
                Some(victim)
            }
        }
    }
}
