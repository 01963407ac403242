//! Who is evicted next: one small trait, a file for each idea.
//!
//! A policy sees the active frames one by one, from the head of the active list or from its own
//! hand, with the one thing the machine knows of their use: whether a mapping was accessed since
//! the policy last looked. It says evict, keep, or go round again. Exact LRU and random do not
//! look along the list and are written beside it.

mod aging;
mod clock;
mod fifo;
mod lru;
mod random;
mod sieve;
mod wsclock;

use super::supply::is_active;
use super::unmap::Progress;
use crate::bugs::has_bug;
use crate::memory::{Key, LockedEntry, Memory, Pfn, PteFormat, Vpn};
use crate::observe::Counter;
use crate::options::Policy;
use crate::runtime::{Cpu, Step};
use crate::sync::atomic::{AtomicU64, Ordering};

/// What becomes of a frame that a policy has looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Evict,
    /// Stays where it is.
    Keep,
    /// Goes to the end of the list, as if it had just come.
    GoRound,
}

/// What a policy sees of a frame.
#[derive(Debug)]
struct Look<'a> {
    /// A mapping was accessed since the last look.
    accessed: bool,
    /// How many times the policy has been round the list in this search: it must grow less
    /// choosy, or it might never find a victim.
    round: u32,
    /// The machine's faults so far, a clock that stands still when nothing happens.
    now: u64,
    /// A word of the policy's own for this frame, 0 when it became active.
    note: &'a AtomicU64,
}

trait Replacement {
    /// Whether it asks for accessed bits, which are cleared as they are read.
    fn asks(&self) -> bool {
        true
    }

    /// Whether it goes on from where it last stopped, instead of from the head.
    fn has_hand(&self) -> bool {
        false
    }

