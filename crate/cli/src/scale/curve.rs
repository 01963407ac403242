//! Runs a scenario at one number of CPUs with the switches of one series, which is one point of a curve.

use std::collections::BTreeMap;

use clap::ValueEnum;
use faultline::runtime::{LockClass, Tasks};
use faultline::scenario::{
    Action, Op, RegionProfile, Report, RuntimeOptions, Scenario, Session, Traces, run,
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
        let play = |session: &mut Session, from: usize, to: usize| {
            for (index, op) in script.iter().enumerate().take(to).skip(from) {
                session.apply(op, &format!("/script/{index}"));
            }
        };
        let waits = |session: &Session| {
            let profiles = &session.machine().profiles()[..machine.cpus as usize];
            LockClass::ALL.map(|class| {
                profiles.iter().map(|profile| profile.of_class(class).wait).sum::<u64>()
            })
        };
        play(&mut session, 0, self.from);
        // A machine at rest reports; without a beginning of its own everything is measured.
        let before = (self.from > 0).then(|| session.finish());
        let (start, waited) = (session.place().time_ns, waits(&session));
        play(&mut session, self.from, script.len());
        let waited_after = waits(&session);
        let report = session.finish();
        note_failures(&report, &format!("{} virtual CPUs", self.name()), failures);
        let time_ns = report.time_ns - start;
        let all = f64::from(machine.cpus) * time_ns.max(1) as f64;
        let lock_waits: BTreeMap<_, _> = LockClass::ALL
            .iter()
            .zip(waited_after.iter().zip(waited))
            .map(|(class, (after, before))| (class.name(), (after - before) as f64 / all))
            .collect();
        let since = Since { before: before.as_ref(), after: &report };
        let tasks = Tasks::of(machine).count() as f64;
        let lost = since.lines().map(|(_, lost)| lost).sum::<u64>();
        let hottest_line = since.lines().max_by_key(|(_, lost)| *lost).filter(|_| lost > 0);
        Ok(Point {
            row: self.row,
            series: self.series.clone(),
            cpus: machine.cpus,
            accesses_per_s: per_second(since.of(|report| report.counters.accesses), time_ns),
            faults_per_s: per_second(since.of(|report| report.counters.faults), time_ns),
            lock_wait_share: lock_waits.values().sum(),
            lock_waits,
            hottest: since.hottest(),
            line_share: lost as f64 / (tasks * time_ns.max(1) as f64),
            hottest_line: hottest_line.map(|(word, of)| HottestLine {
                word: word.to_owned(),
                of_lost: of as f64 / lost as f64,
            }),
            time_ns,
            state_hash: report.state_hash,
            trace_hash: report.trace_hash,
        })
    }
}

/// What happened between two reports, or until one.
#[derive(Clone, Copy)]
struct Since<'a> {
    before: Option<&'a Report>,
    after: &'a Report,
}

impl<'a> Since<'a> {
    fn of(self, value: impl Fn(&Report) -> u64) -> u64 {
        value(self.after) - self.before.map_or(0, value)
    }

    /// Returns the nanoseconds that lines took, by class of words.
    fn lines(self) -> impl Iterator<Item = (&'a str, u64)> {
        let lost = |report: &Report, word: &str| report.lines.get(word).map_or(0, |of| of.lost_ns);
        let words = self.after.lines.0.iter().map(|(word, _)| word.as_str());
        words.map(move |word| (word, self.of(|report| lost(report, word))))
    }

    fn hottest(self) -> Option<Hottest> {
        let of = |report: &Report, class: LockClass| {
            report.locks.get(class.name()).map_or(0, |lock| lock.wait_ns)
        };
        let waits = LockClass::ALL.map(|class| (self.of(|report| of(report, class)), class));
        let all: u64 = waits.iter().map(|(wait, _)| wait).sum();
        let (wait, class) = waits.into_iter().max_by_key(|(wait, _)| *wait)?;
        if wait == 0 {
            return None;
        }
        let worst = self.after.regions.iter().max_by_key(|region| region.lock.wait_ns);
        // No process has the number 0: one lock guards all PTEs. What a region cost is known since the boot only.
        let is_region = |region: &&RegionProfile| {
            class == LockClass::Pte && region.process != 0 && self.before.is_none()
        };
        let region = worst.filter(is_region);
        let region =
            region.map(|&RegionProfile { process, page, .. }| HottestRegion { process, page });
        Some(Hottest { class: class.name(), region, of_waits: wait as f64 / all as f64 })
    }
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
