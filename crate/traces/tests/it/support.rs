//! What the tests share: samples of the formats, and calls of the reader.

use std::fmt::Write;

use faultline_traces::{Options, Reader, Reference, Summary, Text, TraceError};

/// A sample of each format. Lackey's, perf script's and perf mem's were recorded of a program of a few lines; the
/// others are written by hand, as the sources and the pages of their writers have them.
pub(crate) const SAMPLES: [(&str, &[u8]); 13] = [
    ("lackey", include_bytes!("samples/lackey.txt")),
    ("perf-script", include_bytes!("samples/perf-script.txt")),
    ("perf-script", include_bytes!("samples/perf-script-mem.txt")),
    ("perf-mem", include_bytes!("samples/perf-mem.txt")),
    ("drmemtrace", include_bytes!("samples/drmemtrace.txt")),
    ("memtrace", include_bytes!("samples/memtrace-simple.txt")),
    ("memtrace", include_bytes!("samples/memtrace-x86.txt")),
    ("pinatrace", include_bytes!("samples/pinatrace.txt")),
    ("damo", include_bytes!("samples/damo.txt")),
    ("csv", include_bytes!("samples/csv.txt")),
    ("plain", include_bytes!("samples/plain.txt")),
    ("faultline", include_bytes!("samples/faultline.txt")),
    ("oracleGeneral", include_bytes!("samples/oracle-general.bin")),
];

/// The sample of a format; its first one.
pub(crate) fn sample(format: &str) -> &'static [u8] {
    SAMPLES.iter().find(|(name, _)| *name == format).unwrap().1
}

/// What a reader gives: the references, and the summary or the error.
pub(crate) type Found = (Vec<Reference>, Result<Summary, TraceError>);

/// Reads a trace in pieces.
pub(crate) fn read_pieces<'bytes>(
    pieces: impl IntoIterator<Item = &'bytes [u8]>,
    options: Options,
) -> Found {
    let mut references = Vec::new();
    let mut sink = |run: &[Reference]| references.extend_from_slice(run);
    let mut reader = Reader::new(options).unwrap();
    for piece in pieces {
        if let Err(error) = reader.push(piece, &mut sink) {
            // It stays with its error.
            assert_eq!(reader.push(b"0\n", &mut sink).as_ref(), Err(&error));
            assert_eq!(reader.finish(&mut sink).as_ref(), Err(&error));
            return (references, Err(error));
        }
    }
    let summary = reader.finish(&mut sink);
    (references, summary)
}

/// Reads a trace in one piece.
pub(crate) fn read(bytes: &[u8], options: Options) -> Found {
    read_pieces([bytes], options)
}

/// Reads a trace that has to be right.
pub(crate) fn read_right(bytes: &[u8], options: Options) -> (Vec<Reference>, Summary) {
    let (references, summary) = read(bytes, options);
    let summary = summary.unwrap();
    assert_eq!(references.len() as u64, summary.references);
    assert_eq!(summary.reads + summary.writes, summary.references);
    (references, summary)
}

/// The error of a trace that has to be wrong, in words: one line.
pub(crate) fn refused(bytes: &[u8], options: Options) -> String {
    let message = read(bytes, options).1.unwrap_err().to_string();
    assert!(!message.contains(char::is_control), "{message:?}");
    assert!(message.len() < 1000, "{message}");
    message
}

/// References in the project's own words: `0 1w`.
pub(crate) fn words(references: &[Reference]) -> String {
    let mut text = Text::new();
    references.iter().for_each(|reference| text.reference(*reference));
    let mut words = String::new();
    for line in String::from_utf8(text.as_bytes().to_vec()).unwrap().lines() {
        let _ = write!(words, "{}{line}", if words.is_empty() { "" } else { " " });
    }
    words
}
