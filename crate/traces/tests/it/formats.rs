//! Tests each format: by its sample, by a reference of a few lines, and by what its options and limits are.

use faultline_traces::{Columns, FORMATS, Limits, Options, RangeKind, Reader, format_named};

use crate::reference::references;
use crate::support::{SAMPLES, read, read_right, refused, sample, words};

#[test]
fn r5_each_format_is_recognised_and_reads_as_its_reference() {
    for (format, bytes) in SAMPLES {
        let (found, summary) = read_right(bytes, Options::default());
        assert_eq!(summary.format, format);
        assert_eq!(found, references(format, bytes), "{format}");
        assert_eq!((summary.bad_lines, summary.cut), (0, None), "{format}");
        assert_eq!(summary.bytes, bytes.len() as u64);
        let named = Options { format: format_named(format), ..Options::default() };
        assert_eq!(read_right(bytes, named).0, found, "{format} by name");
    }
    for format in FORMATS {
        assert!(SAMPLES.iter().any(|(name, _)| *name == format.name), "{}", format.name);
    }
}

#[test]
fn r5_an_access_across_pages_touches_both() {
    let (found, summary) = read_right(b" S 00403ffc,8\n L 00403ff8,8\n", Options::default());
    assert_eq!(words(&found), "0w 1w 0");
    assert_eq!(summary.crossing, 1);
    let larger = Options { page_size: 1 << 20, ..Options::default() };
    assert_eq!(words(&read_right(b" S 00403ffc,8\n L 00403ff8,8\n", larger).0), "0w 0");
    // Up to the last address that there is.
    assert_eq!(words(&read_right(b" L ffffffffffffffff,8\n", Options::default()).0), "0");
}

#[test]
fn r5_instruction_fetches_are_reads_or_left_out() {
    let bytes = b"I  00401000,5\n L 00403000,1\nI  00401005,7\n M 00403000,1\n";
    let (found, summary) = read_right(bytes, Options::default());
    assert_eq!((words(&found).as_str(), summary.fetches), ("0 1 0 1w", 2));
    let (found, summary) = read_right(bytes, Options { fetches: false, ..Options::default() });
    assert_eq!((words(&found).as_str(), summary.fetches), ("0 0w", 2));
    assert!(summary.fetches_left_out);
}

#[test]
fn r5_references_to_the_same_page_are_merged_on_request() {
    let merge = Options { merge: true, ..Options::default() };
    let (found, summary) = read_right(b"0\n0w\n0\n1\n0\n0\n", merge);
    assert_eq!(words(&found), "0w 1 0");
    assert_eq!((summary.references, summary.merged, summary.writes), (3, 3, 1));
}

#[test]
fn r5_references_to_pages_touched_just_before_are_left_out_on_request() {
    let of = |recent, text: &str| {
        let options = Options { recent, ..Options::default() };
        let (found, summary) = read_right(text.as_bytes(), options);
        (words(&found), summary.repeated)
    };
    let loops = "0\n1\n0w\n1\n0\n0w\n2\n1\n0\n3w\n3w\n";
    // Of two recent pages the first write is kept, and none after it as long as the page is recent.
    assert_eq!(of(2, loops), ("0 1 0w 2 1 0 3w".to_owned(), 4));
    assert_eq!(of(1, loops), ("0 1 0w 1 0 0w 2 1 0 3w".to_owned(), 1));
    assert_eq!(of(0, loops).1, 0);
    // What is kept of reads is what was not among the last three pages.
    let mut state = 7_u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (state >> 33) % 9 * ((state >> 50) % 2)
    };
    let pages: Vec<String> = (0..3000).map(|_| next().to_string()).collect();
    let mut stack: Vec<&str> = Vec::new();
    let mut kept = Vec::new();
    for page in &pages {
        match stack.iter().position(|other| other == page) {
            Some(at) => drop(stack.remove(at)),
            None => kept.push(page.as_str()),
        }
        stack.insert(0, page);
        stack.truncate(3);
    }
    let (thin, repeated) = of(3, &format!("{}\n", pages.join("\n")));
    assert_eq!((thin, repeated as usize), (kept.join(" "), 3000 - kept.len()));
    let error = Reader::new(Options { recent: 65, ..Options::default() }).err().unwrap();
    assert!(error.to_string().contains("legal: at most 64"), "{error}");
}

