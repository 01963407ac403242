//! The trimmer unmaps victims ahead of need, from active to modified or standby.
//!
//! Victims are taken off the active list in a batch, each by a try-lock on the frame, so no frame
//! is in two batches (S9): a frame that is off the list is in flight, and its owner lands it.

use super::daemons::{ring, wait_for_ring};
use super::policy::victims;
use super::predictive::{Forecaster, high};
use super::progress::Progress;
use super::unmap::unmap;
use crate::machine::Machine;
use crate::observe::Counter;
use crate::options::Trigger;
use crate::runtime::{Cpu, DaemonId};
use crate::sync::atomic::Ordering;

/// Runs the trimmer: sleeps until its bell rings, and trims until enough frames are available.
pub async fn trimmer<C: Cpu>(cpu: &C, machine: &Machine) {
    let trim_options = machine.options.trim;
    let predictive = trim_options.trigger == Trigger::Predictive;
    let mut forecaster = Forecaster::default();
    while wait_for_ring(cpu, machine, DaemonId::Trimmer).await {
        if predictive {
            forecaster.woken(machine, cpu.now());
        }
        let mut useful = false;
        while has_work(machine) && !machine.stop.load(Ordering::Relaxed) {
            let start = if predictive { cpu.now() } else { 0 };
            let progress = trim(cpu, machine, trim_options.batch as usize).await;
            if predictive {
                forecaster.trimmed(machine, cpu.now() - start);
            }
            ring(cpu, machine, DaemonId::Writer);
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

/// Whether the trimmer would trim. Frames on their way to swap count, or trimming would overshoot.
pub(super) fn has_work(machine: &Machine) -> bool {
    machine.available() + machine.on_their_way() < high(machine)
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
