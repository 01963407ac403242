//! Tests that the page of the format (R5) names everything that the schema has, with the schema's descriptions.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use faultline::machine::MAX_PROCESSES;
use faultline::options::{MAX_CPUS, MAX_THREADS};
use faultline::scenario::{CounterName, FailureCode, MOST_REPEATED, parse, reference, schema};
use serde_json::Value;

fn page() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/scenario.md");
    fs::read_to_string(path).unwrap()
}

/// The words of a schema: keys of its objects, and constants.
fn words(schema: &Value, all: &mut BTreeSet<String>) {
    match schema {
        Value::Object(map) => {
            if let Some(properties) = map.get("properties").and_then(Value::as_object) {
                all.extend(properties.keys().cloned());
            }
            all.extend(map.get("const").and_then(Value::as_str).map(str::to_owned));
            map.values().for_each(|value| words(value, all));
        }
        Value::Array(list) => list.iter().for_each(|value| words(value, all)),
        _ => {}
    }
}

#[test]
fn r5_the_page_of_the_format_is_current() {
    assert!(page().ends_with(&reference()), "docs/scenario.md is not current: npm run types");
}

#[test]
fn r5_the_page_names_every_op_key_code_and_counter() {
    let mut all = BTreeSet::new();
    words(&serde_json::from_str(&schema()).unwrap(), &mut all);
    assert!(all.len() > 150, "{}", all.len());
    let page = page();
    let named: BTreeSet<_> = page
        .split('`')
        .skip(1)
        .step_by(2)
        .chain(page.lines().filter_map(|line| line.strip_prefix("### ")))
        .flat_map(|code| code.split(['"', ':', ' ', '`']))
        .collect();
    let missing: Vec<_> = all.iter().filter(|word| !named.contains(word.as_str())).collect();
    assert!(missing.is_empty(), "{missing:?}");
    for code in FailureCode::ALL {
        assert!(page.contains(&format!("| `{code}` | ")), "{code}");
    }
    for counter in CounterName::ALL {
        assert!(page.contains(&format!("| `{counter}` | ")), "{counter}");
    }
}

/// A key, op or word without a description would be an empty cell.
#[test]
fn r5_everything_on_the_page_is_described() {
    for line in reference().lines().filter(|line| line.starts_with("| ") && *line != "| | |") {
        let cells: Vec<_> = line.trim_matches('|').split(" | ").map(str::trim).collect();
        let is_head = cells[0] == "key" || cells[0] == "---";
        assert!(is_head || cells.last().is_some_and(|cell| cell.len() > 5), "{line}");
    }
}

#[test]
fn r5_the_pages_limits_are_the_engines() {
    let page = page();
    let grouped = |number: u64| format!("{},{:03}", number / 1000, number % 1000);
    assert!(page.contains(&format!("{} processes can live", grouped(MAX_PROCESSES as u64))));
    assert_eq!(MOST_REPEATED, 1_000_000);
    assert!(page.contains("repeats of a document come to 1,000,000 ops"));
    assert!(
        page.contains(&format!("{MAX_THREADS} threads at most, and on {MAX_CPUS} virtual CPUs"))
    );
    for (row, range, default) in [
        ("frames", "8 to 1,048,576", "64"),
        ("slots", "0 to 4,194,304", "256"),
        ("cpus", "1 to 128", "2"),
        ("disk_read", "0 to 1,000,000,000,000", "80,000"),
        ("times", "1 to 1,000,000", "not possible"),
        ("policy", "[Policy](#policy)", "`\"clock\"`"),
    ] {
        assert!(page.contains(&format!("| `{row}` | {range} | {default} | ")), "{row}");
    }
}

#[test]
fn r5_the_example_on_the_page_holds() {
    let page = page();
    let example = page.split("```jsonc\n").nth(1).unwrap().split("```").next().unwrap();
    let scenario = parse(example).unwrap();
    let report = faultline::scenario::run(&scenario, Default::default(), &mut |_, _| {}).unwrap();
    assert!(report.ok, "{:?}", report.failures);
}
