//! Least recently used evicts the page that was used longest ago (Mattson, Gecsei, Slutz and Traiger, "Evaluation
//! techniques for storage hierarchies", 1970).
//!
//! All sizes are one list of pages by recency, the last used at the front: a memory of c frames has the first c. For
//! each size the list has a mark at the last page that is resident there, and a page knows the smallest memory that
//! has it. A page that is used moves to the front, and at each mark that it passes one page drops out. For all sizes
//! there are there is `distances`.

use crate::lanes::{NO_PAGE, Sink};
use crate::list::Lists;
use crate::stream::Stream;

/// The only list.
const ALL: u32 = 0;

/// The most sizes of one pass.
pub(super) const MOST_SIZES: usize = u8::MAX as usize;

/// A page that no memory has.
const NOWHERE: u8 = u8::MAX;

/// Goes through a stream once, for memories of `sizes` frames, which ascend.
pub(super) fn run(stream: &Stream, sizes: &[u32], sink: &mut impl Sink) {
    assert!((1..=MOST_SIZES).contains(&sizes.len()) && sizes.is_sorted());
    let mut list = Lists::new(1, stream.pages());
    // For each page the smallest memory that has it, and for each memory its last page, once it is full.
    let mut smallest = vec![NOWHERE; stream.pages()];
    let mut last: Vec<Option<u32>> = vec![None; sizes.len()];
    let (mut count, mut front) = (0, NO_PAGE);
    for (index, (page, _)) in stream.iter().enumerate() {
        if page == front {
            continue;
        }
        let place = smallest[page as usize];
        let faults = usize::from(place).min(sizes.len());
        for (lane, last) in last.iter_mut().enumerate().take(faults) {
            let victim = *last;
            if let Some(victim) = victim {
                *last = list.before(victim);
                smallest[victim as usize] = lane as u8 + 1;
            }
            sink.fault(index, lane, page, victim.unwrap_or(NO_PAGE));
        }
        if place == NOWHERE {
            if count == sizes[sizes.len() - 1] {
                // What dropped out of the largest memory leaves the list.
                let victim = list.last(ALL).expect("the memory is full");
                list.remove(victim);
                smallest[victim as usize] = NOWHERE;
            } else {
                count += 1;
            }
        } else {
            if last[faults] == Some(page) {
                last[faults] = list.before(page);
            }
            list.remove(page);
        }
        list.push_front(ALL, page);
        smallest[page as usize] = 0;
        front = page;
        for (last, size) in last.iter_mut().zip(sizes).take(faults) {
            if *size == 1 {
                *last = Some(page);
            } else if *size == count {
                *last = list.last(ALL);
            }
        }
    }
}
