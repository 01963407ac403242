//! Tests that hostile traces get a clear word, and that none takes more memory than the limits allow.

use faultline_traces::{Limits, Options, Reader, Reference, Text, TraceError, format_named};

use crate::support::{read, read_pieces, read_right, refused, words};

fn limited(limits: Limits) -> Options {
    Options { limits, ..Options::default() }
}

#[test]
fn r5_noise_is_no_trace() {
    let mut state = 1_u64;
    let mut noise = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (state >> 56) as u8
    };
    let noise: Vec<u8> = (0..1 << 20).map(|_| noise()).collect();
    let message = refused(&noise, Options::default());
    assert!(message.starts_with("begins with bytes that are no text, no trace of a known format; legal: faultline, lackey"), "{message}");
    let message = refused(b"once upon a time\n", Options::default());
    assert!(
        message.starts_with("line 1: \"once upon a time\", no trace of a known format"),
        "{message}"
    );
    for nothing in [&b""[..], b"\n\n", b"# only a comment\n", b"==7== Lackey\n"] {
        let message = refused(nothing, Options::default());
        assert!(message.contains("no reference") || message.contains("no trace"), "{message}");
    }
    // Noise that is said to be a trace: the lines are refused, or the records are read as what they say.
    for name in ["lackey", "csv", "plain", "damo", "perf-script"] {
        let options = Options { format: format_named(name), ..Options::default() };
        let message = refused(&noise, options);
        assert!(
            message.contains("none of this format") || message.contains("is longer"),
            "{message}"
        );
    }
}

#[test]
fn r5_a_line_of_ten_megabytes_is_a_bad_line() {
    let long = vec![b'7'; 10 << 20];
    let message = refused(&long, Options::default());
    assert!(
        message.starts_with("the first 65536 bytes have no end of a line, no trace"),
        "{message}"
    );
    let text = [b" L 1000,4\n".repeat(7000), long, b"\n L 2000,4\n".to_vec()].concat();
    let pieces = || text.chunks(4096);
    let (found, summary) = read_pieces(pieces(), Options::default());
    let summary = summary.unwrap();
    assert_eq!((found.len(), summary.bad_lines), (7001, 1));
    assert_eq!(summary.problems[0].line, 7001);
    assert_eq!(read(&text, Options::default()).1.unwrap(), summary);
    let strict = limited(Limits { bad_lines: 0, ..Limits::default() });
    let message = refused(&text, strict);
    assert!(
        message.starts_with("line 7001: \"7777777777777777777777777777777777777777\" is longer than a line may be, 65536 bytes; legal: "),
        "{message}"
    );
}

#[test]
fn r5_the_table_of_pages_is_bounded() {
    let limits = Limits { pages: 1000, ..Limits::default() };
    let mut reader = Reader::new(limited(limits)).unwrap();
    let mut count = 0;
    let error = (0_u64..).find_map(|page| {
        let line = format!("0x{:x}\n", page << 12);
        reader.push(line.as_bytes(), &mut |run| count += run.len()).err()
    });
    let error = error.unwrap();
    assert_eq!(error, TraceError::Pages(1000));
    assert_eq!(count, 1000);
    assert!(error.to_string().starts_with("touches more than 1000 pages; legal: at most so many"));
    // A region of all addresses.
    let region = "0-ffffffffffffffff ( 16.000 EiB) 3 -1\n";
    let (found, summary) = read(region.as_bytes(), limited(limits));
    assert_eq!((found.len(), summary.unwrap_err()), (1000, TraceError::Pages(1000)));
}

#[test]
fn r5_the_number_of_references_is_bounded() {
    let limits = Limits { references: 3, ..Limits::default() };
    let (found, summary) = read(b"0\n0\n0\n0\n", limited(limits));
    assert_eq!(
        (words(&found).as_str(), summary.unwrap_err()),
        ("0 0 0", TraceError::References(3))
    );
    assert!(read(b"0\n0\n0\n", limited(limits)).1.is_ok());
}

/// Lines of page numbers are read many at a time.
#[test]
fn r5_limits_hold_within_lines_that_are_read_at_once() {
    let expected: Vec<Reference> =
        (0..999).map(|page| Reference { page, write: page % 3 == 0 }).collect();
    let mut text = Text::new();
    expected.iter().for_each(|reference| text.reference(*reference));
    for limit in [1, 63, 64, 65, 500, 998] {
        let references = u64::from(limit);
        let limits = [
            (Limits { pages: limit, ..Limits::default() }, TraceError::Pages(limit)),
            (Limits { references, ..Limits::default() }, TraceError::References(references)),
        ];
        for (limits, error) in limits {
            let (found, summary) = read(text.as_bytes(), limited(limits));
            assert_eq!(found, expected[..limit as usize]);
            assert_eq!(summary.unwrap_err(), error);
        }
    }
    // A bad line among them has its number, and the others stay.
    let bad = [text.as_bytes(), b"1x\n12345678901\n\n", text.as_bytes()].concat();
    let (found, summary) = read(&bad, Options::default());
    let summary = summary.unwrap();
    assert_eq!(found, [&expected[..], &expected].concat());
    assert_eq!((summary.lines, summary.bad_lines, summary.highest_page), (2001, 2, 998));
    assert_eq!((summary.writes, summary.pages_written), (666, 333));
    let lines: Vec<u64> = summary.problems.iter().map(|problem| problem.line).collect();
    assert_eq!(lines, [1000, 1001]);
}

#[test]
fn r5_a_page_size_is_a_power_of_two() {
    for page_size in [0, 3, 4097, 1 << 31, u64::MAX] {
        let error = Reader::new(Options { page_size, ..Options::default() }).err().unwrap();
        let legal = "; legal: a power of two from 1 to 1073741824";
        assert!(error.to_string().ends_with(legal), "{error}");
    }
    for page_size in [1, 64, 1 << 30] {
        let options = Options { page_size, ..Options::default() };
        read_right(b" L 1000,1\n", options);
    }
}

#[test]
fn r5_a_message_shows_no_control_characters() {
    let line = b"I  1000,4\n\x1b[2J\x07\xff\xe2\x80\xae\n";
    let message = refused(line, limited(Limits { bad_lines: 0, ..Limits::default() }));
    assert!(message.starts_with("line 2: \"\\u{1b}[2J\\u{7}"), "{message}");
}
