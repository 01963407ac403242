//! `faultline scale` runs one scenario on more and more virtual CPUs, for each granularity of PTE locks, and
//! reports how throughput grows, what share of it waits for locks take, and which lock is the hottest. At 1 and 2
//! CPUs the same runs on real threads, to compare predictions with measurements.

mod chart;
mod curve;
mod figures;
mod granularity;
mod table;

use std::path::PathBuf;

use clap::Args;
use faultline::options::MAX_CPUS;
use faultline::scenario::{self, Overrides, Scenario, Setting, Traces};

use crate::files::Files;
use crate::input::{attach_traces, parse, read};
use crate::output::{print, say};
use crate::progress::Progress;
use curve::{Measured, Point, Study, Work, measure, predict};
use granularity::Granularity;

#[derive(Args, Debug)]
pub(crate) struct ScaleOptions {
    /// The scenario; `-` reads standard input. Its workloads use all CPUs, however many there are.
    file: PathBuf,
    /// Numbers of CPUs.
    #[arg(long, value_name = "N,...", value_delimiter = ',', default_value = "1,2,4,8,16,32,64", value_parser = clap::value_parser!(u32).range(1..=i64::from(MAX_CPUS)))]
    cpus: Vec<u32>,
    /// Granularities of PTE locks: machine, table, region:N, entry.
    #[arg(
        long,
        value_name = "LOCKS,...",
        value_delimiter = ',',
        default_value = "machine,table,region:64,entry"
    )]
    locks: Vec<Granularity>,
    /// Keep this the same with more CPUs: the accesses of each workload in total, or of each CPU (of
    /// workloads that say how many).
    #[arg(long, value_enum, value_name = "WHAT", default_value_t = Work::Total)]
    work: Work,
    /// How many runs on real threads the median is taken of, at 1 and 2 CPUs; 0 measures none.
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u32).range(0..=1000))]
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

/// The most CPUs at which real threads are measured too.
const MOST_MEASURED: u32 = 2;

/// Runs a scenario at each number of CPUs, and prints the curves. True if all held; an error if
/// the call was wrong.
pub(crate) fn scale(options: &ScaleOptions) -> Result<bool, String> {
    let mut files = Files::new();
    let text = read(&options.file, &mut files)?;
    let mut scenario = parse(&text, &Overrides::of(&options.set))?;
    // What is legal with the most CPUs is legal with fewer.
    let most = options.cpus.iter().copied().max().unwrap_or(1);
    scenario::check(&at(&scenario, most, options.work)).map_err(|error| error.to_string())?;
    let traces = attach_traces(&scenario, &options.file, &mut files)?;
    let drawing = options.svg.as_deref().map(|path| files.output("--svg", path)).transpose()?;
    if scenario.title.is_empty() {
        scenario.title = options.file.display().to_string();
    }
    let (study, failures) = study(&scenario, &traces, options)?;
    for failure in &failures {
        say(failure);
    }
    if let Some(drawing) = drawing {
        drawing.write(&chart::svg(&study))?;
    }
    let text = if options.json {
        serde_json::to_string(&study).map_err(|error| error.to_string())?
    } else {
        table::text(&study)
    };
    print(&text)?;
    Ok(failures.is_empty())
}

fn study(
    scenario: &Scenario,
    traces: &Traces,
    options: &ScaleOptions,
) -> Result<(Study, Vec<String>), String> {
    let mut failures = Vec::new();
    let (mut points, mut threads) = (Vec::new(), Vec::new());
    let is_measured = |cpus: &u32| *cpus <= MOST_MEASURED && options.rounds > 0;
    let measured: Vec<_> = options.cpus.iter().copied().filter(is_measured).collect();
    let runs =
        options.locks.len() * (options.cpus.len() + measured.len() * options.rounds as usize);
    let progress = Progress::of("run", runs as u64);
    let mut done = 0;
    for locks in &options.locks {
        for cpus in &options.cpus {
            let mut scenario = at(scenario, *cpus, options.work);
            scenario.machine.pte_locks = locks.0;
            points.push(predict(scenario, traces, *locks, &mut failures)?);
            done += 1;
            progress.show(done);
        }
    }
    for cpus in measured {
        // All granularities run in each round: a disturbance of the computer disturbs them alike.
        let mut rounds = vec![Vec::new(); options.locks.len()];
        for _ in 0..options.rounds {
            for (locks, rounds) in options.locks.iter().zip(&mut rounds) {
                let mut scenario = at(scenario, cpus, options.work);
                scenario.machine.pte_locks = locks.0;
                rounds.push(measure(scenario, traces, *locks, &mut failures)?);
                done += 1;
                progress.show(done);
            }
        }
        for (locks, rounds) in options.locks.iter().zip(rounds) {
            let of = |point: &&Point| point.cpus == cpus && point.locks == locks.to_string();
            let predicted = points.iter().find(of).expect("it was predicted above");
            threads.push(Measured::against(predicted, rounds, &mut failures));
        }
    }
    let work = match options.work {
        Work::Total => "total",
        Work::PerCpu => "per-cpu",
    };
    Ok((Study { scenario: scenario.title.clone(), work, points, threads }, failures))
}

/// Returns the scenario on a machine with `cpus` CPUs, all of which its workloads use.
fn at(scenario: &Scenario, cpus: u32, work: Work) -> Scenario {
    let mut scenario = scenario.clone();
    scenario.machine.cpus = cpus;
    curve::spread(&mut scenario.script, cpus, work);
    scenario
}
