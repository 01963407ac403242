//! Models a frame's entry: its lock, its flight and the waiters of either, in one word.

use std::sync::Arc;

use faultline::memory::{Pfn, PfnDatabase};
use faultline::runtime::{ThreadCpu, block_on};

use super::{Owned, THREE, model, run};

const FRAME: Pfn = Pfn(0);

struct Shared {
    pfns: PfnDatabase,
    bytes: Owned<u64>,
}

impl Shared {
    /// A frame that is being read in.
    fn new() -> Arc<Self> {
        let shared = Self { pfns: PfnDatabase::new(1), bytes: Owned::new(0) };
        shared.pfns.corrupt(FRAME, |entry| entry.set_in_flight(true));
        Arc::new(shared)
    }
}

fn land(cpu: &ThreadCpu, shared: &Shared) {
    shared.bytes.set(7);
    let mut locked = block_on(shared.pfns.lock(cpu, FRAME));
    locked.entry.set_in_flight(false);
}

/// Waits as a fault does that found the frame in flight.
fn wait(cpu: &ThreadCpu, shared: &Shared) {
    block_on(shared.pfns.wait_for_flight(cpu, FRAME));
    assert_eq!(shared.bytes.get(), 7);
}

/// Adds a sharer, whatever else happens to the word.
fn share(cpu: &ThreadCpu, shared: &Shared) {
    let mut locked = block_on(shared.pfns.lock(cpu, FRAME));
    let share = locked.entry.share() + 1;
    locked.entry.set_share(share);
}

#[test]
fn s3_who_waits_for_a_read_sees_its_bytes() {
    model(THREE, || run(&Shared::new(), &[land, wait, wait]));
}

#[test]
fn s3_the_lock_and_the_flight_of_a_frame_do_not_disturb_each_other() {
    model(THREE, || {
        let shared = Shared::new();
        run(&shared, &[land, wait, share]);
        let entry = shared.pfns.peek(FRAME);
        assert!(!entry.is_in_flight() && entry.share() == 1, "{entry:?}");
    });
}

#[test]
fn g4_no_change_of_a_share_count_is_lost() {
    model(THREE, || {
        let shared = Shared::new();
        run(&shared, &[share, share, share]);
        assert_eq!(shared.pfns.peek(FRAME).share(), 3);
    });
}
