//! Any active frame, by the CPU's own draw.

use super::super::trimmer::take_active;
use super::examined;
use crate::memory::{FrameState, Memory, Pfn};
use crate::runtime::Cpu;

pub(super) async fn victims<C: Cpu>(cpu: &C, memory: &Memory, want: usize) -> Vec<Pfn> {
    let frames = memory.pfns.count();
    let mut victims = Vec::with_capacity(want);
    while victims.len() < want {
        let start = cpu.local().random.borrow_mut().below(frames.into()) as u32;
        let mut looks = 0;
        let candidate = (0..frames).map(|step| Pfn((start + step) % frames)).find(|frame| {
            looks += 1;
            let entry = memory.pfns.peek(*frame);
            entry.state() == FrameState::Active && !entry.is_in_flight()
        });
        examined(cpu, memory, looks).await;
        let Some(frame) = candidate else { break };
        if take_active(cpu, memory, frame).await {
            victims.push(frame);
        }
    }
    victims
}
