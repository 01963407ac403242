//! Reads the scenario that a command is given, and the traces that it replays.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use faultline::scenario::{Overrides, Scenario, ScenarioError, Traces};
use faultline_replay::Policy;

use crate::files::Files;
use crate::trace_library;

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

/// Reads the scenario with the overrides of the call.
pub(crate) fn parse(text: &str, overrides: &Overrides) -> Result<Scenario, String> {
    overrides.parse(text).map_err(|error| explain(&error))
}

/// Says what is wrong with a scenario, and of a policy that no machine has where it is.
fn explain(error: &ScenarioError) -> String {
    let name = error.found.trim_matches('"');
    if error.path == "/machine/policy" && name.parse::<Policy>().is_ok() {
        return format!(
            "{error}; `faultline replay --policies {name}` has it, for references without a machine"
        );
    }
    error.to_string()
}

/// Loads the traces that a scenario replays, from the folder it is in.
pub(crate) fn attach_traces(
    scenario: &Scenario,
    file: &Path,
    files: &mut Files,
) -> Result<Traces, String> {
    let folder = file.parent().filter(|_| !is_standard_input(file)).unwrap_or(Path::new("."));
    trace_library::attach(scenario, folder, files)
}

/// Whether a file's name stands for standard input.
pub(crate) fn is_standard_input(file: &Path) -> bool {
    file == Path::new("-")
}
