//! Runs a scenario at one number of CPUs with one granularity of PTE locks, which is one point of a curve.

use std::collections::BTreeMap;

use clap::ValueEnum;
use faultline::runtime::LockClass;
use faultline::scenario::{
    Action, Op, RegionProfile, Report, RuntimeOptions, Scenario, Session, Traces, run,
};
use serde::Serialize;

use super::granularity::Granularity;

/// The work that stays the same whatever the number of CPUs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Work {
    /// The work of all CPUs together.
    Total,
    /// The work of each CPU.
    PerCpu,
}

/// A study has all curves.
#[derive(Debug, Serialize)]
pub(super) struct Study {
    pub(super) scenario: String,
    /// What stays the same whatever the number of CPUs.
    pub(super) work: &'static str,
    pub(super) points: Vec<Point>,
    pub(super) threads: Vec<Measured>,
}

/// A point of a curve: the result of a run on virtual CPUs.
#[derive(Debug, Serialize)]
pub(super) struct Point {
    pub(super) locks: String,
    pub(super) cpus: u32,
    /// Accesses in a second of virtual time.
    pub(super) accesses_per_s: f64,
    pub(super) faults_per_s: f64,
    /// The share of all CPUs' time, daemons not counted, that they waited for locks, 0 to 1; and each class's
    /// part of it.
    pub(super) lock_wait_share: f64,
    pub(super) lock_waits: BTreeMap<&'static str, f64>,
    /// The lock that was waited for longest, by CPUs and daemons; none where nobody waited.
    pub(super) hottest: Option<Hottest>,
    time_ns: u64,
    state_hash: String,
    trace_hash: Option<String>,
}

/// The hottest lock, or class of locks.
#[derive(Debug, Serialize)]
pub(super) struct Hottest {
    pub(super) class: &'static str,
    /// The region of PTEs that was waited for longest, where their locks guard regions.
    pub(super) region: Option<HottestRegion>,
    /// The share of all waits for locks that waits for this class are, 0 to 1.
    pub(super) of_waits: f64,
}

/// A region of PTEs, by its process and its first page.
#[derive(Debug, Serialize)]
pub(super) struct HottestRegion {
    pub(super) process: u32,
    pub(super) page: u32,
}

/// The results of runs on real threads, beside the same on virtual CPUs.
#[derive(Debug, Serialize)]
pub(super) struct Measured {
    pub(super) locks: String,
    pub(super) cpus: u32,
    pub(super) rounds: usize,
    pub(super) predicted_accesses_per_s: f64,
    /// The median of the rounds, and their least and most.
    pub(super) measured_accesses_per_s: f64,
    pub(super) least: f64,
    pub(super) most: f64,
    pub(super) predicted_faults_per_s: f64,
    pub(super) measured_faults_per_s: f64,
}

/// Gives the workloads of a script all CPUs. Lists side by side share them.
pub(super) fn spread(script: &mut [Op], cpus: u32, work: Work) {
    for op in script {
        match &mut op.action {
            Action::Run(run) => {
                run.cpus = cpus;
                if let (Work::PerCpu, Some(accesses)) = (work, &mut run.accesses) {
                    *accesses *= u64::from(cpus);
                }
            }
            Action::Together(together) => {
                let lists = together.scripts.len().max(1) as u32;
                for script in &mut together.scripts {
                    spread(script, (cpus / lists).max(1), work);
                }
            }
            Action::Repeat(repeat) => spread(&mut repeat.script, cpus, work),
            _ => {}
        }
    }
}

