//! Tests by property that the pieces in which a trace comes do not matter, and that no bytes break the reader.

use std::fs;
use std::path::Path;

use faultline_traces::{FORMATS, Options};
use proptest::prelude::*;

use crate::packed::{gzip, zstd};
use crate::properties::{any_trace, limits};
use crate::support::{SAMPLES, read, read_pieces};

/// Cuts bytes at places.
fn cut<'bytes>(bytes: &'bytes [u8], places: &[usize]) -> Vec<&'bytes [u8]> {
    let mut places: Vec<_> = places.iter().map(|place| place % (bytes.len() + 1)).collect();
    places.sort_unstable();
    let mut pieces = Vec::new();
    let mut from = 0;
    for place in places {
        pieces.push(&bytes[from..place]);
        from = place;
    }
    pieces.push(&bytes[from..]);
    pieces
}

#[test]
fn r5_a_cut_at_any_place_changes_nothing() {
    for (format, bytes) in SAMPLES {
        let whole = read(bytes, Options::default());
        for place in 0..=bytes.len() {
            let (one, other) = bytes.split_at(place);
            assert_eq!(read_pieces([one, other], Options::default()), whole, "{format} {place}");
        }
        let single = bytes.chunks(1);
        assert_eq!(read_pieces(single, Options::default()), whole, "{format}, byte by byte");
        for packed in [gzip(bytes), zstd(bytes)] {
            let whole = read(&packed, Options::default());
            let pieces = packed.chunks(1);
            assert_eq!(read_pieces(pieces, Options::default()), whole, "{format}, byte by byte");
        }
    }
}

/// Bytes that look like a trace in places.
fn lines() -> impl Strategy<Value = Vec<u8>> {
    let sample = (0..SAMPLES.len()).prop_map(|index| SAMPLES[index].1.to_vec());
    let changes = prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..20);
    let changed = (sample, changes).prop_map(|(mut bytes, changes)| {
        for (place, byte) in changes {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        bytes
    });
    prop_oneof![
        3 => changed,
        1 => prop::collection::vec(any::<u8>(), 0..2000),
        1 => "[0-9a-fxrw ,:\n|#IOPSLM=-]{0,400}".prop_map(String::into_bytes),
    ]
}

#[test]
fn r5_inputs_that_were_found_by_fuzzing_are_borne() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus/trace");
    let inputs: Vec<_> = fs::read_dir(folder).unwrap().collect();
    assert!(inputs.len() > 3);
    for input in inputs {
        any_trace(&fs::read(input.unwrap().path()).unwrap());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn r5_any_bytes_are_read_and_written_or_refused_in_words(bytes in lines()) {
        any_trace(&bytes);
    }

    #[test]
    fn r5_no_bytes_break_the_reader_however_they_come(
        bytes in lines(),
        places in prop::collection::vec(any::<usize>(), 0..8),
        packing in 0..3_u8,
        format in prop::option::of(0..FORMATS.len()),
        merge: bool,
        fetches: bool,
    ) {
        let bytes = match packing {
            0 => bytes,
            1 => gzip(&bytes),
            _ => zstd(&bytes),
        };
        let format = format.map(|index| &FORMATS[index]);
        let options = Options { format, merge, fetches, limits: limits(), ..Options::default() };
        let whole = read(&bytes, options.clone());
        let (references, summary) = &whole;
        if let Ok(summary) = summary {
            prop_assert_eq!(summary.references, references.len() as u64);
            prop_assert!(summary.pages <= 5000 && summary.ranges.len() <= 64 + 4096);
            prop_assert!(references.iter().all(|reference| reference.page <= summary.highest_page));
        }
        prop_assert_eq!(&read_pieces(cut(&bytes, &places), options), &whole);
    }

    #[test]
    fn r5_no_damage_of_packed_data_breaks_the_reader(
        index in 0..SAMPLES.len(),
        is_gzip: bool,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        places in prop::collection::vec(any::<usize>(), 0..8),
        end in any::<prop::sample::Index>(),
    ) {
        let bytes = SAMPLES[index].1;
        let mut packed = if is_gzip { gzip(bytes) } else { zstd(bytes) };
        for (place, byte) in changes {
            let place = place.index(packed.len());
            packed[place] = byte;
        }
        packed.truncate(end.index(packed.len()) + 1);
        let options = Options { limits: limits(), ..Options::default() };
        let whole = read(&packed, options.clone());
        if let Err(error) = &whole.1 {
            prop_assert!(!error.to_string().contains(char::is_control), "{}", error);
        }
        let pieces = read_pieces(cut(&packed, &places), options);
        prop_assert_eq!(whole.1.is_ok(), pieces.1.is_ok());
    }
}
