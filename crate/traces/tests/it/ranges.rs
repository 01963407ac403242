//! Tests the ranges of addresses, and that they outlive a conversion.

use faultline_traces::{Options, Place, RangeKind, Text};

use crate::support::{SAMPLES, read_right, sample};

#[test]
fn r5_ranges_are_found_by_gaps_and_by_what_is_fetched() {
    let text = "I  00401000,5\n S 00403000,8\n L 1ffeffff00,8\n S 1fff000768,8\n L 00a00000,1\n";
    let (_, summary) = read_right(text.as_bytes(), Options::default());
    let found: Vec<_> = summary
        .ranges
        .iter()
        .map(|range| (range.first, range.last, range.kind, range.pages, range.written))
        .collect();
    assert_eq!(
        found,
        [
            (0x40_1000, 0x40_3fff, RangeKind::Text, 2, 1),
            (0xa0_0000, 0xa0_0fff, RangeKind::Data, 1, 0),
            (0x1f_feff_f000, 0x1f_ff00_0fff, RangeKind::Stack, 2, 1),
        ]
    );
    assert_eq!(summary.page_size, Some(4096));
}

#[test]
fn r5_many_gaps_make_few_ranges() {
    let lines: String =
        (0..10_000_u64).map(|page| format!("0x{:x}\n", page * (2 << 20) + page % 2)).collect();
    let (_, summary) = read_right(lines.as_bytes(), Options::default());
    assert!((1..=64).contains(&summary.ranges.len()), "{}", summary.ranges.len());
    let pages: u32 = summary.ranges.iter().map(|range| range.pages).sum();
    assert_eq!((pages, summary.pages), (10_000, 10_000));
    assert!(summary.ranges.windows(2).all(|pair| pair[0].last < pair[1].first));
}

#[test]
fn r5_places_say_where_each_page_has_been() {
    let (_, summary) = read_right(b"0x5000\n0x6000\n0x4000\n0x7001 w\n", Options::default());
    let place = |page, count, address| Place { page, count, address };
    assert_eq!(summary.places, [place(0, 2, 0x5000), place(2, 1, 0x4000), place(3, 1, 0x7000)]);
    // Objects have no addresses.
    let (_, summary) = read_right(sample("csv"), Options::default());
    assert_eq!((summary.places.len(), summary.ranges.len(), summary.page_size), (0, 0, None));
}

#[test]
fn r5_a_converted_trace_reads_as_the_original() {
    for (format, bytes) in SAMPLES {
        let (references, summary) = read_right(bytes, Options::default());
        let mut text = Text::new();
        text.comment("from a\nsample");
        references.iter().for_each(|reference| text.reference(*reference));
        text.places(&summary);
        let (again, converted) = read_right(text.as_bytes(), Options::default());
        assert_eq!(again, references, "{format}");
        assert_eq!(converted.format, "faultline");
        assert_eq!(converted.places, summary.places, "{format}");
        assert_eq!(converted.ranges, summary.ranges, "{format}");
        assert_eq!(converted.page_size, summary.page_size);
        assert_eq!(
            (converted.pages, converted.writes, converted.highest_page),
            (summary.pages, summary.writes, summary.highest_page)
        );
    }
}
