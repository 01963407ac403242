//! Finds the reference traces that a scenario names: files beside it, and those that are shipped.

use std::io::{ErrorKind, Read};
use std::path::Path;

use faultline::options::MAX_PAGES;
use faultline::scenario::{Reference, Scenario, Traces, trace_names};
use faultline_traces::{Limits, Options, TraceError, read};

use crate::files::{Files, open_regular};
use crate::output::say;

/// The most bytes of text that a trace may have: ten million references and more. A small file can
/// unpack to as much as the disk holds.
const LARGEST: u64 = 64 << 20;

/// The traces of a list of names, packed, as they are in the repository.
macro_rules! packed {
    ($($name:literal),*) => {
        &[$(($name, include_bytes!(concat!("../traces/", $name, ".gz")))),*]
    };
}

/// The recordings of real programs that every copy of the command carries.
const SHIPPED: &[(&str, &[u8])] = packed!(
    "compiler",
    "query",
    "external-sort",
    "matrix-ijk",
    "matrix-ikj",
    "collector",
    "pipeline",
    "perl",
    "sort"
);

/// Returns the text of a shipped trace, packed with gzip.
pub(crate) fn shipped(name: &str) -> Option<&'static [u8]> {
    SHIPPED.iter().find_map(|(shipped, packed)| (*shipped == name).then_some(*packed))
}

/// Lists the shipped traces.
pub(crate) fn shipped_names() -> String {
    SHIPPED.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
}

/// Attaches what `scenario` names: `NAME.trace` or `NAME.gz` in `folder`, else a shipped trace. A file may be of any
/// format that is known, and packed or not.
pub(crate) fn attach(
    scenario: &Scenario,
    folder: &Path,
    files: &mut Files,
) -> Result<Traces, String> {
    let mut traces = Traces::default();
    for name in trace_names(scenario) {
        if let Some(references) = beside(&name, folder, files)? {
            traces.attach(name, references);
        } else if let Some(packed) = shipped(&name) {
            let references = references(packed, &format!("the trace {name:?}"))?;
            traces.attach(name.clone(), references);
        }
    }
    traces.check(scenario).map_err(|error| {
        let shipped = shipped_names();
        let place = folder.display();
        format!(
            "{}: {} is no trace: there are {shipped}, and NAME.trace or NAME.gz in {place}",
            error.path, error.found
        )
    })?;
    Ok(traces)
}

fn beside(name: &str, folder: &Path, files: &mut Files) -> Result<Option<Vec<Reference>>, String> {
    // A name must not lead to other folders.
    if name.contains(['/', '\\']) {
        return Ok(None);
    }
    for ending in ["trace", "gz"] {
        let path = folder.join(format!("{name}.{ending}"));
        let at = |error| format!("{}: {error}", path.display());
        let file = match open_regular(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            Err(error) => return Err(at(error)),
        };
        let what = format!("the trace {name:?} that the scenario replays");
        files.reads(&path, &file.metadata().map_err(at)?, &what);
        return references(file, &path.display().to_string()).map(Some);
    }
    Ok(None)
}

/// Reads a file, or else the shipped trace of that name, as a machine replays it.
pub(crate) fn machine_trace(path: &Path, files: &mut Files) -> Result<Vec<Reference>, String> {
    let name = path.display().to_string();
    if let Some(packed) = shipped(&name).filter(|_| !path.exists()) {
        return references(packed, &format!("the trace {name:?}"));
    }
    let at = |error| format!("{name}: {error}; legal: a file, or {}", shipped_names());
    let file = open_regular(path).map_err(at)?;
    files.reads(path, &file.metadata().map_err(at)?, "the trace itself");
    references(file, &name)
}

/// Reads a trace, each line of which has to be right. `name` is what messages call it.
fn references(trace: impl Read, name: &str) -> Result<Vec<Reference>, String> {
    let limits = Limits { bad_lines: 0, bytes: LARGEST, pages: MAX_PAGES, ..Limits::default() };
    let mut references = Vec::new();
    let take = &mut |found: &[faultline_traces::Reference]| {
        references
            .extend(found.iter().map(|found| Reference { page: found.page, write: found.write }));
    };
    let summary = read(trace, Options { limits, ..Options::default() }, take);
    let summary = summary.map_err(|error| match error {
        TraceError::Bytes(_) => format!(
            "{name}: has more than {LARGEST} bytes of text; legal: a trace of at most so many: \
             record less of the program, or cut it into several traces"
        ),
        error => format!("{name}: {error}"),
    })?;
    if summary.highest_page >= MAX_PAGES {
        return Err(format!(
            "{name}: page {} is past the last page that a process can have; legal: at most {}",
            summary.highest_page,
            MAX_PAGES - 1
        ));
    }
    if let Some(cut) = summary.cut {
        say(&format!("{name}: {cut}"));
    }
    Ok(references)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use serde_json::{Value, from_str};

    use super::*;

    /// The page's list has a line for each, with how much it is.
    #[test]
    fn r5_the_shipped_traces_are_whole_and_small_and_as_the_list_says() {
        let list: Vec<Value> = from_str(include_str!("../traces/library.json")).unwrap();
        assert_eq!(list.len(), SHIPPED.len());
        for (entry, (name, packed)) in list.iter().zip(SHIPPED) {
            assert_eq!(entry["name"], *name);
            assert!(packed.len() <= 200 * 1024, "{name}");
            let references = references(*packed, name).unwrap();
            let pages: HashSet<_> = references.iter().map(|reference| reference.page).collect();
            let writes = references.iter().filter(|reference| reference.write).count();
            let found = (references.len(), writes, pages.len());
            let said = ["references", "writes", "pages"].map(|key| entry[key].as_u64().unwrap());
            assert_eq!(found, (said[0] as usize, said[1] as usize, said[2] as usize), "{name}");
            assert!(entry["command"].as_str().is_some_and(|command| !command.is_empty()));
            // Pages are numbered in the order of their first use.
            let mut seen = 0;
            for reference in &references {
                assert!(reference.page <= seen, "{name}");
                seen = seen.max(reference.page + 1);
            }
        }
    }
}
