//! Searches the active list for victims: along the list by what a policy says of each frame, or for the
//! frames of the lowest rank. The list is locked meanwhile, or frames are taken off it first.

use super::replacement::{Look, Replacement};
use super::{in_place, isolated, tables};
use crate::machine::Machine;
use crate::memory::Pfn;
use crate::options::{Finder, Policy};
use crate::paging::progress::Progress;
use crate::runtime::Cpu;

/// Goes along the active list by a policy's verdicts, and takes its victims into flight.
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
    rank: impl FnMut(&Look<'_>) -> u64,
) -> Vec<Pfn> {
    if machine.options.finder == Finder::Tables && machine.options.policy.ticks() {
        return tables::lowest(cpu, machine, want, progress, rank).await;
    }
    if machine.isolates() {
        return isolated::lowest(cpu, machine, want, progress, rank).await;
    }
    in_place::lowest(cpu, machine, want, progress, rank).await
}
