//! Reads ahead: with the page that a hard fault needs, others that are on swap are read in the same transfer, so that a
//! later fault finds them in memory (`read_ahead`, `read_ahead_by`).
//!
//! Candidates are the pages after the faulting one, in its process or by their slots. Those that are not on swap, or
//! are in memory too, or that another CPU is at work on, are left out; none further off stands in for them.
//!
//! # Protocol
//!
//! Nobody needs such a page yet, so nobody waits for its sake, and whatever goes wrong with it is no failure of anybody.
//!
//! * **Frame.** It comes from the free, zeroed and standby lists while more frames are available than the low watermark;
//!   nothing is trimmed or written for it, and no CPU's cache is touched.
//! * **PTE.** The candidate's PTE is believed only with its region locked, and that lock is tried, never waited for:
//!   the fault has its own page in transit or its own region locked. With the lock held the PTE's reference to its
//!   slot stays, so a second may be added to it, and so does the table, which has a page.
//! * **Slot order.** Repurposing notes which page a slot is for. That is a hint: the page's processes are looked for
//!   under the lock that guards the members of its family, one of them must name the slot when its region is locked,
//!   and then that lock keeps the PTE, and the lock of the members is let go.
//! * **Claim.** Under the frame's lock the frame becomes the slot's keeper, if there is none, with a reference of its own,
//!   and is in flight. From then on it is what a frame is that a slot is read into for a fault: who faults on the page
//!   finds it through the slot, waits for its flight, and shares it.
//! * **What happens meanwhile.** The frame's reference keeps the slot from being freed and taken for another page
//!   while it is read. A kill or an unmap drops the PTE's reference and leaves the frame to its reader; a fork adds
//!   a reference for the child's PTE. The slots are on the move (`memory/swap/moves.rs`), so nobody takes swap for full
//!   because of one that only the reader still holds.
//! * **Landing.** The frame goes on standby, clean, referred to by no PTE, and marked *ahead*; or it is free again with
//!   its slot, if no page names that any more (`keep_for_others`). After a read that failed the frame is free, and
//!   the page stays on swap: who has waited for it reads for itself.
//! * **Hit or miss.** The fault that finds the frame takes the mark off: a hit. A frame that is freed with the mark is a
//!   miss. Both happen under the frame's lock, so each page that was read ahead is counted once.
//!
//! It ends: it goes once over the candidates, and takes as many frames. Frames in flight count as at work, and those
//! on standby as available, so out-of-memory is reported as without it.

use super::fault::Fault;
use super::references::{give_back, keep_for_others, release};
use super::supply::take_spare_frame;
use super::transfer::read_also;
#[cfg(feature = "bugs")]
use crate::bugs::has_bug;
use crate::machine::Machine;
use crate::memory::{FrameState, Key, Move, Pfn, ProcessId, Pte, PteFormat, Slot, Vpn};
use crate::observe::Counter;
use crate::options::ReadAheadBy;
use crate::runtime::{Cpu, Locked, Step};

/// Pages that are read together with the one that a fault needs; their frames are in flight.
pub(super) struct ReadAhead<'m> {
    pages: Vec<Page>,
    /// While there are any.
    _moving: Option<Move<'m>>,
}

struct Page {
    slot: Slot,
    frame: Pfn,
    is_read: bool,
}

/// A page on swap whose slot keeps a reference while this exists.
struct Candidate<'a, C: Cpu> {
    slot: Slot,
    key: Key,
    /// The lock of its region; none where the fault has that itself.
    _region: Option<Locked<'a, C>>,
}

