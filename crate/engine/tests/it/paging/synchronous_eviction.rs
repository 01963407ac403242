//! Tests the notes' first attempt (S17), which has no daemons and no aging: the fault takes the head of the active
//! list, unmaps it, writes it out, and gives the frame to the new page.

use faultline::memory::{Entry, Pfn, Pte, PteFormat};
use faultline::observe::{Counter, Detail, EventKind, Place};
use serde_json::json;

use crate::support::rig::Rig;
use crate::support::{threads, virtual_cpus};

/// Says in words what an event does to a PTE or asks of the device.
fn step(kind: EventKind, number: u32, a: u64, b: u64) -> Option<String> {
    let format = |word| match Pte(word).format() {
        PteFormat::Zero => "zero",
        PteFormat::Valid => "valid",
        PteFormat::Transition => "transition",
        PteFormat::Swapped => "swapped",
    };
    match kind {
        EventKind::Pte if format(a) != format(b) => {
            Some(format!("page {number}: {} to {}", format(a), format(b)))
        }
        EventKind::SwapWriteEnd => Some(format!("slot {number} written")),
        EventKind::Pfn if Entry(b).slot() != Entry(a).slot() => {
            Some(format!("frame {number}: slot {:?}", Entry(b).slot().map(|slot| slot.0)))
        }
        EventKind::Wakeup => Some("a daemon is woken".to_owned()),
        _ => None,
    }
}

#[test]
fn s17_the_first_attempt_takes_the_notes_steps() {
    for runtime in [threads(), virtual_cpus(1), virtual_cpus(2)] {
        // Zero page, directory, table: five frames are left for pages.
        let machine = json!({"frames": 8, "slots": 16, "cpus": 1, "eviction": "synchronous",
            "policy": "fifo", "trim": {"low": 1, "high": 2, "batch": 8}, "write_batch": 8});
        let mut rig = Rig::new(machine, runtime);
        rig.session.observe(Detail::Changes);
        rig.apply(json!({"op": "spawn", "as": "p", "pages": 16}));
        for page in 0..5 {
            rig.apply(json!({"op": "write", "process": "p", "page": page, "value": 7 + page}));
        }
        let Pfn(frame) = rig.pte("p", 0).frame();
        let (mut place, mut records) = (Place::default(), Vec::new());
        rig.machine().trace.read(0, &mut place, &mut records);
        records.clear();
        rig.apply(json!({"op": "write", "process": "p", "page": 5, "value": 12}));
        rig.machine().trace.read(0, &mut place, &mut records);
        let events = records.iter().map(|record| record.event);
        let steps: Vec<_> =
            events.filter_map(|event| step(event.kind, event.number, event.a, event.b)).collect();
        assert_eq!(
            steps,
            [
                "page 0: valid to transition".to_owned(),
                "slot 1 written".to_owned(),
                format!("frame {frame}: slot Some(1)"),
                "page 0: transition to swapped".to_owned(),
                format!("frame {frame}: slot None"),
                "page 5: zero to valid".to_owned(),
            ]
        );
        assert_eq!(rig.pte("p", 5).frame(), Pfn(frame), "the victim's frame serves the page");
        assert_eq!(rig.counter(Counter::TrimWakeups), 0);
        assert_eq!(rig.counter(Counter::Trims), 1);
        assert_eq!(rig.counter(Counter::SwapWrites), 1);
        rig.apply(json!({"op": "read", "process": "p", "page": 0, "expect": 7}));
        rig.apply(json!({"op": "audit"}));
    }
}
