//! Models arrivals, frames on their way to the active list: a CPU holds them back without a lock, while CPUs that
//! hold the list's lock admit them or take them out. Each is in one place.

use std::sync::Arc;

use faultline::memory::{Entry, FrameState, Lists, Pfn, PfnDatabase};
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
    fn new() -> Arc<Self> {
        Arc::new(Self {
            lists: Lists::new(FRAMES as usize, 1, 1, ROOM),
            pfns: PfnDatabase::new(FRAMES as usize),
            off: std::array::from_fn(|_| Owned::new(false)),
        })
    }

    /// Each frame is active, and on the list, held back, or taken off.
    fn assert_each_is_in_one_place(&self) {
        let mut places = self.lists.validate(self.lists.active()).unwrap();
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
    let _guard = block_on(shared.lists.lock(cpu, shared.lists.active()));
    shared.lists.admit_own(cpu.local().index, |_| ());
}

/// Admits arrivals, as a search for victims does.
fn admits(cpu: &ThreadCpu, shared: &Shared) {
    if shared.lists.has_arrivals(0) {
        let _guard = block_on(shared.lists.lock(cpu, shared.lists.active()));
        shared.lists.admit_of(0, |frame| shared.pfns.is_active(frame));
    }
}

/// Takes a frame that it finds active off its list, wherever it is.
fn takes_off(cpu: &ThreadCpu, shared: &Shared) {
    let frame = Pfn(0);
    let locked = block_on(shared.pfns.lock(cpu, frame));
    if locked.entry.state() == FrameState::Active {
        let _guard = block_on(shared.lists.lock(cpu, shared.lists.active()));
        shared.lists.remove(shared.lists.active(), frame);
        shared.off[0].set(true);
    }
}

#[test]
fn g1_an_arrival_is_admitted_once() {
    model(TWO, || {
        let shared = Shared::new();
        run(&shared, &[uses_frames_and_admits_them, admits]);
        shared.assert_each_is_in_one_place();
    });
}

#[test]
fn g1_an_arrival_is_taken_off_wherever_it_is() {
    model(THREE, || {
        let shared = Shared::new();
        run(&shared, &[uses_frames, admits, takes_off]);
        shared.assert_each_is_in_one_place();
    });
}
