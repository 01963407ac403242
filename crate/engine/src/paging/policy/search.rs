//! Searches for victims, by what a policy says of each frame or for the frames of the lowest ranks, in the way that
//! the machine is built for: along the active list while it is locked, along it with frames taken off first, or along
//! the page tables.

use super::lowest::Lowest;
use super::replacement::{Look, Replacement};
use super::{in_place, isolated, tables};
use crate::machine::Machine;
use crate::memory::Pfn;
use crate::options::{Finder, Policy};
use crate::paging::progress::Progress;
use crate::runtime::Cpu;

/// Goes along the frames by a policy's verdicts, and takes its victims into flight.
pub(super) async fn search<C: Cpu>(
    cpu: &C,
    machine: &Machine,
    want: usize,
    progress: &mut Progress,
    policy: &dyn Replacement,
) -> Vec<Pfn> {
    if machine.options.finder == Finder::Tables && machine.options.policy == Policy::Clock {
        return tables::clock(cpu, machine, want, progress).await;
    }
    if machine.isolates() {
        return isolated::search(cpu, machine, want, progress, policy).await;
    }
    in_place::search(cpu, machine, want, progress, policy).await
}

/// Takes the frames of the lowest ranks into flight, of equal ones those that have been active longest.
pub(super) async fn lowest<C: Cpu>(
    cpu: &C,
    machine: &Machine,
    want: usize,
    progress: &mut Progress,
    mut rank: impl FnMut(&Look<'_>) -> u64,
) -> Vec<Pfn> {
    let in_tables = machine.options.finder == Finder::Tables && machine.options.policy.ticks();
    let is_whole = machine.lists.list_shards() == 1;
    if !in_tables && !machine.isolates() && is_whole {
        return in_place::lowest(cpu, machine, want, progress, rank).await;
    }
    loop {
        let ranked = if in_tables {
            tables::ranked(cpu, machine, progress, &mut rank).await
        } else if !machine.isolates() {
            in_place::ranked(cpu, machine, &mut rank).await
        } else {
            isolated::ranked(cpu, machine, &mut rank).await
        };
        let Some(ranked) = ranked else { return Vec::new() };
        let victims = Lowest::of(ranked).take(cpu, machine, want, progress).await;
        if !victims.is_empty() {
            return victims;
        }
        // Other searches have taken all that there were, and each has made progress.
    }
}
