//! Runs rounds in which all sides take turns, and computes the medians over them.

use std::time::Instant;

/// The nanoseconds of an operation of each side, in one round.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Round {
    pub(crate) limit: f64,
    pub(crate) peer: Option<f64>,
    pub(crate) engine: f64,
}

/// Medians over the rounds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Medians {
    pub(crate) limit: f64,
    pub(crate) peer: Option<f64>,
    pub(crate) engine: f64,
    /// Engine over limit: 1 is as fast as can be.
    pub(crate) ratio_to_limit: f64,
    /// Peer over engine: how many times faster the engine is.
    pub(crate) ratio_to_peer: Option<f64>,
}

/// Runs `round` that many times, after one that does not count.
pub(crate) fn rounds(count: usize, mut round: impl FnMut() -> Round) -> Medians {
    round();
    let all: Vec<Round> = (0..count).map(|_| round()).collect();
    let of = |value: &dyn Fn(&Round) -> f64| median(all.iter().map(value).collect());
    let with_peer = all.iter().all(|round| round.peer.is_some());
    let of_peer = |value: &dyn Fn(&Round, f64) -> f64| {
        with_peer.then(|| of(&|round| value(round, round.peer.unwrap_or(f64::NAN))))
    };
    Medians {
        limit: of(&|round| round.limit),
        peer: of_peer(&|_, peer| peer),
        engine: of(&|round| round.engine),
        ratio_to_limit: of(&|round| round.engine / round.limit),
        ratio_to_peer: of_peer(&|round, peer| peer / round.engine),
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    if values.len() % 2 == 1 { values[middle] } else { (values[middle - 1] + values[middle]) / 2.0 }
}

/// A stopwatch that can be stopped while the next thing to measure is prepared.
#[derive(Debug, Default)]
pub(crate) struct Stopwatch {
    nanoseconds: u128,
    operations: u64,
}

impl Stopwatch {
    /// Runs `body`, which does `operations` operations, on the clock.
    pub(crate) fn time<R>(&mut self, operations: u64, body: impl FnOnce() -> R) -> R {
        #[expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
        let start = Instant::now();
        let result = body();
        self.nanoseconds += start.elapsed().as_nanos();
        self.operations += operations;
        result
    }

    /// Adds a time that was measured elsewhere.
    pub(crate) fn add(&mut self, nanoseconds: f64, operations: u64) {
        self.nanoseconds += nanoseconds as u128;
        self.operations += operations;
    }

    /// Returns the nanoseconds of an operation.
    pub(crate) fn per_operation(&self) -> f64 {
        self.nanoseconds as f64 / self.operations as f64
    }
}
