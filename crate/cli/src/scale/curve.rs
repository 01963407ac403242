//! Runs a scenario at one number of CPUs with the switches of one series, which is one point of a curve.

use std::collections::BTreeMap;

use clap::ValueEnum;
use faultline::observe::{Counter, EventKind, Filter};
use faultline::runtime::{LockClass, Tasks};
use faultline::scenario::{
    Action, Op, RegionProfile, Report, RuntimeOptions, Scenario, Session, Traces, Until, run,
};
use serde::Serialize;

use super::matrix::Row;

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

impl Study {
    /// Returns the names of the series, in their order.
    pub(super) fn series(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for point in &self.points {
            if !names.contains(&point.series.as_str()) {
                names.push(&point.series);
            }
        }
        names
    }
}

/// A point of a curve: the result of a run on virtual CPUs.
#[derive(Debug, Serialize)]
pub(super) struct Point {
    /// The workload of the matrix, and whether each CPU has a region of its own or all have one.
    #[serde(flatten)]
    pub(super) row: Option<Row>,
    /// What distinguishes the series.
    pub(super) series: String,
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
    /// The share of all CPUs' and daemons' time that cache lines took that had to travel, 0 to 1.
    pub(super) line_share: f64,
    /// The class of words whose lines took longest; none where none travelled.
    pub(super) hottest_line: Option<HottestLine>,
    time_ns: u64,
    state_hash: String,
    trace_hash: Option<String>,
}

/// The class of words whose lines took longest.
#[derive(Debug, Serialize)]
pub(super) struct HottestLine {
    pub(super) word: String,
    /// Its share of all that lines took, 0 to 1.
    pub(super) of_lost: f64,
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
    pub(super) series: String,
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

/// What is run: a scenario, and where in its script that begins which is measured.
#[derive(Clone, Debug)]
pub(super) struct Run {
    pub(super) row: Option<Row>,
    pub(super) series: String,
    pub(super) scenario: Scenario,
    pub(super) from: usize,
}

impl Run {
    fn name(&self) -> String {
        let row = self.row.map_or(String::new(), |row| format!(", {row}"));
        format!("{}{row}, {}", self.scenario.machine.cpus, self.series)
    }

