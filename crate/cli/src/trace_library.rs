//! Finds the reference traces that a scenario names: files beside it, and those that are shipped.

use std::io::{self, ErrorKind, Read};
use std::path::Path;

use faultline::scenario::{Reference, Scenario, Traces, parse_trace, trace_names};
use flate2::read::GzDecoder;

use crate::files::{Files, open_regular};

/// The most bytes of text that a trace may have: ten million references and more. A small file can
/// unpack to as much as the disk holds.
const LARGEST: usize = 64 << 20;

/// The recordings of real programs that every copy of the command carries.
const SHIPPED: &[(&str, &[u8])] = &[
    ("perl", include_bytes!("../../../traces/perl.gz")),
    ("sort", include_bytes!("../../../traces/sort.gz")),
];

/// Returns the text of a shipped trace, packed with gzip.
pub(crate) fn shipped(name: &str) -> Option<&'static [u8]> {
    SHIPPED.iter().find_map(|(shipped, packed)| (*shipped == name).then_some(*packed))
}

/// Attaches what `scenario` names: `NAME.trace` or `NAME.gz` in `folder`, else a shipped trace.
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
            let text = text_of(GzDecoder::new(packed));
            let text = text.map_err(|error| format!("the trace {name:?}: {error}"))?;
            traces.attach(name.clone(), read(&name, &text)?);
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
    for (ending, is_packed) in [("trace", false), ("gz", true)] {
        let path = folder.join(format!("{name}.{ending}"));
        let at = |error| format!("{}: {error}", path.display());
        let file = match open_regular(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            Err(error) => return Err(at(error)),
        };
        let what = format!("the trace {name:?} that the scenario replays");
        files.reads(&path, &file.metadata().map_err(at)?, &what);
        let text = if is_packed { text_of(GzDecoder::new(file)) } else { text_of(file) };
        let text = text.map_err(at)?;
        return read(&path.display().to_string(), &text).map(Some);
    }
    Ok(None)
}

fn text_of(trace: impl Read) -> io::Result<String> {
    let mut text = Vec::new();
    trace.take(LARGEST as u64 + 1).read_to_end(&mut text)?;
    if text.len() > LARGEST {
        let message = format!(
            "has more than {LARGEST} bytes of text; legal: a trace of at most so many: \
             record less of the program, or cut it into several traces"
        );
        return Err(io::Error::new(ErrorKind::FileTooLarge, message));
    }
    String::from_utf8(text).map_err(|error| io::Error::new(ErrorKind::InvalidData, error))
}

fn read(name: &str, text: &str) -> Result<Vec<Reference>, String> {
    parse_trace(text).map_err(|error| format!("{name}: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r5_the_shipped_traces_are_whole_and_small() {
        for (name, packed) in SHIPPED {
            assert!(packed.len() <= 200 * 1024, "{name}");
            let references = parse_trace(&text_of(GzDecoder::new(*packed)).unwrap()).unwrap();
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
