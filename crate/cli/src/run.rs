//! `faultline run`.

use std::fs;
use std::io::{self, Read};
use std::path::Path;

use faultline::memory::SwapFile;
use faultline::narration::ChromeTrace;
use faultline::observe::Detail;
use faultline::runtime::now_ns;
use faultline::scenario::{self, Report, RuntimeOptions, Scenario, Session, Traces};

use crate::arguments::{RunOptions, Runtime};
use crate::output::print;
use crate::progress::Progress;
use crate::setting::Setting;
use crate::trace_library;

/// Runs a scenario and prints its report. True if all held; an error if the call was wrong.
pub(crate) fn run(options: &RunOptions) -> Result<bool, String> {
    let text = read(&options.file)?;
    let mut scenario = parse(&text, &options.set)?;
    lay_over(&mut scenario, options);
    scenario::check(&scenario).map_err(|error| error.to_string())?;
    let traces = attach_traces(&scenario, &options.file)?;
    let swap_file =
        options.swap_file.as_deref().map(|path| open_swap(path, &options.file, &scenario));
    let swap_file = swap_file.transpose()?;
    let progress = Progress::new(&scenario);
    let mut show = |done, _| progress.show(done);
    let session = match swap_file {
        Some(file) => Session::open_on(&scenario, traces, Box::new(file)),
        None => Session::open(&scenario, traces),
    };
    let session = session.map_err(|error| error.to_string())?;
    let report = match &options.chrome_trace {
        Some(path) => run_traced(session, &scenario, path, &mut show)?,
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
    path: &Path,
    show: &mut dyn FnMut(u64, u64),
) -> Result<Report, String> {
    let named = |error: io::Error| format!("--chrome-trace {}: {error}", path.display());
    let out = io::BufWriter::new(fs::File::create(path).map_err(named)?);
    session.observe(Detail::Moves);
    let (memory, names) = (session.shared_memory(), session.process_names());
    let start = if session.crew().is_some() { now_ns() } else { 0 };
    let mut timeline = ChromeTrace::new(out, &scenario.title, &memory, names, start);
    let report = scenario::run_told(session, scenario, show, &mut timeline);
    timeline.finish().map_err(named)?;
    report.map_err(|error| error.to_string())
}

/// The traces that a scenario replays, from the folder it is in.
pub(crate) fn attach_traces(scenario: &Scenario, file: &Path) -> Result<Traces, String> {
    let folder = file.parent().filter(|_| !is_standard_input(file)).unwrap_or(Path::new("."));
    trace_library::attach(scenario, folder)
}

/// Reads the scenario, and reads it again with the settings laid over it.
pub(crate) fn parse(text: &str, settings: &[Setting]) -> Result<Scenario, String> {
    let scenario = scenario::parse(text).map_err(|error| error.to_string())?;
    if settings.is_empty() {
        return Ok(scenario);
    }
    let mut document = scenario::read_json(text).map_err(|error| error.to_string())?;
    for setting in settings {
        setting.lay_over(&mut document)?;
    }
    scenario::parse(&document.to_string()).map_err(|error| error.to_string())
}

/// Creates or empties the file to swap to, unless it is the scenario.
fn open_swap(path: &Path, scenario_file: &Path, scenario: &Scenario) -> Result<SwapFile, String> {
    let whole = |path: &Path| fs::canonicalize(path).ok();
    let is_scenario =
        whole(path).is_some_and(|whole_path| Some(whole_path) == whole(scenario_file));
    if is_scenario && !is_standard_input(scenario_file) {
        return Err(format!("--swap-file {}: is the scenario itself", path.display()));
    }
    SwapFile::create(path, scenario.machine.slots)
        .map_err(|error| format!("--swap-file {}: {error}", path.display()))
}

pub(crate) fn is_standard_input(file: &Path) -> bool {
    file == Path::new("-")
}

pub(crate) fn read(file: &Path) -> Result<String, String> {
    if is_standard_input(file) {
        let mut text = String::new();
        io::stdin()
            .read_to_string(&mut text)
            .map_err(|error| format!("standard input: {error}"))?;
        return Ok(text);
    }
    fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))
}

/// What the call says comes before what the scenario says.
fn lay_over(scenario: &mut Scenario, options: &RunOptions) {
    if let Some(cpus) = options.cpus {
        scenario.machine.cpus = cpus;
    }
    match (options.runtime, &scenario.runtime) {
        (Some(Runtime::Threads), _) => scenario.runtime = RuntimeOptions::Threads {},
        (Some(Runtime::Virtual), RuntimeOptions::Threads {}) => {
            scenario.runtime = RuntimeOptions::default()
        }
        _ => {}
    }
    if let (Some(given), RuntimeOptions::Virtual { seed, .. }) =
        (options.seed, &mut scenario.runtime)
    {
        *seed = given;
    }
}
