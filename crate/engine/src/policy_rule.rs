//! The rule of a policy of one's own, as an option: a text that is compiled when a scenario is read.

use std::borrow::Cow;

use faultline_rule::{MOST_BYTES, Rule};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A rule that is written as its text.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PolicyRule(pub Rule);

impl Serialize for PolicyRule {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.text())
    }
}

impl<'de> Deserialize<'de> for PolicyRule {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Rule::new(&text).map(Self).map_err(Error::custom)
    }
}

impl JsonSchema for PolicyRule {
    fn schema_name() -> Cow<'static, str> {
        "PolicyRule".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string", "minLength": 1, "maxLength": MOST_BYTES,
            "examples": ["accessed ? again : evict"]
        })
    }
}
