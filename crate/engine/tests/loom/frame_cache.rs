//! Models the frame cache of a CPU: its owner pushes and pops while others steal. No frame is taken twice, none is
//! lost, and the CPU that takes one sees what its last holder wrote.

use std::sync::Arc;

use faultline::memory::{CpuRecord, Pfn};
use faultline::runtime::ThreadCpu;

use super::{Owned, THREE, TWO, model, run};

const FRAMES: usize = 3;

struct Shared {
    record: CpuRecord,
    bytes: [Owned<u64>; FRAMES],
    /// How often each frame was taken.
    taken: [Owned<u64>; FRAMES],
}

impl Shared {
    fn new() -> Arc<Self> {
        Arc::new(Self {
            record: CpuRecord::default(),
            bytes: std::array::from_fn(|_| Owned::new(0)),
            taken: std::array::from_fn(|_| Owned::new(0)),
        })
    }

    fn give(&self, frame: usize) {
        self.bytes[frame].set(frame as u64 + 1);
        assert!(self.record.push(Pfn(frame as u32), FRAMES));
    }

    /// Takes a frame, which no other thread may have.
    fn take(&self, frame: Pfn) {
        let frame = frame.0 as usize;
        assert_eq!(self.bytes[frame].get(), frame as u64 + 1);
        self.bytes[frame].set(0);
        self.taken[frame].set(self.taken[frame].get() + 1);
    }

    /// Takes what is left; then each frame was had once.
    fn assert_each_was_had_once(&self) {
        while let Some(frame) = self.record.pop() {
            self.take(frame);
        }
        assert_eq!(self.taken.each_ref().map(Owned::get), [1; FRAMES]);
    }
}

fn own(_: &ThreadCpu, shared: &Shared) {
    shared.give(0);
    shared.give(1);
    if let Some(frame) = shared.record.pop() {
        shared.take(frame);
    }
    shared.give(2);
    if let Some(frame) = shared.record.pop() {
        shared.take(frame);
    }
}

fn steal(_: &ThreadCpu, shared: &Shared) {
    if let Some(frame) = shared.record.steal() {
        shared.take(frame);
    }
}

#[test]
fn g1_a_frame_at_hand_is_had_once() {
    model(TWO, || {
        let shared = Shared::new();
        run(&shared, &[own, steal]);
        shared.assert_each_was_had_once();
    });
}

#[test]
fn g1_two_thieves_never_have_the_same_frame() {
    model(THREE, || {
        let shared = Shared::new();
        run(&shared, &[own, steal, steal]);
        shared.assert_each_was_had_once();
    });
}
