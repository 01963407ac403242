//! The audit checks all invariants of a machine at a quiescent point, when no CPU is at work and every daemon
//! rests. Tests, runs, explorer and page call it.

use std::collections::BTreeSet;

use crate::machine::Machine;
use crate::memory::{
    Entry, FrameState, ListId, PTE_AT_WORK, Pfn, ProcessId, ProcessState, Pte, PteFormat, Slot,
    TABLE_ENTRIES, Vpn,
};
use crate::observe::Counter;
use crate::process::{is_empty, tables_of};
use crate::sync::atomic::Ordering;

/// Findings beyond this many are only counted.
const MOST_FINDINGS: usize = 50;

/// Checks every invariant; returns what is wrong, in sentences. An empty list is a clean audit.
pub fn audit(machine: &Machine) -> Vec<String> {
    let mut audit = Audit {
        machine,
        findings: Vec::new(),
        references: vec![0; machine.pfns.count() as usize],
        swapped: vec![0; machine.swap.slots() as usize + 1],
        tables: BTreeSet::from([machine.zero_page.0]),
    };
    for process in machine.processes.living() {
        audit.process(process);
    }
    audit.records();
    audit.lists();
    for frame in (0..machine.pfns.count()).map(Pfn) {
        audit.frame(frame);
    }
    audit.slots();
    audit.read_ahead();
    audit.protected();
    audit.zero_page();
    let Audit { mut findings, .. } = audit;
    if findings.len() > MOST_FINDINGS {
        let more = findings.len() - MOST_FINDINGS;
        findings.truncate(MOST_FINDINGS);
        findings.push(format!("and {more} more"));
    }
    findings
}

struct Audit<'a> {
    machine: &'a Machine,
    findings: Vec<String>,
    /// PTEs that refer to each frame.
    references: Vec<u32>,
    /// Swapped PTEs that name each slot, then also frames that keep a copy there.
    swapped: Vec<u32>,
    /// Directories, tables and the zero page.
    tables: BTreeSet<u32>,
}

