//! The memory of one size under a policy that has something to do on every reference.

use crate::lanes::Sink;
use crate::stream::Stream;

/// The memory of one size.
pub(super) trait Memory {
    /// Refers to a page; `index` is how many references there were before. Returns nothing if it is a hit, and else
    /// the page that is evicted, or [`NO_PAGE`](crate::lanes::NO_PAGE).
    fn refer(&mut self, page: u32, index: u32) -> Option<u32>;
}

/// Goes through a stream once, for the memory of the number `lane`.
pub(super) fn run(stream: &Stream, lane: usize, mut memory: impl Memory, sink: &mut impl Sink) {
    for (index, (page, _)) in stream.iter().enumerate() {
        if let Some(victim) = memory.refer(page, index as u32) {
            sink.fault(index, lane, page, victim);
        }
    }
}
