//! The optimal policy evicts the page that is used again last (Belady, "A study of replacement algorithms for a
//! virtual-storage computer", 1966; proved by Mattson and others, 1970). It has to know the future, so it is what
//! others are measured by.
//!
//! All sizes are one pass, because what a smaller memory has every larger one has too: here is Mattson's priority
//! stack, in one section for each size instead of one place for each page. Section j has the pages that memory j has
//! and the next smaller one has not, as a heap by their next use. A page that is used goes to the first section; each
//! section that is too large by that gives its last used again to the next, up to where the page was.
//!
//! Which of the pages goes that are never used again makes no difference to the faults: the one that was used longest
//! ago (`ties=unused`), or last (`ties=used`). A page that faults comes in, even if it is not used again.

use std::collections::BinaryHeap;

use super::options::OptTies;
use crate::lanes::{NO_PAGE, Sink};
use crate::stream::Stream;

/// The most sizes of one pass.
pub(super) const MOST_SIZES: usize = u8::MAX as usize;

/// A page that no memory has.
const NOWHERE: u8 = u8::MAX;

/// The pages that one memory has and the next smaller one has not.
struct Section {
    /// The most pages: the difference of the two sizes.
    most: usize,
    count: usize,
    /// When each page is used next. A time that has passed is void, and less than all that are not: it is taken out
    /// when there are more of those.
    next_uses: BinaryHeap<u32>,
}

impl Section {
    fn push(&mut self, next_use: u32, now: u32) {
        if self.next_uses.len() > 2 * self.count + 64 {
            self.next_uses.retain(|next_use| *next_use > now);
        }
        self.next_uses.push(next_use);
        self.count += 1;
    }

    fn pop(&mut self) -> u32 {
        self.count -= 1;
        self.next_uses.pop().expect("a full section has a page")
    }
}

/// Goes through a stream once, for memories of `sizes` frames, which ascend.
pub(super) fn run(stream: &Stream, sizes: &[u32], ties: OptTies, sink: &mut impl Sink) {
    assert!((1..=MOST_SIZES).contains(&sizes.len()) && sizes.is_sorted());
    let end = stream.len() as u32;
    // What is not used again is used after the end, in the order in which it is to go.
    let key = |next_use: u32, now: u32| match (next_use, ties) {
        (Stream::NEVER, OptTies::Unused) => end + (end - 1 - now),
        (Stream::NEVER, OptTies::Used) => end + now,
        _ => next_use,
    };
    let page_of = |key: u32| {
        let at = match ties {
            _ if key < end => key,
            OptTies::Unused => end - 1 - (key - end),
            OptTies::Used => key - end,
        };
        stream.page(at as usize)
    };
    let mut smaller = 0;
    let mut sections: Vec<Section> = Vec::with_capacity(sizes.len());
    for size in sizes {
        let most = (size - smaller) as usize;
        sections.push(Section { most, count: 0, next_uses: BinaryHeap::new() });
        smaller = *size;
    }
    let mut place = vec![NOWHERE; stream.pages()];
    let next_uses = stream.next_uses();
    for (index, ((page, _), next_use)) in stream.iter().zip(next_uses).enumerate() {
        let now = index as u32;
        let own = key(next_use, now);
        let was = std::mem::replace(&mut place[page as usize], 0);
        let faults = usize::from(was).min(sizes.len());
        if faults < sizes.len() {
            sections[faults].count -= 1;
        }
        // What goes on to the next section; before the first that is the page itself, which stays there.
        let mut carried = None;
        for (lane, section) in sections.iter_mut().enumerate().take(faults) {
            let (mut victim, is_full) = (NO_PAGE, section.count == section.most);
            carried = match carried {
                None if lane == 0 => is_full.then(|| section.pop()),
                None => None,
                Some(next_use) if !is_full => {
                    place[page_of(next_use) as usize] = lane as u8;
                    section.push(next_use, now);
                    None
                }
                Some(next_use) if section.next_uses.peek().is_some_and(|last| *last > next_use) => {
                    place[page_of(next_use) as usize] = lane as u8;
                    let last = section.pop();
                    section.push(next_use, now);
                    Some(last)
                }
                passed => passed,
            };
            if let Some(next_use) = carried {
                victim = page_of(next_use);
            }
            sink.fault(index, lane, page, victim);
        }
        if let Some(next_use) = carried {
            let to = if faults < sizes.len() { faults as u8 } else { NOWHERE };
            place[page_of(next_use) as usize] = to;
            if faults < sizes.len() {
                sections[faults].push(next_use, now);
            }
        }
        sections[0].push(own, now);
    }
}
