//! `faultline scale` runs workloads on more and more virtual CPUs, for each value of some switches, and reports how
//! throughput grows, what share of it waits for locks and ways of cache lines take, and which are the worst.
//!
//! Of a scenario it measures the whole, by default for each granularity of PTE locks; at 1 and 2 CPUs the same runs on
//! real threads, to compare predictions with measurements. Without a scenario it measures the matrix: each kind of
//! fault, in regions of each CPU's own and in one for all.

mod chart;
mod curve;
mod figures;
mod granularity;
mod grid;
mod matrix;
mod series;
mod table;

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use faultline::division::Division;
use faultline::options::MAX_CPUS;
use faultline::scenario::{self, Overrides, RuntimeKind, Scenario, Setting, Traces};
use serde_json::{Value, json};

use crate::files::Files;
use crate::input::{attach_traces, parse, read};
use crate::output::{print, say};
use crate::progress::Progress;
use curve::{Measured, Run, Study, Work};
use granularity::Granularity;
use matrix::{Regions, Row, Size, Workload};
use series::{Series, Switch};

#[derive(Args, Debug)]
pub(crate) struct ScaleOptions {
    /// The scenario; `-` reads standard input. Its workloads use all CPUs, however many there are. Without one, the
    /// matrix is measured.
    file: Option<PathBuf>,
    /// Numbers of CPUs.
    #[arg(long, value_name = "N,...", value_delimiter = ',', default_value = "1,2,4,8,16,32,64", value_parser = clap::value_parser!(u32).range(1..=i64::from(MAX_CPUS)))]
    cpus: Vec<u32>,
    /// A series for each granularity of PTE locks: machine, table, region:N, entry. Of a scenario, without `--series`:
    /// machine,table,region:64,entry.
    #[arg(long, value_name = "LOCKS,...", value_delimiter = ',')]
    locks: Vec<Granularity>,
    /// A series for each value of a switch, as in /machine/slot_finder=scan,bitmap or /machine/free_lists=[1,4]. Given
    /// more than once: for all combinations.
    #[arg(long, value_name = "PLACE=VALUE,...")]
    series: Vec<Switch>,
    /// Whether virtual CPUs know cache lines.
    #[arg(long, value_enum, value_name = "WHETHER", default_value_t = Coherence::On)]
    coherence: Coherence,
    /// Workloads of the matrix; all when left out.
    #[arg(
        long,
        value_enum,
        value_name = "WORKLOAD,...",
        value_delimiter = ',',
        conflicts_with = "file"
    )]
    workloads: Vec<Workload>,
    /// Regions of the matrix; both when left out.
    #[arg(
        long,
        value_enum,
        value_name = "WHOSE,...",
        value_delimiter = ',',
        conflicts_with = "file"
    )]
    regions: Vec<Regions>,
    /// Pages that each row of the matrix uses, a power of two: more take longer, with fewer the rows show how CPUs begin.
    #[arg(long, value_name = "N", default_value_t, conflicts_with = "file")]
    pages: Size,
    /// Leave the machines of the matrix undivided that have more than 8 CPUs: they have few lists, a zeroer and all else
    /// that smaller ones have, but for what a switch says.
    #[arg(long, conflicts_with = "file")]
    undivided: bool,
    /// Divide the machines of the matrix that have 1 to 8 CPUs too, as those are that have more.
    #[arg(long, conflicts_with_all = ["file", "undivided"])]
    divided: bool,
    /// Keep this the same with more CPUs: the accesses of each workload in total, or of each CPU (of
    /// workloads that say how many). In the matrix it is the total.
    #[arg(long, value_enum, value_name = "WHAT", default_value_t = Work::Total, requires = "file")]
    work: Work,
    /// How many runs of a scenario on real threads the median is taken of, at 1 and 2 CPUs; 0 measures none.
    #[arg(long, value_name = "N", default_value_t = 5, requires = "file", value_parser = clap::value_parser!(u32).range(0..=1000))]
    rounds: u32,
    /// Set the value at a place of the scenario, as in /script/1/accesses=100000; can be given more than once.
    #[arg(long, value_name = "PLACE=VALUE")]
    set: Vec<Setting>,
    /// Print the curves as one JSON object.
    #[arg(long)]
    json: bool,
    /// Draw the curves to this file, as SVG.
    #[arg(long, value_name = "OUT")]
    svg: Option<PathBuf>,
}

