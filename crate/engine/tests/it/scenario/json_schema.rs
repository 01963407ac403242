//! A validator of JSON Schema, to the letter, for the keywords that the scenario's schema uses. It shares nothing
//! with the reader, so that the two can be compared. An unknown keyword is a panic.

use serde_json::{Map, Value};

/// Whether `value` is valid under `schema`, whose references lead into `root`.
pub(crate) fn is_valid(root: &Value, schema: &Value, value: &Value) -> bool {
    let Value::Object(keywords) = schema else {
        return schema.as_bool().expect("a schema is an object or a boolean");
    };
    keywords.iter().all(|(keyword, rule)| holds(root, keywords, keyword, rule, value))
}

fn holds(
    root: &Value,
    keywords: &Map<String, Value>,
    keyword: &str,
    rule: &Value,
    value: &Value,
) -> bool {
    let all = |list: &Value| list.as_array().expect("a list").clone();
    let valid = |schema: &Value| is_valid(root, schema, value);
    let size = || usize::try_from(rule.as_u64().expect("a size")).expect("a size");
    match keyword {
        "$schema" | "$id" | "$defs" | "title" | "description" | "default" | "format" => true,
        "$ref" => {
            let path = rule
                .as_str()
                .and_then(|path| path.strip_prefix('#'))
                .expect("a path in this schema");
            valid(root.pointer(path).expect("a definition"))
        }
        "type" => match (rule.as_str().expect("one type"), value) {
            ("object", Value::Object(_))
            | ("array", Value::Array(_))
            | ("string", Value::String(_))
            | ("boolean", Value::Bool(_))
            | ("number", Value::Number(_)) => true,
            ("integer", Value::Number(number)) => {
                number.as_f64().is_some_and(|number| number.fract() == 0.0)
            }
            ("object" | "array" | "string" | "boolean" | "number" | "integer", _) => false,
            (other, _) => panic!("no type is called {other}"),
        },
        "const" => value == rule,
        "enum" => all(rule).iter().any(|legal| equal(legal, value)),
        "minimum" => exact(value).is_none_or(|number| number >= exact(rule).expect("a limit")),
        "maximum" => exact(value).is_none_or(|number| number <= exact(rule).expect("a limit")),
        "multipleOf" => {
            exact(value).is_none_or(|number| number % exact(rule).expect("a factor") == 0.0)
        }
        "minLength" => value.as_str().is_none_or(|text| text.chars().count() >= size()),
        "maxLength" => value.as_str().is_none_or(|text| text.chars().count() <= size()),
        "minItems" => value.as_array().is_none_or(|list| list.len() >= size()),
        "maxItems" => value.as_array().is_none_or(|list| list.len() <= size()),
        "items" => {
            value.as_array().is_none_or(|list| list.iter().all(|item| is_valid(root, rule, item)))
        }
        "required" => value.as_object().is_none_or(|map| {
            all(rule).iter().all(|key| map.contains_key(key.as_str().expect("a key")))
        }),
        "properties" => value.as_object().is_none_or(|map| {
            map.iter().all(|(key, value)| {
                rule.get(key).is_none_or(|schema| is_valid(root, schema, value))
            })
        }),
        "additionalProperties" => value.as_object().is_none_or(|map| {
            let known = |key: &String| {
                keywords.get("properties").is_some_and(|known| known.get(key).is_some())
            };
            map.iter().all(|(key, value)| known(key) || is_valid(root, rule, value))
        }),
        "anyOf" => all(rule).iter().any(valid),
        "oneOf" => all(rule).iter().filter(|schema| valid(schema)).count() == 1,
        other => panic!("this validator does not know {other:?}"),
    }
}

/// A number as far as a double holds it; every limit of the format is one that it holds exactly.
fn exact(value: &Value) -> Option<f64> {
    value.as_f64()
}

/// In JSON Schema `8` and `8.0` are one number.
fn equal(one: &Value, other: &Value) -> bool {
    one == other || one.as_f64().is_some_and(|number| other.as_f64() == Some(number))
}