impl<'a, C: Cpu> Fault<'_, 'a, C> {
    /// Claims the pages that are to be read with the page of this fault, which is in `slot`.
    pub(super) async fn claim_ahead(&self, slot: Slot) -> ReadAhead<'a> {
        let (cpu, machine) = (self.space.cpu, self.space.machine);
        let moving = machine.swap.begin_move(cpu.local().index);
        let mut pages = Vec::new();
        let mut spare = None;
        for distance in 1..=machine.options.read_ahead {
            let Some(page) = self.neighbour(slot, distance) else { continue };
            let frame = match spare.take() {
                Some(frame) => frame,
                None => match take_spare_frame(cpu, machine).await {
                    Some(frame) => frame,
                    None => break,
                },
            };
            let claimed = match self.lock_candidate(page).await {
                Some(candidate) => claim(cpu, machine, &candidate, frame).await,
                None => None,
            };
            match claimed {
                Some(slot) => pages.push(Page { slot, frame, is_read: false }),
                None => spare = Some(frame),
            }
        }
        if let Some(frame) = spare {
            give_back(cpu, machine, frame).await;
        }
        machine.stats.add(cpu.local().index, Counter::ReadAhead, pages.len() as u64);
        ReadAhead { _moving: moving.only_if(!pages.is_empty()), pages }
    }

    /// Returns the page and slot so far after those of this fault, if the page seems to be on swap alone; a hint.
    fn neighbour(&self, slot: Slot, distance: u32) -> Option<(Key, Slot)> {
        let machine = self.space.machine;
        let (key, slot) = match machine.options.read_ahead_by {
            ReadAheadBy::Address => {
                let vpn = Vpn(self.vpn.0 + distance);
                let cell = machine.pte(self.space.process, vpn)?;
                let pte = machine.load(cell);
                let slot = (pte.format() == PteFormat::Swapped).then(|| pte.slot())?;
                (Key { vpn, ..self.key() }, slot)
            }
            ReadAheadBy::Slot => {
                let slot = Slot(slot.0 + distance);
                if slot.0 > machine.swap.slots() || machine.swap.is_free(slot) {
                    return None;
                }
                (machine.swap.page_of(slot)?, slot)
            }
        };
        machine.swap.cached(slot).is_none().then_some((key, slot))
    }

    /// Makes sure that a PTE names a page's slot, and keeps it from changing.
    async fn lock_candidate(&self, (key, slot): (Key, Slot)) -> Option<Candidate<'a, C>> {
        let (cpu, machine) = (self.space.cpu, self.space.machine);
        #[cfg(feature = "bugs")]
        if has_bug!(machine, NeighbourBelieved) {
            cpu.step(Step::Instruction).await;
            return Some(Candidate { slot, key, _region: None });
        }
        if key.family == self.space.process.family() && self.names(self.space.id, key.vpn, slot) {
            return self.lock_pte_of(self.space.id, key, slot).await;
        }
        let _tree = machine.lock_all_members(cpu).await;
        let _family = machine.lock_members(cpu, Some(key.family)).await;
        for member in machine.processes.members(key.family) {
            if self.names(member, key.vpn, slot)
                && let Some(found) = self.lock_pte_of(member, key, slot).await
            {
                return Some(found);
            }
        }
        None
    }

    /// Locks the region of a page's PTE, without waiting, and looks whether it names the slot. The caller sees to it that
    /// the process's tables stay until then.
    async fn lock_pte_of(
        &self,
        process: ProcessId,
        key: Key,
        slot: Slot,
    ) -> Option<Candidate<'a, C>> {
        let (cpu, machine) = (self.space.cpu, self.space.machine);
        let region = machine.region(process, key.vpn)?;
        let own = self.region.as_ref().and(machine.region(self.space.id, self.vpn));
        let guard = if own.is_some_and(|(own, _)| own == region.0) {
            None
        } else {
            cpu.step(Step::TryLock { times: 1 }).await;
            Some(machine.try_lock_region(cpu, region)?)
        };
        self.names(process, key.vpn, slot).then_some(Candidate { slot, key, _region: guard })
    }

    /// Whether a page's PTE names a slot, and no fault is at work on it.
    fn names(&self, process: ProcessId, vpn: Vpn, slot: Slot) -> bool {
        let machine = self.space.machine;
        let names = |pte: Pte| {
            pte.format() == PteFormat::Swapped && pte.slot() == slot && !pte.is_in_transit()
        };
        let cell = machine.pte(machine.processes.get(process), vpn);
        cell.is_some_and(|cell| names(machine.load(cell)))
    }
}

/// Makes a taken frame the keeper of a candidate's slot, which it is about to be read from. Returns the slot; none if it
/// has a keeper already.
async fn claim<C: Cpu>(
    cpu: &C,
    machine: &Machine,
    candidate: &Candidate<'_, C>,
    frame: Pfn,
) -> Option<Slot> {
    let mut locked = machine.lock_frame(cpu, frame).await;
    if !machine.swap.claim_cached(candidate.slot, frame) {
        return None;
    }
    machine.swap.add_references(candidate.slot, 1);
    locked.entry.set_state(FrameState::Reading);
    locked.entry.set_in_flight(true);
    locked.entry.set_ahead(true);
    locked.entry.set_slot(Some(candidate.slot));
    machine.pfns.set_key(frame, candidate.key);
    Some(candidate.slot)
}

impl ReadAhead<'_> {
    /// Returns how many pages there are.
    pub(super) fn pages(&self) -> u32 {
        self.pages.len() as u32
    }

    /// Reads the pages, at the end of the transfer that they have part in.
    pub(super) fn read<C: Cpu>(&mut self, cpu: &C, machine: &Machine, process: ProcessId) {
        for page in &mut self.pages {
            page.is_read = read_also(cpu, machine, process, page.slot, page.frame).is_ok();
        }
    }

    /// Lands the frames: on standby, or free.
    pub(super) async fn land<C: Cpu>(self, cpu: &C, machine: &Machine) {
        for Page { slot, frame, is_read } in self.pages {
            let mut locked = machine.lock_frame(cpu, frame).await;
            locked.entry.set_in_flight(false);
            if is_read {
                keep_for_others(cpu, machine, locked, slot).await;
            } else {
                release(cpu, machine, locked).await;
            }
        }
    }
}
