//! The schema generator makes the JSON Schema of the format from its types.

use schemars::generate::SchemaSettings;
use schemars::transform::{Transform, transform_subschemas};
use schemars::{JsonSchema, Schema};
use serde_json::{Value, json};

use super::format::Scenario;

/// The name of the schema, which stays the same as long as the format's number does. It is no address: nothing is
/// fetched by it.
const SCHEMA_ID: &str = "urn:faultline:scenario:1";

/// Returns the JSON Schema of a scenario as text: what this engine accepts.
#[must_use]
pub fn schema() -> String {
    let mut schema = schema_of::<Scenario>();
    schema.insert("$id".into(), json!(SCHEMA_ID));
    format!("{:#}", schema.to_value())
}

/// Returns the schema that the reader's rules are made from. In the browser it was generated at build time:
/// schemars and the schema of each type would be a quarter of the module.
#[cfg(target_arch = "wasm32")]
pub(super) fn reading_schema() -> Value {
    serde_json::from_str(MADE_AHEAD).expect("the schema is JSON")
}

#[cfg(not(target_arch = "wasm32"))]
pub(super) fn reading_schema() -> Value {
    schema_of::<Scenario>().to_value()
}

/// What [`schema_made_ahead`] makes, as `npm run types` wrote it; a test holds the two equal.
#[cfg(any(test, target_arch = "wasm32"))]
pub(super) const MADE_AHEAD: &str = include_str!("schema.json");

/// Returns the schema for the reader as text, without descriptions.
#[must_use]
pub fn schema_made_ahead() -> String {
    let mut schema = schema_of::<Scenario>().to_value();
    drop_words(&mut schema);
    format!("{schema}\n")
}

/// Removes titles and descriptions; a property of such a name is an object, and stays.
fn drop_words(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.retain(|key, value| !(key == "description" || key == "title") || value.is_object());
            map.values_mut().for_each(drop_words);
        }
        Value::Array(items) => items.iter_mut().for_each(drop_words),
        _ => {}
    }
}

/// Makes the schema of one type.
fn schema_of<T: JsonSchema>() -> Schema {
    let settings = SchemaSettings::draft2020_12().with_transform(Tidy);
    settings.into_generator().into_root_schema_for::<T>()
}

/// A transform that tidies what schemars makes. A key that can be left out cannot be null too: one way to
/// say nothing is enough. An integer ends where its type ends, and one of a list needs no bounds.
#[derive(Clone)]
struct Tidy;

impl Transform for Tidy {
    fn transform(&mut self, schema: &mut Schema) {
        transform_subschemas(self, schema);
        let Some(object) = schema.as_object_mut() else { return };
        if let Some(Value::Array(types)) = object.get_mut("type") {
            types.retain(|kind| kind != "null");
            if let [only] = types.as_slice() {
                let only = only.clone();
                object.insert("type".into(), only);
            }
        }
        if object.contains_key("enum") {
            for bound in ["format", "minimum", "maximum"] {
                object.remove(bound);
            }
        } else if object.get("format") == Some(&json!("uint32")) {
            object.entry("maximum").or_insert_with(|| json!(u32::MAX));
        }
        let is_null = |branch: &Value| branch == &json!({"type": "null"});
        if let Some(Value::Array(branches)) = object.get("anyOf")
            && let [one, null] = branches.as_slice()
            && is_null(null)
            && let Value::Object(one) = one.clone()
        {
            object.remove("anyOf");
            object.extend(one);
        }
    }
}

/// Returns the word that chooses a branch of a `oneOf`: its constant, its `op` or `kind`, or its only key.
pub(super) fn branch_word(branch: &Value) -> Option<&str> {
    let tag =
        ["op", "kind"].iter().find_map(|tag| branch.get("properties")?.get(tag)?.get("const"));
    branch
        .get("const")
        .or(tag)
        .or_else(|| match branch.get("required")?.as_array()?.as_slice() {
            [only] => Some(only),
            _ => None,
        })
        .and_then(Value::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r5_the_schema_has_no_null_and_no_reference_to_nothing() {
        let text = schema();
        let value: Value = serde_json::from_str(&text).unwrap();
        assert!(!text.contains("\"null\""));
        let definitions = value["$defs"].as_object().unwrap();
        for (index, _) in text.match_indices("#/$defs/") {
            let name: String =
                text[index + 8..].chars().take_while(|c| c.is_alphanumeric()).collect();
            assert!(definitions.contains_key(&name), "{name}");
        }
    }

    #[test]
    fn r5_the_schema_made_ahead_is_current() {
        let is_current = MADE_AHEAD == schema_made_ahead();
        assert!(is_current, "scenario/document/schema.json is not current: npm run types");
    }

    #[test]
    fn r5_region_is_a_power_of_two_in_the_schema() {
        let full: Value = serde_json::from_str(&schema()).unwrap();
        let forms = full["$defs"]["PteLocks"]["oneOf"].as_array().unwrap();
        let region = forms.iter().find_map(|form| form["properties"].get("region")).unwrap();
        let powers: Vec<u32> = (0..=9).map(|power| 1 << power).collect();
        assert_eq!(region, &json!({"type": "integer", "enum": powers}));
    }
}