#[test]
fn r5_plain_addresses_are_hexadecimal_or_decimal() {
    let read = |text: &str, page_size| {
        let options = Options { page_size, format: format_named("plain"), ..Options::default() };
        words(&read_right(text.as_bytes(), options).0)
    };
    assert_eq!(read("4096\n8192 w\nR 4097\n", 4096), "0 1w 0");
    assert_eq!(read("0x10\n16\n0X10\n", 1), "0 0 0");
    // A digit above 9 in one of the first numbers makes all hexadecimal.
    assert_eq!(read("10\n0x10\nff\n", 1), "0 0 1");
    assert_eq!(read("write 0xbefffacc 4\nreadi 0x04000be0 2\nstore,0x1;2\n", 4096), "0w 1 2w");
}

#[test]
fn r5_numbers_alone_are_pages_and_addresses_are_not() {
    let format = |text: &str| read_right(text.as_bytes(), Options::default()).1.format;
    assert_eq!(format("7\n0\n1\n"), "faultline");
    assert_eq!(format("# pages of perl\n7w\n"), "faultline");
    assert_eq!(format("7 w\n0 r\n"), "plain");
    assert_eq!(format("0x7000\n"), "plain");
    assert_eq!(format("140733193388032\n140733193392128\n"), "plain");
}

#[test]
fn r5_columns_of_csv_are_found_by_name_or_number() {
    let read = |text: &str, columns: Columns| {
        words(&read_right(text.as_bytes(), Options { columns, ..Options::default() }).0)
    };
    let usual = Columns::default;
    assert_eq!(read("time;OBJ_ID;op\n1;a;get\n2;b;set\n3;a;get\n", usual()), "0 1w 0");
    assert_eq!(read("addr\top\n0x1000\tW\n0x1fff\tR\n", usual()), "0w 0");
    assert_eq!(read("id,\"a name\"\n5,\"x,y\"\n5,z\n", usual()), "0 0");
    let named = Columns { object: Some("a name".into()), ..usual() };
    assert_eq!(read("id,\"a name\"\n5,\"x,y\"\n5,z\n6,\"x,y\"\n", named), "0 1 0");
    let numbered = Columns { address: Some("2".into()), write: Some("1".into()), ..usual() };
    assert_eq!(read("w,4096\nr,8191\n", numbered), "0w 0");
    let missing = Columns { object: Some("lbn".into()), ..usual() };
    let options = Options { columns: missing, format: format_named("csv"), ..Options::default() };
    let message = refused(b"id,op\n1,r\n", options);
    let expected = "the trace has no reference; line 1: \"id,op\" names no column";
    assert!(message.starts_with(expected), "{message}");
}

#[test]
fn r5_a_bad_line_is_named_with_what_is_legal() {
    let strict = || Limits { bad_lines: 0, ..Limits::default() };
    for (format, text, expected) in [
        ("lackey", "I  1000,4\nx\n", "line 2: \"x\" is no access; legal: I, L, S or M"),
        ("lackey", " L 1000\n", "line 1: \" L 1000\" has no comma before a size; legal: "),
        ("lackey", " L 10000000000000000,1\n", "has no address of at most 64 bits"),
        ("lackey", " L 1000,20000\n", "touches more bytes than an instruction can, 16384"),
        ("faultline", "0\nx", "line 2: \"x\" is no reference; legal: a page number, with a w"),
        ("faultline", "4294967295", "is past the last page that has a number, 4294967294"),
        ("faultline", "99999999999999999999", "is past the last page that has a number"),
        ("pinatrace", "0x1: X 0x2\n", "is neither R nor W"),
        ("plain", "0x1 r w", "names two kinds of access"),
        ("plain", "0x1 4 4", "has more than an address, a size and a kind"),
        ("csv", "id,op\n1,fly\n", "has an operation that neither reads nor writes"),
        ("drmemtrace", "1 1: 7 jump 8 byte(s) @ 0x10 by\n", "is neither ifetch, read nor write"),
        ("memtrace", "0x1: x, w\n", "has no size"),
        (
            "perf-script",
            "ls 8418 62921.379: 1 page-faults: ffffffff817554ea elf_load+0x28a ([kernel])\n",
            "has no data address; legal: a sample with its data address after the event: perf record -d",
        ),
        ("perf-mem", "1 2 0x3\n", "has no data address"),
        ("damo", "1000-0fff (1 KiB) 3\n", "is no region"),
    ] {
        let options =
            Options { format: format_named(format), limits: strict(), ..Options::default() };
        let message = refused(text.as_bytes(), options);
        assert!(message.contains(expected), "{format}: {message}\n{expected}");
        assert!(message.contains("; legal: "), "{message}");
    }
}

