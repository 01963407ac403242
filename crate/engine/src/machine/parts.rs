//! The table of a machine's parts: what a reader in place finds by name, and what a search of schedules watches.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::state::Machine;
use crate::memory::format::{LIST_FIELDS, PFN_FIELDS};
use crate::memory::{CpuRecord, Process};
use crate::parts::{LineKind, LinePart, MemoryPart};
#[cfg(feature = "footprints")]
use crate::sync::footprints::SharedPart;

/// The parts of a machine that a reader reads in place; addresses and strides are in bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Parts {
    /// The bytes of the frames.
    pub frame_bytes: MemoryPart,
    /// The PFN database, with a record for each frame.
    pub pfn: MemoryPart,
    /// The links of the lists, one record a frame.
    pub links: MemoryPart,
    /// The replacement policy's word for each frame: under `aging` its counter.
    pub notes: MemoryPart,
    /// The lists.
    pub lists: MemoryPart,
    /// The process table.
    pub processes: MemoryPart,
    /// The CPUs' records.
    pub cpus: MemoryPart,
    /// The rows of counters: those of the CPUs, then the daemons'.
    pub counters: MemoryPart,
    /// The reference counts of the slots, slot 0 first.
    pub slot_counts: MemoryPart,
    /// The rings of events: those of the CPUs, of the daemons, and the script's.
    pub events: MemoryPart,
    /// The rows of latencies.
    pub latencies: MemoryPart,
    /// The frames that each CPU holds back on their way to the active list.
    pub arrivals: MemoryPart,
    /// The records of regions of PTEs whose locks have cost something.
    pub regions: MemoryPart,
    /// The profile of locks of each row.
    pub locks: Vec<MemoryPart>,
    /// What cache lines have cost, by class of word.
    pub lines: MemoryPart,
}

/// Whether a search of schedules distinguishes states by the counters.
#[cfg(feature = "footprints")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counters {
    /// Two states with different counters are different: something acts on them.
    Matter,
    /// Counters are ignored, except under a policy whose clock they are.
    AreIgnored,
}

impl Machine {
    /// Returns the parts that a reader reads in place.
    pub fn parts(&self) -> Parts {
        Parts {
            frame_bytes: self.frames.part(),
            pfn: self.pfns.part(),
            links: self.lists.links_part(),
            notes: self.notes_part(),
            lists: self.lists.lists_part(),
            processes: self.processes.part(),
            cpus: MemoryPart::of(&self.cpus),
            counters: self.stats.counters_part(),
            slot_counts: self.swap.counts_part(),
            events: self.trace.part(),
            latencies: self.stats.latencies_part(),
            arrivals: self.lists.arrivals_part(),
            regions: self.region_costs.part(),
            locks: self.profiles().iter().map(|profile| profile.part()).collect(),
            lines: self.line_costs.part(),
        }
    }

    /// Returns the parts that tasks share, the same in the same order for every machine of these options:
    /// those of [`parts`](Self::parts) that a task acts on, and those that no reader has to know. Nothing acts
    /// on counters, except a script that expects something of them and a policy whose clock they are.
    #[cfg(feature = "footprints")]
    pub fn shared_parts(&self, counters_matter: Counters) -> Vec<SharedPart> {
        // Each part by name, so that a new one is told apart here too.
        let Parts {
            frame_bytes,
            pfn,
            links,
            notes,
            lists,
            processes,
            cpus,
            counters,
            slot_counts,
            arrivals,
            // No task acts on what is recorded.
            events: _,
            latencies: _,
            regions: _,
            locks: _,
            lines: _,
        } = self.parts();
        let matters =
            counters_matter == Counters::Matter || self.options.policy.depends_on_counters();
        let mut shared = vec![SharedPart { part: counters, matters }];
        let read = [frame_bytes, pfn, links, notes, lists, processes, cpus, slot_counts, arrivals];
        let inner = [
            MemoryPart::of(std::slice::from_ref(self)),
            self.processes.families_part(),
            MemoryPart::of(&self.protected),
        ];
        let all = read.into_iter().chain(inner);
        let swap = self.swap.inner_parts().into_iter().map(|(_, part)| part);
        let swap = swap.chain(self.swap.device_parts());
        let epochs = self.epochs.parts().into_iter().map(|(_, part)| part);
        shared.extend(all.chain(swap).chain(epochs).map(SharedPart::from));
        shared
    }

    /// Returns the parts whose cache lines CPUs fight over, with the names of their words: every word that tasks
    /// share, except those that belong to the programs and to the script, and those that nothing acts on.
    pub fn line_parts(&self) -> Vec<LinePart> {
        let parts = self.parts();
        let mut lines = vec![
            LinePart::new("ptes", parts.frame_bytes, &[]).with_lines(LineKind::InTables),
            LinePart::new("pfn", parts.pfn, &PFN_FIELDS),
            LinePart::new("links", parts.links, &[]),
            LinePart::new("notes", parts.notes, &[]),
            LinePart::new("lists", parts.lists, &LIST_FIELDS),
            LinePart::new("arrivals", parts.arrivals, &[]),
            LinePart::new("processes", parts.processes, &Process::WORDS),
            LinePart::new("families", self.processes.families_part(), &[]),
            LinePart::new("cpus", parts.cpus, &CpuRecord::WORDS),
            LinePart::new("counters", parts.counters, &[]),
            LinePart::new("slot_counts", parts.slot_counts, &[]),
            LinePart::new("protected", MemoryPart::of(&self.protected), &[]),
        ];
        let named = self.swap.inner_parts().into_iter().chain(self.epochs.parts());
        lines.extend(named.map(|(name, part)| LinePart::new(name, part, &[])));
        let contents = self.swap.device_parts().into_iter();
        lines.extend(
            contents.map(|part| LinePart::new("contents", part, &[]).with_lines(LineKind::Unasked)),
        );
        lines.push(self.words_of_its_own());
        lines
    }

    /// Returns the names of the classes of words of these parts, each by its number.
    pub fn line_classes(&self) -> Vec<String> {
        self.line_parts().iter().flat_map(LinePart::classes).collect()
    }

    /// Returns the part that is the machine itself: words that are in no array.
    fn words_of_its_own(&self) -> LinePart {
        let whole = MemoryPart::of(std::slice::from_ref(self));
        let named = [
            ("pte_lock", MemoryPart::of(std::slice::from_ref(&self.machine_lock))),
            ("tree_lock", MemoryPart::of(std::slice::from_ref(&self.processes.tree_lock))),
            ("slot_lock", MemoryPart::of(std::slice::from_ref(&self.swap.lock_word))),
            ("frames_available", MemoryPart::of(std::slice::from_ref(&self.frames_available))),
            ("doorbells", MemoryPart::of(self.doorbells())),
            ("stop", MemoryPart::of(std::slice::from_ref(&self.stop))),
            ("writing", MemoryPart::of(std::slice::from_ref(&self.writing))),
            ("trimming", MemoryPart::of(std::slice::from_ref(&self.trimming))),
            ("stamps", MemoryPart::of(std::slice::from_ref(&self.stamps))),
        ];
        LinePart::alone("machine", whole, &named)
    }
}