    /// Predicts the point by a run on virtual CPUs.
    pub(super) fn predict(
        &self,
        traces: &Traces,
        failures: &mut Vec<String>,
    ) -> Result<Point, String> {
        let Scenario { script, machine, .. } = &self.scenario;
        let mut session =
            Session::open(&self.scenario, traces.clone()).map_err(|error| error.to_string())?;
        let path = |index: usize| format!("/script/{index}");
        for (index, op) in script.iter().enumerate().take(self.from) {
            session.apply(op, &path(index));
        }
        if self.from > 0 {
            // Daemons too are at rest.
            session.finish();
        }
        let before = Seen::of(&session);
        let rest = script.iter().enumerate().skip(self.from);
        let after = if self.row.is_some_and(|row| row.ends_at_half()) {
            let ends = [Filter::kinds(&[EventKind::JobEnd])];
            let mut seen = None;
            for (index, op) in rest {
                session.begin(op, &path(index));
                for _ in 0..machine.cpus.div_ceil(2) {
                    session.advance(Until::fits(&ends));
                }
                seen = seen.or_else(|| Some(Seen::of(&session)));
                session.advance(Until::DONE);
            }
            seen.unwrap_or_else(|| Seen::of(&session))
        } else {
            for (index, op) in rest {
                session.apply(op, &path(index));
            }
            Seen::of(&session)
        };
        let report = session.finish();
        note_failures(&report, &format!("{} virtual CPUs", self.name()), failures);
        let time_ns = after.time_ns - before.time_ns;
        let all = f64::from(machine.cpus) * time_ns.max(1) as f64;
        let lock_waits: BTreeMap<_, _> = LockClass::ALL
            .iter()
            .zip(after.waits_of_cpus.iter().zip(before.waits_of_cpus))
            .map(|(class, (after, before))| (class.name(), (after - before) as f64 / all))
            .collect();
        let tasks = Tasks::of(machine).count() as f64;
        let lost: Vec<u64> =
            after.lost.iter().zip(&before.lost).map(|(after, before)| after - before).collect();
        let all_lost: u64 = lost.iter().sum();
        let worst =
            lost.iter().enumerate().max_by_key(|(_, lost)| **lost).filter(|(_, lost)| **lost > 0);
        let mut classes = session.machine().line_classes();
        // No process has the number 0: one lock guards all PTEs. What a region cost is known since the boot only.
        let region = report.regions.iter().max_by_key(|region| region.lock.wait_ns);
        let region = region.filter(|region| region.process != 0 && self.from == 0);
        Ok(Point {
            row: self.row,
            series: self.series.clone(),
            cpus: machine.cpus,
            accesses_per_s: per_second(after.accesses - before.accesses, time_ns),
            faults_per_s: per_second(after.faults - before.faults, time_ns),
            lock_wait_share: lock_waits.values().sum(),
            lock_waits,
            hottest: hottest(&before, &after, region),
            line_share: all_lost as f64 / (tasks * time_ns.max(1) as f64),
            hottest_line: worst.map(|(class, lost)| HottestLine {
                word: classes.swap_remove(class),
                of_lost: *lost as f64 / all_lost as f64,
            }),
            time_ns,
            state_hash: report.state_hash,
            trace_hash: report.trace_hash,
        })
    }
}

/// What has happened in a machine so far, as it can be seen at any moment.
struct Seen {
    time_ns: u64,
    accesses: u64,
    faults: u64,
    /// The nanoseconds that CPUs have waited for locks, by class; and CPUs and daemons.
    waits_of_cpus: [u64; LockClass::ALL.len()],
    waits: [u64; LockClass::ALL.len()],
    /// The nanoseconds that lines took, by class of words.
    lost: Vec<u64>,
}

impl Seen {
    fn of(session: &Session) -> Self {
        let machine = session.machine();
        let waits = |tasks: usize| {
            let profiles = &machine.profiles()[..tasks];
            let wait = |class| profiles.iter().map(|profile| profile.of_class(class).wait).sum();
            LockClass::ALL.map(wait)
        };
        let classes = machine.line_classes().len();
        Self {
            time_ns: session.place().time_ns,
            accesses: machine.stats.total(Counter::Accesses),
            faults: machine.stats.total(Counter::Faults),
            waits_of_cpus: waits(machine.cpus.len()),
            waits: waits(machine.profiles().len()),
            lost: (0..classes).map(|class| machine.line_costs.of(class).lost).collect(),
        }
    }
}

/// Returns the class of locks that was waited for longest, with the region of PTEs that was, if that is known and the locks
/// are those of PTEs.
fn hottest(before: &Seen, after: &Seen, region: Option<&RegionProfile>) -> Option<Hottest> {
    let waits = LockClass::ALL.iter().zip(after.waits.iter().zip(before.waits));
    let waits = waits.map(|(class, (after, before))| (after - before, *class));
    let all: u64 = waits.clone().map(|(wait, _)| wait).sum();
    let (wait, class) = waits.max_by_key(|(wait, _)| *wait).filter(|(wait, _)| *wait > 0)?;
    let region = region.filter(|_| class == LockClass::Pte);
    let region = region.map(|&RegionProfile { process, page, .. }| HottestRegion { process, page });
    Some(Hottest { class: class.name(), region, of_waits: wait as f64 / all as f64 })
}

impl Run {
    /// Measures the point by a run on real threads.
    pub(super) fn measure(
        &self,
        traces: &Traces,
        failures: &mut Vec<String>,
    ) -> Result<Report, String> {
        let scenario = Scenario { runtime: RuntimeOptions::Threads {}, ..self.scenario.clone() };
        let report =
            run(&scenario, traces.clone(), &mut |_, _| {}).map_err(|error| error.to_string())?;
        note_failures(&report, &format!("{} threads", self.name()), failures);
        Ok(report)
    }
}

fn note_failures(report: &Report, which: &str, failures: &mut Vec<String>) {
    failures.extend(report.failures.iter().map(|failure| format!("{which}: {failure}")));
}

fn per_second(count: u64, time_ns: u64) -> f64 {
    count as f64 * 1e9 / time_ns.max(1) as f64
}

impl Measured {
    /// Sets the medians of rounds on threads beside the prediction; what programs see has to be the same.
    pub(super) fn against(
        predicted: &Point,
        rounds: Vec<Report>,
        failures: &mut Vec<String>,
    ) -> Self {
        let Point { series, cpus, .. } = predicted;
        if rounds.iter().any(|report| report.state_hash != predicted.state_hash) {
            failures.push(format!("{cpus} threads, {series}: other bytes than on virtual CPUs"));
        }
        let sorted = |count: fn(&Report) -> u64| {
            let mut speeds: Vec<_> =
                rounds.iter().map(|report| per_second(count(report), report.time_ns)).collect();
            speeds.sort_by(f64::total_cmp);
            speeds
        };
        let accesses = sorted(|report| report.counters.accesses);
        let faults = sorted(|report| report.counters.faults);
        Self {
            series: series.clone(),
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
