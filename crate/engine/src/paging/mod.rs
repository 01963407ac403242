//! The paths of the machine: accesses and faults, reclaim and the daemons.
//!
//! # Who owns a frame
//!
//! A frame's state and the list it is on change together, under the frame's lock. A frame is
//! * *listed*: its state names its list;
//! * *in flight*: off every list, owned by one trim, write or read, which alone lands it again;
//!   others only drop references to it or mark it rescued;
//! * *in hand*: just taken from a free list by a CPU, free by its state, referred to by nobody.
//!
//! Whoever makes something reachable has written first what the finder will believe: a frame is free
//! by its entry before it is at hand or on a free list, and a slot has all its references, and no
//! keeper, before a PTE names it. No await stands between, so virtual CPUs cannot see the order.
//!
//! No CPU waits for a frame while a PTE is in transit or a region is locked on its behalf: it
//! lets go, gets a frame into its hand, and starts the fault again. So those who wait never hold
//! what the others need.

mod access;
mod copy_on_write;
mod evict;
mod failure;
mod fault;
mod forecast;
mod policy;
mod repurpose;
pub mod shootdown;
mod slots;
mod supply;
mod transfer;
mod trimmer;
mod unmap;
mod waiting;
mod writer;
mod zeroer;

pub use access::AddressSpace;
pub use evict::evict;
pub use failure::Failure;
pub use shootdown::shootdown;
pub use slots::take_slots;
pub use supply::{
    Hand, activate_dirty, admit_arrivals, drop_reference, drop_slot_reference, drop_swapped_page,
    give_back, take_frame,
};
pub use trimmer::{trim, trimmer};
pub use unmap::Progress;
pub use waiting::wait_for_frame;
pub use writer::writer;
pub use zeroer::zeroer;

use crate::bugs::has_bug;
use crate::memory::{DaemonId, Doorbell, Memory};
use crate::observe::{Counter, Event, EventKind};
use crate::options::{Eviction, Trigger};
use crate::runtime::{Cpu, Step, emit};

/// Rings a daemon's bell; rings before it has looked are one wake-up (S4).
pub fn ring<C: Cpu>(cpu: &C, memory: &Memory, daemon: DaemonId) {
    memory.doorbells[daemon as usize].ring(cpu, || {
        if daemon == DaemonId::Trimmer {
            memory.count(cpu, Counter::TrimWakeups);
        }
        emit(cpu, Event::of(EventKind::Wakeup, daemon as u32));
    });
}

/// Sleeps until a daemon's bell has rung; false when it is to end.
async fn rung<C: Cpu>(cpu: &C, memory: &Memory, daemon: DaemonId) -> bool {
    // Between two rings a daemon knows nothing, unless it makes forecasts.
    if memory.options.trim.trigger != Trigger::Predictive {
        cpu.local().rest();
    }
    let listens_late = has_bug!(memory, LostWakeUp);
    let event = |kind| emit(cpu, Event::of(kind, daemon as u32));
    event(EventKind::DaemonRest);
    let rung = memory.doorbells[daemon as usize].rung(cpu, &memory.stop, listens_late).await;
    if rung {
        event(EventKind::DaemonWake);
    }
    rung
}

/// Waits until every daemon sleeps with nothing to do, having been asked once to look.
pub async fn settle<C: Cpu>(cpu: &C, memory: &Memory) {
    for daemon in [DaemonId::Trimmer, DaemonId::Writer, DaemonId::Zeroer] {
        if runs(memory, daemon) {
            ring(cpu, memory, daemon);
        }
    }
    // Twice in a row, because a daemon may ring another just before it goes to sleep.
    let mut at_rest = 0;
    while at_rest < 2 {
        let rests = memory.doorbells.iter().all(Doorbell::is_at_rest);
        at_rest = if rests { at_rest + 1 } else { 0 };
        cpu.step(Step::Relax).await;
    }
}

/// Whether a daemon has anything to do on this machine: synchronous eviction has no daemons.
fn runs(memory: &Memory, daemon: DaemonId) -> bool {
    let pipelined = memory.options.eviction == Eviction::Pipelined;
    pipelined && (daemon != DaemonId::Zeroer || memory.options.zeroer)
}
