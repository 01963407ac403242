//! The reference traces a scenario can name: files beside it, and those that are shipped.

use std::fs;
use std::io::{self, Read};
use std::path::Path;

use faultline::scenario::{Reference, Scenario, Traces, parse_trace, trace_names};
use flate2::read::GzDecoder;

/// The recordings of real programs that every copy of the command carries.
const SHIPPED: &[(&str, &[u8])] = &[
    ("perl", include_bytes!("../../../traces/perl.gz")),
    ("sort", include_bytes!("../../../traces/sort.gz")),
];

/// Attaches what `scenario` names: `NAME.trace` or `NAME.gz` in `folder`, else a shipped trace.
pub(crate) fn attach(scenario: &Scenario, folder: &Path) -> Result<Traces, String> {
    let mut traces = Traces::default();
    for name in trace_names(scenario) {
        if let Some(references) = beside(&name, folder)? {
            traces.attach(name, references);
        } else if let Some((_, packed)) = SHIPPED.iter().find(|(shipped, _)| *shipped == name) {
            let text = unpack(packed).map_err(|error| format!("the trace {name:?}: {error}"))?;
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

fn beside(name: &str, folder: &Path) -> Result<Option<Vec<Reference>>, String> {
    // A name is a name, not a way to other folders.
    if name.contains(['/', '\\']) {
        return Ok(None);
    }
    for (ending, is_packed) in [("trace", false), ("gz", true)] {
        let path = folder.join(format!("{name}.{ending}"));
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(format!("{}: {error}", path.display())),
        };
        let text = if is_packed {
            unpack(&bytes)
        } else {
            String::from_utf8(bytes)
                .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
        };
        let text = text.map_err(|error| format!("{}: {error}", path.display()))?;
        return read(&path.display().to_string(), &text).map(Some);
    }
    Ok(None)
}

fn unpack(packed: &[u8]) -> io::Result<String> {
    let mut text = String::new();
    GzDecoder::new(packed).read_to_string(&mut text)?;
    Ok(text)
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
            let references = parse_trace(&unpack(packed).unwrap()).unwrap();
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
