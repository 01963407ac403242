//! Checks the properties that the readers have for every input. The engine's tests check the inputs in
//! `fuzz/corpus` too.

use faultline::scenario::{
    Op, Reference, Scenario, ScenarioError, check, parse, parse_op, parse_trace, read_json,
};

/// Checks bytes as a scenario: it is read back as it was written, or refused in words.
pub fn scenario(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    match parse(&text) {
        Ok(scenario) => {
            let written = serde_json::to_string(&scenario).expect("a scenario can be written");
            assert_eq!(parse(&written).as_ref(), Ok(&scenario), "of {written}");
            assert_eq!(check(&scenario), Ok(()), "of {written}");
            scenario.script.iter().for_each(|op| op_alone(op, &scenario));
        }
        Err(error) => {
            explained(&error);
            assert!(points_into(&error.path, &text), "{error:?}");
        }
    }
}

/// Checks that an op of a script is an op of its machine also by itself.
fn op_alone(op: &Op, scenario: &Scenario) {
    let written = serde_json::to_string(op).expect("an op can be written");
    assert_eq!(parse_op(&written, &scenario.machine).as_ref(), Ok(op), "of {written}");
}

/// Checks that an error says what was found and what is legal, and that each of its parts is one line.
fn explained(error: &ScenarioError) {
    let ScenarioError { path, found, legal, message } = error;
    for words in [found, legal, message] {
        assert!(!words.is_empty(), "{error:?}");
    }
    for words in [path, found, legal, message] {
        assert!(!words.contains(char::is_control), "{error:?}");
    }
    // Text that it repeats of the document is cut.
    assert!(found.len() < 1000, "{error:?}");
    // An error of the document's types, and not of its rules: a rule is missing.
    assert_ne!(legal, "what the schema says", "{message}");
}

/// Whether a path is a JSON Pointer to a value of the document, or to one that its parent lacks. It may be cut.
fn points_into(path: &str, text: &str) -> bool {
    if path.is_empty() || path.contains("...") || path.contains("\\u") {
        return path.is_empty() || path.starts_with('/');
    }
    let Ok(document) = read_json(text) else { return false };
    let parent = path.rsplit_once('/').map_or("", |(parent, _)| parent);
    path.starts_with('/') && document.pointer(parent).is_some()
}

/// Checks bytes as a trace: each line of it is a reference, in its order, or the line is named.
pub fn trace(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    match parse_trace(&text) {
        Ok(references) => {
            let write = |Reference { page, write }: &Reference| {
                format!("{page}{}\n", if *write { "w" } else { "" })
            };
            let written: String = references.iter().map(write).collect();
            assert_eq!(parse_trace(&written).as_ref(), Ok(&references), "of {written}");
            assert!(!references.is_empty() && references.len() <= text.lines().count());
        }
        Err(error) => {
            explained(&error);
            let line = error.path.strip_prefix("line ").and_then(|line| line.parse().ok());
            let lines = 1..=text.lines().count().max(1);
            assert!(line.is_some_and(|line: usize| lines.contains(&line)), "{error:?}");
        }
    }
}
