//! The measures collect a machine's counters and times for the report.

use super::run_report::{
    Counters, EventProfile, FalselySharedLine, Latency, LineProfile, LineUse, LockProfile, Named,
    RegionProfile,
};
use crate::machine::Machine;
use crate::observe::FaultKind;
use crate::runtime::{FalseSharing, LockClass, LockCost, region_of};
use crate::scenario::document::CounterName;

/// The most regions that a report names.
const MOST_REGIONS: usize = 16;

/// Reads a counter as it is now.
pub(crate) fn counter(machine: &Machine, name: CounterName) -> u64 {
    machine.stats.total(name.counter())
}

/// Reads all counters as they are now.
pub(crate) fn counters(machine: &Machine) -> Counters {
    Counters::of(|counter| machine.stats.total(counter))
}

/// Summarizes how long faults took, by kind.
pub(crate) fn latencies(machine: &Machine) -> Named<Latency> {
    FaultKind::ALL
        .iter()
        .filter_map(|(kind, name)| {
            let latency = machine.stats.latency(*kind)?;
            let latency = Latency {
                count: latency.count,
                p50_ns: latency.p50,
                p99_ns: latency.p99,
                p999_ns: latency.p999,
                max_ns: latency.max,
            };
            Some((*name, latency))
        })
        .collect()
}

/// Sums what locks cost, by class.
pub(crate) fn locks(machine: &Machine) -> Named<LockProfile> {
    LockClass::ALL
        .iter()
        .map(|class| {
            let mut cost = LockCost::default();
            for profile in machine.profiles() {
                cost += profile.of_class(*class);
            }
            (class.name(), cost.into())
        })
        .collect()
}

/// Counts the records of each ring of events.
pub(crate) fn events(machine: &Machine) -> Named<EventProfile> {
    let trace = &machine.trace;
    let profiles = (0..trace.rings()).map(|ring| {
        let (recorded, dropped) = trace.seen(ring);
        (machine.task(ring).ring_name(), EventProfile { recorded, dropped })
    });
    profiles.filter(|(_, profile)| profile.recorded > 0).collect()
}

/// Finds the regions of PTEs whose locks were waited for, or held, the longest.
pub(crate) fn regions(machine: &Machine) -> Vec<RegionProfile> {
    let mut costs: Vec<_> = machine.region_costs.costs().collect();
    costs.sort_by_key(|(index, cost)| (std::cmp::Reverse((cost.wait, cost.hold)), *index));
    costs.truncate(MOST_REGIONS);
    let profile = |(index, cost): (u64, LockCost)| {
        let (process, page) = region_of(index);
        RegionProfile { process, page, lock: cost.into() }
    };
    costs.into_iter().map(profile).collect()
}

/// Sums what cache lines cost that travelled, by class of word; classes without a transfer are left out.
pub(crate) fn lines(machine: &Machine) -> Named<LineProfile> {
    let costs = machine.line_classes().into_iter().enumerate();
    let profile = |(class, name)| {
        let cost = machine.line_costs.of(class);
        let profile = LineProfile {
            transfers: cost.transfers,
            false_sharing: cost.false_sharing,
            queued_ns: cost.queued,
            lost_ns: cost.lost,
        };
        (cost.transfers > 0).then_some((name, profile))
    };
    costs.filter_map(profile).collect()
}

/// Names the CPUs and daemons of lines that were falsely shared.
pub(crate) fn false_sharing(machine: &Machine, found: Vec<FalseSharing>) -> Vec<FalselySharedLine> {
    let line = |found: FalseSharing| {
        let uses = |which: usize| LineUse {
            word: found.words[which].clone(),
            record: found.records[which] as u64,
            by: machine.task(found.tasks[which]).ring_name(),
        };
        FalselySharedLine { transfers: found.transfers, needed: uses(0), written: uses(1) }
    };
    found.into_iter().map(line).collect()
}

/// Returns the nanoseconds that all faults took together.
pub(crate) fn fault_time(machine: &Machine) -> u64 {
    let total = |(kind, _): &(FaultKind, _)| Some(machine.stats.latency(*kind)?.total);
    FaultKind::ALL.iter().filter_map(total).sum()
}

impl From<LockCost> for LockProfile {
    fn from(cost: LockCost) -> Self {
        Self {
            acquisitions: cost.acquisitions,
            contended: cost.contended,
            wait_ns: cost.wait,
            hold_ns: cost.hold,
        }
    }
}
