//! The clock interrupt reads accessed bits at regular times, for the policies aging and NRU.
//!
//! Programs' CPUs are interrupted between two accesses. One of them does the work for all: it goes
//! through the active frames, reads and clears their accessed bits and, under aging, shifts their
//! counters. Ticks that were missed, as during a long read, are made up for: what is found used was used
//! in the last of them.

use super::aging;
use super::isolated;
use super::looks::examined;
use super::tables;
use crate::machine::Machine;
use crate::memory::FrameState;
use crate::observe::Counter;
use crate::options::{Finder, Policy, TickUnit};
use crate::paging::arrivals::admit_all_arrivals;
use crate::paging::mappings::clear_accessed;
use crate::runtime::Cpu;
use crate::sync::atomic::Ordering;

/// Ticks that a counter remembers.
const MOST_TICKS: u64 = 8;

/// Does what a clock tick does if one is due, on behalf of a CPU that holds no lock.
pub async fn tick_if_due<C: Cpu>(cpu: &C, machine: &Machine) {
    if !machine.options.policy.ticks() {
        return;
    }
    let tick = machine.options.clock_tick;
    let passed = match tick.unit {
        TickUnit::References => machine.stats.total(Counter::Accesses),
        TickUnit::Faults => machine.stats.total(Counter::Faults),
        TickUnit::Nanoseconds => cpu.now(),
    };
    let (due, done) = (passed / tick.every, machine.ticks.load(Ordering::Relaxed));
    let claimed = due > done
        && machine.ticks.compare_exchange(done, due, Ordering::Relaxed, Ordering::Relaxed).is_ok();
    if claimed {
        read_accessed_bits(cpu, machine, (due - done).min(MOST_TICKS)).await;
    }
}

/// References until a tick is due that is counted in them; without end if none is.
pub fn references_until_tick(machine: &Machine) -> u64 {
    let tick = machine.options.clock_tick;
    if !machine.options.policy.ticks() || tick.unit != TickUnit::References {
        return u64::MAX;
    }
    tick.every - machine.stats.total(Counter::Accesses) % tick.every
}

async fn read_accessed_bits<C: Cpu>(cpu: &C, machine: &Machine, ticks: u64) {
    admit_all_arrivals(cpu, machine).await;
    let shift = |frame, accessed| {
        if machine.options.policy == Policy::Aging {
            aging::shift(machine.note(frame), accessed, ticks);
        }
    };
    if machine.options.finder == Finder::Tables {
        return tables::clear_all(cpu, machine, shift).await;
    }
    if machine.isolates() {
        return isolated::clear_all(cpu, machine, shift).await;
    }
    for list in machine.lists.shards_of(FrameState::Active) {
        let _tree = machine.lock_tree(cpu).await;
        let _guard = machine.lock_list(cpu, list).await;
        let mut next = machine.lists.first(list);
        let mut frames = 0;
        while let Some(frame) = next {
            next = machine.lists.next(frame);
            frames += 1;
            shift(frame, clear_accessed(cpu, machine, frame));
        }
        examined(cpu, machine, frames).await;
    }
}
