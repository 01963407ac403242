//! The zeroer: keeps some frames zeroed ahead of need.

use super::rung;
use super::supply::push;
use crate::memory::{DaemonId, FrameState, Memory};
use crate::runtime::{Cpu, Step};
use crate::sync::atomic::Ordering;

/// The zeroer's life.
pub async fn zeroer<C: Cpu>(cpu: &C, memory: &Memory) {
    // Enough for a burst, few enough that copies and reads find frames that need no zeroing.
    let enough = (memory.pfns.count() / 8).clamp(4, 256);
    while rung(cpu, memory, DaemonId::Zeroer).await {
        let zeroed = || -> u32 {
            (0..memory.lists.shards())
                .map(|shard| memory.lists.count(memory.lists.zeroed(shard)))
                .sum()
        };
        while zeroed() < enough && !memory.stop.load(Ordering::Relaxed) {
            if !zero_one(cpu, memory).await {
                break;
            }
        }
    }
}

async fn zero_one<C: Cpu>(cpu: &C, memory: &Memory) -> bool {
    for shard in 0..memory.lists.shards() {
        let list = memory.lists.free(shard);
        if memory.lists.count(list) == 0 {
            continue;
        }
        let frame = {
            let _guard = memory.lock_list(cpu, list).await;
            let frame = memory.pop_front(cpu, list);
            cpu.step(Step::List { frames: 1 }).await;
            frame
        };
        let Some(frame) = frame else { continue };
        memory.frames.zero(frame.0);
        cpu.step(Step::Zero { hot: false }).await;
        let mut locked = memory.lock_frame(cpu, frame).await;
        locked.entry.set_state(FrameState::Zeroed);
        drop(locked);
        push(cpu, memory, memory.lists.zeroed(shard), frame).await;
        memory.frames_available.signal(cpu);
        return true;
    }
    false
}
