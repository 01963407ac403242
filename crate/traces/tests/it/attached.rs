//! Tests what the page attaches of a trace: the same references, within a limit, or those of a sample of the pages.

use faultline_traces::{Attached, Attachment, InSample, Options, TraceError};

use crate::support::{read_right, sample, words};

/// Attaches a trace in pieces of so many bytes. Returns its text too.
fn attach(
    trace: &[u8],
    piece: usize,
    room: u64,
    sample: Option<InSample>,
) -> Result<(Attached, String), TraceError> {
    let mut attachment = Attachment::new(Options::default(), room, sample)?;
    let mut text = Vec::new();
    for piece in trace.chunks(piece) {
        text.extend(attachment.push(piece)?);
    }
    let attached = attachment.finish()?;
    text.extend_from_slice(&attached.text);
    Ok((attached, String::from_utf8(text).unwrap()))
}

#[test]
fn r5_an_attached_trace_has_the_references_that_the_reader_gives() {
    let trace = sample("lackey");
    let (references, summary) = read_right(trace, Options::default());
    for piece in [1, 7, 4096, trace.len()] {
        let (attached, text) = attach(trace, piece, 1 << 20, None).unwrap();
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        assert_eq!(lines.collect::<Vec<_>>().join(" "), words(&references));
        // Where its pages have been, too.
        let again = read_right(text.as_bytes(), Options::default()).1;
        assert_eq!((again.places, again.ranges), (summary.places.clone(), summary.ranges.clone()));
        assert_eq!(attached.references, summary.references);
        assert_eq!(attached.writes, summary.writes);
        assert_eq!(attached.pages, u64::from(summary.pages));
        assert_eq!(attached.bytes, text.len() as u64);
    }
}

#[test]
fn r5_past_its_room_an_attached_trace_is_read_on_and_tells_how_much_it_needs() {
    let trace = "7\n123456w\n".repeat(1000);
    let (all, text) = attach(trace.as_bytes(), 64, 10_000, None).unwrap();
    assert_eq!((all.bytes, text.len(), all.references), (10_000, 10_000, 2000));
    let (attached, text) = attach(trace.as_bytes(), 64, 9_999, None).unwrap();
    assert_eq!((attached.bytes, attached.references, attached.pages), (10_000, 2000, 123_457));
    assert_eq!(attached.mark, all.mark);
    assert!(text.len() < 9_999, "{}", text.len());
}

#[test]
fn r5_a_sample_has_all_references_to_its_pages_numbered_anew() {
    let odd: InSample = Box::new(|page| page % 2 == 1);
    let (attached, text) = attach(b"0\n5\n4w\n3w\n5\n2\n3\n", 3, 100, Some(odd)).unwrap();
    assert_eq!(text, "0\n1w\n0\n1\n");
    assert_eq!((attached.references, attached.writes, attached.pages), (4, 1, 2));
    assert_eq!((attached.summary.references, attached.summary.pages), (7, 5));
    let none: InSample = Box::new(|_| false);
    let refused = attach(b"0\n1\n", 1, 100, Some(none)).err();
    assert_eq!(refused, Some(TraceError::Empty(None)));
}

#[test]
fn r5_two_traces_have_one_mark_if_they_have_the_same_references() {
    let mark = |trace: &[u8]| attach(trace, 5, 100, None).unwrap().0.mark;
    assert_eq!(mark(b"0\n1w\n0\n"), mark(b"# a comment\n0\n\n1w\n0\n"));
    let others: [&[u8]; 4] = [b"0\n1\n0\n", b"0\n0\n1w\n", b"0\n1w\n", b"0\n1w\n0\n0\n"];
    for other in others {
        assert_ne!(mark(b"0\n1w\n0\n"), mark(other));
    }
}