/// Whether virtual CPUs know cache lines, unless `--set` says something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Coherence {
    On,
    Off,
}

/// The most CPUs at which real threads are measured too.
const MOST_MEASURED: u32 = 2;

/// Runs a scenario or the matrix at each number of CPUs, and prints the curves. True if all held; an error if the
/// call was wrong.
pub(crate) fn scale(options: &ScaleOptions) -> Result<bool, String> {
    let mut files = Files::new();
    let plan = match &options.file {
        Some(file) => Plan::of_file(file, options, &mut files)?,
        None => Plan::of_matrix(options)?,
    };
    let drawing = options.svg.as_deref().map(|path| files.output("--svg", path)).transpose()?;
    let (study, failures) = plan.carry_out()?;
    for failure in &failures {
        say(failure);
    }
    let is_matrix = options.file.is_none();
    if let Some(drawing) = drawing {
        drawing.write(&if is_matrix { grid::svg(&study) } else { chart::svg(&study) })?;
    }
    let text = match (options.json, is_matrix) {
        (true, _) => serde_json::to_string(&study).map_err(|error| error.to_string())?,
        (false, true) => table::matrix(&study),
        (false, false) => table::text(&study),
    };
    print(&text)?;
    Ok(failures.is_empty())
}

/// All runs of a study.
struct Plan {
    title: String,
    work: Work,
    runs: Vec<Run>,
    traces: Traces,
    /// How often each run at few CPUs is measured on threads.
    rounds: u32,
}

impl Plan {
    fn of_file(file: &Path, options: &ScaleOptions, files: &mut Files) -> Result<Self, String> {
        let text = read(file, files)?;
        let locks = match (&options.locks[..], &options.series[..]) {
            ([], []) => Granularity::USUAL.to_vec(),
            (locks, _) => locks.to_vec(),
        };
        let most = options.cpus.iter().copied().max().unwrap_or(1);
        let mut runs = Vec::new();
        // Without a series the scenario itself is read, and what is wrong with it is told.
        let plain = parsed(&text, &options.settings(Vec::new(), &Series::default()))?;
        let traces = attach_traces(&plain, file, files)?;
        for series in Series::of(&locks, &options.series)? {
            let scenario = parsed(&text, &options.settings(Vec::new(), &series))?;
            // What is legal with the most CPUs is legal with fewer.
            scenario::check(&at(&scenario, most, options.work))
                .map_err(|error| error.to_string())?;
            for cpus in &options.cpus {
                let scenario = at(&scenario, *cpus, options.work);
                runs.push(Run { row: None, series: series.name.clone(), scenario, from: 0 });
            }
        }
        let title = if plain.title.is_empty() { file.display().to_string() } else { plain.title };
        Ok(Self { title, work: options.work, runs, traces, rounds: options.rounds })
    }

    fn of_matrix(options: &ScaleOptions) -> Result<Self, String> {
        let mut runs = Vec::new();
        let all = Series::of(&options.locks, &options.series)?;
        let rows = Row::all(
            or_all(&options.workloads, Workload::value_variants()),
            or_all(&options.regions, Regions::value_variants()),
        );
        for row in rows {
            for series in &all {
                for cpus in &options.cpus {
                    let (document, from) = row.document(options.pages, *cpus);
                    let division = options.division(&document["machine"], *cpus);
                    let settings = options.settings(division, series);
                    let scenario = parsed(&document.to_string(), &settings)?;
                    let series = series.name.clone();
                    runs.push(Run { row: Some(row), series, scenario, from });
                }
            }
        }
        let (title, traces) = ("Faults on more and more CPUs".to_owned(), Traces::default());
        Ok(Self { title, work: Work::Total, runs, traces, rounds: 0 })
    }

