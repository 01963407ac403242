//! Measures the whole pipeline: trimming, writing, repurposing and reading back, with contents checked.

use std::sync::atomic::Ordering;

use faultline::machine::Machine;
use faultline::paging::{AddressSpace, trimmer, writer, zeroer};
use faultline::runtime::{Cpu, DaemonId, DaemonKind, ThreadCpu, block_on};

use crate::engine::{Rig, load, store};
use crate::limit::{self, Buffer};
use crate::linux;
use crate::timing::{Medians, Round, Stopwatch, rounds};

/// Frames of data.
const FRAMES: usize = 4096;
/// Pages and slots.
const PAGES: usize = 3 * FRAMES;
/// Pages visited one after the other.
const RUN: u64 = 64;

/// Measures visits to dirty pages in order: each visit evicts a dirty page and reads one back.
pub(crate) fn evict_and_refault(count: usize) -> Medians {
    let mut buffer = Buffer::new(2 * PAGES);
    let rig = Rig::new(FRAMES, PAGES + 64);
    let cpu = rig.cpu(0);
    let process = rig.process(&cpu, PAGES);
    let space = rig.enter(&cpu, process);
    let visit_all = |stamp: u64| {
        for page in 0..PAGES as u32 {
            let value = stamp << 32 | u64::from(page);
            store(&space, page, 3, value);
        }
    };
    visit_all(0);
    let mut stamp = 1;
    rounds(count, || {
        let mut engine = Stopwatch::default();
        engine.time(PAGES as u64, || visit_all(stamp));
        stamp += 1;
        Round {
            limit: 2.0 * limit::copy(&mut buffer, PAGES, 1),
            peer: linux::page_out_and_refault(PAGES),
            engine: engine.per_operation(),
        }
    })
}

/// Measures runs of pages from random places; each page is checked and stamped. There is one CPU, and the
/// daemons are on threads of their own.
pub(crate) fn runs(count: usize) -> Medians {
    let rig = Rig::with(FRAMES, PAGES + 64, |options| {
        options.trim.low = 256;
        options.trim.high = 512;
    });
    let machine = &*rig.machine;
    let mut buffer = Buffer::new(2 * PAGES);
    let mut medians = None;
    std::thread::scope(|scope| {
        for (place, daemon) in machine.tasks().daemons().enumerate() {
            let cpu = rig.cpu(machine.cpus.len() + place);
            scope.spawn(move || serve(&cpu, machine, daemon));
        }
        let cpu = rig.cpu(0);
        let process = rig.process(&cpu, PAGES);
        let space = rig.enter(&cpu, process);
        let mut visitor = Visitor { stamps: vec![0; PAGES], state: 1, visits: 0 };
        medians = Some(rounds(count, || {
            let mut engine = Stopwatch::default();
            engine.time(8000 * RUN, || visitor.visit(&space, 8000));
            // Two of three pages are not in memory: each is read, and another written for it.
            let misses = (PAGES - FRAMES) as f64 / PAGES as f64;
            let limit = misses * 2.0 * limit::copy(&mut buffer, PAGES, 1);
            Round { limit, peer: None, engine: engine.per_operation() }
        }));
        drop(space);
        machine.stop.store(true, Ordering::SeqCst);
        for bell in machine.doorbells() {
            bell.wake(&cpu);
        }
    });
    medians.expect("the rounds were run")
}

fn serve(cpu: &ThreadCpu, machine: &Machine, daemon: DaemonId) {
    match daemon.kind {
        DaemonKind::Trimmer => block_on(trimmer(cpu, machine, daemon)),
        DaemonKind::Writer => block_on(writer(cpu, machine, daemon)),
        DaemonKind::Zeroer => block_on(zeroer(cpu, machine)),
    }
}

struct Visitor {
    stamps: Vec<u64>,
    state: u64,
    visits: u64,
}

impl Visitor {
    fn visit<C: Cpu>(&mut self, space: &AddressSpace<'_, C>, runs: usize) {
        for _ in 0..runs {
            self.state = self.state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let first = ((self.state >> 32) * (PAGES as u64 - RUN)) >> 32;
            for page in first..first + RUN {
                self.visits += 1;
                let stamp = &mut self.stamps[page as usize];
                let found = load(space, page as u32, 5);
                assert_eq!(found, *stamp, "page {page} lost its contents");
                *stamp = self.visits;
                store(space, page as u32, 5, *stamp);
            }
        }
    }
}
