//! What a scenario says to a reader besides what it does: a question at a line, beside the notes and texts.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The longest note of a line, in characters.
pub const MAX_NOTE: u32 = 1000;

/// A question that a reader answers before its line runs. Without choices the answer is the number that the line, an
/// `expect`, has as `equals`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// What is asked.
    #[schemars(length(min = 1, max = 500))]
    pub ask: String,
    /// The answers to choose from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 8), inner(length(min = 1, max = 200)))]
    pub choices: Vec<String>,
    /// Which of the choices is right, counted from 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub right: Option<u32>,
}
