//! Reads files of the repository that the program was built from.

use std::fs;
use std::path::{Path, PathBuf};

#[cfg(feature = "teaching")]
use faultline::scenario::{Scenario, Traces, parse};

/// Returns the path of a file, named from the root.
pub(crate) fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(name)
}

/// Reads the text of a file, named from the root.
pub(crate) fn read(name: &str) -> Result<String, String> {
    fs::read_to_string(path(name)).map_err(|error| format!("{name}: {error}"))
}

/// Reads a scenario that replays no trace, named from the root.
#[cfg(feature = "teaching")]
pub(crate) fn scenario(name: &str) -> Result<Scenario, String> {
    let wrong = |error| format!("{name}: {error}");
    let scenario = parse(&read(name)?).map_err(wrong)?;
    Traces::default().check(&scenario).map_err(wrong)?;
    Ok(scenario)
}
