//! Measures a crowd of so many processes, which is one point of the curve.

use serde::{Deserialize, Serialize};

use super::crowd::Crowd;
use crate::scenario::document::ScenarioError;
use crate::scenario::run::Session;
use crate::scenario::workload::Traces;

/// What a crowd of so many processes did, in virtual time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Load {
    /// How many processes ran at the same time.
    pub processes: u32,
    /// Accesses of all processes in a second: the useful work.
    pub accesses_per_s: f64,
    /// Faults of every kind in a second.
    pub faults_per_s: f64,
    /// Faults in a second that read a page from swap.
    pub reads_per_s: f64,
    /// The share of the processes' time, 0 to 1, that accesses take which do not fault; the rest is faults, and waiting
    /// for the last process.
    pub cpu_use: f64,
    /// How many accesses there were.
    pub accesses: u64,
    /// How many faults there were.
    pub faults: u64,
    /// How many of them read a page from swap.
    pub reads: u64,
    /// How long it took.
    pub time_ns: u64,
    /// A hash of every event.
    pub trace_hash: String,
}

impl Crowd {
    /// Measures so many processes from when all of them have been spawned until the last has ended.
    ///
    /// # Errors
    /// A [`ScenarioError`] when the machine cannot be built here, or when a process could not do its work.
    pub fn measure(&self, processes: u32, traces: Traces) -> Result<Load, ScenarioError> {
        let scenario = self.scenario(processes);
        let mut session = Session::open(&scenario, traces)?;
        let (last, spawns) = scenario.script.split_last().expect("it spawns and runs");
        session.apply_all(spawns);
        let start = session.place().time_ns;
        session.apply(last, &format!("/script/{}", spawns.len()));
        let time_ns = session.place().time_ns - start;
        let report = session.finish();
        if let Some(failure) = report.failures.first() {
            let message = format!("with {processes} processes, {failure}");
            let legal = "more frames, or fewer processes";
            return Err(ScenarioError::new("", failure.found.clone(), legal, message));
        }
        let per_second = |count: u64| count as f64 * 1e9 / time_ns.max(1) as f64;
        let counters = &report.counters;
        let all = f64::from(processes) * time_ns.max(1) as f64;
        Ok(Load {
            processes,
            accesses_per_s: per_second(counters.accesses),
            faults_per_s: per_second(counters.faults),
            reads_per_s: per_second(counters.hard),
            cpu_use: (counters.accesses * self.access_ns()) as f64 / all,
            accesses: counters.accesses,
            faults: counters.faults,
            reads: counters.hard,
            time_ns,
            trace_hash: report.trace_hash.unwrap_or_default(),
        })
    }
}
