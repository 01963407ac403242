//! The trimmer unmaps victims ahead of need, from active to modified or standby.
//!
//! Victims are taken off the active list in a batch, each by a try-lock on the frame, so no frame
//! is in two batches (S9): a frame that is off the list is in flight, and its owner lands it.
//!
//! Several trimmers each announce their batch before they ask whether frames are short, and count what the others have
//! announced as available: of those that ask at one time the first to announce trims, and no two for one need. Whoever
//! ends its announcement, because the batch is done or not needed, asks again before it rests; so the last to do so sees
//! the need that others have left to it.

use super::daemons::{ring, ring_next, wait_for_ring};
use super::policy::victims;
use super::predictive::{Forecaster, high};
use super::progress::Progress;
use super::unmap::unmap;
use crate::machine::Machine;
use crate::observe::Counter;
use crate::options::{Trigger, Trim};
use crate::runtime::{Cpu, DaemonId};
use crate::sync::atomic::Ordering;

/// Runs a trimmer: sleeps until its bell rings, and trims until enough frames are available.
pub async fn trimmer<C: Cpu>(cpu: &C, machine: &Machine, me: DaemonId) {
    let Trim { trigger, batch, .. } = machine.options.trim;
    let predictive = trigger == Trigger::Predictive;
    let mut forecaster = Forecaster::default();
    while wait_for_ring(cpu, machine, me).await {
        if predictive {
            forecaster.woken(machine, cpu.now());
        }
        let mut useful = false;
        while announce(cpu, machine, me) {
            let start = if predictive { cpu.now() } else { 0 };
            let progress = trim(cpu, machine, batch as usize).await;
            machine.end_trimming(batch);
            if predictive {
                forecaster.trimmed(machine, cpu.now() - start);
            }
            ring(cpu, machine, DaemonId::WRITER);
            if progress.moved == 0 {
                break;
            }
            useful = true;
        }
        if useful {
            machine.count(cpu, Counter::UsefulWakeups);
        }
    }
}

/// Announces a trimmer's next batch, and wakes the next trimmer if that batch will not be enough; false if there is
/// nothing to trim, and then nothing is announced.
fn announce<C: Cpu>(cpu: &C, machine: &Machine, me: DaemonId) -> bool {
    let batch = machine.options.trim.batch;
    let is_one_of_several = machine.options.trimmers > 1;
    loop {
        let others = machine.begin_trimming(batch);
        // Counted once: each count is a line that others write.
        let missing = missing(machine, others);
        if missing > 0 && !machine.stop.load(Ordering::Relaxed) {
            if is_one_of_several && missing > batch {
                ring_next(cpu, machine, me);
            }
            return true;
        }
        machine.end_trimming(batch);
        if !is_one_of_several || machine.stop.load(Ordering::Relaxed) || !has_work(machine) {
            return false;
        }
    }
}

/// Whether a trimmer would trim.
pub(super) fn has_work(machine: &Machine) -> bool {
    missing(machine, machine.being_trimmed()) > 0
}

/// Returns how many frames are missing, with so many that are being trimmed. Frames on their way to swap count, or
/// trimming would overshoot.
fn missing(machine: &Machine, being_trimmed: u32) -> u32 {
    let there = machine.available() + machine.on_their_way() + being_trimmed;
    high(machine).saturating_sub(there)
}

/// Trims up to `want` frames by the machine's policy.
pub async fn trim<C: Cpu>(cpu: &C, machine: &Machine, want: usize) -> Progress {
    let mut progress = Progress::default();
    let victims = victims(cpu, machine, want, &mut progress).await;
    if !victims.is_empty() {
        let unmapped = unmap(cpu, machine, &victims).await;
        progress.moved += unmapped.moved;
        progress.busy += unmapped.busy;
    }
    progress
}