    fn carry_out(&self) -> Result<(Study, Vec<String>), String> {
        let mut failures = Vec::new();
        let (mut points, mut threads) = (Vec::new(), Vec::new());
        let is_measured = |run: &&Run| run.scenario.machine.cpus <= MOST_MEASURED;
        let measured: Vec<_> = match self.rounds {
            0 => Vec::new(),
            _ => self.runs.iter().filter(is_measured).collect(),
        };
        let all = self.runs.len() + measured.len() * self.rounds as usize;
        let progress = Progress::of("run", all as u64);
        let mut done = 0;
        for run in &self.runs {
            points.push(run.predict(&self.traces, &mut failures)?);
            done += 1;
            progress.show(done);
        }
        // All of them run in each round: a disturbance of the computer disturbs them alike.
        let mut rounds = vec![Vec::new(); measured.len()];
        for _ in 0..self.rounds {
            for (run, rounds) in measured.iter().zip(&mut rounds) {
                rounds.push(run.measure(&self.traces, &mut failures)?);
                done += 1;
                progress.show(done);
            }
        }
        for (run, rounds) in measured.iter().zip(rounds) {
            let is_its = |(other, _): &(&Run, _)| std::ptr::eq(*other, *run);
            let predicted = self.runs.iter().zip(&points).find(is_its);
            let (_, predicted) = predicted.expect("it was predicted above");
            threads.push(Measured::against(predicted, rounds, &mut failures));
        }
        threads.sort_by_key(|row: &Measured| row.cpus);
        let work = match self.work {
            Work::Total => "total",
            Work::PerCpu => "per-cpu",
        };
        Ok((Study { scenario: self.title.clone(), work, points, threads }, failures))
    }
}

fn or_all<'a, T>(chosen: &'a [T], all: &'a [T]) -> &'a [T] {
    if chosen.is_empty() { all } else { chosen }
}

impl ScaleOptions {
    /// Returns how the call wants a machine of the matrix to be divided, if not as usual.
    fn division(&self, machine: &Value, cpus: u32) -> Vec<Setting> {
        let frames = machine["frames"].as_u64().expect("the matrix says it") as u32;
        let division = match (self.undivided, self.divided) {
            (false, false) => return Vec::new(),
            (true, _) => Division::none(),
            (_, true) => Division::among(frames, cpus),
        };
        let Value::Object(division) = json!(division) else { return Vec::new() };
        let place = |(key, value)| setting(&format!("/machine/{key}={value}"));
        division.into_iter().map(place).collect()
    }

    /// Returns what is laid over a scenario, in its order.
    fn settings(&self, division: Vec<Setting>, series: &Series) -> Vec<Setting> {
        // A scenario that leaves its runtime out runs on virtual CPUs too.
        let kind = setting("/runtime/kind=virtual");
        let coherence = setting(&format!("/runtime/coherence={}", self.coherence == Coherence::On));
        let own = [kind, coherence].into_iter().chain(division);
        own.chain(self.set.clone()).chain(series.settings.clone()).collect()
    }
}

fn setting(text: &str) -> Setting {
    text.parse().expect("a place and a value")
}

/// Reads a scenario, which is to run on virtual CPUs whatever it says, with settings laid over it.
fn parsed(text: &str, settings: &[Setting]) -> Result<Scenario, String> {
    let is_virtual = Overrides { runtime: Some(RuntimeKind::Virtual), ..Overrides::default() };
    parse(text, &is_virtual)?;
    let text = is_virtual.lay_over(text).map_err(|error| error.to_string())?;
    parse(&text, &Overrides::of(settings))
}

/// Returns the scenario on a machine with `cpus` CPUs, all of which its workloads use.
fn at(scenario: &Scenario, cpus: u32, work: Work) -> Scenario {
    let mut scenario = scenario.clone();
    scenario.machine.cpus = cpus;
    curve::spread(&mut scenario.script, cpus, work);
    scenario
}
