//! The properties that the reader has for every input. The fuzz target of traces checks them too.

use faultline_traces::{Limits, Options, Reader, Reference, Summary, Text, TraceError};

/// Few enough pages and references that a region of all addresses ends soon.
pub(crate) fn limits() -> Limits {
    Limits { pages: 5000, references: 50_000, bytes: 1 << 24, ..Limits::default() }
}

/// Checks bytes as a trace: the pieces in which they come do not matter; what is read is counted, and is the same
/// again once it is written; what is refused is refused in words.
pub(crate) fn any_trace(bytes: &[u8]) {
    let whole = read([bytes], false);
    let middle = bytes.first().map_or(0, |first| usize::from(*first) * bytes.len() / 256);
    let (one, other) = bytes.split_at(middle);
    assert_eq!(read([one, other], false), whole);
    let (references, summary) = whole;
    let summary = match summary {
        Ok(summary) => summary,
        Err(error) => {
            let message = error.to_string();
            assert!(message.contains("; legal: ") && message.len() < 1000, "{message}");
            assert!(!message.contains(char::is_control), "{message:?}");
            return;
        }
    };
    assert_eq!(summary.references, references.len() as u64);
    assert_eq!(summary.reads + summary.writes, summary.references);
    assert!(summary.pages <= 5000 && !references.is_empty());
    let mut text = Text::new();
    references.iter().for_each(|reference| text.reference(*reference));
    text.places(&summary);
    let (again, converted) = read([text.as_bytes()], false);
    assert_eq!(again, references);
    let converted = converted.expect("what was written is read");
    assert_eq!((converted.format, &converted.places), ("faultline", &summary.places));
    // Merged, no page follows itself.
    let (merged, _) = read([bytes], true);
    assert!(merged.windows(2).all(|pair| pair[0].page != pair[1].page));
}

fn read<'bytes>(
    pieces: impl IntoIterator<Item = &'bytes [u8]>,
    merge: bool,
) -> (Vec<Reference>, Result<Summary, TraceError>) {
    let mut references = Vec::new();
    let mut sink = |run: &[Reference]| references.extend_from_slice(run);
    let options = Options { limits: limits(), merge, ..Options::default() };
    let mut reader = Reader::new(options).expect("the page size is legal");
    for piece in pieces {
        if let Err(error) = reader.push(piece, &mut sink) {
            return (references, Err(error));
        }
    }
    let summary = reader.finish(&mut sink);
    (references, summary)
}
