//! `faultline run`.

use std::fs;
use std::io::{self, Read};
use std::path::Path;

use faultline::memory::SwapFile;
use faultline::scenario::{self, RuntimeOptions, Scenario};

use crate::arguments::{RunOptions, Runtime};
use crate::output::print;
use crate::progress::Progress;
use crate::setting::Setting;
use crate::trace_library;

/// Runs a scenario and prints its report. True if all held; an error if the call was wrong.
pub(crate) fn run(options: &RunOptions) -> Result<bool, String> {
    if options.chrome_trace.is_some() {
        return Err("--chrome-trace is not yet available".into());
    }
    let text = read(&options.file)?;
    let mut scenario = parse(&text, &options.set)?;
    lay_over(&mut scenario, options);
    scenario::check(&scenario).map_err(|error| error.to_string())?;
    let folder = options
        .file
        .parent()
        .filter(|_| !is_standard_input(&options.file))
        .unwrap_or(Path::new("."));
    let traces = trace_library::attach(&scenario, folder)?;
    let swap_file =
        options.swap_file.as_deref().map(|path| open_swap(path, &options.file, &scenario));
    let swap_file = swap_file.transpose()?;
    let progress = Progress::new(scenario.script.len());
    let mut show = |done, _| progress.show(done);
    let report = match swap_file {
        Some(file) => scenario::run_on(&scenario, traces, Box::new(file), &mut show),
        None => scenario::run(&scenario, traces, &mut show),
    };
    drop(progress);
    let report = report.map_err(|error| error.to_string())?;
    let text = if options.json {
        serde_json::to_string(&report).map_err(|error| error.to_string())?
    } else {
        report.to_string()
    };
    print(&text)?;
    Ok(report.ok)
}

/// Reads the scenario, and reads it again with the settings laid over it.
pub(crate) fn parse(text: &str, settings: &[Setting]) -> Result<Scenario, String> {
    let scenario = scenario::parse(text).map_err(|error| error.to_string())?;
    if settings.is_empty() {
        return Ok(scenario);
    }
    let mut document = serde_json::from_str(text).map_err(|error| error.to_string())?;
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