#[test]
fn r5_bad_lines_are_passed_over_up_to_a_limit() {
    let text = "I  1000,4\nHello\n L 2000,4\nworld\n==7== \n S 1000,4\n";
    let options = |bad_lines| Options {
        limits: Limits { bad_lines, ..Limits::default() },
        ..Options::default()
    };
    let (found, summary) = read_right(text.as_bytes(), options(2));
    assert_eq!(words(&found), "0 1 0w");
    let lines: Vec<_> = summary.problems.iter().map(|problem| problem.line).collect();
    assert_eq!((summary.bad_lines, lines), (2, vec![2, 4]));
    let message = refused(text.as_bytes(), options(1));
    assert!(
        message.starts_with(
            "2 lines are none of this format, at most 1 may be; the first: line 2: \"Hello\""
        ),
        "{message}"
    );
    // What was given before stays right.
    assert_eq!(words(&read(text.as_bytes(), options(1)).0), "0 1");
}

#[test]
fn r5_a_cut_trace_is_read_to_its_cut_and_says_so() {
    let bytes = sample("lackey");
    // Within the store that crosses pages: its address would be another.
    let store = " S 00403ffc,8";
    let end = bytes.windows(13).position(|line| line == store.as_bytes()).unwrap() + 8;
    let lines = bytes[..end].iter().filter(|byte| **byte == b'\n').count();
    let (found, summary) = read_right(&bytes[..end], Options::default());
    let whole = read_right(bytes, Options::default()).0;
    assert_eq!(found, whole[..found.len()]);
    assert!(whole.len() > found.len() && found.len() > 100, "{}", found.len());
    let cut = summary.cut.unwrap();
    assert_eq!(cut.after_line, lines as u64);
    assert!(cut.to_string().contains("it is cut, and was read up to line"), "{cut}");
    let (found, summary) = read_right(&sample("oracleGeneral")[..100], Options::default());
    assert_eq!((found.len(), summary.cut.unwrap().after_line), (4, 4));
    // What is written by hand may lack the end of its last line.
    assert_eq!(read_right(b"0\n1w", Options::default()).1.cut, None);
}

#[test]
fn r5_lines_may_end_as_elsewhere() {
    for (format, bytes) in SAMPLES.iter().filter(|(format, _)| *format != "oracleGeneral") {
        let text = String::from_utf8(bytes.to_vec()).unwrap().replace('\n', "\r\n");
        let (found, summary) = read_right(text.as_bytes(), Options::default());
        assert_eq!((summary.format, found), (*format, references(format, bytes)));
    }
}

#[test]
fn r5_what_a_trace_tells_of_its_places_is_kept() {
    let bytes = sample("perf-script");
    let (_, summary) = read_right(bytes, Options::default());
    let found: Vec<_> = summary
        .ranges
        .iter()
        .map(|range| (range.first, range.kind, range.name.as_deref().unwrap(), range.pages))
        .collect();
    assert_eq!(
        found,
        [
            (0x40_1000, RangeKind::Text, "/usr/bin/tiny", 1),
            (0x40_3000, RangeKind::Mapping, "//anon", 5),
            (0x7ffd_1876_d000, RangeKind::Stack, "[stack]", 1),
        ]
    );
}