    fn judge(&self, look: &Look<'_>) -> Verdict;
}

/// Frames looked at while the list is locked at most.
const LOOKS_AT_ONCE: u32 = 64;
/// Rounds after which a policy has found nothing and gives up.
const MOST_ROUNDS: u32 = 10;

/// Takes up to `want` victims off the active list into flight.
pub(super) async fn victims<C: Cpu>(
    cpu: &C,
    memory: &Memory,
    want: usize,
    progress: &mut Progress,
) -> Vec<Pfn> {
    admit_all_arrivals(cpu, memory).await;
    let wsclock = wsclock::WsClock { window: u64::from(memory.pfns.count()) };
    let policy: &dyn Replacement = match memory.options.policy {
        Policy::Fifo => &fifo::Fifo,
        Policy::Clock => &clock::Clock,
        Policy::Aging => &aging::Aging,
        Policy::Wsclock => &wsclock,
        Policy::Sieve => &sieve::Sieve,
        Policy::Random => return random::victims(cpu, memory, want).await,
        Policy::Lru => return lru::victims(cpu, memory, want, progress).await,
    };
    search(cpu, memory, want, progress, policy).await
}

/// Nobody's arrivals are hidden from a search.
async fn admit_all_arrivals<C: Cpu>(cpu: &C, memory: &Memory) {
    let cpus = 0..memory.cpus.len();
    if cpus.clone().any(|index| memory.lists.has_arrivals(index)) {
        let _guard = memory.lock_list(cpu, memory.lists.active()).await;
        let mut frames = 0;
        for index in cpus {
            frames += memory.admit_of(cpu, index, |arrival| is_active(memory, arrival));
        }
        cpu.step(Step::List { frames }).await;
    }
}

async fn search<C: Cpu>(
    cpu: &C,
    memory: &Memory,
    want: usize,
    progress: &mut Progress,
    policy: &dyn Replacement,
) -> Vec<Pfn> {
    let list = memory.lists.active();
    let mut victims = Vec::with_capacity(want);
    // A frame that is locked or spared is passed once a round.
    let mut left = memory.lists.count(list);
    let mut round = 0;
    while victims.len() < want && round < MOST_ROUNDS {
        // Accessed bits are read through the families, so the tree before the list.
        let tree = memory.lock_tree(cpu).await;
        let guard = memory.lock_list(cpu, list).await;
        let mut next = if policy.has_hand() { memory.lists.hand(list) } else { None };
        next = next.or_else(|| memory.lists.first(list));
        if next.is_none() {
            break;
        }
        let (had, was_busy) = (victims.len(), progress.busy);
        // Asked once: it adds up what all CPUs have counted.
        let now = memory.stats.total(Counter::Faults);
        let mut looks_left = LOOKS_AT_ONCE;
        while let Some(frame) = next
            && victims.len() < want
            && looks_left > 0
        {
            looks_left -= 1;
            left = left.saturating_sub(1);
            if left == 0 {
                round += 1;
                left = memory.lists.count(list);
            }
            next = memory.lists.next(frame);
            let look = Look {
                accessed: policy.asks() && clear_accessed(cpu, memory, frame),
                round,
                now,
                note: memory.note(frame),
            };
            match policy.judge(&look) {
                Verdict::Keep => {}
                Verdict::GoRound => {
                    memory.remove(cpu, list, frame);
                    memory.push_back(cpu, list, frame);
                }
                // List before frame is against the order, so only a try-lock (S13).
                Verdict::Evict => match memory.try_lock_frame(cpu, frame) {
                    Some(mut locked) => {
                        if !has_bug!(memory, VictimTakenTwice) {
                            memory.remove(cpu, list, frame);
                        }
                        take_into_flight(&mut locked);
                        victims.push(frame);
                    }
                    None => progress.busy += 1,
                },
            }
            if round >= MOST_ROUNDS {
                break;
            }
        }
        if policy.has_hand() {
            memory.lists.set_hand(list, next);
        }
        examined(cpu, memory, LOOKS_AT_ONCE - looks_left).await;
        let taken = (victims.len() - had) as u32;
        if taken > 0 {
            cpu.step(Step::TryLock { times: taken + progress.busy - was_busy }).await;
            cpu.step(Step::List { frames: taken }).await;
        }
        drop(guard);
        drop(tree);
    }
    #[cfg(feature = "bugs")]
    if has_bug!(memory, VictimTakenTwice) {
        let _guard = memory.lock_list(cpu, list).await;
        victims.iter().for_each(|victim| memory.remove(cpu, list, *victim));
    }
    victims
}

/// Counts and charges looks at frames (S6).
async fn examined<C: Cpu>(cpu: &C, memory: &Memory, entries: u32) {
    memory.stats.add(cpu.local().index, Counter::Examined, entries.into());
    cpu.step(Step::Look { entries }).await;
}

/// Marks a locked active frame, just off its list, as owned by this CPU.
pub(super) fn take_into_flight<C: Cpu>(locked: &mut LockedEntry<'_, C>) {
    locked.entry.set_in_flight(true);
    // Mapped until it is unmapped: if that fails it lands on the active list again.
    locked.entry.set_rescued(true);
}

/// Clears the accessed bits of a frame's mappings; true when one was set. The caller holds the
/// tree lock, so the family's tables stay.
fn clear_accessed<C: Cpu>(cpu: &C, memory: &Memory, frame: Pfn) -> bool {
    let Key { family, vpn } = memory.pfns.key(frame);
    if family as usize >= memory.processes.capacity() {
        return false;
    }
    let mut accessed = false;
    for member in memory.processes.members(family) {
        accessed |= clear_in(cpu, memory, member, vpn, frame);
    }
    accessed
}

fn clear_in<C: Cpu>(
    cpu: &C,
    memory: &Memory,
    member: crate::memory::ProcessId,
    vpn: Vpn,
    frame: Pfn,
) -> bool {
    let Some(cell) = memory.pte(memory.processes.get(member), vpn) else { return false };
    let cleared = memory.change_pte(cpu, member, vpn, cell, |pte| {
        let set = pte.format() == PteFormat::Valid && pte.refers_to(frame) && pte.is_accessed();
        set.then(|| pte.not_accessed())
    });
    cleared.is_some()
}

/// Reads a note.
fn read(note: &AtomicU64) -> u64 {
    note.load(Ordering::Relaxed)
}

/// Writes a note.
fn write(note: &AtomicU64, value: u64) {
    note.store(value, Ordering::Relaxed);
}
