//! Searches for victims along the page tables, where PTEs lie side by side, instead of along the active list.
//!
//! The searcher pins one living process at a time, which keeps its tables, and holds no lock while it reads PTEs;
//! it changes accessed bits by compare-and-swap. A frame that one PTE refers to is judged by that PTE alone, so
//! nothing is asked of its reverse mapping; of a frame that several refer to all are asked. A PTE is only a hint: the
//! frame is locked, and the PTE read again, before the frame is taken.
//!
//! The clock's hand is a page of a process, in `Machine::table_hand`. Searchers at the same time each go on from where
//! it is; a hand that two of them set is one of their places. A search ends after as many pages as there are, twice.

use super::looks::{LOOKS_AT_ONCE, count_looks};
use super::replacement::Look;
use crate::machine::Machine;
use crate::memory::{Pfn, Pin, ProcessId, ProcessState, PteFormat, Vpn};
use crate::paging::flight::take_active_if;
use crate::paging::mappings::{Mappings, clear_at};
use crate::paging::progress::Progress;
use crate::runtime::{Cpu, Step};

/// PTEs in a cache line: looking at them costs as much as looking at one frame.
const PTES_IN_A_LOOK: u32 = 8;

/// Pins a process until it is dropped.
struct Pinned<'a> {
    machine: &'a Machine,
    process: ProcessId,
    pin: Pin,
}

impl Drop for Pinned<'_> {
    fn drop(&mut self) {
        self.machine.processes.get(self.process).unpin(self.pin);
    }
}

/// Pins a process; none if it does not live.
async fn pin<'a, C: Cpu>(cpu: &C, machine: &'a Machine, process: ProcessId) -> Option<Pinned<'a>> {
    let record = machine.processes.get(process);
    let lives = || matches!(record.state(), ProcessState::Running | ProcessState::Sleeping);
    // A hint first: most records are nobody's.
    if !lives() {
        return None;
    }
    // A kill leaves the family under this lock, and then waits for pins.
    let _members = machine.lock_family_of(cpu, process).await?;
    lives().then(|| Pinned { machine, process, pin: record.pin_where_it_lasts() })
}

/// What is seen of a page.
enum Seen {
    /// A fault is at work on it.
    AtWork,
    /// It has a frame.
    Mapped { frame: Pfn, accessed: bool },
}

impl Pinned<'_> {
    /// Looks at a page; clears its accessed bit if asked to. None if it has no frame.
    fn look<C: Cpu>(&self, cpu: &C, vpn: Vpn, clear: bool) -> Option<Seen> {
        let (machine, record) = (self.machine, self.machine.processes.get(self.process));
        let cell = machine.pte(record, vpn)?;
        let pte = machine.load(cell);
        if pte.is_in_transit() {
            return Some(Seen::AtWork);
        }
        if pte.format() != PteFormat::Valid {
            return None;
        }
        let frame = pte.frame();
        let mut accessed = pte.is_accessed();
        if accessed && clear {
            accessed = clear_at(cpu, machine, (self.process, vpn), cell, frame);
        }
        Some(Seen::Mapped { frame, accessed })
    }

    fn pages(&self) -> u32 {
        self.machine.processes.get(self.process).pages()
    }

    /// Whether a page still refers to a frame, which is locked.
    fn refers(&self, vpn: Vpn, frame: Pfn) -> bool {
        let cell = self.machine.pte(self.machine.processes.get(self.process), vpn);
        cell.is_some_and(|cell| self.machine.load(cell).refers_to(frame))
    }
}

/// Goes round the pages of all processes and takes up to `want` frames into flight whose page was not accessed since
/// the hand last came by.
pub(super) async fn clock<C: Cpu>(
    cpu: &C,
    machine: &Machine,
    want: usize,
    progress: &mut Progress,
) -> Vec<Pfn> {
    let mut victims = Vec::with_capacity(want);
    let (at, mut from) = machine.table_hand();
    // One more than none, so that a machine without processes has a round too.
    let count = machine.processes.used().max(1);
    // Two rounds and the rest of the first process: the second round finds what the first has cleared.
    for step in 0..=2 * count {
        let process = ProcessId((at.0 + step) % count);
        let Some(pinned) = pin(cpu, machine, process).await else {
            from = Vpn(0);
            continue;
        };
        let mut looked = 0;
        while from.0 < pinned.pages() && victims.len() < want {
            let vpn = from;
            from = Vpn(vpn.0 + 1);
            looked += 1;
            if looked == LOOKS_AT_ONCE * PTES_IN_A_LOOK {
                looks(cpu, machine, looked).await;
                looked = 0;
            }
            let frame = match pinned.look(cpu, vpn, true) {
                Some(Seen::Mapped { frame, accessed: false }) => frame,
                Some(Seen::Mapped { .. }) | None => continue,
                Some(Seen::AtWork) => {
                    progress.busy += 1;
                    continue;
                }
            };
            cpu.step(Step::Look { entries: 1 }).await;
            if machine.pfns.peek(frame).share() > 1 && clear_all_of(cpu, machine, frame).await {
                continue;
            }
            if take_active_if(cpu, machine, frame, || pinned.refers(vpn, frame)).await {
                victims.push(frame);
            } else {
                progress.busy += 1;
            }
        }
        looks(cpu, machine, looked).await;
        if victims.len() == want {
            machine.set_table_hand(process, from);
            break;
        }
        from = Vpn(0);
    }
    victims
}

