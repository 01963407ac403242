//! Compares the files with `unsafe`, in all crates, with the list in the architecture.

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The Rust files under a folder.
fn rust_files(folder: PathBuf, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.ends_with("target") {
            rust_files(path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}

/// Whether a line of code has the keyword: not in a comment, and not as a part of a name.
fn is_unsafe(line: &str) -> bool {
    let code = line.split("//").next().unwrap_or_default();
    let keyword = concat!("un", "safe");
    code.match_indices(keyword).any(|(at, _)| {
        let is_name = |symbol: char| symbol.is_alphanumeric() || symbol == '_';
        !code[..at].ends_with(is_name) && !code[at + keyword.len()..].starts_with(is_name)
    })
}

#[test]
fn unsafe_code_is_where_the_architecture_says() {
    let mut files = Vec::new();
    rust_files(root().join("crate"), &mut files);
    assert!(files.len() > 100, "{}", files.len());
    let mut found = Vec::new();
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        if text.lines().any(is_unsafe) {
            let name = file.strip_prefix(root()).unwrap().to_str().unwrap().to_owned();
            // Each says why, or it would not compile.
            assert!(text.contains(concat!("#![expect(un", "safe_code, reason = ")), "{name}");
            found.push(name);
        }
    }
    found.sort();
    let architecture = fs::read_to_string(root().join("docs/architecture.md")).unwrap();
    let section = architecture.split("\n## ").find(|section| section.starts_with("Unsafe code\n"));
    let rows = section.unwrap().lines().filter_map(|line| line.strip_prefix("| `"));
    let mut told: Vec<_> = rows.map(|row| row.split('`').next().unwrap().to_owned()).collect();
    told.sort();
    assert_eq!(found, told);
}
