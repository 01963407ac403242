//! Defines the figures that are measured: each with its limit, its peer and the engine.

use faultline::observe::Detail;

use crate::engine::{Rig, SPARE};
use crate::hits;
use crate::limit::{self, BATCH, Buffer, Words};
use crate::linux::{self, Mapping};
use crate::pipeline;
use crate::timing::{Medians, Round, rounds};

/// A figure of the table, and its aims.
pub(crate) struct Figure {
    pub(crate) name: &'static str,
    pub(crate) what: &'static str,
    /// What it is to reach: at most this many times the limit.
    pub(crate) at_most: Option<f64>,
    /// What it is to reach: at least this many times as fast as the peer.
    pub(crate) times_faster: Option<f64>,
    pub(crate) measure: fn(usize) -> Medians,
}

/// Pages of a measurement whose frames are not in any cache: 200 MiB and more.
const COLD: usize = 51_200;

pub(crate) const ALL: &[Figure] = &[
    Figure {
        name: "V1",
        what: "demand-zero, hot frames; limit: memset; peer: anonymous faults",
        at_most: Some(1.5),
        times_faster: Some(20.0),
        measure: |count| demand_zero(count, BATCH, 400),
    },
    Figure {
        name: "V2",
        what: "demand-zero, cold frames; limit: memset; peer: anonymous faults",
        at_most: Some(1.15),
        times_faster: Some(3.3),
        measure: |count| demand_zero(count, COLD, 1),
    },
    Figure {
        name: "V3",
        what: "copy-on-write, cold; limit: memcpy; peer: writes after fork",
        at_most: Some(1.1),
        times_faster: Some(3.3),
        measure: |count| copy_on_write(count, COLD / 2, 1),
    },
    Figure {
        name: "V3-hot",
        what: "copy-on-write, hot; limit: memcpy; peer: writes after fork",
        at_most: Some(1.5),
        times_faster: Some(3.3),
        measure: |count| copy_on_write(count, BATCH / 2, 100),
    },
    Figure {
        name: "V4",
        what: "hits in cache, loads and stores; limit: a raw array",
        at_most: Some(1.25),
        times_faster: None,
        measure: |count| hits::measure(count, BATCH),
    },
    Figure {
        name: "V4-large",
        what: "hits over 1 GiB, loads and stores; limit: a raw array",
        at_most: Some(1.75),
        times_faster: None,
        measure: |count| hits::measure(count, 1 << 18),
    },
    Figure {
        name: "V5",
        what: "soft fault; limit: its atomic steps; peer: minor faults on pages in memory",
        // 40 ns where a step takes 2.2.
        at_most: Some(6.0),
        times_faster: Some(30.0),
        measure: soft_fault,
    },
    Figure {
        name: "V6",
        what: "dirty evict and hard refault; limit: two memcpys; peer: page-out to zram and refault",
        at_most: Some(1.0),
        times_faster: Some(8.0),
        measure: pipeline::evict_and_refault,
    },
    Figure {
        name: "V7",
        what: "two threads, cold faults: time of one over time of two (limit 2)",
        at_most: None,
        times_faster: Some(1.7),
        measure: |count| two_threads(count, false),
    },
    Figure {
        name: "V7-same-region",
        what: "two threads, faults in the same region: time of one over time of two (limit 2)",
        at_most: None,
        times_faster: Some(1.5),
        measure: |count| two_threads(count, true),
    },
    Figure {
        name: "V9",
        what: "the whole pipeline, runs of 64 pages, VA : RAM : swap = 3 : 1 : 3, contents checked; limit: two memcpys for each page that is not in memory",
        at_most: Some(1.0),
        times_faster: None,
        measure: pipeline::runs,
    },
    Figure {
        name: "events",
        what: "demand-zero, hot frames, with each change recorded; limit: with events off",
        at_most: Some(1.05),
        times_faster: None,
        measure: |count| recording(count, Detail::Changes),
    },
    Figure {
        name: "events-moves",
        what: "the same, moves between lists and hands too",
        at_most: None,
        times_faster: None,
        measure: |count| recording(count, Detail::Moves),
    },
    Figure {
        name: "events-everything",
        what: "the same, each lock taken and released too",
        at_most: None,
        times_faster: None,
        measure: |count| recording(count, Detail::Everything),
    },
];

/// Measures demand-zero faults with events on, over the same with events off.
fn recording(count: usize, detail: Detail) -> Medians {
    let rig = Rig::new(BATCH + SPARE, 0);
    let faults = |detail| {
        rig.machine.trace.keep(detail);
        rig.demand_zero(BATCH, 400)
    };
    rounds(count, || Round { limit: faults(Detail::Nothing), peer: None, engine: faults(detail) })
}

fn demand_zero(count: usize, pages: usize, times: usize) -> Medians {
    let mut buffer = Buffer::new(pages);
    let mapping = Mapping::new(pages);
    let rig = Rig::new(pages + SPARE, 0);
    rounds(count, || Round {
        limit: limit::zero(&mut buffer, pages, times),
        peer: mapping.as_ref().map(|mapping| mapping.demand_zero(times)),
        engine: rig.demand_zero(pages, times),
    })
}

fn copy_on_write(count: usize, pages: usize, times: usize) -> Medians {
    let mut buffer = Buffer::new(2 * pages);
    let mapping = Mapping::new(pages);
    let rig = Rig::new(2 * pages + SPARE, 0);
    rounds(count, || Round {
        limit: limit::copy(&mut buffer, pages, times),
        peer: mapping.as_ref().and_then(|mapping| mapping.copy_on_write(times)),
        engine: rig.copy_on_write(pages, times),
    })
}

fn soft_fault(count: usize) -> Medians {
    let words = Words::new(BATCH);
    let rig = Rig::new(BATCH + SPARE, 0);
    rounds(count, || Round {
        limit: limit::atomic_steps(&words, 400),
        peer: linux::minor_faults(BATCH, 200),
        engine: rig.rescue(BATCH, 400),
    })
}

/// Measures two threads, with one thread as the "peer".
fn two_threads(count: usize, interleaved: bool) -> Medians {
    let rig = Rig::new(COLD + SPARE, 0);
    rounds(count, || {
        let one = rig.demand_zero_by(1, COLD, false);
        Round {
            limit: one / 2.0,
            peer: Some(one),
            engine: rig.demand_zero_by(2, COLD, interleaved),
        }
    })
}
