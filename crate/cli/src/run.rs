//! `faultline run` runs a scenario and prints its report.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use faultline::memory::SwapFile;
use faultline::options::{MAX_CPUS, MAX_FRAMES};
use faultline::scenario::{
    self, MAX_SAFE_INTEGER, Overrides, Report, RuntimeKind, Scenario, Session, Setting,
};

use crate::files::{Files, Output};
use crate::input::{attach_traces, parse, read};
use crate::output::print;
use crate::progress::Progress;
use crate::timeline::Timeline;

#[derive(Args, Debug)]
pub(crate) struct RunOptions {
    /// The scenario; `-` reads standard input.
    file: PathBuf,
    /// Run on this runtime, whatever the scenario says.
    #[arg(long, value_name = "KIND")]
    runtime: Option<Runtime>,
    /// The seed of a virtual run; threads have none.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(0..=MAX_SAFE_INTEGER))]
    seed: Option<u64>,
    /// How many CPUs the machine has.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=i64::from(MAX_CPUS)))]
    cpus: Option<u32>,
    /// Make the machine a textbook's: one CPU, so many frames for data beside page tables, and nothing that works
    /// ahead of a fault.
    #[arg(long, value_name = "FRAMES", value_parser = clap::value_parser!(u32).range(1..=i64::from(MAX_FRAMES)))]
    textbook: Option<u32>,
    /// Set the value at a place of the scenario, as in /machine/slot_finder=scan; can be given more than once.
    #[arg(long, value_name = "PLACE=VALUE")]
    set: Vec<Setting>,
    /// Swap to this file instead of memory. A swap file that is there is emptied first, a file of
    /// something else is refused. It takes space as pages are written, and is kept.
    #[arg(long, value_name = "PATH")]
    swap_file: Option<PathBuf>,
    /// Print the report as one JSON object.
    #[arg(long)]
    json: bool,
    /// Write the run as a timeline, which Perfetto (ui.perfetto.dev) opens. A file that is there is
    /// replaced at the end of the run, or when it is interrupted.
    #[arg(long, value_name = "OUT")]
    chrome_trace: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Runtime {
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

/// Runs a scenario and prints its report. True if all held; an error if the call was wrong.
pub(crate) fn run(options: &RunOptions) -> Result<bool, String> {
    let mut files = Files::new();
    let text = read(&options.file, &mut files)?;
    let overrides = Overrides {
        textbook: options.textbook,
        set: options.set.clone(),
        runtime: options.runtime.map(RuntimeKind::from),
        seed: options.seed,
        cpus: options.cpus,
    };
    let scenario = parse(&text, &overrides)?;
    let traces = attach_traces(&scenario, &options.file, &mut files)?;
    let timeline = options.chrome_trace.as_deref().map(|path| files.output("--chrome-trace", path));
    let timeline = timeline.transpose()?;
    let swap_file = options.swap_file.as_deref();
    let swap_file = swap_file.map(|path| open_swap(path, &mut files, scenario.machine.slots));
    let swap_file = swap_file.transpose()?;
    let progress = Progress::new(&scenario);
    let mut show = |done, _| progress.show(done);
    let session = match swap_file {
        Some(file) => Session::open_on(&scenario, traces, Box::new(file)),
        None => Session::open(&scenario, traces),
    };
    let session = session.map_err(|error| error.to_string())?;
    let report = match timeline {
        Some(output) => run_traced(session, &scenario, output, &mut show)?,
        None => scenario::play(session, &scenario, &mut show).map_err(|error| error.to_string())?,
    };
    drop(progress);
    let text = if options.json {
        serde_json::to_string(&report).map_err(|error| error.to_string())?
    } else {
        report.to_string()
    };
    print(&text)?;
    Ok(report.ok)
}

/// Runs a scenario and writes its timeline as it goes on.
fn run_traced(
    session: Session,
    scenario: &Scenario,
    output: Output,
    show: &mut dyn FnMut(u64, u64),
) -> Result<Report, String> {
    let mut timeline = Timeline::begin(output, &session, &scenario.title)?;
    let report = scenario::play_streaming(session, scenario, show, &mut timeline);
    let report = report.map_err(|error| error.to_string())?;
    timeline.finish()?;
    Ok(report)
}

/// Creates or empties the swap file, unless the command reads or writes it otherwise.
pub(crate) fn open_swap(path: &Path, files: &mut Files, slots: u32) -> Result<SwapFile, String> {
    files.writes("--swap-file", path)?;
    SwapFile::create(path, slots)
        .map_err(|error| format!("--swap-file {}: {error}", path.display()))
}
