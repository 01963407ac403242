//! Tests the layout that readers in place go by: each part stands apart from the others, and has the size that is told.

use faultline::machine::Machine;
use faultline::memory::{PAGE_SIZE, PfnDatabase};
use faultline::observe::{FaultKind, Recording};
use faultline::options::MachineOptions;
use faultline::runtime::DAEMONS;

fn machine(cpus: u32, recording: Recording) -> Machine {
    Machine::new(MachineOptions { cpus, ..MachineOptions::default() }, 1, recording).unwrap()
}

#[test]
fn p7_the_parts_of_a_machine_stand_apart() {
    for recording in [Recording::Everything, Recording::OnDemand] {
        let layout = machine(3, recording).layout();
        let (at, stride) = (&layout.addresses, &layout.strides);
        let of = |count: u32, bytes: usize| count as usize * bytes;
        let mut parts = vec![
            (at.frame_bytes, of(layout.frames, PAGE_SIZE)),
            (at.pfn, of(layout.frames, PfnDatabase::RECORD_BYTES)),
            (at.links, of(layout.frames, 8)),
            (at.notes, of(layout.frames, 8)),
            (at.lists, layout.list_names.len() * stride.list),
            (at.processes, of(layout.max_processes, stride.process)),
            (at.cpus, of(layout.cpus, stride.cpu)),
            (at.counters, of(layout.rows, stride.counters)),
            (at.slot_counts, of(layout.slots + 1, 4)),
            (at.events, of(layout.rings, stride.events)),
            (at.latencies, of(layout.latency_rows, stride.latencies)),
            (at.arrivals, of(layout.cpus, stride.arrivals)),
            (at.regions, of(layout.lock_regions, stride.regions)),
        ];
        parts.extend(at.locks.iter().map(|profile| (*profile, stride.locks)));
        parts.sort_unstable();
        for (start, bytes) in &parts {
            assert!(start % 4 == 0 && *start > PAGE_SIZE && *bytes > 0, "{parts:?}");
        }
        for pair in parts.windows(2) {
            assert!(pair[0].0 + pair[0].1 <= pair[1].0, "{pair:?}");
        }
        assert_eq!((layout.rows, at.locks.len()), (3 + DAEMONS as u32, 3 + DAEMONS));
        assert_eq!(stride.latencies, layout.latency_buckets as usize * FaultKind::ALL.len() * 4);
    }
}

/// Each CPU, each daemon and the script has a ring of events; the more rings, the shorter each.
#[test]
fn w3_every_cpu_daemon_and_the_script_has_a_ring_of_events() {
    for (cpus, capacity) in [(1, 1 << 14), (12, 1 << 14), (13, 1 << 13), (29, 1 << 12)] {
        let layout = machine(cpus, Recording::Everything).layout();
        assert_eq!((layout.rings, layout.event_capacity), (cpus + 4, capacity), "{cpus} CPUs");
    }
    let options = MachineOptions { cpus: 2, ..MachineOptions::default() };
    let bare = Machine::bare(options, 1, 5).unwrap().layout();
    assert_eq!((bare.rings, bare.rows, bare.max_processes), (2 + 4, 2 + 3, 5));
}
