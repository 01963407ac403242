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

/// The recordings of real programs that every copy of the command carries.
const SHIPPED: &[(&str, &[u8])] = &[
    ("perl", include_bytes!("../../../traces/perl.gz")),
    ("sort", include_bytes!("../../../traces/sort.gz")),
];

/// Returns the text of a shipped trace, packed with gzip.
pub(crate) fn shipped(name: &str) -> Option<&'static [u8]> {
    SHIPPED.iter().find_map(|(shipped, packed)| (*shipped == name).then_some(*packed))
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
        let shipped = SHIPPED.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
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

/// Reads a trace, each line of which has to be right. `name` is what messages call it.
fn references(trace: impl Read, name: &str) -> Result<Vec<Reference>, String> {
    let limits = Limits { bad_lines: 0, bytes: LARGEST, pages: MAX_PAGES, ..Limits::default() };
    let mut references = Vec::new();
    let take = &mut |reference: faultline_traces::Reference| {
        references.push(Reference { page: reference.page, write: reference.write });
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
    use super::*;

    #[test]
    fn r5_the_shipped_traces_are_whole_and_small() {
        for (name, packed) in SHIPPED {
            assert!(packed.len() <= 200 * 1024, "{name}");
            let references = references(*packed, name).unwrap();
            let pages = references.iter().map(|reference| reference.page).max().unwrap() + 1;
            assert!(
                references.len() > 100_000 && pages > 200,
                "{name}: {} {pages}",
                references.len()
            );
            // Pages are numbered in the order of their first use.
            let mut seen = 0;
            for reference in &references {
                assert!(reference.page <= seen, "{name}");
                seen = seen.max(reference.page + 1);
            }
        }
    }
}
