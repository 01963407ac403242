//! Counts what a timeline draws as counters: the frames of each list, slots in use, and what cache lines have cost.

use std::ops::Range;

use crate::machine::Machine;
use crate::memory::{ListId, Lists};
use crate::observe::{EventKind, Record};
use crate::parts::LinePart;

/// What is counted besides cache lines.
const TRACKS: [&str; 7] =
    ["free", "zeroed", "active", "modified", "standby", "at hand", "slots in use"];
const AT_HAND: usize = 5;
const SLOTS: usize = 6;

/// Returns the track of a list, which all its shards share: the one with the name of their state.
fn track(lists: &Lists, list: ListId) -> Option<usize> {
    TRACKS.iter().position(|track| *track == lists.state(list).name())
}

/// What the cache lines of one part have cost up to now.
#[derive(Debug)]
struct LinesOfPart {
    name: &'static str,
    /// The classes of its words.
    classes: Range<usize>,
    transfers: u64,
    lost: u64,
    is_shown: bool,
}

impl LinesOfPart {
    fn of(machine: &Machine) -> Vec<Self> {
        let mut first = 0;
        let part = |part: &LinePart| {
            let classes = first..first + part.classes().len();
            first = classes.end;
            Self { name: part.name, classes, transfers: 0, lost: 0, is_shown: true }
        };
        machine.line_parts().iter().map(part).collect()
    }
}

/// The counters of one machine.
#[derive(Debug)]
pub(super) struct Counters {
    /// The track of each list.
    tracks: Vec<usize>,
    counts: [i64; TRACKS.len()],
    shown: [Option<i64>; TRACKS.len()],
    line_parts: Vec<LinesOfPart>,
}

impl Counters {
    /// Begins with a machine at boot: all frames but the zero page are free.
    pub(super) fn new(machine: &Machine) -> Self {
        let mut counts = [0; TRACKS.len()];
        counts[0] = i64::from(machine.pfns.count()) - 1;
        Self {
            tracks: machine.lists.all().filter_map(|list| track(&machine.lists, list)).collect(),
            counts,
            shown: [None; TRACKS.len()],
            line_parts: LinesOfPart::of(machine),
        }
    }

    /// Counts what an event changes.
    pub(super) fn count(&mut self, record: &Record) {
        let event = record.event;
        let (track, change) = match event.kind {
            EventKind::ListOn | EventKind::Arrive => (self.tracks[event.a as usize], 1),
            EventKind::ListOff => (self.tracks[event.a as usize], -1),
            EventKind::CacheOn => (AT_HAND, 1),
            EventKind::CacheOff => (AT_HAND, -1),
            EventKind::SlotTake => (SLOTS, 1),
            EventKind::SlotFree => (SLOTS, -1),
            EventKind::Lines => {
                let class = event.number as usize;
                if let Some(part) =
                    self.line_parts.iter_mut().find(|part| part.classes.contains(&class))
                {
                    part.transfers += event.a & u64::from(u32::MAX);
                    part.lost += event.b;
                    part.is_shown = false;
                }
                return;
            }
            _ => return,
        };
        self.counts[track] += change;
    }

    /// Calls `show` with the name of each counter that is not what was shown last, and with its values as members of an
    /// object in JSON.
    pub(super) fn show_changed(&mut self, mut show: impl FnMut(&str, &str)) {
        for LinesOfPart { name, transfers, lost, is_shown, .. } in &mut self.line_parts {
            if !std::mem::replace(is_shown, true) {
                let values = format!("\"transfers\":{transfers},\"ns lost\":{lost}");
                show(&format!("cache lines: {name}"), &values);
            }
        }
        for ((name, count), shown) in TRACKS.into_iter().zip(self.counts).zip(&mut self.shown) {
            if shown.replace(count) != Some(count) {
                show(name, &format!("\"count\":{count}"));
            }
        }
    }
}
