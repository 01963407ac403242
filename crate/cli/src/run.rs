//! `faultline run`.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use faultline::memory::SwapFile;
use faultline::scenario::{self, Overrides, Report, RuntimeKind, Scenario, Session, Traces};

use crate::arguments::RunOptions;
use crate::files::{Files, Output};
use crate::output::print;
use crate::progress::Progress;
use crate::timeline::Timeline;
use crate::trace_library;

/// Runs a scenario and prints its report. True if all held; an error if the call was wrong.
pub(crate) fn run(options: &RunOptions) -> Result<bool, String> {
    let mut files = Files::new();
    let text = read(&options.file, &mut files)?;
    let overrides = Overrides {
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

/// Runs a scenario and writes its timeline meanwhile.
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

/// The traces that a scenario replays, from the folder it is in.
pub(crate) fn attach_traces(
    scenario: &Scenario,
    file: &Path,
    files: &mut Files,
) -> Result<Traces, String> {
    let folder = file.parent().filter(|_| !is_standard_input(file)).unwrap_or(Path::new("."));
    trace_library::attach(scenario, folder, files)
}

/// Reads the scenario with what the call says differently.
pub(crate) fn parse(text: &str, overrides: &Overrides) -> Result<Scenario, String> {
    overrides.parse(text).map_err(|error| error.to_string())
}

/// Creates or empties the file to swap to, unless the command reads or writes it otherwise.
pub(crate) fn open_swap(path: &Path, files: &mut Files, slots: u32) -> Result<SwapFile, String> {
    files.writes("--swap-file", path)?;
    SwapFile::create(path, slots)
        .map_err(|error| format!("--swap-file {}: {error}", path.display()))
}

fn is_standard_input(file: &Path) -> bool {
    file == Path::new("-")
}

/// Reads the text of a scenario.
pub(crate) fn read(file: &Path, files: &mut Files) -> Result<String, String> {
    const WHAT: &str = "the scenario itself";
    let mut text = String::new();
    if is_standard_input(file) {
        files.reads_standard_input(WHAT);
        io::stdin()
            .read_to_string(&mut text)
            .map_err(|error| format!("standard input: {error}"))?;
        return Ok(text);
    }
    let mut read = || -> io::Result<()> {
        let mut open = File::open(file)?;
        files.reads(file, &open.metadata()?, WHAT);
        open.read_to_string(&mut text)?;
        Ok(())
    };
    read().map_err(|error| format!("{}: {error}", file.display()))?;
    Ok(text)
}
