//! What the command is called with.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use faultline::options::MAX_CPUS;
use faultline::scenario::{MAX_SAFE_INTEGER, RuntimeKind, Setting};

use crate::scale::Granularity;

/// A virtual-memory laboratory: runs scenarios of processes, copy-on-write, eviction and swap.
#[derive(Debug, Parser)]
#[command(name = "faultline", version, arg_required_else_help = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run a scenario and report what it came to.
    Run(RunOptions),
    /// Search the schedules of a scenario for one under which something is wrong.
    Explore(ExploreOptions),
    /// Tell the history of a frame, a page or a slot, in sentences.
    Why(crate::why::WhyOptions),
    /// Measure what things cost on this machine, as the table that virtual CPUs charge by.
    Calibrate(CalibrateOptions),
    /// Run a scenario on more and more virtual CPUs, for each granularity of PTE locks.
    Scale(ScaleOptions),
    /// Print the JSON Schema of scenarios.
    Schema,
}

#[derive(Args, Debug)]
#[cfg_attr(not(feature = "teaching"), allow(dead_code, reason = "such a build only says so"))]
pub(crate) struct ExploreOptions {
    /// The scenario; `-` reads standard input.
    pub(crate) file: PathBuf,
    /// Try every schedule with so many preemptions, fewest first.
    #[arg(long, value_name = "N", default_value_t = 2)]
    pub(crate) preemptions: u32,
    /// Try random schedules instead, for bugs of this depth.
    #[arg(long, value_name = "DEPTH", value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(crate) pct: Option<u32>,
    /// Decides the random schedules.
    #[arg(long, value_name = "N", default_value_t = 0, requires = "pct")]
    pub(crate) seed: u64,
    /// Stop after so many schedules.
    #[arg(long, value_name = "N")]
    pub(crate) schedules: Option<u64>,
    /// Stop after so many seconds.
    #[arg(long, value_name = "S")]
    pub(crate) seconds: Option<u64>,
    /// Steps after which an execution counts as one that never ends.
    #[arg(long, value_name = "N", default_value_t = 20_000, value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) steps: u64,
    /// Go on with the search that stopped here, if the file is there; keep here what is left.
    #[arg(long, value_name = "STATE_FILE", conflicts_with = "pct")]
    pub(crate) resume: Option<PathBuf>,
    /// Write the failing scenario to this file instead of standard output.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// Put this value there, as in /machine/slot_finder=scan; can be given more than once.
    #[arg(long, value_name = "PLACE=VALUE")]
    pub(crate) set: Vec<Setting>,
    /// Print what was found as one JSON object.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args, Debug)]
pub(crate) struct RunOptions {
    /// The scenario; `-` reads standard input.
    pub(crate) file: PathBuf,
    /// Run on this, whatever the scenario says.
    #[arg(long, value_name = "KIND")]
    pub(crate) runtime: Option<Runtime>,
    /// The seed of a virtual run; threads have none.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(0..=MAX_SAFE_INTEGER))]
    pub(crate) seed: Option<u64>,
    /// How many CPUs the machine has.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=i64::from(MAX_CPUS)))]
    pub(crate) cpus: Option<u32>,
    /// Put this value there, as in /machine/slot_finder=scan; can be given more than once.
    #[arg(long, value_name = "PLACE=VALUE")]
    pub(crate) set: Vec<Setting>,
    /// Swap to this file instead of memory. A swap file that is there is emptied first, a file of
    /// something else is refused. It takes space as pages are written, and is kept.
    #[arg(long, value_name = "PATH")]
    pub(crate) swap_file: Option<PathBuf>,
    /// Print the report as one JSON object.
    #[arg(long)]
    pub(crate) json: bool,
    /// Write the run as a timeline, which Perfetto (ui.perfetto.dev) opens. A file that is there is
    /// replaced at the end of the run, or when it is interrupted.
    #[arg(long, value_name = "OUT")]
    pub(crate) chrome_trace: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub(crate) struct CalibrateOptions {
    /// Rounds, each of which measures everything once; medians count.
    #[arg(long, value_name = "N", default_value_t = 15, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(crate) rounds: u32,
    /// Measure the disk costs on this file, new or swap, which is emptied first and kept.
    #[arg(long, value_name = "PATH")]
    pub(crate) swap_file: Option<PathBuf>,
    /// Print the table and what it comes from as one JSON object.
    #[arg(long)]
    pub(crate) json: bool,
    /// Write the table there, as the `costs` of a scenario.
    #[arg(long, value_name = "FILE")]
    pub(crate) write: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub(crate) struct ScaleOptions {
    /// The scenario; `-` reads standard input. Its workloads use all CPUs, however many there are.
    pub(crate) file: PathBuf,
    /// Numbers of CPUs.
    #[arg(long, value_name = "N,...", value_delimiter = ',', default_value = "1,2,4,8,16,32,64", value_parser = clap::value_parser!(u32).range(1..=i64::from(MAX_CPUS)))]
    pub(crate) cpus: Vec<u32>,
    /// Granularities of PTE locks: machine, table, region:N, entry.
    #[arg(
        long,
        value_name = "LOCKS,...",
        value_delimiter = ',',
        default_value = "machine,table,region:64,entry"
    )]
    pub(crate) locks: Vec<Granularity>,
    /// What stays the same with more CPUs: the accesses of each workload in total, or of each CPU (of
    /// workloads that say how many).
    #[arg(long, value_enum, value_name = "WHAT", default_value_t = Work::Total)]
    pub(crate) work: Work,
    /// Runs on real threads of which the median counts, at 1 and 2 CPUs; 0 measures none.
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u32).range(0..=1000))]
    pub(crate) rounds: u32,
    /// Put this value there, as in /script/1/accesses=100000; can be given more than once.
    #[arg(long, value_name = "PLACE=VALUE")]
    pub(crate) set: Vec<Setting>,
    /// Print the curves as one JSON object.
    #[arg(long)]
    pub(crate) json: bool,
    /// Draw the curves there.
    #[arg(long, value_name = "OUT")]
    pub(crate) svg: Option<PathBuf>,
}

/// What is constant over the number of CPUs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Work {
    /// The work of all CPUs together.
    Total,
    /// The work of each CPU.
    PerCpu,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Runtime {
    /// Real threads in real time.
    Threads,
    /// Virtual CPUs in virtual time: the same seed gives the same events everywhere.
    Virtual,
}

impl From<Runtime> for RuntimeKind {
    fn from(runtime: Runtime) -> Self {
        match runtime {
            Runtime::Threads => Self::Threads,
            Runtime::Virtual => Self::Virtual,
        }
    }
}
