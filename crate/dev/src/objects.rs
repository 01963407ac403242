//! Reads published traces of objects, to compare how often they miss.

use std::collections::HashMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use faultline::scenario::Reference;
use faultline_traces::{Limits, Options, read};

/// Reads a trace, such as libCacheSim's records or one number a line, as reads of pages. Each object is a page, and
/// pages are numbered in the order of their first use.
///
/// # Errors
/// A sentence that says where it is no such trace.
pub(crate) fn objects(path: &Path) -> Result<Vec<Reference>, String> {
    let found = File::open(path).map_err(|error| error.to_string()).and_then(objects_of);
    found.map_err(|error| format!("{}: {error}", path.display()))
}

fn objects_of(source: impl Read) -> Result<Vec<Reference>, String> {
    // Numbers that are too large for pages are addresses to the reader: in pages of a byte each has its own.
    let limits = Limits { bad_lines: 0, ..Limits::default() };
    let options = Options { page_size: 1, limits, ..Options::default() };
    let (mut pages, mut references) = (HashMap::new(), Vec::new());
    let take = &mut |found: &[faultline_traces::Reference]| {
        references.extend(found.iter().map(|found| {
            let next = pages.len() as u32;
            let page = *pages.entry(found.page).or_insert(next);
            Reference { page, write: false }
        }));
    };
    let summary = read(source, options, take).map_err(|error| error.to_string())?;
    match summary.cut {
        Some(cut) => Err(format!("{cut}; legal: a whole trace")),
        None => Ok(references),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s6_both_forms_of_a_published_trace_are_the_same_pages() {
        let apart = |number: u64| number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let objects: Vec<u64> = (0..4000).map(|at| apart(at * at % 611)).collect();
        let text: String = objects.iter().map(|object| format!("{object}\n")).collect();
        let records: Vec<u8> = (0_u32..)
            .zip(&objects)
            .flat_map(|(time, object)| {
                let (size, next) = (512_u32, -1_i64);
                let mut record = time.to_le_bytes().to_vec();
                record.extend(object.to_le_bytes());
                record.extend(size.to_le_bytes());
                record.extend(next.to_le_bytes());
                record
            })
            .collect();
        let trace = objects_of(text.as_bytes()).unwrap();
        assert_eq!(objects_of(&records[..]).unwrap(), trace);
        let mut first_uses: Vec<u64> = Vec::new();
        for (object, reference) in objects.iter().zip(&trace) {
            if !first_uses.contains(object) {
                first_uses.push(*object);
            }
            assert_eq!(first_uses[reference.page as usize], *object);
        }
        // Small numbers too are numbered by first use, and what is written is a read.
        let pages = objects_of(&b"# pages\n7\n3w\n7\n"[..]).unwrap();
        assert_eq!(pages.iter().map(|found| found.page).collect::<Vec<_>>(), [0, 1, 0]);
        assert!(pages.iter().all(|found| !found.write));
        for (bytes, expected) in [
            (
                &b"12\n99999999999999999999\n"[..],
                "line 2: \"99999999999999999999\" is past the last",
            ),
            (b"1,2,3,4\n", "line 1: \"1,2,3,4\", no trace of a known format"),
            (b"\n", "the trace has no reference"),
            (&records[..30], "its last line is not whole"),
        ] {
            let error = objects_of(bytes).unwrap_err();
            assert!(error.starts_with(expected) && error.contains("; legal: "), "{error}");
        }
    }
}
