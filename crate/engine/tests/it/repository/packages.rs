//! Tests that each crate reads no file from outside of its folder when it is compiled: such a file would not be in its package.

use super::files::{files, read};

/// Finds the paths that a source includes: those in quotes in the call of a macro that reads a file.
fn included(text: &str) -> Vec<String> {
    let calls =
        ["include_str!(", "include_bytes!("].iter().flat_map(|call| text.split(call).skip(1));
    let in_quotes = |call: &str| call.split('"').nth(1).map(str::to_owned);
    calls.filter_map(in_quotes).collect()
}

#[test]
fn each_crate_is_compiled_from_the_files_of_its_package_alone() {
    let mut count = 0;
    let is_source = |path: &String| path.contains("/src/") && path.ends_with(".rs");
    for path in files(&["crate"]).into_iter().filter(is_source) {
        for name in included(&read(&path)) {
            // A file of src/a/b.rs is two folders below that of its crate.
            let depth = path.split("/src/").nth(1).unwrap().matches('/').count() + 1;
            assert!(name.matches("../").count() <= depth, "{path} includes {name}");
            count += 1;
        }
    }
    assert!(count > 1, "{count}");
}

#[test]
fn the_crates_that_are_for_others_have_what_a_package_needs() {
    for name in ["rule", "traces", "replay", "engine", "cli"] {
        let manifest = read(&format!("crate/{name}/Cargo.toml"));
        for key in ["description", "license.workspace"] {
            assert!(manifest.contains(key), "{name}: {key}");
        }
        assert!(!manifest.contains("publish"), "{name} could not be packed with what it needs");
    }
    let manifest = read("Cargo.toml");
    let own = manifest.lines().filter(|line| line.contains("path = \"crate/"));
    for line in own {
        assert!(line.contains("version = "), "{line}");
    }
}