/// Clears the accessed bits of all pages that refer to a frame; true when one was set.
async fn clear_all_of<C: Cpu>(cpu: &C, machine: &Machine, frame: Pfn) -> bool {
    let locked = machine.lock_frame(cpu, frame).await;
    let _tree = machine.lock_all_members(cpu).await;
    Mappings::of(cpu, machine, &locked).await.clear_accessed(cpu, frame)
}

/// Ranks the frames that pages refer to: returns the rank, the place at which it was seen and the number of each, or
/// none when there are none.
pub(super) async fn ranked<C: Cpu>(
    cpu: &C,
    machine: &Machine,
    progress: &mut Progress,
    rank: &mut impl FnMut(&Look<'_>) -> u64,
) -> Option<Vec<(u64, u32, Pfn)>> {
    let mut seen = vec![None; machine.pfns.count() as usize];
    let mut place: u32 = 0;
    progress.busy += see_all(cpu, machine, false, |frame, accessed| {
        let (_, any) = seen[frame.0 as usize].get_or_insert((place, false));
        *any |= accessed;
        place += 1;
    })
    .await;
    let seen = (0..).map(Pfn).zip(seen).filter_map(|(frame, seen)| Some((frame, seen?)));
    let rank_of = |(frame, (place, accessed))| {
        let entry = machine.pfns.peek(frame);
        let (dirty, shared) = (entry.is_dirty(), entry.share() > 1);
        let look = Look { accessed, dirty, shared, round: 0, note: machine.note(frame) };
        (rank(&look), place, frame)
    };
    (place > 0).then(|| seen.map(rank_of).collect())
}

/// Clears all accessed bits, and calls `see` once for each frame that a page refers to, with whether one of its pages
/// was accessed.
pub(super) async fn clear_all<C: Cpu>(cpu: &C, machine: &Machine, mut see: impl FnMut(Pfn, bool)) {
    let mut seen = vec![None; machine.pfns.count() as usize];
    see_all(cpu, machine, true, |frame, accessed| {
        *seen[frame.0 as usize].get_or_insert(false) |= accessed;
    })
    .await;
    for (frame, accessed) in (0..).map(Pfn).zip(seen) {
        if let Some(accessed) = accessed {
            see(frame, accessed);
        }
    }
}

/// Looks at the pages of all living processes. Returns on how many a fault is at work.
async fn see_all<C: Cpu>(
    cpu: &C,
    machine: &Machine,
    clear: bool,
    mut see: impl FnMut(Pfn, bool),
) -> u32 {
    let mut at_work = 0;
    for process in (0..machine.processes.used()).map(ProcessId) {
        let Some(pinned) = pin(cpu, machine, process).await else { continue };
        let mut first = 0;
        while first < pinned.pages() {
            let end = (first + LOOKS_AT_ONCE * PTES_IN_A_LOOK).min(pinned.pages());
            for vpn in (first..end).map(Vpn) {
                match pinned.look(cpu, vpn, clear) {
                    Some(Seen::Mapped { frame, accessed }) => see(frame, accessed),
                    Some(Seen::AtWork) => at_work += 1,
                    None => {}
                }
            }
            looks(cpu, machine, end - first).await;
            first = end;
        }
    }
    at_work
}

/// Counts and charges looks at PTEs that lie side by side.
async fn looks<C: Cpu>(cpu: &C, machine: &Machine, ptes: u32) {
    if ptes > 0 {
        count_looks(cpu, machine, ptes);
        cpu.step(Step::Look { entries: ptes.div_ceil(PTES_IN_A_LOOK) }).await;
    }
}
