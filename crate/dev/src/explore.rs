//! Searches the schedules of the shipped scenarios: all of those under `scenarios/explore`, or random ones
//! of larger scenarios. Prints the tables of `docs/explorer.md` (`npm run explore -- --all`, `--random`).

use std::fs;
use std::hash::{BuildHasher, RandomState};

use clap::Args;
use faultline::runtime::explorer::{Counts, Frontier};
use faultline::runtime::now_ns;
use faultline::scenario::{Scenario, Traces, grouped};
use faultline_cli::explore::{Found, Order, Search};

use crate::output::{print, row};
use crate::repository;

/// The scenarios that are searched at random.
const LARGE: [&str; 4] = [
    "scenarios/swap-storm.json",
    "scenarios/classroom.json",
    "scenarios/clean-and-dirty.json",
    "scenarios/ladder/churn.json",
];
/// The depth of the bugs that the random schedules look for.
const DEPTH: u32 = 3;
/// Steps after which an execution of a larger scenario counts as one that never ends.
const LARGE_STEPS: u64 = 5_000_000;
/// Steps after which an execution of a small scenario counts as one that never ends.
pub(crate) const STEPS: u64 = 20_000;
/// The number of preemptions that is tried first.
const MOST_PREEMPTIONS: u32 = 3;

#[derive(Args, Debug)]
pub(crate) struct ExploreOptions {
    #[command(flatten)]
    which: Which,
    /// Seconds that one scenario may take before one preemption less has to do, with --all.
    #[arg(long, value_name = "S", default_value_t = 1200, requires = "all", value_parser = clap::value_parser!(u64).range(1..))]
    seconds: u64,
    /// Minutes for all scenarios together, with --random.
    #[arg(long, value_name = "N", default_value_t = 60, requires = "random", value_parser = clap::value_parser!(u64).range(..=1_000_000))]
    minutes: u64,
    /// Decides the random schedules; drawn unless it is given.
    #[arg(long, value_name = "N", requires = "random")]
    seed: Option<u64>,
}

#[derive(Args, Debug)]
#[group(required = true, multiple = false)]
struct Which {
    /// Search all schedules of every scenario under scenarios/explore.
    #[arg(long)]
    all: bool,
    /// Search random schedules of larger scenarios.
    #[arg(long)]
    random: bool,
}

/// Prints a table. True if nothing is wrong.
pub(crate) fn explore(options: &ExploreOptions) -> Result<bool, String> {
    if options.which.all {
        return search_all(options.seconds);
    }
    let drawn = || RandomState::new().hash_one(()) % 1_000_000;
    search_at_random(options.minutes, options.seed.unwrap_or_else(drawn))
}

/// Searches a scenario for a number of seconds, or to the end.
pub(crate) fn search(scenario: &Scenario, order: Order, steps: u64, seconds: Option<u64>) -> Found {
    let start = now_ns();
    let mut search = Search::new(scenario, Traces::default(), order, steps);
    let mut frontier = Frontier::default();
    let mut go_on = |_: &Counts, _| {
        seconds.is_none_or(|seconds| now_ns() - start < seconds.saturating_mul(1_000_000_000))
    };
    let end = search.run(&mut frontier, &mut go_on);
    search.found(end, frontier.counts, (now_ns() - start) as f64 / 1e9)
}

fn search_all(seconds: u64) -> Result<bool, String> {
    print("| scenario | what meets | preemptions | schedules | states | steps | seconds |")?;
    print("|---|---|---:|---:|---:|---:|---:|")?;
    let mut ok = true;
    for name in scenarios()? {
        let scenario = repository::scenario(&format!("scenarios/explore/{name}.json"))?;
        let (found, preemptions) = search_whole(&name, &scenario, seconds);
        let Counts { schedules, states, steps, .. } = found.searched.counts;
        let [schedules, states, steps] = [schedules, states, steps].map(grouped);
        print(&row(&[
            format!("`{name}`"),
            scenario.title,
            preemptions.to_string(),
            schedules,
            states,
            steps,
            format!("{:.1}", found.searched.seconds),
        ]))?;
        ok &= is_well(&found);
    }
    Ok(ok)
}

/// Returns the names of the scenarios under `scenarios/explore`, in order.
fn scenarios() -> Result<Vec<String>, String> {
    const FOLDER: &str = "scenarios/explore";
    let wrong = |error| format!("{FOLDER}: {error}");
    let mut names = Vec::new();
    for entry in fs::read_dir(repository::path(FOLDER)).map_err(wrong)? {
        let name = entry.map_err(wrong)?.file_name().to_string_lossy().into_owned();
        names.extend(name.strip_suffix(".json").map(str::to_owned));
    }
    names.sort();
    Ok(names)
}

/// Searches every schedule with the most preemptions for which that is possible in the time.
fn search_whole(name: &str, scenario: &Scenario, seconds: u64) -> (Found, u32) {
    let mut preemptions = MOST_PREEMPTIONS;
    loop {
        let budget = (preemptions > 0).then_some(seconds);
        let found = search(scenario, Order::Preemptions(preemptions), STEPS, budget);
        if found.searched.complete || !found.ok || preemptions == 0 {
            return (found, preemptions);
        }
        eprintln!("{name}: {preemptions} preemptions are too many for {seconds} s");
        preemptions -= 1;
    }
}

fn search_at_random(minutes: u64, seed: u64) -> Result<bool, String> {
    print("| scenario | seed | random schedules | steps | seconds |")?;
    print("|---|---:|---:|---:|---:|")?;
    let mut ok = true;
    let seconds = (minutes * 60).div_ceil(LARGE.len() as u64);
    for name in LARGE {
        let scenario = repository::scenario(name)?;
        let order = Order::Random { depth: DEPTH, seed };
        let found = search(&scenario, order, LARGE_STEPS, Some(seconds));
        let Counts { schedules, steps, .. } = found.searched.counts;
        print(&row(&[
            format!("`{name}`"),
            seed.to_string(),
            grouped(schedules),
            grouped(steps),
            format!("{:.0}", found.searched.seconds),
        ]))?;
        ok &= is_well(&found);
    }
    Ok(ok)
}

/// Whether nothing was found; prints a finding.
fn is_well(found: &Found) -> bool {
    for finding in &found.findings {
        eprintln!("{}", finding.text);
    }
    found.ok
}
