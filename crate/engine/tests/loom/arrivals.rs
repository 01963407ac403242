//! Models arrivals, frames on their way to the active list: a CPU holds them back without a lock, while CPUs that
//! hold the lock of the shard that a frame belongs to admit it or take it out. Each is in one place, be all frames of
//! one shard or each of another.

use std::sync::Arc;

use faultline::memory::{Entry, FrameState, ListId, Lists, Pfn, PfnDatabase};
use faultline::runtime::{Cpu, ThreadCpu, block_on};

use super::{Owned, THREE, TWO, model, run};

/// What the CPU takes into use.
const FRAMES: u32 = 2;
/// How many it can hold back.
const ROOM: u32 = 2;

struct Shared {
    lists: Lists,
    pfns: PfnDatabase,
    /// Whether the frame was taken off by a CPU that found it active.
    off: [Owned<bool>; FRAMES as usize],
}

impl Shared {
    fn new(shards: usize) -> Arc<Self> {
        Arc::new(Self {
            lists: Lists::new(FRAMES as usize, 1, shards, 1, ROOM),
            pfns: PfnDatabase::new(FRAMES as usize),
            off: std::array::from_fn(|_| Owned::new(false)),
        })
    }

    /// Each frame is active, and on the list, held back, or taken off.
    fn assert_each_is_in_one_place(&self) {
        let active = self.lists.shards_of(FrameState::Active);
        let mut places: Vec<_> =
            active.flat_map(|list| self.lists.validate(list).unwrap()).collect();
        places.extend(self.lists.arrivals(0));
        let all = (0..FRAMES).map(Pfn);
        places.extend(all.clone().filter(|frame| self.off[frame.0 as usize].get()));
        places.sort();
        assert_eq!(places, all.clone().collect::<Vec<_>>());
        assert!(all.clone().all(|frame| self.pfns.is_active(frame)));
    }
}

/// CPU 0, as `activate_dirty` does.
fn uses_frames(cpu: &ThreadCpu, shared: &Shared) {
    for frame in (0..FRAMES).map(Pfn) {
        assert!(shared.lists.arrive(cpu.local().index, frame));
        block_on(shared.pfns.put_into_use(cpu, frame, Entry(FrameState::Active as u64)));
    }
}

/// Uses frames in the same way, and at the end of a job puts all on the list.
fn uses_frames_and_admits_them(cpu: &ThreadCpu, shared: &Shared) {
    uses_frames(cpu, shared);
    let me = cpu.local().index;
    for list in shards_with_arrivals(shared) {
        let _guard = block_on(shared.lists.lock(cpu, list));
        shared.lists.admit_of(me, list, |_| true);
    }
    shared.lists.has_admitted_own(me);
    assert_eq!(shared.lists.arrivals(me).count(), 0);
}

/// Admits arrivals, as a search for victims does.
fn admits(cpu: &ThreadCpu, shared: &Shared) {
    for list in shards_with_arrivals(shared) {
        let _guard = block_on(shared.lists.lock(cpu, list));
        shared.lists.admit_of(0, list, |frame| shared.pfns.is_active(frame));
    }
}

/// Returns the shards that the arrivals of CPU 0 belong to.
fn shards_with_arrivals(shared: &Shared) -> impl Iterator<Item = ListId> {
    let shards = shared.lists.shards_of_arrivals(0);
    let all = shared.lists.shards_of(FrameState::Active);
    all.filter(move |list| shards >> shared.lists.number(*list) & 1 == 1)
}

/// Takes a frame that it finds active off its list, wherever it is.
fn takes_off(cpu: &ThreadCpu, shared: &Shared) {
    let frame = Pfn(0);
    let locked = block_on(shared.pfns.lock(cpu, frame));
    if locked.entry.state() == FrameState::Active {
        let list = shared.lists.list_of(FrameState::Active, frame);
        let _guard = block_on(shared.lists.lock(cpu, list));
        shared.lists.remove(list, frame);
        shared.off[0].set(true);
    }
}

#[test]
fn g1_an_arrival_is_admitted_once() {
    for shards in [1, 2] {
        model(TWO, move || {
            let shared = Shared::new(shards);
            run(&shared, &[uses_frames_and_admits_them, admits]);
            shared.assert_each_is_in_one_place();
        });
    }
}

#[test]
fn g1_an_arrival_is_taken_off_wherever_it_is() {
    for shards in [1, 2] {
        model(THREE, move || {
            let shared = Shared::new(shards);
            run(&shared, &[uses_frames, admits, takes_off]);
            shared.assert_each_is_in_one_place();
        });
    }
}
