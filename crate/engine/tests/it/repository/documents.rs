//! Tests that the files, commands and tests that the documents name exist.

use std::fs;

use serde_json::Value;

use super::files::{files, quoted, read, root};

/// The folders of which a document may name any file.
const FOLDERS: [&str; 9] =
    ["bindings", "crate", "docs", "element", "fuzz", "scenarios", "scripts", "traces", "web"];

/// Reads the documents: name and text.
fn documents() -> Vec<(String, String)> {
    let pages = files(&["docs"]).into_iter().filter(|path| path.ends_with(".md"));
    let pages: Vec<_> = pages.chain(["README.md".to_owned()]).collect();
    assert!(pages.len() > 5, "{pages:?}");
    pages.into_iter().map(|path| (path.clone(), read(&path))).collect()
}

/// Finds what the text of a document names, by what stands between back-ticks in each of its lines.
fn missing(exists: impl Fn(&str) -> bool) -> Vec<String> {
    let mut missing = Vec::new();
    for (document, text) in documents() {
        for (number, line) in (1..).zip(text.lines()) {
            let names = quoted(line).filter(|name| !exists(name));
            missing.extend(names.map(|name| format!("{document}:{number}: {name}")));
        }
    }
    missing
}

/// Whether a word is the path of a file or folder of the repository.
fn is_path(word: &str) -> bool {
    let is_plain = |sign: char| sign.is_alphanumeric() || "./_-".contains(sign);
    let endings = [".rs", ".ts", ".tsx", ".mjs", ".json", ".md", ".toml", ".css", "/"];
    let has_ending =
        endings.iter().any(|ending| word.len() > ending.len() && word.ends_with(ending));
    let in_a_folder = word.split_once('/').is_some_and(|(folder, _)| FOLDERS.contains(&folder));
    // Builds make these.
    let is_made = word.starts_with("target/") || word.starts_with("web/pkg");
    word.chars().all(is_plain) && !word.starts_with('/') && (has_ending || in_a_folder) && !is_made
}

#[test]
fn each_file_that_the_documents_name_exists() {
    let mut all = files(&FOLDERS);
    let top = fs::read_dir(root()).unwrap().map(|entry| entry.unwrap().file_name());
    all.extend(top.map(|name| name.into_string().unwrap()));
    // A page names the files of one folder by their paths within it.
    let all: Vec<_> = all.iter().map(|path| format!("/{path}/")).collect();
    let exists = |word: &str| {
        let wanted = format!("/{}/", word.trim_end_matches('/'));
        all.iter().any(|path| path.contains(&wanted))
    };
    assert_eq!(missing(|word| !is_path(word) || exists(word)), [""; 0]);
}

#[test]
fn each_test_that_the_documents_name_exists() {
    let sources = files(&["crate"]).into_iter().filter(|path| path.ends_with(".rs"));
    let sources: String = sources.map(|path| read(&path)).collect();
    // As g3_reads_match_the_reference_model, or g5_ for all of that requirement.
    let is_test = |word: &str| {
        let (number, rest) = word.split_once('_').unwrap_or_default();
        let digits = number.trim_start_matches(|sign: char| sign.is_ascii_lowercase());
        let is_number = number.len() == digits.len() + 1 && digits.parse::<u32>().is_ok();
        is_number && rest.chars().all(|sign| sign.is_alphanumeric() || sign == '_')
    };
    let exists = |word: &str| {
        let end = if word.ends_with('_') { "" } else { "(" };
        sources.contains(&format!("fn {word}{end}"))
    };
    assert_eq!(missing(|word| !is_test(word) || exists(word)), [""; 0]);
}

#[test]
fn each_command_that_the_documents_name_exists() {
    let package: Value = serde_json::from_str(&read("package.json")).unwrap();
    let mut count = 0;
    for (document, text) in documents() {
        for call in text.split("npm run ").skip(1) {
            let call = call.strip_prefix("--silent ").unwrap_or(call);
            let end = call.find(|sign: char| !(sign.is_alphanumeric() || ":-".contains(sign)));
            let name = &call[..end.unwrap_or(call.len())];
            // "`npm run`" is all of them.
            if !name.is_empty() {
                assert!(package["scripts"][name].is_string(), "{document}: npm run {name}");
                count += 1;
            }
        }
    }
    assert!(count > 10, "{count}");
}

#[test]
fn the_glossary_names_a_file_that_has_the_word() {
    let glossary = read("docs/glossary.md");
    let rows = glossary.lines().filter(|line| line.starts_with("| ") && line.contains(".rs`"));
    let mut count = 0;
    for row in rows {
        let cell = row.trim_end_matches(" |").rsplit(" | ").next().unwrap();
        let mut text = String::new();
        for name in quoted(cell) {
            if name.ends_with(".rs") {
                text = read(&format!("crate/engine/src/{name}"));
                count += 1;
            } else {
                assert!(text.contains(name), "{row}");
            }
        }
    }
    assert!(count > 30, "{count}");
}
