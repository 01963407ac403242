//! Reads the recordings of real programs that are shipped.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use flate2::read::GzDecoder;

use super::stream;
use crate::Stream;

/// Returns the stream of a recorded program.
pub(super) fn shipped(name: &str) -> Stream {
    let traces = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../traces");
    let mut text = String::new();
    let packed = File::open(traces.join(format!("{name}.gz"))).unwrap();
    GzDecoder::new(packed).read_to_string(&mut text).unwrap();
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let reference = |line: &str| {
        let digits = line.trim_end_matches('w');
        (digits.parse().unwrap(), digits != line)
    };
    stream(&lines.map(reference).collect::<Vec<_>>())
}