impl Audit<'_> {
    fn find(&mut self, finding: String) {
        self.findings.push(finding);
    }

    /// Checks that a process's tables are protected, and that each of its PTEs is sound.
    fn process(&mut self, id: ProcessId) {
        let process = self.machine.processes.get(id);
        let directory = process.directory();
        if directory.0 >= self.machine.pfns.count() {
            return self.find(format!("G1 process {}: no page directory", id.0));
        }
        if !self.tables.insert(directory.0) {
            self.find(format!("P19 frame {}: page directory of two processes", directory.0));
        }
        for (index, table) in tables_of(self.machine, id) {
            if !self.tables.insert(table.0) {
                self.find(format!("P19 frame {}: page table of two processes", table.0));
            }
            if is_empty(self.machine, table) {
                self.find(format!("P19 process {}: page table {index} has no page", id.0));
            }
            let words = self.machine.frames.words(table.0);
            let after = process.pages().saturating_sub(index * TABLE_ENTRIES) as usize;
            let past = words.iter().skip(after).any(|cell| !self.machine.load(cell).is_absent());
            if past {
                let found = format!("process {}: a page past its last, {}", id.0, process.pages());
                self.find(found);
            }
        }
        let last = process.pages().checked_sub(1).map(Vpn);
        if last.is_some_and(|last| {
            let cell = self.machine.pte(process, last);
            cell.is_none_or(|cell| self.machine.load(cell).is_absent())
        }) {
            self.find(format!("process {}: its last page is not there", id.0));
        }
        for vpn in (0..process.pages()).map(Vpn) {
            // Where there is no table there is no page.
            if let Some(cell) = self.machine.pte(process, vpn) {
                let word = cell.load(Ordering::Acquire);
                self.pte(id, vpn, Pte(word));
            }
        }
    }

    fn pte(&mut self, id: ProcessId, vpn: Vpn, pte: Pte) {
        let at = format!("process {} page {}", id.0, vpn.0);
        if pte.0 & PTE_AT_WORK != 0 {
            self.find(format!("{at}: locked, in transit or waited for at a quiescent point"));
        }
        match pte.format() {
            PteFormat::Zero => {}
            PteFormat::Valid | PteFormat::Transition => self.reference(id, vpn, pte, &at),
            PteFormat::Swapped => match self.swapped.get_mut(pte.slot().0 as usize) {
                Some(count) if pte.slot().0 != 0 => *count += 1,
                _ => {
                    self.find(format!("G2 {at}: names slot {}, which does not exist", pte.slot().0))
                }
            },
        }
    }

    fn reference(&mut self, id: ProcessId, vpn: Vpn, pte: Pte, at: &str) {
        let frame = pte.frame();
        let Some(count) = self.references.get_mut(frame.0 as usize) else {
            return self.find(format!("{at}: refers to frame {}, which does not exist", frame.0));
        };
        *count += 1;
        let entry = self.machine.pfns.peek(frame);
        let state = entry.state();
        let fits = match pte.format() {
            PteFormat::Valid => state == FrameState::Active,
            _ => matches!(state, FrameState::Active | FrameState::Modified | FrameState::Standby),
        };
        if !fits {
            self.find(format!(
                "G1 {at}: {:?} to frame {}, which is {state:?}",
                pte.format(),
                frame.0
            ));
        }
        let key = self.machine.pfns.key(frame);
        if key.vpn != vpn || key.family != self.machine.processes.get(id).family() {
            self.find(format!("{at}: frame {} has the key of another page", frame.0));
        }
        // A slot that does not exist is found with its frame.
        let slot = entry.slot().filter(|slot| slot.0 <= self.machine.swap.slots());
        let others = slot.map_or(0, |slot| self.machine.swap.count(slot).saturating_sub(1));
        if pte.is_writable() && entry.share() + others > 1 {
            self.find(format!("P11 {at}: writable, but frame {} is shared", frame.0));
        }
        if pte.format() == PteFormat::Valid && pte.is_dirty() && !entry.is_dirty() {
            self.find(format!("P18 {at}: dirty, but frame {} counts as clean", frame.0));
        }
    }

    /// Checks that each listed frame has the list's state and is listed once (G1).
    fn lists(&mut self) {
        let machine = self.machine;
        let mut place = vec![None; machine.pfns.count() as usize];
        let mut listed = Vec::new();
        for list in machine.lists.all() {
            let name = machine.lists.name(list);
            match machine.lists.validate(list) {
                Ok(frames) => {
                    let state = machine.lists.state(list);
                    self.shard(list, state, &frames);
                    listed.extend(frames.into_iter().map(|frame| (frame, name.clone(), state)));
                }
                Err(finding) => self.find(format!("G1 {finding}")),
            }
        }
        for (index, record) in machine.cpus.iter().enumerate() {
            let at_hand = format!("cache of CPU {index}");
            let cached = record.cached();
            listed.extend(cached.map(|frame| (frame, at_hand.clone(), FrameState::Free)));
            let held_back = format!("active/arrivals of CPU {index}");
            let arrivals = machine.lists.arrivals(index);
            listed.extend(arrivals.map(|frame| (frame, held_back.clone(), FrameState::Active)));
        }
        for (frame, name, expected) in listed {
            let state = machine.pfns.peek(frame).state();
            if state != expected {
                self.find(format!("G1 frame {}: {state:?}, but on list {name}", frame.0));
            }
            if let Some(other) = place[frame.0 as usize].replace(name.clone()) {
                self.find(format!("G1 frame {}: on list {name} and on list {other}", frame.0));
            }
        }
        for frame in (0..machine.pfns.count()).map(Pfn) {
            let state = machine.pfns.peek(frame).state();
            if place[frame.0 as usize].is_none() && state != FrameState::Protected {
                self.find(format!("G1 frame {}: {state:?}, but on no list", frame.0));
            }
        }
    }

    /// Checks that the frames of a shard belong to it, where a frame belongs to one by its number (G1).
    fn shard(&mut self, list: ListId, state: FrameState, frames: &[Pfn]) {
        if !matches!(state, FrameState::Active | FrameState::Modified | FrameState::Standby) {
            return;
        }
        let lists = &self.machine.lists;
        for frame in frames {
            let home = lists.list_of(state, *frame);
            if home != list {
                let (name, home) = (lists.name(list), lists.name(home));
                self.find(format!("G1 frame {}: on list {name}, but belongs on {home}", frame.0));
            }
        }
    }

    fn frame(&mut self, frame: Pfn) {
        let entry = self.machine.pfns.peek(frame);
        let state = entry.state();
        let at = format!("frame {}", frame.0);
        if entry.is_in_flight() || matches!(state, FrameState::Writing | FrameState::Reading) {
            self.find(format!("G1 {at}: in flight at a quiescent point"));
        }
        if (state == FrameState::Protected) != self.tables.contains(&frame.0) {
            self.find(format!("P19 {at}: {state:?}, but its use says otherwise"));
        }
        let references = self.references[frame.0 as usize];
        if entry.share() != references {
            self.find(format!(
                "G4 {at}: share count {}, but {references} PTEs refer to it",
                entry.share()
            ));
        }
        let unowned = matches!(state, FrameState::Free | FrameState::Zeroed);
        if unowned && (references > 0 || entry.slot().is_some()) {
            self.find(format!("G1 {at}: {state:?}, but in use"));
        }
        if state == FrameState::Zeroed
            && self.machine.frames.snapshot(frame.0).any(|word| word != 0)
        {
            self.find(format!("P13 {at}: on a zeroed list, but not zero"));
        }
        let waits_ahead = state == FrameState::Standby && entry.share() == 0;
        if entry.is_ahead() && !(waits_ahead && entry.slot().is_some()) {
            self.find(format!("S20 {at}: marked as read ahead, but it is {entry:?}"));
        }
        if state == FrameState::Standby && entry.is_dirty() {
            self.find(format!("P18 {at}: on standby, but not on swap"));
        }
        // Repurposing such a frame leaves its pages zero.
        let droppable =
            matches!(state, FrameState::Active | FrameState::Modified | FrameState::Standby)
                && !entry.is_dirty()
                && entry.slot().is_none();
        if droppable && self.machine.frames.snapshot(frame.0).any(|word| word != 0) {
            self.find(format!("P18 {at}: clean without a slot, but not zero"));
        }
        self.owner(frame, entry, &at);
        if let Some(slot) = entry.slot() {
            self.kept_copy(frame, entry, slot, &at);
        }
    }

    /// Checks that a record is taken while it is a process's, and that each process knows the CPUs that have it (P3).
    fn records(&mut self) {
        let processes = &self.machine.processes;
        for id in (0..processes.used()).map(ProcessId) {
            let (state, is_taken) = (processes.get(id).state(), processes.get(id).is_taken());
            if is_taken == (state == ProcessState::Unused) {
                let counts = if is_taken { "taken" } else { "free" };
                self.find(format!("P3 process {}: its record is {state:?}, but {counts}", id.0));
            }
        }
        for (index, cpu) in self.machine.cpus.iter().enumerate() {
            let Some(process) = cpu.current() else { continue };
            if !processes.get(process).dispatched().iter().any(|of| of == index) {
                self.find(format!(
                    "P3 process {}: it does not know that CPU {index} has it",
                    process.0
                ));
            }
        }
    }

    /// Checks that a frame with an owner is referred to by one PTE, the owner's (S14).
    fn owner(&mut self, frame: Pfn, entry: Entry, at: &str) {
        let machine = self.machine;
        let Some(owner) = machine.pfns.owner(frame) else { return };
        let vpn = machine.pfns.key(frame).vpn;
        let refers = machine.processes.living().any(|process| process == owner)
            && machine
                .pte(machine.processes.get(owner), vpn)
                .is_some_and(|cell| machine.load(cell).refers_to(frame));
        if entry.share() != 1 || !refers {
            let share = entry.share();
            self.find(format!(
                "S14 {at}: names process {} as its owner, but has share {share}, and the page {}",
                owner.0,
                if refers { "refers to it" } else { "does not refer to it" },
            ));
        }
    }

    /// Checks that a frame that keeps a slot is its cached copy, and that a clean one has the same bytes.
    fn kept_copy(&mut self, frame: Pfn, entry: Entry, slot: Slot, at: &str) {
        match self.swapped.get_mut(slot.0 as usize) {
            Some(count) => *count += 1,
            None => {
                return self.find(format!("G2 {at}: keeps slot {}, which does not exist", slot.0));
            }
        }
        if self.machine.swap.cached(slot) != Some(frame) {
            self.find(format!("G2 {at}: keeps slot {}, which names another frame", slot.0));
        }
        if entry.is_dirty() {
            return;
        }
        match self.machine.swap.page(slot) {
            Ok(page) if page == self.machine.frames.page(frame.0) => {}
            Ok(_) => self.find(format!("G5 {at}: clean, but differs from slot {}", slot.0)),
            Err(_) => {
                let trouble = self.machine.swap.trouble();
                self.find(format!("G5 {at}: its copy cannot be read: {trouble}"));
            }
        }
    }

    /// Checks that a slot's count is the number of its references, and that a slot without one is free and
    /// found in exactly one container of free slots (G2).
    fn slots(&mut self) {
        let swap = &self.machine.swap;
        let mut places = vec![0; swap.slots() as usize + 1];
        for slot in swap.free_places() {
            match places.get_mut(slot.0 as usize) {
                Some(count) if slot.0 != 0 => *count += 1,
                _ => self.find(format!("G2 slot {} does not exist, but counts as free", slot.0)),
            }
        }
        if !swap.bitmap_is_sound() {
            self.find("G2 the levels of the slot bitmap disagree".to_owned());
        }
        if swap.count(Slot(0)) != 0 || self.swapped[0] != 0 || swap.is_free(Slot(0)) {
            self.find("G2 slot 0 was issued".to_owned());
        }
        for slot in (1..=swap.slots()).map(Slot) {
            self.slot(slot, places[slot.0 as usize]);
        }
    }

    fn slot(&mut self, slot: Slot, places: u32) {
        let swap = &self.machine.swap;
        let (count, found) = (swap.count(slot), self.swapped[slot.0 as usize]);
        if count != found {
            self.find(format!("G2 slot {}: count {count}, but {found} references", slot.0));
        }
        let free = found == 0;
        if swap.is_free(slot) != free || places != u32::from(free) {
            self.find(format!(
                "G2 slot {}: {found} references, but free in {places} places",
                slot.0
            ));
        }
        if let Some(frame) = swap.cached(slot)
            && self.machine.pfns.peek(frame).slot() != Some(slot)
        {
            self.find(format!("G2 slot {}: names frame {}, which keeps another", slot.0, frame.0));
        }
    }

    /// Checks that each page that was read ahead was found, was of no use, or waits still (S20).
    fn read_ahead(&mut self) {
        let machine = self.machine;
        let [read, hits, misses] =
            [Counter::ReadAhead, Counter::ReadAheadHits, Counter::ReadAheadMisses]
                .map(|counter| machine.stats.total(counter));
        let frames = (0..machine.pfns.count()).map(Pfn);
        let waiting = frames.filter(|frame| machine.pfns.peek(*frame).is_ahead()).count() as u64;
        if read != hits + misses + waiting {
            self.find(format!(
                "S20 {read} pages were read ahead, but {hits} were found, {misses} were not, and {waiting} wait"
            ));
        }
    }

    /// Checks that as many frames count as protected as there are tables, directories and the zero page (P19).
    fn protected(&mut self) {
        let (counted, there) = (self.machine.protected_frames(), self.tables.len());
        if counted as usize != there {
            self.find(format!("P19 {counted} frames count as protected, but {there} are"));
        }
    }

    /// Checks that the zero page is zero, for ever (P14).
    fn zero_page(&mut self) {
        let zero = self.machine.zero_page;
        if self.machine.frames.snapshot(zero.0).any(|word| word != 0) {
            self.find("P14 the zero page is not zero".to_owned());
        }
    }
}
