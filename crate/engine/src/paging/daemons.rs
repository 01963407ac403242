//! Rings the daemons' bells, waits for a ring, and waits until all daemons rest.

use crate::bugs::has_bug;
use crate::machine::{Doorbell, Machine};
use crate::observe::{Counter, Event, EventKind};
use crate::options::{Eviction, Trigger};
use crate::runtime::{Cpu, DaemonId, emit};

/// Rings a daemon's bell; rings before it has looked are one wake-up (S4).
pub fn ring<C: Cpu>(cpu: &C, machine: &Machine, daemon: DaemonId) {
    machine.doorbells[daemon as usize].ring(cpu, || {
        if daemon == DaemonId::Trimmer {
            machine.count(cpu, Counter::TrimWakeups);
        }
        emit(cpu, Event::of(EventKind::Wakeup, daemon as u32));
    });
}

/// Sleeps until a daemon's bell has rung; false when it is to end.
pub(super) async fn wait_for_ring<C: Cpu>(cpu: &C, machine: &Machine, daemon: DaemonId) -> bool {
    // Between two rings a daemon knows nothing, unless it makes forecasts.
    if machine.options.trim.trigger != Trigger::Predictive {
        cpu.local().rest();
    }
    let listens_late = has_bug!(machine, LostWakeUp);
    let event = |kind| emit(cpu, Event::of(kind, daemon as u32));
    event(EventKind::DaemonRest);
    let rung =
        machine.doorbells[daemon as usize].wait_for_ring(cpu, &machine.stop, listens_late).await;
    if rung {
        event(EventKind::DaemonWake);
    }
    rung
}

/// Waits until every daemon, having been rung once, sleeps with nothing to do.
pub async fn settle<C: Cpu>(cpu: &C, machine: &Machine) {
    for (daemon, _) in DaemonId::ALL {
        if runs(machine, daemon) {
            ring(cpu, machine, daemon);
        }
    }
    Doorbell::wait_for_rest(cpu, &machine.doorbells).await;
}

/// Whether a daemon has anything to do on this machine: synchronous eviction has no daemons.
pub(super) fn runs(machine: &Machine, daemon: DaemonId) -> bool {
    let pipelined = machine.options.eviction == Eviction::Pipelined;
    pipelined && (daemon != DaemonId::Zeroer || machine.options.zeroer)
}
