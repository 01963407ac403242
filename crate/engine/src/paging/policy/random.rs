//! Random replacement evicts any active frame, by the CPU's own draw.

use super::looks::examined;
use crate::machine::Machine;
use crate::memory::{FrameState, Pfn};
use crate::paging::flight::take_active;
use crate::runtime::Cpu;

pub(super) async fn victims<C: Cpu>(cpu: &C, machine: &Machine, want: usize) -> Vec<Pfn> {
    let frames = machine.pfns.count();
    let mut victims = Vec::with_capacity(want);
    while victims.len() < want {
        let start = cpu.local().random.borrow_mut().below(frames.into()) as u32;
        let mut looks = 0;
        let candidate = (0..frames).map(|step| Pfn((start + step) % frames)).find(|frame| {
            looks += 1;
            let entry = machine.pfns.peek(*frame);
            entry.state() == FrameState::Active && !entry.is_in_flight()
        });
        examined(cpu, machine, looks).await;
        let Some(frame) = candidate else { break };
        if take_active(cpu, machine, frame).await {
            victims.push(frame);
        }
    }
    victims
}
