//! Exact least recently used, for comparison: no machine could afford it.
//!
//! Under this policy no PTE is ever marked accessed, so every access takes the path of a first
//! touch, which stamps the frame with the next number. A search reads the stamps of all active
//! frames.

use super::super::trimmer::take_active;
use super::super::unmap::Progress;
use super::{examined, read};
use crate::memory::{FrameState, Memory, Pfn};
use crate::runtime::Cpu;

pub(super) async fn victims<C: Cpu>(
    cpu: &C,
    memory: &Memory,
    want: usize,
    progress: &mut Progress,
) -> Vec<Pfn> {
    let active = |frame: &Pfn| {
        let entry = memory.pfns.peek(*frame);
        entry.state() == FrameState::Active && !entry.is_in_flight()
    };
    let mut candidates: Vec<_> = (0..memory.pfns.count())
        .map(Pfn)
        .filter(active)
        .map(|frame| (read(memory.note(frame)), frame))
        .collect();
    examined(cpu, memory, candidates.len() as u32).await;
    candidates.sort_unstable();
    let mut victims = Vec::with_capacity(want);
    for (_, frame) in candidates.into_iter().take(want) {
        if take_active(cpu, memory, frame).await {
            victims.push(frame);
        } else {
            progress.busy += 1;
        }
    }
    victims
}
