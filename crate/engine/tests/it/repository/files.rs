//! Lists the repository's own files for the tests that hold them against each other.

use std::fs;
use std::path::{Path, PathBuf};

/// Folders of what is built or installed.
const MADE: [&str; 7] =
    ["target", "node_modules", "dist", "pkg", "pkg-threads", "pkg-bugs", "pkg-traces"];

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

pub(crate) fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Returns the files in some folders and in those within, by their paths from the root, in order.
pub(crate) fn files(folders: &[&str]) -> Vec<String> {
    let mut open: Vec<_> = folders.iter().map(|folder| (*folder).to_owned()).collect();
    let mut found = Vec::new();
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(root().join(&folder)).unwrap() {
            let entry = entry.unwrap();
            let name = entry.file_name().into_string().unwrap();
            let path = format!("{folder}/{name}");
            if !entry.file_type().unwrap().is_dir() {
                found.push(path);
            } else if !MADE.contains(&&*name) {
                open.push(path);
            }
        }
    }
    found.sort();
    found
}

/// Returns what stands between back-ticks.
pub(crate) fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}
