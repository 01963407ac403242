//! Models a list under its lock: CPUs take from its head, from its middle and put at its end.

use std::sync::Arc;

use faultline::memory::{Lists, Pfn};
use faultline::runtime::{ThreadCpu, block_on};

use super::{Owned, THREE, TWO, model, run};

const FRAMES: usize = 4;

struct Shared {
    lists: Lists,
    /// Whether a CPU has taken the frame off the list.
    off: [Owned<bool>; FRAMES],
}

impl Shared {
    /// A list of all frames but the last.
    fn new() -> Arc<Self> {
        let lists = Lists::new(FRAMES, 1, 1, 0, 0);
        for frame in 0..FRAMES as u32 - 1 {
            lists.push_back(lists.active(0), Pfn(frame));
        }
        let off = std::array::from_fn(|frame| Owned::new(frame == FRAMES - 1));
        Arc::new(Self { lists, off })
    }

    fn assert_sound(&self) {
        let mut members = self.lists.validate(self.lists.active(0)).unwrap();
        members.sort();
        let on = |frame: &Pfn| !self.off[frame.0 as usize].get();
        let expected: Vec<_> = (0..FRAMES as u32).map(Pfn).filter(on).collect();
        assert_eq!(members, expected);
    }
}

fn take_first(cpu: &ThreadCpu, Shared { lists, off }: &Shared) {
    let guard = block_on(lists.lock(cpu, lists.active(0)));
    let frame = lists.pop_front(lists.active(0));
    drop(guard);
    if let Some(frame) = frame {
        off[frame.0 as usize].set(true);
    }
}

fn put_last(cpu: &ThreadCpu, Shared { lists, off }: &Shared) {
    off[FRAMES - 1].set(false);
    let _guard = block_on(lists.lock(cpu, lists.active(0)));
    lists.push_back(lists.active(0), Pfn(FRAMES as u32 - 1));
}

/// Takes what stands second.
fn take_from_the_middle(cpu: &ThreadCpu, Shared { lists, off }: &Shared) {
    let guard = block_on(lists.lock(cpu, lists.active(0)));
    let second = lists.first(lists.active(0)).and_then(|first| lists.next(first));
    if let Some(frame) = second {
        lists.remove(lists.active(0), frame);
    }
    drop(guard);
    if let Some(frame) = second {
        off[frame.0 as usize].set(true);
    }
}

#[test]
fn g1_a_list_stays_whole_under_its_lock() {
    model(THREE, || {
        let shared = Shared::new();
        run(&shared, &[take_first, put_last, take_from_the_middle]);
        shared.assert_sound();
    });
}

#[test]
fn g1_two_cpus_never_take_the_same_frame() {
    model(TWO, || {
        let shared = Shared::new();
        run(&shared, &[take_first, take_first]);
        shared.assert_sound();
    });
}
