//! Feeds the readers the inputs of `fuzz/corpus`, among them all with which a fuzzer has ever broken one: each
//! reader keeps its properties on all of them.

use std::fs;
use std::path::{Path, PathBuf};

#[path = "../../../../../fuzz/src/properties.rs"]
#[expect(unreachable_pub, reason = "the fuzz targets use it from another crate")]
mod properties;

/// Feeds each input of a target's corpus to `property`, and says which it is at.
fn feed(target: &str, property: fn(&[u8])) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folder = root.join("fuzz/corpus").join(target);
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(files.len() > 2, "{files:?}");
    for file in files {
        println!("{}", file.display());
        property(&fs::read(&file).unwrap());
    }
}

#[test]
fn r5_inputs_that_were_found_break_no_reader_of_scenarios() {
    feed("scenario", properties::scenario);
}

#[test]
fn r5_inputs_that_were_found_break_no_reader_of_traces() {
    feed("trace", properties::trace);
}
