//! Rings the daemons' bells, waits for a ring, and waits until all daemons rest.
//!
//! Each daemon has a bell of its own, which it alone listens to. Of several trimmers or writers whoever has work rings
//! the first. Each of them does all the work that it finds, so that no ring is lost if only the first has heard it; one
//! that finds more than a batch rings the next before it begins. A writer that offers itself slots rings its own bell.
//! So whoever rings a daemon is a CPU, itself, or a daemon with a lower number: [`settle`] looks at them in that order,
//! and what it saw at rest stays at rest.

use crate::bugs::has_bug;
use crate::machine::{Doorbell, Machine};
use crate::observe::{Counter, Event, EventKind};
use crate::options::{Eviction, Trigger};
use crate::runtime::{Cpu, DaemonId, DaemonKind, emit};

/// Rings a daemon's bell; rings before it has looked are one wake-up (S4).
pub fn ring<C: Cpu>(cpu: &C, machine: &Machine, daemon: DaemonId) {
    bell(machine, daemon).ring(cpu, || {
        if daemon.kind == DaemonKind::Trimmer {
            machine.count(cpu, Counter::TrimWakeups);
        }
        emit(cpu, Event::of(EventKind::Wakeup, daemon.code()));
    });
}

/// Rings the bell of the daemon after this one of its kind, if there is one: there is more to do than this one is about
/// to.
pub(super) fn ring_next<C: Cpu>(cpu: &C, machine: &Machine, daemon: DaemonId) {
    let next = DaemonId { nth: daemon.nth + 1, ..daemon };
    if usize::from(next.nth) < machine.tasks().count_of(daemon.kind) {
        ring(cpu, machine, next);
    }
}

/// Returns the bell that a daemon listens to: its own.
fn bell(machine: &Machine, daemon: DaemonId) -> &Doorbell {
    if has_bug!(machine, BellShared) {
        return machine.doorbell(DaemonId { nth: 0, ..daemon });
    }
    machine.doorbell(daemon)
}

/// Sleeps until a daemon's bell has rung; false when it is to end.
pub(super) async fn wait_for_ring<C: Cpu>(cpu: &C, machine: &Machine, daemon: DaemonId) -> bool {
    // Between two rings a daemon knows nothing, unless it makes forecasts.
    if machine.options.trim.trigger != Trigger::Predictive {
        cpu.local().rest();
    }
    let listens_late = has_bug!(machine, LostWakeUp);
    let event = |kind| emit(cpu, Event::of(kind, daemon.code()));
    event(EventKind::DaemonRest);
    let rung = bell(machine, daemon).wait_for_ring(cpu, &machine.stop, listens_late).await;
    if rung {
        event(EventKind::DaemonWake);
    }
    rung
}

/// Waits until every daemon, having been rung once, sleeps with nothing to do.
pub async fn settle<C: Cpu>(cpu: &C, machine: &Machine) {
    for daemon in machine.tasks().daemons().filter(|daemon| runs(machine, daemon.kind)) {
        ring(cpu, machine, daemon);
    }
    let bells = machine.tasks().daemons().map(|daemon| bell(machine, daemon));
    Doorbell::wait_for_rest(cpu, bells).await;
}

/// Whether a daemon has anything to do on this machine: synchronous eviction has no daemons.
pub(super) fn runs(machine: &Machine, daemon: DaemonKind) -> bool {
    let pipelined = machine.options.eviction == Eviction::Pipelined;
    pipelined && (daemon != DaemonKind::Zeroer || machine.options.zeroer)
}