/// Predicts a point by a run on virtual CPUs.
pub(super) fn predict(
    mut scenario: Scenario,
    traces: &Traces,
    locks: Granularity,
    failures: &mut Vec<String>,
) -> Result<Point, String> {
    if !matches!(scenario.runtime, RuntimeOptions::Virtual { .. }) {
        scenario.runtime = RuntimeOptions::default();
    }
    let cpus = scenario.machine.cpus;
    let mut session =
        Session::open(&scenario, traces.clone()).map_err(|error| error.to_string())?;
    session.apply_all(&scenario.script);
    let report = session.finish();
    note_failures(&report, &format!("{cpus} virtual CPUs, {locks}"), failures);
    let all = f64::from(cpus) * report.time_ns.max(1) as f64;
    let profiles = &session.machine().profiles()[..cpus as usize];
    let wait = |class| profiles.iter().map(|profile| profile.of_class(class).wait).sum::<u64>();
    let lock_waits: BTreeMap<_, _> =
        LockClass::ALL.iter().map(|class| (class.name(), wait(*class) as f64 / all)).collect();
    Ok(Point {
        locks: locks.to_string(),
        cpus,
        accesses_per_s: per_second(report.counters.accesses, &report),
        faults_per_s: per_second(report.counters.faults, &report),
        lock_wait_share: lock_waits.values().sum(),
        lock_waits,
        hottest: hottest(&report),
        time_ns: report.time_ns,
        state_hash: report.state_hash,
        trace_hash: report.trace_hash,
    })
}

fn hottest(report: &Report) -> Option<Hottest> {
    let waits = LockClass::ALL.map(|class| {
        let of = |(name, _): &&(String, _)| *name == class.name();
        let lock = report.locks.0.iter().find(of);
        (lock.map_or(0, |(_, lock)| lock.wait_ns), class)
    });
    let all: u64 = waits.iter().map(|(wait, _)| wait).sum();
    let (wait, class) = waits.into_iter().max_by_key(|(wait, _)| *wait)?;
    if wait == 0 {
        return None;
    }
    let worst = report.regions.iter().max_by_key(|region| region.lock.wait_ns);
    // No process has the number 0: one lock guards all PTEs.
    let region = worst.filter(|region| class == LockClass::Pte && region.process != 0);
    let region = region.map(|&RegionProfile { process, page, .. }| HottestRegion { process, page });
    Some(Hottest { class: class.name(), region, of_waits: wait as f64 / all as f64 })
}

/// Measures a point by a run on real threads.
pub(super) fn measure(
    mut scenario: Scenario,
    traces: &Traces,
    locks: Granularity,
    failures: &mut Vec<String>,
) -> Result<Report, String> {
    scenario.runtime = RuntimeOptions::Threads {};
    let report =
        run(&scenario, traces.clone(), &mut |_, _| {}).map_err(|error| error.to_string())?;
    note_failures(&report, &format!("{} threads, {locks}", scenario.machine.cpus), failures);
    Ok(report)
}

fn note_failures(report: &Report, which: &str, failures: &mut Vec<String>) {
    failures.extend(report.failures.iter().map(|failure| format!("{which}: {failure}")));
}

fn per_second(count: u64, report: &Report) -> f64 {
    count as f64 * 1e9 / report.time_ns.max(1) as f64
}

impl Measured {
    /// Sets the medians of rounds on threads beside the prediction; what programs see has to be the same.
    pub(super) fn against(
        predicted: &Point,
        rounds: Vec<Report>,
        failures: &mut Vec<String>,
    ) -> Self {
        let Point { locks, cpus, .. } = predicted;
        if rounds.iter().any(|report| report.state_hash != predicted.state_hash) {
            failures.push(format!("{cpus} threads, {locks}: other bytes than on virtual CPUs"));
        }
        let sorted = |count: fn(&Report) -> u64| {
            let mut speeds: Vec<_> =
                rounds.iter().map(|report| per_second(count(report), report)).collect();
            speeds.sort_by(f64::total_cmp);
            speeds
        };
        let accesses = sorted(|report| report.counters.accesses);
        let faults = sorted(|report| report.counters.faults);
        Self {
            locks: locks.clone(),
            cpus: *cpus,
            rounds: rounds.len(),
            predicted_accesses_per_s: predicted.accesses_per_s,
            measured_accesses_per_s: accesses[rounds.len() / 2],
            least: accesses[0],
            most: accesses[rounds.len() - 1],
            predicted_faults_per_s: predicted.faults_per_s,
            measured_faults_per_s: faults[rounds.len() / 2],
        }
    }
}
