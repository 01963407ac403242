//! An error says what is wrong with a document: where, what was found, and what is legal there.

use std::fmt::{self, Write as _};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The most characters of a found value that an error repeats.
const SHOWN: usize = 60;

/// An error says why a document was refused. Nothing of a refused document is run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ScenarioError {
    /// The JSON Pointer to the offending value; empty for the document as a whole.
    pub path: String,
    /// What stands there.
    pub found: String,
    /// What may stand there.
    pub legal: String,
    /// What is wrong, in one sentence, without the path.
    pub message: String,
}

impl ScenarioError {
    /// Makes an error at `path`.
    pub fn new(
        path: impl Into<String>,
        found: impl Into<String>,
        legal: impl Into<String>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            path: path.into(),
            found: found.into(),
            legal: legal.into(),
            message: message.into(),
        }
    }
}

impl fmt::Display for ScenarioError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() {
            formatter.write_str(&self.message)
        } else {
            write!(formatter, "{}: {}", self.path, self.message)
        }
    }
}

impl std::error::Error for ScenarioError {}

/// Formats a value as an error shows it: scalars as they are, cut if long, the rest by its kind.
pub(super) fn show(value: &Value) -> String {
    match value {
        Value::Array(_) => "a list".into(),
        Value::Object(_) => "an object".into(),
        Value::String(text) => {
            let head: String = text.chars().take(SHOWN).collect();
            format!("{head:?}{}", if head.len() < text.len() { "..." } else { "" })
        }
        scalar => scalar.to_string(),
    }
}

/// Adds a key to a JSON Pointer.
pub(super) fn push_key(path: &mut String, key: &str) {
    path.push('/');
    for (index, character) in key.chars().enumerate() {
        match character {
            _ if index == SHOWN => {
                path.push_str("...");
                return;
            }
            '~' => path.push_str("~0"),
            '/' => path.push_str("~1"),
            // A path is one line.
            control if control.is_control() => {
                let written = write!(path, "\\u{:04x}", u32::from(control));
                debug_assert!(written.is_ok(), "writing to a string cannot fail");
            }
            other => path.push(other),
        }
    }
}

/// Adds an index to a JSON Pointer.
pub(crate) fn push_index(path: &mut String, index: usize) {
    let written = write!(path, "/{index}");
    debug_assert!(written.is_ok(), "writing to a string cannot fail");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r5_paths_are_json_pointers() {
        let mut path = String::new();
        push_key(&mut path, "a/b~c");
        push_index(&mut path, 3);
        push_key(&mut path, "d\n\u{1b}");
        assert_eq!(path, "/a~1b~0c/3/d\\u000a\\u001b");
    }

    /// A terminal obeys some control characters, and a document may come from anywhere.
    #[test]
    fn r5_a_found_value_has_no_control_character() {
        assert_eq!(show(&Value::from("a\n\u{7f}\u{9b}31m \"ü\"")), r#""a\n\u{7f}\u{9b}31m \"ü\"""#);
    }

    #[test]
    fn r5_long_values_are_cut() {
        assert!(show(&Value::from("x".repeat(10_000))).len() < 80);
        let mut path = String::new();
        push_key(&mut path, &"x".repeat(10_000));
        assert!(path.len() < 80);
    }
}
