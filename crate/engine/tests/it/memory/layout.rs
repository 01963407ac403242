//! Tests the layout that readers in place go by: each part stands apart from the others, and has the size that is told.

use faultline::machine::Machine;
use faultline::memory::{PAGE_SIZE, PfnDatabase};
use faultline::observe::{FaultKind, Recording};
use faultline::options::MachineOptions;

fn machine(cpus: u32, recording: Recording) -> Machine {
    Machine::new(MachineOptions { cpus, ..MachineOptions::default() }, 1, recording).unwrap()
}

#[test]
fn p7_the_parts_of_a_machine_stand_apart() {
    for recording in [Recording::Everything, Recording::OnDemand] {
        let layout = machine(3, recording).layout();
        let parts = &layout.parts;
        let counts = [
            (parts.frame_bytes, layout.frames as usize * PAGE_SIZE),
            (parts.pfn, layout.frames as usize * PfnDatabase::RECORD_BYTES),
            (parts.links, layout.frames as usize * 8),
            (parts.notes, layout.frames as usize * 8),
            (parts.lists, layout.list_names.len() * parts.lists.stride),
            (parts.cpus, layout.cpus as usize * parts.cpus.stride),
            (parts.slot_counts, (layout.slots as usize + 1) * 4),
            (parts.arrivals, layout.cpus as usize * parts.arrivals.stride),
        ];
        for (part, bytes) in counts {
            assert_eq!(part.stride * part.count, bytes, "{part:?}");
        }
        let others =
            [parts.processes, parts.counters, parts.events, parts.latencies, parts.regions];
        let (rows, locks) = (parts.counters.count, parts.locks.len());
        let tasks = 3 + layout.daemon_names.len();
        assert_eq!((rows, locks), (tasks, tasks));
        let latencies = layout.latency_buckets as usize * FaultKind::ALL.len() * 4;
        assert_eq!(parts.latencies.stride, latencies);
        let mut parts: Vec<_> = counts
            .iter()
            .map(|(part, _)| part)
            .chain(&others)
            .chain(&parts.locks)
            .map(|part| (part.address, part.stride * part.count))
            .collect();
        parts.sort_unstable();
        for (start, bytes) in &parts {
            assert!(start % 4 == 0 && *start > PAGE_SIZE && *bytes > 0, "{parts:?}");
        }
        for pair in parts.windows(2) {
            assert!(pair[0].0 + pair[0].1 <= pair[1].0, "{pair:?}");
        }
    }
}

/// Each CPU, each daemon and the script has a ring of events; the more rings, the shorter each.
#[test]
fn w3_every_cpu_daemon_and_the_script_has_a_ring_of_events() {
    for (cpus, capacity) in [(1, 1 << 14), (12, 1 << 14), (13, 1 << 13), (29, 1 << 12)] {
        let layout = machine(cpus, Recording::Everything).layout();
        assert_eq!(
            (layout.parts.events.count, layout.event_capacity),
            (cpus as usize + 4, capacity),
            "{cpus} CPUs"
        );
    }
    let options = MachineOptions { cpus: 2, ..MachineOptions::default() };
    let parts = Machine::bare(options, 1, 5).unwrap().layout().parts;
    let counts = (parts.events.count, parts.counters.count, parts.processes.count);
    assert_eq!(counts, (2 + 4, 2 + 3, 5));
}
