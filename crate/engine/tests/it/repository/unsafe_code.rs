//! Compares the files with `unsafe`, in all crates, with the list in the architecture.

use super::files::{files, quoted, read};

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
    let files = files(&["crate"]).into_iter().filter(|path| path.ends_with(".rs"));
    let files: Vec<_> = files.map(|path| (read(&path), path)).collect();
    assert!(files.len() > 100, "{}", files.len());
    let mut found = Vec::new();
    for (text, path) in files {
        if text.lines().any(is_unsafe) {
            // Each says why, or it would not compile.
            assert!(text.contains(concat!("#![expect(un", "safe_code, reason = ")), "{path}");
            found.push(path);
        }
    }
    let architecture = read("docs/architecture.md");
    let section = architecture.split("\n## ").find(|section| section.starts_with("Unsafe code\n"));
    let rows = section.unwrap().lines().filter(|line| line.starts_with("| `"));
    let mut listed: Vec<_> = rows.map(|row| quoted(row).next().unwrap().to_owned()).collect();
    listed.sort();
    assert_eq!(found, listed);
}
