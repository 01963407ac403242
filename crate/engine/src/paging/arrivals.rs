//! Makes frames active: the policy is notified, and the frames come to the active list together.

use crate::machine::Machine;
use crate::memory::{Entry, FrameState, Key, LockedEntry, Pfn, ProcessId};
use crate::options::Policy;
use crate::runtime::{Cpu, Step};
use crate::sync::atomic::Ordering;

/// Notifies the policy that a frame becomes active: its page is about to be used.
#[inline(always)]
pub(super) fn note_arrival(machine: &Machine, frame: Pfn) {
    match machine.options.policy {
        // As young as can be, or two CPUs could evict each other's page before its first use.
        Policy::Lru => machine.stamp(frame),
        _ => machine.note(frame).store(0, Ordering::Relaxed),
    }
}

/// Puts a frame that is about to be active where the policy finds it: on the active list, or among
/// this CPU's arrivals, which go there together.
pub(super) async fn arrive<C: Cpu>(cpu: &C, machine: &Machine, frame: Pfn) {
    note_arrival(machine, frame);
    if machine.arrive(cpu, frame) {
        cpu.step(Step::Instruction).await;
    } else {
        admit_own(cpu, machine, Some(frame)).await;
    }
}

/// Puts what this CPU has held back on the active list.
pub async fn admit_arrivals<C: Cpu>(cpu: &C, machine: &Machine) {
    if machine.lists.has_arrivals(cpu.local().index) {
        admit_own(cpu, machine, None).await;
    }
}

/// Puts what this CPU has held back, which is ready by now, on the active list, and then one frame more. It locks the
/// shards that these frames belong to one after the other: as many as there are, at most.
async fn admit_own<C: Cpu>(cpu: &C, machine: &Machine, last: Option<Pfn>) {
    let me = cpu.local().index;
    let last = last.map(|frame| (frame, machine.lists.list_of(FrameState::Active, frame)));
    let of_last = last.map_or(0, |(_, list)| 1 << machine.lists.number(list));
    let shards = machine.lists.shards_of_arrivals(me) | of_last;
    if shards == 0 {
        // Other CPUs have taken all of them out.
        machine.lists.has_admitted_own(me);
    }
    for shard in bits(shards) {
        let list = machine.lists.active(shard);
        let guard = machine.lock_list(cpu, list).await;
        let mut frames = machine.admit_of(cpu, me, list, |_| true);
        let is_last = shards >> shard == 1;
        if is_last {
            machine.lists.has_admitted_own(me);
        }
        if let Some((frame, _)) = last.filter(|(_, of)| *of == list) {
            machine.push_back(cpu, list, frame);
            frames += 1;
        }
        cpu.step(Step::List { frames }).await;
        drop(guard);
    }
}

/// Puts what every CPU has held back on the active list, so that a search finds it, except frames that are
/// not active by their entry yet. It locks each shard that they belong to, once.
pub(super) async fn admit_all_arrivals<C: Cpu>(cpu: &C, machine: &Machine) {
    let lists = &machine.lists;
    let cpus = 0..machine.cpus.len();
    let of_cpus: Vec<u64> = if lists.list_shards() == 1 {
        let any = cpus.clone().any(|index| lists.has_arrivals(index));
        vec![any.into(); cpus.len()]
    } else {
        cpus.map(|index| lists.shards_of_arrivals(index)).collect()
    };
    for shard in bits(of_cpus.iter().fold(0, |shards, of_one| shards | of_one)) {
        let list = lists.active(shard);
        let _guard = machine.lock_list(cpu, list).await;
        let mut frames = 0;
        for (index, shards) in of_cpus.iter().enumerate() {
            if shards >> shard & 1 == 1 {
                let is_ready = |arrival| machine.pfns.is_active(arrival);
                frames += machine.admit_of(cpu, index, list, is_ready);
            }
        }
        cpu.step(Step::List { frames }).await;
    }
}

/// Returns the numbers of the bits that are set.
fn bits(mut set: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let lowest = (set != 0).then(|| set.trailing_zeros() as usize);
        set &= set.wrapping_sub(1);
        lowest
    })
}

/// Makes a locked frame, whose key is set, the active frame of a page with one mapping.
pub(super) async fn activate<C: Cpu>(
    cpu: &C,
    machine: &Machine,
    locked: &mut LockedEntry<'_, C>,
    owner: ProcessId,
) {
    locked.entry.set_state(FrameState::Active);
    locked.entry.set_share(1);
    machine.set_owner(locked, Some(owner));
    arrive(cpu, machine, locked.frame).await;
}

/// Makes a taken frame the active, dirty frame of a page with one mapping.
pub async fn activate_dirty<C: Cpu>(
    cpu: &C,
    machine: &Machine,
    frame: Pfn,
    key: Key,
    owner: ProcessId,
) {
    activate_new(cpu, machine, frame, key, owner, Bytes::Dirty).await;
}

/// Where the bytes of a frame that becomes active are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bytes {
    /// All zero before a PTE names it: the frame is clean, the zero page has its bytes.
    Zero,
    /// Nowhere but in the frame.
    Dirty,
}

/// Returns the entry of the active frame of a page with one mapping.
pub(super) fn entry_in_use(bytes: Bytes) -> Entry {
    let mut entry = Entry(FrameState::Active as u64);
    entry.set_share(1);
    entry.set_dirty(bytes == Bytes::Dirty);
    entry
}

/// Makes a taken frame the active frame of a page with one mapping.
pub(super) async fn activate_new<C: Cpu>(
    cpu: &C,
    machine: &Machine,
    frame: Pfn,
    key: Key,
    owner: ProcessId,
    bytes: Bytes,
) {
    // No CPU reads the key of a taken frame.
    machine.pfns.set_key(frame, key);
    machine.own(frame, Some(owner));
    let entry = entry_in_use(bytes);
    note_arrival(machine, frame);
    // Among the arrivals before it is active, so that a CPU that finds it active finds it there.
    if machine.arrive(cpu, frame) {
        cpu.step(Step::Instruction).await;
        machine.pfns.put_into_use(cpu, frame, entry).await;
    } else {
        let mut locked = machine.lock_frame(cpu, frame).await;
        locked.entry = entry;
        arrive(cpu, machine, frame).await;
    }
}
