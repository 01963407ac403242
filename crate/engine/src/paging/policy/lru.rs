//! Exact least recently used, for comparison: no hardware could afford it.
//!
//! Under this policy no PTE is ever marked accessed, so every access takes the path of a first
//! touch, which stamps the frame with the next number.
//!
//! A search does not look for the smallest stamp. The active list was sorted by stamps at some moment; what
//! was used or came since has a larger stamp than all that were given by then. So the first frame along the list
//! whose stamp is not from after that moment is the least recently used. Those passed on the way go to the end.
//! When a round finds none, each frame was used since the list was sorted, and it is sorted again: the
//! work for a victim is constant, and sorting costs the logarithm of their number for each frame used.
//!
//! Each shard is sorted on its own, so that the first found is the least recently used of a shard.
//!
//! Frames that others have isolated while the list is sorted return behind those that were sorted, and may be
//! evicted like them: else two searches could send each other back to sort for ever.

use super::isolated::lock_members;
use super::looks::examined;
use super::replacement::{Accessed, Look, Replacement, Verdict, read};
use super::search::search;
use crate::machine::Machine;
use crate::memory::{FrameState, Pfn};
use crate::paging::progress::Progress;
use crate::runtime::Cpu;

struct Lru {
    sorted_up_to: u64,
}

impl Replacement for Lru {
    fn accessed(&self, _round: u32) -> Accessed {
        Accessed::Ignored
    }

    fn rounds(&self) -> u32 {
        1
    }

    fn judge(&self, look: &Look<'_>) -> Verdict {
        if read(look.note) <= self.sorted_up_to { Verdict::Evict } else { Verdict::GoRound }
    }
}

pub(super) async fn victims<C: Cpu>(
    cpu: &C,
    machine: &Machine,
    want: usize,
    progress: &mut Progress,
) -> Vec<Pfn> {
    let policy = Lru { sorted_up_to: machine.sorted_up_to() };
    let mut victims = search(cpu, machine, want, progress, &policy).await;
    if victims.len() < want {
        let policy = Lru { sorted_up_to: sort(cpu, machine).await };
        let rest = want - victims.len();
        victims.extend(search(cpu, machine, rest, progress, &policy).await);
    }
    victims
}

/// Sorts the active list by stamps, each shard on its own. Returns the last stamp that was given when it began: no
/// shard is sorted before that.
async fn sort<C: Cpu>(cpu: &C, machine: &Machine) -> u64 {
    let mut last = None;
    let shards = machine.lists.list_shards();
    for (number, list) in (1..).zip(machine.lists.shards_of(FrameState::Active)) {
        let _guard = lock_members(cpu, machine, list).await;
        let mut frames = Vec::with_capacity(machine.lists.count(list) as usize);
        let mut next = machine.lists.first(list);
        while let Some(frame) = next {
            next = machine.lists.next(frame);
            frames.push((read(machine.note(frame)), frame));
        }
        frames.sort_unstable();
        let last = *last.get_or_insert_with(|| machine.last_stamp());
        if number == shards {
            machine.set_sorted_up_to(last);
        }
        let count = frames.len() as u32;
        machine.reorder(list, frames.into_iter().map(|(_, frame)| frame));
        examined(cpu, machine, count).await;
    }
    last.unwrap_or_default()
}
