//! The zeroer keeps some frames zeroed ahead of need.

use super::daemons::wait_for_ring;
use super::references::push;
use crate::machine::Machine;
use crate::memory::FrameState;
use crate::runtime::{Cpu, DaemonId, Step};
use crate::sync::atomic::Ordering;

/// Runs the zeroer: sleeps until its bell rings, and zeroes frames until enough are zeroed.
pub async fn zeroer<C: Cpu>(cpu: &C, machine: &Machine) {
    // Enough for a burst, few enough that copies and reads find frames that need no zeroing.
    let enough = (machine.pfns.count() / 8).clamp(4, 256);
    while wait_for_ring(cpu, machine, DaemonId::ZEROER).await {
        let zeroed = || -> u32 {
            (0..machine.lists.free_shards())
                .map(|shard| machine.lists.count(machine.lists.zeroed(shard)))
                .sum()
        };
        while zeroed() < enough && !machine.stop.load(Ordering::Relaxed) {
            if !zero_one(cpu, machine).await {
                break;
            }
        }
    }
}

async fn zero_one<C: Cpu>(cpu: &C, machine: &Machine) -> bool {
    for shard in 0..machine.lists.free_shards() {
        let list = machine.lists.free(shard);
        if machine.lists.count(list) == 0 {
            continue;
        }
        let frame = {
            let _guard = machine.lock_list(cpu, list).await;
            let frame = machine.pop_front(cpu, list);
            cpu.step(Step::List { frames: 1 }).await;
            frame
        };
        let Some(frame) = frame else { continue };
        machine.frames.zero(frame.0);
        cpu.step(Step::Zero { hot: false }).await;
        let mut locked = machine.lock_frame(cpu, frame).await;
        locked.entry.set_state(FrameState::Zeroed);
        drop(locked);
        push(cpu, machine, machine.lists.zeroed(shard), frame).await;
        machine.frames_available.signal(cpu);
        return true;
    }
    false
}
