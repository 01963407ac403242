//! Tests that the map of requirements is complete, and that each test that it names exists.

use super::files::{files, quoted, read};

/// The map's rows: number, requirement, tests.
fn rows() -> Vec<[String; 3]> {
    let map = read("docs/requirements.md");
    map.lines()
        .filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |"))
        .skip(1)
        .map(|line| {
            let cells: Vec<_> = line.split(" | ").map(|cell| cell.trim().to_owned()).collect();
            cells.try_into().unwrap_or_else(|cells| panic!("three cells in {cells:?}"))
        })
        .collect()
}

/// Reads the sources of the crates and of the page.
fn sources() -> String {
    let is_source = |path: &&String| [".rs", ".ts", ".tsx"].iter().any(|end| path.ends_with(end));
    files(&["crate", "web"]).iter().filter(is_source).map(|path| read(path)).collect()
}

#[test]
fn the_map_has_every_requirement_once_and_in_order() {
    let groups = [("G", 5), ("S", 20), ("P", 19), ("Reconciled ", 5), ("R", 5), ("W", 6)];
    let numbered = groups
        .iter()
        .flat_map(|(group, count)| (1..=*count).map(move |number| format!("{group}{number}")));
    let wanted: Vec<_> = numbered.chain(["B".to_owned()]).collect();
    let found: Vec<_> = rows().into_iter().map(|[number, ..]| number).collect();
    assert_eq!(found, wanted);
}

#[test]
fn each_requirement_has_words_and_a_test_or_says_not_yet() {
    for [number, requirement, tests] in rows() {
        assert!(requirement.len() > 20, "{number}");
        assert!(quoted(&tests).count() > 0 || tests.contains("not yet"), "{number}");
    }
}

#[test]
fn each_test_that_the_map_names_exists() {
    let sources = sources();
    for [number, _, tests] in rows() {
        for name in quoted(&tests) {
            let exists = if name.contains(' ') {
                sources.contains(&format!("test('{name}'"))
            } else {
                sources.contains(&format!("fn {name}("))
            };
            assert!(exists, "{number}: {name}");
        }
    }
}
